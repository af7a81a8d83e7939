-- A post is one transaction: what posting_open claimed and locked is applied in it or not at all. These fences stand
-- against clients that call the two halves as they like.

-- The stock that a plan moves, locked by the apply function itself: what it verifies must not move meanwhile, whatever
-- the client asked posting_open to lock. After an honest open the rows are held already.
CREATE OR REPLACE FUNCTION erpdesk.posting_hold_stock(v erpdesk.voucher, plan jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM stock_balance b
    WHERE b.organization_id = v.organization_id AND (b.item_id, b.warehouse_id) IN (
        SELECT m.item_id, m.warehouse_id FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid))
    ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE;
END $$;

-- Limits of session_user and of the voucher type: amount to post, days back and ahead of the server's own today.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_limits(v erpdesk.voucher, t erpdesk.voucher_config_master) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE l record; today date;
BEGIN
    SELECT min(x.post_limit) AS post, least(min(x.back_date_days), t.back_date_days) AS back,
        least(min(x.forward_date_days), t.forward_date_days) AS ahead INTO l
    FROM user_limit x WHERE x.organization_id = v.organization_id AND x.user_name = session_user
      AND (x.voucher_type_code IS NULL OR x.voucher_type_code = t.code);
    IF l.post IS NOT NULL AND v.base_total > l.post THEN
        PERFORM refuse_request('invalid', 'SEC-002', format('%s is above your limit of %s', v.base_total, l.post), 'amount', 'journal');
    ELSIF l.back IS NOT NULL OR l.ahead IS NOT NULL THEN
        SELECT (now() AT TIME ZONE o.time_zone)::date INTO today FROM organization o WHERE o.id = v.organization_id;
        IF v.voucher_on < today - l.back THEN
            PERFORM refuse_request('invalid', 'PRD-006', format('%s is more than %s days back', v.voucher_on, l.back), 'date', 'journal');
        ELSIF v.voucher_on > today + l.ahead THEN
            PERFORM refuse_request('invalid', 'PRD-007', format('%s is more than %s days ahead', v.voucher_on, l.ahead), 'date', 'journal');
        END IF;
    END IF;
END $$;

-- I7 at commit: a claimed key has its result, so nobody can use up a key without posting.
CREATE OR REPLACE FUNCTION erpdesk.key_is_used() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM idempotency_key k WHERE k.organization_id = NEW.organization_id AND k.key = NEW.key AND k.result IS NULL) THEN
        PERFORM refuse('i7_key_claimed', 'An idempotency key was claimed and nothing was posted with it');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS key_is_used ON erpdesk.idempotency_key;
CREATE CONSTRAINT TRIGGER key_is_used AFTER INSERT ON erpdesk.idempotency_key
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.result IS NULL) EXECUTE FUNCTION erpdesk.key_is_used();

-- I10 at commit: a voucher that is changed otherwise than by its status is audited too.
DROP TRIGGER IF EXISTS voucher_edit_is_audited ON erpdesk.voucher;
CREATE CONSTRAINT TRIGGER voucher_edit_is_audited AFTER UPDATE ON erpdesk.voucher
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status = 'DRAFT' AND NEW.status = 'DRAFT' AND OLD.row_version IS DISTINCT FROM NEW.row_version)
    EXECUTE FUNCTION erpdesk.voucher_is_whole();

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('posting_hold_stock', 'posting_verify_limits', 'key_is_used')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
