-- Who may see and do what. Rights live in organization_member and role_permission; policies ask session_user.
--
-- Three kinds of policy on every table of an organization:
--   member: rows of the organizations that session_user belongs to;
--   owner:  everything, for the sessions of the owner and the worker (migrations, verification, backup);
--   engine: everything, for the role that owns the posting functions; no session can be that role.

GRANT USAGE ON SCHEMA erpdesk TO erpdesk_engine, erpdesk_worker,
    erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;

CREATE OR REPLACE FUNCTION erpdesk.my_organizations() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(m.organization_id), '{}')
    FROM organization_member m JOIN app_user u ON u.name = m.user_name
    WHERE m.user_name = session_user AND m.is_active AND u.is_active
$$;

-- May session_user do this in this organization (of a voucher type, in a branch)?
CREATE OR REPLACE FUNCTION erpdesk.may(p_organization uuid, p_permission text,
                                       p_type text DEFAULT NULL, p_branch uuid DEFAULT NULL) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM organization_member m JOIN app_user u ON u.name = m.user_name
        WHERE m.organization_id = p_organization AND m.user_name = session_user AND m.is_active AND u.is_active
          AND (p_type IS NULL OR m.voucher_type_codes IS NULL OR p_type = ANY (m.voucher_type_codes))
          AND (p_branch IS NULL OR m.branch_ids IS NULL OR p_branch = ANY (m.branch_ids))
          AND CASE WHEN m.permissions IS NOT NULL THEN p_permission = ANY (m.permissions)
                   ELSE EXISTS (SELECT FROM role_permission p
                                WHERE p.role = m.role AND p.permission = p_permission) END)
$$;

-- The organizations in which session_user has a permission: evaluated once a statement by policies.
CREATE OR REPLACE FUNCTION erpdesk.my_organizations_with(p_permission text) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(m.organization_id), '{}') FROM organization_member m
    WHERE m.user_name = session_user AND erpdesk.may(m.organization_id, p_permission)
$$;

-- The branches session_user is limited to, of every organization; null when no membership is limited.
CREATE OR REPLACE FUNCTION erpdesk.sees_branch(p_organization uuid, p_branch uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM organization_member m
                   WHERE m.organization_id = p_organization AND m.user_name = session_user AND m.is_active
                     AND (m.branch_ids IS NULL OR p_branch = ANY (m.branch_ids)))
$$;

CREATE OR REPLACE FUNCTION erpdesk.limited_branches() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM organization_member m
                   WHERE m.user_name = session_user AND m.is_active AND m.branch_ids IS NOT NULL)
$$;

DELETE FROM erpdesk.role_permission;
INSERT INTO erpdesk.role_permission (role, permission)
SELECT r.role, unnest(r.permissions) FROM (VALUES
    ('clerk', ARRAY['voucher.enter', 'voucher.post', 'voucher.cancel', 'report.view', 'masters.edit']),
    ('approver', ARRAY['voucher.enter', 'voucher.post', 'voucher.cancel', 'voucher.approve', 'report.view']),
    ('accountant', ARRAY['voucher.enter', 'voucher.post', 'voucher.post_direct', 'voucher.approve', 'voucher.reverse',
        'voucher.cancel', 'masters.edit', 'period.lock', 'report.view', 'report.export', 'audit.view']),
    ('admin', ARRAY['voucher.enter', 'voucher.post', 'voucher.post_direct', 'voucher.approve', 'voucher.reverse',
        'voucher.cancel', 'config.edit', 'masters.edit', 'period.lock', 'year.close', 'report.view', 'report.export',
        'audit.view', 'user.admin']),
    ('auditor', ARRAY['report.view', 'report.export', 'audit.view'])) AS r (role, permissions);

DELETE FROM erpdesk.status_transition;
INSERT INTO erpdesk.status_transition (from_status, to_status) VALUES
    ('DRAFT', 'PENDING_APPROVAL'), ('DRAFT', 'POSTED'), ('DRAFT', 'CANCELLED'),
    ('PENDING_APPROVAL', 'APPROVED'), ('PENDING_APPROVAL', 'REJECTED'), ('PENDING_APPROVAL', 'DRAFT'),
    ('PENDING_APPROVAL', 'POSTED'),
    ('APPROVED', 'POSTED'), ('APPROVED', 'DRAFT'),
    ('REJECTED', 'DRAFT'), ('REJECTED', 'CANCELLED'),
    ('POSTED', 'REVERSED');

-- Policies: the same three on every table that has an organization.
DO $$
DECLARE
    t record;
    own constant text := $e$session_user IN ('erpdesk_owner', 'erpdesk_worker')$e$;
    mine text;
BEGIN
    FOR t IN
        SELECT c.relname AS name,
               CASE WHEN c.relname = 'organization' THEN 'id' ELSE 'organization_id' END AS key
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'erpdesk' AND c.relkind IN ('r', 'p')
          AND (c.relname = 'organization' OR EXISTS (
              SELECT FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped))
    LOOP
        mine := format('%I = ANY ((SELECT erpdesk.my_organizations())::uuid[])', t.key);
        EXECUTE format('ALTER TABLE erpdesk.%I ENABLE ROW LEVEL SECURITY', t.name);
        IF t.name <> 'organization_member' THEN
            EXECUTE format('ALTER TABLE erpdesk.%I FORCE ROW LEVEL SECURITY', t.name);
        END IF;
        EXECUTE format('DROP POLICY IF EXISTS member ON erpdesk.%I', t.name);
        EXECUTE format('DROP POLICY IF EXISTS owner ON erpdesk.%I', t.name);
        EXECUTE format('DROP POLICY IF EXISTS engine ON erpdesk.%I', t.name);
        EXECUTE format('CREATE POLICY member ON erpdesk.%I USING (%s) WITH CHECK (%s)', t.name, mine, mine);
        EXECUTE format('CREATE POLICY owner ON erpdesk.%I USING (%s) WITH CHECK (%s)', t.name, own, own);
        EXECUTE format('CREATE POLICY engine ON erpdesk.%I TO erpdesk_engine USING (true) WITH CHECK (true)', t.name);
    END LOOP;
END $$;

ALTER TABLE erpdesk.app_user ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS self ON erpdesk.app_user;
DROP POLICY IF EXISTS engine ON erpdesk.app_user;
CREATE POLICY self ON erpdesk.app_user USING (name = session_user);
CREATE POLICY engine ON erpdesk.app_user TO erpdesk_engine USING (true) WITH CHECK (true);

-- Rows of a limited branch: a further fence over the member policy.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['voucher', 'journal'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS branch ON erpdesk.%I', t);
        EXECUTE format($p$CREATE POLICY branch ON erpdesk.%I AS RESTRICTIVE FOR SELECT
            TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor USING (
            NOT (SELECT erpdesk.limited_branches()) OR erpdesk.sees_branch(organization_id, branch_id))$p$, t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['voucher_line', 'voucher_line_detail', 'voucher_charge', 'voucher_allocation',
        'voucher_link', 'voucher_process', 'voucher_print', 'stock_movement', 'source_use', 'open_item', 'settlement', 'approval'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS branch ON erpdesk.%I', t);
        EXECUTE format($p$CREATE POLICY branch ON erpdesk.%I AS RESTRICTIVE FOR SELECT
            TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor USING (
            NOT (SELECT erpdesk.limited_branches())
            OR EXISTS (SELECT FROM erpdesk.voucher v
                       WHERE v.organization_id = %I.organization_id AND v.id = %I.voucher_id))$p$, t, t, t);
    END LOOP;
    DROP POLICY IF EXISTS branch ON erpdesk.journal_line;
    CREATE POLICY branch ON erpdesk.journal_line AS RESTRICTIVE FOR SELECT
            TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor USING (
        NOT (SELECT erpdesk.limited_branches())
        OR EXISTS (SELECT FROM erpdesk.journal j
                   WHERE j.organization_id = journal_line.organization_id AND j.id = journal_line.journal_id));
END $$;

-- Privileges. Everybody who works here reads (what the policies show); nobody writes books, only the engine does.
REVOKE ALL ON ALL TABLES IN SCHEMA erpdesk FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA erpdesk FROM PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA erpdesk
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor, erpdesk_worker;
REVOKE SELECT ON erpdesk.audit_entry, erpdesk.audit_seal FROM erpdesk_clerk, erpdesk_approver;
REVOKE SELECT ON erpdesk.organization_member FROM erpdesk_clerk, erpdesk_approver, erpdesk_accountant;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA erpdesk TO erpdesk_engine;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA erpdesk TO erpdesk_engine;
REVOKE UPDATE ON erpdesk.journal, erpdesk.journal_line, erpdesk.stock_movement, erpdesk.audit_entry,
    erpdesk.audit_seal, erpdesk.posting_log, erpdesk.voucher_number, erpdesk.source_use, erpdesk.blueprint_version,
    erpdesk.role_permission, erpdesk.status_transition FROM erpdesk_engine;
GRANT DELETE ON erpdesk.voucher_line, erpdesk.voucher_line_detail, erpdesk.voucher_charge,
    erpdesk.voucher_allocation, erpdesk.voucher_link, erpdesk.reservation TO erpdesk_engine;

-- Masters and configuration are edited by people with the right for it: table privilege by group, row by policy.
DO $$
DECLARE
    t text;
    masters constant text[] := ARRAY['account', 'party', 'cost_centre', 'currency', 'currency_rate', 'tax_class',
        'uom', 'item_group', 'item', 'item_uom', 'warehouse', 'bin_location', 'batch', 'price_list',
        'price_list_rate'];
    configuration constant text[] := ARRAY['account_role', 'journal_type', 'voucher_config_master',
        'inventory_line_config', 'footer_charge_setup', 'voucher_udf_config', 'field_rule', 'number_series',
        'approval_rule', 'branch'];
    verb text;
BEGIN
    FOREACH t IN ARRAY masters || configuration LOOP
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON erpdesk.%I TO erpdesk_admin', t);
        IF t = ANY (masters) THEN
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON erpdesk.%I TO erpdesk_clerk, erpdesk_accountant', t);
        END IF;
        FOREACH verb IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
            EXECUTE format('DROP POLICY IF EXISTS may_%s ON erpdesk.%I', verb, t);
            EXECUTE format(
                'CREATE POLICY may_%s ON erpdesk.%I AS RESTRICTIVE FOR %s TO erpdesk_clerk, erpdesk_approver,'
                ' erpdesk_accountant, erpdesk_admin, erpdesk_auditor %s'
                ' (organization_id = ANY ((SELECT erpdesk.my_organizations_with(%L))::uuid[]))',
                verb, t, upper(verb), CASE verb WHEN 'insert' THEN 'WITH CHECK' ELSE 'USING' END,
                CASE WHEN t = ANY (masters) THEN 'masters.edit' ELSE 'config.edit' END);
        END LOOP;
    END LOOP;
END $$;
GRANT INSERT ON erpdesk.blueprint_version TO erpdesk_admin;
GRANT INSERT, UPDATE, DELETE ON erpdesk.user_preference
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
DROP POLICY IF EXISTS self ON erpdesk.user_preference;
CREATE POLICY self ON erpdesk.user_preference AS RESTRICTIVE USING (user_name = session_user);

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA erpdesk FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA erpdesk REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER FUNCTION erpdesk.my_organizations() OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.may(uuid, text, text, uuid) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.my_organizations_with(text) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.sees_branch(uuid, uuid) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.limited_branches() OWNER TO erpdesk_engine;
GRANT EXECUTE ON FUNCTION erpdesk.my_organizations(), erpdesk.may(uuid, text, text, uuid),
    erpdesk.my_organizations_with(text), erpdesk.sees_branch(uuid, uuid), erpdesk.limited_branches()
    TO PUBLIC;
