-- Periods, years and the organization itself: opened, locked, closed and set by those who may.
--
-- Posting holds its year and period FOR SHARE from before its checks until its commit. Whoever locks or closes
-- takes the same rows FOR UPDATE: posts under way are waited for, later ones see what was done. A lock of the
-- whole organization and the audit lock take every year. Order: organization, years, periods, each by id.

CREATE OR REPLACE FUNCTION erpdesk.require_permission(p_organization uuid, p_permission text, p_what text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM require_member(p_organization);
    IF NOT may(p_organization, p_permission) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not %s here', session_user, p_what) || lacking(p_organization, p_permission));
    END IF;
END $$;

-- Locks, unlocks or closes periods; opening a closed one again needs year.close. Returns the periods that changed.
CREATE OR REPLACE FUNCTION erpdesk.set_period_state(p_organization uuid, p_periods uuid[], p_state text) RETURNS SETOF erpdesk.accounting_period
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp SET lock_timeout = '15s' AS $$
BEGIN
    PERFORM require_permission(p_organization, 'period.lock', 'lock or open periods');
    PERFORM FROM accounting_period a WHERE a.organization_id = p_organization AND a.id = ANY (p_periods) ORDER BY a.id FOR UPDATE;
    IF p_state <> 'closed' AND EXISTS (SELECT FROM accounting_period a
            WHERE a.organization_id = p_organization AND a.id = ANY (p_periods) AND a.state = 'closed') THEN
        PERFORM require_permission(p_organization, 'year.close', 'open a closed period again');
    END IF;
    RETURN QUERY UPDATE accounting_period a
        SET state = p_state, changed_at = now(), changed_by = session_user, row_version = a.row_version + 1
        WHERE a.organization_id = p_organization AND a.id = ANY (p_periods) AND a.state <> p_state
        RETURNING a.*;
END $$;

-- Nothing dated on or before this day is posted any more; null ends it. Taking it back needs year.close.
CREATE OR REPLACE FUNCTION erpdesk.set_audit_lock(p_organization uuid, p_until date) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp SET lock_timeout = '15s' AS $$
DECLARE o organization;
BEGIN
    PERFORM require_permission(p_organization, 'period.lock', 'set the audit lock');
    SELECT * INTO o FROM organization x WHERE x.id = p_organization FOR NO KEY UPDATE;
    IF o.audit_locked_until IS NOT NULL AND (p_until IS NULL OR p_until < o.audit_locked_until) THEN
        PERFORM require_permission(p_organization, 'year.close', 'take back the audit lock');
    END IF;
    PERFORM FROM fiscal_year y WHERE y.organization_id = p_organization ORDER BY y.id FOR UPDATE;
    UPDATE organization SET audit_locked_until = p_until, changed_at = now(), changed_by = session_user, row_version = row_version + 1
    WHERE id = p_organization AND audit_locked_until IS DISTINCT FROM p_until;
    RETURN o.audit_locked_until;
END $$;

-- Makes a fiscal year with its periods; `p` holds what Python has computed, as for create_organization.
CREATE OR REPLACE FUNCTION erpdesk.create_fiscal_year(p_organization uuid, p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp SET lock_timeout = '15s' AS $$
DECLARE y record; other fiscal_year; span record;
BEGIN
    PERFORM require_permission(p_organization, 'year.close', 'make a fiscal year');
    PERFORM FROM organization o WHERE o.id = p_organization FOR NO KEY UPDATE;
    SELECT * INTO y FROM jsonb_to_record(p -> 'fiscal_year') AS x (id uuid, code text, short_code text, starts_on date, ends_on date);
    IF EXISTS (SELECT FROM fiscal_year f WHERE f.organization_id = p_organization AND f.starts_on = y.starts_on AND f.ends_on = y.ends_on) THEN
        RETURN;  -- made already, perhaps by closing the year before it
    END IF;
    SELECT * INTO other FROM fiscal_year f WHERE f.organization_id = p_organization
        AND (f.code = y.code OR (f.starts_on <= y.ends_on AND f.ends_on >= y.starts_on)) LIMIT 1;
    IF FOUND THEN
        PERFORM refuse_request('invalid', 'PRD-008', format('Fiscal year %s is there already, from %s to %s', other.code,
            other.starts_on, other.ends_on), 'fiscal_year', 'saved');
    END IF;
    SELECT min(f.starts_on) AS first, max(f.ends_on) AS last, bool_or(f.ends_on = y.starts_on - 1 OR f.starts_on = y.ends_on + 1) AS adjoins
    INTO span FROM fiscal_year f WHERE f.organization_id = p_organization;
    IF NOT span.adjoins THEN
        PERFORM refuse_request('invalid', 'PRD-016', format('Days would lie in no fiscal year: there are years from %s to %s, and this one is from %s to %s',
            span.first, span.last, y.starts_on, y.ends_on), 'fiscal_year', 'saved');
    END IF;
    INSERT INTO fiscal_year (organization_id, id, code, short_code, starts_on, ends_on)
    VALUES (p_organization, y.id, y.code, y.short_code, y.starts_on, y.ends_on);
    INSERT INTO accounting_period (organization_id, id, fiscal_year_id, number, starts_on, ends_on)
    SELECT p_organization, q.id, y.id, q.number, q.starts_on, q.ends_on
    FROM jsonb_to_recordset(p -> 'periods') AS q (id uuid, number integer, starts_on date, ends_on date);
END $$;

-- Locks the whole organization, or opens it.
CREATE OR REPLACE FUNCTION erpdesk.set_organization_locked(p_organization uuid, p_locked boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp SET lock_timeout = '15s' AS $$
DECLARE o organization;
BEGIN
    PERFORM require_permission(p_organization, 'year.close', 'lock or open the organization');
    SELECT * INTO o FROM organization x WHERE x.id = p_organization FOR NO KEY UPDATE;
    PERFORM FROM fiscal_year y WHERE y.organization_id = p_organization ORDER BY y.id FOR UPDATE;
    UPDATE organization SET is_locked = p_locked, changed_at = now(), changed_by = session_user, row_version = row_version + 1
    WHERE id = p_organization AND is_locked <> p_locked;
    RETURN o.is_locked <> p_locked;
END $$;

-- Sets columns of the organization that may change while it is in use; Python has checked their values.
CREATE OR REPLACE FUNCTION erpdesk.set_organization(p_organization uuid, p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp SET lock_timeout = '15s' AS $$
DECLARE o organization; n organization;
BEGIN
    PERFORM require_permission(p_organization, 'config.edit', 'change the organization');
    SELECT * INTO o FROM organization x WHERE x.id = p_organization FOR NO KEY UPDATE;
    n := jsonb_populate_record(o, p);
    IF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = n.time_zone) THEN
        PERFORM refuse_request('invalid', 'ORG-008', format('The server knows no time zone %s', n.time_zone), 'time_zone', 'saved');
    END IF;
    UPDATE organization SET name = n.name, legal_name = n.legal_name, kind = n.kind, tax_numbers = n.tax_numbers,
        address = n.address, time_zone = n.time_zone, language = n.language, calendar = n.calendar,
        digit_grouping = n.digit_grouping, negative_stock = n.negative_stock,
        changed_at = now(), changed_by = session_user, row_version = row_version + 1
    WHERE id = p_organization AND o IS DISTINCT FROM n;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('require_permission', 'set_period_state', 'set_audit_lock',
            'create_fiscal_year', 'set_organization_locked', 'set_organization')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.set_period_state(uuid, uuid[], text), erpdesk.set_audit_lock(uuid, date),
    erpdesk.create_fiscal_year(uuid, jsonb), erpdesk.set_organization_locked(uuid, boolean), erpdesk.set_organization(uuid, jsonb)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin;
