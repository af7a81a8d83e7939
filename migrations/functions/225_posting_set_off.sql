-- Deficits met by what lies in their own place: an issue dated before the goods came owes beside them, and once both are the
-- same quantity nothing is on hand. Layers, bins and deficits are emptied whole; the voucher's journal has the difference.

-- Whether a plan sets off where something would be left on hand, or leaves a part of what is owed there.
CREATE OR REPLACE FUNCTION erpdesk.set_off_fault(v erpdesk.voucher, plan jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM (
            SELECT coalesce(e.item_id, n.item_id) AS item_id, coalesce(e.warehouse_id, n.warehouse_id) AS warehouse_id,
                   sum(x.quantity) AS quantity, sum(x.value) AS value
            FROM jsonb_to_recordset(plan -> 'deficit_settlements') AS x (deficit_id uuid, quantity numeric, value numeric, from_stock boolean)
            LEFT JOIN stock_deficit e ON e.organization_id = v.organization_id AND e.id = x.deficit_id
            LEFT JOIN jsonb_to_recordset(plan -> 'deficits') AS n (id uuid, item_id uuid, warehouse_id uuid) ON n.id = x.deficit_id
            GROUP BY 1, 2 HAVING bool_or(x.from_stock)) s
        LEFT JOIN stock_balance b ON b.organization_id = v.organization_id AND b.item_id = s.item_id AND b.warehouse_id = s.warehouse_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(m.quantity), 0) AS quantity
            FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, quantity numeric)
            WHERE m.item_id = s.item_id AND m.warehouse_id = s.warehouse_id) m
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(n.quantity), 0) AS quantity, coalesce(sum(n.value), 0) AS value
            FROM jsonb_to_recordset(plan -> 'deficits') AS n (item_id uuid, warehouse_id uuid, quantity numeric, value numeric)
            WHERE n.item_id = s.item_id AND n.warehouse_id = s.warehouse_id) n
        WHERE (b.quantity + m.quantity, b.deficit_quantity + n.quantity, b.deficit_value + n.value)
            IS DISTINCT FROM (0::numeric, s.quantity, s.value))
$$;

-- Empty what lies where a plan sets off: each layer (of a pool: each bin) leaves and comes back as what was owed, so that
-- layers, bins and balances remain the sums of their movements.
CREATE OR REPLACE FUNCTION erpdesk.posting_set_off(v erpdesk.voucher, p_period erpdesk.accounting_period, p_sequence bigint,
    p_journal uuid, plan jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE places record;
BEGIN
    FOR places IN
        SELECT DISTINCT e.item_id, e.warehouse_id
        FROM jsonb_to_recordset(plan -> 'deficit_settlements') AS x (deficit_id uuid, from_stock boolean)
        JOIN stock_deficit e ON e.organization_id = v.organization_id AND e.id = x.deficit_id
        WHERE x.from_stock ORDER BY e.item_id, e.warehouse_id
    LOOP
        INSERT INTO stock_movement (organization_id, id, voucher_id, grid, line_number, journal_id, fiscal_year_id, kind, moved_on,
            posting_sequence, movement_number, item_id, warehouse_id, bin_id, batch_id, uom_id, quantity, value, unit_cost, valuation,
            layer_id, account_id)
        SELECT v.organization_id, gen_random_uuid(), v.id, m.grid, m.line_number,
            CASE WHEN jsonb_array_length(plan -> 'journal') > 0 THEN p_journal END, p_period.fiscal_year_id, 'set_off', v.voucher_on,
            p_sequence, (SELECT max(o.movement_number) FROM stock_movement o WHERE o.organization_id = v.organization_id AND o.voucher_id = v.id)
                + row_number() OVER (ORDER BY h.place, h.layer_id, h.bin_id, h.batch_id, s.sign),
            places.item_id, places.warehouse_id, CASE WHEN s.sign < 0 THEN h.bin_id END, CASE WHEN s.sign < 0 THEN h.batch_id END, m.uom_id,
            s.sign * h.quantity, s.sign * h.value, round(h.value / h.quantity, 6), m.valuation, CASE WHEN s.sign < 0 THEN h.layer_id END,
            m.account_id
        FROM (
            SELECT l.id AS layer_id, l.bin_id, l.batch_id, l.quantity_left AS quantity, l.value_left AS value,
                (l.received_on, l.posting_sequence, l.layer_number) AS place
            FROM stock_layer l WHERE l.organization_id = v.organization_id AND l.item_id = places.item_id
                AND l.warehouse_id = places.warehouse_id AND l.is_open
            UNION ALL
            SELECT NULL, nullif(q.bin_id, '00000000-0000-0000-0000-000000000000'), nullif(q.batch_id, '00000000-0000-0000-0000-000000000000'),
                q.quantity, 0, NULL
            FROM batch_balance q
            JOIN item i ON i.organization_id = q.organization_id AND i.id = q.item_id AND i.valuation = 'weighted_average'
            WHERE q.organization_id = v.organization_id AND q.item_id = places.item_id AND q.warehouse_id = places.warehouse_id
                AND q.quantity > 0) h
        CROSS JOIN (VALUES (-1), (1)) AS s (sign)
        CROSS JOIN LATERAL (
            SELECT x.grid, x.line_number, x.uom_id, x.valuation, x.account_id FROM stock_movement x
            WHERE x.organization_id = v.organization_id AND x.voucher_id = v.id AND x.item_id = places.item_id
                AND x.warehouse_id = places.warehouse_id
            ORDER BY x.movement_number DESC LIMIT 1) m;
        UPDATE stock_layer l SET quantity_left = 0, value_left = 0
        WHERE l.organization_id = v.organization_id AND l.item_id = places.item_id AND l.warehouse_id = places.warehouse_id AND l.is_open;
        UPDATE batch_balance q SET quantity = 0
        WHERE q.organization_id = v.organization_id AND q.item_id = places.item_id AND q.warehouse_id = places.warehouse_id AND q.quantity > 0;
    END LOOP;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('set_off_fault', 'posting_set_off')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
