-- Plans follow statistics, and a database that has just been made has none: its first hundreds of vouchers would be posted
-- by plans for empty tables until the server looks by itself. An import asks for a look when it has filled them.
CREATE OR REPLACE FUNCTION erpdesk.refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(my_organizations()) = 0 THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s is a member of no organization', session_user));
    END IF;
    ANALYZE voucher, voucher_line, voucher_charge, voucher_number, number_counter, journal, journal_line, open_item,
        settlement, party_balance, stock_movement, stock_layer, stock_balance, batch_balance, source_line, batch, idempotency_key,
        audit_entry, account, account_role, party, item, uom, warehouse, voucher_config_master, footer_charge_setup;
END $$;
REVOKE EXECUTE ON FUNCTION erpdesk.refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.refresh_statistics() TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
GRANT EXECUTE ON FUNCTION erpdesk.refuse_request(text, text, text, text, text, jsonb) TO erpdesk_owner;
