-- What a reversal is held to beside its voucher: that what it gives back is known. And
-- the locks of a voucher that replaces another one: one transaction, two posts, one order.

-- A voucher of before uses were written down, whose uses could not be derived, can't give back what it used.
CREATE OR REPLACE FUNCTION erpdesk.reversal_refuse_untraced(v erpdesk.voucher) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE source text;
BEGIN
    SELECT x.voucher_number INTO source FROM voucher_line l
    JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id AND i.is_stocked
    JOIN source_line s ON s.organization_id = l.organization_id AND s.voucher_id = l.against_voucher_id AND s.line_number = l.against_line
    JOIN voucher x ON x.organization_id = l.organization_id AND x.id = l.against_voucher_id
    WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.stock_quantity > 0 AND NOT EXISTS (
        SELECT FROM source_use u WHERE u.organization_id = v.organization_id AND u.voucher_id = v.id
          AND u.source_voucher_id = l.against_voucher_id AND u.source_line_number = l.against_line) LIMIT 1;
    IF FOUND THEN
        PERFORM refuse_request('invalid', 'VCH-025', format('%s was posted by an early version that did not write down what it used of %s: '
            'enter a return or a correcting voucher instead', v.voucher_number, source), 'of', 'journal');
    END IF;
END $$;

-- Every row that reversing one voucher and posting another will need, in the one order of all posts: `p` is what
-- posting_open takes, `p_replaced` what posting_reverse takes. Neither meets a new lock then but its number series.
CREATE OR REPLACE FUNCTION erpdesk.replacing_lock(p_organization uuid, p_replaced jsonb, p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    old uuid := voucher_of(p_organization, p_replaced ->> 'of');
    v_day date := (p -> 'voucher' ->> 'voucher_on')::date;
    wanted jsonb := coalesce(p -> 'lock', '{}');
    sources uuid[] := ARRAY(SELECT jsonb_array_elements_text(wanted -> 'sources'))::uuid[];
    v voucher;
BEGIN
    PERFORM require_member(p_organization);
    PERFORM FROM voucher x WHERE x.organization_id = p_organization AND x.id IN (
        SELECT old UNION SELECT unnest(sources)
        UNION SELECT u.source_voucher_id FROM source_use u WHERE u.organization_id = p_organization AND u.voucher_id = old)
    ORDER BY x.id FOR NO KEY UPDATE;
    SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.id = old;
    IF NOT FOUND OR v.status <> 'POSTED' OR NOT may(p_organization, 'voucher.reverse', NULL, v.branch_id) THEN
        RETURN;  -- the reversal says what is wrong
    END IF;
    PERFORM FROM fiscal_year y JOIN accounting_period a ON a.organization_id = y.organization_id AND a.fiscal_year_id = y.id
    WHERE a.organization_id = p_organization
      AND (v_day BETWEEN a.starts_on AND a.ends_on OR greatest(v_day, v.voucher_on) BETWEEN a.starts_on AND a.ends_on)
    ORDER BY y.id, a.id FOR SHARE OF y, a;
    PERFORM FROM party_balance b WHERE b.organization_id = p_organization AND (
        b.party_id = ANY (ARRAY(SELECT jsonb_array_elements_text(wanted -> 'parties'))::uuid[]) OR b.party_id IN (
            SELECT o.party_id FROM open_item o WHERE o.organization_id = p_organization AND o.voucher_id = old
            UNION SELECT o.party_id FROM settlement s JOIN open_item o ON o.organization_id = s.organization_id AND o.id = s.open_item_id
                  WHERE s.organization_id = p_organization AND s.voucher_id = old))
    ORDER BY b.party_id FOR NO KEY UPDATE;
    PERFORM FROM open_item o WHERE o.organization_id = p_organization AND (
        o.voucher_id = old OR o.voucher_id = ANY (ARRAY(SELECT jsonb_array_elements_text(wanted -> 'settled'))::uuid[]) OR o.id IN (
            SELECT s.open_item_id FROM settlement s WHERE s.organization_id = p_organization AND s.released_by_id IS NULL AND s.voucher_id IN (
                SELECT old UNION SELECT c.voucher_id FROM settlement c
                JOIN open_item i ON i.organization_id = c.organization_id AND i.id = c.open_item_id
                WHERE c.organization_id = p_organization AND i.voucher_id = old)))
    ORDER BY o.id FOR NO KEY UPDATE;
    PERFORM FROM reservation x WHERE x.organization_id = p_organization AND (x.voucher_id = old OR x.voucher_id = ANY (sources) OR x.voucher_id IN (
        SELECT u.source_voucher_id FROM source_use u WHERE u.organization_id = p_organization AND u.voucher_id = old))
    ORDER BY x.id FOR NO KEY UPDATE;
    PERFORM FROM stock_balance b WHERE b.organization_id = p_organization AND (b.item_id, b.warehouse_id) IN (
        SELECT m.item_id, m.warehouse_id FROM stock_movement m WHERE m.organization_id = p_organization AND m.voucher_id = old
        UNION SELECT w.item_id, w.warehouse_id FROM jsonb_to_recordset(coalesce(wanted -> 'stock', '[]')) AS w (item_id uuid, warehouse_id uuid)
        UNION SELECT w.item_id, w.warehouse_id
              FROM places_of_receipts(p_organization, ARRAY(SELECT jsonb_array_elements_text(wanted -> 'receipts'))::uuid[]) w
        UNION SELECT x.item_id, x.warehouse_id FROM reservation x WHERE x.organization_id = p_organization
              AND (x.voucher_id = old OR x.voucher_id = ANY (sources) OR x.voucher_id IN (
                  SELECT u.source_voucher_id FROM source_use u WHERE u.organization_id = p_organization AND u.voucher_id = old)))
    ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('reversal_refuse_untraced', 'replacing_lock')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.replacing_lock(uuid, jsonb, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
