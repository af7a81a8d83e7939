-- Voucher numbers: how they print, who has a number typed by hand, what comes next in each series.

-- A number of a series as printed; one that outgrows its width takes the room it needs.
CREATE OR REPLACE FUNCTION erpdesk.number_printed(p_prefix text, p_number bigint, p_width integer, p_suffix text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT p_prefix || lpad(p_number::text, greatest(p_width, length(p_number::text)), '0') || p_suffix
$$;

-- The law of some countries bounds the length of a number.
CREATE OR REPLACE FUNCTION erpdesk.require_number_length(p_organization uuid, p_number text, p_field text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF length(p_number) <= 16 THEN
        RETURN;
    END IF;
    IF (SELECT o.country FROM organization o WHERE o.id = p_organization) = 'IN' THEN
        PERFORM refuse_request('invalid', 'NUM-003', format('Number %s is longer than the 16 characters that the law allows', p_number),
            p_field, 'journal', jsonb_build_object('length', length(p_number), 'limit', 16));
    END IF;
END $$;

-- Take the number typed on a voucher for it, or say whose it is. Another desk that is just taking the same one is waited
-- for. Drafts hold their numbers too; what doesn't apply any more (another number, year, type setting) is let go.
CREATE OR REPLACE FUNCTION erpdesk.claim_number(v erpdesk.voucher, p_step text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE t voucher_config_master; y fiscal_year; holder voucher; v_key text := nullif(key_of(v.voucher_number), '');
BEGIN
    t := config_typed(v);
    SELECT * INTO y FROM fiscal_year f WHERE f.organization_id = v.organization_id AND v.voucher_on BETWEEN f.starts_on AND f.ends_on;
    IF t.numbering_method <> 'manual' OR NOT t.prevent_duplicate_voucher_no OR v_key IS NULL OR y.id IS NULL THEN
        DELETE FROM number_claim c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id;
        RETURN;
    END IF;
    DELETE FROM number_claim c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id
        AND (c.fiscal_year_id, c.number_key) <> (y.id, v_key);
    FOR again IN 1..2 LOOP
        SELECT * INTO holder FROM voucher x
        WHERE x.organization_id = v.organization_id AND x.voucher_number_key = v_key AND x.voucher_config_id = v.voucher_config_id
          AND x.id <> v.id AND x.status <> 'CANCELLED' AND x.voucher_on BETWEEN y.starts_on AND y.ends_on LIMIT 1;
        EXIT WHEN FOUND;
        INSERT INTO number_claim (organization_id, voucher_config_id, fiscal_year_id, number_key, voucher_id)
        VALUES (v.organization_id, v.voucher_config_id, y.id, v_key, v.id)
        ON CONFLICT (organization_id, voucher_config_id, fiscal_year_id, number_key) DO NOTHING;
        IF FOUND OR EXISTS (SELECT FROM number_claim c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id) THEN
            RETURN;
        END IF;
    END LOOP;
    PERFORM refuse_request('invalid', 'NUM-001', format('Number %s belongs to another %s, of %s, %s by %s', btrim(v.voucher_number), t.label,
            holder.voucher_on, CASE WHEN holder.posted_at IS NULL THEN 'saved' ELSE 'posted' END, coalesce(holder.posted_by, holder.changed_by)),
        'voucher_number', p_step, jsonb_build_object('voucher_id', holder.id, 'voucher_number', holder.voucher_number,
            'status', holder.status, 'date', holder.voucher_on));
END $$;

-- A cancelled draft lets its number go.
CREATE OR REPLACE FUNCTION erpdesk.number_is_let_go() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM number_claim c WHERE c.organization_id = NEW.organization_id AND c.voucher_id = NEW.id;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS number_is_let_go ON erpdesk.voucher;
CREATE TRIGGER number_is_let_go AFTER UPDATE OF status ON erpdesk.voucher
    FOR EACH ROW WHEN (NEW.status = 'CANCELLED') EXECUTE FUNCTION erpdesk.number_is_let_go();

-- The series of a type that may be used on a day in a branch (by code; null: the first one), each with the number it would
-- print next; a type numbered by hand has none. Nothing is taken.
CREATE OR REPLACE FUNCTION erpdesk.next_numbers(p_organization uuid, p_type text, p_branch_key text, p_day date)
RETURNS TABLE (series text, label text, branch text, next_number text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE t voucher_config_master; b record; s record; r record; last bigint;
BEGIN
    PERFORM require_member(p_organization);
    SELECT * INTO t FROM voucher_config_master c WHERE c.organization_id = p_organization AND c.code = p_type;
    IF NOT FOUND THEN
        PERFORM refuse_request('invalid', 'VCH-017', format('There is no voucher type %s', left(p_type, 60)), 'type');
    END IF;
    SELECT x.id, x.code INTO b FROM branch x
    WHERE x.organization_id = p_organization AND x.is_active AND (p_branch_key IS NULL OR x.code_key = p_branch_key)
    ORDER BY x.created_at, x.code_key LIMIT 1;
    IF NOT FOUND THEN
        PERFORM refuse_request('invalid', 'VCH-018', format('There is no active branch %s', left(p_branch_key, 60)), 'branch');
    ELSIF NOT EXISTS (SELECT FROM fiscal_year f WHERE f.organization_id = p_organization AND p_day BETWEEN f.starts_on AND f.ends_on) THEN
        PERFORM refuse_request('invalid', 'PRD-001', format('No fiscal year holds %s', p_day), 'date', 'journal');
    ELSIF t.numbering_method = 'manual' THEN
        RETURN;
    END IF;
    FOR s IN SELECT n.code, max(n.label) FILTER (WHERE n.label <> '') AS label FROM number_series n
             WHERE n.organization_id = p_organization AND n.voucher_config_id = t.id AND n.is_active
               AND (n.branch_id IS NULL OR n.branch_id = b.id) AND (n.valid_from IS NULL OR n.valid_from <= p_day)
             GROUP BY n.code ORDER BY n.code <> 'MAIN', n.code LOOP
        SELECT * INTO r FROM series_of(p_organization, t.id, s.code, b.id, p_day);
        SELECT c.last_number INTO last FROM number_counter c
        WHERE c.organization_id = p_organization AND c.voucher_config_id = t.id AND c.series_code = r.series_code
          AND c.branch_id = r.branch_key AND c.restart_key = r.restart_key;
        RETURN QUERY SELECT s.code, coalesce(s.label, ''), b.code,
            number_printed(r.prefix, coalesce(last + 1, r.first_number), r.width, r.suffix);
    END LOOP;
END $$;

REVOKE ALL ON erpdesk.number_claim FROM erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
GRANT DELETE ON erpdesk.number_claim TO erpdesk_engine;
REVOKE UPDATE ON erpdesk.number_claim FROM erpdesk_engine;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('number_printed', 'require_number_length', 'claim_number', 'number_is_let_go', 'next_numbers')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.next_numbers(uuid, text, text, date)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
