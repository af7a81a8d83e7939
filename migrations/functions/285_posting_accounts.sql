-- The third part of verifying a plan: what a program of a clerk's own could still have forged. Each journal line stands
-- on an account that this very voucher may touch, with the party of its line; totals, cost, settlements, uses of other
-- documents and reservations are what the stored rows say. Taken from rows, never from the plan.

-- Where a voucher's journal may go and what its stock may stand on, by role: accounts of its items, warehouses, party.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_accounts(v erpdesk.voucher, t erpdesk.voucher_config_master, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE bad record; usual uuid;
BEGIN
    IF t.grid_kind IN ('ledger_dr_cr', 'ledger_single') THEN
        IF EXISTS (
            SELECT FROM (
                SELECT l.account_id, coalesce(l.party_id, l.account_id) AS party_id FROM voucher_line l
                WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id) w
            RIGHT JOIN (
                SELECT j.account_id, coalesce(j.party_id, j.account_id) AS party_id
                FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, account_id uuid, party_id uuid) WHERE j.role = 'line') a
              USING (account_id, party_id)
            WHERE w.account_id IS NULL) THEN
            PERFORM refuse('plan_lines', 'The journal names a party that its line does not');
        END IF;
    END IF;

    IF jsonb_array_length(coalesce(plan -> 'open_items', '[]')) > 1 THEN
        IF EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'open_items') AS o (party_id uuid, account_id uuid)
                   GROUP BY o.party_id, o.account_id HAVING count(*) > 1) THEN
            PERFORM refuse('plan_open_items', 'A party has one open item of a voucher on an account');
        END IF;
    END IF;
    IF t.header_counterpart = 'party' OR t.capitalises OR t.settles THEN
        SELECT coalesce(x.account_id, r.account_id) INTO usual
        FROM party x LEFT JOIN account_role r ON r.organization_id = x.organization_id
            AND r.role = CASE t.settlement_side WHEN 'payable' THEN 'payable' ELSE 'receivable' END
        WHERE x.organization_id = v.organization_id AND x.id = v.party_id;
    END IF;
    WITH moved AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(plan -> 'movements') AS m (line_number bigint, kind text, item_id uuid, warehouse_id uuid,
            account_id uuid, quantity numeric)),
    goods AS MATERIALIZED (
        SELECT m.item_id, m.warehouse_id FROM moved m
        UNION SELECT l.item_id, l.warehouse_id FROM voucher_line l
        WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.item_id IS NOT NULL AND NOT t.capitalises
        UNION SELECT m.item_id, m.warehouse_id FROM voucher_link k
        JOIN stock_movement m ON m.organization_id = k.organization_id AND m.voucher_id = k.other_voucher_id
        WHERE t.capitalises AND k.organization_id = v.organization_id AND k.voucher_id = v.id AND k.kind = 'receipt'),
    touched AS MATERIALIZED (
        SELECT x.item_id, x.warehouse_id, i.is_stocked, coalesce(w.inventory_account_id, i.inventory_account_id, g.inventory_account_id, r.stock) AS stock,
            coalesce(i.cogs_account_id, g.cogs_account_id, r.cogs) AS cogs,
            coalesce(i.sales_account_id, g.sales_account_id, r.sales) AS sales,
            coalesce(i.sales_return_account_id, g.sales_return_account_id, r.sales_return) AS sales_return
        FROM goods x
        JOIN item i ON i.organization_id = v.organization_id AND i.id = x.item_id
        LEFT JOIN item_group g ON g.organization_id = i.organization_id AND g.id = i.item_group_id
        LEFT JOIN warehouse w ON w.organization_id = v.organization_id AND w.id = x.warehouse_id
        CROSS JOIN LATERAL (  -- OFFSET 0: the four are read once
            SELECT (array_agg(o.account_id) FILTER (WHERE o.role = 'stock'))[1] AS stock, (array_agg(o.account_id) FILTER (WHERE o.role = 'cogs'))[1] AS cogs,
                (array_agg(o.account_id) FILTER (WHERE o.role = 'sales'))[1] AS sales,
                (array_agg(o.account_id) FILTER (WHERE o.role = 'sales_return'))[1] AS sales_return
            FROM account_role o WHERE o.organization_id = v.organization_id) r)
    SELECT x.what, x.line_number INTO bad FROM (
        SELECT 'plan_journal_account' AS what, j.line_number
        FROM jsonb_to_recordset(plan -> 'journal') AS j (line_number bigint, role text, account_id uuid, party_id uuid)
        WHERE CASE j.role
            WHEN 'line' THEN false
            WHEN 'party' THEN j.party_id IS DISTINCT FROM v.party_id OR NOT (j.account_id = usual OR (t.settles AND EXISTS (
                SELECT FROM open_item o WHERE o.organization_id = v.organization_id AND o.party_id = v.party_id AND o.account_id = j.account_id
                  AND o.open_amount <> 0 OFFSET 0)))  -- OFFSET 0: by the party's open items, never all of them
            WHEN 'account' THEN j.account_id IS DISTINCT FROM v.account_id
            WHEN 'stock' THEN NOT EXISTS (SELECT FROM touched x WHERE x.stock = j.account_id)
            WHEN 'cost' THEN NOT EXISTS (SELECT FROM touched x WHERE x.cogs = j.account_id)
            WHEN 'goods' THEN NOT EXISTS (SELECT FROM touched x WHERE j.account_id = CASE t.goods_role
                WHEN 'sales' THEN x.sales WHEN 'sales_return' THEN x.sales_return
                ELSE CASE WHEN x.is_stocked THEN x.stock ELSE x.cogs END END)
            ELSE false END
           OR (j.party_id IS NOT NULL AND j.role NOT IN ('line', 'party'))
        UNION ALL
        SELECT 'plan_movement', m.line_number FROM moved m
        LEFT JOIN touched x ON x.item_id = m.item_id AND x.warehouse_id = m.warehouse_id
        WHERE x.stock IS DISTINCT FROM m.account_id
           OR CASE WHEN m.quantity = 0 THEN 'cost' WHEN t.counts_stock THEN 'adjust' WHEN t.is_return THEN 'return'
                   ELSE CASE t.stock_direction WHEN 'in' THEN 'in' WHEN 'out' THEN 'out'
                       WHEN 'transfer' THEN CASE WHEN m.quantity < 0 THEN 'transfer_out' ELSE 'transfer_in' END
                       ELSE CASE WHEN m.quantity < 0 THEN 'consume' ELSE 'produce' END END END IS DISTINCT FROM m.kind) x LIMIT 1;
    IF bad.what IS NOT NULL THEN
        PERFORM refuse(bad.what, format('Line %s stands on an account that this voucher may not touch, or moves in another way', bad.line_number));
    END IF;
END $$;

-- Totals and cost of the voucher: what the header says of it is what its rows come to.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_totals(v erpdesk.voucher, t erpdesk.voucher_config_master, d integer, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE s record; cost numeric := 0; typed numeric;
BEGIN
    IF t.grid_kind = 'ledger_dr_cr' OR t.capitalises THEN
        SELECT CASE WHEN t.capitalises
            THEN (SELECT sum(c.amount) FROM voucher_charge c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id)
            ELSE (SELECT greatest(sum(l.debit), sum(l.credit)) FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id) END INTO typed;
        IF typed IS DISTINCT FROM v.total THEN
            PERFORM refuse('plan_total', 'The total is not what the lines come to');
        END IF;
    END IF;
    IF t.affects_inventory THEN
        SELECT coalesce(-sum(m.value) FILTER (WHERE m.quantity < 0), 0) AS taken,
            coalesce(sum(m.value) FILTER (WHERE m.quantity > 0 OR (m.quantity = 0 AND m.contra_account_id IS NULL)), 0) AS received,
            bool_or(m.quantity < 0) AND bool_or(m.quantity > 0) AS both_ways INTO s
        FROM jsonb_to_recordset(plan -> 'movements') AS m (quantity numeric, value numeric, contra_account_id uuid);
        cost := CASE WHEN t.stock_direction = 'journal' AND s.received <> 0 OR s.taken = 0 THEN s.received ELSE s.taken END;
        -- What is produced is what was consumed, with the cost that was added.
        IF t.stock_direction = 'journal' AND NOT t.counts_stock AND s.both_ways THEN
            IF s.received - s.taken IS DISTINCT FROM coalesce((
                SELECT sum(c.amount) FROM voucher_charge c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id), 0) THEN
                PERFORM refuse('plan_production', 'What is produced does not cost what was consumed');
            END IF;
        END IF;
    END IF;
    IF (plan ->> 'cost')::numeric IS DISTINCT FROM cost
       OR (t.grid_kind = 'items_dual' AND (plan ->> 'total')::numeric IS DISTINCT FROM cost) THEN
        PERFORM refuse('plan_cost', 'The cost of the voucher is not what its goods cost');
    END IF;
    IF NOT EXISTS (SELECT FROM blueprint_version b WHERE b.organization_id = v.organization_id AND b.voucher_config_id = v.voucher_config_id
                   AND b.version = v.blueprint_version) THEN
        PERFORM refuse('plan_blueprint', 'The voucher names a version of its type that there is not');
    END IF;
    -- Goods received at the price of their own line, where nothing is spread over lines.
    IF t.affects_inventory AND t.stock_direction = 'in' AND t.goods_role = 'inventory' AND NOT t.is_return THEN
        IF EXISTS (
            SELECT FROM voucher_line l
            JOIN (SELECT m.line_number, sum(m.value) AS value
                  FROM jsonb_to_recordset(plan -> 'movements') AS m (line_number bigint, quantity numeric, value numeric)
                  WHERE m.quantity > 0 GROUP BY m.line_number) m ON m.line_number = l.line_number
            WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND round(l.line_amount * v.exchange_rate, d) <> m.value) THEN
            IF NOT EXISTS (
                SELECT FROM voucher_charge c JOIN charges_typed(v) f ON f.code = c.code AND f.allocate_to_cost <> 'none'
                WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id AND c.amount <> 0) THEN
                PERFORM refuse('plan_received_value', 'Goods are received at another value than their line has');
            END IF;
        END IF;
    END IF;
END $$;

-- What the voucher does to other documents: source lines, reservations, landed receipts, open items.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_named(v erpdesk.voucher, t erpdesk.voucher_config_master, d integer, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF t.affects_inventory AND NOT t.counts_stock AND (given(plan, 'source_uses') OR given(plan, 'reservation_uses') OR EXISTS (
        SELECT FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.against_voucher_id IS NOT NULL)) THEN
        PERFORM posting_verify_sources(v, t, d, plan);
    END IF;
    IF t.reserves_stock THEN
        IF EXISTS (
            SELECT FROM (
                SELECT l.line_number, l.item_id, l.warehouse_id, l.stock_quantity AS quantity FROM voucher_line l
                JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id AND i.is_stocked
                WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.stock_quantity <> 0) w
            FULL JOIN jsonb_to_recordset(plan -> 'reservations') AS r (line_number bigint, item_id uuid, warehouse_id uuid, quantity numeric)
              USING (line_number, item_id, warehouse_id)
            WHERE w.quantity IS DISTINCT FROM r.quantity) THEN
            PERFORM refuse('plan_reservations', 'What is reserved is not what the order''s lines say');
        END IF;
    END IF;
    -- Value joins goods of the receipts named, wherever they have gone, and no others.
    IF t.affects_inventory AND EXISTS (
        SELECT FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, layer_id uuid, quantity numeric, contra_account_id uuid)
        WHERE m.quantity = 0 AND m.contra_account_id IS NULL AND NOT EXISTS (
            SELECT FROM voucher_link k
            JOIN stock_movement r ON r.organization_id = k.organization_id AND r.voucher_id = k.other_voucher_id AND r.item_id = m.item_id AND r.quantity > 0
            LEFT JOIN stock_layer y ON y.organization_id = k.organization_id AND y.id = m.layer_id
            WHERE k.organization_id = v.organization_id AND k.voucher_id = v.id
              AND CASE WHEN m.layer_id IS NULL THEN r.valuation = 'weighted_average' AND r.warehouse_id = m.warehouse_id
                       ELSE r.layer_id IN (y.id, y.origin_layer_id) AND y.item_id = m.item_id AND y.warehouse_id = m.warehouse_id END)) THEN
        PERFORM refuse('plan_landed', 'Value would join goods that the voucher does not name');
    END IF;
    IF t.settles THEN
        PERFORM posting_verify_settlements(v, plan);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.posting_verify_sources(v erpdesk.voucher, t erpdesk.voucher_config_master, d integer, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM source_line s JOIN voucher_line l ON l.organization_id = s.organization_id AND l.against_voucher_id = s.voucher_id
    WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id ORDER BY s.voucher_id, s.line_number FOR NO KEY UPDATE OF s;
    IF EXISTS (
        WITH followed AS MATERIALIZED (
            SELECT l.line_number AS own_line, l.against_voucher_id AS voucher_id, l.against_line AS line_number, l.stock_quantity AS quantity, c.document_kind,
                x.party_id <> v.party_id AS is_others
            FROM voucher_line l
            JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id AND i.is_stocked
            JOIN voucher x ON x.organization_id = l.organization_id AND x.id = l.against_voucher_id
            JOIN voucher_config_master c ON c.organization_id = x.organization_id AND c.id = x.voucher_config_id
            WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.against_line IS NOT NULL AND l.stock_quantity <> 0
              AND (t.is_return OR c.document_kind IN ('order', 'receipt', 'delivery'))),
        used AS MATERIALIZED (
            SELECT u.voucher_id, u.line_number, sum(u.quantity) AS quantity, sum(u.value) AS value
            FROM jsonb_to_recordset(plan -> 'source_uses') AS u (voucher_id uuid, line_number bigint, quantity numeric, value numeric)
            GROUP BY u.voucher_id, u.line_number)
        SELECT FROM (
            SELECT f.voucher_id, f.line_number, min(f.document_kind) AS document_kind, bool_or(f.is_others) AS is_others, sum(f.quantity) AS quantity, count(*) AS parts, sum(m.value) AS moved
            FROM followed f
            LEFT JOIN (SELECT y.line_number, sum(y.value) AS value
                       FROM jsonb_to_recordset(plan -> 'movements') AS y (line_number bigint, quantity numeric, value numeric)
                       WHERE y.quantity <> 0 GROUP BY y.line_number) m ON m.line_number = f.own_line
            GROUP BY f.voucher_id, f.line_number) f
        FULL JOIN used u ON u.voucher_id = f.voucher_id AND u.line_number = f.line_number
        LEFT JOIN source_line s ON s.organization_id = v.organization_id AND s.voucher_id = f.voucher_id AND s.line_number = f.line_number
        WHERE u.quantity IS DISTINCT FROM f.quantity OR s.voucher_id IS NULL OR f.is_others
           OR CASE
               WHEN t.is_return AND t.stock_direction = 'out' THEN u.value IS DISTINCT FROM -f.moved
               WHEN t.is_return THEN u.value IS DISTINCT FROM f.moved OR abs(u.value - CASE WHEN s.used_quantity + u.quantity = s.quantity
                   THEN s.value - s.used_value ELSE least(s.value - s.used_value, money_share(s.value, u.quantity, s.quantity, d)) END)
                   > (f.parts - 1) * 10.0 ^ -d
               WHEN f.document_kind = 'order' THEN u.value <> 0
               ELSE u.value IS DISTINCT FROM money_share(s.value, s.used_quantity + u.quantity, s.quantity, d) - s.used_value END) THEN
        PERFORM refuse('plan_sources', 'What the voucher uses of other documents is not what its lines say');
    END IF;
    IF given(plan, 'reservation_uses') AND EXISTS (
        SELECT FROM jsonb_to_recordset(plan -> 'reservation_uses') AS u (id uuid, quantity numeric)
        LEFT JOIN reservation r ON r.organization_id = v.organization_id AND r.id = u.id
        WHERE r.id IS NULL OR u.quantity <= 0 OR NOT EXISTS (
            SELECT FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.item_id = r.item_id
              AND l.against_voucher_id = r.voucher_id AND l.against_line = r.line_number)) THEN
        PERFORM refuse('plan_reservations', 'The voucher uses a reservation of an order that it does not follow');
    END IF;
    IF coalesce((SELECT sum(CASE j.role WHEN 'grir' THEN j.amount ELSE -j.amount END)
                 FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, amount numeric) WHERE j.role IN ('grir', 'delivered')), 0)
       <> coalesce((SELECT sum(u.value) FROM jsonb_to_recordset(plan -> 'source_uses') AS u (value numeric) WHERE NOT t.is_return), 0) THEN
        PERFORM refuse('plan_sources', 'What was received or delivered before is not cleared at its value');
    END IF;
END $$;

-- What is settled on other open items of an account is settled on an own one of that account.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_settlements(v erpdesk.voucher, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM jsonb_to_recordset(plan -> 'settlements') AS s (open_item_id uuid, amount numeric, own boolean)
        LEFT JOIN open_item o ON NOT s.own AND o.organization_id = v.organization_id AND o.id = s.open_item_id
        LEFT JOIN jsonb_to_recordset(plan -> 'open_items') AS n (id uuid, account_id uuid) ON s.own AND n.id = s.open_item_id
        GROUP BY coalesce(o.account_id, n.account_id)
        HAVING coalesce(o.account_id, n.account_id) IS NULL OR sum(s.amount) <> 0) THEN
        PERFORM refuse('plan_settlements', 'The settlement is not what the allocations say');
    END IF;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('posting_verify_accounts', 'posting_verify_totals', 'posting_verify_named',
            'posting_verify_sources', 'posting_verify_settlements')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
