"""A reading is one read-only snapshot of one organization: all questions of a report see the same books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage import transactions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from erpdesk.storage.server import Server

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """What every report needs to know about its organization. `today` is the server's, in its time zone."""

    code: str
    decimals: int
    today: date
    may_view: bool
    may_export: bool


class Reading:
    """Asks questions within one snapshot; `organization` stands in every one of them."""

    def __init__(self, connection: Connection, organization_id: UUID) -> None:
        self._connection = connection
        self.organization_id = organization_id

    def rows(self, statement: str, values: Values | None = None) -> Sequence[tuple[Any, ...]]:
        """All rows of a statement with the placeholders `%(name)s`; `organization` is always given."""
        given = {"organization": self.organization_id, **(values or {})}
        return [tuple(row) for row in self._connection.exec_driver_sql(statement, given)]

    def heading(self) -> Heading | None:
        """The organization, or None when it isn't there or not to be seen by this user."""
        found = self.rows(_HEADING)
        return Heading(*found[0]) if found else None


_HEADING = """
SELECT o.code, o.currency_decimals, (now() AT TIME ZONE o.time_zone)::date,
       erpdesk.may(o.id, 'report.view'), erpdesk.may(o.id, 'report.export')
FROM erpdesk.organization o WHERE o.id = %(organization)s
"""


@contextmanager
def reading(server: Server, organization_id: UUID) -> Iterator[Reading]:
    """Opens a snapshot that can't write, on a connection of its own."""
    with transactions.reading(server) as connection:
        yield Reading(connection, organization_id)
