-- The outbox: who may subscribe to events, and what the worker may write of them.
--
-- The worker claims with SKIP LOCKED, for a while: events of a worker that died become due again. It writes
-- nothing else: neither an event's content nor anything of the books.

GRANT UPDATE (status, attempts, next_retry_at, last_error, delivered_at) ON erpdesk.integration_event TO erpdesk_worker;
GRANT INSERT ON erpdesk.event_delivery TO erpdesk_worker;

REVOKE SELECT ON erpdesk.event_subscription FROM erpdesk_clerk, erpdesk_approver;
GRANT INSERT, UPDATE ON erpdesk.event_subscription TO erpdesk_admin;
DO $$
DECLARE verb text;
BEGIN
    FOREACH verb IN ARRAY ARRAY['insert', 'update'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS may_%s ON erpdesk.event_subscription', verb);
        EXECUTE format(
            'CREATE POLICY may_%s ON erpdesk.event_subscription AS RESTRICTIVE FOR %s TO erpdesk_clerk, erpdesk_approver,'
            ' erpdesk_accountant, erpdesk_admin, erpdesk_auditor %s'
            ' (organization_id = ANY ((SELECT erpdesk.my_organizations_with(%L))::uuid[]))',
            verb, upper(verb), CASE verb WHEN 'insert' THEN 'WITH CHECK' ELSE 'USING' END, 'config.edit');
    END LOOP;
END $$;

DROP TRIGGER IF EXISTS audit_inserted ON erpdesk.event_subscription;
DROP TRIGGER IF EXISTS audit_updated ON erpdesk.event_subscription;
CREATE TRIGGER audit_inserted AFTER INSERT ON erpdesk.event_subscription REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
CREATE TRIGGER audit_updated AFTER UPDATE ON erpdesk.event_subscription REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();

-- Dead events of an organization are tried again; returns how many there were.
CREATE OR REPLACE FUNCTION erpdesk.retry_dead_events(p_organization uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE revived bigint;
BEGIN
    PERFORM require_permission(p_organization, 'config.edit', 'send events again');
    UPDATE integration_event SET status = 'pending', attempts = 0, next_retry_at = now()
    WHERE organization_id = p_organization AND status = 'dead';
    GET DIAGNOSTICS revived = ROW_COUNT;
    RETURN revived;
END $$;
ALTER FUNCTION erpdesk.retry_dead_events(uuid) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.retry_dead_events(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.retry_dead_events(uuid) TO erpdesk_admin;
