"""The database as a whole: its state, its upgrade, its verification, and stopping the embedded server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from erpdesk.services.verification import CheckResult
    from erpdesk.storage.server import Server


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """What is open: `schema` is missing, older, current or newer than this program."""

    place: str
    kind: str
    server: str
    user: str
    schema: str
    revision: str
    wanted_revision: str
    written_by: str
    organizations: int

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class DatabaseService:
    """What can be asked of and done to one open database."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def status(self) -> DatabaseStatus:
        """The state now, whatever the schema is."""
        from erpdesk.storage.facts import read_facts
        from erpdesk.storage.schema_version import status

        found = status(self._server)
        facts = read_facts(self._server, count_organizations=found.state == "current")
        target = self._server.target
        return DatabaseStatus(
            target.described(), target.kind, f"PostgreSQL {facts.version}", facts.user, found.state,
            found.revision, found.wanted_revision, found.program, facts.organizations,
        )  # fmt: skip

    def upgrade(self) -> DatabaseStatus:
        """Brings the schema to this program's version, all or nothing. Raises NoDatabaseError."""
        from erpdesk.storage import migrate
        from erpdesk.storage.schema_version import status

        if status(self._server).state == "missing":
            migrate.initialise(self._server)
        else:
            migrate.upgrade(self._server)
        return self.status()

    def verify(self) -> Iterator[CheckResult]:
        """Every invariant over the whole database, one result each, in order, after the audit entries of
        an embedded server are sealed. Raises NoDatabaseError, ForbiddenError when the login may not."""
        from erpdesk.services.verification import seal_audit, verify_database

        if self._server.embedded is not None:
            seal_audit(self._server)
        yield from verify_database(self._server)

    def seal(self) -> int:
        """Seals audit entries that no seal has yet; returns how many there were."""
        from erpdesk.services.verification import seal_audit

        return seal_audit(self._server)


def stop_embedded(progress: Callable[[str], None] | None = None) -> bool:
    """Stops this home's embedded server, whoever uses it; False when none was running."""
    from erpdesk import settings
    from erpdesk.storage.embedded import stop_server

    return stop_server(settings.home(), progress or (lambda _message: None))
