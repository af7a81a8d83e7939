-- What a plan that is only looked at depends on, and the names to show it with: read without locks, for members.

-- The same answer as posting_open's, for what `p_wanted` names, but nothing is written or locked.
CREATE OR REPLACE FUNCTION erpdesk.posting_state(p_organization uuid, p_wanted jsonb, p_day date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN posting_read(p_organization, p_wanted, p_day, false);
END $$;

-- Codes and names of rows by id, for showing a plan: [{"id", "code", "name"}].
CREATE OR REPLACE FUNCTION erpdesk.labels_of(p_organization uuid, p_ids uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    RETURN (SELECT jsonb_object_agg(x.id, jsonb_build_object('code', x.code, 'name', x.name)) FROM (
        SELECT id, code, name FROM account WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, name FROM party WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, name FROM item WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, name FROM warehouse WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, name FROM cost_centre WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, NULL FROM serial WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, NULL FROM bin_location WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT id, code, NULL FROM batch WHERE organization_id = p_organization AND id = ANY (p_ids)
        UNION ALL SELECT o.id, v.voucher_number, NULL FROM open_item o
            JOIN voucher v ON v.organization_id = o.organization_id AND v.id = o.voucher_id
            WHERE o.organization_id = p_organization AND o.id = ANY (p_ids)) x);
END $$;

ALTER FUNCTION erpdesk.posting_state(uuid, jsonb, date) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.labels_of(uuid, uuid[]) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_state(uuid, jsonb, date), erpdesk.labels_of(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.posting_state(uuid, jsonb, date), erpdesk.labels_of(uuid, uuid[])
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
