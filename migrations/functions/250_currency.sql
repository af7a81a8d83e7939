-- Vouchers in a currency that is not the books' own: what a currency is worth on a day, and the verification that a
-- plan's base amounts, exchange rounding, exchange gain and open items follow from the voucher's stored rows.

-- A currency and its latest rate on or before a day; null when there is no such currency.
CREATE OR REPLACE FUNCTION erpdesk.currency_facts(p_organization uuid, p_code text, p_day date) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('code', c.code, 'decimals', c.decimals, 'is_active', c.is_active, 'rate', (
        SELECT r.rate FROM currency_rate r
        WHERE r.organization_id = c.organization_id AND r.code = c.code AND r.valid_from <= p_day
        ORDER BY r.valid_from DESC LIMIT 1))
    FROM currency c WHERE c.organization_id = p_organization AND c.code = p_code
$$;

-- The decimals of a voucher's money, given those of the base currency.
CREATE OR REPLACE FUNCTION erpdesk.voucher_decimals(v erpdesk.voucher, p_base integer) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF v.currency_code = (SELECT o.base_currency FROM organization o WHERE o.id = v.organization_id) THEN
        RETURN p_base;
    END IF;
    RETURN coalesce((SELECT c.decimals FROM currency c WHERE c.organization_id = v.organization_id AND c.code = v.currency_code), p_base);
END $$;

-- Journal lines that only a foreign voucher may have: rounding of conversions, and gain or loss where it settles.
CREATE OR REPLACE FUNCTION erpdesk.exchange_roles(v erpdesk.voucher, t erpdesk.voucher_config_master) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF v.currency_code = (SELECT o.base_currency FROM organization o WHERE o.id = v.organization_id) THEN
        RETURN '{}';
    END IF;
    RETURN CASE WHEN t.settles THEN ARRAY['exchange_rounding', 'exchange'] ELSE ARRAY['exchange_rounding'] END;
END $$;

-- What a settling voucher's rows say: sums of its allocations in its own currency, and exchange gain and rounding.
-- `gain` and `rounding` are debit positive.
CREATE OR REPLACE FUNCTION erpdesk.settlement_sums(v erpdesk.voucher, side integer, d integer, plan jsonb,
    OUT money numeric, OUT discount numeric, OUT write_off numeric, OUT settled numeric, OUT gain numeric, OUT rounding numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    SELECT coalesce(sum(a.amount), 0), coalesce(sum(a.discount), 0), coalesce(sum(a.write_off), 0) INTO money, discount, write_off
    FROM voucher_allocation a WHERE a.organization_id = v.organization_id AND a.voucher_id = v.id;
    SELECT coalesce(sum(s.amount), 0),
           coalesce(sum(CASE WHEN x.exchange_rate <> v.exchange_rate
                             THEN s.amount - round(coalesce(s.currency_amount, s.amount) * v.exchange_rate, d) END), 0) INTO settled, gain
    FROM jsonb_to_recordset(plan -> 'settlements') AS s (open_item_id uuid, amount numeric, currency_amount numeric, own boolean)
    JOIN open_item o ON o.organization_id = v.organization_id AND o.id = s.open_item_id
    JOIN voucher x ON x.organization_id = o.organization_id AND x.id = o.voucher_id
    WHERE NOT s.own;
    rounding := settled - gain - side * (v.base_total + round(discount * v.exchange_rate, d) + round(write_off * v.exchange_rate, d)
        - round((v.total - money) * v.exchange_rate, d));
END $$;

-- Settlements follow the allocations, take the same part of an item in both currencies, and of its currency only.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_settlement(v erpdesk.voucher, t erpdesk.voucher_config_master, side integer, d integer,
    is_foreign boolean, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE sums record;
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT s.open_item_id, sum(s.amount) AS amount, sum(coalesce(s.currency_amount, s.amount)) AS stated
            FROM jsonb_to_recordset(plan -> 'settlements') AS s (open_item_id uuid, amount numeric, currency_amount numeric, own boolean)
            WHERE NOT s.own GROUP BY s.open_item_id) s
        LEFT JOIN open_item o ON o.organization_id = v.organization_id AND o.id = s.open_item_id
        WHERE o.id IS NULL OR o.currency_code <> v.currency_code OR sign(s.stated) <> sign(o.currency_open_amount)
           OR abs(s.stated) > abs(o.currency_open_amount)
           OR s.amount <> sign(o.open_amount) * money_share(abs(o.open_amount), abs(s.stated), abs(o.currency_open_amount), d)) THEN
        PERFORM refuse('plan_settled_part', 'A settlement does not take the same part of an open item in both currencies');
    END IF;
    IF EXISTS (
        SELECT FROM (
            SELECT o.voucher_id, sum(coalesce(s.currency_amount, s.amount)) AS amount
            FROM jsonb_to_recordset(plan -> 'settlements') AS s (open_item_id uuid, amount numeric, currency_amount numeric, own boolean)
            JOIN open_item o ON o.organization_id = v.organization_id AND o.id = s.open_item_id
            WHERE NOT s.own GROUP BY o.voucher_id) s
        FULL JOIN (
            SELECT a.target_voucher_id AS voucher_id, side * sum(a.amount + a.discount + a.write_off) AS amount
            FROM voucher_allocation a WHERE a.organization_id = v.organization_id AND a.voucher_id = v.id GROUP BY 1) a USING (voucher_id)
        WHERE coalesce(s.amount, 0) <> coalesce(a.amount, 0)) THEN
        PERFORM refuse('plan_allocations', 'The settlement is not what the voucher allocates');
    END IF;
    SELECT * INTO sums FROM settlement_sums(v, side, d, plan);
    IF EXISTS (
        SELECT FROM (VALUES ('discount', side * round(sums.discount * v.exchange_rate, d)),
                            ('write_off', side * round(sums.write_off * v.exchange_rate, d))) AS w (role, amount)
        WHERE w.amount <> coalesce((SELECT sum(j.amount) FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, amount numeric)
                                    WHERE j.role = w.role), 0)) THEN
        PERFORM refuse('plan_settlement_lines', 'Discount or write-off are not what the voucher allocates');
    END IF;
    IF is_foreign AND (
        sums.gain <> coalesce((SELECT sum(j.amount) FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, amount numeric)
                               WHERE j.role = 'exchange'), 0)
        OR EXISTS (
            SELECT FROM jsonb_to_recordset(plan -> 'settlements') AS s (open_item_id uuid, currency_amount numeric, own boolean)
            JOIN jsonb_to_recordset(plan -> 'open_items') AS n (id uuid, currency_amount numeric, currency_open_amount numeric)
              ON n.id = s.open_item_id
            WHERE s.own AND n.currency_amount - n.currency_open_amount IS DISTINCT FROM s.currency_amount)
        OR 0 <> (SELECT coalesce(sum(s.currency_amount), 0)
                 FROM jsonb_to_recordset(plan -> 'settlements') AS s (currency_amount numeric))) THEN
        PERFORM refuse('plan_exchange', 'The exchange gain or loss is not what the settled items come to');
    END IF;
END $$;

-- The residue of converting a voucher's total and its parts one by one, debit positive.
CREATE OR REPLACE FUNCTION erpdesk.conversion_residue(v erpdesk.voucher, t erpdesk.voucher_config_master, side integer, d integer, plan jsonb)
RETURNS numeric LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE lines numeric; based numeric; charges numeric; charged numeric;
BEGIN
    IF t.settles THEN
        RETURN (SELECT s.rounding FROM settlement_sums(v, side, d, plan) s);
    ELSIF NOT t.affects_gl OR t.capitalises OR t.header_counterpart = 'role' THEN
        RETURN 0;
    END IF;
    SELECT coalesce(sum(CASE WHEN t.grid_kind = 'ledger_dr_cr' THEN l.debit - l.credit ELSE l.line_amount END), 0),
           coalesce(sum(round(CASE WHEN t.grid_kind = 'ledger_dr_cr' THEN l.debit - l.credit ELSE l.line_amount END * v.exchange_rate, d)), 0)
    INTO lines, based FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id;
    IF t.grid_kind = 'ledger_dr_cr' THEN
        RETURN -based;
    END IF;
    SELECT coalesce(sum(x.amount), 0), coalesce(sum(round(x.amount * v.exchange_rate, d)), 0) INTO charges, charged
    FROM (SELECT CASE c.direction WHEN 'deduct' THEN -c.amount ELSE c.amount END AS amount
          FROM voucher_charge c JOIN charges_typed(v) f ON f.code = c.code
          WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id AND f.included_in_total AND NOT f.included_in_price) x;
    RETURN -side * (v.base_total - based - charged - round((v.total - lines - charges) * v.exchange_rate, d));
END $$;

-- Everything a plan says in another currency, against the voucher's rows.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_currency(v erpdesk.voucher, t erpdesk.voucher_config_master, d integer, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    side integer := CASE t.header_side WHEN 'debit' THEN 1 WHEN 'credit' THEN -1 ELSE 0 END;
    is_foreign boolean := v.currency_code <> (SELECT o.base_currency FROM organization o WHERE o.id = v.organization_id);
    dc integer;
BEGIN
    IF t.settles THEN
        PERFORM posting_verify_settlement(v, t, side, d, is_foreign, plan);
    END IF;
    IF NOT is_foreign THEN
        IF v.exchange_rate <> 1 OR v.base_total <> v.total
           OR plan @? '$.journal[*].currency_amount ? (@ != null)' OR plan @? '$.open_items[*].currency_amount ? (@ != null)'
           OR plan @? '$.open_items[*].currency_open_amount ? (@ != null)' OR plan @? '$.settlements[*].currency_amount ? (@ != null)' THEN
            PERFORM refuse('plan_currency', 'A voucher in the currency of the books has no other amounts');
        END IF;
        RETURN;
    END IF;
    dc := voucher_decimals(v, d);
    IF t.grid_kind = 'items_dual' OR t.counts_stock OR v.exchange_rate <= 0
       OR NOT EXISTS (SELECT FROM currency c WHERE c.organization_id = v.organization_id AND c.code = v.currency_code AND c.is_active) THEN
        PERFORM refuse('plan_currency', format('This voucher can''t be in %s', v.currency_code));
    END IF;
    IF v.base_total <> (CASE WHEN t.capitalises THEN (
            SELECT coalesce(sum(round(c.amount * v.exchange_rate, d)), 0) FROM voucher_charge c
            WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id)
        ELSE round(v.total * v.exchange_rate, d) END) THEN
        PERFORM refuse('plan_base_total', 'The base total is not the total at the exchange rate');
    END IF;
    IF conversion_residue(v, t, side, d, plan) <> coalesce((
        SELECT sum(j.amount) FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, amount numeric)
        WHERE j.role = 'exchange_rounding'), 0) THEN
        PERFORM refuse('plan_exchange_rounding', 'The exchange rounding is not what the conversions leave');
    END IF;

    -- What journal lines say in the voucher's currency: header, typed lines, charges.
    IF t.affects_gl AND t.header_counterpart IN ('party', 'account') AND NOT t.capitalises AND side * v.total <> (
        SELECT coalesce(sum(j.currency_amount), 0) FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, currency_amount numeric)
        WHERE j.role = t.header_counterpart)
       OR EXISTS (
        SELECT FROM (
            SELECT l.account_id, sum(CASE WHEN t.grid_kind = 'ledger_dr_cr' THEN l.debit - l.credit ELSE -side * l.line_amount END) AS amount
            FROM voucher_line l WHERE t.grid_kind IN ('ledger_dr_cr', 'ledger_single') AND l.organization_id = v.organization_id
              AND l.voucher_id = v.id GROUP BY l.account_id) w
        FULL JOIN (
            SELECT j.account_id, sum(j.currency_amount) AS amount
            FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, account_id uuid, currency_amount numeric)
            WHERE j.role = 'line' GROUP BY j.account_id) a USING (account_id)
        WHERE coalesce(w.amount, 0) <> coalesce(a.amount, 0))
       OR EXISTS (
        SELECT FROM (SELECT c.account_id, sum(c.amount) AS amount FROM charge_lines(v, side, 1, dc) c GROUP BY c.account_id) w
        FULL JOIN (
            SELECT j.account_id, sum(j.currency_amount) AS amount
            FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, account_id uuid, currency_amount numeric)
            WHERE j.role = 'charge' GROUP BY j.account_id) a USING (account_id)
        WHERE t.affects_gl AND coalesce(w.amount, 0) <> coalesce(a.amount, 0)) THEN
        PERFORM refuse('plan_currency_lines', 'The journal does not say what the voucher does in its own currency');
    END IF;

    -- Open items in the voucher's currency follow the party lines, as they do in base.
    IF EXISTS (
        SELECT FROM (SELECT j.party_id, j.account_id, sum(j.currency_amount) AS amount
                     FROM jsonb_to_recordset(plan -> 'journal') AS j (party_id uuid, account_id uuid, currency_amount numeric)
                     WHERE j.party_id IS NOT NULL GROUP BY 1, 2) l
        FULL JOIN (SELECT o.party_id, o.account_id, sum(o.currency_amount) AS amount
                   FROM jsonb_to_recordset(plan -> 'open_items') AS o (party_id uuid, account_id uuid, currency_amount numeric)
                   GROUP BY 1, 2) o USING (party_id, account_id)
        WHERE l.amount IS DISTINCT FROM o.amount)
       OR EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'open_items') AS o (currency_amount numeric, currency_open_amount numeric)
                  WHERE o.currency_open_amount IS NULL OR (NOT t.settles AND o.currency_amount <> o.currency_open_amount)) THEN
        PERFORM refuse('plan_currency_items', 'The open items are not what the party lines say in the voucher''s currency');
    END IF;
    IF t.settles AND (
        SELECT coalesce(sum(j.currency_amount), 0) FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, currency_amount numeric)
        WHERE j.role = 'party') <> -side * (v.total + (
        SELECT coalesce(sum(a.discount + a.write_off), 0) FROM voucher_allocation a
        WHERE a.organization_id = v.organization_id AND a.voucher_id = v.id)) THEN
        PERFORM refuse('plan_currency_items', 'The party is not credited with what the voucher allocates');
    END IF;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('currency_facts', 'voucher_decimals', 'exchange_roles', 'settlement_sums',
            'posting_verify_settlement', 'conversion_residue', 'posting_verify_currency')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
