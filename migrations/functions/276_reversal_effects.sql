-- What reversing a stored voucher would take back, for a rehearsal that goes on after it. Reads only, for members.
CREATE OR REPLACE FUNCTION erpdesk.reversal_effects(p_organization uuid, p_reference text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v_id uuid; v_dated date;
BEGIN
    PERFORM require_member(p_organization);
    SELECT x.id, x.voucher_on INTO v_id, v_dated FROM voucher x
    WHERE x.organization_id = p_organization AND x.id = voucher_of(p_organization, p_reference) AND sees_branch(p_organization, x.branch_id);
    RETURN jsonb_build_object('id', v_id, 'dated_on', v_dated,
        'movements', (
            SELECT jsonb_agg(jsonb_build_object('item_id', m.item_id, 'warehouse_id', m.warehouse_id, 'layer_id', m.layer_id,
                'origin_layer_id', l.origin_layer_id, 'batch_id', m.batch_id, 'bin_id', m.bin_id, 'serial_id', m.serial_id,
                'kind', m.kind, 'quantity', m.quantity, 'value', m.value,
                'received_on', l.received_on, 'source_voucher_id', l.source_voucher_id, 'source_line_number', l.source_line_number,
                'expires_on', b.expires_on, 'manufactured_on', b.manufactured_on) ORDER BY m.movement_number)
            FROM stock_movement m
            LEFT JOIN stock_layer l ON l.organization_id = m.organization_id AND l.id = m.layer_id
            LEFT JOIN batch b ON b.organization_id = m.organization_id AND b.id = m.batch_id
            WHERE m.organization_id = p_organization AND m.voucher_id = v_id),
        'deficits', (  -- as the reversal changes them
            SELECT jsonb_agg(jsonb_build_object('id', e.id, 'item_id', e.item_id, 'warehouse_id', e.warehouse_id,
                'quantity', x.quantity, 'value', x.value))
            FROM (SELECT s.deficit_id, s.quantity, s.value FROM deficit_settlement s
                  WHERE s.organization_id = p_organization AND s.voucher_id = v_id
                  UNION ALL
                  SELECT d.id, -d.quantity, -d.value FROM stock_deficit d
                  WHERE d.organization_id = p_organization AND d.voucher_id = v_id) x
            JOIN stock_deficit e ON e.organization_id = p_organization AND e.id = x.deficit_id),
        'uses', (
            SELECT jsonb_agg(jsonb_build_object('voucher_id', u.source_voucher_id, 'line_number', u.source_line_number,
                'quantity', u.quantity, 'value', u.value))
            FROM source_use u WHERE u.organization_id = p_organization AND u.voucher_id = v_id),
        'reservations', (  -- of the orders it used, and its own, as they are now
            SELECT jsonb_agg(jsonb_build_object('id', x.id, 'voucher_id', x.voucher_id, 'line_number', x.line_number, 'item_id', x.item_id,
                'warehouse_id', x.warehouse_id, 'batch_id', x.batch_id, 'quantity', x.quantity, 'quantity_left', x.quantity_left, 'used', u.quantity))
            FROM reservation x
            LEFT JOIN source_use u ON u.organization_id = x.organization_id AND u.voucher_id = v_id
                AND u.source_voucher_id = x.voucher_id AND u.source_line_number = x.line_number
            WHERE x.organization_id = p_organization AND (u.voucher_id IS NOT NULL OR x.voucher_id = v_id)),
        'touches', (  -- open items: its own, those it settled, those settled along with its own
            SELECT jsonb_agg(x.id) FROM (
                SELECT o.id FROM open_item o WHERE o.organization_id = p_organization AND o.voucher_id = v_id
                UNION
                SELECT s.open_item_id FROM settlement s
                WHERE s.organization_id = p_organization AND s.released_by_id IS NULL AND (s.voucher_id = v_id OR s.voucher_id IN (
                    SELECT c.voucher_id FROM settlement c
                    JOIN open_item i ON i.organization_id = c.organization_id AND i.id = c.open_item_id
                    WHERE c.organization_id = p_organization AND i.voucher_id = v_id AND c.released_by_id IS NULL))) x),
        'parties', (
            SELECT jsonb_agg(jsonb_build_object('id', o.party_id, 'amount', o.amount, 'item', o.id))
            FROM open_item o WHERE o.organization_id = p_organization AND o.voucher_id = v_id));
END $$;
ALTER FUNCTION erpdesk.reversal_effects(uuid, text) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.reversal_effects(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.reversal_effects(uuid, text) TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;

-- What a reversal has released of others, and the units it has moved: asked where it was tried, before it is taken back.
CREATE OR REPLACE FUNCTION erpdesk.rehearsal_left(p_organization uuid, p_reversal uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v_of uuid;
BEGIN
    PERFORM require_member(p_organization);
    SELECT v.reversal_of_id INTO v_of FROM voucher v
    WHERE v.organization_id = p_organization AND v.id = p_reversal AND sees_branch(p_organization, v.branch_id);
    RETURN jsonb_build_object(
        'settled', (
            SELECT jsonb_agg(jsonb_build_object('id', s.open_item_id, 'amount', s.amount, 'currency_amount', s.currency_amount))
            FROM settlement s JOIN open_item o ON o.organization_id = s.organization_id AND o.id = s.open_item_id
            WHERE s.organization_id = p_organization AND s.released_by_id = p_reversal AND o.voucher_id <> v_of),
        'units', CASE WHEN v_of IS NOT NULL THEN unit_rows(p_organization, ARRAY(
            SELECT DISTINCT m.serial_id FROM stock_movement m
            WHERE m.organization_id = p_organization AND m.voucher_id = p_reversal AND m.serial_id IS NOT NULL)) END);
END $$;
ALTER FUNCTION erpdesk.rehearsal_left(uuid, uuid) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.rehearsal_left(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.rehearsal_left(uuid, uuid) TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;

-- Stock for a rehearsal: places as they are, and what each of their days moved, so that vouchers of any day can be tried
-- on them without asking again. Reads only, for members.
CREATE OR REPLACE FUNCTION erpdesk.rehearsal_stock(p_organization uuid, p_stock jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN posting_stock(p_organization, p_stock, '9999-12-31', false) || jsonb_build_object('days', (
        SELECT jsonb_agg(to_jsonb(d)) FROM (
            SELECT m.item_id, m.warehouse_id, m.moved_on, sum(m.quantity) AS quantity
            FROM jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid)
            JOIN stock_movement m ON m.organization_id = p_organization AND m.item_id = w.item_id AND m.warehouse_id = w.warehouse_id
            GROUP BY m.item_id, m.warehouse_id, m.moved_on HAVING sum(m.quantity) <> 0) d),
        'lot_days', (  -- the same of batches and bins of pools
            SELECT jsonb_agg(to_jsonb(d)) FROM (
                SELECT m.item_id, m.warehouse_id, m.batch_id, m.bin_id, m.moved_on, sum(m.quantity) AS quantity
                FROM jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid, valuation text)
                JOIN stock_movement m ON m.organization_id = p_organization AND m.item_id = w.item_id AND m.warehouse_id = w.warehouse_id
                WHERE w.valuation = 'weighted_average' AND (m.batch_id IS NOT NULL OR m.bin_id IS NOT NULL)
                GROUP BY m.item_id, m.warehouse_id, m.batch_id, m.bin_id, m.moved_on HAVING sum(m.quantity) <> 0) d),
        'unit_layers', (
            SELECT jsonb_agg(jsonb_build_object('id', l.id, 'item_id', l.item_id, 'warehouse_id', l.warehouse_id, 'bin_id', l.bin_id,
                'batch_id', l.batch_id, 'expires_on', b.expires_on, 'origin_layer_id', l.origin_layer_id, 'received_on', l.received_on,
                'source_voucher_id', l.source_voucher_id, 'source_line_number', l.source_line_number, 'quantity', l.quantity_left,
                'value', l.value_left) ORDER BY l.received_on, l.posting_sequence, l.layer_number)
            FROM jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid)
            JOIN stock_layer l ON l.organization_id = p_organization AND l.item_id = w.item_id AND l.warehouse_id = w.warehouse_id
            LEFT JOIN batch b ON b.organization_id = l.organization_id AND b.id = l.batch_id
            WHERE l.is_open AND l.serial_id IS NOT NULL),
        'manufactured', (
            SELECT jsonb_object_agg(q.batch_id, q.manufactured_on) FROM (
                SELECT DISTINCT x.batch_id, b.manufactured_on
                FROM jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid)
                JOIN batch_balance x ON x.organization_id = p_organization AND x.item_id = w.item_id AND x.warehouse_id = w.warehouse_id
                JOIN batch b ON b.organization_id = x.organization_id AND b.id = x.batch_id) q));
END $$;
ALTER FUNCTION erpdesk.rehearsal_stock(uuid, jsonb) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.rehearsal_stock(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.rehearsal_stock(uuid, jsonb) TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
