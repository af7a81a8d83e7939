-- The last rate of each item to each party, by unit, side (sold to them or bought from them) and currency: read with
-- everything else a document needs, written by the post that makes it the last.

-- The last rates for the items and the party of a document, in its currency, on the side of its type.
CREATE OR REPLACE FUNCTION erpdesk.last_rates(p_organization uuid, p jsonb) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('item', i.code_key, 'uom', u.code_key, 'rate', r.rate))
    FROM party x
    JOIN item i ON i.organization_id = p_organization AND i.code_key = ANY (ARRAY(SELECT jsonb_array_elements_text(p -> 'items')))
    JOIN last_rate r ON r.organization_id = p_organization AND r.party_id = x.id AND r.item_id = i.id
    JOIN uom u ON u.organization_id = p_organization AND u.id = r.uom_id
    WHERE x.organization_id = p_organization AND x.code_key = p ->> 'party'
      AND r.side = (SELECT t.settlement_side FROM voucher_config_master t
                    WHERE t.organization_id = p_organization AND t.code = p ->> 'type')
      AND r.currency_code = coalesce(p ->> 'currency', (SELECT o.base_currency FROM organization o WHERE o.id = p_organization))
$$;

-- Keep the rates of a posted voucher as the last ones, where any voucher type of its side asks for them. Returns and
-- vouchers without a party say nothing of prices.
CREATE OR REPLACE FUNCTION erpdesk.remember_rates(v erpdesk.voucher, t erpdesk.voucher_config_master, p_sequence bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF v.party_id IS NULL OR t.grid_kind <> 'items' OR t.is_return OR t.capitalises OR NOT EXISTS (
        SELECT FROM inventory_line_config c
        JOIN voucher_config_master k ON k.organization_id = c.organization_id AND k.id = c.voucher_config_id
        WHERE c.organization_id = v.organization_id AND c.rate_source = 'last_rate' AND k.is_active
          AND k.settlement_side = t.settlement_side) THEN
        RETURN;
    END IF;
    INSERT INTO last_rate AS r (organization_id, party_id, item_id, uom_id, side, currency_code, rate, posting_sequence)
    SELECT DISTINCT ON (l.item_id, l.uom_id) v.organization_id, v.party_id, l.item_id, l.uom_id, t.settlement_side, v.currency_code, l.rate,
        p_sequence
    FROM voucher_line l
    WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id AND l.grid = 'lines' AND l.item_id IS NOT NULL AND l.rate > 0
    ORDER BY l.item_id, l.uom_id, l.line_number DESC
    ON CONFLICT (organization_id, party_id, item_id, uom_id, side, currency_code)
    DO UPDATE SET rate = excluded.rate, posting_sequence = excluded.posting_sequence;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('last_rates', 'remember_rates')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
