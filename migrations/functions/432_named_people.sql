-- Rules of voucher types name people by text: users, roles, branches. A name that nobody has is refused, whoever writes
-- it, once row-level security has let the row in: who asks for another organization learns nothing. Names that stand
-- there from before the rule, and those of people who left, stay until they are changed.

-- What a name is in an organization: active, inactive, or missing.
CREATE OR REPLACE FUNCTION erpdesk.state_of_name(p_organization uuid, p_kind text, p_name text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT coalesce(CASE p_kind
        WHEN 'user' THEN (SELECT CASE WHEN m.is_active AND u.is_active THEN 'active' ELSE 'inactive' END
                          FROM organization_member m JOIN app_user u ON u.name = m.user_name
                          WHERE m.organization_id = p_organization AND m.user_name = p_name)
        WHEN 'role' THEN (SELECT 'active' FROM role_permission r WHERE r.role = p_name LIMIT 1)
        WHEN 'branch' THEN (SELECT CASE WHEN b.is_active THEN 'active' ELSE 'inactive' END
                            FROM branch b WHERE b.organization_id = p_organization AND b.code = p_name)
        END, 'missing')
$$;

-- The same for many, [{"kind", "name"}], in their order; for members of the organization.
CREATE OR REPLACE FUNCTION erpdesk.states_of_names(p_organization uuid, p_names jsonb) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN (SELECT array_agg(state_of_name(p_organization, x.row ->> 'kind', x.row ->> 'name') ORDER BY x.place)
            FROM jsonb_array_elements(p_names) WITH ORDINALITY AS x (row, place));
END $$;

CREATE OR REPLACE FUNCTION erpdesk.names_somebody() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE kind text; name text; names text[]; before text[] := '{}';
BEGIN
    IF TG_TABLE_NAME = 'approval_rule' THEN
        kind := CASE WHEN NEW.user_name <> '' THEN 'user' ELSE 'role' END;
        names := ARRAY[NEW.user_name || NEW.role];
        IF TG_OP = 'UPDATE' AND (OLD.user_name <> '') = (NEW.user_name <> '') THEN before := ARRAY[OLD.user_name || OLD.role]; END IF;
    ELSIF TG_TABLE_NAME = 'voucher_udf_config' THEN
        kind := TG_ARGV[0];
        names := ARRAY(SELECT jsonb_array_elements_text(CASE kind WHEN 'role' THEN NEW.visible_for_roles ELSE NEW.visible_for_branches END));
        IF TG_OP = 'UPDATE' THEN
            before := ARRAY(SELECT jsonb_array_elements_text(CASE kind WHEN 'role' THEN OLD.visible_for_roles ELSE OLD.visible_for_branches END));
        END IF;
    ELSIF NEW.scope IN ('user', 'role', 'branch') THEN
        kind := NEW.scope;
        names := ARRAY[NEW.scope_value];
        IF TG_OP = 'UPDATE' AND OLD.scope = NEW.scope THEN before := ARRAY[OLD.scope_value]; END IF;
    END IF;
    SELECT n INTO name FROM unnest(names) AS n
    WHERE n <> ALL (before) AND state_of_name(NEW.organization_id, kind, n) = 'missing' LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('names_somebody', format('There is no %s %s', kind, left(name, 60)));
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE t text; f regprocedure;
BEGIN
    FOREACH t IN ARRAY ARRAY['approval_rule', 'field_rule', 'key_path_override'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS names_somebody ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER names_somebody AFTER INSERT OR UPDATE ON erpdesk.%I'
                       ' FOR EACH ROW EXECUTE FUNCTION erpdesk.names_somebody()', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['role', 'branch'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS names_some_%s ON erpdesk.voucher_udf_config', t);
        EXECUTE format('CREATE TRIGGER names_some_%s AFTER INSERT OR UPDATE ON erpdesk.voucher_udf_config'
                       ' FOR EACH ROW EXECUTE FUNCTION erpdesk.names_somebody(%L)', t, t);
    END LOOP;
    FOREACH f IN ARRAY ARRAY['erpdesk.state_of_name(uuid, text, text)'::regprocedure,
                             'erpdesk.states_of_names(uuid, jsonb)'::regprocedure, 'erpdesk.names_somebody()'::regprocedure] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.states_of_names(uuid, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
