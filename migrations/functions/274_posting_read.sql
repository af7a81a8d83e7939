-- What a plan is made of: one answer for those that are applied (rows of stock locked here, the others by posting_open
-- before) and for those that are only looked at. `p_wanted` names parties, sources, settled vouchers, receipts, places.

-- The places to read: those that the lines need, those of reservations of the sources, those of the receipts.
CREATE OR REPLACE FUNCTION erpdesk.posting_places(p_organization uuid, p_wanted jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT (p_wanted ? 'sources' OR p_wanted ? 'receipts') THEN
        RETURN p_wanted -> 'stock';
    END IF;
    RETURN (SELECT jsonb_agg(s.row) FROM (
        SELECT x.row FROM jsonb_array_elements(coalesce(p_wanted -> 'stock', '[]')) AS x (row)
        UNION ALL
        SELECT DISTINCT jsonb_build_object('item_id', q.item_id, 'warehouse_id', q.warehouse_id, 'needed', 0, 'receives', false)
        FROM (
            SELECT r.item_id, r.warehouse_id FROM reservation r
            WHERE r.organization_id = p_organization AND r.quantity_left > 0
              AND r.voucher_id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_wanted -> 'sources'))::uuid[])
            UNION
            SELECT w.item_id, w.warehouse_id
            FROM places_of_receipts(p_organization, ARRAY(SELECT jsonb_array_elements_text(p_wanted -> 'receipts'))::uuid[]) w
            WHERE p_wanted ? 'receipts') q
        WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset(coalesce(p_wanted -> 'stock', '[]')) AS y (item_id uuid, warehouse_id uuid)
                          WHERE y.item_id = q.item_id AND y.warehouse_id = q.warehouse_id)) s);
END $$;

-- The state itself. One ordered pass over all balances comes first, so that everything else is read under its lock.
CREATE OR REPLACE FUNCTION erpdesk.posting_read(p_organization uuid, p_wanted jsonb, p_day date, p_lock boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE places jsonb := posting_places(p_organization, p_wanted); answer jsonb;
BEGIN
    answer := jsonb_build_object('parties', NULL, 'stock',
        CASE WHEN places IS NOT NULL THEN posting_stock(p_organization, places, p_day, p_lock) END);
    IF given(p_wanted, 'serials') THEN
        answer := answer || jsonb_build_object('serials', posting_serials(p_organization, p_wanted -> 'serials', p_lock));
    END IF;
    IF given(p_wanted, 'parties') THEN
        answer := answer || jsonb_build_object('parties', (
            SELECT jsonb_object_agg(x.id, jsonb_build_object('balance', coalesce(b.balance, 0), 'credit_limit', x.credit_limit))
            FROM party x LEFT JOIN party_balance b ON b.organization_id = x.organization_id AND b.party_id = x.id
            WHERE x.organization_id = p_organization
              AND x.id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_wanted -> 'parties'))::uuid[])));
    END IF;
    IF given(p_wanted, 'sources') THEN
        answer := answer || jsonb_build_object(
            'reservations', (
                SELECT jsonb_agg(jsonb_build_object('id', r.id, 'voucher_id', r.voucher_id, 'line_number', r.line_number,
                    'item_id', r.item_id, 'warehouse_id', r.warehouse_id, 'batch_id', r.batch_id, 'quantity_left', r.quantity_left) ORDER BY r.id)
                FROM reservation r WHERE r.organization_id = p_organization AND r.quantity_left > 0
                  AND r.voucher_id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_wanted -> 'sources'))::uuid[])),
            'sources', posting_sources(p_organization, p_wanted -> 'sources'));
    END IF;
    IF given(p_wanted, 'counted') THEN
        answer := answer || jsonb_build_object('counted', (SELECT jsonb_agg(jsonb_build_object('item_id', c.item_id, 'warehouse_id', c.warehouse_id,
                'batch_id', c.batch_id, 'batch', b.code, 'bin_id', c.bin_id, 'bin', l.code, 'serial_id', c.serial_id, 'code', s.code,
                'key', s.code_key, 'quantity', c.quantity) ORDER BY s.code_key)
            FROM (
                SELECT m.item_id, m.warehouse_id, m.batch_id, m.bin_id, m.serial_id, sum(m.quantity) AS quantity
                FROM jsonb_to_recordset(p_wanted -> 'counted') AS w (item_id uuid, warehouse_id uuid)
                JOIN stock_movement m ON m.organization_id = p_organization AND m.item_id = w.item_id
                    AND m.warehouse_id = w.warehouse_id AND m.moved_on <= p_day
                GROUP BY m.item_id, m.warehouse_id, m.batch_id, m.bin_id, m.serial_id HAVING sum(m.quantity) <> 0) c
            LEFT JOIN batch b ON b.organization_id = p_organization AND b.id = c.batch_id
            LEFT JOIN bin_location l ON l.organization_id = p_organization AND l.id = c.bin_id
            LEFT JOIN serial s ON s.organization_id = p_organization AND s.id = c.serial_id));
    END IF;
    IF given(p_wanted, 'settled') THEN
        answer := answer || jsonb_build_object('open_items', posting_open_items(p_organization, p_wanted -> 'settled'));
    END IF;
    IF given(p_wanted, 'receipts') THEN
        answer := answer || jsonb_build_object('receipts', posting_receipts(p_organization, p_wanted -> 'receipts', p_lock));
    END IF;
    RETURN answer;
END $$;

ALTER FUNCTION erpdesk.posting_places(uuid, jsonb) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_read(uuid, jsonb, date, boolean) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_places(uuid, jsonb), erpdesk.posting_read(uuid, jsonb, date, boolean) FROM PUBLIC;
