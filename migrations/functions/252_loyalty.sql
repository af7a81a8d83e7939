-- Loyalty points: what a party's purchases earn, rounded down a voucher, and what returns and reversals take back. Written
-- by the database from stored rows: no plan says how many points somebody gets.

-- The rate of the blueprint that a voucher was typed on: points for one unit of base currency.
CREATE OR REPLACE FUNCTION erpdesk.loyalty_rate_of(v erpdesk.voucher) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT (b.document ->> 'loyalty_rate')::numeric FROM blueprint_version b
    WHERE b.organization_id = v.organization_id AND b.voucher_config_id = v.voucher_config_id AND b.version = v.blueprint_version
$$;

-- Points of a posted voucher. A return of one named voucher takes back what that one earned for the part returned,
-- cumulatively: whole returns take back all, whatever the parts. The named voucher is locked by the post.
CREATE OR REPLACE FUNCTION erpdesk.write_loyalty(v erpdesk.voucher, t erpdesk.voucher_config_master) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE s voucher; sources uuid[]; rate numeric := t.loyalty_rate; before numeric; earned numeric;
BEGIN
    IF v.party_id IS NULL OR NOT t.affects_gl OR t.settles OR (rate IS NULL AND NOT t.is_return) THEN
        RETURN;
    END IF;
    IF NOT t.is_return THEN
        earned := floor(v.base_total * rate);
    ELSE
        sources := ARRAY(SELECT DISTINCT k.other_voucher_id FROM voucher_link k
            WHERE k.organization_id = v.organization_id AND k.voucher_id = v.id AND k.kind = 'against');
        IF cardinality(sources) = 1 THEN
            SELECT * INTO s FROM voucher x WHERE x.organization_id = v.organization_id AND x.id = sources[1] AND x.party_id = v.party_id;
            rate := coalesce(loyalty_rate_of(s), rate);
            SELECT coalesce(sum(x.base_total), 0) INTO before
            FROM voucher_link k
            JOIN voucher x ON x.organization_id = k.organization_id AND x.id = k.voucher_id AND x.status = 'POSTED' AND x.id <> v.id
            JOIN voucher_config_master c ON c.organization_id = x.organization_id AND c.id = x.voucher_config_id AND c.is_return
            WHERE k.organization_id = v.organization_id AND k.other_voucher_id = s.id AND k.kind = 'against';
            earned := floor(greatest(s.base_total - before - v.base_total, 0) * rate) - floor(greatest(s.base_total - before, 0) * rate);
        ELSE
            earned := -floor(v.base_total * rate);
        END IF;
    END IF;
    IF coalesce(earned, 0) <> 0 THEN
        INSERT INTO loyalty_entry (organization_id, id, voucher_id, party_id, points)
        VALUES (v.organization_id, gen_random_uuid(), v.id, v.party_id, earned);
    END IF;
END $$;

-- The party's points follow its entries, whoever writes them: a post or a reversal.
CREATE OR REPLACE FUNCTION erpdesk.loyalty_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO party_balance AS b (organization_id, party_id, loyalty_points) VALUES (NEW.organization_id, NEW.party_id, NEW.points)
    ON CONFLICT (organization_id, party_id) DO UPDATE SET loyalty_points = b.loyalty_points + excluded.loyalty_points;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER loyalty_follows AFTER INSERT ON erpdesk.loyalty_entry
    FOR EACH ROW EXECUTE FUNCTION erpdesk.loyalty_follows();

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('loyalty_rate_of', 'write_loyalty', 'loyalty_follows')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
