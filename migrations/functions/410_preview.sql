-- What a plan that is only looked at depends on, and the names to show it with: read without locks, for members.

-- The same answer as posting_open's, for what `p_wanted` names, but nothing is written or locked.
CREATE OR REPLACE FUNCTION erpdesk.posting_state(p_organization uuid, p_wanted jsonb, p_day date) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN jsonb_build_object(
        'parties', (SELECT jsonb_object_agg(x.id, jsonb_build_object('balance', coalesce(b.balance, 0), 'credit_limit', x.credit_limit))
                    FROM party x LEFT JOIN party_balance b ON b.organization_id = x.organization_id AND b.party_id = x.id
                    WHERE x.organization_id = p_organization
                      AND x.id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_wanted -> 'parties'))::uuid[])),
        'reservations', (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'voucher_id', r.voucher_id, 'line_number', r.line_number,
                             'item_id', r.item_id, 'warehouse_id', r.warehouse_id, 'quantity_left', r.quantity_left) ORDER BY r.id)
                         FROM reservation r WHERE r.organization_id = p_organization AND r.quantity_left > 0
                           AND r.voucher_id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_wanted -> 'sources'))::uuid[])),
        'counted', (SELECT jsonb_agg(to_jsonb(c)) FROM (
            SELECT m.item_id, m.warehouse_id, m.batch_id, sum(m.quantity) AS quantity
            FROM jsonb_to_recordset(p_wanted -> 'counted') AS w (item_id uuid, warehouse_id uuid)
            JOIN stock_movement m ON m.organization_id = p_organization AND m.item_id = w.item_id
                AND m.warehouse_id = w.warehouse_id AND m.moved_on <= p_day
            GROUP BY m.item_id, m.warehouse_id, m.batch_id) c),
        'sources', posting_sources(p_organization, p_wanted -> 'sources'),
        'open_items', posting_open_items(p_organization, p_wanted -> 'settled'),
        'receipts', CASE WHEN p_wanted -> 'receipts' IS NOT NULL
                         THEN posting_receipts(p_organization, p_wanted -> 'receipts', false) END,
        'stock', CASE WHEN jsonb_array_length(coalesce(p_wanted -> 'stock', '[]')) > 0
                      THEN posting_stock(p_organization, p_wanted -> 'stock', p_day, false) END);
END $$;

-- Codes and names of rows by id, for showing a plan: [{"id", "code", "name"}].
CREATE OR REPLACE FUNCTION erpdesk.labels_of(p_organization uuid, p_ids uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN (SELECT jsonb_object_agg(x.id, jsonb_build_object('code', x.code, 'name', x.name)) FROM (
        SELECT id, code, name FROM account WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, name FROM party WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, name FROM item WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, name FROM warehouse WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, name FROM cost_centre WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, NULL FROM batch WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT o.id, v.voucher_number, NULL FROM open_item o
            JOIN voucher v ON v.organization_id = o.organization_id AND v.id = o.voucher_id
            WHERE o.organization_id = p_organization AND o.id = ANY (p_ids)) x);
END $$;

ALTER FUNCTION erpdesk.posting_state(uuid, jsonb, date) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.labels_of(uuid, uuid[]) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_state(uuid, jsonb, date), erpdesk.labels_of(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.posting_state(uuid, jsonb, date), erpdesk.labels_of(uuid, uuid[])
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
