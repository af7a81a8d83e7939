-- Closing a fiscal year: its income and expenses are carried to retained earnings by entries of the last day, one a branch
-- that has any, and the year is shut, in one transaction. Reopening reverses the entries and opens the year again.
--
-- An entry needs no plan: it is derived from stored rows under the year's lock, which every post holds shared. A client
-- names the year and nothing of its figures. It may be dated in a period that is locked already, and before the audit lock:
-- who closes a year may open these too. A type whose counterpart_role is retained_earnings is the one that closes; nothing
-- else posts or reverses its vouchers.

-- Is this voucher, or this type, the one that closes years?
CREATE OR REPLACE FUNCTION erpdesk.closes_years(t erpdesk.voucher_config_master) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT t.counterpart_role = 'retained_earnings' $$;

-- Is this very transaction writing the closing entry of the year that ends on this day, or its reversal?
CREATE OR REPLACE FUNCTION erpdesk.is_closing_day(p_organization uuid, p_year uuid, p_day date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM year_closing c JOIN fiscal_year y ON y.organization_id = c.organization_id AND y.id = c.fiscal_year_id
        WHERE c.organization_id = p_organization AND c.fiscal_year_id = p_year AND c.is_being_written
          AND c.transaction_id = txid_current() AND y.ends_on = p_day);
END $$;

-- Did closing a year make this voucher? Asked of the closings, not of the type: a type may be changed afterwards.
CREATE OR REPLACE FUNCTION erpdesk.is_closing_entry(v erpdesk.voucher) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM year_closing c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id)
$$;

-- A closing entry is reversed by reopening its year, and in no other way.
CREATE OR REPLACE FUNCTION erpdesk.reversal_of_closing(v erpdesk.voucher) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM year_closing c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id
                   AND c.is_being_written AND c.transaction_id = txid_current()) THEN
        PERFORM refuse_request('invalid', 'PRD-015', format('%s is the closing entry of a fiscal year', v.voucher_number), 'of', 'journal');
    END IF;
END $$;

-- The year, locked against every post, and every reason why it can't be closed or reopened now.
CREATE OR REPLACE FUNCTION erpdesk.year_to_turn(p_organization uuid, p_year uuid, p_closed boolean) RETURNS erpdesk.fiscal_year
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE y fiscal_year; other fiscal_year; o organization;
BEGIN
    PERFORM require_permission(p_organization, 'year.close', 'close or reopen a year');
    IF EXISTS (SELECT FROM branch b WHERE b.organization_id = p_organization AND NOT sees_branch(p_organization, b.id)) THEN
        PERFORM refuse_request('forbidden', 'SEC-001',
            format('%s may not close or reopen a year here: it is closed for every branch, and some are kept from them', session_user));
    END IF;
    SELECT * INTO o FROM organization x WHERE x.id = p_organization FOR NO KEY UPDATE;
    SELECT * INTO y FROM fiscal_year f WHERE f.organization_id = p_organization AND f.id = p_year FOR UPDATE;
    IF y.id IS NULL THEN
        PERFORM refuse_request('invalid', 'PRD-009', 'There is no such fiscal year', 'year', 'saved');
    ELSIF y.is_closed = p_closed THEN
        RETURN y;
    ELSIF o.is_locked THEN
        PERFORM refuse('i8_organization_locked', format('Organization %s is locked', o.code));
    END IF;
    IF p_closed THEN
        SELECT * INTO other FROM fiscal_year f WHERE f.organization_id = p_organization AND f.ends_on < y.starts_on AND NOT f.is_closed
        ORDER BY f.starts_on LIMIT 1;
        IF FOUND THEN
            PERFORM refuse_request('invalid', 'PRD-011', format('Fiscal year %s comes first and is open', other.code), 'year', 'saved');
        END IF;
    ELSE
        SELECT * INTO other FROM fiscal_year f WHERE f.organization_id = p_organization AND f.starts_on > y.ends_on AND f.is_closed
        ORDER BY f.starts_on DESC LIMIT 1;
        IF FOUND THEN
            PERFORM refuse_request('invalid', 'PRD-012', format('Fiscal year %s comes after it and is closed', other.code), 'year', 'saved');
        END IF;
    END IF;
    RETURN y;
END $$;

-- The branches with income or expenses when a year ends, the first one first.
CREATE OR REPLACE FUNCTION erpdesk.branches_to_close(p_organization uuid, p_until date) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT b.id FROM branch b WHERE b.organization_id = p_organization AND EXISTS (
        SELECT FROM journal_line l
        JOIN journal j ON j.organization_id = l.organization_id AND j.id = l.journal_id
        JOIN account a ON a.organization_id = l.organization_id AND a.id = l.account_id
        WHERE l.organization_id = p_organization AND l.posted_on <= p_until AND a.nature IN ('income', 'expense') AND j.branch_id = b.id
        GROUP BY l.account_id HAVING sum(l.debit - l.credit) <> 0)
    ORDER BY b.created_at, b.code_key;
END $$;

-- What stands on a branch's income and expense accounts when a year ends, and the account that takes it as the last line.
DROP FUNCTION IF EXISTS erpdesk.result_to_carry(uuid, date);
CREATE OR REPLACE FUNCTION erpdesk.result_to_carry(p_organization uuid, p_branch uuid, p_until date)
RETURNS TABLE (line_number bigint, account_id uuid, code text, amount numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH stands AS (
        SELECT a.id, a.code, a.code_key, sum(l.debit - l.credit) AS balance
        FROM journal_line l
        JOIN journal j ON j.organization_id = l.organization_id AND j.id = l.journal_id
        JOIN account a ON a.organization_id = l.organization_id AND a.id = l.account_id
        WHERE l.organization_id = p_organization AND l.posted_on <= p_until AND a.nature IN ('income', 'expense') AND j.branch_id = p_branch
        GROUP BY a.id, a.code, a.code_key HAVING sum(l.debit - l.credit) <> 0)
    SELECT row_number() OVER (ORDER BY s.code_key), s.id, s.code, -s.balance FROM stands s
    UNION ALL
    SELECT (SELECT count(*) FROM stands) + 1, a.id, a.code, (SELECT sum(s.balance) FROM stands s)
    FROM account_role r JOIN account a ON a.organization_id = r.organization_id AND a.id = r.account_id
    WHERE r.organization_id = p_organization AND r.role = 'retained_earnings' AND (SELECT sum(s.balance) FROM stands s) <> 0
    ORDER BY 1;
END $$;

-- The entry of a branch: a posted voucher of the type that closes, with journal, number, audit, event, steps and log.
DROP FUNCTION IF EXISTS erpdesk.write_closing_entry(erpdesk.fiscal_year, jsonb);
CREATE OR REPLACE FUNCTION erpdesk.write_closing_entry(y erpdesk.fiscal_year, p_branch uuid, p_id uuid, p jsonb) RETURNS erpdesk.voucher
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    t voucher_config_master; v voucher; period accounting_period; lines jsonb; document jsonb; journal jsonb; answer jsonb;
    v_debit numeric; v_off numeric; v_key text; v_sequence bigint; v_branch text; began timestamptz := clock_timestamp();
BEGIN
    SELECT jsonb_agg(jsonb_build_object('account', r.code) || CASE WHEN r.amount > 0 THEN jsonb_build_object('debit', trim_scale(r.amount)::text)
               ELSE jsonb_build_object('credit', trim_scale(-r.amount)::text) END ORDER BY r.line_number),
           jsonb_agg(jsonb_build_object('line_number', r.line_number, 'account_id', r.account_id, 'role', 'line', 'amount', r.amount) ORDER BY r.line_number),
           sum(greatest(r.amount, 0)), sum(r.amount) INTO lines, journal, v_debit, v_off
    FROM result_to_carry(y.organization_id, p_branch, y.ends_on) r;
    SELECT * INTO t FROM voucher_config_master c WHERE c.organization_id = y.organization_id AND closes_years(c)
    ORDER BY c.sort_order, c.code LIMIT 1;
    IF NOT FOUND OR v_off <> 0 THEN
        PERFORM refuse_request('invalid', 'PRD-013', CASE WHEN t.id IS NULL THEN 'No voucher type carries the result of a year to retained earnings'
            ELSE 'No account has the role retained_earnings' END, 'year', 'journal');
    END IF;
    SELECT b.code INTO v_branch FROM branch b WHERE b.organization_id = y.organization_id AND b.id = p_branch;
    v_key := format('year-close:%s:%s', y.code, p_id);  -- one that nobody can have taken before
    document := jsonb_build_object('type', t.code, 'date', y.ends_on, 'branch', v_branch, 'narration', format('Closing of %s', y.code), 'lines', lines);
    INSERT INTO idempotency_key (organization_id, key, content_hash, object_id)
    VALUES (y.organization_id, v_key, encode(sha256(convert_to(document::text, 'UTF8')), 'hex'), p_id);
    INSERT INTO voucher (organization_id, id, branch_id, voucher_config_id, blueprint_version, voucher_on, entry_on, narration,
        currency_code, exchange_rate, total, base_total, document, document_hash, idempotency_key, correlation_id)
    SELECT y.organization_id, p_id, p_branch, t.id, t.version, y.ends_on, (now() AT TIME ZONE o.time_zone)::date,
        document ->> 'narration', o.base_currency, 1, v_debit, v_debit, document, encode(sha256(convert_to(document::text, 'UTF8')), 'hex'), v_key,
        coalesce((p ->> 'correlation_id')::uuid, gen_random_uuid())
    FROM organization o WHERE o.id = y.organization_id RETURNING * INTO v;
    INSERT INTO voucher_line (organization_id, voucher_id, grid, line_number, account_id, debit, credit)
    SELECT y.organization_id, v.id, 'lines', j.line_number, j.account_id, greatest(j.amount, 0), greatest(-j.amount, 0)
    FROM jsonb_to_recordset(journal) AS j (line_number bigint, account_id uuid, amount numeric);
    period := open_period(y.organization_id, y.ends_on);
    v_sequence := nextval('posting_sequence');
    PERFORM posting_write_books(v, t, period, v_sequence, jsonb_build_object('journal_id', gen_random_uuid(), 'journal', journal, 'open_items', '[]'::jsonb));
    v.voucher_number := posting_take_number(v, t);
    UPDATE voucher x SET status = 'POSTED', voucher_number = v.voucher_number, fiscal_year_id = y.id, posting_sequence = v_sequence, cost = 0,
        row_version = x.row_version + 1, posted_at = now(), posted_by = session_user
    WHERE x.organization_id = y.organization_id AND x.id = v.id RETURNING * INTO v;
    answer := jsonb_build_object('voucher_id', v.id, 'status', v.status, 'voucher_number', v.voucher_number, 'total', v.total,
        'cost', v.cost, 'row_version', v.row_version, 'posted_at', v.posted_at);
    INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, step, after, correlation_id, context)
    VALUES (y.organization_id, gen_random_uuid(), nextval('audit_sequence'), 'posted', 'voucher', v.id::text, 'completed', to_jsonb(v),
        v.correlation_id, coalesce(p -> 'context', '{}'));
    INSERT INTO integration_event (organization_id, id, event_type, source_type, source_id, payload)
    VALUES (y.organization_id, gen_random_uuid(), 'voucher.posted', 'voucher', v.id::text, answer || jsonb_build_object('type', t.code, 'date', v.voucher_on));
    INSERT INTO voucher_process (organization_id, voucher_id, step, state, started_at, ended_at)
    SELECT y.organization_id, v.id, s, 'done', began, clock_timestamp() FROM unnest(ARRAY['saved', 'journal', 'gl', 'inventory', 'completed']) s;
    INSERT INTO posting_log (organization_id, id, voucher_id, idempotency_key, started_at, step, status, payload, elapsed_ms, correlation_id, context)
    VALUES (y.organization_id, gen_random_uuid(), v.id, v_key, began, 'completed', 'done', jsonb_build_object('closes', y.code),
        round(extract(epoch FROM clock_timestamp() - began) * 1000, 1), v.correlation_id, coalesce(p -> 'context', '{}'));
    UPDATE idempotency_key k SET result = answer WHERE k.organization_id = y.organization_id AND k.key = v_key;
    RETURN v;
END $$;

-- What is done to a closing is audited in the same transaction.
CREATE OR REPLACE FUNCTION erpdesk.closing_audited(c erpdesk.year_closing, p_action text, p_before jsonb, p_correlation uuid, p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, before, after, correlation_id, context)
    VALUES (c.organization_id, gen_random_uuid(), nextval('audit_sequence'), p_action, 'year_closing', c.id::text, p_before, to_jsonb(c),
        p_correlation, coalesce(p -> 'context', '{}'));
END $$;

-- Close a year: {"year", "id" of the first entry to be, "correlation_id", "context", "next": the document of the year that
-- follows}. A year that is closed already answers as when it was closed.
CREATE OR REPLACE FUNCTION erpdesk.posting_close_year(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp SET lock_timeout = '15s' AS $$
DECLARE y fiscal_year; v voucher; c year_closing; v_branch uuid; made text; v_id uuid := (p ->> 'id')::uuid;
BEGIN
    y := year_to_turn(p_organization, (p ->> 'year')::uuid, true);
    IF y.is_closed THEN
        RETURN closing_told(y, true, NULL);
    END IF;
    FOR v_branch IN SELECT * FROM branches_to_close(p_organization, y.ends_on) LOOP
        INSERT INTO year_closing (organization_id, id, fiscal_year_id, branch_id, is_being_written)
        VALUES (p_organization, gen_random_uuid(), y.id, v_branch, true) RETURNING * INTO c;
        v := write_closing_entry(y, v_branch, v_id, p);
        v_id := gen_random_uuid();
        UPDATE year_closing x SET voucher_id = v.id, is_being_written = false, result = coalesce((
                SELECT -sum(l.debit - l.credit) FROM journal j
                JOIN journal_line l ON l.organization_id = j.organization_id AND l.journal_id = j.id
                JOIN account_role r ON r.organization_id = l.organization_id AND r.account_id = l.account_id AND r.role = 'retained_earnings'
                WHERE j.organization_id = p_organization AND j.voucher_id = v.id), 0)
        WHERE x.organization_id = p_organization AND x.id = c.id RETURNING * INTO c;
        PERFORM closing_audited(c, 'closed', NULL, v.correlation_id, p);
    END LOOP;
    IF c.id IS NULL THEN
        INSERT INTO year_closing (organization_id, id, fiscal_year_id) VALUES (p_organization, gen_random_uuid(), y.id) RETURNING * INTO c;
        PERFORM closing_audited(c, 'closed', NULL, (p ->> 'correlation_id')::uuid, p);
    END IF;
    UPDATE fiscal_year f SET is_closed = true, changed_at = now(), changed_by = session_user, row_version = f.row_version + 1
    WHERE f.organization_id = p_organization AND f.id = y.id RETURNING * INTO y;
    IF p -> 'next' IS NOT NULL AND NOT EXISTS (SELECT FROM fiscal_year f WHERE f.organization_id = p_organization AND f.ends_on > y.ends_on) THEN
        PERFORM create_fiscal_year(p_organization, p -> 'next');
        made := p -> 'next' -> 'fiscal_year' ->> 'code';
    END IF;
    RETURN closing_told(y, false, made);
END $$;

-- How a year stands: its closing entries, the result, and what is dated in it and can't be posted.
CREATE OR REPLACE FUNCTION erpdesk.closing_told(y erpdesk.fiscal_year, p_before boolean, p_made text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object('year', y.code, 'is_closed', y.is_closed, 'replayed', p_before, 'next_year', p_made,
            'result', coalesce(sum(c.result), 0), 'voucher_id', (array_agg(v.id ORDER BY v.posting_sequence))[1],
            'voucher_number', string_agg(v.voucher_number, ', ' ORDER BY v.posting_sequence),
            'reversal_number', CASE WHEN NOT y.is_closed AND NOT p_before THEN string_agg(w.voucher_number, ', ' ORDER BY w.posting_sequence) END,
            'left', (SELECT count(*) FROM voucher d WHERE d.organization_id = y.organization_id AND d.voucher_on BETWEEN y.starts_on AND y.ends_on
                     AND d.status IN ('DRAFT', 'PENDING_APPROVAL', 'APPROVED')))
        FROM (SELECT x.*, dense_rank() OVER (ORDER BY x.reopened_at IS NOT NULL, x.reopened_at DESC) AS age FROM year_closing x
              WHERE x.organization_id = y.organization_id AND x.fiscal_year_id = y.id) c
        LEFT JOIN voucher v ON v.organization_id = c.organization_id AND v.id = c.voucher_id
        LEFT JOIN voucher w ON w.organization_id = c.organization_id AND w.id = c.reversal_id
        WHERE c.age = 1);
END $$;

-- Reopen a year: {"year", "reason", "id" of the first reversal to be, "correlation_id", "context"}. The last entry is
-- reversed first.
CREATE OR REPLACE FUNCTION erpdesk.posting_reopen_year(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp SET lock_timeout = '15s' AS $$
DECLARE
    y fiscal_year; c year_closing; before jsonb; answer jsonb; v_reason text := nullif(btrim(p ->> 'reason'), ''); v_id uuid := (p ->> 'id')::uuid;
BEGIN
    y := year_to_turn(p_organization, (p ->> 'year')::uuid, false);
    IF NOT y.is_closed THEN
        RETURN closing_told(y, true, NULL);
    ELSIF v_reason IS NULL THEN
        PERFORM refuse_request('invalid', 'PRD-014', 'Reopening a year needs a reason', 'reason', 'saved');
    END IF;
    UPDATE fiscal_year f SET is_closed = false, changed_at = now(), changed_by = session_user, row_version = f.row_version + 1
    WHERE f.organization_id = p_organization AND f.id = y.id RETURNING * INTO y;
    FOR c IN SELECT x.* FROM year_closing x LEFT JOIN voucher v ON v.organization_id = x.organization_id AND v.id = x.voucher_id
        WHERE x.organization_id = p_organization AND x.fiscal_year_id = y.id AND x.reopened_at IS NULL
        ORDER BY v.posting_sequence DESC FOR UPDATE OF x
    LOOP
        before := to_jsonb(c);
        answer := NULL;
        IF c.voucher_id IS NOT NULL THEN
            UPDATE year_closing x SET is_being_written = true, transaction_id = txid_current()
            WHERE x.organization_id = p_organization AND x.id = c.id;
            answer := posting_reverse(p_organization, jsonb_build_object('of', c.voucher_id, 'date', y.ends_on, 'reason', v_reason, 'id', v_id,
                'content_hash', encode(sha256(convert_to(c.voucher_id::text, 'UTF8')), 'hex'), 'correlation_id', p -> 'correlation_id',
                'context', p -> 'context'));
            v_id := gen_random_uuid();
        END IF;
        UPDATE year_closing x SET reversal_id = (answer ->> 'voucher_id')::uuid, is_being_written = false, transaction_id = txid_current(),
            reopened_at = now(), reopened_by = session_user, reason = v_reason
        WHERE x.organization_id = p_organization AND x.id = c.id RETURNING * INTO c;
        PERFORM closing_audited(c, 'reopened', before, (p ->> 'correlation_id')::uuid, p);
    END LOOP;
    IF before IS NULL THEN
        INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, after, correlation_id, context)
        VALUES (p_organization, gen_random_uuid(), nextval('audit_sequence'), 'reopened', 'year_closing', y.id::text,
            jsonb_build_object('fiscal_year_id', y.id, 'reason', v_reason), (p ->> 'correlation_id')::uuid, coalesce(p -> 'context', '{}'));
    END IF;
    RETURN closing_told(y, false, NULL);
END $$;

DROP FUNCTION IF EXISTS erpdesk.set_year_closed(uuid, uuid, boolean);

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('closes_years', 'is_closing_day', 'is_closing_entry', 'reversal_of_closing', 'year_to_turn', 'result_to_carry', 'branches_to_close', 'closing_audited',
            'write_closing_entry', 'posting_close_year', 'closing_told', 'posting_reopen_year')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.posting_close_year(uuid, jsonb), erpdesk.posting_reopen_year(uuid, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
