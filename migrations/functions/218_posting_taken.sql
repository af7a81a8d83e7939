-- What a plan takes out of stock, against stock as it is under the locks: the cost of layers and pools, units and batches,
-- what goes below zero, the order of layers. What `posting_verify` has seen of the movements says which of it to ask.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_taken(v erpdesk.voucher, t erpdesk.voucher_config_master, d integer, plan jsonb,
    p_issued boolean, p_pooled boolean, p_below_zero boolean, p_detailed boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE bad record; taken_by text;
BEGIN
    IF p_issued THEN
        SELECT x.line_number INTO bad FROM (
            SELECT m.line_number, m.quantity, m.value,
                l.quantity_left + coalesce(sum(m.quantity) OVER w, 0) AS q,
                l.value_left + coalesce(sum(m.value) OVER w, 0) AS val, l.id AS layer,
                l.item_id = m.item_id AND l.warehouse_id = m.warehouse_id AND l.received_on <= v.voucher_on
                    AND l.batch_id IS NOT DISTINCT FROM m.batch_id AND l.bin_id IS NOT DISTINCT FROM m.bin_id
                    AND l.serial_id IS NOT DISTINCT FROM m.serial_id AS fits
            FROM jsonb_to_recordset(plan -> 'movements') AS m (movement_number bigint, line_number bigint, layer_id uuid,
                item_id uuid, warehouse_id uuid, bin_id uuid, batch_id uuid, serial_id uuid, quantity numeric, value numeric, valuation text,
                is_deficit boolean)
            LEFT JOIN stock_layer l ON l.organization_id = v.organization_id AND l.id = m.layer_id
            WHERE m.quantity < 0 AND m.valuation = 'fifo' AND m.is_deficit IS NOT TRUE
            WINDOW w AS (PARTITION BY m.layer_id ORDER BY m.movement_number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) x
        WHERE x.layer IS NULL OR NOT x.fits OR -x.quantity > x.q OR -x.value <> money_share(x.val, -x.quantity, x.q, d) LIMIT 1;
        IF FOUND THEN
            PERFORM refuse('plan_layer_cost', format('Line %s: the cost taken does not follow the layers', bad.line_number));
        END IF;
    END IF;
    IF p_issued AND p_pooled THEN
        SELECT f.line_number INTO bad FROM pool_cost_fault(v, d, plan) f;
        IF FOUND THEN
            PERFORM refuse('plan_pool_cost', format('Line %s: the cost taken is not the average of the pool', bad.line_number));
        END IF;
    END IF;

    IF p_detailed OR EXISTS (SELECT FROM voucher_line_detail x WHERE x.organization_id = v.organization_id AND x.voucher_id = v.id) THEN
        PERFORM posting_verify_details(v, t, plan);
    END IF;

    -- Below zero only where it is allowed, at the quantity and value noted as deficits; settled within what is open.
    IF p_below_zero OR given(plan, 'deficits') OR given(plan, 'deficit_settlements') THEN
        IF EXISTS (
            SELECT FROM (
                SELECT m.item_id, m.warehouse_id, -sum(m.quantity) AS quantity, -sum(m.value) AS value
                FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, quantity numeric, value numeric, is_deficit boolean)
                WHERE m.is_deficit AND m.quantity < 0 GROUP BY 1, 2) m
            FULL JOIN (
                SELECT x.item_id, x.warehouse_id, sum(x.quantity) AS quantity, sum(x.value) AS value
                FROM jsonb_to_recordset(plan -> 'deficits') AS x (item_id uuid, warehouse_id uuid, quantity numeric, value numeric)
                GROUP BY 1, 2) x USING (item_id, warehouse_id)
            LEFT JOIN item i ON i.organization_id = v.organization_id AND i.id = item_id
            LEFT JOIN organization o ON o.id = v.organization_id
            WHERE m.quantity IS DISTINCT FROM x.quantity OR m.value IS DISTINCT FROM x.value
               OR coalesce(i.negative_stock = 'allow', o.negative_stock) IS NOT TRUE)
           OR EXISTS (
            SELECT FROM (
                SELECT m.item_id, m.warehouse_id, sum(m.quantity) AS quantity, sum(m.value) AS value
                FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, quantity numeric, value numeric, is_deficit boolean)
                WHERE m.is_deficit AND m.quantity > 0 GROUP BY 1, 2) m
            FULL JOIN (
                SELECT e.item_id, e.warehouse_id, sum(x.quantity) AS quantity, sum(x.cost) AS value
                FROM jsonb_to_recordset(plan -> 'deficit_settlements') AS x (deficit_id uuid, quantity numeric, cost numeric, from_stock boolean)
                JOIN stock_deficit e ON e.organization_id = v.organization_id AND e.id = x.deficit_id
                WHERE x.from_stock IS NOT TRUE GROUP BY 1, 2) x USING (item_id, warehouse_id)
            WHERE m.quantity IS DISTINCT FROM x.quantity OR m.value IS DISTINCT FROM x.value)
           OR set_off_fault(v, plan) THEN
            PERFORM refuse('plan_deficits', 'Stock would go below zero where it may not, or a deficit is settled wrongly');
        END IF;
    END IF;

    -- Layers are taken in the order of their policy: none earlier is left over that the line could have taken.
    -- Compared with the last layer taken of each item, warehouse and batch asked for: few rows, whatever the lines.
    IF NOT p_issued OR t.is_return THEN
        RETURN;
    END IF;
    taken_by := coalesce(batch_policy_typed(v), 'fifo');
    IF EXISTS (
        WITH taken AS MATERIALIZED (
            SELECT m.item_id, m.warehouse_id, m.layer_id, -m.quantity AS quantity, coalesce(y.batch_id, l.batch_id) AS batch_id,
                CASE WHEN l.to_warehouse_id = coalesce(y.warehouse_id, l.warehouse_id)  -- within one warehouse: from no bin
                     THEN coalesce(y.bin_id, l.bin_id, '00000000-0000-0000-0000-000000000000') ELSE coalesce(y.bin_id, l.bin_id) END AS bin_id,
                p.policy, coalesce(CASE p.policy WHEN 'fefo' THEN b.expires_on WHEN 'fifo_manufactured' THEN b.manufactured_on END,
                                   'infinity') AS first, k.received_on, k.posting_sequence, k.layer_number
            FROM jsonb_to_recordset(plan -> 'movements') AS m (grid text, line_number bigint, detail_number bigint, item_id uuid, warehouse_id uuid,
                layer_id uuid, serial_id uuid, quantity numeric, valuation text, is_deficit boolean)
            JOIN voucher_line l ON l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.grid = m.grid
                AND l.line_number = m.line_number
            LEFT JOIN voucher_line_detail y ON y.organization_id = v.organization_id AND y.voucher_id = v.id AND y.grid = m.grid
                AND y.line_number = m.line_number AND y.detail_number = m.detail_number
            JOIN stock_layer k ON k.organization_id = v.organization_id AND k.id = m.layer_id
            JOIN item i ON i.organization_id = v.organization_id AND i.id = m.item_id
            LEFT JOIN batch b ON b.organization_id = v.organization_id AND b.id = k.batch_id
            CROSS JOIN LATERAL (SELECT coalesce(i.batch_policy, taken_by) AS policy) p
            WHERE m.quantity < 0 AND m.valuation = 'fifo' AND m.is_deficit IS NOT TRUE AND m.serial_id IS NULL)
        SELECT FROM (
            SELECT DISTINCT ON (m.item_id, m.warehouse_id, m.batch_id, m.bin_id) m.* FROM taken m
            ORDER BY m.item_id, m.warehouse_id, m.batch_id, m.bin_id, m.first DESC, m.received_on DESC, m.posting_sequence DESC,
                m.layer_number DESC) k
        CROSS JOIN LATERAL (  -- OFFSET 0: by item and warehouse, never all open layers, whatever statistics say
            SELECT y.* FROM stock_layer y
            WHERE y.organization_id = v.organization_id AND y.item_id = k.item_id AND y.warehouse_id = k.warehouse_id
              AND y.is_open AND (k.batch_id IS NULL OR y.batch_id = k.batch_id)
              AND (k.bin_id IS NULL OR coalesce(y.bin_id, '00000000-0000-0000-0000-000000000000') = k.bin_id)
              AND y.received_on <= CASE WHEN k.policy IN ('fefo', 'fifo_manufactured') THEN v.voucher_on ELSE k.received_on END
            OFFSET 0) e
        LEFT JOIN batch eb ON eb.organization_id = v.organization_id AND eb.id = e.batch_id
        WHERE CASE WHEN eb.is_active IS NOT FALSE
              AND (coalesce(CASE k.policy WHEN 'fefo' THEN eb.expires_on WHEN 'fifo_manufactured' THEN eb.manufactured_on END, 'infinity'),
                   e.received_on, e.posting_sequence, e.layer_number)
                < (k.first, k.received_on, k.posting_sequence, k.layer_number)
              AND NOT (eb.expires_on IS NOT NULL AND eb.expires_on < v.voucher_on AND skips_expired(t))
              AND NOT (e.batch_id IS NOT NULL AND EXISTS (SELECT FROM reservation r  -- what orders keep of a batch is left there
                       WHERE r.organization_id = v.organization_id AND r.item_id = e.item_id AND r.warehouse_id = e.warehouse_id
                         AND r.quantity_left > 0 AND r.batch_id = e.batch_id))
            THEN e.quantity_left > (SELECT coalesce(sum(x.quantity), 0) FROM taken x WHERE x.layer_id = e.id) END) THEN
        PERFORM refuse('plan_layer_order', 'Layers are not taken in their order');
    END IF;
END $$;

ALTER FUNCTION erpdesk.posting_verify_taken(erpdesk.voucher, erpdesk.voucher_config_master, integer, jsonb, boolean, boolean, boolean, boolean)
    OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_verify_taken(erpdesk.voucher, erpdesk.voucher_config_master, integer, jsonb, boolean, boolean,
    boolean, boolean) FROM PUBLIC;
