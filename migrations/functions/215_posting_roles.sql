-- The second half of verifying a plan: every journal line has a role that its blueprint knows, on an account that
-- the role may touch, with the sum that stored rows say; every movement belongs to a line.

-- Whether goods that come with their invoice are received on GR/IR and invoiced from it in one journal.
CREATE OR REPLACE FUNCTION erpdesk.passes_grir(t erpdesk.voucher_config_master) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT t.use_grir AND t.counterpart_role <> 'grir' $$;

-- Which roles a journal of this blueprint may have.
CREATE OR REPLACE FUNCTION erpdesk.roles_of(t erpdesk.voucher_config_master) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN t.header_counterpart IN ('party', 'account', 'role') THEN ARRAY[t.header_counterpart] ELSE '{}' END || CASE
        WHEN t.settles THEN ARRAY['party', 'discount', 'write_off']
        WHEN t.capitalises THEN ARRAY['party', 'charge', 'goods', 'cost']
        WHEN t.grid_kind = 'ledger_dr_cr' THEN ARRAY['line']
        WHEN t.grid_kind = 'ledger_single' THEN ARRAY['line', 'charge', 'rounding']
        WHEN t.grid_kind = 'items_dual' THEN ARRAY['stock', 'charge', 'adjustment', 'variance']
        ELSE ARRAY['goods', 'charge', 'rounding', 'cost', 'stock', 'variance', 'grir', 'delivered']
            || CASE WHEN passes_grir(t) THEN ARRAY['received', 'invoiced'] ELSE '{}' END END
$$;

-- What each charge of a voucher puts on which account, by its row: the same rule as the plan's. No SECURITY DEFINER: only
-- functions of the engine may call it, and the planner can then fold it into their statements. Each converts once at the
-- rate; rate 1 says it in the voucher's own currency.
DROP FUNCTION IF EXISTS erpdesk.charge_lines(erpdesk.voucher, integer);
CREATE OR REPLACE FUNCTION erpdesk.charge_lines(v erpdesk.voucher, side integer, p_rate numeric, p_decimals integer)
RETURNS TABLE (account_id uuid, amount numeric)
LANGUAGE sql STABLE AS $$
    SELECT x.account_id, x.sign * round(CASE c.direction WHEN 'deduct' THEN c.amount ELSE -c.amount END * p_rate, p_decimals)
    FROM erpdesk.voucher_charge c
    LEFT JOIN erpdesk.charges_typed(v) f ON f.code = c.code
    CROSS JOIN LATERAL (VALUES
        (c.account_id, CASE c.direction WHEN 'deduct' THEN -1 ELSE 1 END, c.spread IS NOT NULL),
        (f.ledger_id, CASE WHEN f.allocate_to_cost = 'none' THEN side ELSE -side END,
         c.spread IS NULL AND (f.allocate_to_cost = 'none' OR NOT (f.included_in_total OR f.included_in_price))),
        (f.contra_account_id, -side,
         c.spread IS NULL AND f.allocate_to_cost = 'none' AND NOT (f.included_in_total OR f.included_in_price))
    ) AS x (account_id, sign, applies)
    WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id AND x.applies AND x.account_id IS NOT NULL
$$;

DROP FUNCTION IF EXISTS erpdesk.posting_verify_roles(erpdesk.voucher, erpdesk.voucher_config_master, integer, jsonb);
-- The rest of `posting_verify`, with what that has seen of lines, journal and movements.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_roles(v erpdesk.voucher, t erpdesk.voucher_config_master, d integer, plan jsonb,
    side integer, line_total numeric, follows boolean, unknown_role text, bound_roles boolean, journal_rounding numeric,
    journal_variance numeric, strange_movement bigint, empty_movement bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    rounding numeric; settled numeric := 0; dc integer := CASE WHEN v.currency_code = (SELECT o.base_currency FROM organization o WHERE o.id = v.organization_id)
        THEN d ELSE voucher_decimals(v, d) END;
    included numeric := 0; wrong text; bad record;
    has_charges boolean := EXISTS (SELECT FROM voucher_charge c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id);
BEGIN
    IF bound_roles AND unknown_role IS NULL THEN
        SELECT j.role INTO bad
        FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, account_id uuid)
        LEFT JOIN account_role r ON r.organization_id = v.organization_id AND r.account_id = j.account_id
            AND r.role = ANY (CASE j.role
                WHEN 'grir' THEN ARRAY['grir'] WHEN 'received' THEN ARRAY['grir'] WHEN 'invoiced' THEN ARRAY['grir'] WHEN 'delivered' THEN ARRAY['delivered_not_invoiced'] WHEN 'write_off' THEN ARRAY['write_off']
                WHEN 'discount' THEN ARRAY['discount_allowed', 'discount_received'] WHEN 'variance' THEN ARRAY['purchase_variance', 'cost_variance']
                WHEN 'role' THEN ARRAY[t.counterpart_role] WHEN 'adjustment' THEN ARRAY[t.counterpart_role, 'stock_adjustment']
                WHEN 'exchange_rounding' THEN ARRAY['exchange_rounding'] WHEN 'exchange' THEN ARRAY['exchange_gain_loss']
                WHEN 'rounding' THEN ARRAY['round_off'] ELSE '{}' END)
        WHERE (j.role IN ('grir', 'received', 'invoiced', 'delivered', 'write_off', 'discount', 'variance', 'role', 'adjustment', 'exchange_rounding', 'exchange') AND r.role IS NULL)
           OR (j.role = 'rounding' AND r.role IS NULL AND j.account_id IS DISTINCT FROM t.round_off_account_id) LIMIT 1;
        IF FOUND THEN
            unknown_role := bad.role;
        END IF;
    END IF;
    IF unknown_role IS NOT NULL THEN
        PERFORM refuse('plan_role', format('A journal line of role %s has no place on this voucher', unknown_role));
    END IF;

    IF t.affects_gl AND (has_charges OR jsonb_path_exists(plan -> 'journal', '$[*].role ? (@ == "charge")')) THEN
        IF EXISTS (
            SELECT FROM (
                SELECT c.account_id, c.amount FROM charge_lines(v, side, v.exchange_rate, d) c
                UNION ALL
                SELECT j.account_id, -j.amount
                FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, account_id uuid, amount numeric) WHERE j.role = 'charge') w
            GROUP BY w.account_id HAVING sum(w.amount) <> 0) THEN
            PERFORM refuse('plan_charges', 'The charges are not journalled as the voucher has them');
        END IF;
    END IF;

    IF t.grid_kind IN ('items', 'ledger_single') AND NOT t.capitalises AND NOT t.counts_stock THEN
        -- The charges in the total, and those that can't be edited, computed again from their rows (those on plain bases,
        -- rounded in total).
        IF has_charges THEN
            SELECT coalesce(sum(x.included), 0),
                   min(x.code) FILTER (WHERE x.checked AND x.amount <> CASE x.calculation_type WHEN 'rate' THEN round(x.base_amount * x.rate * 0.01, dc)
                                                                ELSE coalesce(x.fixed, 0) END) INTO included, wrong
            FROM (
                SELECT y.*, line_total + CASE WHEN y.base = '"running_total"' THEN coalesce(sum(y.included) OVER (
                        ORDER BY y.sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) ELSE 0 END AS base_amount
                FROM (
                    SELECT c.code, c.sequence, c.amount, f.rate, f.amount AS fixed, f.base, f.calculation_type,
                        CASE WHEN f.included_in_total AND NOT f.included_in_price
                             THEN CASE c.direction WHEN 'deduct' THEN -c.amount ELSE c.amount END ELSE 0 END AS included,
                        NOT f.can_edit AND f.tax_class_id IS NULL AND f.rounding = 'total' AND f.round_to IS NULL AND NOT f.included_in_price
                            AND f.base IN ('"running_total"', '"items_total"') AS checked
                    FROM voucher_charge c
                    JOIN charges_typed(v) f ON f.code = c.code
                    WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id) y) x;
        END IF;
        -- The total is lines, charges and rounding; rounding never reaches what it rounds to.
        rounding := v.total - line_total - included;
        IF abs(rounding) >= coalesce(t.round_to, 0) AND rounding <> 0 THEN
            PERFORM refuse('plan_total', 'The total is not lines, charges and rounding');
        ELSIF t.affects_gl AND round(rounding * v.exchange_rate, d) <> -side * journal_rounding THEN
            PERFORM refuse('plan_total', 'The rounding is not journalled');
        ELSIF t.schema_definition IS NULL AND wrong IS NOT NULL THEN
            PERFORM refuse('plan_charge_amount', format('Charge %s is not what its rule says', wrong));
        END IF;
    END IF;
    IF NOT t.affects_inventory THEN
        RETURN;
    END IF;
    IF passes_grir(t) THEN
        IF EXISTS (
            SELECT FROM (SELECT coalesce(sum(m.value), 0) AS came FROM jsonb_to_recordset(plan -> 'movements') AS m (kind text, value numeric)
                         WHERE m.kind = 'in') m,
                        (SELECT coalesce(sum(j.amount) FILTER (WHERE j.role = 'received'), 0) AS received,
                                coalesce(sum(j.amount) FILTER (WHERE j.role = 'invoiced'), 0) AS invoiced
                         FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, amount numeric)) j
            WHERE j.received <> -m.came OR j.invoiced <> m.came) THEN
            PERFORM refuse('plan_grir', 'The goods do not go through GR/IR at their value');
        END IF;
    END IF;

    IF strange_movement IS NULL AND NOT t.capitalises AND NOT follows AND NOT given(plan, 'deficit_settlements') THEN
        strange_movement := empty_movement;
    END IF;
    IF strange_movement IS NOT NULL THEN
        PERFORM refuse('plan_movement', format('A movement of line %s belongs to no line of the voucher', strange_movement));
    END IF;

    -- Variance only where something differs: returns to suppliers, receipts invoiced at another price, deficits settled.
    IF NOT t.is_return AND NOT follows THEN
        IF given(plan, 'deficit_settlements') THEN
            SELECT coalesce(sum(x.cost - x.value), 0) INTO settled
            FROM jsonb_to_recordset(plan -> 'deficit_settlements') AS x (value numeric, cost numeric);
        END IF;
        IF journal_variance <> settled THEN
            PERFORM refuse('plan_variance', 'There is nothing that a variance could come from');
        END IF;
    END IF;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('passes_grir', 'roles_of', 'charge_lines', 'posting_verify_roles')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
