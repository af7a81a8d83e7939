-- The key of an active voucher type as it is compared, whoever writes it: modifiers in one order, letters as capitals.
-- Two types of an organization never have the same one (uq_voucher_config_master_shortcut_key, asked at commit, so that
-- types may exchange their keys). A type that shares its key from before the rule has none until its key is changed.

CREATE OR REPLACE FUNCTION erpdesk.type_has_its_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.shortcut, NEW.is_active) IS NOT DISTINCT FROM (OLD.shortcut, OLD.is_active) THEN
        NEW.shortcut_key := OLD.shortcut_key;
    ELSIF NEW.is_active AND NEW.shortcut <> '' THEN
        NEW.shortcut_key := concat(
            CASE WHEN position('Ctrl+' IN NEW.shortcut) > 0 THEN 'Ctrl+' END,
            CASE WHEN position('Alt+' IN NEW.shortcut) > 0 THEN 'Alt+' END,
            CASE WHEN position('Shift+' IN NEW.shortcut) > 0 THEN 'Shift+' END,
            upper(substring(NEW.shortcut FROM '[^+]*$')));
    ELSE
        NEW.shortcut_key := NULL;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS type_has_its_key ON erpdesk.voucher_config_master;
CREATE TRIGGER type_has_its_key BEFORE INSERT OR UPDATE ON erpdesk.voucher_config_master
    FOR EACH ROW EXECUTE FUNCTION erpdesk.type_has_its_key();

ALTER FUNCTION erpdesk.type_has_its_key() OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.type_has_its_key() FROM PUBLIC;
