-- A version of a blueprint is written by whoever may change the configuration of that very organization: being
-- administrator of another one is not enough.

DROP POLICY IF EXISTS may_insert ON erpdesk.blueprint_version;
CREATE POLICY may_insert ON erpdesk.blueprint_version AS RESTRICTIVE FOR INSERT
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor
    WITH CHECK (organization_id = ANY ((SELECT erpdesk.my_organizations_with('config.edit'))::uuid[]));
