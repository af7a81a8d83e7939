"""The roles and privileges of a prepared database hold on every server version."""

from __future__ import annotations

import threading

import psycopg
import pytest

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage import migrate, roles
from erpdesk.storage.connections import open_server
from erpdesk.storage.target import resolve_target
from helpers.cluster import Cluster, bare_cluster
from helpers.database import Database

pytestmark = pytest.mark.server_versions


def test_public_may_neither_connect_nor_execute_nor_make_temporary_tables(database: Database) -> None:
    stranger = database.make_user("stranger")
    with pytest.raises(NoDatabaseError) as refused:
        database.connect(stranger)
    assert refused.value.code == "NET-006"
    clerk = database.make_user("clerk", ["clerk"])
    with database.connect("owner") as connection:
        connection.execute("CREATE FUNCTION erpdesk.probe() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    with database.connect(clerk) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT erpdesk.probe()")
    with database.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TEMPORARY TABLE t (a int)")


def test_members_of_a_group_find_the_schema_in_utc_without_saying_so(database: Database) -> None:
    clerk = database.make_user("clerk", ["clerk"])
    question = "SELECT current_setting('search_path'), current_setting('timezone')"
    with psycopg.connect(database.url(clerk)) as connection:
        row = connection.execute(question).fetchone()
    assert row == ("erpdesk, pg_catalog", "UTC")


def test_a_clerk_can_not_make_objects_roles_or_act_as_the_owner(database: Database) -> None:
    clerk = database.make_user("clerk", ["clerk"])
    for statement in ("CREATE TABLE erpdesk.mine (a int)", "CREATE TABLE public.mine (a int)",
                      "CREATE ROLE another", "SET ROLE erpdesk_owner", "SET ROLE erpdesk_engine",
                      "SET SESSION AUTHORIZATION erpdesk_owner", "GRANT erpdesk_admin TO erpdesk_clerk"):
        with database.connect(clerk) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_the_owner_can_hand_functions_to_the_engine_and_replace_them(database: Database) -> None:
    text = b"CREATE OR REPLACE FUNCTION erpdesk.probe() RETURNS int LANGUAGE sql AS 'SELECT %d'"
    with database.connect("owner") as connection:
        for number in (1, 2):
            connection.execute(text % number)
            connection.execute("ALTER FUNCTION erpdesk.probe() OWNER TO erpdesk_engine")
    with database.connect("superuser") as connection:
        assert connection.execute("SELECT erpdesk.probe()").fetchone() == (2,)


def test_user_functions_can_make_logins_and_hand_out_the_five_groups(database: Database) -> None:
    login = f"made_{database.name}"
    with database.connect("superuser") as connection:
        connection.execute("SET SESSION AUTHORIZATION erpdesk_owner")
        connection.execute("SET ROLE erpdesk_users")
        connection.execute(f"CREATE ROLE {login} LOGIN".encode())
        for group in roles.GROUPS:
            connection.execute(f"GRANT {group} TO {login}".encode())
        joined = connection.execute(
            "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
            " JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = %s", (login,)).fetchall()
        assert {row[0] for row in joined} == set(roles.GROUPS)
        connection.execute(f"ALTER ROLE {login} NOLOGIN".encode())
        connection.execute(f"DROP ROLE {login}".encode())


def test_databases_made_at_the_same_moment_on_a_bare_server_share_the_roles(cluster: Cluster) -> None:
    names = [f"together_{number}" for number in range(3)]
    start, failures = threading.Barrier(len(names)), list[BaseException]()

    def make(url: str) -> None:
        try:
            start.wait(30)
            with open_server(resolve_target(url)) as server:
                assert migrate.status(server).state == "current"
        except BaseException as failure:
            failures.append(failure)

    with bare_cluster(cluster.version) as bare:
        with bare.superuser() as connection:
            for name in names:
                connection.execute(f"CREATE DATABASE {name}".encode())
        urls = [bare.url(name, "postgres", "secret") for name in names]
        threads = [threading.Thread(target=make, args=(url,)) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert failures == []


def test_a_login_that_may_create_roles_prepares_its_database_as_no_superuser(cluster: Cluster) -> None:
    with bare_cluster(cluster.version) as bare:
        with bare.superuser() as connection:
            connection.execute("CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'pencil'")
            connection.execute("CREATE DATABASE books OWNER dba")
            connection.execute("CREATE ROLE guest LOGIN PASSWORD 'pencil'")
            connection.execute("CREATE DATABASE empty OWNER guest")
        with pytest.raises(NoDatabaseError) as refused:
            open_server(resolve_target(bare.url("empty", "guest", "pencil")))
        assert refused.value.code == "NET-006"
        url = bare.url("books", "dba", "pencil")
        with open_server(resolve_target(url), schema="any") as server:
            assert migrate.initialise(server).state == "current"
        with bare.superuser("books") as connection:
            passwords = connection.execute(
                "SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'erpdesk%' AND rolpassword IS NOT NULL")
            assert passwords.fetchall() == []
            strangers = connection.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'erpdesk'::regnamespace"
                " AND relkind = 'r' AND relowner <> 'erpdesk_owner'::regrole").fetchone()
            assert strangers == (0,)
