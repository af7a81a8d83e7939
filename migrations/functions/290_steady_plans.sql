-- Plans follow statistics, and a database that has just been made has none: until the server looks by itself, its
-- first hundreds of vouchers would be posted by plans for empty tables, which look for one item among all of an
-- organization's. Who has filled tables asks for a look; tables that have hardly changed since the last aren't read.
CREATE OR REPLACE FUNCTION erpdesk.refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE filled regclass;
BEGIN
    IF cardinality(my_organizations()) = 0 THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s is a member of no organization', session_user));
    END IF;
    FOR filled IN
        SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND c.relkind = 'r'
          AND (c.reltuples <= 0 AND pg_relation_size(c.oid) > 0
               OR pg_stat_get_mod_since_analyze(c.oid) > 50 + greatest(c.reltuples, 0) * 0.1)
        ORDER BY c.oid
    LOOP
        EXECUTE format('ANALYZE %s', filled);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION erpdesk.refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.refresh_statistics() TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
GRANT EXECUTE ON FUNCTION erpdesk.refuse_request(text, text, text, text, text, jsonb) TO erpdesk_owner;
