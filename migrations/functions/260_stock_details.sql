-- Details of stock: which bin, which batch, which unit by serial number. Serial rows are locked after balances and
-- layers; what a plan says of them is compared with stored rows; movements keep them, reversals give them back.

-- Whether vouchers of a type leave expired batches alone: goods that go to customers.
CREATE OR REPLACE FUNCTION erpdesk.skips_expired(t erpdesk.voucher_config_master) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT t.stock_direction = 'out' AND NOT t.is_return AND (t.goods_role = 'sales' OR t.document_kind = 'delivery')
$$;

-- What moved a unit and still stands.
CREATE OR REPLACE FUNCTION erpdesk.standing_moves(p_organization uuid, p_unit uuid) RETURNS SETOF erpdesk.stock_movement
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT m.* FROM stock_movement m
    JOIN voucher v ON v.organization_id = m.organization_id AND v.id = m.voucher_id
    WHERE m.organization_id = p_organization AND m.serial_id = p_unit AND m.quantity <> 0
      AND v.status = 'POSTED' AND v.reversal_of_id IS NULL
$$;
ALTER FUNCTION erpdesk.standing_moves(uuid, uuid) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.standing_moves(uuid, uuid) FROM PUBLIC;

-- Units as plans look at them: where each is and what it costs, or with which line it left.
CREATE OR REPLACE FUNCTION erpdesk.unit_rows(p_organization uuid, p_units uuid[]) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('id', s.id, 'item_id', s.item_id, 'item', code_and_name(i.code, i.name), 'code', s.code, 'key', s.code_key,
        'engine_no', s.engine_no, 'engine_key', s.engine_key, 'chassis_no', s.chassis_no, 'chassis_key', s.chassis_key,
        'warehouse_id', s.warehouse_id, 'warehouse', code_and_name(w.code, w.name), 'bin_id', s.bin_id, 'bin', l.code, 'batch_id', s.batch_id,
        'batch', b.code, 'batch_is_active', b.is_active, 'expires_on', b.expires_on, 'last_moved_on', s.last_moved_on,
        'layer_id', y.id, 'origin_layer_id', y.origin_layer_id, 'value', y.value_left,
        'left_with', CASE WHEN s.warehouse_id IS NULL THEN (
            SELECT jsonb_build_object('voucher_id', m.voucher_id, 'line_number', m.line_number, 'batch_id', m.batch_id, 'batch', x.code)
            FROM standing_moves(p_organization, s.id) m
            LEFT JOIN batch x ON x.organization_id = p_organization AND x.id = m.batch_id
            ORDER BY m.posting_sequence DESC, m.movement_number DESC LIMIT 1) END,
        'came_with', (
            SELECT jsonb_build_object('voucher_id', m.voucher_id, 'line_number', m.line_number)
            FROM standing_moves(p_organization, s.id) m WHERE m.kind = 'in'
            ORDER BY m.posting_sequence DESC, m.movement_number DESC LIMIT 1)) ORDER BY s.code_key)
    FROM serial s
    JOIN item i ON i.organization_id = s.organization_id AND i.id = s.item_id
    LEFT JOIN warehouse w ON w.organization_id = s.organization_id AND w.id = s.warehouse_id
    LEFT JOIN bin_location l ON l.organization_id = s.organization_id AND l.id = s.bin_id
    LEFT JOIN batch b ON b.organization_id = s.organization_id AND b.id = s.batch_id
    LEFT JOIN stock_layer y ON y.organization_id = s.organization_id AND y.id = s.layer_id
    WHERE s.organization_id = p_organization AND s.id = ANY (p_units)
$$;
ALTER FUNCTION erpdesk.unit_rows(uuid, uuid[]) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.unit_rows(uuid, uuid[]) FROM PUBLIC;

-- The units named (by serial, engine or chassis number, or all in a place), locked in order of their ids, with the
-- layers that hold their cost. A receipt makes the rows of new ones first; another desk's same row is waited for.
CREATE OR REPLACE FUNCTION erpdesk.posting_serials(p_organization uuid, p_serials jsonb, p_lock boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE ids uuid[];
BEGIN
    IF p_lock AND p_serials @> '[{"is_new": true}]' THEN
        -- A unit whose every voucher was reversed has never been: its numbers are free.
        UPDATE serial s SET code_key = s.id::text, engine_key = NULL, chassis_key = NULL
        FROM (SELECT u.id FROM serial u
              WHERE u.organization_id = p_organization AND u.warehouse_id IS NULL AND EXISTS (
                  SELECT FROM jsonb_to_recordset(p_serials) AS w (item_id uuid, key text, engine_key text, chassis_key text, is_new boolean)
                  WHERE w.is_new AND ((u.item_id, u.code_key) = (w.item_id, w.key) OR u.engine_key = w.engine_key
                                      OR u.chassis_key = w.chassis_key))
                AND NOT EXISTS (SELECT FROM standing_moves(p_organization, u.id))
              ORDER BY u.id FOR NO KEY UPDATE) f
        WHERE s.organization_id = p_organization AND s.id = f.id;
        INSERT INTO serial (organization_id, id, item_id, code, code_key, engine_no, engine_key, chassis_no, chassis_key)
        SELECT p_organization, w.id, w.item_id, w.code, w.key, w.engine_no, w.engine_key, w.chassis_no, w.chassis_key
        FROM jsonb_to_recordset(p_serials) AS w (id uuid, item_id uuid, code text, key text, engine_no text, engine_key text,
            chassis_no text, chassis_key text, is_new boolean)
        WHERE w.is_new ORDER BY w.item_id, w.key
        ON CONFLICT DO NOTHING;
    END IF;
    SELECT array_agg(DISTINCT s.id) INTO ids
    FROM jsonb_to_recordset(p_serials) AS w (item_id uuid, warehouse_id uuid, key text, engine_key text, chassis_key text, is_all boolean)
    CROSS JOIN LATERAL (
        SELECT x.id FROM serial x WHERE x.organization_id = p_organization AND x.item_id = w.item_id AND x.code_key = w.key
        UNION ALL SELECT x.id FROM serial x WHERE x.organization_id = p_organization AND x.engine_key = w.engine_key
        UNION ALL SELECT x.id FROM serial x WHERE x.organization_id = p_organization AND x.chassis_key = w.chassis_key
        UNION ALL SELECT x.id FROM serial x WHERE w.is_all AND x.organization_id = p_organization AND x.item_id = w.item_id
            AND x.warehouse_id = w.warehouse_id) s
    JOIN serial u ON u.organization_id = p_organization AND u.id = s.id
    WHERE u.warehouse_id IS NOT NULL OR EXISTS (SELECT FROM standing_moves(p_organization, u.id));
    IF p_lock THEN
        PERFORM FROM serial x WHERE x.organization_id = p_organization AND x.id = ANY (ids) ORDER BY x.id FOR NO KEY UPDATE;
    END IF;
    RETURN jsonb_build_object(
        'units', unit_rows(p_organization, ids),
        'there', (
            SELECT jsonb_agg(jsonb_build_object('item_id', p.item_id, 'warehouse_id', p.warehouse_id, 'codes', (
                SELECT jsonb_agg(x.code) FROM (
                    SELECT s.code FROM serial s WHERE s.organization_id = p_organization AND s.item_id = p.item_id
                      AND s.warehouse_id = p.warehouse_id ORDER BY s.code_key LIMIT 6) x)))
            FROM (SELECT DISTINCT w.item_id, w.warehouse_id
                  FROM jsonb_to_recordset(p_serials) AS w (item_id uuid, warehouse_id uuid, is_new boolean)
                  WHERE w.is_new IS NOT TRUE) p));
END $$;

-- The details of lines as typed, saved with the draft; batches named for the first time were made before.
CREATE OR REPLACE FUNCTION erpdesk.posting_save_details(p_organization uuid, p_voucher uuid, p_details jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM voucher_line_detail WHERE organization_id = p_organization AND voucher_id = p_voucher;
    IF coalesce(p_details, '[]') IN ('[]', 'null') THEN
        RETURN;
    END IF;
    INSERT INTO voucher_line_detail (organization_id, voucher_id, grid, line_number, detail_number, warehouse_id, bin_id, to_bin_id,
        batch_id, serial_keys, stock_quantity)
    SELECT p_organization, p_voucher, x.grid, x.line_number, x.detail_number, x.warehouse_id, x.bin_id, x.to_bin_id,
        coalesce(b.id, x.batch_id), x.serial_keys, x.stock_quantity
    FROM jsonb_to_recordset(p_details) AS x (grid text, line_number bigint, detail_number bigint, item_id uuid, warehouse_id uuid,
        bin_id uuid, to_bin_id uuid, batch_id uuid, batch_key text, serial_keys text[], stock_quantity numeric)
    LEFT JOIN batch b ON x.batch_key IS NOT NULL AND b.organization_id = p_organization AND b.item_id = x.item_id
        AND b.code_key = x.batch_key;
END $$;

-- The first line whose cost out of a weighted average's pool is not the rule: once a line and pool, money(V x q / Q) of what
-- the lines before it left, then spread over the parts that left (batches, bins, units) cumulatively. What leaves no bin and
-- no batch is there beside them: a pool keeps no layers that would say so.
CREATE OR REPLACE FUNCTION erpdesk.pool_cost_fault(v erpdesk.voucher, d integer, plan jsonb) RETURNS TABLE (line_number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    WITH moved AS MATERIALIZED (
        SELECT m.* FROM jsonb_to_recordset(plan -> 'movements') AS m (grid text, line_number bigint, movement_number bigint,
            item_id uuid, warehouse_id uuid, bin_id uuid, batch_id uuid, quantity numeric, value numeric, valuation text, is_deficit boolean)
        WHERE m.valuation = 'weighted_average' AND m.is_deficit IS NOT TRUE AND m.quantity <> 0),
    loose AS (
        SELECT min(m.line_number) AS line_number, m.item_id, m.warehouse_id, -sum(m.quantity) AS went
        FROM moved m WHERE m.bin_id IS NULL AND m.batch_id IS NULL GROUP BY m.item_id, m.warehouse_id HAVING sum(m.quantity) < 0),
    taken AS MATERIALIZED (
        SELECT m.grid, m.line_number, m.item_id, m.warehouse_id, min(m.movement_number) AS place,
            coalesce(-sum(m.quantity) FILTER (WHERE m.quantity < 0), 0) AS went, coalesce(-sum(m.value) FILTER (WHERE m.quantity < 0), 0) AS cost,
            sum(m.quantity) AS quantity, sum(m.value) AS value
        FROM moved m GROUP BY m.grid, m.line_number, m.item_id, m.warehouse_id),
    pools AS (
        SELECT l.line_number, l.went, l.cost, b.quantity + b.deficit_quantity + coalesce(sum(l.quantity) OVER earlier, 0) AS q,
            b.value + b.deficit_value + coalesce(sum(l.value) OVER earlier, 0) AS val
        FROM taken l
        LEFT JOIN stock_balance b ON b.organization_id = v.organization_id AND b.item_id = l.item_id AND b.warehouse_id = l.warehouse_id
        WINDOW earlier AS (PARTITION BY l.item_id, l.warehouse_id ORDER BY l.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    parts AS (
        SELECT m.line_number, -m.value AS value, l.cost, l.went, -sum(m.quantity) OVER upto AS reached,
            -sum(m.value) OVER upto + m.value AS before
        FROM moved m JOIN taken l ON (l.grid, l.line_number, l.item_id, l.warehouse_id) = (m.grid, m.line_number, m.item_id, m.warehouse_id)
        WHERE m.quantity < 0
        WINDOW upto AS (PARTITION BY m.grid, m.line_number, m.item_id, m.warehouse_id ORDER BY m.movement_number))
    SELECT p.line_number FROM pools p
    WHERE p.went > 0 AND (p.q IS NULL OR p.went > p.q OR p.cost <> money_share(p.val, p.went, p.q, d))
    UNION ALL
    SELECT p.line_number FROM parts p WHERE p.value <> money_share(p.cost, p.reached, p.went, d) - p.before
    UNION ALL
    SELECT l.line_number FROM loose l
    JOIN stock_balance b ON b.organization_id = v.organization_id AND b.item_id = l.item_id AND b.warehouse_id = l.warehouse_id
    WHERE l.went > b.quantity + b.deficit_quantity - (SELECT coalesce(sum(q.quantity), 0) FROM batch_balance q
        WHERE q.organization_id = v.organization_id AND q.item_id = l.item_id AND q.warehouse_id = l.warehouse_id)
    LIMIT 1
$$;

-- A plan's movements against the details, bins and units as stored; raises the first contradiction.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_details(v erpdesk.voucher, t erpdesk.voucher_config_master, plan jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    has record; bad record;
BEGIN
    SELECT coalesce(bool_or(i.track_serial OR i.is_fixed_product), false) AS units,
           coalesce(bool_or(l.bin_id IS NOT NULL OR l.to_bin_id IS NOT NULL), false) AS bins,
           coalesce(bool_or(i.track_batch), false) AS batches,
           EXISTS (SELECT FROM voucher_line_detail x WHERE x.organization_id = v.organization_id AND x.voucher_id = v.id) AS details
    INTO has
    FROM voucher_line l JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id
    WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id;

    IF EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'movements') AS m (warehouse_id uuid, bin_id uuid)
               LEFT JOIN bin_location b ON b.organization_id = v.organization_id AND b.id = m.bin_id
               WHERE m.bin_id IS NOT NULL AND b.warehouse_id IS DISTINCT FROM m.warehouse_id) THEN
        PERFORM refuse('plan_bin', 'A bin is of another warehouse');
    END IF;

    IF has.batches AND EXISTS (
        SELECT FROM jsonb_to_recordset(plan -> 'movements') AS m (batch_id uuid, quantity numeric)
        JOIN batch b ON b.organization_id = v.organization_id AND b.id = m.batch_id
        WHERE m.quantity < 0 AND (NOT b.is_active OR (skips_expired(t) AND b.expires_on < v.voucher_on))) THEN
        PERFORM refuse('plan_batch', 'A batch that is inactive or expired would be issued');
    END IF;

    -- What leaves a batch leaves there what orders keep of it, and a batch or bin of a pool isn't below zero on any day.
    IF has.batches AND EXISTS (
        SELECT FROM (SELECT m.item_id, m.warehouse_id, m.batch_id, -sum(m.quantity) AS went
                     FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, batch_id uuid, quantity numeric)
                     WHERE m.batch_id IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(m.quantity) < 0) m
        JOIN stock_balance b ON b.organization_id = v.organization_id AND b.item_id = m.item_id AND b.warehouse_id = m.warehouse_id
            AND b.reserved_quantity > 0
        CROSS JOIN LATERAL (
            SELECT sum(r.quantity_left - coalesce(u.quantity, 0)) AS kept FROM reservation r
            LEFT JOIN (SELECT x.id, sum(x.quantity) AS quantity
                       FROM jsonb_to_recordset(plan -> 'reservation_uses') AS x (id uuid, quantity numeric) GROUP BY x.id) u ON u.id = r.id
            WHERE r.organization_id = v.organization_id AND r.item_id = m.item_id AND r.warehouse_id = m.warehouse_id
              AND r.quantity_left > 0 AND r.batch_id = m.batch_id) k
        WHERE k.kept > 0 AND k.kept > (
            SELECT coalesce(sum(q.quantity), 0) FROM batch_balance q
            WHERE q.organization_id = v.organization_id AND q.item_id = m.item_id AND q.warehouse_id = m.warehouse_id
              AND q.batch_id = m.batch_id) - m.went) THEN
        PERFORM refuse('plan_reserved', 'A batch that is kept for orders would be issued');
    END IF;
    IF (has.batches OR has.bins) AND EXISTS (
        SELECT FROM (SELECT m.item_id, m.warehouse_id, coalesce(m.batch_id, '00000000-0000-0000-0000-000000000000') AS batch_id,
                         coalesce(m.bin_id, '00000000-0000-0000-0000-000000000000') AS bin_id, -sum(m.quantity) AS went
                     FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, batch_id uuid, bin_id uuid,
                         quantity numeric, valuation text)
                     WHERE m.valuation = 'weighted_average' AND (m.batch_id IS NOT NULL OR m.bin_id IS NOT NULL)
                     GROUP BY 1, 2, 3, 4 HAVING sum(m.quantity) < 0) m
        JOIN stock_balance b ON b.organization_id = v.organization_id AND b.item_id = m.item_id AND b.warehouse_id = m.warehouse_id
            AND b.last_moved_on > v.voucher_on
        JOIN batch_balance q ON q.organization_id = v.organization_id AND (q.item_id, q.warehouse_id, q.batch_id, q.bin_id)
            = (m.item_id, m.warehouse_id, m.batch_id, m.bin_id)
        WHERE m.went > least_of_lot(q, v.voucher_on)) THEN
        PERFORM refuse('plan_lot_days', 'A batch or bin would be below zero on a later day');
    END IF;

    -- Where each movement begins or ends, by the detail it belongs to, else by its line. Within one warehouse goods
    -- without a bin named are those that lie in none.
    IF has.details OR has.bins OR jsonb_path_exists(plan, '$.movements[*] ? (@.bin_id != null || @.detail_number != null)') THEN
        SELECT m.line_number INTO bad
        FROM jsonb_to_recordset(plan -> 'movements') AS m (grid text, line_number bigint, detail_number bigint, warehouse_id uuid,
            bin_id uuid, batch_id uuid, quantity numeric, is_deficit boolean)
        LEFT JOIN voucher_line l ON l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.grid = m.grid
            AND l.line_number = m.line_number
        LEFT JOIN voucher_line_detail x ON x.organization_id = v.organization_id AND x.voucher_id = v.id AND x.grid = m.grid
            AND x.line_number = m.line_number AND x.detail_number = m.detail_number
        CROSS JOIN LATERAL (
            SELECT coalesce(x.warehouse_id, l.warehouse_id) AS warehouse_id, coalesce(x.bin_id, l.bin_id) AS bin_id,
                coalesce(x.to_bin_id, l.to_bin_id) AS to_bin_id, coalesce(x.batch_id, l.batch_id) AS batch_id) p
        WHERE m.quantity <> 0 AND (
            (m.detail_number IS NOT NULL AND x.voucher_id IS NULL)
            OR (m.detail_number IS NULL AND EXISTS (SELECT FROM voucher_line_detail e WHERE e.organization_id = v.organization_id
                AND e.voucher_id = v.id AND e.grid = m.grid AND e.line_number = m.line_number))
            OR (p.batch_id IS NOT NULL AND m.batch_id IS DISTINCT FROM p.batch_id)
            OR CASE WHEN m.quantity < 0 THEN m.warehouse_id <> p.warehouse_id
                    OR (p.bin_id IS NOT NULL AND m.bin_id IS DISTINCT FROM p.bin_id)
                    OR (p.bin_id IS NULL AND l.to_warehouse_id = p.warehouse_id AND m.bin_id IS NOT NULL)
               WHEN t.stock_direction = 'transfer' THEN m.warehouse_id <> l.to_warehouse_id
                    OR (m.is_deficit IS NOT TRUE AND m.bin_id IS DISTINCT FROM p.to_bin_id)
               ELSE m.warehouse_id <> p.warehouse_id OR (m.is_deficit IS NOT TRUE AND m.bin_id IS DISTINCT FROM p.bin_id) END) LIMIT 1;
        IF FOUND THEN
            PERFORM refuse('plan_details', format('Line %s does not move where its details say', bad.line_number));
        END IF;
    END IF;

    IF has.details AND NOT t.counts_stock THEN
        SELECT x.line_number INTO bad
        FROM (SELECT d.grid, d.line_number, sum(d.stock_quantity) AS quantity FROM voucher_line_detail d
              WHERE d.organization_id = v.organization_id AND d.voucher_id = v.id GROUP BY d.grid, d.line_number) x
        LEFT JOIN voucher_line l ON l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.grid = x.grid
            AND l.line_number = x.line_number
        WHERE l.stock_quantity IS DISTINCT FROM x.quantity LIMIT 1;
        IF FOUND THEN
            PERFORM refuse('plan_details', format('The details of line %s do not come to its quantity', bad.line_number));
        END IF;
        SELECT d.line_number INTO bad
        FROM voucher_line_detail d
        JOIN voucher_line l ON l.organization_id = d.organization_id AND l.voucher_id = d.voucher_id AND l.grid = d.grid
            AND l.line_number = d.line_number
        LEFT JOIN (SELECT m.grid, m.line_number, m.detail_number, coalesce(sum(m.quantity) FILTER (WHERE m.quantity > 0), 0) AS came,
                       coalesce(-sum(m.quantity) FILTER (WHERE m.quantity < 0), 0) AS went,
                       array_agg(DISTINCT m.serial_id) FILTER (WHERE m.serial_id IS NOT NULL) AS serials
                   FROM jsonb_to_recordset(plan -> 'movements') AS m (grid text, line_number bigint, detail_number bigint, quantity numeric,
                       serial_id uuid)
                   GROUP BY 1, 2, 3) m ON m.grid = d.grid AND m.line_number = d.line_number AND m.detail_number = d.detail_number
        WHERE d.organization_id = v.organization_id AND d.voucher_id = v.id
          AND (l.against_voucher_id IS NULL OR NOT moved_before(l.organization_id, l.against_voucher_id))
          AND (CASE WHEN t.stock_direction = 'transfer' THEN m.went IS DISTINCT FROM d.stock_quantity OR m.came <> d.stock_quantity
                    WHEN t.stock_direction = 'out' OR d.grid = 'consume' THEN m.went IS DISTINCT FROM d.stock_quantity OR m.came <> 0
                    ELSE m.came IS DISTINCT FROM d.stock_quantity OR m.went <> 0 END
               OR (d.serial_keys IS NOT NULL AND (cardinality(d.serial_keys) <> coalesce(cardinality(m.serials), 0)
                   OR EXISTS (SELECT FROM unnest(d.serial_keys) k (key) WHERE NOT EXISTS (
                       SELECT FROM serial s WHERE s.organization_id = v.organization_id AND s.id = ANY (m.serials)
                         AND k.key IN (s.code_key, s.chassis_key, s.engine_key)))))) LIMIT 1;
        IF FOUND THEN
            PERFORM refuse('plan_details', format('Line %s does not move what its details say', bad.line_number));
        END IF;
    END IF;
    IF NOT has.units AND NOT jsonb_path_exists(plan, '$.movements[*] ? (@.serial_id != null)') THEN
        RETURN;
    END IF;

    -- Units by serial number: each moves once, from where it is, to where it then is.
    PERFORM FROM serial s WHERE s.organization_id = v.organization_id AND s.id IN (
        SELECT m.serial_id FROM jsonb_to_recordset(plan -> 'movements') AS m (serial_id uuid)) ORDER BY s.id FOR NO KEY UPDATE;
    SELECT m.line_number INTO bad
    FROM jsonb_to_recordset(plan -> 'movements') AS m (line_number bigint, item_id uuid, serial_id uuid, warehouse_id uuid, bin_id uuid,
        batch_id uuid, layer_id uuid, quantity numeric)
    JOIN item i ON i.organization_id = v.organization_id AND i.id = m.item_id
    LEFT JOIN serial s ON s.organization_id = v.organization_id AND s.id = m.serial_id
    WHERE m.quantity <> 0 AND CASE WHEN i.track_serial OR i.is_fixed_product THEN
        s.id IS NULL OR s.item_id <> m.item_id OR abs(m.quantity) <> 1 OR v.voucher_on < s.last_moved_on
        OR (m.quantity < 0 AND (s.warehouse_id IS DISTINCT FROM m.warehouse_id OR s.layer_id IS DISTINCT FROM m.layer_id
            OR s.batch_id IS DISTINCT FROM m.batch_id OR s.bin_id IS DISTINCT FROM m.bin_id))
        OR (m.quantity > 0 AND s.warehouse_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM jsonb_to_recordset(plan -> 'movements') AS o (serial_id uuid, quantity numeric)
            WHERE o.serial_id = m.serial_id AND o.quantity < 0))
        ELSE m.serial_id IS NOT NULL END LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('plan_serials', format('Line %s moves a unit that is not where the plan says', bad.line_number));
    END IF;
    IF EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'movements') AS m (serial_id uuid, quantity numeric)
               WHERE m.serial_id IS NOT NULL AND m.quantity <> 0 GROUP BY m.serial_id, sign(m.quantity) HAVING count(*) > 1) THEN
        PERFORM refuse('plan_serials', 'A unit would move twice');
    END IF;
END $$;

-- Where each unit is after the movements of a voucher that is being posted.
CREATE OR REPLACE FUNCTION erpdesk.posting_move_serials(v erpdesk.voucher, plan jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT jsonb_path_exists(plan, '$.movements[*] ? (@.serial_id != null)') THEN
        RETURN;
    END IF;
    UPDATE serial s SET warehouse_id = x.warehouse_id, bin_id = x.bin_id, batch_id = x.batch_id, layer_id = x.layer_id,
        last_moved_on = v.voucher_on, changed_at = now(), changed_by = session_user, row_version = s.row_version + 1
    FROM (SELECT DISTINCT ON (m.serial_id) m.serial_id,
              CASE WHEN m.quantity > 0 THEN m.warehouse_id END AS warehouse_id, CASE WHEN m.quantity > 0 THEN m.bin_id END AS bin_id,
              CASE WHEN m.quantity > 0 THEN m.batch_id END AS batch_id, CASE WHEN m.quantity > 0 THEN m.layer_id END AS layer_id
          FROM jsonb_to_recordset(plan -> 'movements') AS m (serial_id uuid, movement_number bigint, quantity numeric, warehouse_id uuid,
              bin_id uuid, batch_id uuid, layer_id uuid)
          WHERE m.serial_id IS NOT NULL AND m.quantity <> 0 ORDER BY m.serial_id, m.movement_number DESC) x
    WHERE s.organization_id = v.organization_id AND s.id = x.serial_id;
END $$;

-- A reversal: units must not have moved on since, and go back to where they were.
CREATE OR REPLACE FUNCTION erpdesk.reversal_check_serials(v erpdesk.voucher) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE bad record;
BEGIN
    PERFORM FROM serial s WHERE s.organization_id = v.organization_id AND s.id IN (
        SELECT m.serial_id FROM stock_movement m WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id)
    ORDER BY s.id FOR NO KEY UPDATE;
    SELECT m.item_id, m.warehouse_id, s.code, array_agg(DISTINCT u.voucher_number) AS numbers INTO bad
    FROM stock_movement m
    JOIN serial s ON s.organization_id = m.organization_id AND s.id = m.serial_id
    JOIN stock_movement n ON n.organization_id = m.organization_id AND n.serial_id = m.serial_id AND n.posting_sequence > v.posting_sequence
    JOIN voucher u ON u.organization_id = n.organization_id AND u.id = n.voucher_id AND u.status = 'POSTED' AND u.reversal_of_id IS NULL
    WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id AND m.serial_id IS NOT NULL
    GROUP BY m.item_id, m.warehouse_id, s.code ORDER BY s.code LIMIT 1;
    IF FOUND THEN
        PERFORM reversal_refuse_stock(v, bad.item_id, bad.warehouse_id, format('has moved on since (serial number %s)', bad.code), bad.numbers);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.reversal_move_serials(v erpdesk.voucher, r erpdesk.voucher) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE serial s SET warehouse_id = x.warehouse_id, bin_id = x.bin_id, batch_id = x.batch_id, layer_id = x.layer_id,
        last_moved_on = (  -- what was undone on its own day has moved nothing
            SELECT max(d.moved_on) FROM (
                SELECT m.moved_on FROM stock_movement m WHERE m.organization_id = v.organization_id AND m.serial_id = s.id
                GROUP BY m.moved_on, m.warehouse_id HAVING sum(m.quantity) <> 0) d), changed_at = now(), changed_by = session_user, row_version = s.row_version + 1
    FROM (SELECT DISTINCT ON (m.serial_id) m.serial_id,
              CASE WHEN m.quantity < 0 THEN m.warehouse_id END AS warehouse_id, CASE WHEN m.quantity < 0 THEN m.bin_id END AS bin_id,
              CASE WHEN m.quantity < 0 THEN m.batch_id END AS batch_id, CASE WHEN m.quantity < 0 THEN m.layer_id END AS layer_id
          FROM stock_movement m
          WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id AND m.serial_id IS NOT NULL AND m.quantity <> 0
          ORDER BY m.serial_id, m.movement_number) x
    WHERE s.organization_id = v.organization_id AND s.id = x.serial_id;
END $$;

-- I5 by unit, against anybody: whatever writes movements, a unit is in stock once or not at all.
CREATE OR REPLACE FUNCTION erpdesk.units_are_in_one_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM new_rows n WHERE n.serial_id IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM (
            SELECT m.serial_id, m.warehouse_id, sum(m.quantity) AS held, sum(sum(m.quantity)) OVER (PARTITION BY m.serial_id) AS held_in_all
            FROM stock_movement m
            WHERE (m.organization_id, m.serial_id) IN (SELECT n.organization_id, n.serial_id FROM new_rows n WHERE n.serial_id IS NOT NULL)
            GROUP BY m.serial_id, m.warehouse_id) x
        WHERE x.held NOT IN (0, 1) OR x.held_in_all NOT IN (0, 1)) THEN
        PERFORM refuse('i5_unit_in_one_place', 'A unit with a serial number is in stock once, or not at all');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS units_are_in_one_place ON erpdesk.stock_movement;
CREATE TRIGGER units_are_in_one_place AFTER INSERT ON erpdesk.stock_movement REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.units_are_in_one_place();

-- I5 by batch and bin, against anybody. Not a CHECK: those look at what an upsert would insert, not at what it makes.
CREATE OR REPLACE FUNCTION erpdesk.batch_is_below_zero() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM refuse('i5_batch_never_below_zero', 'A batch or bin can''t hold less than nothing');
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS batch_never_below_zero ON erpdesk.batch_balance;
CREATE TRIGGER batch_never_below_zero AFTER INSERT OR UPDATE ON erpdesk.batch_balance
    FOR EACH ROW WHEN (NEW.quantity < 0) EXECUTE FUNCTION erpdesk.batch_is_below_zero();

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('skips_expired', 'pool_cost_fault', 'posting_serials', 'posting_save_details', 'posting_verify_details',
            'posting_move_serials', 'reversal_check_serials', 'reversal_move_serials', 'units_are_in_one_place', 'batch_is_below_zero')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
