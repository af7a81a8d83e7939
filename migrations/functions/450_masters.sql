-- A master that anything refers to can't be deleted, whoever tries: it is made inactive. What is inactive can't be
-- used in vouchers any more. Both are refused with words that say what is the matter.

-- Who refers to a master, in words, or nobody. Every foreign key to its table is looked through; what refers by code
-- (currencies) or in an array (the branches that people are limited to) is named here.
CREATE OR REPLACE FUNCTION erpdesk.master_users(p_organization uuid, p_table text, p_id text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    k record;
    is_used boolean;
    users text[] := '{}';
BEGIN
    IF session_user NOT IN ('erpdesk_owner', 'erpdesk_worker') AND NOT p_organization = ANY (my_organizations()) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('%s is not a member of this organization', session_user);
    END IF;
    IF p_table = 'currency' THEN
        RETURN array_remove(ARRAY[
            CASE WHEN EXISTS (SELECT FROM organization o WHERE o.id = p_organization AND o.base_currency = p_id) THEN 'the books' END,
            CASE WHEN EXISTS (SELECT FROM currency_rate r WHERE r.organization_id = p_organization AND r.code = p_id) THEN 'exchange rates' END,
            CASE WHEN EXISTS (SELECT FROM price_list l WHERE l.organization_id = p_organization AND l.currency_code = p_id) THEN 'price lists' END,
            CASE WHEN EXISTS (SELECT FROM voucher v WHERE v.organization_id = p_organization AND v.currency_code = p_id) THEN 'vouchers' END], NULL);
    END IF;
    FOR k IN
        SELECT DISTINCT child.relname AS child, a.attname AS referring,
               CASE WHEN child.relname = p_table THEN 'others under it'
                    WHEN child.relname = 'account_role' THEN 'a role in the books'
                    WHEN child.relname = 'party' THEN 'parties' WHEN child.relname = 'item' THEN 'items'
                    WHEN child.relname = 'item_group' THEN 'item groups' WHEN child.relname = 'item_uom' THEN 'units of items'
                    WHEN child.relname = 'warehouse' THEN 'warehouses' WHEN child.relname = 'bin_location' THEN 'bins'
                    WHEN child.relname = 'batch' THEN 'batches' WHEN child.relname = 'serial' THEN 'serial numbers'
                    WHEN child.relname = 'price_list_rate' THEN 'price lists'
                    WHEN child.relname IN ('voucher_config_master', 'inventory_line_config', 'footer_charge_setup',
                        'number_series') THEN 'voucher types'
                    WHEN child.relname = 'approval_rule' THEN 'approval rules'
                    ELSE 'vouchers' END AS word
        FROM pg_constraint c
        JOIN pg_class child ON child.oid = c.conrelid
        JOIN pg_class parent ON parent.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
        WHERE c.contype = 'f' AND parent.relnamespace = 'erpdesk'::regnamespace AND parent.relname = p_table
          AND cardinality(c.conkey) = 2
        ORDER BY 3, 1, 2
    LOOP
        CONTINUE WHEN k.word = ANY (users);
        EXECUTE format('SELECT EXISTS (SELECT FROM erpdesk.%I x WHERE x.organization_id = $1 AND x.%I = $2)', k.child, k.referring)
        INTO is_used USING p_organization, p_id::uuid;
        IF is_used THEN
            users := users || k.word;
        END IF;
    END LOOP;
    IF p_table = 'branch' AND EXISTS (SELECT FROM organization_member m
        WHERE m.organization_id = p_organization AND p_id::uuid = ANY (m.branch_ids)) THEN
        users := users || 'rights of users'::text;
    END IF;
    RETURN users;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.master_is_unused() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    users text[] := master_users(OLD.organization_id, TG_TABLE_NAME, coalesce(old_row ->> 'id', old_row ->> 'code'));
BEGIN
    IF cardinality(users) > 0 THEN
        PERFORM refuse('master_in_use', format('%s is used by %s; make it inactive instead', old_row ->> 'code',
                                               array_to_string(users, ', ')));
    END IF;
    RETURN OLD;
END $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['account', 'party', 'cost_centre', 'currency', 'tax_class', 'uom', 'item_group', 'item',
        'warehouse', 'bin_location', 'batch', 'price_list', 'branch'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS master_is_unused ON erpdesk.%I', t);
        EXECUTE format('CREATE TRIGGER master_is_unused BEFORE DELETE ON erpdesk.%I '
                       'FOR EACH ROW EXECUTE FUNCTION erpdesk.master_is_unused()', t);
    END LOOP;
END $$;

-- What a voucher names is active when it is posted; a reversal undoes what was named while it was, and closing a year
-- empties accounts that nobody uses any more.
CREATE OR REPLACE FUNCTION erpdesk.masters_are_active() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE bad_kind text; bad_code text; at_length boolean;
BEGIN
    -- Most vouchers name few kinds of masters, all of them active: which one isn't is only asked where that may be so.
    SELECT coalesce(bool_or(num_nonnulls(l.to_warehouse_id, l.bin_id, l.to_bin_id, l.batch_id, l.cost_centre_id) > 0
               OR i.is_active IS FALSE OR u.is_active IS FALSE OR w.is_active IS FALSE OR p.is_active IS FALSE OR a.is_active IS FALSE), false)
           OR EXISTS (SELECT FROM branch b
                      LEFT JOIN party hp ON hp.organization_id = b.organization_id AND hp.id = NEW.party_id
                      LEFT JOIN account ha ON ha.organization_id = b.organization_id AND ha.id = NEW.account_id
                      LEFT JOIN warehouse hw ON hw.organization_id = b.organization_id AND hw.id IN (NEW.warehouse_id, NEW.to_warehouse_id)
                      WHERE b.organization_id = NEW.organization_id AND b.id = NEW.branch_id
                        AND NOT (b.is_active AND coalesce(hp.is_active, true) AND coalesce(ha.is_active, true) AND coalesce(hw.is_active, true)))
        INTO at_length
    FROM voucher_line l
    LEFT JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id
    LEFT JOIN uom u ON u.organization_id = l.organization_id AND u.id = l.uom_id
    LEFT JOIN warehouse w ON w.organization_id = l.organization_id AND w.id = l.warehouse_id
    LEFT JOIN party p ON p.organization_id = l.organization_id AND p.id = l.party_id
    LEFT JOIN account a ON a.organization_id = l.organization_id AND a.id = l.account_id
    WHERE l.organization_id = NEW.organization_id AND l.voucher_id = NEW.id;
    IF at_length THEN
        SELECT x.kind, x.code INTO bad_kind, bad_code FROM (
            SELECT 'party' AS kind, p.code FROM party p
            WHERE p.organization_id = NEW.organization_id AND p.id = NEW.party_id AND NOT p.is_active
            UNION ALL SELECT 'branch', b.code FROM branch b
            WHERE b.organization_id = NEW.organization_id AND b.id = NEW.branch_id AND NOT b.is_active
            UNION ALL SELECT 'account', a.code FROM account a
            WHERE a.organization_id = NEW.organization_id AND a.id = NEW.account_id AND NOT a.is_active
            UNION ALL SELECT 'warehouse', w.code FROM warehouse w
            WHERE w.organization_id = NEW.organization_id AND w.id IN (NEW.warehouse_id, NEW.to_warehouse_id) AND NOT w.is_active
            UNION ALL SELECT CASE WHEN NOT i.is_active THEN 'item' WHEN NOT u.is_active THEN 'unit' WHEN NOT w.is_active THEN 'warehouse'
                                  WHEN NOT v.is_active THEN 'warehouse' WHEN NOT n.is_active THEN 'bin' WHEN NOT m.is_active THEN 'bin'
                                  WHEN NOT k.is_active THEN 'batch' WHEN NOT p.is_active THEN 'party' WHEN NOT a.is_active THEN 'account'
                                  ELSE 'cost_centre' END,
                             CASE WHEN NOT i.is_active THEN i.code WHEN NOT u.is_active THEN u.code WHEN NOT w.is_active THEN w.code
                                  WHEN NOT v.is_active THEN v.code WHEN NOT n.is_active THEN n.code WHEN NOT m.is_active THEN m.code
                                  WHEN NOT k.is_active THEN k.code WHEN NOT p.is_active THEN p.code WHEN NOT a.is_active THEN a.code
                                  ELSE c.code END
            FROM voucher_line l
            LEFT JOIN item i ON i.organization_id = l.organization_id AND i.id = l.item_id
            LEFT JOIN uom u ON u.organization_id = l.organization_id AND u.id = l.uom_id
            LEFT JOIN warehouse w ON w.organization_id = l.organization_id AND w.id = l.warehouse_id
            LEFT JOIN warehouse v ON v.organization_id = l.organization_id AND v.id = l.to_warehouse_id
            LEFT JOIN bin_location n ON n.organization_id = l.organization_id AND n.id = l.bin_id
            LEFT JOIN bin_location m ON m.organization_id = l.organization_id AND m.id = l.to_bin_id
            LEFT JOIN batch k ON k.organization_id = l.organization_id AND k.id = l.batch_id
            LEFT JOIN party p ON p.organization_id = l.organization_id AND p.id = l.party_id
            LEFT JOIN account a ON a.organization_id = l.organization_id AND a.id = l.account_id
            LEFT JOIN cost_centre c ON c.organization_id = l.organization_id AND c.id = l.cost_centre_id
            WHERE l.organization_id = NEW.organization_id AND l.voucher_id = NEW.id
              AND NOT (coalesce(i.is_active, true) AND coalesce(u.is_active, true) AND coalesce(w.is_active, true)
                       AND coalesce(v.is_active, true) AND coalesce(n.is_active, true) AND coalesce(m.is_active, true)
                       AND coalesce(k.is_active, true) AND coalesce(p.is_active, true) AND coalesce(a.is_active, true)
                       AND coalesce(c.is_active, true))) x
        LIMIT 1;
    END IF;
    IF bad_kind IS NULL THEN
        IF EXISTS (
            SELECT FROM voucher_line_cost_centre s WHERE s.organization_id = NEW.organization_id AND s.voucher_id = NEW.id
            UNION ALL SELECT FROM voucher_line_detail d WHERE d.organization_id = NEW.organization_id AND d.voucher_id = NEW.id) THEN
            SELECT x.kind, x.code INTO bad_kind, bad_code FROM (
                SELECT 'cost_centre' AS kind, c.code FROM voucher_line_cost_centre s
                JOIN cost_centre c ON c.organization_id = s.organization_id AND c.id = s.cost_centre_id AND NOT c.is_active
                WHERE s.organization_id = NEW.organization_id AND s.voucher_id = NEW.id
                UNION ALL SELECT CASE WHEN NOT k.is_active THEN 'batch' WHEN NOT w.is_active THEN 'warehouse' ELSE 'bin' END,
                                 CASE WHEN NOT k.is_active THEN k.code WHEN NOT w.is_active THEN w.code ELSE coalesce(n.code, m.code) END
                FROM voucher_line_detail d
                LEFT JOIN batch k ON k.organization_id = d.organization_id AND k.id = d.batch_id
                LEFT JOIN warehouse w ON w.organization_id = d.organization_id AND w.id = d.warehouse_id
                LEFT JOIN bin_location n ON n.organization_id = d.organization_id AND n.id = d.bin_id AND NOT n.is_active
                LEFT JOIN bin_location m ON m.organization_id = d.organization_id AND m.id = d.to_bin_id AND NOT m.is_active
                WHERE d.organization_id = NEW.organization_id AND d.voucher_id = NEW.id
                  AND (NOT k.is_active OR NOT w.is_active OR n.id IS NOT NULL OR m.id IS NOT NULL)) x
            LIMIT 1;
        END IF;
    END IF;
    IF bad_kind IS NOT NULL AND NOT is_closing_day(NEW.organization_id, NEW.fiscal_year_id, NEW.voucher_on) THEN
        PERFORM refuse('active_' || bad_kind, format('The %s %s is not active', replace(bad_kind, '_', ' '), bad_code));
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS masters_are_active ON erpdesk.voucher;
CREATE TRIGGER masters_are_active AFTER UPDATE OF status ON erpdesk.voucher FOR EACH ROW
    WHEN (NEW.status = 'POSTED' AND OLD.status <> 'POSTED' AND NEW.reversal_of_id IS NULL)
    EXECUTE FUNCTION erpdesk.masters_are_active();

ALTER FUNCTION erpdesk.master_users(uuid, text, text) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.master_is_unused() OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.masters_are_active() OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.master_users(uuid, text, text), erpdesk.master_is_unused(),
    erpdesk.masters_are_active() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.master_users(uuid, text, text)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
