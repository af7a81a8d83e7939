-- What a count moves: in each place that its lines count, the difference between what they found and what the books had
-- there at the end of its date, and nothing else. A unit known by its number is there once, whatever brought it.

CREATE OR REPLACE FUNCTION erpdesk.posting_verify_counted(v erpdesk.voucher, plan jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE bad record;
BEGIN
    WITH parts AS MATERIALIZED (  -- lines by detail, each with the place that it counts
        SELECT l.grid, l.line_number, d.detail_number, l.item_id, coalesce(d.warehouse_id, l.warehouse_id) AS warehouse_id,
            coalesce(d.batch_id, l.batch_id) AS batch_id, coalesce(d.bin_id, l.bin_id) AS bin_id,
            coalesce(d.stock_quantity, l.stock_quantity) AS quantity, i.track_batch, i.track_serial OR i.is_fixed_product AS by_unit
        FROM voucher_line l
        JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id AND i.is_stocked
        LEFT JOIN voucher_line_detail d ON d.organization_id = l.organization_id AND d.voucher_id = l.voucher_id AND d.grid = l.grid
            AND d.line_number = l.line_number
        WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id),
    moved AS MATERIALIZED (
        SELECT m.grid, m.line_number, m.detail_number, sum(m.quantity) AS quantity, bool_or(m.quantity > 0 AND m.batch_id IS NULL) AS unnamed
        FROM jsonb_to_recordset(plan -> 'movements') AS m (grid text, line_number bigint, detail_number bigint, batch_id uuid, quantity numeric)
        GROUP BY 1, 2, 3),
    places AS MATERIALIZED (
        SELECT p.item_id, p.warehouse_id, p.batch_id, p.bin_id, p.by_unit, min(p.line_number) AS line_number, sum(p.quantity) AS counted,
            coalesce(sum(m.quantity), 0) AS moved, coalesce(bool_or(p.track_batch AND m.unnamed), false) AS unnamed
        FROM parts p LEFT JOIN moved m ON m.grid = p.grid AND m.line_number = p.line_number
            AND m.detail_number IS NOT DISTINCT FROM p.detail_number
        GROUP BY 1, 2, 3, 4, 5)
    SELECT p.line_number INTO bad FROM places p
    CROSS JOIN LATERAL (
        SELECT CASE WHEN p.by_unit THEN count(DISTINCT key_of(s.code)) FILTER (WHERE m.quantity > 0) ELSE coalesce(sum(m.quantity), 0) END AS quantity
        FROM (SELECT x.serial_id, sum(x.quantity) AS quantity FROM stock_movement x
              WHERE x.organization_id = v.organization_id AND x.item_id = p.item_id AND x.warehouse_id = p.warehouse_id
                AND x.moved_on <= v.voucher_on AND (p.batch_id IS NULL OR x.batch_id = p.batch_id) AND (p.bin_id IS NULL OR x.bin_id = p.bin_id)
              GROUP BY x.serial_id) m
        LEFT JOIN serial s ON s.organization_id = v.organization_id AND s.id = m.serial_id) had
    WHERE p.moved <> p.counted - had.quantity OR p.unnamed
       OR EXISTS (SELECT FROM places o WHERE o.item_id = p.item_id AND o.warehouse_id = p.warehouse_id
                  AND (o.batch_id, o.bin_id) IS DISTINCT FROM (p.batch_id, p.bin_id)
                  AND (o.batch_id IS NULL OR p.batch_id IS NULL OR o.batch_id = p.batch_id)
                  AND (o.bin_id IS NULL OR p.bin_id IS NULL OR o.bin_id = p.bin_id))
    LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('plan_quantity', format('Line %s does not move its quantity', bad.line_number));
    END IF;
END $$;
ALTER FUNCTION erpdesk.posting_verify_counted(erpdesk.voucher, jsonb) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_verify_counted(erpdesk.voucher, jsonb) FROM PUBLIC;
