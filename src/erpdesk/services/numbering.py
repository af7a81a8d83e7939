"""How far number series have come, so that what comes next can be shown while they are being set."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.coming_numbers import Reached

if TYPE_CHECKING:
    from erpdesk.storage.server import Server


class NumberingService:
    """Counters of one organization, read only."""

    def __init__(self, server: Server, organization_id: UUID) -> None:
        self._server = server
        self._organization_id = organization_id

    @cached_property
    def _pool(self) -> Any:
        return self._server.posting_pool()

    def reached(self, type_code: str) -> tuple[Reached, ...]:
        """Every counter of a voucher type; none for a type that isn't there. Raises ErpdeskError."""
        from erpdesk.storage.numbering import read_counters

        return tuple(Reached(*row) for row in read_counters(self._pool, self._organization_id, type_code))
