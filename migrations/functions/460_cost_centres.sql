-- Lines split over cost centres: saved with the voucher's lines, as final as they once it is posted, and compared with the
-- journal: what each cost centre bears on an account is what the stored lines say, to the last unit.

GRANT DELETE ON erpdesk.voucher_line_cost_centre TO erpdesk_engine;

DROP POLICY IF EXISTS branch ON erpdesk.voucher_line_cost_centre;
CREATE POLICY branch ON erpdesk.voucher_line_cost_centre AS RESTRICTIVE FOR SELECT
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor USING (
    NOT (SELECT erpdesk.limited_branches())
    OR EXISTS (SELECT FROM erpdesk.voucher v WHERE v.organization_id = voucher_line_cost_centre.organization_id
               AND v.id = voucher_line_cost_centre.voucher_id));

DROP TRIGGER IF EXISTS parts_inserted ON erpdesk.voucher_line_cost_centre;
DROP TRIGGER IF EXISTS parts_updated ON erpdesk.voucher_line_cost_centre;
DROP TRIGGER IF EXISTS parts_deleted ON erpdesk.voucher_line_cost_centre;
CREATE TRIGGER parts_inserted AFTER INSERT ON erpdesk.voucher_line_cost_centre REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.voucher_parts_change();
CREATE TRIGGER parts_updated AFTER UPDATE ON erpdesk.voucher_line_cost_centre REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.voucher_parts_change();
CREATE TRIGGER parts_deleted AFTER DELETE ON erpdesk.voucher_line_cost_centre REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.voucher_parts_change();

CREATE OR REPLACE FUNCTION erpdesk.posting_save_cost_centres(p_organization uuid, p_voucher uuid, p_rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM voucher_line_cost_centre WHERE organization_id = p_organization AND voucher_id = p_voucher;
    IF jsonb_typeof(p_rows) = 'array' THEN
        INSERT INTO voucher_line_cost_centre (organization_id, voucher_id, grid, line_number, part_number, cost_centre_id, amount)
        SELECT p_organization, p_voucher, x.grid, x.line_number, x.part_number, x.cost_centre_id, x.amount
        FROM jsonb_to_recordset(p_rows) AS x (grid text, line_number bigint, part_number bigint, cost_centre_id uuid, amount numeric);
    END IF;
END $$;

-- Compared are lines of accounts, by account and cost centre, and goods sold, by cost centre; no other line of a journal has
-- a cost centre. A part in the currency of the books is what cumulative rounding gives it, as the plan splits.
CREATE OR REPLACE FUNCTION erpdesk.posting_verify_cost_centres(v erpdesk.voucher, t erpdesk.voucher_config_master, d integer, plan jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    side integer := CASE t.header_side WHEN 'debit' THEN 1 WHEN 'credit' THEN -1 ELSE 0 END;
    compared text := CASE WHEN t.grid_kind IN ('ledger_dr_cr', 'ledger_single') THEN 'line'
                          WHEN t.grid_kind = 'items' AND t.goods_role IN ('sales', 'sales_return') THEN 'goods' ELSE '' END;
    has_centres boolean := EXISTS (SELECT FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id
                                   AND l.cost_centre_id IS NOT NULL)
        OR EXISTS (SELECT FROM voucher_line_cost_centre s WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id);
BEGIN
    IF NOT has_centres THEN
        IF EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'journal') AS j (cost_centre_id uuid) WHERE j.cost_centre_id IS NOT NULL) THEN
            PERFORM refuse('plan_cost_centres', 'The journal names a cost centre that no line has');
        END IF;
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, cost_centre_id uuid)
               WHERE j.cost_centre_id IS NOT NULL AND j.role IS DISTINCT FROM compared) THEN
        PERFORM refuse('plan_cost_centres', 'The journal names a cost centre where no line is journalled');
    END IF;
    IF EXISTS (
        SELECT FROM voucher_line_cost_centre s
        LEFT JOIN voucher_line l ON l.organization_id = s.organization_id AND l.voucher_id = s.voucher_id AND l.grid = s.grid AND l.line_number = s.line_number
        WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id
        GROUP BY s.grid, s.line_number
        HAVING sum(s.amount) IS DISTINCT FROM min(CASE t.grid_kind WHEN 'ledger_dr_cr' THEN abs(l.debit - l.credit) ELSE l.line_amount END)) THEN
        PERFORM refuse('plan_cost_centres', 'The cost centres do not come to their line');
    END IF;
    IF compared = '' OR (compared = 'goods' AND EXISTS (SELECT FROM charges_typed(v) f WHERE f.included_in_price)) THEN
        RETURN;
    END IF;
    IF EXISTS (
        WITH said AS (
            SELECT l.grid, l.line_number, CASE compared WHEN 'line' THEN l.account_id END AS account_id, l.cost_centre_id,
                round(v.exchange_rate * CASE t.grid_kind WHEN 'ledger_dr_cr' THEN l.debit - l.credit ELSE -side * l.line_amount END, d) AS based
            FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id
        ), shared AS (
            SELECT a.account_id, s.cost_centre_id, a.based, s.amount,
                sum(s.amount) OVER (PARTITION BY s.grid, s.line_number ORDER BY s.part_number) AS upto,
                sum(s.amount) OVER (PARTITION BY s.grid, s.line_number) AS whole
            FROM voucher_line_cost_centre s JOIN said a ON a.grid = s.grid AND a.line_number = s.line_number
            WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id)
        SELECT FROM (
            SELECT a.account_id, a.cost_centre_id, a.based AS amount FROM said a
            WHERE NOT EXISTS (SELECT FROM voucher_line_cost_centre s WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id
                              AND s.grid = a.grid AND s.line_number = a.line_number)
            UNION ALL
            SELECT h.account_id, h.cost_centre_id,
                round((h.based * h.upto)::numeric(60, 30) / h.whole, d) - round((h.based * (h.upto - h.amount))::numeric(60, 30) / h.whole, d)
            FROM shared h
            UNION ALL
            SELECT CASE compared WHEN 'line' THEN j.account_id END, j.cost_centre_id, -j.amount
            FROM jsonb_to_recordset(plan -> 'journal') AS j (role text, account_id uuid, cost_centre_id uuid, amount numeric)
            WHERE j.role = compared) x
        GROUP BY x.account_id, x.cost_centre_id HAVING sum(x.amount) <> 0) THEN
        PERFORM refuse('plan_cost_centres', 'The journal does not give each cost centre what the lines say');
    END IF;
END $$;

ALTER FUNCTION erpdesk.posting_save_cost_centres(uuid, uuid, jsonb) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_verify_cost_centres(erpdesk.voucher, erpdesk.voucher_config_master, integer, jsonb) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_save_cost_centres(uuid, uuid, jsonb),
    erpdesk.posting_verify_cost_centres(erpdesk.voucher, erpdesk.voucher_config_master, integer, jsonb) FROM PUBLIC;
