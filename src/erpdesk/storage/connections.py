"""Opening: from a target to a server whose database fits this program, or a word on why it doesn't."""

from __future__ import annotations

from typing import Literal

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.schema_version import SchemaStatus, status
from erpdesk.storage.server import Progress, Role, Server, connect, no_database, reach
from erpdesk.storage.target import Target

__all__ = ["Role", "Server", "connect", "no_database", "open_server"]


def open_server(target: Target, *, progress: Progress | None = None,
                schema: Literal["current", "any"] = "current") -> Server:
    """Opens the target: an embedded server is made, started and upgraded as needed; an empty shared
    database is prepared when the login may do so.

    With `schema="any"` the schema is neither checked nor changed (status, upgrade, doctor). Raises
    NoDatabaseError.
    """
    report = progress or (lambda _message: None)
    server = reach(target, report)
    try:
        if schema == "current":
            _make_current(server, report)
    except BaseException:
        server.close()
        raise
    return server


def _make_current(server: Server, progress: Progress) -> None:
    """Sees to it that the schema fits the program, or says why it doesn't (NET-005)."""
    found = status(server)
    if found.state == "current":
        return
    if found.state == "newer":
        raise NoDatabaseError(
            "NET-005", f"The database was written by a newer erpdesk ({found.program or found.revision}).",
            cure="Install the newer erpdesk on this desk.", details=_details(found))
    from erpdesk.storage import migrate

    if found.state == "missing":
        progress("preparing the database (once)")
        migrate.initialise(server)
    elif server.embedded is not None:
        progress("upgrading the database")
        migrate.upgrade(server)
    else:
        raise NoDatabaseError(
            "NET-005", "The database's schema is older than this erpdesk.",
            cure="Run erpdesk db upgrade with the owner's login when nobody is working.",
            details=_details(found))


def _details(found: SchemaStatus) -> dict[str, str]:
    return {"found": found.revision, "wanted": found.wanted_revision, "written_by": found.program}
