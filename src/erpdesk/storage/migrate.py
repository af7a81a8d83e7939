"""Migration brings a database's schema to what this program needs: tables first, then functions.

All of it is one transaction as `erpdesk_owner`. The functions, triggers, policies and grants in
`migrations/functions/*.sql` are idempotent and applied again whenever their hash has changed.

For developers: `python -m erpdesk.storage.migrate check | current | history | upgrade | revision MESSAGE`
works on the database of `ERPDESK_DATABASE_URL`, else on the embedded one.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import erpdesk
from erpdesk.domain.results import NoDatabaseError
from erpdesk.settings import MIGRATIONS
from erpdesk.storage import roles
from erpdesk.storage.schema_version import SchemaStatus, function_files, status, status_seen_by, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from alembic.config import Config
    from sqlalchemy.engine import Connection

    from erpdesk.storage.server import Server

__all__ = ["SchemaStatus", "initialise", "status", "upgrade"]

_ALEMBIC = threading.Lock()
"""Alembic keeps the running migration in a global of its own: one at a time in a process."""

BeforeUpgrade = Callable[["Server"], None]


def initialise(server: Server) -> SchemaStatus:
    """Makes roles, privileges and schema in a database that may be empty; harmless to repeat.

    Raises NoDatabaseError NET-006 when the login may not do so.
    """
    if server.embedded is None:
        with server.connect(autocommit=True) as connection:
            _prepare(connection)
    return upgrade(server, before_upgrade=None)


def _prepare(connection: psycopg.Connection[Any]) -> None:
    if connection.info.user == roles.OWNER:
        absent = roles.missing_roles(connection)
        if absent:
            raise NoDatabaseError("NET-006", f"The server has no role {absent[0]} yet.",
                                  cure="Run erpdesk server init with a login that may create roles.")
    else:
        roles.prepare_cluster(connection)
    with roles.acting_for_owner(connection):
        roles.prepare_database(connection)


def dump_before_upgrade(server: Server) -> None:
    """The embedded server's last dump before an upgrade, when it holds any data."""
    from erpdesk.storage.embedded.dump import dump_before_upgrade as write

    if server.embedded is not None:
        write(server.embedded)


def upgrade(server: Server, before_upgrade: BeforeUpgrade | None = dump_before_upgrade) -> SchemaStatus:
    """Brings the schema to this program's version, all or nothing; one at a time for each database.

    Raises NoDatabaseError: NET-005 when the schema is newer, NET-006 when the login may not.
    """
    found = _status_seen_by_owner(server)
    if found.state == "newer":
        raise NoDatabaseError("NET-005", "The database was written by a newer erpdesk.",
                              cure="Install the newer erpdesk on this desk.")
    if found.state == "current":
        return found
    if before_upgrade is not None and found.state == "older":
        before_upgrade(server)
    with _owner_transaction(server) as (connection, driver):
        driver.execute("SELECT pg_advisory_xact_lock(hashtextextended('erpdesk upgrade', 0))")
        _apply_migrations(connection)
        _apply_functions(driver)
    return _status_seen_by_owner(server)


def _status_seen_by_owner(server: Server) -> SchemaStatus:
    with server.owner_connection() as connection:
        return status_seen_by(connection)


def _apply_migrations(connection: Connection) -> None:
    from alembic import command

    with _ALEMBIC:
        command.upgrade(configuration(connection), "head")


def _apply_functions(driver: psycopg.Connection[Any]) -> None:
    want = wanted()
    rows = dict(driver.execute("SELECT name, value FROM erpdesk.schema_info").fetchall())
    if rows.get("functions") != want.functions:
        for path in function_files():
            try:
                driver.execute(path.read_text("utf-8").encode())
            except Exception as error:
                error.add_note(f"in migrations/functions/{path.name}")
                raise
    groups = ", ".join((*roles.GROUPS, roles.WORKER, roles.ENGINE, roles.USERS))
    driver.execute(f"GRANT SELECT ON erpdesk.schema_info TO {groups}".encode())
    with driver.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO erpdesk.schema_info (name, value) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [("revision", want.revision), ("functions", want.functions), ("program", erpdesk.__version__)])


@contextmanager
def _owner_transaction(server: Server, search_path: str = "erpdesk, pg_catalog",
                       ) -> Iterator[tuple[Connection, psycopg.Connection[Any]]]:
    """One transaction as `erpdesk_owner`, seen both as SQLAlchemy's connection and as psycopg's."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    with server.owner_connection() as driver:
        driver.execute(f"SET search_path = {search_path}".encode())
        driver.commit()
        engine = create_engine("postgresql+psycopg://", creator=lambda: driver, poolclass=StaticPool)
        try:
            with engine.begin() as connection:
                yield connection, driver
        finally:
            engine.dispose()


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made without any file; `env.py` takes the connection from its attributes."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def main(arguments: list[str]) -> int:
    """Runs one of Alembic's commands on the database that the environment names."""
    from alembic import command
    from alembic.util import CommandError

    from erpdesk.storage.server import reach
    from erpdesk.storage.target import resolve_target

    commands: dict[str, Callable[[Config], Any]] = {
        "check": command.check, "current": command.current, "history": command.history,
        "revision": lambda config: command.revision(config, " ".join(arguments[1:]), autogenerate=True)}
    name = arguments[0] if arguments else ""
    if name != "upgrade" and name not in commands:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    with reach(resolve_target(), lambda _message: None) as server:
        if name in ("upgrade", "check"):
            initialise(server)
        if name == "upgrade":
            return 0
        # Alembic takes the first schema of the path for nameless, and would find every table missing.
        with _owner_transaction(server, "pg_catalog") as (connection, _driver):
            try:
                commands[name](configuration(connection))
            except CommandError as error:
                sys.stderr.write(f"{error}"[:4000] + "\n")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
