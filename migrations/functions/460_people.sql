-- Users: made, given rights and limits, put out. Who may do it, to whom, and how far.
--
-- Three rules stand behind every function: nobody changes what they may do themselves; nobody gives, or takes from
-- somebody who has, more than they have; an organization keeps somebody who may administer users. The server's
-- administrator (a superuser, the owner, or who holds erpdesk_admin with the option to give it) is above the second.
--
-- Logins belong to the whole server. A password or the right to log in is changed only for logins that this database
-- made, and only by who administers every organization that the user belongs to: else the administrator of one would
-- become somebody of another. Roles are made by functions of erpdesk_users, which ask nobody but the engine.

CREATE OR REPLACE FUNCTION erpdesk.is_server_administrator() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT session_user = 'erpdesk_owner'
        OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname = session_user AND r.rolsuper)
        OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
                   WHERE g.rolname = 'erpdesk_admin' AND u.rolname = session_user AND m.admin_option)
$$;

-- What a membership allows: its own permissions, else those of its role.
CREATE OR REPLACE FUNCTION erpdesk.permissions_of(m erpdesk.organization_member) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT coalesce(m.permissions, (SELECT array_agg(p.permission) FROM role_permission p WHERE p.role = m.role), '{}')
$$;

CREATE OR REPLACE FUNCTION erpdesk.administers(m erpdesk.organization_member) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT m.is_active AND 'user.admin' = ANY (permissions_of(m))
       AND EXISTS (SELECT FROM app_user u WHERE u.name = m.user_name AND u.is_active)
$$;

-- Who may give a permission, for the sentence that refuses.
CREATE OR REPLACE FUNCTION erpdesk.lacking(p_organization uuid, p_permission text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT format('; that needs the permission %s, which %s may give', p_permission, coalesce((
        SELECT string_agg(x.user_name, ' or ') FROM (
            SELECT m.user_name FROM organization_member m
            WHERE m.organization_id = p_organization AND administers(m) AND m.user_name <> session_user
            ORDER BY m.user_name LIMIT 3) x), 'an administrator'))
$$;

-- The organization of a code in which session_user administers users, its members locked. Of one that session_user
-- doesn't belong to, no more is said than that it isn't known.
CREATE OR REPLACE FUNCTION erpdesk.administered(p_code_key text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE found uuid := (SELECT o.id FROM organization o WHERE o.code_key = p_code_key);
BEGIN
    PERFORM FROM organization_member m WHERE m.organization_id = found ORDER BY m.user_name FOR NO KEY UPDATE;
    PERFORM FROM app_user u WHERE u.name IN (SELECT m.user_name FROM organization_member m WHERE m.organization_id = found)
    ORDER BY u.name FOR NO KEY UPDATE;
    IF found IS NULL OR NOT (is_server_administrator() OR found = ANY (my_organizations())) THEN
        PERFORM refuse_request('invalid', 'ORG-001', format('There is no organization "%s" that you belong to', left(coalesce(p_code_key, ''), 60)), 'org');
    ELSIF NOT (is_server_administrator() OR may(found, 'user.admin')) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not administer users here%s', session_user, lacking(found, 'user.admin')));
    END IF;
    RETURN found;
END $$;

-- The user of a name, locked.
CREATE OR REPLACE FUNCTION erpdesk.known_user(p_name text) RETURNS erpdesk.app_user
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE u app_user;
BEGIN
    SELECT * INTO u FROM app_user x WHERE x.name = p_name FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse_request('invalid', 'SEC-003', format('There is no user "%s"', left(coalesce(p_name, ''), 63)), 'name');
    END IF;
    RETURN u;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.refuse_oneself(p_name text, p_what text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF p_name = session_user THEN
        PERFORM refuse_request('forbidden', 'SEC-006', format('%s may not change %s of their own', session_user, p_what), 'name');
    END IF;
END $$;

-- Whether all that a membership allows, session_user may do there as well: permissions, branches, voucher types.
CREATE OR REPLACE FUNCTION erpdesk.beyond_mine(m erpdesk.organization_member) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE own organization_member; more text;
BEGIN
    IF is_server_administrator() THEN
        RETURN NULL;
    END IF;
    SELECT * INTO own FROM organization_member x
    WHERE x.organization_id = m.organization_id AND x.user_name = session_user AND x.is_active;
    SELECT string_agg(p, ', ' ORDER BY p) INTO more FROM unnest(permissions_of(m)) p
    WHERE own.user_name IS NULL OR NOT p = ANY (permissions_of(own));
    RETURN coalesce(more, CASE
        WHEN own.branch_ids IS NOT NULL AND NOT coalesce(m.branch_ids <@ own.branch_ids, false) THEN 'branches'
        WHEN own.voucher_type_codes IS NOT NULL AND NOT coalesce(m.voucher_type_codes <@ own.voucher_type_codes, false)
            THEN 'voucher types' END);
END $$;

CREATE OR REPLACE FUNCTION erpdesk.refuse_beyond_mine(m erpdesk.organization_member, p_what text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE more text := beyond_mine(m);
BEGIN
    IF more IS NOT NULL THEN
        PERFORM refuse_request('forbidden', 'SEC-007', format('%s %s more than %s may: %s', m.user_name, p_what, session_user, more),
            'permissions', 'saved', jsonb_build_object('more', more));
    END IF;
END $$;

-- Limits of session_user bind whom session_user gives rights to: no limit of theirs may be above or missing.
CREATE OR REPLACE FUNCTION erpdesk.refuse_above_mine(p_organization uuid, p_user text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT is_server_administrator() AND EXISTS (
        SELECT FROM user_limit c CROSS JOIN LATERAL (VALUES ('enter', c.enter_limit), ('post', c.post_limit), ('approve', c.approve_limit),
            ('back', c.back_date_days), ('ahead', c.forward_date_days)) AS mine (kind, value)
        WHERE c.organization_id = p_organization AND c.user_name = session_user AND mine.value IS NOT NULL AND NOT EXISTS (
            SELECT FROM user_limit l WHERE l.organization_id = p_organization AND l.user_name = p_user
              AND (l.voucher_type_code IS NULL OR l.voucher_type_code = c.voucher_type_code)
              AND CASE mine.kind WHEN 'enter' THEN l.enter_limit WHEN 'post' THEN l.post_limit WHEN 'approve' THEN l.approve_limit
                      WHEN 'back' THEN l.back_date_days ELSE l.forward_date_days END <= mine.value)) THEN
        PERFORM refuse_request('forbidden', 'SEC-007', format('%s would be limited less than %s', p_user, session_user), 'limits');
    END IF;
END $$;

-- Somebody who may administer users stays in each of these organizations.
CREATE OR REPLACE FUNCTION erpdesk.refuse_last_administrator(p_organizations uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE code text;
BEGIN
    SELECT o.code INTO code FROM organization o WHERE o.id = ANY (p_organizations)
      AND NOT EXISTS (SELECT FROM organization_member m WHERE m.organization_id = o.id AND administers(m)) LIMIT 1;
    IF code IS NOT NULL THEN
        PERFORM refuse_request('invalid', 'SEC-008', format('Nobody would be left who may administer users of %s', code), 'name');
    END IF;
END $$;

-- The login of a user that session_user may change: every organization of the user is session_user's to administer.
CREATE OR REPLACE FUNCTION erpdesk.managed_login(p_name text, p_what text) RETURNS erpdesk.app_user
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE u app_user; m organization_member;
BEGIN
    PERFORM FROM organization_member x WHERE x.organization_id IN (
        SELECT y.organization_id FROM organization_member y WHERE y.user_name = p_name)
    ORDER BY x.organization_id, x.user_name FOR NO KEY UPDATE;
    IF NOT (is_server_administrator() OR cardinality(my_organizations_with('user.admin')) > 0) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not change %s of users; that needs the permission user.admin, which an administrator may give', session_user, p_what));
    END IF;
    u := known_user(p_name);
    IF NOT is_server_administrator() THEN
        IF u.created_by <> session_user AND NOT EXISTS (SELECT FROM organization_member x WHERE x.user_name = p_name AND x.is_active) THEN
            PERFORM refuse_request('forbidden', 'SEC-011', format('%s belongs to no organization and was added by %s', p_name, u.created_by), 'name');
        END IF;
        FOR m IN SELECT * FROM organization_member x WHERE x.user_name = p_name AND x.is_active LOOP
            IF NOT may(m.organization_id, 'user.admin') THEN
                PERFORM refuse_request('forbidden', 'SEC-011', format('%s belongs to an organization that %s does not administer', p_name, session_user), 'name');
            END IF;
            PERFORM refuse_beyond_mine(m, 'may do');
        END LOOP;
    END IF;
    RETURN u;
END $$;

-- Logins: made and changed by erpdesk_users for the engine alone.

CREATE OR REPLACE FUNCTION erpdesk.is_own_login(p_name text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM app_user u WHERE u.name = p_name AND u.login_is_own)
$$;

CREATE OR REPLACE FUNCTION erpdesk.check_login(p_name text, p_verifier text) RETURNS void
LANGUAGE plpgsql SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF p_name !~ '^[a-z][a-z0-9_.-]{0,62}$' OR p_name ~ '^(erpdesk_|pg_)' OR p_name IN ('postgres', 'public', 'none') THEN
        RAISE EXCEPTION 'This name is no login of a user' USING ERRCODE = 'reserved_name';
    ELSIF p_verifier !~ '^SCRAM-SHA-256\$[0-9]{1,7}:[A-Za-z0-9+/=]{8,64}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' THEN
        RAISE EXCEPTION 'This is no verifier of a password' USING ERRCODE = 'invalid_password';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION erpdesk.login_make(p_name text, p_verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM check_login(p_name, p_verifier);
    EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', p_name, p_verifier);
END $$;

CREATE OR REPLACE FUNCTION erpdesk.login_change(p_name text, p_verifier text, p_may_log_in boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM check_login(p_name, p_verifier);
    IF NOT is_own_login(p_name) THEN
        RAISE EXCEPTION 'This login was made by somebody else' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_verifier IS NOT NULL THEN
        EXECUTE format('ALTER ROLE %I PASSWORD %L', p_name, p_verifier);
    END IF;
    IF p_may_log_in IS NOT NULL THEN
        EXECUTE format('ALTER ROLE %I %s', p_name, CASE WHEN p_may_log_in THEN 'LOGIN' ELSE 'NOLOGIN' END);
    END IF;
END $$;

-- Makes the five groups of a login those named.
CREATE OR REPLACE FUNCTION erpdesk.login_groups(p_name text, p_groups text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE g text; is_in boolean;
BEGIN
    FOREACH g IN ARRAY ARRAY['clerk', 'approver', 'accountant', 'admin', 'auditor'] LOOP
        is_in := EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
                         WHERE r.rolname = 'erpdesk_' || g AND u.rolname = p_name);
        IF g = ANY (p_groups) AND NOT is_in THEN
            EXECUTE format('GRANT %I TO %I', 'erpdesk_' || g, p_name);
        ELSIF NOT g = ANY (p_groups) AND is_in AND is_own_login(p_name) THEN
            EXECUTE format('REVOKE %I FROM %I', 'erpdesk_' || g, p_name);
        END IF;
    END LOOP;
END $$;

-- Ends the sessions of a user who was put out; of a login made elsewhere only those in this database.
CREATE OR REPLACE FUNCTION erpdesk.end_sessions(p_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a
    WHERE a.usename = p_name AND a.pid <> pg_backend_pid() AND (is_own_login(p_name) OR a.datname = current_database());
END $$;

CREATE OR REPLACE FUNCTION erpdesk.end_sessions_as_their_maker(p_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF is_own_login(p_name) AND (SELECT s.setting::integer FROM pg_settings s WHERE s.name = 'server_version_num') >= 160000 THEN
        EXECUTE format('GRANT %I TO erpdesk_users WITH INHERIT TRUE', p_name);
        PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.usename = p_name AND a.pid <> pg_backend_pid();
        EXECUTE format('REVOKE INHERIT OPTION FOR %I FROM erpdesk_users', p_name);
    END IF;
END $$;

-- The groups that a user's memberships need: the role's, and those whose tables a single permission opens.
CREATE OR REPLACE FUNCTION erpdesk.give_groups(p_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM login_groups(p_name, ARRAY(
        SELECT m.role FROM organization_member m WHERE m.user_name = p_name AND m.is_active
        UNION SELECT CASE p WHEN 'masters.edit' THEN 'clerk' WHEN 'audit.view' THEN 'auditor' WHEN 'voucher.approve' THEN 'approver'
                  WHEN 'config.edit' THEN 'admin' WHEN 'user.admin' THEN 'admin'
                  WHEN 'report.view' THEN m.role WHEN 'report.export' THEN m.role ELSE 'clerk' END
        FROM organization_member m CROSS JOIN unnest(m.permissions) p
        WHERE m.user_name = p_name AND m.is_active
          AND NOT EXISTS (SELECT FROM role_permission x WHERE x.role = m.role AND x.permission = p)));
END $$;

-- What is done to a user stands in the audit of every organization of theirs.
CREATE OR REPLACE FUNCTION erpdesk.audit_user(p_name text, p_action text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
    INSERT INTO audit_entry (organization_id, id, sequence, action, object_type, object_id)
    SELECT m.organization_id, gen_random_uuid(), nextval('audit_sequence'), p_action, 'app_user', p_name
    FROM organization_member m WHERE m.user_name = p_name
$$;

-- A list of words given under a key; null or nothing means every one, so whatever else stands there is refused.
CREATE OR REPLACE FUNCTION erpdesk.words_given(p jsonb, p_key text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(jsonb_typeof(p -> p_key), 'null') = 'null' THEN
        RETURN NULL;
    ELSIF jsonb_typeof(p -> p_key) <> 'array' OR jsonb_path_exists(p -> p_key, '$[*] ? (@.type() != "string")') THEN
        PERFORM refuse_request('invalid', 'SEC-012', format('%s is no list of words', p_key), p_key);
    END IF;
    RETURN ARRAY(SELECT DISTINCT x FROM jsonb_array_elements_text(p -> p_key) x ORDER BY x);
END $$;

-- A full name as it is kept: one line that a list has room for.
CREATE OR REPLACE FUNCTION erpdesk.full_name_given(p jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
BEGIN
    IF char_length(p ->> 'full_name') > 200 OR p ->> 'full_name' ~ '[[:cntrl:]]' THEN
        PERFORM refuse_request('invalid', 'SEC-005', 'A full name has up to 200 characters on one line', 'full_name');
    END IF;
    RETURN nullif(btrim(p ->> 'full_name'), '');
END $$;

-- What people call.

-- A new user: {"name", "full_name", "verifier"}; without a verifier a login that the server has already.
CREATE OR REPLACE FUNCTION erpdesk.user_add(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE wanted text := p ->> 'name'; there pg_roles;
BEGIN
    IF NOT (is_server_administrator() OR cardinality(my_organizations_with('user.admin')) > 0) THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not add users; that needs the permission user.admin in an organization, which its administrator may give', session_user));
    ELSIF EXISTS (SELECT FROM app_user u WHERE u.name = wanted) THEN
        PERFORM refuse_request('invalid', 'SEC-004', format('There is a user "%s" already', wanted), 'name');
    END IF;
    SELECT * INTO there FROM pg_roles r WHERE r.rolname = wanted;
    IF wanted IS NULL OR wanted !~ '^[a-z][a-z0-9_.-]{0,62}$' OR wanted ~ '^(erpdesk_|pg_)' OR wanted IN ('postgres', 'public', 'none')
       OR there.rolsuper THEN
        PERFORM refuse_request('invalid', 'SEC-005', format('"%s" can''t be the name of a user', left(coalesce(wanted, ''), 63)), 'name');
    ELSIF there.rolname IS NOT NULL AND p ->> 'verifier' IS NOT NULL THEN
        PERFORM refuse_request('invalid', 'SEC-004', format('The server has a login "%s" already, made elsewhere', wanted), 'name', 'saved',
            jsonb_build_object('login', 'made elsewhere'));
    ELSIF there.rolname IS NULL AND p ->> 'verifier' IS NULL THEN
        PERFORM refuse_request('invalid', 'SEC-003', format('The server has no login "%s"', wanted), 'name');
    END IF;
    INSERT INTO app_user (name, full_name, login_is_own)
    VALUES (wanted, full_name_given(p), p ->> 'verifier' IS NOT NULL);
    IF p ->> 'verifier' IS NOT NULL THEN
        PERFORM login_make(wanted, p ->> 'verifier');
    END IF;
END $$;

-- Changes the full name (if given) of a user whose login session_user may change.
CREATE OR REPLACE FUNCTION erpdesk.user_rename(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE u app_user := managed_login(p ->> 'name', 'the name');
BEGIN
    UPDATE app_user SET full_name = full_name_given(p) WHERE name = u.name;
    PERFORM audit_user(u.name, 'renamed');
END $$;

-- Another's password, as a verifier; one's own is changed without this function.
CREATE OR REPLACE FUNCTION erpdesk.user_password(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE u app_user := managed_login(p ->> 'name', 'the password');
BEGIN
    IF NOT u.login_is_own THEN
        PERFORM refuse_request('forbidden', 'SEC-011', format('The login %s was made elsewhere: its password is changed there', u.name), 'name');
    END IF;
    PERFORM login_change(u.name, coalesce(p ->> 'verifier', ''), NULL);
    PERFORM audit_user(u.name, 'password changed');
END $$;

-- Puts a user out, everywhere and at once, or lets him in again: {"name", "active"}.
CREATE OR REPLACE FUNCTION erpdesk.user_active(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE u app_user := managed_login(p ->> 'name', 'the state'); lets_in boolean;
BEGIN
    IF jsonb_typeof(p -> 'active') IS DISTINCT FROM 'boolean' THEN
        PERFORM refuse_request('invalid', 'SEC-012', 'active is neither true nor false', 'active');
    END IF;
    lets_in := (p ->> 'active')::boolean;
    PERFORM refuse_oneself(u.name, 'the state');
    UPDATE app_user SET is_active = lets_in WHERE name = u.name AND is_active <> lets_in;
    PERFORM refuse_last_administrator(ARRAY(SELECT m.organization_id FROM organization_member m WHERE m.user_name = u.name AND m.is_active));
    IF u.login_is_own THEN
        PERFORM login_change(u.name, NULL, lets_in);
    END IF;
    PERFORM audit_user(u.name, CASE WHEN lets_in THEN 'enabled' ELSE 'disabled' END);
    IF NOT lets_in THEN
        IF pg_has_role('erpdesk_engine', 'pg_signal_backend', 'USAGE') THEN
            PERFORM end_sessions(u.name);
        ELSE
            PERFORM end_sessions_as_their_maker(u.name);
        END IF;
    END IF;
END $$;

-- Makes a user a member, or changes what a member may do: {"organization", "name", "role", "branches", "types",
-- "permissions"}; null means every branch, every type, the permissions of the role.
CREATE OR REPLACE FUNCTION erpdesk.user_grant(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE
    o uuid := administered(p ->> 'organization');
    u app_user := known_user(p ->> 'name');
    old organization_member; new organization_member; wrong text;
BEGIN
    PERFORM refuse_oneself(u.name, 'rights');
    SELECT * INTO old FROM organization_member m WHERE m.organization_id = o AND m.user_name = u.name;
    IF old.is_active THEN
        PERFORM refuse_beyond_mine(old, 'may do');
    END IF;
    new.organization_id := o;
    new.user_name := u.name;
    new.role := p ->> 'role';
    IF NOT EXISTS (SELECT FROM role_permission r WHERE r.role = new.role) THEN
        PERFORM refuse_request('invalid', 'SEC-012', format('There is no role "%s"', left(coalesce(new.role, ''), 40)), 'role');
    END IF;
    new.permissions := words_given(p, 'permissions');
    IF new.permissions IS NOT NULL THEN
        wrong := (SELECT x FROM unnest(new.permissions) x WHERE NOT EXISTS (SELECT FROM role_permission r WHERE r.permission = x) LIMIT 1);
        IF wrong IS NOT NULL THEN
            PERFORM refuse_request('invalid', 'SEC-012', format('There is no permission "%s"', left(wrong, 40)), 'permissions');
        END IF;
        IF new.permissions = ARRAY(SELECT r.permission FROM role_permission r WHERE r.role = new.role ORDER BY r.permission) THEN
            new.permissions := NULL;
        END IF;
    END IF;
    IF words_given(p, 'branches') IS NOT NULL THEN
        wrong := (SELECT x FROM unnest(words_given(p, 'branches')) x
                  WHERE NOT EXISTS (SELECT FROM branch b WHERE b.organization_id = o AND b.code_key = x) LIMIT 1);
        IF wrong IS NOT NULL THEN
            PERFORM refuse_request('invalid', 'SEC-012', format('There is no branch "%s"', left(wrong, 40)), 'branches');
        END IF;
        new.branch_ids := ARRAY(SELECT b.id FROM branch b WHERE b.organization_id = o AND p -> 'branches' ? b.code_key ORDER BY b.code_key);
    END IF;
    new.voucher_type_codes := words_given(p, 'types');
    PERFORM refuse_unknown_types(o, new.voucher_type_codes);
    INSERT INTO organization_member AS m (organization_id, user_name, role, branch_ids, voucher_type_codes, permissions)
    VALUES (o, u.name, new.role, new.branch_ids, new.voucher_type_codes, new.permissions)
    ON CONFLICT (organization_id, user_name) DO UPDATE SET role = excluded.role, branch_ids = excluded.branch_ids,
        voucher_type_codes = excluded.voucher_type_codes, permissions = excluded.permissions, is_active = true,
        changed_at = now(), changed_by = session_user, row_version = m.row_version + 1
    RETURNING m.* INTO new;
    PERFORM refuse_beyond_mine(new, 'would be allowed');
    IF NOT EXISTS (SELECT FROM user_limit l WHERE l.organization_id = o AND l.user_name = u.name) THEN
        INSERT INTO user_limit (organization_id, id, user_name, voucher_type_code, enter_limit, post_limit, approve_limit,
                                back_date_days, forward_date_days)
        SELECT o, gen_random_uuid(), u.name, l.voucher_type_code, l.enter_limit, l.post_limit, l.approve_limit,
               l.back_date_days, l.forward_date_days
        FROM user_limit l WHERE l.organization_id = o AND l.user_name = session_user AND NOT is_server_administrator();
    END IF;
    PERFORM refuse_above_mine(o, u.name);
    PERFORM refuse_last_administrator(ARRAY[o]);
    PERFORM give_groups(u.name);
END $$;

CREATE OR REPLACE FUNCTION erpdesk.refuse_unknown_types(p_organization uuid, p_types text[]) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE wrong text := (SELECT x FROM unnest(p_types) x WHERE NOT EXISTS (
    SELECT FROM voucher_config_master t WHERE t.organization_id = p_organization AND t.code = x) LIMIT 1);
BEGIN
    IF wrong IS NOT NULL THEN
        PERFORM refuse_request('invalid', 'SEC-012', format('There is no voucher type "%s"', left(wrong, 40)), 'types');
    END IF;
END $$;

-- Ends a membership: {"organization", "name"}.
CREATE OR REPLACE FUNCTION erpdesk.user_revoke(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE o uuid := administered(p ->> 'organization'); u app_user := known_user(p ->> 'name'); old organization_member;
BEGIN
    PERFORM refuse_oneself(u.name, 'rights');
    SELECT * INTO old FROM organization_member m WHERE m.organization_id = o AND m.user_name = u.name AND m.is_active;
    IF NOT FOUND THEN
        PERFORM refuse_request('invalid', 'SEC-003', format('%s is no member of this organization', u.name), 'name');
    END IF;
    PERFORM refuse_beyond_mine(old, 'may do');
    UPDATE organization_member m SET is_active = false, changed_at = now(), changed_by = session_user, row_version = m.row_version + 1
    WHERE m.organization_id = o AND m.user_name = u.name;
    PERFORM refuse_last_administrator(ARRAY[o]);
    PERFORM give_groups(u.name);
END $$;

-- Sets limits of a member: {"organization", "name", "limits": [{"type", "enter", "post", "approve", "back_date_days",
-- "forward_date_days"}], "only"}; a limit is of one voucher type or (null) of every one, and one without any figure is
-- taken away. With "only" there are no others afterwards.
CREATE OR REPLACE FUNCTION erpdesk.user_limits(p jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE o uuid := administered(p ->> 'organization'); u app_user := known_user(p ->> 'name'); m organization_member; x record;
BEGIN
    PERFORM refuse_oneself(u.name, 'limits');
    SELECT * INTO m FROM organization_member y WHERE y.organization_id = o AND y.user_name = u.name AND y.is_active;
    IF NOT FOUND THEN
        PERFORM refuse_request('invalid', 'SEC-003', format('%s is no member of this organization', u.name), 'name');
    END IF;
    PERFORM refuse_beyond_mine(m, 'may do');
    IF jsonb_typeof(p -> 'limits') IS DISTINCT FROM 'array' OR jsonb_path_exists(p -> 'limits', '$[*] ? (@.type() != "object")') THEN
        PERFORM refuse_request('invalid', 'SEC-012', 'limits is no list of limits', 'limits');
    END IF;
    PERFORM refuse_unknown_types(o, ARRAY(SELECT l ->> 'type' FROM jsonb_array_elements(p -> 'limits') l WHERE l ->> 'type' IS NOT NULL));
    IF (p ->> 'only')::boolean THEN
        DELETE FROM user_limit l WHERE l.organization_id = o AND l.user_name = u.name AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(p -> 'limits') y WHERE y ->> 'type' IS NOT DISTINCT FROM l.voucher_type_code);
    END IF;
    FOR x IN SELECT * FROM jsonb_to_recordset(p -> 'limits') AS y (type text, enter numeric, post numeric, approve numeric,
                                                                 back_date_days integer, forward_date_days integer) LOOP
        IF least(x.enter, x.post, x.approve, x.back_date_days, x.forward_date_days) < 0 THEN
            PERFORM refuse_request('invalid', 'SEC-012', 'A limit is not below zero', 'limits');
        ELSIF greatest(x.enter, x.post, x.approve) >= 1e15 THEN  -- nor what is no number: it is above every amount
            PERFORM refuse_request('invalid', 'SEC-012', 'A limit is an amount below 1,000,000,000,000,000', 'limits');
        END IF;
        UPDATE user_limit l SET enter_limit = x.enter, post_limit = x.post, approve_limit = x.approve, back_date_days = x.back_date_days,
            forward_date_days = x.forward_date_days, changed_at = now(), changed_by = session_user, row_version = l.row_version + 1
        WHERE l.organization_id = o AND l.user_name = u.name AND l.voucher_type_code IS NOT DISTINCT FROM x.type;
        IF NOT FOUND THEN
            INSERT INTO user_limit (organization_id, id, user_name, voucher_type_code, enter_limit, post_limit, approve_limit,
                                    back_date_days, forward_date_days)
            VALUES (o, gen_random_uuid(), u.name, x.type, x.enter, x.post, x.approve, x.back_date_days, x.forward_date_days);
        END IF;
    END LOOP;
    DELETE FROM user_limit l WHERE l.organization_id = o AND l.user_name = u.name
        AND coalesce(l.enter_limit, l.post_limit, l.approve_limit, l.back_date_days, l.forward_date_days) IS NULL;
    PERFORM refuse_above_mine(o, u.name);
END $$;

-- The users that session_user administers: members of those organizations, and who was added and is in none yet.
CREATE OR REPLACE FUNCTION erpdesk.people() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp AS $$
DECLARE whole constant boolean := is_server_administrator(); mine uuid[] := my_organizations_with('user.admin');
BEGIN
    IF NOT whole AND cardinality(mine) = 0 THEN
        PERFORM refuse_request('forbidden', 'SEC-001', format('%s may not see users; that needs the permission user.admin, which an administrator may give', session_user));
    END IF;
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('name', u.name, 'full_name', coalesce(u.full_name, ''), 'is_active', u.is_active,
            'login_is_own', u.login_is_own, 'is_me', u.name = session_user, 'memberships', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('organization', o.code, 'role', m.role, 'is_active', m.is_active,
            'branches', (SELECT jsonb_agg(b.code ORDER BY b.code_key) FROM branch b WHERE b.organization_id = o.id AND b.id = ANY (m.branch_ids)),
            'types', to_jsonb(m.voucher_type_codes), 'permissions', to_jsonb(permissions_of(m)),
            'limits', (SELECT coalesce(jsonb_agg(jsonb_build_object('type', l.voucher_type_code, 'enter', l.enter_limit::text,
                    'post', l.post_limit::text, 'approve', l.approve_limit::text, 'back_date_days', l.back_date_days,
                    'forward_date_days', l.forward_date_days) ORDER BY l.voucher_type_code NULLS FIRST), '[]')
                FROM user_limit l WHERE l.organization_id = o.id AND l.user_name = u.name)) ORDER BY o.code_key), '[]')
        FROM organization_member m JOIN organization o ON o.id = m.organization_id
        WHERE m.user_name = u.name AND (whole OR o.id = ANY (mine)))) ORDER BY u.name), '[]')
        FROM app_user u
        WHERE whole OR EXISTS (SELECT FROM organization_member m WHERE m.user_name = u.name AND m.organization_id = ANY (mine))
           OR (u.created_by = session_user AND NOT EXISTS (SELECT FROM organization_member m WHERE m.user_name = u.name)));
END $$;

-- Rows that only some roles may read are fenced by the permission in that very organization: to be auditor or
-- administrator of another one is not enough. Journals are read by who may see reports.
DO $$
DECLARE
    everybody constant text := 'erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor';
    audits constant text := $e$organization_id = ANY ((SELECT erpdesk.my_organizations_with('audit.view'))::uuid[])$e$;
    administers constant text := $e$ OR organization_id = ANY ((SELECT erpdesk.my_organizations_with('user.admin'))::uuid[])$e$;
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['audit_entry', 'audit_seal', 'organization_member', 'user_limit'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS may_select ON erpdesk.%I', t);
        EXECUTE format('CREATE POLICY may_select ON erpdesk.%I AS RESTRICTIVE FOR SELECT TO %s USING (%s)', t, everybody,
            audits || CASE WHEN t LIKE 'audit%' THEN '' ELSE ' OR user_name = session_user' || administers END);
    END LOOP;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['journal', 'journal_line'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS may_select ON erpdesk.%I', t);
        EXECUTE format('CREATE POLICY may_select ON erpdesk.%I AS RESTRICTIVE FOR SELECT'
                       ' TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor'
                       ' USING (organization_id = ANY ((SELECT erpdesk.my_organizations_with(%L))::uuid[]))', t, 'report.view');
    END LOOP;
END $$;
GRANT DELETE ON erpdesk.user_limit TO erpdesk_engine;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('is_server_administrator', 'lacking', 'permissions_of', 'administers', 'administered',
            'known_user', 'refuse_oneself', 'beyond_mine', 'refuse_beyond_mine', 'refuse_above_mine', 'refuse_last_administrator',
            'managed_login', 'is_own_login', 'check_login', 'words_given', 'full_name_given', 'end_sessions', 'give_groups', 'audit_user', 'refuse_unknown_types',
            'user_add', 'user_rename', 'user_password', 'user_active', 'user_grant', 'user_revoke', 'user_limits', 'people')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_engine', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
    FOR f IN SELECT x.oid::regprocedure FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
        WHERE n.nspname = 'erpdesk' AND x.proname IN ('login_make', 'login_change', 'login_groups', 'end_sessions_as_their_maker')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO erpdesk_users', f);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO erpdesk_engine', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION erpdesk.is_own_login(text), erpdesk.check_login(text, text) TO erpdesk_users;
GRANT EXECUTE ON FUNCTION erpdesk.user_add(jsonb), erpdesk.user_rename(jsonb), erpdesk.user_password(jsonb), erpdesk.user_active(jsonb),
    erpdesk.user_grant(jsonb), erpdesk.user_revoke(jsonb), erpdesk.user_limits(jsonb), erpdesk.people()
    TO erpdesk_clerk, erpdesk_approver, erpdesk_accountant, erpdesk_admin, erpdesk_auditor;
