-- Attempts that did not post, as events: written by the worker from the posting log, because a refused post itself
-- leaves nothing behind but its log entry. The event has the id of the attempt, so it is written once.

CREATE OR REPLACE FUNCTION erpdesk.tell_failed_posts(p_since timestamptz, p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE told bigint;
BEGIN
    INSERT INTO integration_event (organization_id, id, event_type, source_type, source_id, created_at, payload)
    SELECT l.organization_id, l.id, 'voucher.post_failed', CASE WHEN l.voucher_id IS NULL THEN 'attempt' ELSE 'voucher' END,
        coalesce(l.voucher_id, l.id)::text, l.ended_at, jsonb_build_object('attempt_id', l.id, 'kind', l.status, 'code', l.error_code, 'step', l.step,
            'retryable', l.retryable, 'key', l.idempotency_key, 'type', l.payload ->> 'type', 'faults', coalesce(l.payload -> 'faults', '[]'),
            'actor', l.actor, 'ended_at', l.ended_at, 'correlation_id', l.correlation_id)
    FROM posting_log l
    WHERE l.status IN ('invalid', 'conflict', 'forbidden', 'failed') AND l.ended_at >= p_since
      AND NOT EXISTS (SELECT FROM integration_event e WHERE e.organization_id = l.organization_id AND e.id = l.id)
    ORDER BY l.ended_at LIMIT p_limit
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS told = ROW_COUNT;
    RETURN told;
END $$;
ALTER FUNCTION erpdesk.tell_failed_posts(timestamptz, integer) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.tell_failed_posts(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.tell_failed_posts(timestamptz, integer) TO erpdesk_worker;
