-- Overrides of the key path: everybody writes one's own; those of the site, of roles and of others take the
-- permission config.edit in that very organization. Changes are audited like those of configuration.

GRANT INSERT, UPDATE, DELETE ON erpdesk.key_path_override
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;

DO $$
DECLARE
    allowed constant text := $e$(scope = 'user' AND scope_value = session_user)
        OR organization_id = ANY ((SELECT erpdesk.my_organizations_with('config.edit'))::uuid[])$e$;
    people constant text := 'erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor';
BEGIN
    DROP POLICY IF EXISTS may_insert ON erpdesk.key_path_override;
    DROP POLICY IF EXISTS may_update ON erpdesk.key_path_override;
    DROP POLICY IF EXISTS may_delete ON erpdesk.key_path_override;
    EXECUTE format('CREATE POLICY may_insert ON erpdesk.key_path_override AS RESTRICTIVE FOR INSERT TO %s'
                   ' WITH CHECK (%s)', people, allowed);
    EXECUTE format('CREATE POLICY may_update ON erpdesk.key_path_override AS RESTRICTIVE FOR UPDATE TO %s'
                   ' USING (%s) WITH CHECK (%s)', people, allowed, allowed);
    EXECUTE format('CREATE POLICY may_delete ON erpdesk.key_path_override AS RESTRICTIVE FOR DELETE TO %s'
                   ' USING (%s)', people, allowed);
END $$;

DROP TRIGGER IF EXISTS audit_inserted ON erpdesk.key_path_override;
DROP TRIGGER IF EXISTS audit_updated ON erpdesk.key_path_override;
DROP TRIGGER IF EXISTS audit_deleted ON erpdesk.key_path_override;
CREATE TRIGGER audit_inserted AFTER INSERT ON erpdesk.key_path_override REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
CREATE TRIGGER audit_updated AFTER UPDATE ON erpdesk.key_path_override
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
CREATE TRIGGER audit_deleted AFTER DELETE ON erpdesk.key_path_override REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION erpdesk.audit_rows();
