-- Apply and commit: the second half of a post, one call. Verifies the plan against stored rows, writes the
-- journal, layers, movements, balances and open items as sets, takes the number last, marks the voucher
-- posted, and writes audit entry, event, process steps and log. The only writer of books.

-- money(v x q / total) to d decimals, half away from zero, in exact integer arithmetic; the last part takes all.
CREATE OR REPLACE FUNCTION erpdesk.money_share(v numeric, q numeric, total numeric, d integer) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN q = total THEN v
                ELSE div(2 * v * q * (10::numeric ^ d) + total, 2 * total) / (10::numeric ^ d) END
$$;

-- The text of a number: prefix and suffix with their tokens, zero-padded.
CREATE OR REPLACE FUNCTION erpdesk.number_text(p_template text, p_year text, p_short_year text, p_branch text,
                                               p_day date) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(replace(replace(replace(replace(replace(coalesce(p_template, ''), '{FYS}', p_short_year), '{FY}', p_year),
        '{BRANCH}', p_branch), '{YYYY}', to_char(p_day, 'YYYY')), '{YY}', to_char(p_day, 'YY')), '{MM}', to_char(p_day, 'MM'))
$$;

-- Which series serves this voucher, and what its next number would print as. Locks nothing.
CREATE OR REPLACE FUNCTION erpdesk.series_of(p_organization uuid, p_config uuid, p_series text, p_branch uuid, p_day date,
    OUT series_code text, OUT branch_key uuid, OUT restart_key text, OUT first_number bigint, OUT prefix text,
    OUT suffix text, OUT width integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    t voucher_config_master; s number_series; y fiscal_year; b text; restart text; own boolean;
BEGIN
    SELECT * INTO t FROM voucher_config_master c WHERE c.organization_id = p_organization AND c.id = p_config;
    SELECT * INTO y FROM fiscal_year f WHERE f.organization_id = p_organization AND p_day BETWEEN f.starts_on AND f.ends_on;
    SELECT x.code INTO b FROM branch x WHERE x.organization_id = p_organization AND x.id = p_branch;
    series_code := coalesce(p_series, 'MAIN');
    IF series_code <> 'MAIN' THEN  -- named as codes are: without regard to case
        series_code := coalesce((
            SELECT n.code FROM (SELECT x.code FROM number_series x WHERE x.organization_id = p_organization AND x.voucher_config_id = p_config
                                UNION SELECT 'MAIN') n
            WHERE key_of(n.code) = key_of(p_series) ORDER BY n.code = p_series DESC, n.code LIMIT 1), p_series);
    END IF;
    SELECT * INTO s FROM number_series n
    WHERE n.organization_id = p_organization AND n.voucher_config_id = p_config AND n.code = series_code AND n.is_active
      AND (n.branch_id IS NULL OR n.branch_id = p_branch) AND (n.valid_from IS NULL OR n.valid_from <= p_day)
    ORDER BY n.branch_id NULLS LAST, n.valid_from DESC NULLS LAST LIMIT 1;
    IF NOT FOUND AND series_code <> 'MAIN' THEN
        PERFORM refuse_request('invalid', 'NUM-002', format('There is no number series %s for %s', series_code, t.label), 'series');
    END IF;
    restart := coalesce(s.restart, t.number_restart);
    own := coalesce(s.per_branch, t.number_per_branch);
    width := coalesce(s.width, t.number_width);
    first_number := coalesce(s.first_number, 1);
    branch_key := CASE WHEN own THEN p_branch ELSE '00000000-0000-0000-0000-000000000000'::uuid END;
    restart_key := CASE restart WHEN 'fiscal_year' THEN y.code WHEN 'month' THEN to_char(p_day, 'YYYY-MM') ELSE '' END;
    prefix := number_text(coalesce(s.prefix, t.number_prefix), y.code, y.short_code, b, p_day);
    suffix := number_text(coalesce(s.suffix, t.number_suffix), y.code, y.short_code, b, p_day);
END $$;

CREATE OR REPLACE FUNCTION erpdesk.next_number(p_organization uuid, p_type text, p_series text, p_branch uuid, p_day date)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE r record; n bigint; v_config uuid; v_branch uuid := p_branch;
BEGIN
    PERFORM require_member(p_organization);
    SELECT id INTO v_config FROM voucher_config_master WHERE organization_id = p_organization AND code = p_type;
    IF v_branch IS NULL THEN
        SELECT id INTO v_branch FROM branch WHERE organization_id = p_organization AND is_active ORDER BY created_at, code_key LIMIT 1;
    END IF;
    SELECT * INTO r FROM series_of(p_organization, v_config, p_series, v_branch, p_day);
    SELECT c.last_number INTO n FROM number_counter c
    WHERE c.organization_id = p_organization AND c.voucher_config_id = v_config AND c.series_code = r.series_code
      AND c.branch_id = r.branch_key AND c.restart_key = r.restart_key;
    RETURN number_printed(r.prefix, coalesce(n + 1, r.first_number), r.width, r.suffix);
END $$;

-- Whether goods of a line that follows this voucher moved with it already: it is a receipt or a delivery.
CREATE OR REPLACE FUNCTION erpdesk.moved_before(p_organization uuid, p_voucher uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF p_voucher IS NULL THEN
        RETURN false;
    END IF;
    RETURN (SELECT s.document_kind IN ('receipt', 'delivery') FROM voucher x
            JOIN voucher_config_master s ON s.organization_id = x.organization_id AND s.id = x.voucher_config_id
            WHERE x.organization_id = p_organization AND x.id = p_voucher);
END $$;

-- Whether a place for accounts of these kinds takes one: of the kind, cash where bank is and the other way round, an asset
-- or a liability whose kind nobody has said; any where no kind is named.
CREATE OR REPLACE FUNCTION erpdesk.account_fits(p_kind text, p_nature text, p_kinds jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(p_kinds, '[]') = '[]' OR p_kinds ? p_kind OR (p_kind IN ('cash', 'bank') AND p_kinds ?| ARRAY['cash', 'bank'])
        OR (p_kind = 'general' AND p_nature IN ('asset', 'liability'))
$$;

-- The plan against the voucher's own rows and masters; raises the first contradiction. A correct program never meets one
-- of these. Tells what goods do, so that the rest is verified under the locks.
-- Lines, journal and movements are each looked at once, for everything that is asked of them: to start a statement
-- costs more than most of these questions do.
DROP FUNCTION IF EXISTS erpdesk.posting_verify(erpdesk.voucher, erpdesk.voucher_config_master, integer, jsonb);
CREATE OR REPLACE FUNCTION erpdesk.posting_verify(v erpdesk.voucher, t erpdesk.voucher_config_master, d integer, plan jsonb,
    OUT issued boolean, OUT pooled boolean, OUT below_zero boolean, OUT detailed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    side integer := CASE t.header_side WHEN 'debit' THEN 1 WHEN 'credit' THEN -1 ELSE 0 END;
    is_foreign boolean := v.currency_code <> (SELECT o.base_currency FROM organization o WHERE o.id = v.organization_id);
    known text[] := CASE WHEN is_foreign THEN roles_of(t) || exchange_roles(v, t) ELSE roles_of(t) END;
    dc integer := CASE WHEN is_foreign THEN voucher_decimals(v, d) ELSE d END;
    lines record; journal record; moves record; bad record;
BEGIN
    SELECT min(l.line_number) FILTER (WHERE l.item_id IS NOT NULL AND l.line_amount
               <> round(l.quantity * l.rate * (1 - l.discount_percent * 0.01) - l.discount_amount, dc)) AS wrong,
           coalesce(sum(l.line_amount), 0) AS amount, coalesce(sum(round(l.line_amount * v.exchange_rate, d)), 0) AS based, coalesce(bool_or(l.against_voucher_id IS NOT NULL), false) AS follow INTO lines
    FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id;
    IF lines.wrong IS NOT NULL THEN
        PERFORM refuse('plan_line_amount', format('Line %s: the amount is not quantity times rate less discount', lines.wrong));
    END IF;

    -- Accounts exist, are active, are no groups; stock and GR/IR accounts only from stock blueprints; parties where needed.
    SELECT bool_or(a.id IS NULL OR a.is_group OR NOT a.is_active OR (a.kind IN ('stock', 'grir', 'dni') AND NOT t.affects_inventory)
               OR (a.kind IN ('receivable', 'payable') AND j.party_id IS NULL)
               OR NOT account_fits(a.kind, a.nature, CASE j.role WHEN 'account' THEN t.header_account_kinds
                                                                 WHEN 'line' THEN t.line_account_kinds END)) AS misplaced,
           min(a.code) FILTER (WHERE a.is_group OR NOT a.is_active OR (a.kind IN ('stock', 'grir', 'dni') AND NOT t.affects_inventory)
               OR (a.kind IN ('receivable', 'payable') AND j.party_id IS NULL)
               OR NOT account_fits(a.kind, a.nature, CASE j.role WHEN 'account' THEN t.header_account_kinds
                                                                 WHEN 'line' THEN t.line_account_kinds END)) AS code,
           min(j.role) FILTER (WHERE NOT j.role = ANY (known)) AS unknown_role,
           bool_or(j.role IN ('grir', 'received', 'invoiced', 'delivered', 'write_off', 'discount', 'variance', 'role', 'adjustment', 'rounding', 'exchange_rounding',
               'exchange')) AS bound,
           coalesce(sum(j.amount) FILTER (WHERE j.role = t.header_counterpart AND CASE t.header_counterpart
               WHEN 'account' THEN j.account_id = v.account_id ELSE j.party_id = v.party_id END), 0) AS header,
           coalesce(sum(j.amount) FILTER (WHERE j.role = 'goods'), 0) AS goods,
           coalesce(sum(j.amount) FILTER (WHERE j.role = 'rounding'), 0) AS rounding,
           coalesce(sum(j.amount) FILTER (WHERE j.role = 'variance'), 0) AS variance INTO journal
    FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, account_id uuid, party_id uuid, amount numeric)
    LEFT JOIN account a ON a.organization_id = v.organization_id AND a.id = j.account_id;
    IF journal.misplaced THEN
        PERFORM refuse('plan_account', format('Account %s can''t take this line', journal.code));
    -- What the header's counterpart takes is the voucher's total, on its side.
    ELSIF t.affects_gl AND t.header_counterpart IN ('party', 'account') AND side <> 0 AND NOT t.capitalises
          AND journal.header <> side * v.base_total THEN
        PERFORM refuse('plan_header_total', 'The header''s counterpart does not take the total of the voucher');
    END IF;

    -- Lines as typed, by account.
    IF t.affects_gl AND t.grid_kind IN ('ledger_dr_cr', 'ledger_single') THEN
        IF EXISTS (
            SELECT FROM (
                SELECT l.account_id, round(v.exchange_rate * CASE WHEN t.grid_kind = 'ledger_dr_cr' THEN l.debit - l.credit
                                                          ELSE -side * l.line_amount END, d) AS amount
                FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id
                UNION ALL
                SELECT j.account_id, -j.amount
                FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, account_id uuid, amount numeric) WHERE j.role = 'line') w
            GROUP BY w.account_id HAVING sum(w.amount) <> 0) THEN
            PERFORM refuse('plan_lines', 'The journal is not what the lines say');
        END IF;
    END IF;

    -- Goods and charges at the document's price.
    IF t.affects_gl AND t.grid_kind = 'items' AND t.goods_role = 'sales' AND journal.goods <> -side * lines.based THEN
        IF NOT EXISTS (SELECT FROM charges_typed(v) f WHERE f.included_in_price) THEN
            PERFORM refuse('plan_goods', 'The goods are not journalled at the price of the document');
        END IF;
    END IF;

    -- Stock: each line moves its quantity, values follow the rule of valuation, the ledger follows the stock.
    IF t.affects_inventory THEN
        SELECT count(*) FILTER (WHERE m.quantity > 0 AND m.valuation = 'fifo' AND m.is_deficit IS NOT TRUE) AS layered,
               bool_or(m.quantity < 0) AS issued, bool_or(m.quantity > 0) AS received, bool_or(m.transfer_id IS NOT NULL) AS transferred,
               bool_or(m.is_deficit) AS below_zero, bool_or(m.valuation = 'weighted_average') AS pooled,
               bool_or(i.valuation <> m.valuation) AS misvalued,
               min(m.line_number) FILTER (WHERE m.quantity <> 0 AND (l.voucher_id IS NULL OR (m.detail_number IS NULL AND (
                   m.warehouse_id NOT IN (l.warehouse_id, coalesce(l.to_warehouse_id, l.warehouse_id))
                   OR (l.batch_id IS NOT NULL AND m.batch_id IS DISTINCT FROM l.batch_id))))) AS strange,
               bool_or(i.track_serial OR i.is_fixed_product OR l.bin_id IS NOT NULL OR l.to_bin_id IS NOT NULL
                   OR coalesce(m.serial_id, m.bin_id, m.batch_id) IS NOT NULL OR m.detail_number IS NOT NULL) AS detailed,
               min(m.line_number) FILTER (WHERE m.quantity = 0) AS empty INTO moves
        FROM jsonb_to_recordset(plan -> 'movements') AS m (grid text, line_number bigint, item_id uuid, warehouse_id uuid, batch_id uuid,
            bin_id uuid, serial_id uuid, detail_number bigint, quantity numeric, valuation text, transfer_id uuid, is_deficit boolean)
        LEFT JOIN voucher_line l ON l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.grid = m.grid
            AND l.line_number = m.line_number AND l.item_id = m.item_id
        LEFT JOIN item i ON i.organization_id = v.organization_id AND i.id = m.item_id;

        -- The voucher's lines are fetched before anything is joined to them, whatever the planner believes of the tables.
        WITH own AS MATERIALIZED (
            SELECT * FROM voucher_line x WHERE x.organization_id = v.organization_id AND x.voucher_id = v.id)
        SELECT l.line_number INTO bad FROM own l
        LEFT JOIN (
            SELECT m.grid, m.line_number, m.item_id, sum(m.quantity) FILTER (WHERE m.quantity > 0) AS came,
                   -sum(m.quantity) FILTER (WHERE m.quantity < 0) AS went
            FROM jsonb_to_recordset(plan -> 'movements') AS m (grid text, line_number bigint, quantity numeric, item_id uuid)
            GROUP BY m.grid, m.line_number, m.item_id) m
          ON m.grid = l.grid AND m.line_number = l.line_number AND m.item_id = l.item_id
        JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id
        WHERE i.is_stocked
          AND (l.against_voucher_id IS NULL OR NOT moved_before(l.organization_id, l.against_voucher_id))
          AND CASE t.stock_direction
              WHEN 'in' THEN coalesce(m.came, 0) <> l.stock_quantity OR coalesce(m.went, 0) <> 0
              WHEN 'out' THEN coalesce(m.went, 0) <> l.stock_quantity OR coalesce(m.came, 0) <> 0
              WHEN 'transfer' THEN coalesce(m.went, 0) <> l.stock_quantity OR coalesce(m.came, 0) <> l.stock_quantity
              ELSE (l.grid = 'consume' AND coalesce(m.went, 0) <> l.stock_quantity)
                OR (l.grid = 'produce' AND coalesce(m.came, 0) <> l.stock_quantity) END LIMIT 1;
        IF FOUND THEN
            PERFORM refuse('plan_quantity', format('Line %s does not move its quantity', bad.line_number));
        END IF;

        IF moves.misvalued OR jsonb_array_length(coalesce(plan -> 'layers', '[]')) <> moves.layered THEN
            PERFORM refuse('plan_layers', 'The layers made are not what was received');
        END IF;
        IF moves.received THEN
            IF EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'movements') AS m (id uuid, layer_id uuid, item_id uuid,
                          warehouse_id uuid, bin_id uuid, batch_id uuid, serial_id uuid, quantity numeric, value numeric, valuation text,
                          is_deficit boolean)
                      LEFT JOIN jsonb_to_recordset(plan -> 'layers') AS y (id uuid, item_id uuid, warehouse_id uuid, bin_id uuid, batch_id uuid,
                          serial_id uuid, quantity numeric, value numeric) ON y.id = m.layer_id
                      WHERE m.quantity > 0 AND m.valuation = 'fifo' AND m.is_deficit IS NOT TRUE
                        AND (y.id IS NULL OR (y.item_id, y.warehouse_id, y.quantity, y.value) <> (m.item_id, m.warehouse_id, m.quantity, m.value)
                             OR y.batch_id IS DISTINCT FROM m.batch_id OR y.bin_id IS DISTINCT FROM m.bin_id
                             OR y.serial_id IS DISTINCT FROM m.serial_id)) THEN
                PERFORM refuse('plan_layers', 'The layers made are not what was received');
            END IF;
        END IF;
        IF moves.transferred THEN
            IF EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'movements') AS m (transfer_id uuid, value numeric)
                      WHERE m.transfer_id IS NOT NULL GROUP BY m.transfer_id HAVING sum(m.value) <> 0) THEN
                PERFORM refuse('plan_layers', 'The layers made are not what was received');
            END IF;
        END IF;

        IF EXISTS (
            SELECT FROM (
                SELECT j.account_id, j.amount
                FROM jsonb_to_recordset(plan -> 'journal') AS j (account_id uuid, amount numeric)
                JOIN account a ON a.organization_id = v.organization_id AND a.id = j.account_id AND a.kind = 'stock'
                UNION ALL
                SELECT m.account_id, -m.value
                FROM jsonb_to_recordset(plan -> 'movements') AS m (account_id uuid, value numeric)) w
            GROUP BY w.account_id HAVING sum(w.amount) <> 0) THEN
            PERFORM refuse('plan_stock_accounts', 'The inventory accounts do not follow the stock');
        END IF;
    ELSIF given(plan, 'movements') THEN
        PERFORM refuse('plan_no_stock', 'This voucher type moves no stock');
    ELSE
        SELECT NULL::bigint AS strange, NULL::bigint AS empty INTO moves;
    END IF;

    -- Every line with a party is an open item of that party.
    IF EXISTS (
        SELECT FROM (SELECT j.party_id, j.account_id, j.amount
                     FROM jsonb_to_recordset(plan -> 'journal') AS j (party_id uuid, account_id uuid, amount numeric)
                     WHERE j.party_id IS NOT NULL
                     UNION ALL
                     SELECT o.party_id, o.account_id, -o.amount
                     FROM jsonb_to_recordset(plan -> 'open_items') AS o (party_id uuid, account_id uuid, amount numeric)) w
        GROUP BY w.party_id, w.account_id HAVING sum(w.amount) <> 0) THEN
        PERFORM refuse('plan_open_items', 'The open items are not what the party lines say');
    END IF;

    IF t.settles OR jsonb_array_length(coalesce(plan -> 'settlements', '[]')) > 0
       OR EXISTS (SELECT FROM jsonb_array_elements(plan -> 'open_items') x WHERE x ->> 'amount' IS DISTINCT FROM x ->> 'open_amount') THEN
        -- What is settled on other open items is settled on this voucher's own, or between them; parties don't mix.
        IF EXISTS (
            SELECT FROM jsonb_to_recordset(plan -> 'settlements') AS s (open_item_id uuid, amount numeric, own boolean)
            LEFT JOIN open_item o ON NOT s.own AND o.organization_id = v.organization_id AND o.id = s.open_item_id
            LEFT JOIN jsonb_to_recordset(plan -> 'open_items') AS n (id uuid, party_id uuid, amount numeric, open_amount numeric)
              ON s.own AND n.id = s.open_item_id
            WHERE coalesce(o.party_id, n.party_id) IS DISTINCT FROM v.party_id OR (s.own AND n.amount - n.open_amount <> s.amount))
           OR (SELECT coalesce(sum(s.amount), 0) FROM jsonb_to_recordset(plan -> 'settlements') AS s (amount numeric)) <> 0
           OR (NOT t.settles AND jsonb_array_length(coalesce(plan -> 'settlements', '[]')) > 0)
           OR EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'open_items') AS n (id uuid, amount numeric, open_amount numeric)
                      WHERE n.amount <> n.open_amount AND NOT EXISTS (
                          SELECT FROM jsonb_to_recordset(plan -> 'settlements') AS s (open_item_id uuid) WHERE s.open_item_id = n.id)) THEN
            PERFORM refuse('plan_settlements', 'The settlement does not add up');
        END IF;
    END IF;
    IF given(plan, 'source_uses') THEN
        IF EXISTS (
            SELECT FROM jsonb_to_recordset(plan -> 'source_uses') AS u (voucher_id uuid, line_number bigint)
            LEFT JOIN voucher x ON x.organization_id = v.organization_id AND x.id = u.voucher_id AND x.status = 'POSTED'
            LEFT JOIN source_line s ON s.organization_id = v.organization_id AND s.voucher_id = u.voucher_id AND s.line_number = u.line_number
            WHERE x.id IS NULL OR s.voucher_id IS NULL) THEN
            PERFORM refuse('plan_sources', 'A source document is not posted, or has no such line');
        END IF;
    END IF;
    -- Nothing comes back, is invoiced or made dearer before it was there; an order is only asked for.
    IF lines.follow OR t.capitalises OR (t.source_kinds <> '[]' AND NOT t.affects_inventory) THEN
        SELECT x.voucher_number, x.voucher_on INTO bad
        FROM (SELECT l.against_voucher_id AS id FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id
              UNION SELECT k.other_voucher_id FROM voucher_link k
              WHERE k.organization_id = v.organization_id AND k.voucher_id = v.id AND k.kind <> 'replaces') f
        JOIN voucher x ON x.organization_id = v.organization_id AND x.id = f.id
        JOIN voucher_config_master c ON c.organization_id = x.organization_id AND c.id = x.voucher_config_id
        WHERE x.voucher_on > v.voucher_on AND c.document_kind <> 'order' LIMIT 1;
        IF FOUND THEN
            PERFORM refuse_request('invalid', 'VCH-026', format('%s is of %s; what follows it can''t be dated before', bad.voucher_number,
                bad.voucher_on), 'date', 'journal');
        END IF;
    END IF;
    PERFORM posting_verify_roles(v, t, d, plan, side, lines.amount, lines.follow, journal.unknown_role, journal.bound, journal.rounding,
        journal.variance, moves.strange, moves.empty);
    IF t.affects_inventory THEN
        issued := moves.issued; pooled := moves.pooled; below_zero := moves.below_zero; detailed := moves.detailed;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.posting_write_books(v erpdesk.voucher, t erpdesk.voucher_config_master,
    p_period erpdesk.accounting_period, p_sequence bigint, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    v_journal uuid := (plan ->> 'journal_id')::uuid;
    moves record; updated integer;
BEGIN
    IF jsonb_array_length(plan -> 'journal') > 0 THEN
        INSERT INTO journal (organization_id, id, voucher_id, journal_type_id, branch_id, fiscal_year_id, period_id, posted_on, posting_sequence)
        VALUES (v.organization_id, v_journal, v.id, t.journal_type_id, v.branch_id, p_period.fiscal_year_id, p_period.id, v.voucher_on, p_sequence);
        INSERT INTO journal_line (organization_id, journal_id, line_number, account_id, role, party_id, cost_centre_id, debit, credit,
            narration, posted_on, posting_sequence, currency_code, currency_amount)
        SELECT v.organization_id, v_journal, j.line_number, j.account_id, j.role, j.party_id, j.cost_centre_id,
            greatest(j.amount, 0), greatest(-j.amount, 0), j.narration, v.voucher_on, p_sequence,
            CASE WHEN j.currency_amount IS NOT NULL THEN v.currency_code END, j.currency_amount
        FROM jsonb_to_recordset(plan -> 'journal') AS j (line_number bigint, account_id uuid, role text, party_id uuid,
            cost_centre_id uuid, amount numeric, narration text, currency_amount numeric);
    END IF;
    IF jsonb_array_length(plan -> 'open_items') > 0 THEN
        INSERT INTO open_item (organization_id, id, voucher_id, party_id, account_id, dated_on, due_on, currency_code, amount,
            open_amount, currency_amount, currency_open_amount)
        SELECT v.organization_id, o.id, v.id, o.party_id, o.account_id, v.voucher_on, o.due_on, v.currency_code, o.amount,
            o.open_amount, coalesce(o.currency_amount, o.amount), coalesce(o.currency_open_amount, o.open_amount)
        FROM jsonb_to_recordset(plan -> 'open_items') AS o (id uuid, party_id uuid, account_id uuid, due_on date, amount numeric,
            open_amount numeric, currency_amount numeric, currency_open_amount numeric);
        INSERT INTO party_balance AS b (organization_id, party_id, balance)
        SELECT v.organization_id, o.party_id, sum(o.amount)
        FROM jsonb_to_recordset(plan -> 'open_items') AS o (party_id uuid, amount numeric) GROUP BY o.party_id ORDER BY o.party_id
        ON CONFLICT (organization_id, party_id) DO UPDATE SET balance = b.balance + excluded.balance;
    END IF;
    IF jsonb_array_length(coalesce(plan -> 'settlements', '[]')) > 0 THEN
        INSERT INTO settlement (organization_id, id, voucher_id, open_item_id, amount, currency_amount)
        SELECT v.organization_id, s.id, v.id, s.open_item_id, s.amount, coalesce(s.currency_amount, s.amount)
        FROM jsonb_to_recordset(plan -> 'settlements') AS s (id uuid, open_item_id uuid, amount numeric, currency_amount numeric);
        UPDATE open_item o SET open_amount = o.open_amount - s.amount, currency_open_amount = o.currency_open_amount - s.currency_amount
        FROM (SELECT x.open_item_id, sum(x.amount) AS amount, sum(coalesce(x.currency_amount, x.amount)) AS currency_amount
              FROM jsonb_to_recordset(plan -> 'settlements') AS x (open_item_id uuid, amount numeric, own boolean, currency_amount numeric)
              WHERE NOT x.own GROUP BY x.open_item_id) s
        WHERE o.organization_id = v.organization_id AND o.id = s.open_item_id;
    END IF;
    IF jsonb_array_length(coalesce(plan -> 'source_uses', '[]')) > 0 THEN
        UPDATE source_line s SET used_quantity = s.used_quantity + u.quantity, used_value = s.used_value + u.value
        FROM (SELECT x.voucher_id, x.line_number, sum(x.quantity) AS quantity, sum(x.value) AS value
              FROM jsonb_to_recordset(plan -> 'source_uses') AS x (voucher_id uuid, line_number bigint, quantity numeric, value numeric)
              GROUP BY x.voucher_id, x.line_number) u
        WHERE s.organization_id = v.organization_id AND s.voucher_id = u.voucher_id AND s.line_number = u.line_number;
        INSERT INTO source_use (organization_id, voucher_id, source_voucher_id, source_line_number, quantity, value)
        SELECT v.organization_id, v.id, x.voucher_id, x.line_number, sum(x.quantity), sum(x.value)
        FROM jsonb_to_recordset(plan -> 'source_uses') AS x (voucher_id uuid, line_number bigint, quantity numeric, value numeric)
        GROUP BY x.voucher_id, x.line_number;
    END IF;
    IF jsonb_array_length(coalesce(plan -> 'reservation_uses', '[]')) > 0 THEN
        UPDATE stock_balance b SET reserved_quantity = b.reserved_quantity - x.quantity
        FROM (SELECT r.item_id, r.warehouse_id, sum(u.quantity) AS quantity
              FROM jsonb_to_recordset(plan -> 'reservation_uses') AS u (id uuid, quantity numeric)
              JOIN reservation r ON r.organization_id = v.organization_id AND r.id = u.id
              GROUP BY r.item_id, r.warehouse_id) x
        WHERE b.organization_id = v.organization_id AND b.item_id = x.item_id AND b.warehouse_id = x.warehouse_id;
        UPDATE reservation r SET quantity_left = r.quantity_left - u.quantity
        FROM (SELECT x.id, sum(x.quantity) AS quantity
              FROM jsonb_to_recordset(plan -> 'reservation_uses') AS x (id uuid, quantity numeric) GROUP BY x.id) u
        WHERE r.organization_id = v.organization_id AND r.id = u.id;
    END IF;
    IF t.reserves_stock THEN
        INSERT INTO reservation (organization_id, id, voucher_id, line_number, item_id, warehouse_id, batch_id, quantity, quantity_left)
        SELECT v.organization_id, r.id, v.id, r.line_number, r.item_id, r.warehouse_id, r.batch_id, r.quantity, r.quantity
        FROM jsonb_to_recordset(plan -> 'reservations') AS r (id uuid, line_number bigint, item_id uuid, warehouse_id uuid,
            batch_id uuid, quantity numeric);
        UPDATE stock_balance b SET reserved_quantity = b.reserved_quantity + x.quantity
        FROM (SELECT r.item_id, r.warehouse_id, sum(r.quantity) AS quantity
              FROM jsonb_to_recordset(plan -> 'reservations') AS r (item_id uuid, warehouse_id uuid, quantity numeric)
              GROUP BY r.item_id, r.warehouse_id) x
        WHERE b.organization_id = v.organization_id AND b.item_id = x.item_id AND b.warehouse_id = x.warehouse_id;
    END IF;
    IF t.document_kind <> 'none' THEN
        INSERT INTO source_line (organization_id, voucher_id, line_number, quantity, value)
        SELECT v.organization_id, v.id, l.line_number, l.stock_quantity, coalesce(m.value, u.value, 0)
        FROM voucher_line l
        LEFT JOIN jsonb_to_recordset(plan -> 'source_uses') AS u (voucher_id uuid, line_number bigint, own_line bigint, value numeric)
            ON u.own_line = l.line_number AND u.voucher_id = l.against_voucher_id AND u.line_number = l.against_line
        LEFT JOIN (SELECT m.line_number, abs(sum(m.value)) AS value  -- of goods: a difference to what was owed isn't theirs
                   FROM jsonb_to_recordset(plan -> 'movements') AS m (grid text, line_number bigint, quantity numeric, value numeric)
                   WHERE m.grid = 'lines' AND m.quantity <> 0 GROUP BY m.line_number) m ON m.line_number = l.line_number
        WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.grid = 'lines' AND l.item_id IS NOT NULL;
    END IF;
    IF NOT t.affects_inventory THEN
        RETURN;
    END IF;
    SELECT count(DISTINCT (m.item_id, m.warehouse_id)) AS places, bool_or(m.quantity < 0) AS issued,
           bool_or(m.quantity > 0) AS received, bool_or(m.quantity = 0 AND m.layer_id IS NOT NULL) AS revalued,
           bool_or(m.batch_id IS NOT NULL OR m.bin_id IS NOT NULL) AS batched INTO moves
    FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, quantity numeric, layer_id uuid, batch_id uuid,
        bin_id uuid);
    IF moves.received THEN
        INSERT INTO stock_layer (organization_id, id, item_id, warehouse_id, bin_id, batch_id, received_on, posting_sequence, layer_number,
            source_voucher_id, source_line_number, origin_layer_id, serial_id, quantity, value, quantity_left, value_left)
        SELECT v.organization_id, y.id, y.item_id, y.warehouse_id, y.bin_id, y.batch_id, v.voucher_on, p_sequence, y.layer_number, v.id,
            y.line_number, y.origin_layer_id, y.serial_id, y.quantity, y.value, y.quantity, y.value
        FROM jsonb_to_recordset(plan -> 'layers') AS y (id uuid, item_id uuid, warehouse_id uuid, bin_id uuid, batch_id uuid,
            line_number bigint, layer_number bigint, origin_layer_id uuid, serial_id uuid, quantity numeric, value numeric);
    END IF;
    IF moves.issued THEN
        UPDATE stock_layer l SET quantity_left = l.quantity_left + x.quantity, value_left = l.value_left + x.value
        FROM (SELECT m.layer_id, sum(m.quantity) AS quantity, sum(m.value) AS value
              FROM jsonb_to_recordset(plan -> 'movements') AS m (layer_id uuid, quantity numeric, value numeric)
              WHERE m.quantity < 0 AND m.layer_id IS NOT NULL GROUP BY m.layer_id) x
        WHERE l.organization_id = v.organization_id AND l.id = x.layer_id;
    END IF;
    INSERT INTO stock_movement (organization_id, id, voucher_id, grid, line_number, journal_id, fiscal_year_id, kind, moved_on,
        posting_sequence, movement_number, item_id, warehouse_id, bin_id, batch_id, uom_id, quantity, value, unit_cost, valuation, layer_id,
        account_id, contra_account_id, transfer_id, serial_id, detail_number)
    SELECT v.organization_id, m.id, v.id, m.grid, m.line_number,
        CASE WHEN jsonb_array_length(plan -> 'journal') > 0 THEN v_journal END, p_period.fiscal_year_id, m.kind, v.voucher_on, p_sequence,
        m.movement_number, m.item_id, m.warehouse_id, m.bin_id, m.batch_id, m.uom_id, m.quantity, m.value,
        round(m.value / nullif(m.quantity, 0), 6), m.valuation, m.layer_id, m.account_id, m.contra_account_id, m.transfer_id,
        m.serial_id, m.detail_number
    FROM jsonb_to_recordset(plan -> 'movements') AS m (id uuid, grid text, line_number bigint, movement_number bigint, kind text,
        item_id uuid, warehouse_id uuid, bin_id uuid, batch_id uuid, uom_id uuid, quantity numeric, value numeric, valuation text,
        layer_id uuid, account_id uuid, contra_account_id uuid, transfer_id uuid, serial_id uuid, detail_number bigint);
    PERFORM posting_move_serials(v, plan);
    IF moves.revalued THEN
        UPDATE stock_layer l SET value_left = l.value_left + x.value
        FROM (SELECT m.layer_id, sum(m.value) AS value
              FROM jsonb_to_recordset(plan -> 'movements') AS m (layer_id uuid, quantity numeric, value numeric)
              WHERE m.quantity = 0 AND m.layer_id IS NOT NULL GROUP BY m.layer_id) x
        WHERE l.organization_id = v.organization_id AND l.id = x.layer_id;
    END IF;
    IF jsonb_array_length(coalesce(plan -> 'deficits', '[]')) + jsonb_array_length(coalesce(plan -> 'deficit_settlements', '[]')) > 0 THEN
        INSERT INTO stock_deficit (organization_id, id, item_id, warehouse_id, voucher_id, line_number, posting_sequence, quantity, value,
            quantity_left, value_left)
        SELECT v.organization_id, x.id, x.item_id, x.warehouse_id, v.id, x.line_number, p_sequence, x.quantity, x.value, x.quantity, x.value
        FROM jsonb_to_recordset(plan -> 'deficits') AS x (id uuid, item_id uuid, warehouse_id uuid, line_number bigint, quantity numeric, value numeric);
        INSERT INTO deficit_settlement (organization_id, id, deficit_id, voucher_id, quantity, value, cost)
        SELECT v.organization_id, x.id, x.deficit_id, v.id, x.quantity, x.value, x.cost
        FROM jsonb_to_recordset(plan -> 'deficit_settlements') AS x (id uuid, deficit_id uuid, quantity numeric, value numeric, cost numeric);
        UPDATE stock_deficit e SET quantity_left = e.quantity_left - x.quantity, value_left = e.value_left - x.value
        FROM (SELECT y.deficit_id, sum(y.quantity) AS quantity, sum(y.value) AS value
              FROM jsonb_to_recordset(plan -> 'deficit_settlements') AS y (deficit_id uuid, quantity numeric, value numeric) GROUP BY 1) x
        WHERE e.organization_id = v.organization_id AND e.id = x.deficit_id;
    END IF;
    UPDATE stock_balance b SET quantity = b.quantity + x.quantity, value = b.value + x.value,
        deficit_quantity = b.deficit_quantity + coalesce(z.quantity, 0), deficit_value = b.deficit_value + coalesce(z.value, 0),
        last_moved_on = greatest(b.last_moved_on, v.voucher_on),
        last_unit_cost = coalesce(x.last_unit_cost, b.last_unit_cost)
    FROM (SELECT m.item_id, m.warehouse_id, sum(m.quantity) AS quantity, sum(m.value) AS value,
                 (array_agg(round(m.value / nullif(m.quantity, 0), 6) ORDER BY m.movement_number DESC) FILTER (WHERE m.quantity <> 0))[1] AS last_unit_cost
          FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, movement_number bigint, quantity numeric, value numeric)
          GROUP BY m.item_id, m.warehouse_id) x
    LEFT JOIN (
        SELECT y.item_id, y.warehouse_id, sum(y.quantity) AS quantity, sum(y.value) AS value FROM (
            SELECT e.item_id, e.warehouse_id, e.quantity, e.value
            FROM jsonb_to_recordset(plan -> 'deficits') AS e (item_id uuid, warehouse_id uuid, quantity numeric, value numeric)
            UNION ALL
            SELECT e.item_id, e.warehouse_id, -c.quantity, -c.value
            FROM jsonb_to_recordset(plan -> 'deficit_settlements') AS c (deficit_id uuid, quantity numeric, value numeric)
            JOIN stock_deficit e ON e.organization_id = v.organization_id AND e.id = c.deficit_id) y
        GROUP BY y.item_id, y.warehouse_id) z ON z.item_id = x.item_id AND z.warehouse_id = x.warehouse_id
    WHERE b.organization_id = v.organization_id AND b.item_id = x.item_id AND b.warehouse_id = x.warehouse_id;
    GET DIAGNOSTICS updated = ROW_COUNT;
    IF updated <> moves.places THEN
        PERFORM refuse('plan_balances', 'Stock would move where there has never been any');
    END IF;
    IF moves.batched THEN
        INSERT INTO batch_balance AS b (organization_id, item_id, warehouse_id, bin_id, batch_id, quantity, first_received_on, first_posting_sequence)
        SELECT v.organization_id, m.item_id, m.warehouse_id, coalesce(m.bin_id, '00000000-0000-0000-0000-000000000000'),
            coalesce(m.batch_id, '00000000-0000-0000-0000-000000000000'), sum(m.quantity), v.voucher_on, p_sequence
        FROM jsonb_to_recordset(plan -> 'movements') AS m (item_id uuid, warehouse_id uuid, bin_id uuid, batch_id uuid, quantity numeric)
        WHERE m.batch_id IS NOT NULL OR m.bin_id IS NOT NULL
        GROUP BY m.item_id, m.warehouse_id, m.bin_id, m.batch_id ORDER BY 2, 3, 4, 5
        ON CONFLICT (organization_id, item_id, warehouse_id, bin_id, batch_id) DO UPDATE SET quantity = b.quantity + excluded.quantity;
    END IF;
    IF given(plan, 'deficit_settlements') THEN
        PERFORM posting_set_off(v, p_period, p_sequence, v_journal, plan);
    END IF;
END $$;

-- Milliseconds since the attempt began: what the program had used when it sent this statement, and the server since.
CREATE OR REPLACE FUNCTION erpdesk.ms_since_sent(p jsonb, p_at timestamptz) RETURNS numeric
LANGUAGE sql STABLE AS $$
    SELECT round(coalesce((p ->> 'elapsed_ms')::numeric, 0) + extract(epoch FROM p_at - statement_timestamp()) * 1000, 1)
$$;

-- Take the next number of the voucher's series, record it, and return its text. Last of all locks.
CREATE OR REPLACE FUNCTION erpdesk.posting_take_number(v erpdesk.voucher, t erpdesk.voucher_config_master) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE s record; n bigint; number text;
BEGIN
    IF t.numbering_method = 'manual' THEN
        IF coalesce(v.voucher_number, '') = '' THEN
            PERFORM refuse_request('invalid', 'NUM-004', 'This voucher type is numbered by hand: type the voucher number', 'voucher_number', 'journal');
        END IF;
        PERFORM require_number_length(v.organization_id, v.voucher_number, 'voucher_number');
        PERFORM claim_number(v, 'journal');
        RETURN btrim(v.voucher_number);
    END IF;
    SELECT * INTO s FROM series_of(v.organization_id, v.voucher_config_id, v.series_code, v.branch_id, v.voucher_on);
    INSERT INTO number_counter AS c (organization_id, voucher_config_id, series_code, branch_id, restart_key, last_number)
    VALUES (v.organization_id, v.voucher_config_id, s.series_code, s.branch_key, s.restart_key, s.first_number)
    ON CONFLICT (organization_id, voucher_config_id, series_code, branch_id, restart_key)
    DO UPDATE SET last_number = c.last_number + 1
    RETURNING c.last_number INTO n;
    INSERT INTO voucher_number (organization_id, voucher_config_id, series_code, branch_id, restart_key, number, voucher_id)
    VALUES (v.organization_id, v.voucher_config_id, s.series_code, s.branch_key, s.restart_key, n, v.id);
    number := number_printed(s.prefix, n, s.width, s.suffix);
    PERFORM require_number_length(v.organization_id, number, '');
    RETURN number;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.posting_apply(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    v voucher; posted voucher; t voucher_config_master; period accounting_period;
    plan jsonb := p -> 'plan'; moves record;
    d integer; v_sequence bigint; v_number text; answer jsonb; began timestamptz := clock_timestamp(); held timestamptz; took numeric;
BEGIN
    PERFORM require_member(p_organization);
    SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.id = (p ->> 'voucher_id')::uuid FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse_request('invalid', 'VCH-005', 'There is no such voucher');
    ELSIF v.status IN ('POSTED', 'REVERSED') THEN
        PERFORM refuse_request('conflict', 'VCH-001', format('Voucher %s was already posted by %s at %s', v.voucher_number, v.posted_by,
            told_moment(p_organization, v.posted_at)), '', 'journal');
    ELSIF v.row_version <> (p ->> 'row_version')::integer THEN
        PERFORM refuse_request('conflict', 'VCH-002', format('The voucher was changed by %s since you opened it', v.changed_by));
    END IF;
    t := config_typed(v);
    IF NOT may(p_organization, 'voucher.post', t.code, v.branch_id) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not post vouchers of type %s here', session_user, t.label) || lacking(p_organization, 'voucher.post'));
    ELSIF NOT t.is_active THEN
        PERFORM refuse_request('invalid', 'VCH-007', format('Voucher type %s is not active', t.label), 'type', 'journal');
    ELSIF t.counterpart_role = 'retained_earnings' THEN
        PERFORM refuse_request('invalid', 'PRD-015', format('%s is made by closing a fiscal year', t.label), 'type', 'journal');
    END IF;
    PERFORM posting_permit(v, t, CASE WHEN t.grid_kind = 'items_dual' THEN coalesce((plan ->> 'total')::numeric, 0) ELSE 0 END);
    period := open_period(p_organization, v.voucher_on);
    SELECT currency_decimals INTO d FROM organization WHERE id = p_organization;
    -- What is asked of the voucher's own rows goes before the locks that other desks wait for.
    PERFORM posting_verify_cost_centres(v, t, d, plan);
    PERFORM posting_verify_currency(v, t, d, plan);
    PERFORM posting_verify_accounts(v, t, plan);
    PERFORM posting_verify_totals(v, t, d, plan);
    SELECT * INTO moves FROM posting_verify(v, t, d, plan);
    IF given(p, 'parties') THEN
        PERFORM posting_hold_parties(p_organization, p -> 'parties');
    END IF;
    IF t.affects_inventory THEN
        PERFORM posting_hold_stock(v, plan, (p ->> 'is_ahead')::boolean);
    END IF;
    held := clock_timestamp();
    IF t.affects_inventory THEN
        PERFORM posting_verify_taken(v, t, d, plan, moves.issued, moves.pooled, moves.below_zero, moves.detailed);
    END IF;
    IF t.counts_stock THEN
        PERFORM posting_verify_counted(v, plan);
    END IF;
    PERFORM posting_verify_named(v, t, d, plan);
    v_sequence := nextval('posting_sequence');
    PERFORM posting_write_books(v, t, period, v_sequence, plan);
    PERFORM remember_rates(v, t, v_sequence);
    PERFORM write_loyalty(v, t);
    IF t.credit_check = 'block' OR (t.credit_check = 'warn' AND (p ->> 'is_ahead')::boolean) THEN
        IF EXISTS (
            SELECT FROM party x JOIN party_balance b ON b.organization_id = x.organization_id AND b.party_id = x.id
            WHERE x.organization_id = p_organization AND x.id = v.party_id
              AND b.balance * CASE t.settlement_side WHEN 'payable' THEN -1 ELSE 1 END > x.credit_limit) THEN
            PERFORM refuse_request('invalid', 'VCH-040', 'The party would owe more than its credit limit', 'party', 'journal');
        END IF;
    END IF;
    v_number := posting_take_number(v, t);
    UPDATE voucher SET status = 'POSTED', voucher_number = v_number, number_may_repeat = t.numbering_method = 'manual' AND NOT t.prevent_duplicate_voucher_no, fiscal_year_id = period.fiscal_year_id,
        posting_sequence = v_sequence, cost = (plan ->> 'cost')::numeric,
        total = CASE WHEN t.grid_kind = 'items_dual' OR t.counts_stock THEN (plan ->> 'total')::numeric ELSE v.total END,
        base_total = CASE WHEN t.grid_kind = 'items_dual' OR t.counts_stock THEN (plan ->> 'total')::numeric ELSE v.base_total END, row_version = v.row_version + 1, posted_at = now(), posted_by = session_user,
        correlation_id = (p ->> 'correlation_id')::uuid, idempotency_key = CASE WHEN (p ->> 'remember_key')::boolean IS FALSE THEN v.idempotency_key
            ELSE coalesce(v.idempotency_key, p ->> 'key') END
    WHERE organization_id = p_organization AND id = v.id
    RETURNING * INTO posted;
    answer := jsonb_build_object('voucher_id', v.id, 'status', 'POSTED', 'voucher_number', v_number, 'total', posted.total,
        'cost', posted.cost, 'row_version', posted.row_version, 'posted_at', posted.posted_at)
        || CASE WHEN v.exchange_rate = 1 THEN '{}' ELSE jsonb_build_object('currency_decimals', voucher_decimals(v, d)) END;
    INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, step, after, correlation_id, context)
    VALUES (p_organization, gen_random_uuid(), nextval('audit_sequence'), 'posted', 'voucher', v.id::text, 'completed', to_jsonb(posted),
        posted.correlation_id, coalesce(p -> 'context', '{}'));
    INSERT INTO integration_event (organization_id, id, event_type, source_type, source_id, payload)
    VALUES (p_organization, gen_random_uuid(), 'voucher.posted', 'voucher', v.id::text, answer || jsonb_build_object('type', t.code, 'date', v.voucher_on));
    INSERT INTO voucher_process (organization_id, voucher_id, step, state, started_at, ended_at)
    SELECT p_organization, v.id, s, 'done', began, clock_timestamp()
    FROM unnest(ARRAY['saved', 'journal', 'gl', 'inventory', 'completed']) s
    ON CONFLICT (organization_id, voucher_id, step) DO UPDATE SET state = 'done', error_code = NULL,
        started_at = excluded.started_at, ended_at = excluded.ended_at;
    took := ms_since_sent(p, clock_timestamp());
    INSERT INTO posting_log (organization_id, id, voucher_id, idempotency_key, started_at, step, status, timings, payload,
        elapsed_ms, correlation_id, context)
    VALUES (p_organization, gen_random_uuid(), v.id, p ->> 'key', (p ->> 'started_at')::timestamptz, 'completed', 'done',
        coalesce(p -> 'timings', '{}') || CASE WHEN (p ->> 'is_ahead')::boolean THEN jsonb_build_object('open', ms_since_sent(p, held)::text)
            ELSE '{}' END || jsonb_build_object('apply', took::text),
        jsonb_build_object('warnings', coalesce(p -> 'warnings', '[]')), took, posted.correlation_id, coalesce(p -> 'context', '{}'));
    -- Claimed by posting_begin in this very transaction, which therefore holds whatever was locked since.
    UPDATE idempotency_key k SET result = answer
    WHERE k.organization_id = p_organization AND k.key = p ->> 'key' AND k.object_id = v.id AND k.result IS NULL
      AND k.xmin = pg_current_xact_id()::xid;
    IF NOT FOUND THEN
        PERFORM refuse('i7_key_claimed', 'The idempotency key was not claimed for this voucher in this transaction');
    END IF;
    RETURN answer;
END $$;

-- A post in one call, of a plan made of what was read without locks: saved, locked, verified, written. What is unusual
-- under the locks is refused like any plan that does not hold: the program then opens, plans again and applies.
CREATE OR REPLACE FUNCTION erpdesk.posting_post(p_organization uuid, p_draft jsonb, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE begun jsonb := posting_begin(p_organization, p_draft);
BEGIN
    IF begun ->> 'outcome' <> 'open' THEN
        PERFORM refuse('posting_not_open', format('The voucher can''t be posted as it is: %s', begun ->> 'outcome'));
    END IF;
    RETURN posting_apply(p_organization, p || jsonb_build_object('row_version', begun -> 'row_version', 'is_ahead', true));
END $$;

-- A refused, failed or replayed attempt, recorded in a transaction of its own after the rollback.
CREATE OR REPLACE FUNCTION erpdesk.posting_log_attempt(p_organization uuid, p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    IF p ->> 'status' NOT IN ('replayed', 'invalid', 'conflict', 'forbidden', 'failed') THEN
        PERFORM refuse('posting_log_status', 'Only attempts that did not post are logged from outside');
    END IF;
    INSERT INTO posting_log (organization_id, id, voucher_id, idempotency_key, started_at, step, status, error_code, retryable, timings,
        payload, elapsed_ms, correlation_id, context)
    VALUES (p_organization, gen_random_uuid(), (p ->> 'voucher_id')::uuid, p ->> 'key', (p ->> 'started_at')::timestamptz, p ->> 'step',
        p ->> 'status', p ->> 'error_code', coalesce((p ->> 'retryable')::boolean, false), coalesce(p -> 'timings', '{}'),
        coalesce(p -> 'payload', '{}'), (p ->> 'elapsed_ms')::numeric, (p ->> 'correlation_id')::uuid, coalesce(p -> 'context', '{}'));
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('money_share', 'account_fits', 'moved_before', 'number_text', 'series_of', 'next_number', 'ms_since_sent',
            'posting_verify', 'posting_write_books', 'posting_take_number', 'posting_apply', 'posting_post', 'posting_log_attempt')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.posting_apply(uuid, jsonb), erpdesk.posting_post(uuid, jsonb, jsonb), erpdesk.posting_log_attempt(uuid, jsonb),
    erpdesk.next_number(uuid, text, text, uuid, date)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
