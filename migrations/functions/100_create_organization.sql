-- Creating an organization makes the caller its admin: row-level security would let nobody see the first row.
--
-- `p` holds what Python has checked and made: ids (UUIDv7), keys (NFKC casefold), the fiscal year and its periods.
-- Only members of the group erpdesk_admin may call it, and of those nobody who is a member of organizations but admin of none.

CREATE OR REPLACE FUNCTION erpdesk.create_organization(p jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    made uuid := (p ->> 'id')::uuid;
BEGIN
    IF NOT pg_has_role(session_user, 'erpdesk_admin', 'MEMBER')
       OR EXISTS (SELECT FROM app_user u WHERE u.name = session_user AND NOT u.is_active)
       OR (EXISTS (SELECT FROM organization_member m WHERE m.user_name = session_user AND m.is_active)
           AND NOT EXISTS (SELECT FROM organization_member m WHERE m.user_name = session_user AND m.is_active AND m.role = 'admin')) THEN
        RAISE EXCEPTION 'Only an administrator may create an organization' USING ERRCODE = 'insufficient_privilege';
    END IF;

    INSERT INTO organization (id, code, code_key, name, legal_name, country, base_currency, currency_decimals,
                              time_zone, language, calendar, digit_grouping, tax_numbers, settings)
    VALUES (made, p ->> 'code', p ->> 'code_key', p ->> 'name', p ->> 'legal_name', p ->> 'country',
            p ->> 'base_currency', (p ->> 'currency_decimals')::integer, p ->> 'time_zone', p ->> 'language',
            p ->> 'calendar', p ->> 'digit_grouping', coalesce(p -> 'tax_numbers', '{}'), coalesce(p -> 'settings', '{}'));

    INSERT INTO app_user (name) VALUES (session_user) ON CONFLICT (name) DO NOTHING;
    INSERT INTO organization_member (organization_id, user_name, role) VALUES (made, session_user, 'admin');

    INSERT INTO branch (organization_id, id, code, code_key, name)
    SELECT made, b.id, b.code, b.code_key, b.name
    FROM jsonb_to_recordset(p -> 'branches') AS b (id uuid, code text, code_key text, name text);

    INSERT INTO fiscal_year (organization_id, id, code, short_code, starts_on, ends_on)
    SELECT made, y.id, y.code, y.short_code, y.starts_on, y.ends_on
    FROM jsonb_to_record(p -> 'fiscal_year')
        AS y (id uuid, code text, short_code text, starts_on date, ends_on date);

    INSERT INTO accounting_period (organization_id, id, fiscal_year_id, number, starts_on, ends_on)
    SELECT made, q.id, (p -> 'fiscal_year' ->> 'id')::uuid, q.number, q.starts_on, q.ends_on
    FROM jsonb_to_recordset(p -> 'periods') AS q (id uuid, number integer, starts_on date, ends_on date);

    RETURN made;
END $$;
ALTER FUNCTION erpdesk.create_organization(jsonb) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.create_organization(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.create_organization(jsonb) TO erpdesk_admin;

-- The caller's own role in each of the caller's organizations (clerks can't read the membership table).
CREATE OR REPLACE FUNCTION erpdesk.my_roles() RETURNS TABLE (organization_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT m.organization_id, m.role
    FROM organization_member m JOIN app_user u ON u.name = m.user_name
    WHERE m.user_name = session_user AND m.is_active AND u.is_active
$$;
ALTER FUNCTION erpdesk.my_roles() OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.my_roles() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.my_roles()
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
