-- The invariants that the database keeps whoever writes: each refusal names its constraint, and errors are
-- mapped from those names. Functions run as the owner of the posting functions, because constraint triggers
-- fire at COMMIT, outside of any SECURITY DEFINER function.

CREATE OR REPLACE FUNCTION erpdesk.refuse(p_constraint text, p_message text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = p_message, CONSTRAINT = p_constraint, SCHEMA = 'erpdesk';
END $$;

-- I3: rows of the books are written once.
CREATE OR REPLACE FUNCTION erpdesk.books_never_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM refuse('i3_books_never_change', format('%s of %s is refused: the books are written once', TG_OP, TG_TABLE_NAME));
    RETURN NULL;
END $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['journal', 'journal_line', 'stock_movement', 'audit_entry', 'audit_seal',
        'posting_log', 'voucher_number', 'source_use', 'blueprint_version', 'loyalty_entry', 'voucher_print', 'approval'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS books_never_change ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER books_never_change BEFORE UPDATE OR DELETE ON erpdesk.%I '
                       'FOR EACH ROW EXECUTE FUNCTION erpdesk.books_never_change()', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['journal', 'journal_line', 'stock_movement', 'audit_entry', 'audit_seal', 'posting_log',
        'voucher_number', 'voucher', 'voucher_line', 'voucher_charge', 'voucher_allocation', 'stock_layer',
        'stock_balance', 'open_item', 'settlement', 'idempotency_key', 'number_counter', 'blueprint_version'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS books_never_emptied ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER books_never_emptied BEFORE TRUNCATE ON erpdesk.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.books_never_change()', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['stock_layer', 'stock_balance', 'open_item', 'settlement', 'idempotency_key',
        'number_counter', 'voucher', 'source_line'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS books_never_deleted ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER books_never_deleted BEFORE DELETE ON erpdesk.%I '
                       'FOR EACH ROW EXECUTE FUNCTION erpdesk.books_never_change()', t);
    END LOOP;
END $$;

-- I3 and the status machine: a posted voucher only ever gets its reversal link, with its status, once.
CREATE OR REPLACE FUNCTION erpdesk.voucher_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'DRAFT' THEN
            PERFORM refuse('voucher_begins_as_draft', 'A voucher begins as a draft');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.organization_id <> OLD.organization_id OR NEW.id <> OLD.id
       OR NEW.reversal_of_id IS DISTINCT FROM OLD.reversal_of_id THEN
        PERFORM refuse('voucher_identity', 'A voucher keeps its identity');
    END IF;
    IF NEW.status <> OLD.status AND NOT EXISTS (
        SELECT FROM status_transition t WHERE t.from_status = OLD.status AND t.to_status = NEW.status) THEN
        PERFORM refuse('voucher_status_transition', format('A voucher can''t go from %s to %s', OLD.status, NEW.status));
    END IF;
    IF OLD.status IN ('POSTED', 'REVERSED', 'CANCELLED') THEN
        IF NOT (OLD.status = 'POSTED' AND NEW.status = 'REVERSED' AND OLD.reversed_by_id IS NULL
                AND NEW.reversed_by_id IS NOT NULL
                AND to_jsonb(OLD) - ARRAY['status', 'reversed_by_id', 'row_version']
                  = to_jsonb(NEW) - ARRAY['status', 'reversed_by_id', 'row_version']) THEN
            PERFORM refuse('i3_posted_voucher', format('Voucher %s is %s and can''t be changed', OLD.voucher_number, OLD.status));
        END IF;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS voucher_changes ON erpdesk.voucher;
CREATE TRIGGER voucher_changes BEFORE INSERT OR UPDATE ON erpdesk.voucher
    FOR EACH ROW EXECUTE FUNCTION erpdesk.voucher_changes();

-- I3: the parts of a posted voucher are as final as itself.
CREATE OR REPLACE FUNCTION erpdesk.voucher_parts_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM touched p JOIN voucher v ON v.organization_id = p.organization_id AND v.id = p.voucher_id
               WHERE v.status IN ('POSTED', 'REVERSED', 'CANCELLED')) THEN
        PERFORM refuse('i3_posted_voucher', format('%s of %s is refused: the voucher is posted', TG_OP, TG_TABLE_NAME));
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['voucher_line', 'voucher_line_detail', 'voucher_charge', 'voucher_allocation', 'voucher_link'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS parts_inserted ON erpdesk.%I', t);
        EXECUTE format('DROP TRIGGER IF EXISTS parts_updated ON erpdesk.%I', t);
        EXECUTE format('DROP TRIGGER IF EXISTS parts_deleted ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER parts_inserted AFTER INSERT ON erpdesk.%I REFERENCING NEW TABLE AS touched '
                       'FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.voucher_parts_change()', t);
        EXECUTE format('CREATE TRIGGER parts_updated AFTER UPDATE ON erpdesk.%I REFERENCING OLD TABLE AS touched '
                       'FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.voucher_parts_change()', t);
        EXECUTE format('CREATE TRIGGER parts_deleted AFTER DELETE ON erpdesk.%I REFERENCING OLD TABLE AS touched '
                       'FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.voucher_parts_change()', t);
    END LOOP;
END $$;

-- I8: is this day open for this organization? Raises the refusal, returns the period.
CREATE OR REPLACE FUNCTION erpdesk.open_period(p_organization uuid, p_day date) RETURNS erpdesk.accounting_period
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    s record; p accounting_period;
BEGIN
    SELECT * INTO p FROM accounting_period a
    WHERE a.organization_id = p_organization AND p_day BETWEEN a.starts_on AND a.ends_on;
    IF NOT FOUND THEN
        PERFORM refuse('i8_no_year', format('No fiscal year holds %s', p_day));
    END IF;
    SELECT o.code, o.is_locked, o.audit_locked_until, y.code AS year, y.is_closed INTO s
    FROM organization o JOIN fiscal_year y ON y.organization_id = o.id AND y.id = p.fiscal_year_id WHERE o.id = p_organization;
    IF s.is_locked THEN
        PERFORM refuse('i8_organization_locked', format('Organization %s is locked', s.code));
    ELSIF coalesce(p.state = 'open' AND p_day > coalesce(s.audit_locked_until, '-infinity') AND NOT s.is_closed, false) THEN
        RETURN p;
    ELSIF NOT s.is_closed AND is_closing_day(p_organization, p.fiscal_year_id, p_day) THEN
        RETURN p;
    ELSIF s.is_closed THEN
        PERFORM refuse('i8_year_closed', format('Fiscal year %s is closed', s.year));
    ELSIF p.state <> 'open' THEN
        PERFORM refuse('i8_period_locked', format('The period %s to %s is %s', p.starts_on, p.ends_on, p.state));
    ELSIF p_day <= s.audit_locked_until THEN
        PERFORM refuse('i8_audit_lock', format('Everything up to %s is locked for audit', s.audit_locked_until));
    END IF;
    RETURN p;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.journal_is_dated_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE p accounting_period;
BEGIN
    p := open_period(NEW.organization_id, NEW.posted_on);
    IF p.id <> NEW.period_id OR p.fiscal_year_id <> NEW.fiscal_year_id THEN
        PERFORM refuse('i8_period_of_day', 'A journal belongs to the period of its day');
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS dated_open ON erpdesk.journal;
CREATE TRIGGER dated_open BEFORE INSERT ON erpdesk.journal
    FOR EACH ROW EXECUTE FUNCTION erpdesk.journal_is_dated_open();

CREATE OR REPLACE FUNCTION erpdesk.movements_are_dated_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE d record; p accounting_period;
BEGIN
    -- A journal of the same day, written in this transaction, was asked already.
    FOR d IN SELECT DISTINCT n.organization_id, n.moved_on, n.fiscal_year_id FROM new_rows n
             LEFT JOIN journal j ON j.organization_id = n.organization_id AND j.id = n.journal_id AND j.transaction_id = txid_current()
                 AND j.posted_on = n.moved_on AND j.fiscal_year_id = n.fiscal_year_id
             WHERE j.id IS NULL LOOP
        p := open_period(d.organization_id, d.moved_on);
        IF p.fiscal_year_id <> d.fiscal_year_id THEN
            PERFORM refuse('i8_period_of_day', 'A movement belongs to the fiscal year of its day');
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS dated_open ON erpdesk.stock_movement;
CREATE TRIGGER dated_open AFTER INSERT ON erpdesk.stock_movement REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.movements_are_dated_open();

-- I1, first half: lines only join a journal of their own transaction, dated as it is.
CREATE OR REPLACE FUNCTION erpdesk.lines_join_their_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n LEFT JOIN journal j ON j.organization_id = n.organization_id AND j.id = n.journal_id
               WHERE j.transaction_id IS DISTINCT FROM txid_current() OR j.posted_on <> n.posted_on
                  OR j.posting_sequence <> n.posting_sequence) THEN
        PERFORM refuse('i1_line_of_another_journal', 'A journal line can''t join a journal that is already posted');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS lines_join_their_journal ON erpdesk.journal_line;
CREATE TRIGGER lines_join_their_journal AFTER INSERT ON erpdesk.journal_line REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.lines_join_their_journal();

-- I1 and I2 at commit: the journal balances, to the currency's decimals, and belongs to a posted voucher.
CREATE OR REPLACE FUNCTION erpdesk.journal_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE s record; d integer;
BEGIN
    SELECT currency_decimals INTO d FROM organization WHERE id = NEW.organization_id;
    SELECT count(*) AS lines, sum(debit) AS debit, sum(credit) AS credit,
           bool_and(debit = round(debit, d) AND credit = round(credit, d)) AS exact INTO s
    FROM journal_line WHERE organization_id = NEW.organization_id AND journal_id = NEW.id;
    IF s.lines < 2 OR s.debit IS DISTINCT FROM s.credit THEN
        PERFORM refuse('i1_journal_balances', format('The journal does not balance: debit %s, credit %s', s.debit, s.credit));
    ELSIF NOT s.exact THEN
        PERFORM refuse('i1_journal_decimals', format('A journal line has more than %s decimals', d));
    END IF;
    IF NOT EXISTS (SELECT FROM voucher v WHERE v.organization_id = NEW.organization_id AND v.id = NEW.voucher_id
                   AND v.status IN ('POSTED', 'REVERSED') AND v.voucher_on = NEW.posted_on) THEN
        PERFORM refuse('i2_journal_of_posted_voucher', 'A journal belongs to a posted voucher of the same date');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS journal_balances ON erpdesk.journal;
CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON erpdesk.journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION erpdesk.journal_balances();

-- I2, I3 at commit: a reversal is dated no earlier than what it reverses, and undoes all of it, line for line.
CREATE OR REPLACE FUNCTION erpdesk.reversal_mirrors(r erpdesk.voucher) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM voucher v WHERE v.organization_id = r.organization_id AND v.id = r.reversal_of_id
                   AND v.reversed_by_id = r.id AND v.voucher_config_id = r.voucher_config_id AND v.voucher_on <= r.voucher_on) THEN
        PERFORM refuse('i3_reversal_is_linked', 'A reversal names the voucher that names it');
    ELSIF EXISTS (SELECT FROM journal j JOIN journal_line l ON l.organization_id = j.organization_id AND l.journal_id = j.id
            WHERE j.organization_id = r.organization_id AND j.voucher_id IN (r.id, r.reversal_of_id)
            GROUP BY l.account_id, l.party_id, l.cost_centre_id, l.role HAVING sum(l.debit - l.credit) <> 0)
       OR EXISTS (SELECT FROM (SELECT * FROM stock_movement WHERE organization_id = r.organization_id AND voucher_id = r.reversal_of_id) m
            FULL JOIN (SELECT * FROM stock_movement WHERE organization_id = r.organization_id AND voucher_id = r.id) w ON w.reverses_id = m.id
            WHERE m.id IS NULL OR w.id IS NULL OR (w.quantity, w.value, w.item_id, w.warehouse_id) <> (-m.quantity, -m.value, m.item_id, m.warehouse_id)
               OR w.layer_id IS DISTINCT FROM m.layer_id OR w.batch_id IS DISTINCT FROM m.batch_id
               OR w.bin_id IS DISTINCT FROM m.bin_id OR w.serial_id IS DISTINCT FROM m.serial_id OR w.account_id IS DISTINCT FROM m.account_id) THEN
        PERFORM refuse('i3_reversal_mirrors', 'A reversal undoes its voucher exactly');
    END IF;
END $$;

-- I2, I4, I10 at commit: a posted voucher has its journal, its movements and its number; every change of
-- status has its audit entry in the same transaction.
CREATE OR REPLACE FUNCTION erpdesk.voucher_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE c record;
BEGIN
    IF NOT EXISTS (SELECT FROM audit_entry a WHERE a.organization_id = NEW.organization_id
                   AND a.transaction_id = txid_current()
                   AND a.object_type = 'voucher' AND a.object_id = NEW.id::text) THEN
        PERFORM refuse('i10_audited', 'A voucher can''t change its status without an audit entry');
    END IF;
    IF NEW.status = 'REVERSED' THEN
        IF NOT EXISTS (SELECT FROM voucher r WHERE r.organization_id = NEW.organization_id
            AND r.id = NEW.reversed_by_id AND r.reversal_of_id = NEW.id AND r.status = 'POSTED') THEN
            PERFORM refuse('i3_reversal_is_linked', 'A reversed voucher names its reversal, and the reversal names it');
        END IF;
    END IF;
    IF NEW.status <> 'POSTED' THEN
        RETURN NULL;
    END IF;
    IF NEW.reversal_of_id IS NOT NULL THEN
        PERFORM reversal_mirrors(NEW);
    END IF;
    c := config_typed(NEW);
    -- Nothing is journalled of nothing: where a role takes what the goods are worth, of goods that are worth less than a cent.
    IF NEW.reversal_of_id IS NULL AND c.affects_gl AND c.stock_direction NOT IN ('transfer', 'journal') AND NOT c.counts_stock
       AND NOT (coalesce(NEW.cost, 0) = 0 AND (NEW.total = 0 OR (c.affects_inventory AND c.header_counterpart = 'role'))) THEN
        IF NOT EXISTS (SELECT FROM journal j WHERE j.organization_id = NEW.organization_id AND j.voucher_id = NEW.id) THEN
            PERFORM refuse('i2_voucher_has_journal', 'A posted accounting voucher has a journal');
        END IF;
    END IF;
    IF NEW.reversal_of_id IS NULL AND c.affects_inventory AND NOT c.capitalises AND NOT c.counts_stock THEN
        IF NOT EXISTS (SELECT FROM stock_movement m WHERE m.organization_id = NEW.organization_id AND m.voucher_id = NEW.id) THEN
            IF EXISTS (SELECT FROM voucher_line l JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id
                       WHERE l.organization_id = NEW.organization_id AND l.voucher_id = NEW.id AND i.is_stocked AND l.against_voucher_id IS NULL)
               OR NOT EXISTS (SELECT FROM voucher_line l WHERE l.organization_id = NEW.organization_id AND l.voucher_id = NEW.id) THEN
                PERFORM refuse('i2_voucher_has_movements', 'A posted stock voucher has stock movements');
            END IF;
        END IF;
    END IF;
    IF c.numbering_method = 'auto' THEN
        IF NOT EXISTS (SELECT FROM voucher_number n WHERE n.organization_id = NEW.organization_id AND n.voucher_id = NEW.id) THEN
            PERFORM refuse('i4_voucher_has_number', 'A posted voucher has a number of its series');
        END IF;
    END IF;
    IF NOT EXISTS (SELECT FROM fiscal_year y WHERE y.organization_id = NEW.organization_id
        AND y.id = NEW.fiscal_year_id AND NEW.voucher_on BETWEEN y.starts_on AND y.ends_on) THEN
        PERFORM refuse('i8_no_year', 'A posted voucher belongs to the fiscal year of its date');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS voucher_is_whole ON erpdesk.voucher;
DROP TRIGGER IF EXISTS voucher_is_audited ON erpdesk.voucher;
CREATE CONSTRAINT TRIGGER voucher_is_whole AFTER UPDATE OF status ON erpdesk.voucher
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION erpdesk.voucher_is_whole();
CREATE CONSTRAINT TRIGGER voucher_is_audited AFTER INSERT ON erpdesk.voucher
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION erpdesk.voucher_is_whole();

-- I4: a number follows its predecessor, and a counter goes up by one.
CREATE OR REPLACE FUNCTION erpdesk.numbers_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM number_counter c
        WHERE (c.organization_id, c.voucher_config_id, c.series_code, c.branch_id, c.restart_key, c.last_number)
            = (NEW.organization_id, NEW.voucher_config_id, NEW.series_code, NEW.branch_id, NEW.restart_key, NEW.number)) THEN
        PERFORM refuse('i4_numbers_follow', format('Number %s is not what its counter says', NEW.number));
    ELSIF NEW.number > 1 AND NOT EXISTS (SELECT FROM voucher_number n
        WHERE (n.organization_id, n.voucher_config_id, n.series_code, n.branch_id, n.restart_key, n.number)
            = (NEW.organization_id, NEW.voucher_config_id, NEW.series_code, NEW.branch_id, NEW.restart_key, NEW.number - 1)) THEN
        -- The first of a series may begin anywhere. ORDER BY: by key, never through the numbers of other series.
        PERFORM FROM voucher_number n
        WHERE (n.organization_id, n.voucher_config_id, n.series_code, n.branch_id, n.restart_key)
            = (NEW.organization_id, NEW.voucher_config_id, NEW.series_code, NEW.branch_id, NEW.restart_key)
        ORDER BY n.number LIMIT 1;
        IF FOUND THEN
            PERFORM refuse('i4_numbers_follow', format('Number %s does not follow its predecessor', NEW.number));
        END IF;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS numbers_follow ON erpdesk.voucher_number;
CREATE TRIGGER numbers_follow BEFORE INSERT ON erpdesk.voucher_number
    FOR EACH ROW EXECUTE FUNCTION erpdesk.numbers_follow();

CREATE OR REPLACE FUNCTION erpdesk.counter_counts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF to_jsonb(OLD) - 'last_number' <> to_jsonb(NEW) - 'last_number' OR NEW.last_number <> OLD.last_number + 1 THEN
        PERFORM refuse('i4_counter_counts', 'A number counter goes up by one');
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS counter_counts ON erpdesk.number_counter;
CREATE TRIGGER counter_counts BEFORE UPDATE ON erpdesk.number_counter
    FOR EACH ROW EXECUTE FUNCTION erpdesk.counter_counts();

-- I7: a key keeps its content and object for ever; its result is written once.
CREATE OR REPLACE FUNCTION erpdesk.key_keeps_its_content() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF to_jsonb(OLD) - 'result' <> to_jsonb(NEW) - 'result' OR OLD.result IS NOT NULL THEN
        PERFORM refuse('i7_key_keeps_its_content', 'An idempotency key keeps its content and its first result');
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS key_keeps_its_content ON erpdesk.idempotency_key;
CREATE TRIGGER key_keeps_its_content BEFORE UPDATE ON erpdesk.idempotency_key
    FOR EACH ROW EXECUTE FUNCTION erpdesk.key_keeps_its_content();

-- I10: every change of a master, a blueprint row, a right or a lock is audited by the database itself.
CREATE OR REPLACE FUNCTION erpdesk.audit_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, after)
        SELECT coalesce((to_jsonb(n) ->> 'organization_id')::uuid, (to_jsonb(n) ->> 'id')::uuid), gen_random_uuid(),
               nextval('audit_sequence'), 'created', TG_TABLE_NAME, coalesce(to_jsonb(n) ->> 'id', to_jsonb(n)::text), to_jsonb(n)
        FROM new_rows n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, before)
        SELECT (to_jsonb(o) ->> 'organization_id')::uuid, gen_random_uuid(),
               nextval('audit_sequence'), 'deleted', TG_TABLE_NAME, coalesce(to_jsonb(o) ->> 'id', to_jsonb(o)::text), to_jsonb(o)
        FROM old_rows o;
    ELSE
        INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, before, after)
        SELECT coalesce((n.row ->> 'organization_id')::uuid, (n.row ->> 'id')::uuid), gen_random_uuid(),
               nextval('audit_sequence'), 'changed', TG_TABLE_NAME, coalesce(n.row ->> 'id', n.row::text), o.row, n.row
        FROM (SELECT to_jsonb(x) AS row, row_number() OVER () AS i FROM new_rows x) n
        JOIN (SELECT to_jsonb(x) AS row, row_number() OVER () AS i FROM old_rows x) o USING (i)
        WHERE o.row <> n.row;
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['organization', 'branch', 'fiscal_year', 'accounting_period', 'organization_member',
        'user_limit', 'account', 'account_role', 'party', 'cost_centre', 'currency', 'currency_rate', 'tax_class', 'uom', 'item_group',
        'item', 'item_uom', 'warehouse', 'bin_location', 'price_list', 'price_list_rate', 'journal_type', 'voucher_config_master',
        'inventory_line_config', 'footer_charge_setup', 'voucher_udf_config', 'field_rule', 'number_series',
        'approval_rule'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS audit_inserted ON erpdesk.%I', t);
        EXECUTE format('DROP TRIGGER IF EXISTS audit_updated ON erpdesk.%I', t);
        EXECUTE format('DROP TRIGGER IF EXISTS audit_deleted ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER audit_inserted AFTER INSERT ON erpdesk.%I REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows()', t);
        EXECUTE format('CREATE TRIGGER audit_updated AFTER UPDATE ON erpdesk.%I '
                       'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows()', t);
        EXECUTE format('CREATE TRIGGER audit_deleted AFTER DELETE ON erpdesk.%I REFERENCING OLD TABLE AS old_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows()', t);
    END LOOP;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'erpdesk' AND p.proname IN ('refuse', 'books_never_change', 'voucher_changes',
            'voucher_parts_change', 'open_period', 'journal_is_dated_open', 'movements_are_dated_open',
            'lines_join_their_journal', 'journal_balances', 'reversal_mirrors', 'voucher_is_whole', 'numbers_follow', 'counter_counts',
            'key_keeps_its_content', 'audit_rows')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
