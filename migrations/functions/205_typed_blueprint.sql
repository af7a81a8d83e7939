-- A voucher is judged by the version of its type that it was typed on: a draft, a tab that was open, a voucher that waited
-- for the server. While that is the current version, the rows of today are read and nothing more; else the document of the
-- version stands in for them. What says who may post, and how numbers look, is always today's.

-- The id of what a kept document names by its code; the one of that kind.
CREATE OR REPLACE FUNCTION erpdesk.named_in_document(p_organization uuid, p_kind text, p_code text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE p_kind
        WHEN 'account' THEN (SELECT a.id FROM account a WHERE a.organization_id = p_organization AND a.code_key = key_of(p_code))
        WHEN 'tax_class' THEN (SELECT x.id FROM tax_class x WHERE x.organization_id = p_organization AND x.code_key = key_of(p_code))
        WHEN 'price_list' THEN (SELECT l.id FROM price_list l WHERE l.organization_id = p_organization AND l.code_key = key_of(p_code)) END;
END $$;

-- The row of a voucher's type as it was when the voucher was typed. A reversal is no typed voucher: today's row.
CREATE OR REPLACE FUNCTION erpdesk.config_typed(v erpdesk.voucher) RETURNS erpdesk.voucher_config_master
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE t voucher_config_master; d jsonb;
BEGIN
    SELECT * INTO t FROM voucher_config_master c WHERE c.organization_id = v.organization_id AND c.id = v.voucher_config_id;
    IF t.version = v.blueprint_version OR v.reversal_of_id IS NOT NULL THEN
        RETURN t;
    END IF;
    SELECT b.document INTO d FROM blueprint_version b
    WHERE b.organization_id = v.organization_id AND b.voucher_config_id = v.voucher_config_id AND b.version = v.blueprint_version;
    RETURN jsonb_populate_record(t, coalesce(d, '{}') - ARRAY['organization_id', 'id', 'code', 'label', 'version', 'is_active', 'auto_post', 'requires_approval',
            'allow_direct_post', 'number_prefix', 'number_suffix', 'number_width', 'number_restart', 'number_per_branch']
        || jsonb_build_object(
            'price_list_id', named_in_document(v.organization_id, 'price_list', d ->> 'price_list'),
            'round_off_account_id', named_in_document(v.organization_id, 'account', d ->> 'round_off_account')));
END $$;

-- The charges of a voucher's type as they were when it was typed. No SECURITY DEFINER: only functions of the engine may
-- call it, and the planner folds it into their statements.
CREATE OR REPLACE FUNCTION erpdesk.charges_typed(v erpdesk.voucher) RETURNS SETOF erpdesk.footer_charge_setup
LANGUAGE sql STABLE AS $$
    SELECT f.* FROM erpdesk.voucher_config_master t
    JOIN erpdesk.footer_charge_setup f ON f.organization_id = t.organization_id AND f.voucher_config_id = t.id
    WHERE t.organization_id = v.organization_id AND t.id = v.voucher_config_id AND t.version = v.blueprint_version
    UNION ALL
    SELECT r.* FROM erpdesk.voucher_config_master t
    JOIN erpdesk.blueprint_version b ON b.organization_id = t.organization_id AND b.voucher_config_id = t.id AND b.version = v.blueprint_version
    CROSS JOIN LATERAL jsonb_array_elements(b.document -> 'charges') AS c (row)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::erpdesk.footer_charge_setup, c.row || jsonb_build_object(
        'organization_id', t.organization_id, 'voucher_config_id', t.id,
        'ledger_id', erpdesk.named_in_document(t.organization_id, 'account', c.row ->> 'ledger'),
        'contra_account_id', erpdesk.named_in_document(t.organization_id, 'account', c.row ->> 'contra_account'),
        'tax_class_id', erpdesk.named_in_document(t.organization_id, 'tax_class', c.row ->> 'tax_class'))) r
    WHERE t.organization_id = v.organization_id AND t.id = v.voucher_config_id AND t.version <> v.blueprint_version
$$;

-- The order of taking where an item has none of its own, as the voucher's type said when it was typed.
CREATE OR REPLACE FUNCTION erpdesk.batch_policy_typed(v erpdesk.voucher) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN t.version = v.blueprint_version
        THEN (SELECT c.batch_policy FROM erpdesk.inventory_line_config c
              WHERE c.organization_id = t.organization_id AND c.voucher_config_id = t.id)
        ELSE (SELECT b.document -> 'lines' ->> 'batch_policy' FROM erpdesk.blueprint_version b
              WHERE b.organization_id = t.organization_id AND b.voucher_config_id = t.id AND b.version = v.blueprint_version) END
    FROM erpdesk.voucher_config_master t WHERE t.organization_id = v.organization_id AND t.id = v.voucher_config_id
$$;

-- Days after which nothing new comes in any more on a version that was replaced: a tab left open, a voucher that waited for
-- the server. A stored draft keeps its version for good.
CREATE OR REPLACE FUNCTION erpdesk.days_of_older_versions() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 30 $$;

-- Refuses a version that the voucher can't have been typed on: one that isn't there or never was the type's, or was
-- replaced too long ago. Called
-- with versions that aren't the current one.
CREATE OR REPLACE FUNCTION erpdesk.require_typed_version(p_organization uuid, p_config uuid, p_voucher uuid, p_version integer) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM voucher v WHERE v.organization_id = p_organization AND v.id = p_voucher AND v.blueprint_version = p_version)
       OR EXISTS (SELECT FROM blueprint_version b
                  JOIN blueprint_version n ON n.organization_id = b.organization_id AND n.voucher_config_id = b.voucher_config_id
                      AND n.version = b.version + 1 AND n.created_at > now() - make_interval(days => days_of_older_versions())
                  JOIN voucher_config_master t ON t.organization_id = b.organization_id AND t.id = b.voucher_config_id AND n.version <= t.version
                  WHERE b.organization_id = p_organization AND b.voucher_config_id = p_config AND b.version = p_version) THEN
        RETURN;
    END IF;
    PERFORM refuse_request('conflict', 'CFG-030', format('The voucher was typed on version %s of its type, which is not taken any more',
        p_version), 'type', 'saved', jsonb_build_object('version', p_version));
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('named_in_document', 'config_typed', 'charges_typed', 'batch_policy_typed', 'days_of_older_versions',
            'require_typed_version')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
