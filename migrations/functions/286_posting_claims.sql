-- A post is one transaction: what posting_open claimed and locked is applied in it or not at all. These fences stand
-- against clients that call the two halves as they like.

DROP FUNCTION IF EXISTS erpdesk.posting_verify_limits(erpdesk.voucher, erpdesk.voucher_config_master);

-- The stock that a plan moves, locked by the apply function itself: what it verifies must not move meanwhile, whatever
-- the client asked posting_open to lock. After an honest open the rows are held already.
DROP FUNCTION IF EXISTS erpdesk.posting_hold_stock(erpdesk.voucher, jsonb);
CREATE OR REPLACE FUNCTION erpdesk.posting_hold_stock(v erpdesk.voucher, plan jsonb, p_ahead boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE unusual boolean;
BEGIN
    SELECT bool_or(x.last_moved_on > v.voucher_on OR x.deficit_quantity <> 0 OR x.reserved_quantity <> 0)
    INTO unusual FROM (
        SELECT b.* FROM stock_balance b
        WHERE b.organization_id = v.organization_id AND (b.item_id, b.warehouse_id) IN (
            SELECT m.item_id, m.warehouse_id FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid))
        ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE) x;
    IF p_ahead AND unusual THEN
        PERFORM refuse('posting_not_plain', 'Stock is not as plain as a plan made ahead takes it for');
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
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('posting_hold_stock', 'key_is_used')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
