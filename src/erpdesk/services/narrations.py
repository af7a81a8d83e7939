"""Narrations that are worth repeating: the last one of a voucher type, the last one of a party."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from erpdesk.storage.server import Server


class NarrationService:
    """Narrations of one organization, as far as this user may see its vouchers."""

    def __init__(self, server: Server, organization_id: UUID) -> None:
        self._server = server
        self._organization_id = organization_id

    @cached_property
    def _pool(self) -> Any:
        return self._server.posting_pool()

    def of_type(self, type_code: str) -> str:
        """The last narration of a type; empty when there is none. Raises ErpdeskError."""
        from erpdesk.storage.narrations import last_narration_of_type

        return last_narration_of_type(self._pool, self._organization_id, type_code)

    def of_party(self, party: str) -> str:
        """The last narration of a party by its code, in vouchers of any type; empty when there is none."""
        from erpdesk.storage.narrations import last_narration_of_party

        return last_narration_of_party(self._pool, self._organization_id, party)
