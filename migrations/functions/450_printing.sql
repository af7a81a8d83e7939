-- Printing. A copy is counted before it leaves: the log gives each one the next number, the first is the original. The
-- log is written by one function, for vouchers that are posted, and never changes. Templates are configuration.

DROP TRIGGER IF EXISTS books_never_emptied ON erpdesk.voucher_print;
CREATE TRIGGER books_never_emptied BEFORE TRUNCATE ON erpdesk.voucher_print
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.books_never_change();

-- Copies are numbered 1, 2, 3 … without a gap, of posted vouchers alone, whoever writes.
CREATE OR REPLACE FUNCTION erpdesk.prints_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM voucher v WHERE v.organization_id = NEW.organization_id AND v.id = NEW.voucher_id
                   AND v.status IN ('POSTED', 'REVERSED')) THEN
        PERFORM refuse('print_of_posted', 'Copies of a voucher are counted once it is posted');
    END IF;
    IF NEW.copy_number <> 1 + (SELECT count(*) FROM voucher_print p
                               WHERE p.organization_id = NEW.organization_id AND p.voucher_id = NEW.voucher_id) THEN
        PERFORM refuse('prints_follow', format('Copy %s doesn''t follow the one before', NEW.copy_number));
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS prints_follow ON erpdesk.voucher_print;
CREATE TRIGGER prints_follow BEFORE INSERT ON erpdesk.voucher_print
    FOR EACH ROW EXECUTE FUNCTION erpdesk.prints_follow();

-- Counts some copies of a posted voucher and gives the number of the first of them, all in the caller's transaction. Whoever
-- sees the voucher and may view reports or enter vouchers of its type there may print it.
CREATE OR REPLACE FUNCTION erpdesk.voucher_printed(p_organization uuid, p_voucher uuid, p_copies integer, p_context jsonb)
RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    v voucher;
    v_type text;
    v_first integer;
BEGIN
    PERFORM require_member(p_organization);
    IF p_copies IS NULL OR p_copies NOT BETWEEN 1 AND 99 THEN
        PERFORM refuse('print_copies', 'From 1 to 99 copies are printed at a time');
    END IF;
    SELECT * INTO v FROM voucher x WHERE x.organization_id = p_organization AND x.id = p_voucher FOR NO KEY UPDATE;
    SELECT t.code INTO v_type FROM voucher_config_master t WHERE t.organization_id = p_organization AND t.id = v.voucher_config_id;
    IF v.id IS NULL OR NOT sees_branch(p_organization, v.branch_id)
       OR NOT (may(p_organization, 'report.view', v_type, v.branch_id) OR may(p_organization, 'voucher.enter', v_type, v.branch_id)) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'you may not print this voucher';
    END IF;
    SELECT 1 + count(*) INTO v_first FROM voucher_print p WHERE p.organization_id = p_organization AND p.voucher_id = p_voucher;
    FOR n IN v_first .. v_first + p_copies - 1 LOOP
        INSERT INTO voucher_print (organization_id, id, voucher_id, copy_number)
        VALUES (p_organization, gen_random_uuid(), p_voucher, n);
    END LOOP;
    INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id, step, after, correlation_id, context)
    VALUES (p_organization, gen_random_uuid(), nextval('audit_sequence'), 'printed', 'voucher', p_voucher::text, 'completed',
        jsonb_build_object('voucher_number', v.voucher_number, 'first_copy', v_first, 'copies', p_copies), v.correlation_id,
        coalesce(p_context, '{}'));
    RETURN v_first;
END $$;

ALTER FUNCTION erpdesk.prints_follow() OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.voucher_printed(uuid, uuid, integer, jsonb) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.prints_follow(), erpdesk.voucher_printed(uuid, uuid, integer, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.voucher_printed(uuid, uuid, integer, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;

-- Templates are written by whoever may change the configuration of that very organization.
GRANT INSERT, UPDATE, DELETE ON erpdesk.print_template TO erpdesk_admin;
DO $$
DECLARE verb text;
BEGIN
    FOREACH verb IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS may_%s ON erpdesk.print_template', verb);
        EXECUTE format(
            'CREATE POLICY may_%s ON erpdesk.print_template AS RESTRICTIVE FOR %s TO erpdesk_clerk, erpdesk_approver,'
            ' erpdesk_accountant, erpdesk_admin, erpdesk_auditor %s'
            ' (organization_id = ANY ((SELECT erpdesk.my_organizations_with(''config.edit''))::uuid[]))',
            verb, upper(verb), CASE verb WHEN 'insert' THEN 'WITH CHECK' ELSE 'USING' END);
    END LOOP;
END $$;
DROP TRIGGER IF EXISTS audit_inserted ON erpdesk.print_template;
DROP TRIGGER IF EXISTS audit_updated ON erpdesk.print_template;
DROP TRIGGER IF EXISTS audit_deleted ON erpdesk.print_template;
CREATE TRIGGER audit_inserted AFTER INSERT ON erpdesk.print_template REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
CREATE TRIGGER audit_updated AFTER UPDATE ON erpdesk.print_template
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
CREATE TRIGGER audit_deleted AFTER DELETE ON erpdesk.print_template REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
