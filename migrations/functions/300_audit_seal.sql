-- Sealing makes audit entries a hash chain, off the posting path: a chain inside of it would make posting serial.
--
-- Every entry is in exactly one seal. A seal's hash covers the hash before it, its place in the chain and the
-- entries themselves; `db verify` computes the same from the rows with SQL of its own. An entry that committed
-- late is in a later seal than its neighbours.

-- The canonical bytes of an entry; times as microseconds, so that no session setting shows in them.
CREATE OR REPLACE FUNCTION erpdesk.audit_entry_hash(a erpdesk.audit_entry) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(jsonb_build_array(a.organization_id, a.id, a.sequence, a.actor,
        (extract(epoch FROM a.happened_at) * 1000000)::bigint, a.action, a.object_type, a.object_id, a.step,
        a.before, a.after, a.correlation_id, a.context, a.transaction_id)::text, 'UTF8'))
$$;

-- Seals up to p_limit entries that no seal has yet, oldest first; returns how many. Call again until it is 0.
-- Anybody who works in the organization may: sealing adds evidence and can't take any away. Two at once
-- want the same place in the chain: the second waits for the first, and finds it taken.
--
-- Looking through every seal would take longer each year. Entries of the last day's seals are compared one by
-- one; before them, everything up to the highest sequence that the hundred seals before reached is sealed.
-- p_everything looks through all seals (after a restore, or an outage of days). NOT IN hashes the sealed ids
-- once, where NOT EXISTS, for which the planner can't know how many ids a seal has, compared each with each.
CREATE OR REPLACE FUNCTION erpdesk.audit_seal(p_organization uuid, p_limit integer DEFAULT 10000,
                                              p_everything boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    newest audit_seal;
    recent bigint;
    sealed_up_to bigint := 0;
    ids uuid[];
    digests bytea;
    made integer;
BEGIN
    IF session_user NOT IN ('erpdesk_owner', 'erpdesk_worker') AND NOT EXISTS (
        SELECT FROM organization_member m JOIN app_user u ON u.name = m.user_name
        WHERE m.organization_id = p_organization AND m.user_name = session_user AND m.is_active AND u.is_active) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('%s is not a member of this organization', session_user);
    END IF;
    SELECT * INTO newest FROM audit_seal s WHERE s.organization_id = p_organization ORDER BY s.sequence DESC LIMIT 1;
    IF p_everything THEN
        recent := 1;
    ELSE
        SELECT min(s.sequence) INTO recent FROM audit_seal s
        WHERE s.organization_id = p_organization AND s.sequence > newest.sequence - 5000
          AND s.sealed_at > now() - interval '1 day';
        recent := coalesce(recent, newest.sequence, 1);
        SELECT coalesce(max(a.sequence), 0) INTO sealed_up_to
        FROM audit_seal s JOIN audit_entry a
          ON a.organization_id = s.organization_id AND a.id = s.entry_ids[cardinality(s.entry_ids)]
        WHERE s.organization_id = p_organization AND s.sequence BETWEEN recent - 100 AND recent - 1;
    END IF;

    SELECT array_agg(x.id ORDER BY x.sequence, x.id), string_agg(audit_entry_hash(x), ''::bytea ORDER BY x.sequence, x.id)
    INTO ids, digests
    FROM (SELECT a.* FROM audit_entry a
          WHERE a.organization_id = p_organization AND a.sequence > sealed_up_to
            AND a.id NOT IN (
                SELECT e.id FROM audit_seal s CROSS JOIN LATERAL unnest(s.entry_ids) AS e (id)
                WHERE s.organization_id = p_organization AND s.sequence >= recent AND e.id IS NOT NULL)
          ORDER BY a.sequence, a.id LIMIT greatest(p_limit, 1)) x;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;

    INSERT INTO audit_seal (organization_id, sequence, previous_hash, hash, entry_ids)
    SELECT p_organization, coalesce(newest.sequence, 0) + 1, coalesce(newest.hash, ''::bytea),
           sha256(coalesce(newest.hash, ''::bytea)
                  || convert_to((coalesce(newest.sequence, 0) + 1)::text, 'UTF8') || digests), ids
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made * cardinality(ids);
END $$;

-- How many organizations there are, whoever asks: who sees fewer must not verify or back up.
CREATE OR REPLACE FUNCTION erpdesk.organization_count() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT count(*) FROM organization
$$;

ALTER FUNCTION erpdesk.audit_entry_hash(erpdesk.audit_entry) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.audit_seal(uuid, integer, boolean) OWNER TO erpdesk_engine;
ALTER FUNCTION erpdesk.organization_count() OWNER TO erpdesk_engine;
REVOKE EXECUTE ON FUNCTION erpdesk.audit_entry_hash(erpdesk.audit_entry), erpdesk.audit_seal(uuid, integer, boolean),
    erpdesk.organization_count() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erpdesk.audit_seal(uuid, integer, boolean)
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_worker;
GRANT EXECUTE ON FUNCTION erpdesk.organization_count() TO erpdesk_owner, erpdesk_worker;
