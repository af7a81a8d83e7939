-- Approval and the status machine: who has to agree before a voucher is posted, and every change of status before
-- posting. The matrix is read when approval is asked for and kept with the request; a decision is judged by what
-- was kept. Each change: the voucher row locked, its version compared, rights of session_user, audit, event.

-- What a voucher comes to for limits and the matrix, from stored rows. Goods that have no price yet (transfers,
-- production, counts) count at their present cost.
CREATE OR REPLACE FUNCTION erpdesk.voucher_amount(v erpdesk.voucher, t erpdesk.voucher_config_master) RETURNS numeric
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF t.grid_kind = 'ledger_dr_cr' THEN
        RETURN greatest(v.base_total, (
            SELECT coalesce(round(sum(l.debit) * v.exchange_rate, o.currency_decimals), 0) FROM organization o
            LEFT JOIN voucher_line l ON l.organization_id = o.id AND l.voucher_id = v.id
            WHERE o.id = v.organization_id GROUP BY o.currency_decimals));
    ELSIF v.base_total <> 0 OR NOT t.affects_inventory THEN
        RETURN v.base_total;
    END IF;
    RETURN (
        SELECT coalesce(round(sum(l.stock_quantity * coalesce(b.value / nullif(b.quantity, 0), b.last_unit_cost, l.unit_cost, l.rate)), o.currency_decimals), 0)
        FROM organization o
        LEFT JOIN voucher_line l ON l.organization_id = o.id AND l.voucher_id = v.id AND l.grid <> 'produce'
        LEFT JOIN stock_balance b ON b.organization_id = l.organization_id AND b.item_id = l.item_id AND b.warehouse_id = l.warehouse_id
        WHERE o.id = v.organization_id GROUP BY o.currency_decimals);
END $$;

-- Above what session_user may enter, post or approve of this type, the lowest of the limits that fit.
CREATE OR REPLACE FUNCTION erpdesk.require_within_limit(v erpdesk.voucher, t erpdesk.voucher_config_master, p_what text, p_amount numeric)
RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE highest numeric; d integer;
BEGIN
    SELECT min(CASE p_what WHEN 'enter' THEN l.enter_limit WHEN 'post' THEN l.post_limit ELSE l.approve_limit END) INTO highest
    FROM user_limit l
    WHERE l.organization_id = v.organization_id AND l.user_name = session_user AND (l.voucher_type_code IS NULL OR l.voucher_type_code = t.code);
    IF p_amount > highest THEN
        SELECT currency_decimals INTO d FROM organization WHERE id = v.organization_id;
        PERFORM refuse_request('forbidden', CASE p_what WHEN 'approve' THEN 'APR-004' ELSE 'SEC-002' END,
            format('%s is above your limit of %s: %s may %s no more', round(p_amount, d), round(highest, d), session_user, p_what), 'amount',
            CASE p_what WHEN 'post' THEN 'journal' ELSE 'saved' END, jsonb_build_object('amount', round(p_amount, d)::text, 'limit', round(highest, d)::text));
    END IF;
END $$;

-- The levels that a voucher needs, with the rules that may decide each: [{"level", "rules": [{"role", "user_name",
-- "maker_may_approve"}]}]. Of the rows of one level those with the highest minimum amount decide: tiers of one desk.
-- A type without any row is approved by whoever has the right; a type with rows, none of which fits, needs none.
CREATE OR REPLACE FUNCTION erpdesk.approval_levels(v erpdesk.voucher, t erpdesk.voucher_config_master, p_amount numeric) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT t.requires_approval THEN
        RETURN '[]';
    ELSIF NOT EXISTS (SELECT FROM approval_rule r WHERE r.organization_id = t.organization_id AND r.voucher_config_id = t.id AND r.is_active) THEN
        RETURN '[{"level": 1, "rules": [{"role": "", "user_name": "", "maker_may_approve": false}]}]';
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(x.row ORDER BY x.level), '[]') FROM (
            SELECT f.level, jsonb_build_object('level', f.level, 'rules', jsonb_agg(jsonb_build_object('role', f.role,
                'user_name', f.user_name, 'maker_may_approve', f.maker_may_approve) ORDER BY f.role, f.user_name)) AS row
            FROM (SELECT r.*, rank() OVER (PARTITION BY r.level ORDER BY coalesce(r.minimum_amount, 0) DESC) AS tier
                  FROM approval_rule r
                  WHERE r.organization_id = t.organization_id AND r.voucher_config_id = t.id AND r.is_active
                    AND p_amount >= coalesce(r.minimum_amount, 0)
                    AND (r.branch_id IS NULL OR r.branch_id = v.branch_id)
                    AND (r.cost_centre_id IS NULL OR EXISTS (
                        SELECT FROM voucher_line l WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id
                          AND l.cost_centre_id = r.cost_centre_id)
                        OR EXISTS (
                        SELECT FROM voucher_line_cost_centre s WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id
                          AND s.cost_centre_id = r.cost_centre_id))) f
            WHERE f.tier = 1 GROUP BY f.level) x);
END $$;

-- Whose turn it is: {"round", "level", "rules", "waits_for"}, the first level of the present round that nobody has
-- approved; without a level when all have.
CREATE OR REPLACE FUNCTION erpdesk.approval_turn_of(v erpdesk.voucher) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE q approval_request; own jsonb;
BEGIN
    SELECT * INTO q FROM approval_request r WHERE r.organization_id = v.organization_id AND r.voucher_id = v.id
    ORDER BY r.round DESC LIMIT 1;
    SELECT x.row INTO own FROM jsonb_array_elements(coalesce(q.levels, '[]')) AS x (row)
    WHERE NOT EXISTS (SELECT FROM approval a WHERE a.organization_id = v.organization_id AND a.voucher_id = v.id AND a.round = q.round
                      AND a.level = (x.row ->> 'level')::integer AND a.decision = 'approved')
    ORDER BY (x.row ->> 'level')::integer LIMIT 1;
    IF own IS NULL THEN
        RETURN jsonb_build_object('round', q.round);
    END IF;
    RETURN own || jsonb_build_object('round', q.round, 'waits_for', (
        SELECT string_agg(CASE WHEN r ->> 'user_name' <> '' THEN r ->> 'user_name' WHEN r ->> 'role' <> '' THEN 'role ' || (r ->> 'role')
                               ELSE 'anybody with the right to approve' END, ' or ' ORDER BY r ->> 'user_name', r ->> 'role')
        FROM jsonb_array_elements(own -> 'rules') r));
END $$;

-- Everybody who had a hand in what is to be approved: made it, changed it, asked for it.
CREATE OR REPLACE FUNCTION erpdesk.approval_makers(v erpdesk.voucher) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT array_agg(DISTINCT x.maker) FROM (
        SELECT v.created_by AS maker UNION ALL SELECT v.changed_by UNION ALL
        SELECT a.actor FROM audit_entry a WHERE a.organization_id = v.organization_id AND a.object_type = 'voucher'
          AND a.object_id = v.id::text AND a.action IN ('saved', 'submitted')) x
$$;

-- Why session_user may not decide this turn, as {"code", "message"}; null when he may. Limits are asked separately.
CREATE OR REPLACE FUNCTION erpdesk.approval_bar(v erpdesk.voucher, t erpdesk.voucher_config_master, turn jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE fits record;
BEGIN
    IF NOT may(v.organization_id, 'voucher.approve', t.code, v.branch_id) THEN
        RETURN jsonb_build_object('code', 'SEC-001', 'message', format('%s may not approve vouchers of type %s here', session_user, t.label) || lacking(v.organization_id, 'voucher.approve'));
    END IF;
    SELECT count(*) AS rules, bool_or((r ->> 'maker_may_approve')::boolean) AS own INTO fits
    FROM jsonb_array_elements(turn -> 'rules') r
    LEFT JOIN organization_member m ON m.organization_id = v.organization_id AND m.user_name = session_user
    WHERE CASE WHEN r ->> 'user_name' <> '' THEN r ->> 'user_name' = session_user
               WHEN r ->> 'role' <> '' THEN m.role IN (r ->> 'role', 'admin') ELSE true END;
    IF fits.rules = 0 THEN
        RETURN jsonb_build_object('code', 'APR-005', 'message', format('Level %s is decided by %s', turn ->> 'level', turn ->> 'waits_for'));
    ELSIF NOT fits.own AND session_user = ANY (approval_makers(v)) THEN
        RETURN jsonb_build_object('code', 'APR-002', 'message', format('%s made, changed or submitted this voucher and can''t approve it', session_user));
    END IF;
    RETURN NULL;
END $$;

-- The voucher that is to change its status, locked, of the version that the caller knows; or why not.
CREATE OR REPLACE FUNCTION erpdesk.approval_voucher(p_organization uuid, p jsonb, p_permission text, p_doing text, p_from text[])
RETURNS erpdesk.voucher LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v voucher; type_code text; type_label text;
BEGIN
    PERFORM require_member(p_organization);
    SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.id = (p ->> 'voucher_id')::uuid FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse_request('invalid', 'VCH-005', 'There is no such voucher', 'voucher');
    END IF;
    SELECT t.code, t.label INTO type_code, type_label FROM voucher_config_master t WHERE t.organization_id = p_organization AND t.id = v.voucher_config_id;
    IF NOT may(p_organization, p_permission, type_code, v.branch_id) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not %s vouchers of type %s here', session_user, p_doing, type_label) || lacking(p_organization, p_permission));
    ELSIF v.status IN ('POSTED', 'REVERSED') THEN
        PERFORM refuse_request('conflict', 'VCH-001', format('Voucher %s was already posted by %s at %s; only a reversal undoes it',
            v.voucher_number, v.posted_by, told_moment(p_organization, v.posted_at)), '', 'journal',
            jsonb_build_object('voucher_number', v.voucher_number, 'posted_by', v.posted_by, 'posted_at', v.posted_at));
    ELSIF NOT v.status = ANY (p_from) THEN
        PERFORM refuse_request('conflict', CASE p_doing WHEN 'approve' THEN 'APR-006' ELSE 'VCH-006' END,
            format('The voucher is %s%s; there is nothing to %s', v.status, CASE WHEN v.status = 'APPROVED' THEN ' by ' || v.approved_by ELSE '' END, p_doing)
            || CASE WHEN p_doing = 'cancel' AND v.status IN ('PENDING_APPROVAL', 'APPROVED') THEN ' before it is withdrawn' ELSE '' END,
            'voucher', 'saved', jsonb_build_object('status', v.status));
    ELSIF v.row_version IS DISTINCT FROM (p ->> 'row_version')::integer THEN
        PERFORM refuse_request('conflict', 'VCH-002', 'The voucher was changed since you opened it: look at it again', '', 'saved',
            jsonb_build_object('row_version', v.row_version));
    END IF;
    RETURN v;
END $$;

-- The answer to a request that was carried out before, its own answer lost: known by its correlation id. Else null.
CREATE OR REPLACE FUNCTION erpdesk.approval_done(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN (SELECT jsonb_build_object('voucher_id', v.id, 'status', v.status, 'voucher_number', v.voucher_number, 'total', v.total,
                'cost', v.cost, 'row_version', v.row_version, 'auto_post', v.status = 'APPROVED' AND t.auto_post)
            FROM voucher v JOIN voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
            WHERE v.organization_id = p_organization AND v.id = (p ->> 'voucher_id')::uuid AND EXISTS (
                SELECT FROM audit_entry a WHERE a.organization_id = p_organization AND a.object_type = 'voucher' AND a.object_id = v.id::text
                  AND a.actor = session_user AND a.action IN ('approved', 'rejected', 'withdrawn', 'cancelled')
                  AND a.correlation_id = (p ->> 'correlation_id')::uuid));
END $$;

-- Give a voucher its new status, with the audit entry of the change, and the event where there is one.
CREATE OR REPLACE FUNCTION erpdesk.approval_change(v erpdesk.voucher, p_status text, p_action text, p_event text, p_details jsonb, p jsonb)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE made voucher; answer jsonb; v_comment text := nullif(btrim(p ->> 'comment'), '');
BEGIN
    UPDATE voucher x SET status = p_status, row_version = x.row_version + 1,
        approved_at = CASE WHEN p_status = 'APPROVED' THEN now() END, approved_by = CASE WHEN p_status = 'APPROVED' THEN session_user END,
        reason = CASE WHEN p_status = 'CANCELLED' THEN v_comment ELSE x.reason END
    WHERE x.organization_id = v.organization_id AND x.id = v.id RETURNING * INTO made;
    INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, step, before, after, correlation_id, context)
    VALUES (v.organization_id, gen_random_uuid(), nextval('audit_sequence'), p_action, 'voucher', v.id::text, 'saved', to_jsonb(v), to_jsonb(made),
        coalesce((p ->> 'correlation_id')::uuid, v.correlation_id),
        coalesce(p -> 'context', '{}') || jsonb_build_object('approval', p_details || jsonb_build_object('comment', v_comment)));
    answer := jsonb_build_object('voucher_id', v.id, 'status', made.status, 'voucher_number', made.voucher_number, 'total', made.total,
        'cost', made.cost, 'row_version', made.row_version) || p_details;
    IF p_event IS NOT NULL THEN
        INSERT INTO integration_event (organization_id, id, event_type, source_type, source_id, payload)
        SELECT v.organization_id, gen_random_uuid(), p_event, 'voucher', v.id::text,
            answer || jsonb_build_object('type', t.code, 'date', v.voucher_on, 'by', session_user, 'comment', v_comment)
        FROM voucher_config_master t WHERE t.organization_id = v.organization_id AND t.id = v.voucher_config_id;
    END IF;
    RETURN answer;
END $$;

-- Write down what a voucher needs, or on what ground it needs nothing.
CREATE OR REPLACE FUNCTION erpdesk.approval_ask(v erpdesk.voucher, p_ground text, p_amount numeric, p_levels jsonb, p_comment text) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    INSERT INTO approval_request (organization_id, voucher_id, round, ground, amount, levels, document_hash, comment)
    SELECT v.organization_id, v.id, coalesce(max(r.round), 0) + 1, p_ground, p_amount, p_levels, v.document_hash, nullif(btrim(p_comment), '')
    FROM approval_request r WHERE r.organization_id = v.organization_id AND r.voucher_id = v.id
    RETURNING round
$$;

-- Ask for approval of a draft that has just been saved, in the same transaction.
CREATE OR REPLACE FUNCTION erpdesk.approval_submit(p_organization uuid, p_voucher uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v voucher; t voucher_config_master; levels jsonb; amount numeric; turn jsonb; v_round integer; answer jsonb;
BEGIN
    SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.id = p_voucher FOR NO KEY UPDATE;
    t := config_typed(v);
    turn := approval_turn_of(v);
    IF v.status = 'PENDING_APPROVAL' THEN
        RETURN jsonb_build_object('voucher_id', v.id, 'status', v.status, 'voucher_number', v.voucher_number, 'total', v.total, 'cost', v.cost,
            'row_version', v.row_version, 'level', turn -> 'level', 'round', turn -> 'round', 'waits_for', turn -> 'waits_for', 'replayed', true);
    ELSIF v.status = 'APPROVED' THEN
        PERFORM refuse_request('conflict', 'APR-006', format('The voucher is approved by %s; post it', v.approved_by), 'voucher');
    ELSIF v.status = 'REJECTED' THEN
        PERFORM approval_rejected(v);
    END IF;
    amount := voucher_amount(v, t);
    levels := approval_levels(v, t, amount);
    IF levels = '[]' THEN
        PERFORM refuse_request('invalid', 'APR-007', 'This voucher needs no approval', 'voucher');
    END IF;
    v_round := approval_ask(v, 'levels', amount, levels, p ->> 'comment');
    turn := approval_turn_of(v);
    answer := approval_change(v, 'PENDING_APPROVAL', 'submitted', 'voucher.approval_requested', jsonb_build_object('round', v_round,
        'level', turn -> 'level', 'waits_for', turn -> 'waits_for'), p);
    RETURN answer || jsonb_build_object('outcome', 'submitted');
END $$;

-- A rejected voucher waits for its maker: what was said of it.
CREATE OR REPLACE FUNCTION erpdesk.approval_rejected(v erpdesk.voucher) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE a approval;
BEGIN
    SELECT * INTO a FROM approval x WHERE x.organization_id = v.organization_id AND x.voucher_id = v.id AND x.decision = 'rejected'
    ORDER BY x.round DESC LIMIT 1;
    PERFORM refuse_request('conflict', 'APR-003', format('The voucher was rejected by %s', a.decided_by) || coalesce(': ' || a.comment, ''), 'voucher', 'journal',
        jsonb_build_object('rejected_by', a.decided_by, 'rejected_at', a.decided_at, 'comment', a.comment));
END $$;

-- Decide on the level whose turn it is: {"voucher_id", "row_version", "decision": approved or rejected, "comment"}.
CREATE OR REPLACE FUNCTION erpdesk.approval_decide(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    v voucher; t voucher_config_master; turn jsonb; next_turn jsonb; bar jsonb; done jsonb := approval_done(p_organization, p);
    v_decision text := p ->> 'decision';
    v_details jsonb;
BEGIN
    IF done IS NOT NULL THEN
        RETURN done;
    END IF;
    v := approval_voucher(p_organization, p, 'voucher.approve', 'approve', ARRAY['PENDING_APPROVAL']);
    turn := approval_turn_of(v);
    t := config_typed(v);
    bar := approval_bar(v, t, turn);
    IF bar IS NOT NULL THEN
        PERFORM refuse_request('forbidden', bar ->> 'code', bar ->> 'message', 'voucher');
    ELSIF v_decision = 'approved' THEN
        PERFORM require_within_limit(v, t, 'approve', (SELECT r.amount FROM approval_request r
            WHERE r.organization_id = p_organization AND r.voucher_id = v.id AND r.round = (turn ->> 'round')::integer));
    END IF;
    INSERT INTO approval (organization_id, id, voucher_id, round, level, decision, comment)
    VALUES (p_organization, gen_random_uuid(), v.id, (turn ->> 'round')::integer, (turn ->> 'level')::integer, v_decision, nullif(btrim(p ->> 'comment'), ''));
    v_details := jsonb_build_object('round', turn -> 'round', 'decided_level', turn -> 'level');
    IF v_decision = 'rejected' THEN
        RETURN approval_change(v, 'REJECTED', 'rejected', 'voucher.rejected', v_details, p);
    END IF;
    next_turn := approval_turn_of(v);
    IF next_turn ? 'level' THEN
        RETURN approval_change(v, 'PENDING_APPROVAL', 'approved', 'voucher.approval_requested', v_details
            || jsonb_build_object('level', next_turn -> 'level', 'waits_for', next_turn -> 'waits_for'), p);
    END IF;
    RETURN approval_change(v, 'APPROVED', 'approved', 'voucher.approved', v_details, p) || jsonb_build_object('auto_post', t.auto_post);
END $$;

-- Take a voucher back to a draft: one that waits, is approved, or was rejected.
CREATE OR REPLACE FUNCTION erpdesk.approval_withdraw(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce(approval_done(p_organization, p), approval_change(
        approval_voucher(p_organization, p, 'voucher.enter', 'withdraw', ARRAY['PENDING_APPROVAL', 'APPROVED', 'REJECTED']),
        'DRAFT', 'withdrawn', NULL, '{}', p));
END $$;

-- Cancel a draft or a rejected voucher for good. A number typed by hand is free again; a draft keeps no goods. Who may
-- not enter so much may not cancel it either.
CREATE OR REPLACE FUNCTION erpdesk.voucher_cancel(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE answer jsonb := approval_done(p_organization, p); v voucher; t voucher_config_master;
BEGIN
    IF answer IS NULL THEN
        v := approval_voucher(p_organization, p, 'voucher.cancel', 'cancel', ARRAY['DRAFT', 'REJECTED']);
        SELECT * INTO t FROM voucher_config_master c WHERE c.organization_id = p_organization AND c.id = v.voucher_config_id;
        PERFORM require_within_limit(v, t, 'enter', voucher_amount(v, t));
        answer := approval_change(v, 'CANCELLED', 'cancelled', NULL, '{}', p);
    END IF;
    RETURN answer;
END $$;

-- Between saving and locking: limits, and whether the voucher may go on to be posted. Null when it may; else
-- {"outcome": needs_approval}, or {"outcome": pending} with what it waits for.
CREATE OR REPLACE FUNCTION erpdesk.posting_gate(p_organization uuid, p_voucher uuid, p_post boolean) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v voucher; t voucher_config_master; turn jsonb; needed jsonb; plain boolean; limited boolean;
BEGIN
    SELECT EXISTS (SELECT FROM user_limit l WHERE l.organization_id = p_organization AND l.user_name = session_user AND l.enter_limit IS NOT NULL),
           x.status = 'DRAFT' AND NOT c.requires_approval INTO limited, plain
    FROM voucher x JOIN voucher_config_master c ON c.organization_id = x.organization_id AND c.id = x.voucher_config_id
    WHERE x.organization_id = p_organization AND x.id = p_voucher;
    IF plain AND NOT limited THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.id = p_voucher;
    t := config_typed(v);
    IF v.status = 'DRAFT' AND limited THEN
        PERFORM require_within_limit(v, t, 'enter', voucher_amount(v, t));
    END IF;
    IF NOT p_post THEN
        RETURN NULL;
    ELSIF v.status = 'REJECTED' THEN
        PERFORM approval_rejected(v);
    ELSIF t.requires_approval AND v.status <> 'APPROVED'
          AND NOT (t.allow_direct_post AND may(p_organization, 'voucher.post_direct', t.code, v.branch_id)) THEN
        IF v.status = 'PENDING_APPROVAL' THEN
            turn := approval_turn_of(v);
            RETURN jsonb_build_object('outcome', 'pending', 'level', turn -> 'level', 'waits_for', turn -> 'waits_for', 'row_version', v.row_version);
        END IF;
        needed := approval_levels(v, t, voucher_amount(v, t));
        IF needed <> '[]' THEN
            RETURN jsonb_build_object('outcome', 'needs_approval', 'levels', needed);
        END IF;
    END IF;
    IF t.requires_approval AND NOT may(p_organization, 'voucher.post', t.code, v.branch_id) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not post vouchers of type %s here', session_user, t.label) || lacking(p_organization, 'voucher.post'));
    END IF;
    RETURN NULL;
END $$;

-- What session_user may post of this type: the highest amount, and how far from today the day may lie.
CREATE OR REPLACE FUNCTION erpdesk.posting_limits(v erpdesk.voucher, t erpdesk.voucher_config_master, p_day date, p_amount numeric) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE bounds record; today date;
BEGIN
    SELECT count(*) AS limits, least(t.back_date_days, min(l.back_date_days)) AS back, least(t.forward_date_days, min(l.forward_date_days)) AS ahead
    INTO bounds FROM user_limit l
    WHERE l.organization_id = v.organization_id AND l.user_name = session_user AND (l.voucher_type_code IS NULL OR l.voucher_type_code = t.code);
    IF bounds.limits > 0 THEN
        PERFORM require_within_limit(v, t, 'post', greatest(p_amount, voucher_amount(v, t)));
    END IF;
    IF bounds.back IS NOT NULL OR bounds.ahead IS NOT NULL THEN
        SELECT (now() AT TIME ZONE o.time_zone)::date INTO today FROM organization o WHERE o.id = v.organization_id;
        IF p_day < today - bounds.back THEN
            PERFORM refuse_request('invalid', 'PRD-006', format('%s is more than %s days back', p_day, bounds.back), 'date', 'journal');
        ELSIF p_day > today + bounds.ahead THEN
            PERFORM refuse_request('invalid', 'PRD-007', format('%s is more than %s days ahead', p_day, bounds.ahead), 'date', 'journal');
        END IF;
    END IF;
END $$;

-- Asked again by what writes the books, of stored rows: the poster's limits, and approval or the ground to do without.
CREATE OR REPLACE FUNCTION erpdesk.posting_permit(v erpdesk.voucher, t erpdesk.voucher_config_master, p_amount numeric) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE q approval_request; turn jsonb; amount numeric; needed jsonb;
BEGIN
    PERFORM posting_limits(v, t, v.voucher_on, p_amount);
    IF NOT t.requires_approval THEN
        RETURN;
    ELSIF v.status = 'APPROVED' THEN
        turn := approval_turn_of(v);
        SELECT * INTO q FROM approval_request r WHERE r.organization_id = v.organization_id AND r.voucher_id = v.id AND r.round = (turn ->> 'round')::integer;
        IF q.round IS NULL OR turn ? 'level' OR q.document_hash <> v.document_hash THEN
            PERFORM refuse_request('conflict', 'APR-008', 'The voucher is not what was approved: withdraw it and submit it again', 'voucher', 'journal');
        ELSIF p_amount > q.amount AND NOT approval_levels(v, t, p_amount) <@ q.levels THEN  -- goods have become dearer since
            PERFORM refuse_request('conflict', 'APR-008', format('The voucher was approved at %s and would be posted at %s: withdraw it and submit it again',
                q.amount, p_amount), 'voucher', 'journal');
        END IF;
        RETURN;
    END IF;
    amount := greatest(p_amount, voucher_amount(v, t));
    needed := approval_levels(v, t, amount);
    IF needed = '[]' THEN
        PERFORM approval_ask(v, 'not_needed', amount, needed, NULL);
    ELSIF t.allow_direct_post AND may(v.organization_id, 'voucher.post_direct', t.code, v.branch_id) THEN
        PERFORM approval_ask(v, 'direct', amount, needed, NULL);
    ELSE
        PERFORM refuse_request('invalid', 'APR-001', 'This voucher needs approval before it can be posted', '', 'journal');
    END IF;
END $$;

-- What waits for approval where session_user may look, the oldest request first; `bar` says why he can't decide it.
CREATE OR REPLACE FUNCTION erpdesk.approval_inbox(p_organization uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE v voucher; t voucher_config_master; turn jsonb; bar jsonb; highest numeric; found jsonb := '[]';
BEGIN
    PERFORM require_member(p_organization);
    FOR v IN SELECT x.* FROM voucher x WHERE x.organization_id = p_organization AND x.status = 'PENDING_APPROVAL'
             AND sees_branch(p_organization, x.branch_id) LOOP
        t := config_typed(v);
        turn := approval_turn_of(v);
        bar := approval_bar(v, t, turn);
        SELECT min(l.approve_limit) INTO highest FROM user_limit l WHERE l.organization_id = p_organization AND l.user_name = session_user
            AND (l.voucher_type_code IS NULL OR l.voucher_type_code = t.code);
        found := found || (
            SELECT jsonb_build_object('voucher_id', v.id, 'type', t.code, 'type_label', t.label, 'date', v.voucher_on, 'branch', b.code,
                'party', coalesce(p.code, ''), 'party_name', coalesce(p.name, ''), 'narration', coalesce(v.narration, ''), 'amount', q.amount,
                'round', turn -> 'round', 'level', turn -> 'level', 'levels', jsonb_array_length(q.levels), 'waits_for', turn -> 'waits_for',
                'requested_by', q.requested_by, 'requested_at', q.requested_at, 'comment', coalesce(q.comment, ''),
                'row_version', v.row_version, 'bar', CASE WHEN bar IS NOT NULL THEN bar ->> 'code' WHEN q.amount > highest THEN 'APR-004' ELSE '' END)
            FROM approval_request q
            JOIN branch b ON b.organization_id = v.organization_id AND b.id = v.branch_id
            LEFT JOIN party p ON p.organization_id = v.organization_id AND p.id = v.party_id
            WHERE q.organization_id = v.organization_id AND q.voucher_id = v.id AND q.round = (turn ->> 'round')::integer);
    END LOOP;
    RETURN (SELECT coalesce(jsonb_agg(x ORDER BY x ->> 'requested_at', x ->> 'voucher_id'), '[]') FROM jsonb_array_elements(found) x);
END $$;

-- Requests are as final as decisions, and neither is shown of a branch that the reader doesn't see.
REVOKE UPDATE ON erpdesk.approval, erpdesk.approval_request FROM erpdesk_engine;
DROP TRIGGER IF EXISTS books_never_change ON erpdesk.approval_request;
CREATE TRIGGER books_never_change BEFORE UPDATE OR DELETE ON erpdesk.approval_request
    FOR EACH ROW EXECUTE FUNCTION erpdesk.books_never_change();
DROP POLICY IF EXISTS branch ON erpdesk.approval_request;
CREATE POLICY branch ON erpdesk.approval_request AS RESTRICTIVE FOR SELECT
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor USING (
    NOT (SELECT erpdesk.limited_branches()) OR EXISTS (SELECT FROM erpdesk.voucher v
        WHERE v.organization_id = approval_request.organization_id AND v.id = approval_request.voucher_id));

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('voucher_amount', 'require_within_limit', 'approval_levels', 'approval_turn_of',
            'approval_makers', 'approval_bar', 'approval_voucher', 'approval_done', 'approval_change', 'approval_ask', 'approval_submit', 'approval_rejected',
            'approval_decide', 'approval_withdraw', 'voucher_cancel', 'posting_gate', 'posting_limits', 'posting_permit', 'approval_inbox')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.approval_decide(uuid, jsonb), erpdesk.approval_withdraw(uuid, jsonb), erpdesk.voucher_cancel(uuid, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
GRANT EXECUTE ON FUNCTION erpdesk.approval_inbox(uuid)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
