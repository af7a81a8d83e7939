-- Who holds up a session of session_user: those at the end of the chain of waiting. Whoever waits, at a desk or for a row,
-- can't ask; another session of the same login does. Its owner may read all activity where the server lets it (the role
-- pg_read_all_stats); elsewhere it is not known since when.
CREATE OR REPLACE FUNCTION erpdesk.lock_holders(p_backend integer) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = p_backend AND a.usename = session_user AND a.datname = current_database()) THEN
        RETURN NULL;
    END IF;
    RETURN (
        WITH RECURSIVE blocking (pid, depth) AS (
            SELECT unnest(pg_blocking_pids(p_backend)), 1
            UNION
            SELECT u.pid, b.depth + 1 FROM blocking b CROSS JOIN LATERAL unnest(pg_blocking_pids(b.pid)) AS u (pid) WHERE b.depth < 20)
        SELECT jsonb_agg(jsonb_build_object('user', a.usename, 'program', a.application_name, 'address', host(a.client_addr),
                   'since', to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ')) ORDER BY a.xact_start, a.pid)
        FROM pg_stat_activity a
        WHERE a.pid IN (SELECT b.pid FROM blocking b) AND cardinality(pg_blocking_pids(a.pid)) = 0);
END $$;
ALTER FUNCTION erpdesk.lock_holders(integer) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.lock_holders(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.lock_holders(integer) TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
