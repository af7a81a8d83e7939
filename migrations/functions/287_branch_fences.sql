-- Who is limited to branches sees nothing of other branches' vouchers in the tables around them either: what they used,
-- kept and were numbered, how posting them went, the events and audit entries that tell of them. A further fence over
-- the member policy, as in the first file; for people without such a limit it is one question a statement.

DO $$
DECLARE
    t record;
    everybody constant text := 'erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor';
BEGIN
    FOR t IN SELECT * FROM (VALUES
        ('source_line', 'v.id = source_line.voucher_id', 'false'),
        ('reservation', 'v.id = reservation.voucher_id', 'false'),
        ('voucher_number', 'v.id = voucher_number.voucher_id', 'false'),
        ('loyalty_entry', 'v.id = loyalty_entry.voucher_id', 'false'),
        ('stock_deficit', 'v.id = stock_deficit.voucher_id', 'false'),
        ('deficit_settlement', 'v.id = deficit_settlement.voucher_id', 'false'),
        ('stock_layer', 'v.id = stock_layer.source_voucher_id', 'false'),
        ('idempotency_key', 'v.id = idempotency_key.object_id', 'false'),
        ('year_closing', 'v.id = year_closing.voucher_id', 'year_closing.voucher_id IS NULL'),
        ('posting_log', 'v.id = posting_log.voucher_id', 'posting_log.voucher_id IS NULL'),
        ('integration_event', 'v.id::text = integration_event.source_id', 'integration_event.source_type <> ''voucher'''),
        ('audit_entry', 'v.id::text = audit_entry.object_id', 'audit_entry.object_type <> ''voucher''')) AS x (name, same, free)
    LOOP
        EXECUTE format('DROP POLICY IF EXISTS branch ON erpdesk.%I', t.name);
        EXECUTE format($p$CREATE POLICY branch ON erpdesk.%I AS RESTRICTIVE FOR SELECT TO %s USING (
            NOT (SELECT erpdesk.limited_branches()) OR %s
            OR EXISTS (SELECT FROM erpdesk.voucher v WHERE v.organization_id = %I.organization_id AND %s))$p$,
            t.name, everybody, t.free, t.name, t.same);
    END LOOP;
END $$;
