"""Subscriptions to an organization's events: made, listed, ended; dead events tried again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError
from erpdesk.services.delivery import target_fault

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server

KINDS = ("webhook", "file", "command")


class EventService:
    """The subscriptions of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def subscribe(self, name: str, kind: str, target: str, event_types: Sequence[str] = ()) -> None:
        """Makes or changes a subscription; no types means every type. Raises ErpdeskError EVT-001,
        ForbiddenError."""
        if not name.strip() or len(name) > 100 or not name.isprintable():
            raise ErpdeskError("EVT-001", "A subscription's name is 1 to 100 characters on one line", field="name")
        if kind not in KINDS:
            raise ErpdeskError("EVT-001", f'"{kind[:40]}" is none of {", ".join(KINDS)}', field="kind")
        wrong = target_fault(kind, target)
        if wrong:
            raise ErpdeskError("EVT-001", f'"{target[:80]}" can\'t be used: {wrong}', field="target")
        self._write(name, {"kind": kind, "target": target, "is_active": True,
                           "event_types": list(event_types) or None})  # fmt: skip

    def unsubscribe(self, name: str) -> None:
        """Ends a subscription. Raises ErpdeskError EVT-002 for an unknown one."""
        found = next((row for row in self.subscriptions() if row["name"] == name), None)
        if found is None:
            raise ErpdeskError("EVT-002", f'There is no subscription "{name[:60]}"', field="name")
        self._write(name, {**{key: found[key] for key in ("kind", "target", "event_types")}, "is_active": False})

    def subscriptions(self) -> Sequence[Mapping[str, Any]]:
        """All, by name: name, kind, target, event_types (None: every type), is_active."""
        from erpdesk.storage.subscriptions import read_subscriptions
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            return read_subscriptions(connection, self._organization.id)

    def counts(self) -> dict[str, int]:
        """How many events are pending, delivering, done, dead."""
        from erpdesk.storage.subscriptions import count_events
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            return count_events(connection, self._organization.id)

    def retry_dead(self) -> int:
        """Events that were given up become due again; how many. Raises ForbiddenError."""
        from erpdesk.storage.subscriptions import retry_dead
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            return retry_dead(connection, self._organization.id)

    def _write(self, name: str, columns: Mapping[str, Any]) -> None:
        from erpdesk.storage.subscriptions import write_subscription
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            write_subscription(connection, self._organization.id, name.strip(), columns)
