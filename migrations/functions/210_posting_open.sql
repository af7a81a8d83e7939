-- Save, claim, lock and read: the first half of a post, one call. Writes the draft, claims the idempotency
-- key, locks every row the plan depends on in the global order (key, voucher, period, party, balances) and
-- returns their state. Without `post` it only saves the draft, audited.

-- Is there a list of that name, with anything in it? Statements for lists that are empty are not even started:
-- setting one up costs more than most of them do.
CREATE OR REPLACE FUNCTION erpdesk.given(p jsonb, p_name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce(p -> p_name, '[]') NOT IN ('[]', 'null') $$;

CREATE OR REPLACE FUNCTION erpdesk.posting_save(p_organization uuid, p jsonb, p_post boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    h record;
    old voucher;
    known_version integer := (p ->> 'row_version')::integer;
    new_version integer := 1;
    clash text;
    today date := (SELECT (now() AT TIME ZONE o.time_zone)::date FROM organization o WHERE o.id = p_organization);
BEGIN
    SELECT * INTO h FROM jsonb_to_record(p -> 'voucher') AS x (id uuid, branch_id uuid, voucher_config_id uuid,
        blueprint_version integer, voucher_on date, voucher_time time, entry_on date, ref_no text, party_id uuid, account_id uuid,
        warehouse_id uuid, to_warehouse_id uuid, narration text, currency_code text, exchange_rate numeric,
        total numeric, base_total numeric, voucher_number text, voucher_number_key text, series_code text,
        document jsonb, udf jsonb, document_hash text, idempotency_key text, correlation_id uuid, source_type text, source_id text);
    IF known_version IS NULL THEN
        INSERT INTO voucher (organization_id, id, branch_id, voucher_config_id, blueprint_version, voucher_on, voucher_time,
            entry_on, ref_no, party_id, account_id, warehouse_id, to_warehouse_id, narration, currency_code, exchange_rate, total,
            base_total, voucher_number, voucher_number_key, series_code, document, udf, document_hash, idempotency_key,
            correlation_id, source_type, source_id)
        VALUES (p_organization, h.id, h.branch_id, h.voucher_config_id, h.blueprint_version, h.voucher_on, h.voucher_time,
            coalesce(h.entry_on, today), h.ref_no, h.party_id, h.account_id, h.warehouse_id, h.to_warehouse_id, h.narration, h.currency_code,
            h.exchange_rate, h.total, h.base_total, h.voucher_number, h.voucher_number_key, h.series_code, h.document,
            coalesce(h.udf, '{}'), h.document_hash, h.idempotency_key, h.correlation_id, h.source_type, h.source_id);
    ELSE
        SELECT * INTO old FROM voucher v WHERE v.organization_id = p_organization AND v.id = h.id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            PERFORM refuse_request('invalid', 'VCH-005', 'There is no such voucher');
        ELSIF old.voucher_config_id <> h.voucher_config_id THEN
            PERFORM refuse_request('invalid', 'VCH-004', 'A voucher keeps its type', 'type');
        ELSIF NOT may(p_organization, 'voucher.enter', (SELECT t.code FROM voucher_config_master t
                          WHERE t.organization_id = p_organization AND t.id = old.voucher_config_id), old.branch_id) THEN
            PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not edit this voucher', session_user) || lacking(p_organization, 'voucher.enter'));
        ELSIF old.status IN ('POSTED', 'REVERSED') THEN
            PERFORM refuse_request('conflict', 'VCH-001', format('Voucher %s was already posted by %s at %s',
                old.voucher_number, old.posted_by, told_moment(p_organization, old.posted_at)), '', 'journal',
                jsonb_build_object('voucher_number', old.voucher_number, 'posted_by', old.posted_by, 'posted_at', old.posted_at));
        ELSIF old.row_version <> known_version THEN
            PERFORM refuse_request('conflict', 'VCH-002', format('The voucher was changed by %s at %s since you opened it',
                old.changed_by, told_moment(p_organization, old.changed_at)), '', 'saved',
                jsonb_build_object('row_version', old.row_version, 'document', old.document));
        ELSIF old.status = 'CANCELLED' THEN
            PERFORM refuse_request('conflict', 'VCH-006', format('The voucher is %s', old.status));
        END IF;
        IF (p ->> 'unchanged')::boolean IS TRUE AND old.document_hash = h.document_hash AND old.blueprint_version = h.blueprint_version THEN
            IF old.status = 'APPROVED' AND old.base_total <> h.base_total THEN
                PERFORM refuse_request('conflict', 'APR-008', format('The voucher was approved at %s and would be posted at %s: withdraw it and submit it again',
                    old.base_total, h.base_total), 'voucher', 'journal');
            END IF;
            RETURN old.row_version;
        ELSIF old.status = 'PENDING_APPROVAL' THEN
            PERFORM refuse_request('conflict', 'VCH-006', 'The voucher waits for approval; withdraw it to edit it');
        END IF;
        new_version := old.row_version + 1;
        UPDATE voucher SET branch_id = h.branch_id, blueprint_version = h.blueprint_version, voucher_on = h.voucher_on,
            voucher_time = h.voucher_time, entry_on = coalesce(h.entry_on, today), ref_no = h.ref_no, party_id = h.party_id, account_id = h.account_id,
            warehouse_id = h.warehouse_id, to_warehouse_id = h.to_warehouse_id, narration = h.narration,
            currency_code = h.currency_code, exchange_rate = h.exchange_rate, total = h.total, base_total = h.base_total,
            voucher_number = h.voucher_number, voucher_number_key = h.voucher_number_key, series_code = h.series_code,
            document = h.document, udf = coalesce(h.udf, '{}'), document_hash = h.document_hash, row_version = new_version,
            source_type = h.source_type, source_id = h.source_id,
            status = 'DRAFT', approved_at = NULL, approved_by = NULL, changed_at = now(), changed_by = session_user, correlation_id = h.correlation_id
        WHERE organization_id = p_organization AND id = h.id;
        DELETE FROM voucher_line WHERE organization_id = p_organization AND voucher_id = h.id;
        DELETE FROM voucher_charge WHERE organization_id = p_organization AND voucher_id = h.id;
        DELETE FROM voucher_link WHERE organization_id = p_organization AND voucher_id = h.id;
        DELETE FROM voucher_allocation WHERE organization_id = p_organization AND voucher_id = h.id;
    END IF;
    IF given(p, 'new_batches') THEN
        INSERT INTO batch (organization_id, id, item_id, code, code_key, manufactured_on, expires_on)
        SELECT p_organization, b.id, b.item_id, b.code, b.code_key, b.manufactured_on, b.expires_on
        FROM jsonb_to_recordset(p -> 'new_batches') AS b (id uuid, item_id uuid, code text, code_key text,
            manufactured_on date, expires_on date)
        ORDER BY b.item_id, b.code_key
        ON CONFLICT (organization_id, item_id, code_key) DO NOTHING;
        -- Another desk may have brought the same batch in meanwhile; its days stand, and are not contradicted unheard.
        SELECT format('Batch %s of %s ', b.code, code_and_name(i.code, i.name)) || CASE WHEN n.expires_on <> b.expires_on
            THEN format('expires on %s, not on %s', b.expires_on, n.expires_on)
            ELSE format('was manufactured on %s, not on %s', b.manufactured_on, n.manufactured_on) END INTO clash
        FROM jsonb_to_recordset(p -> 'new_batches') AS n (id uuid, item_id uuid, code_key text, manufactured_on date, expires_on date)
        JOIN batch b ON b.organization_id = p_organization AND b.item_id = n.item_id AND b.code_key = n.code_key
        JOIN item i ON i.organization_id = p_organization AND i.id = n.item_id
        WHERE n.expires_on <> b.expires_on OR n.manufactured_on <> b.manufactured_on
        LIMIT 1;
        IF clash IS NOT NULL THEN
            PERFORM refuse_request('invalid', 'INV-009', clash);
        END IF;
    END IF;
    INSERT INTO voucher_line (organization_id, voucher_id, grid, line_number, item_id, account_id, party_id, warehouse_id,
        to_warehouse_id, bin_id, to_bin_id, batch_id, uom_id, cost_centre_id, quantity, free_quantity, stock_quantity, uom_factor, rate,
        discount_percent, discount_amount, line_amount, debit, credit, unit_cost, share, narration, udf, against_voucher_id,
        against_line, tax_class)
    SELECT p_organization, h.id, l.grid, l.line_number, l.item_id, l.account_id, l.party_id, l.warehouse_id, l.to_warehouse_id,
        l.bin_id, l.to_bin_id, coalesce(b.id, l.batch_id), l.uom_id, l.cost_centre_id, coalesce(l.quantity, 0), coalesce(l.free_quantity, 0),
        coalesce(l.stock_quantity, 0), coalesce(l.uom_factor, 1), coalesce(l.rate, 0), coalesce(l.discount_percent, 0),
        coalesce(l.discount_amount, 0), coalesce(l.line_amount, 0), coalesce(l.debit, 0), coalesce(l.credit, 0), l.unit_cost,
        l.share, l.narration, coalesce(l.udf, '{}'), l.against_voucher_id, l.against_line,
        (SELECT x.code FROM item i JOIN tax_class x ON x.organization_id = i.organization_id AND x.id = i.tax_class_id
         WHERE i.organization_id = p_organization AND i.id = l.item_id)
    FROM jsonb_to_recordset(p -> 'lines') AS l (grid text, line_number bigint, item_id uuid, account_id uuid, party_id uuid,
        warehouse_id uuid, to_warehouse_id uuid, bin_id uuid, to_bin_id uuid, batch_id uuid, batch_key text, uom_id uuid, cost_centre_id uuid, quantity numeric,
        free_quantity numeric, stock_quantity numeric, uom_factor numeric, rate numeric, discount_percent numeric,
        discount_amount numeric, line_amount numeric, debit numeric, credit numeric, unit_cost numeric, share numeric,
        narration text, udf jsonb, against_voucher_id uuid, against_line bigint)
    LEFT JOIN batch b ON l.batch_key IS NOT NULL AND b.organization_id = p_organization AND b.item_id = l.item_id AND b.code_key = l.batch_key;
    IF given(p, 'details') OR known_version IS NOT NULL THEN
        PERFORM posting_save_details(p_organization, h.id, p -> 'details');
    END IF;
    IF given(p, 'cost_centres') OR known_version IS NOT NULL THEN
        PERFORM posting_save_cost_centres(p_organization, h.id, p -> 'cost_centres');
    END IF;
    IF given(p, 'charges') THEN
        INSERT INTO voucher_charge (organization_id, voucher_id, sequence, footer_charge_id, code, account_id, rate, base_amount,
            amount, direction, spread, shares)
        SELECT p_organization, h.id, c.sequence, c.footer_charge_id, c.code, c.account_id, c.rate, c.base_amount, c.amount, c.direction,
            c.spread, c.shares
        FROM jsonb_to_recordset(p -> 'charges') AS c (sequence bigint, footer_charge_id uuid, code text, account_id uuid,
            rate numeric, base_amount numeric, amount numeric, direction text, spread text, shares jsonb);
    END IF;
    IF given(p, 'links') THEN
        INSERT INTO voucher_link (organization_id, voucher_id, kind, other_voucher_id)
        SELECT DISTINCT p_organization, h.id, k.kind, k.other_voucher_id
        FROM jsonb_to_recordset(p -> 'links') AS k (kind text, other_voucher_id uuid);
    END IF;
    IF given(p, 'allocations') THEN
        INSERT INTO voucher_allocation (organization_id, voucher_id, sequence, target_voucher_id, amount, discount, write_off)
        SELECT p_organization, h.id, a.sequence, a.target_voucher_id, a.amount, a.discount, a.write_off
        FROM jsonb_to_recordset(p -> 'allocations') AS a (sequence bigint, target_voucher_id uuid, amount numeric, discount numeric,
            write_off numeric);
    END IF;
    IF NOT p_post THEN
        IF h.voucher_number IS NOT NULL OR known_version IS NOT NULL THEN
            PERFORM claim_number(v, 'saved') FROM voucher v WHERE v.organization_id = p_organization AND v.id = h.id;
        END IF;
        INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, step, after, correlation_id, context)
        SELECT p_organization, gen_random_uuid(), nextval('audit_sequence'), 'saved', 'voucher', v.id::text, 'saved',
               to_jsonb(v), v.correlation_id, coalesce(p -> 'context', '{}')
        FROM voucher v WHERE v.organization_id = p_organization AND v.id = h.id;
    END IF;
    RETURN new_version;
END $$;

-- The least there is of a batch in a bin on any day after this one; nothing where it doesn't move later.
CREATE OR REPLACE FUNCTION erpdesk.least_of_lot(q erpdesk.batch_balance, p_day date) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT min(q.quantity - d.after) FROM (
        SELECT sum(sum(m.quantity)) OVER (ORDER BY m.moved_on DESC) AS after FROM stock_movement m
        WHERE m.organization_id = q.organization_id AND m.item_id = q.item_id AND m.warehouse_id = q.warehouse_id
          AND coalesce(m.batch_id, '00000000-0000-0000-0000-000000000000') = q.batch_id
          AND coalesce(m.bin_id, '00000000-0000-0000-0000-000000000000') = q.bin_id AND m.moved_on > p_day
        GROUP BY m.moved_on) d
$$;
ALTER FUNCTION erpdesk.least_of_lot(erpdesk.batch_balance, date) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.least_of_lot(erpdesk.batch_balance, date) FROM PUBLIC;

-- The state of stock that a plan needs: balances (locked), open layers in the order of their policy, batch
-- quantities, and for pools the least quantity of any later day.
CREATE OR REPLACE FUNCTION erpdesk.posting_stock(p_organization uuid, p_stock jsonb, p_day date, p_lock boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE answer jsonb; special boolean := true;
BEGIN
    IF p_lock THEN
        IF p_stock @> '[{"receives": true}]' THEN
            INSERT INTO stock_balance (organization_id, item_id, warehouse_id)
            SELECT p_organization, w.item_id, w.warehouse_id
            FROM jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid, receives boolean)
            WHERE w.receives AND NOT EXISTS (SELECT FROM stock_balance b WHERE b.organization_id = p_organization
                AND b.item_id = w.item_id AND b.warehouse_id = w.warehouse_id)
            ORDER BY w.item_id, w.warehouse_id
            ON CONFLICT DO NOTHING;
        END IF;
        PERFORM FROM stock_balance b
        JOIN jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid)
          ON b.organization_id = p_organization AND b.item_id = w.item_id AND b.warehouse_id = w.warehouse_id
        ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE OF b;
    END IF;
    -- Where nothing is unusual, the questions about that are not asked.
    SELECT coalesce(bool_or(b.last_unit_cost IS NULL OR b.last_moved_on > p_day OR b.deficit_quantity <> 0), true),
        jsonb_build_object('balances', jsonb_agg(jsonb_build_object('item_id', b.item_id, 'warehouse_id', b.warehouse_id,
            'quantity', b.quantity, 'value', b.value, 'reserved', b.reserved_quantity, 'last_unit_cost', b.last_unit_cost,
            'deficit_quantity', b.deficit_quantity, 'deficit_value', b.deficit_value,
            'blocked', NULL, 'any_unit_cost', NULL, 'least_later', NULL)),
            'deficits', NULL, 'layers', NULL, 'batches', NULL) INTO special, answer
    FROM stock_balance b
    JOIN jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid)
      ON b.organization_id = p_organization AND b.item_id = w.item_id AND b.warehouse_id = w.warehouse_id;
    IF special OR p_stock @> '[{"tracked": true}]' THEN
        SELECT jsonb_build_object(
            'balances', (
                SELECT jsonb_agg(jsonb_build_object('item_id', b.item_id, 'warehouse_id', b.warehouse_id,
                    'quantity', b.quantity, 'value', b.value, 'reserved', b.reserved_quantity, 'last_unit_cost', b.last_unit_cost,
                    'deficit_quantity', b.deficit_quantity, 'deficit_value', b.deficit_value,
                    'blocked', CASE WHEN w.tracked THEN (
                        SELECT sum(q.quantity) FROM batch_balance q JOIN batch x ON x.organization_id = q.organization_id AND x.id = q.batch_id
                        WHERE q.organization_id = p_organization AND q.item_id = b.item_id AND q.warehouse_id = b.warehouse_id
                          AND (NOT x.is_active OR (w.skip_expired AND x.expires_on < p_day))) END,
                    'any_unit_cost', CASE WHEN b.last_unit_cost IS NULL THEN (
                        SELECT e.last_unit_cost FROM stock_balance e
                        WHERE e.organization_id = p_organization AND e.item_id = b.item_id AND e.last_unit_cost IS NOT NULL
                        ORDER BY e.last_moved_on DESC, e.warehouse_id LIMIT 1) END,
                    'least_later', CASE WHEN b.last_moved_on > p_day THEN (
                        SELECT min(b.quantity - d.after) FROM (
                            SELECT sum(sum(m.quantity)) OVER (ORDER BY m.moved_on DESC) AS after
                            FROM stock_movement m
                            WHERE m.organization_id = p_organization AND m.item_id = b.item_id
                              AND m.warehouse_id = b.warehouse_id AND m.moved_on > p_day
                            GROUP BY m.moved_on) d) END))
                FROM stock_balance b
                JOIN jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid, tracked boolean, skip_expired boolean)
                  ON b.organization_id = p_organization AND b.item_id = w.item_id AND b.warehouse_id = w.warehouse_id),
            'deficits', (
                SELECT jsonb_agg(jsonb_build_object('id', d.id, 'item_id', d.item_id, 'warehouse_id', d.warehouse_id,
                    'quantity', d.quantity_left, 'value', d.value_left) ORDER BY d.posting_sequence, d.line_number, d.id)
                FROM stock_deficit d
                JOIN jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid)
                  ON d.organization_id = p_organization AND d.item_id = w.item_id AND d.warehouse_id = w.warehouse_id
                WHERE d.quantity_left > 0),
            'kept_batches', (  -- batches that orders keep, and those named: how much is there, how much of it is kept
                SELECT jsonb_agg(to_jsonb(k)) FROM (
                    SELECT x.item_id, x.warehouse_id, x.batch_id, sum(x.kept) AS kept, (
                        SELECT coalesce(sum(q.quantity), 0) FROM batch_balance q
                        WHERE q.organization_id = p_organization AND q.item_id = x.item_id AND q.warehouse_id = x.warehouse_id
                          AND q.batch_id = x.batch_id) AS quantity
                    FROM (SELECT w.item_id, w.warehouse_id, r.batch_id, r.quantity_left AS kept
                          FROM jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid, tracked boolean)
                          JOIN stock_balance b ON b.organization_id = p_organization AND b.item_id = w.item_id AND b.warehouse_id = w.warehouse_id
                              AND b.reserved_quantity > 0
                          JOIN reservation r ON r.organization_id = p_organization AND r.item_id = w.item_id
                              AND r.warehouse_id = w.warehouse_id AND r.quantity_left > 0 AND r.batch_id IS NOT NULL
                          WHERE w.tracked
                          UNION ALL
                          SELECT DISTINCT w.item_id, w.warehouse_id, n.batch_id, 0
                          FROM jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid, tracked boolean, batches uuid[])
                          CROSS JOIN LATERAL unnest(w.batches) AS n (batch_id) WHERE w.tracked) x
                    GROUP BY x.item_id, x.warehouse_id, x.batch_id) k),
            'layers', NULL, 'batches', NULL)
        INTO answer;
        IF jsonb_path_exists(answer, '$.kept_batches[*] ? (@.kept > 0)') THEN  -- layers are read beyond what is kept
            SELECT jsonb_agg(x.w || jsonb_build_object('needed', coalesce((x.w ->> 'needed')::numeric, 0) + coalesce(k.kept, 0))) INTO p_stock
            FROM jsonb_array_elements(p_stock) AS x (w)
            LEFT JOIN (SELECT r.item_id, r.warehouse_id, sum(r.kept) AS kept
                       FROM jsonb_to_recordset(answer -> 'kept_batches') AS r (item_id uuid, warehouse_id uuid, kept numeric) GROUP BY 1, 2) k
                ON k.item_id = (x.w ->> 'item_id')::uuid AND k.warehouse_id = (x.w ->> 'warehouse_id')::uuid
                AND (x.w ->> 'needed')::numeric > 0;
        END IF;
    END IF;
    IF EXISTS (SELECT FROM jsonb_to_recordset(p_stock) AS w (needed numeric) WHERE w.needed > 0) THEN
        SELECT answer || jsonb_build_object(
            'layers', (
                SELECT jsonb_agg(jsonb_build_object('id', x.id, 'item_id', x.item_id, 'warehouse_id', x.warehouse_id,
                    'bin_id', x.bin_id, 'batch_id', x.batch_id, 'expires_on', x.expires_on, 'origin_layer_id', x.origin_layer_id,
                    'received_on', x.received_on, 'source_voucher_id', x.source_voucher_id,
                    'source_line_number', x.source_line_number, 'quantity', x.quantity_left, 'value', x.value_left)
                    ORDER BY x.item_id, x.warehouse_id, x.first NULLS LAST, x.received_on, x.posting_sequence, x.layer_number)
                FROM (  -- one window over all places; OFFSET 0: layers by their place, whatever statistics say
                    SELECT y.*, sum(y.quantity_left) OVER (PARTITION BY y.item_id, y.warehouse_id
                        ORDER BY y.first NULLS LAST, y.received_on, y.posting_sequence, y.layer_number) - y.quantity_left AS before
                    FROM (
                        SELECT l.*, b.expires_on, w.needed, w.batches, w.sources, w.bins, CASE w.policy WHEN 'fefo' THEN b.expires_on
                            WHEN 'fifo_manufactured' THEN b.manufactured_on END AS first
                        FROM jsonb_to_recordset(p_stock)
                            AS w (item_id uuid, warehouse_id uuid, needed numeric, policy text, batches uuid[], sources uuid[],
                                  valuation text, bins uuid[], skip_expired boolean)
                        CROSS JOIN LATERAL (
                            SELECT k.* FROM stock_layer k
                            WHERE k.organization_id = p_organization AND k.item_id = w.item_id AND k.warehouse_id = w.warehouse_id
                              AND k.is_open AND k.received_on <= p_day AND k.serial_id IS NULL OFFSET 0) l
                        LEFT JOIN batch b ON b.organization_id = l.organization_id AND b.id = l.batch_id
                        WHERE w.needed > 0 AND w.valuation = 'fifo' AND b.is_active IS NOT FALSE
                          AND NOT (w.skip_expired IS TRUE AND b.expires_on IS NOT NULL AND b.expires_on < p_day)) y) x
                WHERE x.before < x.needed OR x.batch_id = ANY (x.batches) OR x.source_voucher_id = ANY (x.sources)
                   OR coalesce(x.bin_id, '00000000-0000-0000-0000-000000000000') = ANY (x.bins)),
            'batches', NULL)
        INTO answer;
    END IF;
    IF p_stock @> '[{"valuation": "weighted_average"}]' THEN
        SELECT answer || jsonb_build_object(
            'batches', (
                SELECT jsonb_agg(jsonb_build_object('item_id', q.item_id, 'warehouse_id', q.warehouse_id,
                    'bin_id', q.bin_id, 'batch_id', q.batch_id, 'expires_on', b.expires_on, 'quantity', q.quantity,
                    'least_later', CASE WHEN s.last_moved_on > p_day THEN least_of_lot(q, p_day) END)
                    ORDER BY q.item_id, q.warehouse_id,
                        CASE w.policy WHEN 'fefo' THEN b.expires_on WHEN 'fifo_manufactured' THEN b.manufactured_on END NULLS LAST,
                        q.first_received_on, q.first_posting_sequence, q.batch_id, q.bin_id)
                FROM jsonb_to_recordset(p_stock)
                    AS w (item_id uuid, warehouse_id uuid, needed numeric, policy text, valuation text, skip_expired boolean)
                JOIN batch_balance q ON q.organization_id = p_organization AND q.item_id = w.item_id
                    AND q.warehouse_id = w.warehouse_id AND q.quantity > 0
                JOIN stock_balance s ON s.organization_id = p_organization AND s.item_id = q.item_id AND s.warehouse_id = q.warehouse_id
                LEFT JOIN batch b ON b.organization_id = p_organization AND b.id = q.batch_id
                WHERE w.needed > 0 AND w.valuation = 'weighted_average' AND b.is_active IS NOT FALSE
                  AND NOT (w.skip_expired IS TRUE AND b.expires_on IS NOT NULL AND b.expires_on < p_day)))
        INTO answer;
    END IF;
    -- Places that a post would bring into being are told as they would be found there, under the locks.
    IF NOT p_lock AND p_stock @> '[{"receives": true}]'
       AND coalesce(jsonb_array_length(nullif(answer -> 'balances', 'null')), 0) < jsonb_array_length(p_stock) THEN
        SELECT answer || jsonb_build_object('balances', coalesce(nullif(answer -> 'balances', 'null'), '[]') || coalesce(jsonb_agg(
            jsonb_build_object('item_id', w.item_id, 'warehouse_id', w.warehouse_id, 'quantity', 0, 'value', 0, 'reserved', 0,
                'last_unit_cost', NULL, 'deficit_quantity', 0, 'deficit_value', 0, 'blocked', NULL, 'least_later', NULL, 'is_new', true,
                'any_unit_cost', (
                    SELECT e.last_unit_cost FROM stock_balance e
                    WHERE e.organization_id = p_organization AND e.item_id = w.item_id AND e.last_unit_cost IS NOT NULL
                    ORDER BY e.last_moved_on DESC, e.warehouse_id LIMIT 1))), '[]')) INTO answer
        FROM jsonb_to_recordset(p_stock) AS w (item_id uuid, warehouse_id uuid, receives boolean)
        WHERE w.receives AND NOT EXISTS (SELECT FROM stock_balance b WHERE b.organization_id = p_organization
            AND b.item_id = w.item_id AND b.warehouse_id = w.warehouse_id);
    END IF;
    RETURN answer;
END $$;

-- What is left of the lines of source vouchers, and whether they still stand.
CREATE OR REPLACE FUNCTION erpdesk.posting_sources(p_organization uuid, p_sources jsonb) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('id', v.id, 'status', v.status, 'lines', (
        SELECT jsonb_agg(jsonb_build_object('line_number', s.line_number, 'quantity', s.quantity, 'used_quantity', s.used_quantity,
            'value', s.value, 'used_value', s.used_value))
        FROM source_line s WHERE s.organization_id = p_organization AND s.voucher_id = v.id)))
    FROM voucher v WHERE v.organization_id = p_organization
      AND v.id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_sources))::uuid[])
$$;

-- Open items of the vouchers that are being settled.
CREATE OR REPLACE FUNCTION erpdesk.posting_open_items(p_organization uuid, p_vouchers jsonb) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('id', o.id, 'voucher_id', o.voucher_id, 'party_id', o.party_id, 'account_id', o.account_id,
        'open_amount', o.open_amount, 'currency_open_amount', o.currency_open_amount, 'currency_code', o.currency_code,
        'exchange_rate', v.exchange_rate) ORDER BY o.id)
    FROM open_item o JOIN voucher v ON v.organization_id = o.organization_id AND v.id = o.voucher_id WHERE o.organization_id = p_organization
      AND o.voucher_id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_vouchers))::uuid[])
$$;

-- Where the goods of receipts have come and gone: the places of their movements, and of layers that are left.
CREATE OR REPLACE FUNCTION erpdesk.places_of_receipts(p_organization uuid, p_receipts uuid[])
RETURNS TABLE (item_id uuid, warehouse_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT m.item_id, m.warehouse_id FROM stock_movement m
    WHERE m.organization_id = p_organization AND m.voucher_id = ANY (p_receipts)
    UNION
    SELECT l.item_id, l.warehouse_id FROM stock_layer o
    JOIN stock_layer l ON l.organization_id = o.organization_id AND l.origin_layer_id = o.id AND l.is_open
    WHERE o.organization_id = p_organization AND o.source_voucher_id = ANY (p_receipts)
$$;
ALTER FUNCTION erpdesk.places_of_receipts(uuid, uuid[]) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.places_of_receipts(uuid, uuid[]) FROM PUBLIC;

-- What is left of receipts: their layers wherever they have gone, and the pools that took them in. Locks the
-- balances of all those places; a place that appears while waiting is locked too.
CREATE OR REPLACE FUNCTION erpdesk.posting_receipts(p_organization uuid, p_receipts jsonb, p_lock boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    ids uuid[] := ARRAY(SELECT jsonb_array_elements_text(p_receipts))::uuid[];
    before integer := -1; now_there integer := 0;
BEGIN
    WHILE p_lock AND before <> now_there LOOP
        before := now_there;
        PERFORM FROM stock_balance b
        WHERE b.organization_id = p_organization AND (b.item_id, b.warehouse_id) IN (
            SELECT w.item_id, w.warehouse_id FROM places_of_receipts(p_organization, ids) w)
        ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE;
        GET DIAGNOSTICS now_there = ROW_COUNT;
    END LOOP;
    RETURN (SELECT jsonb_agg(jsonb_build_object('voucher_id', m.voucher_id, 'line_number', m.line_number, 'item_id', m.item_id,
        'warehouse_id', m.warehouse_id, 'quantity', m.quantity, 'value', m.value, 'valuation', m.valuation,
        'account_id', m.account_id, 'uom_id', m.uom_id,
        'pool_quantity', b.quantity, 'pool_value', b.value,
        'parts', (SELECT jsonb_agg(jsonb_build_object('layer_id', l.id, 'warehouse_id', l.warehouse_id, 'batch_id', l.batch_id,
                      'quantity', l.quantity_left, 'value', l.value_left,
                      'account_id', coalesce(w.inventory_account_id, i.inventory_account_id, g.inventory_account_id, r.account_id)
                      , 'bin_id', l.bin_id, 'place', jsonb_build_array(l.received_on, l.posting_sequence, l.layer_number))
                      ORDER BY l.received_on, l.posting_sequence, l.layer_number)
                  FROM stock_layer l
                  JOIN warehouse w ON w.organization_id = l.organization_id AND w.id = l.warehouse_id
                  WHERE l.organization_id = p_organization AND l.is_open
                    AND (l.id = ANY (m.layers) OR l.origin_layer_id = ANY (m.layers))),
        'cogs_account_id', coalesce(i.cogs_account_id, g.cogs_account_id))
        ORDER BY array_position(ids, m.voucher_id), m.line_number, m.first)
        FROM (SELECT x.organization_id, x.voucher_id, x.line_number, x.item_id, x.warehouse_id, x.uom_id, x.account_id, x.valuation,
                  min(x.movement_number) AS first, sum(x.quantity) AS quantity, sum(x.value) AS value, array_agg(x.layer_id) FILTER (WHERE x.layer_id IS NOT NULL) AS layers
              FROM stock_movement x
              WHERE x.organization_id = p_organization AND x.voucher_id = ANY (ids) AND x.quantity > 0 AND x.kind <> 'set_off'
              GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) m
        JOIN item i ON i.organization_id = m.organization_id AND i.id = m.item_id
        LEFT JOIN item_group g ON g.organization_id = i.organization_id AND g.id = i.item_group_id
        LEFT JOIN account_role r ON r.organization_id = m.organization_id AND r.role = 'stock'
        LEFT JOIN stock_balance b ON b.organization_id = m.organization_id AND b.item_id = m.item_id AND b.warehouse_id = m.warehouse_id);
END $$;

ALTER FUNCTION erpdesk.posting_sources(uuid, jsonb) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_open_items(uuid, jsonb) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_receipts(uuid, jsonb, boolean) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_sources(uuid, jsonb), erpdesk.posting_open_items(uuid, jsonb),
    erpdesk.posting_receipts(uuid, jsonb, boolean) FROM PUBLIC;

-- The part of it that waits for nobody who posts: the rows of the draft, the key, the blueprint, the period.
CREATE OR REPLACE FUNCTION erpdesk.posting_begin(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    v_id uuid := (p -> 'voucher' ->> 'id')::uuid;
    v_day date := (p -> 'voucher' ->> 'voucher_on')::date;
    v_post boolean := coalesce((p ->> 'post')::boolean, false);
    v_type text;
    v_label text;
    v_version integer;
    v_blueprint integer;
    v_asks boolean;
    v_gate jsonb;
    k idempotency_key;
BEGIN
    PERFORM require_member(p_organization);
    SELECT t.code, t.label, t.version, t.requires_approval INTO v_type, v_label, v_blueprint, v_asks FROM voucher_config_master t
    WHERE t.organization_id = p_organization AND t.id = (p -> 'voucher' ->> 'voucher_config_id')::uuid;
    IF NOT may(p_organization, 'voucher.enter', v_type, (p -> 'voucher' ->> 'branch_id')::uuid) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not enter vouchers of type %s here', session_user, v_label) || lacking(p_organization, 'voucher.enter'));
    ELSIF v_post AND NOT v_asks AND NOT may(p_organization, 'voucher.post', v_type, (p -> 'voucher' ->> 'branch_id')::uuid) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not post vouchers of type %s here', session_user, v_label) || lacking(p_organization, 'voucher.post'));
    END IF;
    IF v_post AND p ->> 'key' IS NOT NULL THEN
        INSERT INTO idempotency_key (organization_id, key, content_hash, object_id)
        VALUES (p_organization, p ->> 'key', p ->> 'content_hash', v_id)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            SELECT * INTO k FROM idempotency_key i WHERE i.organization_id = p_organization AND i.key = p ->> 'key';
            RETURN jsonb_build_object('outcome', CASE WHEN k.content_hash = p ->> 'content_hash' THEN 'replayed'
                ELSE 'key_conflict' END, 'result', k.result, 'object_id', k.object_id);
        END IF;
    END IF;
    IF (p -> 'voucher' ->> 'blueprint_version')::integer <> v_blueprint THEN
        PERFORM require_typed_version(p_organization, (p -> 'voucher' ->> 'voucher_config_id')::uuid, v_id,
            (p -> 'voucher' ->> 'blueprint_version')::integer);
    END IF;
    v_version := posting_save(p_organization, p, v_post);
    v_gate := posting_gate(p_organization, v_id, v_post);
    IF NOT v_post AND (p ->> 'submit')::boolean THEN
        RETURN approval_submit(p_organization, v_id, p);
    ELSIF NOT v_post THEN
        RETURN jsonb_build_object('outcome', 'saved', 'row_version', v_version, 'status', (
            SELECT x.status FROM voucher x WHERE x.organization_id = p_organization AND x.id = v_id));
    ELSIF v_gate IS NOT NULL THEN
        RETURN v_gate;
    END IF;
    SELECT t.version INTO v_blueprint FROM voucher_config_master t
    WHERE t.organization_id = p_organization AND t.id = (p -> 'voucher' ->> 'voucher_config_id')::uuid FOR KEY SHARE;
    IF v_blueprint <> (p ->> 'newest_blueprint')::integer THEN
        RETURN jsonb_build_object('outcome', 'stale_blueprint');
    END IF;
    IF p -> 'lock' ? 'sources' THEN
        PERFORM FROM voucher x WHERE x.organization_id = p_organization
            AND x.id = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'lock' -> 'sources'))::uuid[])
        ORDER BY x.id FOR NO KEY UPDATE;
    END IF;
    PERFORM FROM fiscal_year y JOIN accounting_period a
        ON a.organization_id = y.organization_id AND a.fiscal_year_id = y.id
    WHERE a.organization_id = p_organization AND v_day BETWEEN a.starts_on AND a.ends_on
    FOR SHARE OF y, a;
    PERFORM open_period(p_organization, v_day);
    RETURN jsonb_build_object('outcome', 'open', 'row_version', v_version, 'new_batches', NULL);
END $$;

-- Party balances, locked in their order; those that nothing was owed to yet are made.
CREATE OR REPLACE FUNCTION erpdesk.posting_hold_parties(p_organization uuid, p_parties jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE ids uuid[] := ARRAY(SELECT jsonb_array_elements_text(p_parties))::uuid[];
BEGIN
    INSERT INTO party_balance (organization_id, party_id)
    SELECT p_organization, x FROM unnest(ids) x
    WHERE NOT EXISTS (SELECT FROM party_balance b WHERE b.organization_id = p_organization AND b.party_id = x)
    ORDER BY x ON CONFLICT DO NOTHING;
    PERFORM FROM party_balance b WHERE b.organization_id = p_organization AND b.party_id = ANY (ids)
    ORDER BY b.party_id FOR NO KEY UPDATE;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.posting_open(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE answer jsonb := posting_begin(p_organization, p);
BEGIN
    IF answer ->> 'outcome' <> 'open' THEN
        RETURN answer;
    END IF;
    IF given(p -> 'lock', 'parties') THEN
        PERFORM posting_hold_parties(p_organization, p -> 'lock' -> 'parties');
    END IF;
    IF p -> 'lock' ? 'settled' THEN
        PERFORM FROM open_item o WHERE o.organization_id = p_organization
            AND o.voucher_id = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'lock' -> 'settled'))::uuid[])
        ORDER BY o.id FOR NO KEY UPDATE;
    END IF;
    IF p -> 'lock' ? 'sources' THEN
        PERFORM FROM reservation r WHERE r.organization_id = p_organization AND r.quantity_left > 0
            AND r.voucher_id = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'lock' -> 'sources'))::uuid[])
        ORDER BY r.id FOR NO KEY UPDATE;
    END IF;
    answer := answer || posting_read(p_organization, coalesce(p -> 'lock', '{}'), (p -> 'voucher' ->> 'voucher_on')::date, true);
    IF given(p, 'new_batches') THEN
        answer := answer || jsonb_build_object('new_batches', (
            SELECT jsonb_object_agg(n.id, b.id) FROM jsonb_to_recordset(p -> 'new_batches') AS n (id uuid, item_id uuid, code_key text)
            JOIN batch b ON b.organization_id = p_organization AND b.item_id = n.item_id AND b.code_key = n.code_key));
    END IF;
    RETURN answer;
END $$;

-- The same state for plans that are only looked at: no locks, for members.
CREATE OR REPLACE FUNCTION erpdesk.stock_state(p_organization uuid, p_stock jsonb, p_day date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN posting_stock(p_organization, p_stock, p_day, false);
END $$;

ALTER FUNCTION erpdesk.stock_state(uuid, jsonb, date) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.stock_state(uuid, jsonb, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.stock_state(uuid, jsonb, date)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
ALTER FUNCTION erpdesk.given(jsonb, text) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.given(jsonb, text) FROM PUBLIC;
ALTER FUNCTION erpdesk.posting_save(uuid, jsonb, boolean) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_stock(uuid, jsonb, date, boolean) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_begin(uuid, jsonb) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_hold_parties(uuid, jsonb) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.posting_open(uuid, jsonb) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_save(uuid, jsonb, boolean), erpdesk.posting_stock(uuid, jsonb, date, boolean),
    erpdesk.posting_begin(uuid, jsonb), erpdesk.posting_hold_parties(uuid, jsonb), erpdesk.posting_open(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.posting_open(uuid, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
