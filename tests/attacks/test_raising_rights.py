"""Rights attacked: nobody becomes somebody else, makes objects, reads secrets or changes what he may do."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors, sql

from attacks.conftest import GROUPS, Scene
from erpdesk.domain.results import NoDatabaseError
from helpers.book_rows import BookRows

pytestmark = pytest.mark.server_versions

PERSON = ["clerk", "admin", "program"]
"""Two people of an organization, and the local admin of an embedded server."""

BECOMING = [
    "SET ROLE erpdesk_owner", "SET ROLE erpdesk_engine", "SET ROLE erpdesk_users", "SET ROLE erpdesk_worker",
    "SET ROLE postgres", "SET SESSION AUTHORIZATION erpdesk_owner", "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica", "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER BYPASSRLS", "ALTER ROLE CURRENT_USER CREATEROLE",
    "ALTER ROLE erpdesk_owner PASSWORD 'x'", "ALTER ROLE erpdesk_engine LOGIN", "CREATE ROLE mine",
    "GRANT erpdesk_owner TO CURRENT_USER", "GRANT erpdesk_engine TO CURRENT_USER",
    "GRANT pg_write_all_data TO CURRENT_USER", "ALTER SYSTEM SET fsync = off", "CREATE DATABASE mine",
    "ALTER DATABASE {database} SET search_path = public", "REASSIGN OWNED BY erpdesk_owner TO CURRENT_USER",
    "DROP OWNED BY erpdesk_owner", "SET lo_compat_privileges = on",
]
MAKING = [
    "CREATE TABLE erpdesk.mine (x integer)", "CREATE TABLE public.mine (x integer)", "CREATE SCHEMA mine",
    "CREATE TEMP TABLE organization_member (organization_id uuid)", "CREATE TEMP VIEW voucher AS SELECT 1",
    "CREATE FUNCTION erpdesk.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION erpdesk.my_organizations() RETURNS uuid[] LANGUAGE sql AS 'SELECT NULL::uuid[]'",
    "CREATE TRIGGER mine BEFORE INSERT ON erpdesk.journal FOR EACH ROW EXECUTE FUNCTION erpdesk.refuse()",
    "CREATE RULE mine AS ON INSERT TO erpdesk.journal DO INSTEAD NOTHING",
    "CREATE POLICY mine ON erpdesk.voucher USING (true)", "CREATE INDEX ON erpdesk.voucher (total)",
    "CREATE EXTENSION dblink", "CREATE PUBLICATION mine", "CREATE EVENT TRIGGER mine ON ddl_command_end"
    " EXECUTE FUNCTION erpdesk.my_organizations()", "CREATE SERVER mine FOREIGN DATA WRAPPER mine",
    "CREATE LANGUAGE plpython3u", "CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT",
    "DO LANGUAGE plpgsql 'BEGIN CREATE TABLE erpdesk.mine (x integer); END'",
]
CHANGING = [
    "ALTER TABLE erpdesk.voucher DISABLE ROW LEVEL SECURITY", "ALTER TABLE erpdesk.voucher NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE erpdesk.journal DISABLE TRIGGER ALL", "ALTER TABLE erpdesk.journal ADD COLUMN mine integer",
    "ALTER TABLE erpdesk.journal OWNER TO CURRENT_USER", "DROP TABLE erpdesk.journal CASCADE",
    "ALTER TABLE erpdesk.journal_line DROP CONSTRAINT ck_journal_line_one_side",
    "DROP TRIGGER journal_balances ON erpdesk.journal", "DROP POLICY member ON erpdesk.voucher",
    "ALTER POLICY member ON erpdesk.voucher USING (true)", "DROP FUNCTION erpdesk.may(uuid, text, text, uuid)",
    "ALTER FUNCTION erpdesk.my_organizations() RESET search_path", "DROP SCHEMA erpdesk CASCADE",
    "COMMENT ON TABLE erpdesk.journal IS 'mine'", "ALTER SEQUENCE erpdesk.audit_sequence RESTART",
    "DROP INDEX erpdesk.uq_voucher_number", "VACUUM FULL erpdesk.journal", "REINDEX TABLE erpdesk.journal",
    "CLUSTER erpdesk.journal USING pk_journal", "REFRESH MATERIALIZED VIEW erpdesk.journal",
]
# Not every refusal is about rights: a thing may not exist here, or may not stand in a transaction.
REFUSALS = {"42501", "25001", "42704", "42883", "55000", "42809", "42P17", "0A000", "42939"}
READING = [
    "SELECT rolpassword FROM pg_authid", "SELECT passwd FROM pg_shadow", "SELECT * FROM pg_user_mapping",
    "SELECT pg_read_file('postgresql.conf')", "SELECT pg_ls_dir('.')", "SELECT pg_stat_file('PG_VERSION')",
    "SELECT lo_import('/etc/passwd')", "COPY (SELECT 1) TO PROGRAM 'true'", "COPY (SELECT 1) TO '/tmp/mine'",
    "COPY erpdesk.party FROM '/etc/passwd'", "SELECT pg_reload_conf()", "SELECT pg_switch_wal()",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    "SELECT * FROM pg_hba_file_rules", "SELECT pg_current_logfile()",
]


@pytest.mark.parametrize("who", PERSON)
@pytest.mark.parametrize("statements", [BECOMING, MAKING, CHANGING, READING],
                         ids=["becoming", "making", "changing", "reading"])
def test_sql_of_a_person_is_refused(scene: Scene, who: str, statements: list[str]) -> None:
    with scene.rows.database.connect(scene.logins.get(who, who)) as person:
        done = [statement for statement in statements
                if scene.code(person, statement.replace("{database}", scene.rows.database.name)) not in REFUSALS]
    assert done == []


@pytest.mark.parametrize("who", ["clerk", "admin"])
def test_nobody_becomes_a_group_above_his_own(scene: Scene, who: str) -> None:
    for group in GROUPS:
        if group != who:
            assert scene.refused(who, f"SET ROLE erpdesk_{group}") == "42501"
            assert scene.refused(who, f"GRANT erpdesk_{group} TO CURRENT_USER").startswith("42501")


def test_setting_ones_own_group_gains_nothing(scene: Scene) -> None:
    """Policies ask who logged in; a role put on is no other person."""
    scene.clerk.execute("SET ROLE erpdesk_clerk")
    assert scene.clerk.execute("SELECT code FROM erpdesk.organization").fetchall() == [("SHOP",)]
    assert scene.refused("clerk", "UPDATE erpdesk.voucher SET total = 1") == "42501"


@pytest.mark.parametrize("group", GROUPS)
def test_nobody_gives_himself_rights(scene: Scene, group: str) -> None:
    for statement in (
            "UPDATE erpdesk.organization_member SET role = 'admin'",
            "INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
            " VALUES (gen_random_uuid(), session_user, 'admin')",
            "UPDATE erpdesk.organization_member SET permissions = ARRAY['user.admin']",
            "INSERT INTO erpdesk.role_permission VALUES ('clerk', 'user.admin')",
            "INSERT INTO erpdesk.app_user (name) VALUES ('mine')", "UPDATE erpdesk.app_user SET is_active = true",
            "DELETE FROM erpdesk.user_limit", "DELETE FROM erpdesk.status_transition"):
        assert scene.refused(group, statement) == "42501"


@pytest.mark.parametrize("group", GROUPS)
def test_people_see_only_themselves_among_users(scene: Scene, group: str) -> None:
    name = scene.logins[group].name
    assert scene.people[group].execute("SELECT name FROM erpdesk.app_user").fetchall() == [(name,)]


def test_only_admin_and_auditor_read_members_and_only_of_their_organization(scene: Scene) -> None:
    for group in ("clerk", "approver", "accountant"):
        assert scene.refused(group, "SELECT * FROM erpdesk.organization_member") == "42501"
    for group in ("admin", "auditor"):
        rows = scene.people[group].execute("SELECT DISTINCT organization_id FROM erpdesk.organization_member")
        assert rows.fetchall() == [(scene.shop.id,)]


def test_audit_is_read_by_those_who_may(scene: Scene) -> None:
    for group in ("clerk", "approver"):
        assert scene.refused(group, "SELECT * FROM erpdesk.audit_entry") == "42501"
    for group in ("accountant", "admin", "auditor"):
        assert scene.people[group].execute("SELECT count(*) FROM erpdesk.audit_entry").fetchall() != [(0,)]


def test_a_person_put_out_sees_nothing_at_once(scene: Scene) -> None:
    scene.rows.execute("UPDATE erpdesk.organization_member SET is_active = false WHERE user_name = %s",
                       scene.logins["clerk"].name)
    scene.rows.execute("UPDATE erpdesk.app_user SET is_active = false WHERE name = %s", scene.logins["admin"].name)
    for group in ("clerk", "admin"):
        assert scene.people[group].execute("SELECT count(*) FROM erpdesk.voucher").fetchall() == [(0,)]
        assert scene.people[group].execute("UPDATE erpdesk.party SET name = 'x'").rowcount == 0


def test_a_clerk_edits_no_configuration(scene: Scene) -> None:
    for table in ("voucher_config_master", "number_series", "account_role", "approval_rule", "branch", "field_rule"):
        assert scene.refused("clerk", f"DELETE FROM erpdesk.{table}") == "42501"
        assert scene.refused("accountant", f"DELETE FROM erpdesk.{table}") == "42501"


def test_permissions_of_a_member_narrow_his_group(scene: Scene) -> None:
    scene.rows.execute("UPDATE erpdesk.organization_member SET permissions = '{}' WHERE user_name = ANY (%s)",
                       [scene.logins[group].name for group in ("clerk", "admin")])
    for group in ("clerk", "admin"):
        person = scene.people[group]
        assert person.execute("UPDATE erpdesk.party SET name = 'x'").rowcount == 0
        assert person.execute("DELETE FROM erpdesk.warehouse WHERE code = 'SHOP'").rowcount == 0
        assert scene.refused(group, "INSERT INTO erpdesk.party (organization_id, id, code, code_key, name,"
                                    " name_key, kind) VALUES (%s, gen_random_uuid(), 'X', 'x', 'X', 'x', 'both')",
                             scene.shop.id) == "42501"


def test_a_member_limited_to_a_branch_sees_only_its_vouchers(scene: Scene) -> None:
    login = scene.logins["clerk"]
    scene.rows.execute("UPDATE erpdesk.organization_member SET branch_ids = %s WHERE user_name = %s",
                       [scene.rival.branch], login.name)
    for table in ("voucher", "journal", "journal_line", "stock_movement", "open_item"):
        assert scene.clerk.execute(sql.SQL("SELECT count(*) FROM erpdesk.{}").format(
            sql.Identifier(table))).fetchall() == [(0,)], table
    scene.rows.execute("UPDATE erpdesk.organization_member SET branch_ids = %s WHERE user_name = %s",
                       [scene.shop.branch], login.name)
    assert scene.clerk.execute("SELECT count(*) FROM erpdesk.voucher").fetchall() == [(2,)]


def test_a_search_path_of_the_attacker_does_not_reach_into_definer_functions(scene: Scene) -> None:
    """Even where somebody could make tables of his own, the functions don't look there."""
    name = scene.rows.database.name
    login = scene.logins["clerk"]
    scene.rows.execute(f'GRANT TEMP ON DATABASE {name} TO "{login.name}"')
    with scene.rows.database.connect(login) as clerk:
        clerk.execute("CREATE TEMP TABLE organization_member AS SELECT %s::uuid AS organization_id, session_user::text"
                      " AS user_name, 'admin' AS role, true AS is_active, NULL::uuid[] AS branch_ids,"
                      " NULL::text[] AS voucher_type_codes, NULL::text[] AS permissions", (scene.rival.id,))
        clerk.execute("CREATE TEMP TABLE app_user AS SELECT session_user::text AS name, true AS is_active")
        clerk.execute("CREATE TEMP TABLE role_permission AS SELECT 'admin' AS role, 'user.admin' AS permission")
        clerk.execute("CREATE FUNCTION pg_temp.coalesce_(x anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT x'")
        clerk.execute("SET search_path = pg_temp, erpdesk, pg_catalog")
        assert clerk.execute("SELECT erpdesk.my_organizations()").fetchall() == [([scene.shop.id],)]
        assert clerk.execute("SELECT erpdesk.may(%s, 'report.view')", (scene.rival.id,)).fetchall() == [(False,)]
        assert clerk.execute("SELECT erpdesk.may(%s, 'user.admin')", (scene.shop.id,)).fetchall() == [(False,)]
        assert clerk.execute("SELECT code FROM erpdesk.organization").fetchall() == [("SHOP",)]


def test_an_advisory_lock_of_a_clerk_stops_nobody(scene: Scene) -> None:
    """No function of the schema waits for a lock that anybody can take."""
    calls = scene.rows.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'erpdesk'::regnamespace"
                               " AND prosrc ~* 'advisory'")
    assert calls == []


def test_nobody_but_the_groups_connects(scene: Scene) -> None:
    database = scene.rows.database
    database.make_user("nobody")
    stranger = database.logins[-1]
    with pytest.raises(NoDatabaseError):
        database.connect(stranger).close()


def test_nobody_logs_in_as_the_engine(scene: Scene) -> None:
    rows: BookRows = scene.rows
    assert rows.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname IN ('erpdesk_engine',"
                        " 'erpdesk_users', 'erpdesk_clerk', 'erpdesk_approver', 'erpdesk_accountant',"
                        " 'erpdesk_admin', 'erpdesk_auditor')") == []


def test_a_message_of_a_refusal_does_not_show_another_organizations_row(scene: Scene) -> None:
    with pytest.raises(psycopg.Error) as caught:
        scene.clerk.execute("INSERT INTO erpdesk.party (organization_id, id, code, code_key, name, name_key, kind)"
                            " VALUES (%s, gen_random_uuid(), 'C001', 'c001', 'X', 'x', 'both')", (scene.rival.id,))
    assert isinstance(caught.value, errors.InsufficientPrivilege)
    assert "already exists" not in str(caught.value)
