-- Reverse a voucher and keep a copy of it as a draft, both or neither. An attempt whose answer was lost, made again with the
-- same ids, finds both there.
CREATE OR REPLACE FUNCTION erpdesk.posting_correct(p_organization uuid, p_reversal jsonb, p_draft jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE reversal jsonb; v_version integer;
BEGIN
    reversal := posting_reverse(p_organization, p_reversal);
    SELECT x.row_version INTO v_version FROM voucher x
    WHERE x.organization_id = p_organization AND x.id = (p_draft -> 'voucher' ->> 'id')::uuid;
    IF v_version IS NULL THEN
        v_version := (posting_open(p_organization, p_draft || jsonb_build_object('post', false)) ->> 'row_version')::integer;
    END IF;
    RETURN jsonb_build_object('reversal', reversal, 'row_version', v_version);
END $$;
ALTER FUNCTION erpdesk.posting_correct(uuid, jsonb, jsonb) OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.posting_correct(uuid, jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.posting_correct(uuid, jsonb, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
