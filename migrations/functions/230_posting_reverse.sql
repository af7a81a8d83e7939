-- Reversal: a voucher of its own that undoes another one, from stored rows alone. A mirror needs no plan: the client names
-- the voucher, the date and the reason. One call, one transaction; locks in the order of every post (key, voucher and its
-- sources, period, parties, open items, reservations, balances, series), the number last.

-- A voucher by id, by `key:` and idempotency key, or by number; null when there is none.
CREATE OR REPLACE FUNCTION erpdesk.voucher_of(p_organization uuid, p_reference text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF p_reference LIKE 'key:%' THEN
        RETURN (SELECT x.id FROM voucher x WHERE x.organization_id = p_organization AND x.idempotency_key = substr(p_reference, 5));
    ELSIF p_reference ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN
        RETURN (SELECT x.id FROM voucher x WHERE x.organization_id = p_organization AND x.id = p_reference::uuid);
    END IF;
    RETURN (SELECT x.id FROM voucher x
            WHERE x.organization_id = p_organization AND x.voucher_number_key = key_of(p_reference)
            ORDER BY x.status = 'CANCELLED', x.voucher_on DESC, x.posting_sequence DESC LIMIT 1);
END $$;

-- A master as people are told of it; a name that says no more than the code is left out.
CREATE OR REPLACE FUNCTION erpdesk.code_and_name(p_code text, p_name text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN lower(coalesce(p_name, '')) IN ('', lower(p_code)) THEN p_code ELSE p_code || ' ' || p_name END
$$;

-- Numbers of vouchers for a sentence, three at most.
CREATE OR REPLACE FUNCTION erpdesk.numbers_told(p_numbers text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT string_agg(x.n, ', ' ORDER BY x.place) || CASE WHEN cardinality(p_numbers) > 3 THEN ' and others' ELSE '' END
    FROM unnest(p_numbers) WITH ORDINALITY AS x (n, place) WHERE x.place <= 3
$$;

-- What still stands on the voucher: returns and invoices of its lines, costs added to what it received.
CREATE OR REPLACE FUNCTION erpdesk.reversal_refuse_followed(v erpdesk.voucher) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE numbers text[];
BEGIN
    SELECT array_agg(x.voucher_number ORDER BY x.posting_sequence) INTO numbers FROM voucher x
    WHERE x.organization_id = v.organization_id AND x.status = 'POSTED' AND x.reversal_of_id IS NULL
      AND (EXISTS (SELECT FROM source_use u WHERE u.organization_id = x.organization_id AND u.voucher_id = x.id AND u.source_voucher_id = v.id)
           OR EXISTS (SELECT FROM voucher_link k WHERE k.organization_id = x.organization_id AND k.voucher_id = x.id
                      AND k.other_voucher_id = v.id AND k.kind = 'receipt'))
      AND x.id IN (SELECT u.voucher_id FROM source_use u WHERE u.organization_id = v.organization_id AND u.source_voucher_id = v.id
                   UNION SELECT k.voucher_id FROM voucher_link k WHERE k.organization_id = v.organization_id AND k.other_voucher_id = v.id);
    IF numbers IS NOT NULL THEN
        PERFORM refuse_request('invalid', 'VCH-023', format('%s is followed by %s: reverse what follows it first', v.voucher_number, numbers_told(numbers)),
            'of', 'journal', jsonb_build_object('followed_by', numbers));
    END IF;
END $$;

-- Release a part of a settlement (in base and in its currency), and open that much of its item again. What stays is
-- a row of its own.
DROP FUNCTION IF EXISTS erpdesk.reversal_release(erpdesk.settlement, numeric, uuid);
CREATE OR REPLACE FUNCTION erpdesk.reversal_release(s erpdesk.settlement, p_amount numeric, foreign_part numeric, p_reversal uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF (p_amount, foreign_part) = (s.amount, s.currency_amount) THEN
        UPDATE settlement x SET released_by_id = p_reversal WHERE x.organization_id = s.organization_id AND x.id = s.id;
    ELSE
        UPDATE settlement x SET amount = x.amount - p_amount, currency_amount = x.currency_amount - foreign_part
        WHERE x.organization_id = s.organization_id AND x.id = s.id;
        INSERT INTO settlement (organization_id, id, voucher_id, open_item_id, amount, currency_amount, released_by_id)
        VALUES (s.organization_id, gen_random_uuid(), s.voucher_id, s.open_item_id, p_amount, foreign_part, p_reversal);
    END IF;
    UPDATE open_item o SET open_amount = o.open_amount + p_amount, currency_open_amount = o.currency_open_amount + foreign_part
    WHERE o.organization_id = s.organization_id AND o.id = s.open_item_id;
END $$;

-- Every settlement by the voucher, and of it by others, is released: the other side of each part as well.
CREATE OR REPLACE FUNCTION erpdesk.reversal_release_settlements(v erpdesk.voucher, p_reversal uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE s settlement; c settlement; item open_item; part numeric; still numeric; foreign_part numeric; foreign_still numeric;
BEGIN
    FOR s IN SELECT x.* FROM settlement x WHERE x.organization_id = v.organization_id AND x.voucher_id = v.id
             AND x.released_by_id IS NULL ORDER BY x.id LOOP
        PERFORM reversal_release(s, s.amount, s.currency_amount, p_reversal);
    END LOOP;
    FOR s IN SELECT x.* FROM settlement x JOIN open_item o ON o.organization_id = x.organization_id AND o.id = x.open_item_id
             WHERE x.organization_id = v.organization_id AND o.voucher_id = v.id AND x.released_by_id IS NULL ORDER BY x.id LOOP
        SELECT * INTO item FROM open_item o WHERE o.organization_id = s.organization_id AND o.id = s.open_item_id;
        PERFORM reversal_release(s, s.amount, s.currency_amount, p_reversal);
        still := s.amount;
        foreign_still := s.currency_amount;
        FOR c IN SELECT x.* FROM settlement x JOIN open_item o ON o.organization_id = x.organization_id AND o.id = x.open_item_id
                 WHERE x.organization_id = v.organization_id AND x.voucher_id = s.voucher_id AND x.released_by_id IS NULL
                   AND o.voucher_id <> v.id AND (o.party_id, o.account_id) = (item.party_id, item.account_id)
                   AND sign(x.amount) = -sign(s.amount)
                 ORDER BY o.voucher_id <> x.voucher_id, x.id LOOP
            EXIT WHEN still = 0 AND foreign_still = 0;
            part := -sign(still) * least(abs(c.amount), abs(still));
            foreign_part := CASE WHEN sign(c.currency_amount) = -sign(foreign_still)
                                 THEN -sign(foreign_still) * least(abs(c.currency_amount), abs(foreign_still)) ELSE 0 END;
            PERFORM reversal_release(c, part, foreign_part, p_reversal);
            still := still + part;
            foreign_still := foreign_still + foreign_part;
        END LOOP;
        IF still <> 0 OR foreign_still <> 0 THEN
            PERFORM refuse('reversal_settlements', 'A settlement has no other side that could be released');
        END IF;
    END LOOP;
END $$;

-- The mirror of the journal, and of what parties owe by it: both open items are closed against each other.
CREATE OR REPLACE FUNCTION erpdesk.reversal_write_ledger(v erpdesk.voucher, r erpdesk.voucher, p_period erpdesk.accounting_period,
    p_sequence bigint) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE old journal; made uuid;
BEGIN
    SELECT * INTO old FROM journal j WHERE j.organization_id = v.organization_id AND j.voucher_id = v.id;
    IF FOUND THEN
        INSERT INTO journal (organization_id, id, voucher_id, journal_type_id, branch_id, fiscal_year_id, period_id, posted_on, posting_sequence)
        VALUES (v.organization_id, gen_random_uuid(), r.id, old.journal_type_id, old.branch_id, p_period.fiscal_year_id, p_period.id,
            r.voucher_on, p_sequence) RETURNING id INTO made;
        INSERT INTO journal_line (organization_id, journal_id, line_number, account_id, role, party_id, cost_centre_id, debit, credit,
            currency_code, currency_amount, narration, posted_on, posting_sequence)
        SELECT l.organization_id, made, l.line_number, l.account_id, l.role, l.party_id, l.cost_centre_id, l.credit, l.debit,
            l.currency_code, -l.currency_amount, l.narration, r.voucher_on, p_sequence
        FROM journal_line l WHERE l.organization_id = v.organization_id AND l.journal_id = old.id;
    END IF;
    WITH mirror AS (
        INSERT INTO open_item (organization_id, id, voucher_id, party_id, account_id, dated_on, due_on, currency_code, amount, open_amount,
            currency_amount, currency_open_amount)
        SELECT o.organization_id, md5(o.id::text || r.id::text)::uuid, r.id, o.party_id, o.account_id, r.voucher_on, NULL, o.currency_code,
            -o.amount, 0, -o.currency_amount, 0
        FROM open_item o WHERE o.organization_id = v.organization_id AND o.voucher_id = v.id
        RETURNING organization_id, id, amount, currency_amount)
    INSERT INTO settlement (organization_id, id, voucher_id, open_item_id, amount, currency_amount)
    SELECT m.organization_id, gen_random_uuid(), r.id, m.id, m.amount, m.currency_amount FROM mirror m
    UNION ALL
    SELECT o.organization_id, gen_random_uuid(), r.id, o.id, o.amount, o.currency_amount
    FROM open_item o WHERE o.organization_id = v.organization_id AND o.voucher_id = v.id;
    UPDATE party_balance b SET balance = b.balance - x.amount
    FROM (SELECT o.party_id, sum(o.amount) AS amount FROM open_item o
          WHERE o.organization_id = v.organization_id AND o.voucher_id = v.id GROUP BY o.party_id) x
    WHERE b.organization_id = v.organization_id AND b.party_id = x.party_id;
    UPDATE open_item o SET open_amount = 0, currency_open_amount = 0 WHERE o.organization_id = v.organization_id AND o.voucher_id = v.id;
    INSERT INTO loyalty_entry (organization_id, id, voucher_id, party_id, points)
    SELECT e.organization_id, gen_random_uuid(), r.id, e.party_id, -e.points
    FROM loyalty_entry e WHERE e.organization_id = v.organization_id AND e.voucher_id = v.id;
    RETURN made;
END $$;

-- Who has used a layer, or a place of an item, since this voucher: the numbers of vouchers that still stand.
CREATE OR REPLACE FUNCTION erpdesk.reversal_users(v erpdesk.voucher, p_item uuid, p_warehouse uuid, p_layer uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT array_agg(x.voucher_number ORDER BY x.posting_sequence) FROM (
        SELECT DISTINCT u.voucher_number, u.posting_sequence FROM stock_movement m
        JOIN voucher u ON u.organization_id = m.organization_id AND u.id = m.voucher_id
        WHERE m.organization_id = v.organization_id AND m.item_id = p_item AND m.warehouse_id = p_warehouse
          AND m.posting_sequence > v.posting_sequence AND (p_layer IS NULL OR m.layer_id = p_layer)
          AND (m.quantity < 0 OR m.quantity = 0) AND u.status = 'POSTED' AND u.reversal_of_id IS NULL) x
$$;

CREATE OR REPLACE FUNCTION erpdesk.reversal_refuse_stock(v erpdesk.voucher, p_item uuid, p_warehouse uuid, p_what text, p_numbers text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE i text; w text; i_named text; w_named text;
BEGIN
    SELECT code, code_and_name(code, name) INTO i, i_named FROM item x WHERE x.organization_id = v.organization_id AND x.id = p_item;
    SELECT code, code_and_name(code, name) INTO w, w_named FROM warehouse x WHERE x.organization_id = v.organization_id AND x.id = p_warehouse;
    PERFORM refuse_request('invalid', 'INV-011', format('%s can''t be reversed: %s in %s %s', v.voucher_number, i_named, w_named, p_what)
        || coalesce(', by ' || numbers_told(p_numbers), ''), 'of', 'inventory',
        jsonb_build_object('item', i, 'warehouse', w, 'issued_by', coalesce(to_jsonb(p_numbers), '[]')));
END $$;

-- What this voucher's movements come to by place, with what its reversal does to deficits there.
CREATE OR REPLACE FUNCTION erpdesk.reversal_places(v erpdesk.voucher)
RETURNS TABLE (item_id uuid, warehouse_id uuid, valuation text, quantity numeric, value numeric, deficit_quantity numeric, deficit_value numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT m.item_id, m.warehouse_id, min(m.valuation), sum(m.quantity), sum(m.value),
        coalesce((SELECT sum(s.quantity) FROM deficit_settlement s JOIN stock_deficit e ON e.organization_id = s.organization_id AND e.id = s.deficit_id
                  WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id AND e.item_id = m.item_id AND e.warehouse_id = m.warehouse_id), 0)
        - coalesce((SELECT sum(e.quantity) FROM stock_deficit e WHERE e.organization_id = v.organization_id AND e.voucher_id = v.id
                    AND e.item_id = m.item_id AND e.warehouse_id = m.warehouse_id), 0),
        coalesce((SELECT sum(s.value) FROM deficit_settlement s JOIN stock_deficit e ON e.organization_id = s.organization_id AND e.id = s.deficit_id
                  WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id AND e.item_id = m.item_id AND e.warehouse_id = m.warehouse_id), 0)
        - coalesce((SELECT sum(e.value) FROM stock_deficit e WHERE e.organization_id = v.organization_id AND e.voucher_id = v.id
                    AND e.item_id = m.item_id AND e.warehouse_id = m.warehouse_id), 0)
    FROM stock_movement m WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id
    GROUP BY m.item_id, m.warehouse_id
$$;

-- Whether all that the voucher received is still there, on its day and on every later one.
CREATE OR REPLACE FUNCTION erpdesk.reversal_check_stock(v erpdesk.voucher, p_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE bad record;
BEGIN
    PERFORM reversal_check_serials(v);
    SELECT m.item_id, m.warehouse_id, s.code, s.last_moved_on INTO bad
    FROM stock_movement m JOIN serial s ON s.organization_id = m.organization_id AND s.id = m.serial_id
    WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id AND s.last_moved_on > p_day ORDER BY s.code LIMIT 1;
    IF FOUND THEN
        PERFORM reversal_refuse_stock(v, bad.item_id, bad.warehouse_id,
            format('moved on %s (serial number %s): date the reversal then or later', bad.last_moved_on, bad.code), NULL);
    END IF;
    SELECT l.item_id, l.warehouse_id, l.id, l.quantity_left <> x.quantity AS is_issued, x.quantity AS received, l.quantity_left INTO bad
    FROM (SELECT m.layer_id, sum(m.quantity) AS quantity, sum(m.value) AS value FROM stock_movement m
          WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id AND m.layer_id IS NOT NULL GROUP BY m.layer_id) x
    JOIN stock_layer l ON l.organization_id = v.organization_id AND l.id = x.layer_id
    WHERE CASE
        WHEN l.source_voucher_id = v.id THEN (l.quantity_left, l.value_left) <> (x.quantity, x.value)
        WHEN x.quantity = 0 THEN l.value_left < x.value OR l.quantity_left = 0 OR 0 <> (
            SELECT coalesce(sum(m.quantity), 0) FROM stock_movement m
            WHERE m.organization_id = v.organization_id AND m.layer_id = l.id AND m.posting_sequence > v.posting_sequence)
        ELSE false END
    ORDER BY l.posting_sequence, l.layer_number LIMIT 1;
    IF FOUND THEN
        PERFORM reversal_refuse_stock(v, bad.item_id, bad.warehouse_id, CASE
            WHEN bad.received = 0 THEN 'has been issued since its value was changed'
            WHEN bad.is_issued THEN format('has been issued since (%s received, %s left)', trim_scale(bad.received), trim_scale(bad.quantity_left))
            ELSE 'has had its value changed since' END, reversal_users(v, bad.item_id, bad.warehouse_id, bad.id));
    END IF;

    SELECT e.item_id, e.warehouse_id INTO bad FROM stock_deficit e
    WHERE e.organization_id = v.organization_id AND e.voucher_id = v.id AND e.quantity <> e.quantity_left + (
        SELECT coalesce(sum(s.quantity), 0) FROM deficit_settlement s
        WHERE s.organization_id = e.organization_id AND s.deficit_id = e.id AND s.voucher_id = v.id) LIMIT 1;
    IF FOUND THEN
        PERFORM reversal_refuse_stock(v, bad.item_id, bad.warehouse_id, 'went below zero and has been made good since', (
            SELECT array_agg(DISTINCT u.voucher_number) FROM deficit_settlement s
            JOIN stock_deficit e ON e.organization_id = s.organization_id AND e.id = s.deficit_id AND e.voucher_id = v.id
            JOIN voucher u ON u.organization_id = s.organization_id AND u.id = s.voucher_id AND u.status = 'POSTED' AND u.reversal_of_id IS NULL
            WHERE s.organization_id = v.organization_id));
    END IF;

    SELECT x.* INTO bad FROM (
        SELECT p.*, b.quantity - p.quantity AS q, b.value - p.value AS val, b.deficit_quantity + p.deficit_quantity AS dq,
            b.deficit_value + p.deficit_value AS dv, b.reserved_quantity AS kept,
            coalesce(i.negative_stock = 'allow', o.negative_stock) AS may_go_below,
            CASE WHEN p.quantity > 0 AND b.last_moved_on > p_day THEN (
                SELECT min(b.quantity - f.after) FROM (
                    SELECT sum(sum(m.quantity)) OVER (ORDER BY m.moved_on DESC) AS after FROM stock_movement m
                    WHERE m.organization_id = v.organization_id AND m.item_id = p.item_id AND m.warehouse_id = p.warehouse_id
                      AND m.moved_on > p_day GROUP BY m.moved_on) f) END AS least,
            (SELECT coalesce(sum(l.quantity), 0) FROM batch_balance l  -- what would lie in batches and bins
             WHERE l.organization_id = v.organization_id AND l.item_id = p.item_id AND l.warehouse_id = p.warehouse_id)
            - (SELECT coalesce(sum(m.quantity), 0) FROM stock_movement m
               WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id AND m.item_id = p.item_id
                 AND m.warehouse_id = p.warehouse_id AND (m.batch_id IS NOT NULL OR m.bin_id IS NOT NULL)) AS lying
        FROM reversal_places(v) p
        JOIN stock_balance b ON b.organization_id = v.organization_id AND b.item_id = p.item_id AND b.warehouse_id = p.warehouse_id
        JOIN item i ON i.organization_id = v.organization_id AND i.id = p.item_id
        JOIN organization o ON o.id = v.organization_id) x
    WHERE (x.valuation = 'weighted_average' AND (x.q + x.dq < 0 OR x.q + x.dq < x.lying OR x.val + x.dv < 0 OR (x.q + x.dq = 0 AND x.val + x.dv <> 0)))
       OR (x.quantity > 0 AND x.q < x.kept AND x.kept > 0)
       OR (x.q = 0 AND x.val <> 0)
       OR (NOT x.may_go_below AND (x.deficit_quantity > 0 OR x.least < x.quantity))
    ORDER BY x.item_id, x.warehouse_id LIMIT 1;
    IF FOUND THEN
        PERFORM reversal_refuse_stock(v, bad.item_id, bad.warehouse_id, CASE
            WHEN bad.quantity > 0 AND bad.q < bad.kept AND bad.kept > 0 THEN 'is reserved for orders'
            WHEN bad.least < bad.quantity THEN 'would be below zero on a later day'
            WHEN bad.q + bad.dq >= 0 AND bad.q + bad.dq < bad.lying THEN 'has been put away or issued since'
            WHEN bad.q = 0 AND bad.dq > 0 THEN 'owes as much as would be left there, at another value: reverse the sale that went below zero first'
            ELSE 'has been issued since' END, reversal_users(v, bad.item_id, bad.warehouse_id, NULL));
    END IF;

    SELECT m.item_id, m.warehouse_id INTO bad
    FROM stock_movement m
    LEFT JOIN batch_balance b ON b.organization_id = m.organization_id AND b.item_id = m.item_id AND b.warehouse_id = m.warehouse_id
        AND b.bin_id = coalesce(m.bin_id, '00000000-0000-0000-0000-000000000000')
        AND b.batch_id = coalesce(m.batch_id, '00000000-0000-0000-0000-000000000000')
    WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id AND (m.batch_id IS NOT NULL OR m.bin_id IS NOT NULL)
    GROUP BY m.item_id, m.warehouse_id, m.bin_id, m.batch_id HAVING coalesce(min(b.quantity), 0) < sum(m.quantity) LIMIT 1;
    IF FOUND THEN
        PERFORM reversal_refuse_stock(v, bad.item_id, bad.warehouse_id, 'has been issued since from its batch',
            reversal_users(v, bad.item_id, bad.warehouse_id, NULL));
    END IF;
END $$;

-- Mirror movements at the original costs; layers, deficits and balances as if the voucher had never been.
CREATE OR REPLACE FUNCTION erpdesk.reversal_write_stock(v erpdesk.voucher, r erpdesk.voucher, p_period erpdesk.accounting_period,
    p_sequence bigint, p_journal uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE stock_balance b SET quantity = b.quantity - x.quantity, value = b.value - x.value,
        deficit_quantity = b.deficit_quantity + x.deficit_quantity, deficit_value = b.deficit_value + x.deficit_value,
        last_moved_on = greatest(b.last_moved_on, r.voucher_on),
        last_unit_cost = (
            SELECT m.unit_cost FROM stock_movement m
            JOIN voucher u ON u.organization_id = m.organization_id AND u.id = m.voucher_id
            WHERE m.organization_id = v.organization_id AND m.item_id = x.item_id AND m.warehouse_id = x.warehouse_id AND m.quantity <> 0
              AND m.kind <> 'set_off' AND u.status = 'POSTED' AND u.reversal_of_id IS NULL AND u.id <> v.id
            ORDER BY m.posting_sequence DESC, m.movement_number DESC LIMIT 1)
    FROM reversal_places(v) x
    WHERE b.organization_id = v.organization_id AND b.item_id = x.item_id AND b.warehouse_id = x.warehouse_id;
    UPDATE stock_layer l SET quantity_left = l.quantity_left - x.quantity, value_left = l.value_left - x.value
    FROM (SELECT m.layer_id, sum(m.quantity) AS quantity, sum(m.value) AS value FROM stock_movement m
          WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id AND m.layer_id IS NOT NULL GROUP BY m.layer_id) x
    WHERE l.organization_id = v.organization_id AND l.id = x.layer_id;
    INSERT INTO stock_movement (organization_id, id, voucher_id, grid, line_number, journal_id, journal_line_number, fiscal_year_id, kind,
        moved_on, posting_sequence, movement_number, item_id, warehouse_id, bin_id, batch_id, serial_id, uom_id, quantity, value, unit_cost,
        valuation, layer_id, account_id, contra_account_id, transfer_id, reverses_id, detail_number)
    SELECT m.organization_id, gen_random_uuid(), r.id, m.grid, m.line_number, CASE WHEN m.journal_id IS NOT NULL THEN p_journal END,
        m.journal_line_number, p_period.fiscal_year_id, m.kind, r.voucher_on, p_sequence, m.movement_number, m.item_id, m.warehouse_id,
        m.bin_id, m.batch_id, m.serial_id, m.uom_id, -m.quantity, -m.value, m.unit_cost, m.valuation, m.layer_id, m.account_id,
        m.contra_account_id, md5(m.transfer_id::text || r.id::text)::uuid, m.id, m.detail_number
    FROM stock_movement m WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id;
    PERFORM reversal_move_serials(v, r);
    UPDATE batch_balance b SET quantity = b.quantity - x.quantity
    FROM (SELECT m.item_id, m.warehouse_id, coalesce(m.bin_id, '00000000-0000-0000-0000-000000000000') AS bin_id,
              coalesce(m.batch_id, '00000000-0000-0000-0000-000000000000') AS batch_id, sum(m.quantity) AS quantity
          FROM stock_movement m WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id
            AND (m.batch_id IS NOT NULL OR m.bin_id IS NOT NULL) GROUP BY 1, 2, 3, 4) x
    WHERE b.organization_id = v.organization_id AND (b.item_id, b.warehouse_id, b.bin_id, b.batch_id)
        = (x.item_id, x.warehouse_id, x.bin_id, x.batch_id);
    UPDATE stock_deficit e SET quantity_left = e.quantity_left + x.quantity, value_left = e.value_left + x.value
    FROM (SELECT s.deficit_id, sum(s.quantity) AS quantity, sum(s.value) AS value FROM deficit_settlement s
          WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id GROUP BY s.deficit_id) x
    WHERE e.organization_id = v.organization_id AND e.id = x.deficit_id;
    UPDATE stock_deficit e SET quantity_left = 0, value_left = 0 WHERE e.organization_id = v.organization_id AND e.voucher_id = v.id;
    INSERT INTO deficit_settlement (organization_id, id, deficit_id, voucher_id, quantity, value, cost)
    SELECT s.organization_id, gen_random_uuid(), s.deficit_id, r.id, -s.quantity, -s.value, -s.cost
    FROM deficit_settlement s WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id
    UNION ALL
    SELECT e.organization_id, gen_random_uuid(), e.id, r.id, e.quantity, e.value, e.value
    FROM stock_deficit e WHERE e.organization_id = v.organization_id AND e.voucher_id = v.id;
END $$;

-- Give back what the voucher used of other documents and of their reservations; drop the reservations of its own.
CREATE OR REPLACE FUNCTION erpdesk.reversal_reopen_sources(v erpdesk.voucher) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE source_line s SET used_quantity = s.used_quantity - u.quantity, used_value = s.used_value - u.value
    FROM source_use u
    WHERE u.organization_id = v.organization_id AND u.voucher_id = v.id
      AND s.organization_id = v.organization_id AND s.voucher_id = u.source_voucher_id AND s.line_number = u.source_line_number;
    WITH back AS (
        SELECT x.id, x.item_id, x.warehouse_id, least(x.quantity - x.quantity_left, u.quantity) AS quantity
        FROM source_use u JOIN reservation x ON x.organization_id = u.organization_id AND x.voucher_id = u.source_voucher_id
            AND x.line_number = u.source_line_number
        WHERE u.organization_id = v.organization_id AND u.voucher_id = v.id
        UNION ALL
        SELECT x.id, x.item_id, x.warehouse_id, -x.quantity_left FROM reservation x
        WHERE x.organization_id = v.organization_id AND x.voucher_id = v.id),
    kept AS (
        UPDATE reservation x SET quantity_left = x.quantity_left + b.quantity FROM back b
        WHERE x.organization_id = v.organization_id AND x.id = b.id)
    UPDATE stock_balance b SET reserved_quantity = b.reserved_quantity + y.quantity
    FROM (SELECT k.item_id, k.warehouse_id, sum(k.quantity) AS quantity FROM back k GROUP BY 1, 2) y
    WHERE b.organization_id = v.organization_id AND b.item_id = y.item_id AND b.warehouse_id = y.warehouse_id;
END $$;

-- The period that the reversal falls into, held open; then every row it depends on, in the order of all posts.
CREATE OR REPLACE FUNCTION erpdesk.reversal_lock(v erpdesk.voucher, p_day date) RETURNS erpdesk.accounting_period
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE period accounting_period;
BEGIN
    PERFORM FROM fiscal_year y JOIN accounting_period a ON a.organization_id = y.organization_id AND a.fiscal_year_id = y.id
    WHERE a.organization_id = v.organization_id AND p_day BETWEEN a.starts_on AND a.ends_on FOR SHARE OF y, a;
    period := open_period(v.organization_id, p_day);
    PERFORM FROM party_balance b WHERE b.organization_id = v.organization_id AND b.party_id IN (
        SELECT o.party_id FROM open_item o WHERE o.organization_id = v.organization_id AND o.voucher_id = v.id
        UNION SELECT o.party_id FROM settlement s JOIN open_item o ON o.organization_id = s.organization_id AND o.id = s.open_item_id
              WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id)
    ORDER BY b.party_id FOR NO KEY UPDATE;
    PERFORM FROM open_item o WHERE o.organization_id = v.organization_id AND (o.voucher_id = v.id OR o.id IN (
        SELECT s.open_item_id FROM settlement s WHERE s.organization_id = v.organization_id AND s.released_by_id IS NULL AND s.voucher_id IN (
            SELECT v.id UNION SELECT c.voucher_id FROM settlement c
            JOIN open_item i ON i.organization_id = c.organization_id AND i.id = c.open_item_id
            WHERE c.organization_id = v.organization_id AND i.voucher_id = v.id)))
    ORDER BY o.id FOR NO KEY UPDATE;
    PERFORM FROM reservation x WHERE x.organization_id = v.organization_id AND (x.voucher_id = v.id OR x.voucher_id IN (
        SELECT u.source_voucher_id FROM source_use u WHERE u.organization_id = v.organization_id AND u.voucher_id = v.id))
    ORDER BY x.id FOR NO KEY UPDATE;
    PERFORM FROM stock_balance b WHERE b.organization_id = v.organization_id AND (b.item_id, b.warehouse_id) IN (
        SELECT m.item_id, m.warehouse_id FROM stock_movement m WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id
        UNION SELECT x.item_id, x.warehouse_id FROM reservation x WHERE x.organization_id = v.organization_id AND (x.voucher_id = v.id
            OR x.voucher_id IN (SELECT u.source_voucher_id FROM source_use u WHERE u.organization_id = v.organization_id AND u.voucher_id = v.id)))
    ORDER BY b.item_id, b.warehouse_id FOR NO KEY UPDATE;
    RETURN period;
END $$;

-- The voucher to reverse, locked with the documents it used; or why it can't be.
CREATE OR REPLACE FUNCTION erpdesk.reversal_voucher(p_organization uuid, p jsonb) RETURNS erpdesk.voucher
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v voucher; wanted uuid := voucher_of(p_organization, p ->> 'of'); type_code text; type_label text; closes boolean; other voucher;
BEGIN
    PERFORM FROM voucher x WHERE x.organization_id = p_organization AND x.id IN (
        SELECT wanted UNION SELECT u.source_voucher_id FROM source_use u WHERE u.organization_id = p_organization AND u.voucher_id = wanted)
    ORDER BY x.id FOR NO KEY UPDATE;
    SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.id = wanted;
    IF NOT FOUND THEN
        PERFORM refuse_request('invalid', 'VCH-005', format('There is no voucher %s', left(coalesce(p ->> 'of', ''), 80)), 'of');
    END IF;
    SELECT t.code, t.label, is_closing_entry(v) INTO type_code, type_label, closes FROM voucher_config_master t WHERE t.organization_id = p_organization AND t.id = v.voucher_config_id;
    IF NOT closes AND NOT may(p_organization, 'voucher.reverse', type_code, v.branch_id) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not reverse vouchers of type %s here', session_user, type_label) || lacking(p_organization, 'voucher.reverse'));
    ELSIF v.status = 'REVERSED' AND v.reversed_by_id IS DISTINCT FROM (p ->> 'id')::uuid THEN
        SELECT * INTO other FROM voucher x WHERE x.organization_id = p_organization AND x.id = v.reversed_by_id;
        PERFORM refuse_request('conflict', 'VCH-024', format('%s was already reversed by %s, posted by %s at %s', v.voucher_number,
            other.voucher_number, other.posted_by, told_moment(p_organization, other.posted_at)), 'of', 'journal',
            jsonb_build_object('voucher_number', other.voucher_number, 'posted_by', other.posted_by, 'posted_at', other.posted_at));
    ELSIF v.status NOT IN ('POSTED', 'REVERSED') THEN
        PERFORM refuse_request('invalid', 'VCH-025', format('The voucher is %s; only a posted one can be reversed', v.status), 'of', 'journal');
    ELSIF v.reversal_of_id IS NOT NULL THEN
        PERFORM refuse_request('invalid', 'VCH-025', format('%s is itself a reversal; enter the voucher again instead', v.voucher_number), 'of', 'journal');
    ELSIF closes THEN
        PERFORM reversal_of_closing(v);
    END IF;
    RETURN v;
END $$;

-- Reverse a voucher: {"of", "date", "reason", "id" of the reversal to be, "key", "content_hash", "document", …}.
CREATE OR REPLACE FUNCTION erpdesk.posting_reverse(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    v voucher; r voucher; t voucher_config_master; period accounting_period; k idempotency_key;
    v_day date := coalesce((p ->> 'date')::date, (SELECT (now() AT TIME ZONE o.time_zone)::date FROM organization o WHERE o.id = p_organization));
    v_reason text := nullif(btrim(p ->> 'reason'), '');
    v_sequence bigint; v_journal uuid; answer jsonb; began timestamptz := clock_timestamp();
BEGIN
    PERFORM require_member(p_organization);
    IF p ->> 'key' IS NOT NULL THEN
        INSERT INTO idempotency_key (organization_id, key, content_hash, object_id)
        VALUES (p_organization, p ->> 'key', p ->> 'content_hash', (p ->> 'id')::uuid) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            SELECT * INTO k FROM idempotency_key i WHERE i.organization_id = p_organization AND i.key = p ->> 'key';
            IF k.content_hash IS DISTINCT FROM p ->> 'content_hash' THEN
                PERFORM refuse_request('conflict', 'VCH-015', format('The idempotency key %s was used before for another content', p ->> 'key'), 'idempotency_key');
            END IF;
            RETURN k.result || jsonb_build_object('replayed', true);
        END IF;
    END IF;
    v := reversal_voucher(p_organization, p);
    IF v.status = 'REVERSED' THEN
        SELECT * INTO r FROM voucher x WHERE x.organization_id = p_organization AND x.id = v.reversed_by_id;
        RETURN jsonb_build_object('voucher_id', r.id, 'status', r.status, 'voucher_number', r.voucher_number, 'total', r.total, 'cost', r.cost,
            'row_version', r.row_version, 'posted_at', r.posted_at, 'reverses', v.voucher_number, 'replayed', true);
    END IF;
    IF (p ->> 'or_later')::boolean THEN
        v_day := greatest(v_day, v.voucher_on);
    END IF;
    SELECT * INTO t FROM voucher_config_master c WHERE c.organization_id = p_organization AND c.id = v.voucher_config_id;
    IF v_reason IS NULL THEN
        PERFORM refuse_request('invalid', 'VCH-027', 'A reversal needs a reason', 'reason');
    ELSIF t.numbering_method <> 'manual' AND nullif(btrim(p ->> 'voucher_number'), '') IS NOT NULL THEN
        PERFORM refuse_request('invalid', 'VCH-004', format('%s is numbered by its series; leave the number out', t.label), 'voucher_number');
    ELSIF v_day < v.voucher_on THEN
        PERFORM refuse_request('invalid', 'VCH-026', format('%s is of %s; its reversal can''t be dated before', v.voucher_number, v.voucher_on), 'date', 'journal');
    END IF;
    IF NOT is_closing_entry(v) THEN
        PERFORM posting_limits(v, t, v_day, v.base_total);
    END IF;
    period := reversal_lock(v, v_day);
    PERFORM reversal_refuse_followed(v);
    PERFORM reversal_refuse_untraced(v);
    PERFORM reversal_check_stock(v, v_day);
    INSERT INTO voucher (organization_id, id, branch_id, voucher_config_id, blueprint_version, voucher_on, entry_on, ref_no, party_id, account_id,
        warehouse_id, to_warehouse_id, narration, currency_code, exchange_rate, total, base_total, cost, voucher_number,
        series_code, document, document_hash, idempotency_key, reversal_of_id, reason, correlation_id)
    VALUES (p_organization, (p ->> 'id')::uuid, v.branch_id, v.voucher_config_id, v.blueprint_version, v_day,
        (SELECT (now() AT TIME ZONE o.time_zone)::date FROM organization o WHERE o.id = p_organization), v.ref_no, v.party_id, v.account_id,
        v.warehouse_id, v.to_warehouse_id, format('Reversal of %s: %s', v.voucher_number, v_reason), v.currency_code, v.exchange_rate, v.total,
        v.base_total, v.cost, CASE WHEN t.numbering_method = 'manual' THEN coalesce(nullif(btrim(p ->> 'voucher_number'), ''), v.voucher_number || '-R') END,
        coalesce(nullif(btrim(p ->> 'series'), ''), v.series_code),
        jsonb_build_object('type', 'REVERSAL', 'of', v.voucher_number, 'date', v_day, 'reason', v_reason),
        coalesce(p ->> 'content_hash', ''), p ->> 'key', v.id, v_reason,
        coalesce((p ->> 'correlation_id')::uuid, gen_random_uuid()))
    RETURNING * INTO r;
    v_sequence := nextval('posting_sequence');
    PERFORM reversal_release_settlements(v, r.id);
    v_journal := reversal_write_ledger(v, r, period, v_sequence);
    PERFORM reversal_write_stock(v, r, period, v_sequence, v_journal);
    PERFORM reversal_reopen_sources(v);
    r.voucher_number := posting_take_number(r, t);
    UPDATE voucher x SET status = 'POSTED', voucher_number = r.voucher_number,
        number_may_repeat = t.numbering_method = 'manual' AND NOT t.prevent_duplicate_voucher_no, fiscal_year_id = period.fiscal_year_id,
        posting_sequence = v_sequence, row_version = x.row_version + 1, posted_at = now(), posted_by = session_user
    WHERE x.organization_id = p_organization AND x.id = r.id RETURNING * INTO r;
    UPDATE voucher x SET status = 'REVERSED', reversed_by_id = r.id, row_version = x.row_version + 1
    WHERE x.organization_id = p_organization AND x.id = v.id;
    answer := jsonb_build_object('voucher_id', r.id, 'status', r.status, 'voucher_number', r.voucher_number, 'total', r.total, 'cost', r.cost,
        'row_version', r.row_version, 'posted_at', r.posted_at, 'reverses', v.voucher_number, 'currency_decimals',
        voucher_decimals(v, (SELECT o.currency_decimals FROM organization o WHERE o.id = p_organization)));
    INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, step, before, after, correlation_id, context)
    SELECT p_organization, gen_random_uuid(), nextval('audit_sequence'), 'posted', 'voucher', r.id::text, 'completed', NULL, to_jsonb(r),
        r.correlation_id, coalesce(p -> 'context', '{}')
    UNION ALL
    SELECT p_organization, gen_random_uuid(), nextval('audit_sequence'), 'reversed', 'voucher', x.id::text, 'completed', to_jsonb(v), to_jsonb(x),
        r.correlation_id, coalesce(p -> 'context', '{}')
    FROM voucher x WHERE x.organization_id = p_organization AND x.id = v.id;
    INSERT INTO integration_event (organization_id, id, event_type, source_type, source_id, payload)
    VALUES (p_organization, gen_random_uuid(), 'voucher.reversed', 'voucher', v.id::text, answer
        || jsonb_build_object('type', t.code, 'date', v_day, 'reason', v_reason, 'reversed_voucher_id', v.id));
    INSERT INTO voucher_process (organization_id, voucher_id, step, state, started_at, ended_at)
    SELECT p_organization, r.id, s, 'done', began, clock_timestamp() FROM unnest(ARRAY['saved', 'journal', 'gl', 'inventory', 'completed']) s;
    INSERT INTO posting_log (organization_id, id, voucher_id, idempotency_key, started_at, step, status, payload, elapsed_ms, correlation_id, context)
    VALUES (p_organization, gen_random_uuid(), r.id, p ->> 'key', coalesce((p ->> 'started_at')::timestamptz, began), 'completed', 'done',
        jsonb_build_object('reverses', v.voucher_number), round(extract(epoch FROM clock_timestamp() - began) * 1000, 1),
        r.correlation_id, coalesce(p -> 'context', '{}'));
    IF p ->> 'key' IS NOT NULL THEN
        UPDATE idempotency_key i SET result = answer WHERE i.organization_id = p_organization AND i.key = p ->> 'key' AND i.object_id = r.id;
    END IF;
    RETURN answer || jsonb_build_object('replayed', false);
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('voucher_of', 'code_and_name', 'numbers_told', 'posting_reverse', 'reversal_voucher', 'reversal_lock',
            'reversal_refuse_followed', 'reversal_release', 'reversal_release_settlements', 'reversal_write_ledger', 'reversal_users',
            'reversal_refuse_stock', 'reversal_places', 'reversal_check_stock', 'reversal_write_stock', 'reversal_reopen_sources')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.posting_reverse(uuid, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
