-- The baseline that a shipped type was last agreed upon with: kept by whoever may change the configuration of that
-- very organization, audited like it.

GRANT INSERT, UPDATE ON erpdesk.blueprint_baseline TO erpdesk_admin;

DO $$
DECLARE
    allowed constant text := $e$organization_id = ANY ((SELECT erpdesk.my_organizations_with('config.edit'))::uuid[])$e$;
    people constant text := 'erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor';
BEGIN
    DROP POLICY IF EXISTS may_insert ON erpdesk.blueprint_baseline;
    DROP POLICY IF EXISTS may_update ON erpdesk.blueprint_baseline;
    EXECUTE format('CREATE POLICY may_insert ON erpdesk.blueprint_baseline AS RESTRICTIVE FOR INSERT TO %s'
                   ' WITH CHECK (%s)', people, allowed);
    EXECUTE format('CREATE POLICY may_update ON erpdesk.blueprint_baseline AS RESTRICTIVE FOR UPDATE TO %s'
                   ' USING (%s) WITH CHECK (%s)', people, allowed, allowed);
END $$;

DROP TRIGGER IF EXISTS audit_inserted ON erpdesk.blueprint_baseline;
DROP TRIGGER IF EXISTS audit_updated ON erpdesk.blueprint_baseline;
DROP TRIGGER IF EXISTS audit_deleted ON erpdesk.blueprint_baseline;
CREATE TRIGGER audit_inserted AFTER INSERT ON erpdesk.blueprint_baseline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
CREATE TRIGGER audit_updated AFTER UPDATE ON erpdesk.blueprint_baseline
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
CREATE TRIGGER audit_deleted AFTER DELETE ON erpdesk.blueprint_baseline REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
