"""The roles of a cluster and the privileges on one database of it.

Roles belong to the whole cluster: several erpdesk databases share them, and two may be made at the same
moment. So every statement is issued only when something is missing, and repeated when another was faster.

- `erpdesk_owner` owns schema and tables; migrations run as it.
- `erpdesk_engine` owns the functions that write the books; nobody logs in as it.
- `erpdesk_users` may create roles and hand out the five groups; user functions belong to it.
- `erpdesk_worker` relays the outbox.
- `erpdesk_local` (embedded only) is the local admin, a member of all five groups.
"""

from __future__ import annotations

import secrets as random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, LiteralString

from erpdesk.domain.results import NoDatabaseError

if TYPE_CHECKING:
    import psycopg

OWNER, ENGINE, USERS, WORKER, LOCAL = (
    "erpdesk_owner", "erpdesk_engine", "erpdesk_users", "erpdesk_worker", "erpdesk_local")
GROUPS = ("erpdesk_clerk", "erpdesk_approver", "erpdesk_accountant", "erpdesk_admin", "erpdesk_auditor")
SCHEMA = "erpdesk"

_ROLES: Mapping[str, str] = {
    OWNER: "LOGIN", ENGINE: "NOLOGIN", USERS: "NOLOGIN NOINHERIT CREATEROLE", WORKER: "LOGIN",
    **dict.fromkeys(GROUPS, "NOLOGIN"),
}
_MEMBERSHIPS: tuple[tuple[str, str, str], ...] = (
    (ENGINE, OWNER, ""), (USERS, OWNER, ""), *((group, USERS, " WITH ADMIN OPTION") for group in GROUPS))

_OF_THE_ENGINE = ("pg_read_all_stats", "pg_signal_backend")
"""Lets functions say who holds a lock, since when and from where, and end the sessions of a user put out."""

_ATTEMPTS = 40


def prepare_cluster(connection: psycopg.Connection[Any]) -> None:
    """Makes the roles and memberships that are missing.

    `connection` is in autocommit and may create roles; raises NoDatabaseError NET-006.
    """
    existing = _existing_roles(connection)
    for name, options in _ROLES.items():
        if name not in existing:
            _persist(connection, f"CREATE ROLE {name} {options}", lambda: False)
    for role, member, options in _MEMBERSHIPS:
        if not _is_member(connection, role, member, bool(options)):
            _persist(connection, f"GRANT {role} TO {member}{options}", lambda: False)
    for role in _OF_THE_ENGINE:
        if not _is_member(connection, role, ENGINE, admin=False):
            with suppress(NoDatabaseError):  # on a rented server an administrator may not; then less is told of waits
                _persist(connection, f"GRANT {role} TO {ENGINE}", lambda: False)
    _appoint(connection)


def _appoint(connection: psycopg.Connection[Any]) -> None:
    """Makes a login that is no superuser the server's administrator: it may make organizations and users."""
    row = connection.execute("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user").fetchone()
    admin = GROUPS[3]
    if row and not row[0] and not _belongs(connection, admin):
        option = "" if _is_member(connection, admin, connection.info.user, admin=True) else " WITH ADMIN OPTION"
        _persist(connection, f"GRANT {admin} TO CURRENT_USER{option}", lambda: _belongs(connection, admin))


def prepare_database(connection: psycopg.Connection[Any]) -> None:
    """Makes the schema and takes from PUBLIC what nobody should have, in the connection's database.

    One transaction, serialized per database. `connection` is in autocommit, superuser or allowed to act as
    the owner role.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('erpdesk prepare', 0))")
        protect_database(connection, connection.info.dbname)
        _run_all(connection, _IN_DATABASE)


@contextmanager
def acting_for_owner(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Lets a login that made the roles, but is no superuser, make what belongs to the owner role."""
    if _belongs(connection, OWNER):
        yield
        return
    _persist(connection, f"GRANT {OWNER} TO CURRENT_USER", lambda: _belongs(connection, OWNER))
    try:
        yield
    finally:
        connection.execute(f"REVOKE {OWNER} FROM CURRENT_USER".encode())


def _belongs(connection: psycopg.Connection[Any], role: str) -> bool:
    row = connection.execute("SELECT pg_has_role(%s, 'USAGE')", (role,)).fetchone()
    return bool(row and row[0])


def protect_database(connection: psycopg.Connection[Any], name: str) -> None:
    """Who may connect to a database, and where its sessions look for names; told from any database."""
    _run_all(connection, _ON_DATABASE, name)


def _run_all(connection: psycopg.Connection[Any], statements: Sequence[LiteralString],
             name: str = "") -> None:
    from psycopg import sql

    everyone = sql.SQL(", ").join(map(sql.Identifier, (OWNER, ENGINE, WORKER, USERS, *GROUPS)))
    for text in statements:
        connection.execute(sql.SQL(text).format(
            database=sql.Identifier(name), everyone=everyone, schema=sql.Identifier(SCHEMA),
            owner=sql.Identifier(OWNER), engine=sql.Identifier(ENGINE), users=sql.Identifier(USERS)))


_ON_DATABASE: tuple[LiteralString, ...] = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {everyone}",
    "ALTER DATABASE {database} SET search_path = {schema}, pg_catalog",
    "ALTER DATABASE {database} SET timezone = 'UTC'",
)
_IN_DATABASE: tuple[LiteralString, ...] = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner}",
    "GRANT USAGE ON SCHEMA {schema} TO {everyone}",
    "GRANT CREATE ON SCHEMA {schema} TO {engine}, {users}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner}, {engine}, {users} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
)


def prepare_embedded(host: str, port: int, passwords: Mapping[str, str]) -> None:
    """Roles, passwords and the database `erpdesk` of an embedded server; harmless to repeat."""
    import psycopg

    superuser = {"host": host, "port": port, "user": "postgres", "password": passwords["postgres"],
                 "autocommit": True, "connect_timeout": 30}
    with psycopg.connect(dbname="postgres", **superuser) as connection:  # type: ignore[arg-type]
        prepare_cluster(connection)
        if LOCAL not in _existing_roles(connection):
            connection.execute(f"CREATE ROLE {LOCAL} LOGIN")
        connection.execute(f"GRANT {', '.join(GROUPS)} TO {LOCAL}")
        for login in (OWNER, WORKER, LOCAL):
            set_password(connection, login, passwords[login])
        connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        if not _database_exists(connection, SCHEMA):
            connection.execute(f"CREATE DATABASE {SCHEMA} OWNER {OWNER}")
    with psycopg.connect(dbname=SCHEMA, **superuser) as connection:  # type: ignore[arg-type]
        prepare_database(connection)


@contextmanager
def owner_session(connection: psycopg.Connection[Any],
                  parameters: Mapping[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """A session as `erpdesk_owner` for a login that is superuser, or that made the role.

    A superuser changes the session's user. Anyone else who may alter the role gives it a password for
    just this session. Raises NoDatabaseError NET-006.
    """
    import psycopg
    from psycopg import errors

    try:
        connection.execute(f"SET SESSION AUTHORIZATION {OWNER}".encode())
        connection.commit()
    except errors.InsufficientPrivilege:
        connection.rollback()
    else:
        yield connection
        return
    password = random.token_urlsafe(32)
    try:
        set_password(connection, OWNER, password)
        connection.commit()
    except (errors.InsufficientPrivilege, errors.UndefinedObject) as error:
        raise NoDatabaseError("NET-006", "This login may not change the schema.",
                              cure="Use the login erpdesk_owner, or a superuser.") from error
    try:
        with psycopg.connect(**{**parameters, "user": OWNER, "password": password}) as owner:
            yield owner
    finally:
        connection.execute(f"ALTER ROLE {OWNER} PASSWORD NULL".encode())
        connection.commit()


def set_password(connection: psycopg.Connection[Any], login: str, password: str) -> None:
    """Sets a password as a SCRAM verifier, so that the password itself never reaches server or log."""
    from psycopg import sql

    verifier = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(
        sql.Identifier(login), sql.Literal(verifier.decode())))


def missing_roles(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """Names of the cluster's roles that aren't there yet."""
    existing = _existing_roles(connection)
    return tuple(name for name in _ROLES if name not in existing)


def _existing_roles(connection: psycopg.Connection[Any]) -> set[str]:
    rows: Sequence[tuple[str]] = connection.execute(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname LIKE 'erpdesk\\_%'").fetchall()
    return {name for (name,) in rows}


def _is_member(connection: psycopg.Connection[Any], role: str, member: str, admin: bool) -> bool:
    row = connection.execute(
        "SELECT bool_or(m.admin_option OR NOT %s) FROM pg_catalog.pg_auth_members m"
        " JOIN pg_catalog.pg_roles r ON r.oid = m.roleid JOIN pg_catalog.pg_roles u ON u.oid = m.member"
        " WHERE r.rolname = %s AND u.rolname = %s", (admin, role, member)).fetchone()
    return bool(row and row[0])


def _database_exists(connection: psycopg.Connection[Any], name: str) -> bool:
    return connection.execute("SELECT FROM pg_catalog.pg_database WHERE datname = %s", (name,)).rowcount == 1


def _persist(connection: psycopg.Connection[Any], statement: str, done: Callable[[], bool]) -> None:
    """Runs a statement on the cluster's catalogue; another doing the same at the same time is no fault."""
    from psycopg import errors

    for _ in range(_ATTEMPTS):
        try:
            connection.execute(statement.encode())
            return
        except (errors.DuplicateObject, errors.UniqueViolation):
            return
        except errors.InternalError_:
            if done():
                return
            time.sleep(0.02)
        except errors.InsufficientPrivilege as error:
            raise NoDatabaseError(
                "NET-006", f"This login may not prepare the server: {error.diag.message_primary}.",
                cure="Run erpdesk server init with a login that may create roles.") from error
    raise NoDatabaseError("NET-001", "The roles are being changed by another program all the time.",
                          cure="Try again.", retryable=True)
