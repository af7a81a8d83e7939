-- The yardstick: one sale with its stock, posted by one call written by hand for exactly this voucher. It writes
-- the same rows to the same tables as the program's post does, draft included, under the same constraints and
-- triggers, and takes its locks in the same order. What it leaves out is everything that makes a program of it:
-- it knows no configuration, reads no masters, checks no rights, rules, limits or plan, and asks nobody back.

CREATE SCHEMA IF NOT EXISTS yardstick;

-- What is the same for every sale, looked up once.
CREATE TABLE yardstick.setting AS
SELECT o.id AS organization_id, b.id AS branch_id, t.id AS config_id, t.version AS blueprint_version, t.journal_type_id,
       p.id AS period_id, p.fiscal_year_id, y.code AS restart_key, w.id AS warehouse_id, u.id AS uom_id,
       (SELECT account_id FROM erpdesk.account_role r WHERE r.organization_id = o.id AND r.role = 'receivable') AS receivable_id,
       (SELECT account_id FROM erpdesk.account_role r WHERE r.organization_id = o.id AND r.role = 'sales') AS sales_id,
       (SELECT account_id FROM erpdesk.account_role r WHERE r.organization_id = o.id AND r.role = 'output_tax') AS tax_id,
       (SELECT account_id FROM erpdesk.account_role r WHERE r.organization_id = o.id AND r.role = 'stock') AS stock_id,
       (SELECT account_id FROM erpdesk.account_role r WHERE r.organization_id = o.id AND r.role = 'cogs') AS cogs_id
FROM erpdesk.organization o
JOIN erpdesk.branch b ON b.organization_id = o.id
JOIN erpdesk.voucher_config_master t ON t.organization_id = o.id AND t.code = 'SALES_INVOICE'
JOIN erpdesk.accounting_period p ON p.organization_id = o.id AND %(day)s::date BETWEEN p.starts_on AND p.ends_on
JOIN erpdesk.fiscal_year y ON y.organization_id = o.id AND y.id = p.fiscal_year_id
JOIN erpdesk.warehouse w ON w.organization_id = o.id AND w.code = 'MAIN'
JOIN erpdesk.uom u ON u.organization_id = o.id AND u.code = 'PCS'
WHERE o.code = %(organization)s;

CREATE FUNCTION yardstick.post_sale(p_voucher uuid, p_day date, p_party uuid, p_items uuid[], p_quantities numeric[],
    p_rates numeric[], p_document jsonb, p_hash text, p_key text, p_context jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = erpdesk, pg_catalog AS $$
DECLARE
    s yardstick.setting;
    v_correlation uuid := gen_random_uuid();
    v_journal uuid := gen_random_uuid();
    v_began timestamptz := clock_timestamp();
    v_items_total numeric; v_tax numeric; v_total numeric; v_cost numeric; v_sequence bigint; v_taken bigint;
    v_number text; v_lines bigint[]; v_layers uuid[]; v_goods uuid[]; v_parts numeric[]; v_values numeric[];
    v_posted voucher; v_result jsonb;
BEGIN
    SELECT * INTO s FROM yardstick.setting;
    SELECT sum(round(q * r, 2)) INTO v_items_total FROM unnest(p_quantities, p_rates) AS x (q, r);
    v_tax := round(v_items_total * 13 / 100, 2);
    v_total := v_items_total + v_tax;

    INSERT INTO idempotency_key (organization_id, key, content_hash, object_id) VALUES (s.organization_id, p_key, p_hash, p_voucher);
    INSERT INTO voucher (organization_id, id, branch_id, voucher_config_id, blueprint_version, voucher_on, entry_on, party_id,
        warehouse_id, currency_code, total, base_total, document, document_hash, idempotency_key, correlation_id)
    VALUES (s.organization_id, p_voucher, s.branch_id, s.config_id, s.blueprint_version, p_day, current_date, p_party,
        s.warehouse_id, 'NPR', v_total, v_total, p_document, p_hash, p_key, v_correlation);
    INSERT INTO voucher_line (organization_id, voucher_id, grid, line_number, item_id, warehouse_id, uom_id, quantity, stock_quantity,
        rate, line_amount)
    SELECT s.organization_id, p_voucher, 'lines', n, item, s.warehouse_id, s.uom_id, q, q, r, round(q * r, 2)
    FROM unnest(p_items, p_quantities, p_rates) WITH ORDINALITY AS x (item, q, r, n);
    INSERT INTO voucher_charge (organization_id, voucher_id, sequence, code, rate, base_amount, amount, direction)
    VALUES (s.organization_id, p_voucher, 1, 'DISC', NULL, v_items_total, 0, 'deduct'),
           (s.organization_id, p_voucher, 2, 'VAT', 13, v_items_total, v_tax, 'add');

    PERFORM FROM accounting_period a WHERE a.organization_id = s.organization_id AND a.id = s.period_id FOR SHARE;
    PERFORM FROM party_balance b WHERE b.organization_id = s.organization_id AND b.party_id = p_party FOR NO KEY UPDATE;
    PERFORM FROM stock_balance b
    WHERE b.organization_id = s.organization_id AND b.item_id = ANY (p_items) AND b.warehouse_id = s.warehouse_id
    ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE;

    -- First in, first out: each line takes the layers that lie under its quantity.
    SELECT array_agg(t.n), array_agg(t.id), array_agg(t.item), array_agg(t.part),
           array_agg(CASE WHEN t.part = t.quantity_left THEN t.value_left ELSE round(t.value_left * t.part / t.quantity_left, 2) END)
    INTO v_lines, v_layers, v_goods, v_parts, v_values
    FROM (SELECT x.n, x.item, l.id, l.quantity_left, l.value_left, least(l.quantity_left, x.q - l.before) AS part
          FROM unnest(p_items, p_quantities) WITH ORDINALITY AS x (item, q, n)
          CROSS JOIN LATERAL (
              SELECT y.id, y.quantity_left, y.value_left, sum(y.quantity_left) OVER w - y.quantity_left AS before
              FROM stock_layer y
              WHERE y.organization_id = s.organization_id AND y.item_id = x.item AND y.warehouse_id = s.warehouse_id
                AND y.is_open AND y.received_on <= p_day
              WINDOW w AS (ORDER BY y.received_on, y.posting_sequence, y.layer_number)) l
          WHERE l.before < x.q ORDER BY x.n, l.before) t;
    SELECT sum(part), sum(value) INTO v_taken, v_cost FROM unnest(v_parts, v_values) AS x (part, value);
    IF v_taken IS DISTINCT FROM (SELECT sum(q) FROM unnest(p_quantities) AS q) THEN
        RAISE EXCEPTION 'the yardstick is out of stock';
    END IF;

    v_sequence := nextval('posting_sequence');
    INSERT INTO journal (organization_id, id, voucher_id, journal_type_id, branch_id, fiscal_year_id, period_id, posted_on, posting_sequence)
    VALUES (s.organization_id, v_journal, p_voucher, s.journal_type_id, s.branch_id, s.fiscal_year_id, s.period_id, p_day, v_sequence);
    INSERT INTO journal_line (organization_id, journal_id, line_number, account_id, role, party_id, debit, credit, posted_on, posting_sequence)
    VALUES (s.organization_id, v_journal, 1, s.receivable_id, 'party', p_party, v_total, 0, p_day, v_sequence),
           (s.organization_id, v_journal, 2, s.sales_id, 'goods', NULL, 0, v_items_total, p_day, v_sequence),
           (s.organization_id, v_journal, 3, s.cogs_id, 'cost', NULL, v_cost, 0, p_day, v_sequence),
           (s.organization_id, v_journal, 4, s.stock_id, 'stock', NULL, 0, v_cost, p_day, v_sequence),
           (s.organization_id, v_journal, 5, s.tax_id, 'charge', NULL, 0, v_tax, p_day, v_sequence);
    INSERT INTO open_item (organization_id, id, voucher_id, party_id, account_id, dated_on, currency_code, amount, open_amount,
        currency_amount, currency_open_amount)
    VALUES (s.organization_id, gen_random_uuid(), p_voucher, p_party, s.receivable_id, p_day, 'NPR', v_total, v_total, v_total, v_total);
    INSERT INTO party_balance AS b (organization_id, party_id, balance) VALUES (s.organization_id, p_party, v_total)
    ON CONFLICT (organization_id, party_id) DO UPDATE SET balance = b.balance + excluded.balance;

    UPDATE stock_layer l SET quantity_left = l.quantity_left - x.part, value_left = l.value_left - x.value
    FROM unnest(v_layers, v_parts, v_values) AS x (id, part, value)
    WHERE l.organization_id = s.organization_id AND l.id = x.id;
    INSERT INTO stock_movement (organization_id, id, voucher_id, grid, line_number, journal_id, fiscal_year_id, kind, moved_on,
        posting_sequence, movement_number, item_id, warehouse_id, uom_id, quantity, value, unit_cost, valuation, layer_id, account_id,
        contra_account_id)
    SELECT s.organization_id, gen_random_uuid(), p_voucher, 'lines', x.line, v_journal, s.fiscal_year_id, 'out', p_day, v_sequence, x.n,
        x.item, s.warehouse_id, s.uom_id, -x.part, -x.value, round(x.value / x.part, 6), 'fifo', x.layer, s.stock_id, s.cogs_id
    FROM unnest(v_lines, v_layers, v_goods, v_parts, v_values) WITH ORDINALITY AS x (line, layer, item, part, value, n);
    UPDATE stock_balance b SET quantity = b.quantity - x.part, value = b.value - x.value,
        last_moved_on = greatest(b.last_moved_on, p_day), last_unit_cost = round(x.value / x.part, 6)
    FROM (SELECT y.item, sum(y.part) AS part, sum(y.value) AS value
          FROM unnest(v_goods, v_parts, v_values) AS y (item, part, value) GROUP BY y.item) x
    WHERE b.organization_id = s.organization_id AND b.item_id = x.item AND b.warehouse_id = s.warehouse_id;
    INSERT INTO source_line (organization_id, voucher_id, line_number, quantity, value)
    SELECT s.organization_id, p_voucher, x.line, sum(x.part), sum(x.value)
    FROM unnest(v_lines, v_parts, v_values) AS x (line, part, value) GROUP BY x.line;

    INSERT INTO number_counter AS c (organization_id, voucher_config_id, series_code, branch_id, restart_key, last_number)
    VALUES (s.organization_id, s.config_id, 'YARDSTICK', '00000000-0000-0000-0000-000000000000', s.restart_key, 1)
    ON CONFLICT (organization_id, voucher_config_id, series_code, branch_id, restart_key)
    DO UPDATE SET last_number = c.last_number + 1
    RETURNING c.last_number INTO v_taken;
    INSERT INTO voucher_number (organization_id, voucher_config_id, series_code, branch_id, restart_key, number, voucher_id)
    VALUES (s.organization_id, s.config_id, 'YARDSTICK', '00000000-0000-0000-0000-000000000000', s.restart_key, v_taken, p_voucher);
    v_number := 'YS/' || lpad(v_taken::text, 6, '0');
    UPDATE voucher SET status = 'POSTED', voucher_number = v_number, voucher_number_key = lower(v_number), fiscal_year_id = s.fiscal_year_id,
        posting_sequence = v_sequence, cost = v_cost, row_version = 2, posted_at = now(), posted_by = session_user
    WHERE organization_id = s.organization_id AND id = p_voucher
    RETURNING * INTO v_posted;
    v_result := jsonb_build_object('voucher_id', p_voucher, 'status', 'POSTED', 'voucher_number', v_number, 'total', v_total,
        'cost', v_cost, 'row_version', 2, 'posted_at', v_posted.posted_at);
    INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, step, after, correlation_id, context)
    VALUES (s.organization_id, gen_random_uuid(), nextval('audit_sequence'), 'posted', 'voucher', p_voucher::text, 'completed',
        to_jsonb(v_posted), v_correlation, p_context);
    INSERT INTO integration_event (organization_id, id, event_type, source_type, source_id, payload)
    VALUES (s.organization_id, gen_random_uuid(), 'voucher.posted', 'voucher', p_voucher::text, v_result);
    INSERT INTO voucher_process (organization_id, voucher_id, step, state, started_at, ended_at)
    SELECT s.organization_id, p_voucher, step, 'done', v_began, clock_timestamp()
    FROM unnest(ARRAY['saved', 'journal', 'gl', 'inventory', 'completed']) AS step;
    INSERT INTO posting_log (organization_id, id, voucher_id, idempotency_key, started_at, step, status, timings, payload, elapsed_ms,
        correlation_id, context)
    VALUES (s.organization_id, gen_random_uuid(), p_voucher, p_key, v_began, 'completed', 'done', '{}', '{"warnings": []}',
        extract(milliseconds FROM clock_timestamp() - v_began), v_correlation, p_context);
    UPDATE idempotency_key SET result = v_result WHERE organization_id = s.organization_id AND key = p_key;
    RETURN v_number;
END $$;
