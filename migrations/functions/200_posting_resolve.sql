-- Everything a voucher document refers to, read in one round trip: masters by code key, the blueprint's
-- version, the day's period, the idempotency key if it is known. Reads only; locks nothing.

-- A refusal with kind, code, place and step for the program, as JSON in DETAIL.
CREATE OR REPLACE FUNCTION erpdesk.refuse_request(p_kind text, p_code text, p_message text,
    p_field text DEFAULT '', p_step text DEFAULT 'saved', p_details jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'P0001', MESSAGE = p_message,
        DETAIL = jsonb_build_object('kind', p_kind, 'code', p_code, 'field', p_field, 'step', p_step,
                                    'details', p_details)::text;
END $$;

-- May session_user work in this organization at all? The first thing every posting function asks.
CREATE OR REPLACE FUNCTION erpdesk.require_member(p_organization uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM organization_member m JOIN app_user u ON u.name = m.user_name
                   WHERE m.organization_id = p_organization AND m.user_name = session_user
                     AND m.is_active AND u.is_active) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s is not a member of this organization', session_user));
    END IF;
END $$;

-- A voucher that a document names, by number or `key:` and idempotency key: what stands in it for good. How much
-- of it is still open is read under its lock.
CREATE OR REPLACE FUNCTION erpdesk.named_voucher(p_organization uuid, p_reference text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v voucher; owner party;
BEGIN
    IF p_reference LIKE 'key:%' THEN
        SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.idempotency_key = substr(p_reference, 5);
    ELSE
        SELECT * INTO v FROM voucher x
        WHERE x.organization_id = p_organization AND x.voucher_number_key = key_of(p_reference)
        ORDER BY x.status = 'CANCELLED', x.voucher_on DESC, x.posting_sequence DESC LIMIT 1;
    END IF;
    IF NOT FOUND OR NOT sees_branch(p_organization, v.branch_id) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO owner FROM party x WHERE x.organization_id = p_organization AND x.id = v.party_id;
    RETURN jsonb_build_object('id', v.id, 'number', v.voucher_number, 'status', v.status, 'date', v.voucher_on, 'currency', v.currency_code,
        'party', owner.code_key, 'party_name', code_and_name(owner.code, owner.name),
        'kind', (SELECT t.document_kind FROM voucher_config_master t
                 WHERE t.organization_id = p_organization AND t.id = v.voucher_config_id),
        'lines', (SELECT jsonb_agg(jsonb_build_object('line_number', l.line_number, 'item_id', l.item_id, 'uom_id', l.uom_id,
                      'factor', l.uom_factor, 'quantity', l.quantity, 'stock_quantity', l.stock_quantity, 'rate', l.rate,
                      'amount', l.line_amount, 'warehouse_id', l.warehouse_id,
                      'batches', (SELECT jsonb_agg(jsonb_build_array(m.batch_id, m.quantity) ORDER BY m.first) FROM (
                                      SELECT x.batch_id, abs(sum(x.quantity)) AS quantity, min(x.movement_number) AS first FROM stock_movement x
                                      WHERE x.organization_id = p_organization AND x.voucher_id = coalesce(b.voucher_id, v.id) AND x.grid = l.grid
                                        AND x.line_number = coalesce(b.line_number, l.line_number) AND x.batch_id IS NOT NULL
                                      GROUP BY x.batch_id) m),
                      'serials', (SELECT jsonb_agg(DISTINCT s.code) FROM stock_movement m
                                  JOIN serial s ON s.organization_id = m.organization_id AND s.id = m.serial_id
                                  WHERE m.organization_id = p_organization AND m.voucher_id = coalesce(b.voucher_id, v.id) AND m.grid = l.grid
                                    AND m.line_number = coalesce(b.line_number, l.line_number) AND m.serial_id IS NOT NULL),
                      'moved_by', CASE WHEN b.voucher_id IS NOT NULL THEN jsonb_build_array(b.voucher_id, b.line_number) END)
                      ORDER BY l.line_number)
                  FROM voucher_line l
                  LEFT JOIN LATERAL (SELECT l.against_voucher_id AS voucher_id, l.against_line AS line_number
                                     WHERE moved_before(p_organization, l.against_voucher_id)) b ON true
                  WHERE l.organization_id = p_organization AND l.voucher_id = v.id AND l.grid = 'lines'),
        'open_items', (SELECT jsonb_agg(jsonb_build_object('id', o.id, 'party_id', o.party_id, 'account_id', o.account_id,
                           'open_amount', o.open_amount) ORDER BY o.id)
                       FROM open_item o WHERE o.organization_id = p_organization AND o.voucher_id = v.id));
END $$;
ALTER FUNCTION erpdesk.named_voucher(uuid, text) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.named_voucher(uuid, text) FROM PUBLIC;

-- The voucher that stands for a document of another system (decision 28); of one in a branch that the user doesn't see
-- no more than that.
CREATE OR REPLACE FUNCTION erpdesk.origin_of(p_organization uuid, p_type text, p_id text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v voucher;
BEGIN
    SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.source_type = p_type AND x.source_id = p_id
        AND x.status <> 'CANCELLED' AND x.reversed_by_id IS NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF NOT sees_branch(p_organization, v.branch_id) THEN
        RETURN jsonb_build_object('id', NULL, 'status', v.status);
    END IF;
    RETURN jsonb_build_object('id', v.id, 'status', v.status, 'voucher_number', v.voucher_number, 'total', v.total, 'cost', v.cost,
        'row_version', v.row_version, 'blueprint_version', v.blueprint_version, 'document', v.document, 'document_hash', v.document_hash,
        'currency_decimals', (SELECT c.decimals FROM currency c WHERE c.organization_id = p_organization AND c.code = v.currency_code));
END $$;
ALTER FUNCTION erpdesk.origin_of(uuid, text, text) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.origin_of(uuid, text, text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION erpdesk.posting_resolve(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    o organization;
    answer jsonb;
    today date;
BEGIN
    PERFORM require_member(p_organization);
    SELECT * INTO o FROM organization WHERE id = p_organization;
    today := (now() AT TIME ZONE o.time_zone)::date;
    answer := jsonb_build_object(
        'today', today,
        'user', session_user,
        'organization', jsonb_build_object('id', o.id, 'code', o.code, 'base_currency', o.base_currency,
            'currency_decimals', o.currency_decimals, 'negative_stock', o.negative_stock, 'country', o.country,
            'is_locked', o.is_locked, 'audit_locked_until', o.audit_locked_until),
        'type', (SELECT jsonb_build_object('id', t.id, 'version', t.version, 'is_active', t.is_active,
                    'journal_type_id', t.journal_type_id)
                 FROM voucher_config_master t WHERE t.organization_id = p_organization AND t.code = p ->> 'type'),
        'roles', (SELECT jsonb_object_agg(r.role, r.account_id) FROM account_role r
                  WHERE r.organization_id = p_organization),
        'branch', (SELECT jsonb_build_object('id', b.id, 'code', b.code, 'is_active', b.is_active) FROM branch b
                   WHERE b.organization_id = p_organization
                     AND (b.code_key = p ->> 'branch' OR (p ->> 'branch' IS NULL AND b.is_active))
                   ORDER BY b.created_at, b.code_key LIMIT 1),
        'period', (SELECT jsonb_build_object('id', a.id, 'state', a.state, 'starts_on', a.starts_on,
                       'ends_on', a.ends_on, 'fiscal_year_id', y.id, 'fiscal_year', y.code, 'is_closed', y.is_closed)
                   FROM accounting_period a JOIN fiscal_year y
                     ON y.organization_id = a.organization_id AND y.id = a.fiscal_year_id
                   WHERE a.organization_id = p_organization
                     AND (p ->> 'date')::date BETWEEN a.starts_on AND a.ends_on),
        'limits', (SELECT jsonb_agg(jsonb_build_object('enter', l.enter_limit, 'post', l.post_limit,
                       'back_date_days', l.back_date_days, 'forward_date_days', l.forward_date_days))
                   FROM user_limit l WHERE l.organization_id = p_organization AND l.user_name = session_user
                     AND (l.voucher_type_code IS NULL OR l.voucher_type_code = p ->> 'type')));
    IF p ? 'key' THEN
        answer := answer || jsonb_build_object('key',
            (SELECT jsonb_build_object('content_hash', k.content_hash, 'result', k.result, 'object_id', k.object_id)
             FROM idempotency_key k WHERE k.organization_id = p_organization AND k.key = p ->> 'key'),
            'draft',
            (SELECT jsonb_build_object('id', v.id, 'document_hash', v.document_hash, 'status', v.status, 'blueprint_version', v.blueprint_version,
                 'row_version', v.row_version, 'total', v.total, 'cost', v.cost, 'voucher_number', v.voucher_number)
             FROM voucher v WHERE v.organization_id = p_organization AND v.idempotency_key = p ->> 'key'));
    END IF;
    IF p ? 'source_id' THEN
        answer := answer || jsonb_build_object('origin', origin_of(p_organization, p ->> 'source_type', p ->> 'source_id'));
    END IF;
    IF p ? 'accounts' OR p ? 'charge_accounts' THEN
        answer := answer || jsonb_build_object('accounts', (
            SELECT jsonb_agg(jsonb_build_object('id', a.id, 'key', a.code_key, 'code', a.code, 'name', a.name,
                'kind', a.kind, 'nature', a.nature, 'is_group', a.is_group, 'is_active', a.is_active))
            FROM account a WHERE a.organization_id = p_organization
              AND a.code_key = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'accounts')))));
    END IF;
    IF p ? 'parties' THEN
        answer := answer || jsonb_build_object('parties', (
            SELECT jsonb_agg(jsonb_build_object('id', x.id, 'key', x.code_key, 'code', x.code, 'name', x.name,
                'kind', x.kind, 'account_id', x.account_id, 'credit_days', x.credit_days, 'is_active', x.is_active))
            FROM party x WHERE x.organization_id = p_organization
              AND x.code_key = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'parties')))));
    END IF;
    answer := answer || jsonb_build_object('default_warehouse', (
        SELECT w.code FROM warehouse w WHERE w.organization_id = p_organization AND w.is_active
        ORDER BY w.created_at, w.code_key LIMIT 1));
    IF p ? 'warehouses' OR answer ->> 'default_warehouse' IS NOT NULL THEN
        answer := answer || jsonb_build_object('warehouses', (
            SELECT jsonb_agg(jsonb_build_object('id', w.id, 'key', w.code_key, 'code', w.code, 'name', w.name,
                'inventory_account_id', w.inventory_account_id, 'is_active', w.is_active))
            FROM warehouse w WHERE w.organization_id = p_organization
              AND (w.code_key = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'warehouses')))
                   OR w.code = answer ->> 'default_warehouse')));
    END IF;
    IF p ? 'cost_centres' THEN
        answer := answer || jsonb_build_object('cost_centres', (
            SELECT jsonb_agg(jsonb_build_object('id', c.id, 'key', c.code_key, 'code', c.code, 'is_active', c.is_active))
            FROM cost_centre c WHERE c.organization_id = p_organization
              AND c.code_key = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'cost_centres')))));
    END IF;
    IF p ? 'items' THEN
        answer := answer || jsonb_build_object('items', (
            SELECT jsonb_agg(jsonb_build_object('id', i.id, 'key', i.code_key, 'code', i.code, 'name', i.name,
                'uom_id', i.uom_id, 'uom', u.code_key, 'uom_is_active', u.is_active, 'decimals', u.decimals, 'is_stocked', i.is_stocked,
                'valuation', i.valuation, 'batch_policy', i.batch_policy, 'negative_stock', i.negative_stock,
                'track_batch', i.track_batch, 'track_expiry', i.track_expiry, 'track_serial', i.track_serial,
                'is_fixed_product', i.is_fixed_product, 'is_active', i.is_active, 'tax_class', t.code,
                'inventory_account_id', coalesce(i.inventory_account_id, g.inventory_account_id),
                'cogs_account_id', coalesce(i.cogs_account_id, g.cogs_account_id),
                'grir_account_id', coalesce(i.grir_account_id, g.grir_account_id),
                'sales_account_id', coalesce(i.sales_account_id, g.sales_account_id),
                'sales_return_account_id', coalesce(i.sales_return_account_id, g.sales_return_account_id),
                'purchase_variance_account_id',
                    coalesce(i.purchase_variance_account_id, g.purchase_variance_account_id),
                'units', (SELECT jsonb_object_agg(au.code_key, jsonb_build_object('id', au.id, 'factor', iu.factor,
                              'decimals', au.decimals, 'is_active', au.is_active))
                          FROM item_uom iu JOIN uom au ON au.organization_id = iu.organization_id AND au.id = iu.uom_id
                          WHERE iu.organization_id = i.organization_id AND iu.item_id = i.id)))
            FROM item i
            JOIN uom u ON u.organization_id = i.organization_id AND u.id = i.uom_id
            LEFT JOIN item_group g ON g.organization_id = i.organization_id AND g.id = i.item_group_id
            LEFT JOIN tax_class t ON t.organization_id = i.organization_id AND t.id = i.tax_class_id
            WHERE i.organization_id = p_organization
              AND i.code_key = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'items')))));
    END IF;
    IF p ? 'batches' THEN
        answer := answer || jsonb_build_object('batches', (
            SELECT jsonb_agg(jsonb_build_object('id', b.id, 'key', b.code_key, 'item', i.code_key, 'code', b.code,
                'expires_on', b.expires_on, 'manufactured_on', b.manufactured_on, 'is_active', b.is_active))
            FROM jsonb_to_recordset(p -> 'batches') AS w (item text, batch text)
            JOIN item i ON i.organization_id = p_organization AND i.code_key = w.item
            JOIN batch b ON b.organization_id = p_organization AND b.item_id = i.id AND b.code_key = w.batch));
    END IF;
    IF p ? 'currency' THEN
        answer := answer || jsonb_build_object('currency', currency_facts(p_organization, p ->> 'currency', (p ->> 'date')::date));
    END IF;
    IF p ? 'bins' THEN
        answer := answer || jsonb_build_object('bins', (
            SELECT jsonb_agg(jsonb_build_object('id', b.id, 'key', b.code_key, 'code', b.code, 'warehouse_id', b.warehouse_id,
                'is_active', b.is_active))
            FROM bin_location b WHERE b.organization_id = p_organization
              AND b.code_key = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'bins')))));
    END IF;
    IF p ? 'vouchers' THEN
        answer := answer || jsonb_build_object('vouchers', (
            SELECT jsonb_agg(named_voucher(p_organization, r) || jsonb_build_object('ref', r))
            FROM jsonb_array_elements_text(p -> 'vouchers') AS x (r)
            WHERE named_voucher(p_organization, r) IS NOT NULL));
    END IF;
    IF p ? 'rates' THEN
        answer := answer || jsonb_build_object('rates', (
            SELECT jsonb_agg(jsonb_build_object('item', i.code_key, 'uom', u.code_key, 'rate', r.rate,
                'minimum_quantity', r.minimum_quantity, 'list', l.code_key, 'currency', coalesce(l.currency_code, o.base_currency),
                'rank', CASE WHEN l.code_key = p ->> 'price_list' THEN 0 WHEN l.id = (SELECT x.price_list_id FROM party x
                    WHERE x.organization_id = p_organization AND x.code_key = p ->> 'party') THEN 1 ELSE 2 END))
            FROM price_list l
            JOIN price_list_rate r ON r.organization_id = l.organization_id AND r.price_list_id = l.id
            JOIN item i ON i.organization_id = r.organization_id AND i.id = r.item_id
            JOIN uom u ON u.organization_id = r.organization_id AND u.id = r.uom_id
            WHERE l.organization_id = p_organization AND l.is_active
              AND (l.code_key = p ->> 'price_list'
                   OR l.code_key = p ->> 'type_price_list'
                   OR (NOT p ? 'type_price_list' AND l.id = (SELECT t.price_list_id FROM voucher_config_master t
                              WHERE t.organization_id = p_organization AND t.code = p ->> 'type'))
                   OR l.id = (SELECT x.price_list_id FROM party x
                              WHERE x.organization_id = p_organization AND x.code_key = p ->> 'party'))
              AND i.code_key = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'items')))
              AND (r.valid_from IS NULL OR r.valid_from <= (p ->> 'date')::date)
              AND (r.valid_until IS NULL OR r.valid_until >= (p ->> 'date')::date)));
    END IF;
    IF p ? 'price_list' THEN
        answer := answer || jsonb_build_object('has_price_list', EXISTS (SELECT FROM price_list l
            WHERE l.organization_id = p_organization AND l.code_key = p ->> 'price_list' AND l.is_active));
    END IF;
    IF p ? 'last_rates' THEN
        answer := answer || jsonb_build_object('last_rates', last_rates(p_organization, p));
    END IF;
    RETURN answer;
END $$;

-- A moment by the clock of an organization, as refusals tell it.
CREATE OR REPLACE FUNCTION erpdesk.told_moment(p_organization uuid, p_moment timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT to_char(p_moment AT TIME ZONE o.time_zone, 'YYYY-MM-DD HH24:MI:SS') FROM organization o WHERE o.id = p_organization
$$;

-- The blueprint of a voucher type at a version, as the document it was stored as.
CREATE OR REPLACE FUNCTION erpdesk.blueprint_document(p_organization uuid, p_type text, p_version integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN (SELECT jsonb_build_object('document', b.document, 'hash', b.hash, 'version', b.version)
            FROM voucher_config_master t
            JOIN blueprint_version b ON b.organization_id = t.organization_id AND b.voucher_config_id = t.id
            WHERE t.organization_id = p_organization AND t.code = p_type AND b.version = coalesce(p_version, t.version));
END $$;

ALTER FUNCTION erpdesk.refuse_request(text, text, text, text, text, jsonb) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.require_member(uuid) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.told_moment(uuid, timestamptz) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_resolve(uuid, jsonb) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.blueprint_document(uuid, text, integer) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.refuse_request(text, text, text, text, text, jsonb),
    erpdesk.require_member(uuid), erpdesk.told_moment(uuid, timestamptz) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_resolve(uuid, jsonb), erpdesk.blueprint_document(uuid, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.posting_resolve(uuid, jsonb), erpdesk.blueprint_document(uuid, text, integer)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
