-- An account that plays a role in the books can be posted to, is of the kind that the role asks for, and keeps the role while
-- what the role stands for stands on it: stock, what parties owe and are owed, and what is received or delivered and not
-- invoiced are cleared on the account that they were posted to. Everything else may change hands at any time; what is posted stays where it is.
CREATE OR REPLACE FUNCTION erpdesk.account_role_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE a account; old_code text; stands numeric; misfit text;
BEGIN
    SELECT * INTO a FROM account x WHERE x.organization_id = NEW.organization_id AND x.id = NEW.account_id FOR SHARE;
    IF a.is_group OR NOT a.is_active THEN
        PERFORM refuse('account_role_postable', format('%s is %s: it can not play the role %s', a.code,
            CASE WHEN a.is_group THEN 'a group' ELSE 'not active' END, NEW.role));
    END IF;
    misfit := account_misfit(a.code, a.kind, a.nature, a.is_group, 'role ' || NEW.role);
    IF misfit IS NOT NULL THEN
        PERFORM refuse('account_role_kind', format('The role %s: %s', NEW.role, misfit));
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.account_id <> NEW.account_id
       AND NEW.role IN ('stock', 'receivable', 'payable', 'grir', 'delivered_not_invoiced') THEN
        SELECT x.code INTO old_code FROM account x WHERE x.organization_id = OLD.organization_id AND x.id = OLD.account_id;
        SELECT coalesce(sum(l.debit - l.credit), 0) INTO stands FROM journal_line l
        WHERE l.organization_id = OLD.organization_id AND l.account_id = OLD.account_id;
        IF stands <> 0 THEN
            PERFORM refuse('account_role_in_use', format('%s has the role %s and stands at %s', old_code, NEW.role, trim_scale(stands)));
        END IF;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS account_role_fits ON erpdesk.account_role;
CREATE TRIGGER account_role_fits BEFORE INSERT OR UPDATE ON erpdesk.account_role
    FOR EACH ROW EXECUTE FUNCTION erpdesk.account_role_fits();
ALTER FUNCTION erpdesk.account_role_fits() OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.account_role_fits() FROM PUBLIC;
