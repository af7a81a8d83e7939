"""A shared server is prepared once: database, roles, privileges, row-level security; harmless to repeat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.server import Progress, Server, connect

if TYPE_CHECKING:
    import psycopg

    from erpdesk.storage.schema_version import SchemaStatus
    from erpdesk.storage.target import Target

_NO_SUCH_DATABASE = re.compile(r'database ".*" does not exist')
_MAINTENANCE = "postgres"


def prepare(target: Target, progress: Progress) -> tuple[SchemaStatus, bool]:
    """Prepares the target's server with the target's login, a superuser or one that may create roles; says whether
    the database had to be made. Raises NoDatabaseError NET-006 when the login may not."""
    from erpdesk.storage.migrate import initialise

    with Server(target, None) as server:
        progress("looking for the database")
        made = _make_database(server)
        progress("making roles, tables, functions and policies")
        return initialise(server), made


def _make_database(server: Server) -> bool:
    """Makes the database if the server has none of its name."""
    import psycopg
    from psycopg import sql

    parameters = server.parameters()
    try:
        connect(parameters, server.target).close()
    except NoDatabaseError as error:
        if not _NO_SUCH_DATABASE.search(str(error.details.get("reason", ""))):
            raise
    else:
        return False
    name = str(parameters.get("dbname") or parameters.get("user"))
    with _elsewhere(parameters, server.target) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name)))
        except psycopg.errors.DuplicateDatabase:
            return False
        except psycopg.errors.InsufficientPrivilege:
            raise NoDatabaseError(
                "NET-006", f"There is no database {name}, and this login may not make it.",
                cure="Let the server's administrator make it, owned by this login, or use another login.") from None
    return True


def _elsewhere(parameters: dict[str, Any], target: Target) -> psycopg.Connection[Any]:
    return connect({**parameters, "dbname": _MAINTENANCE}, target, autocommit=True)
