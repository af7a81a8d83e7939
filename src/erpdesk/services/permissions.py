"""The permissions that there are, and which of them the session's user has in an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from erpdesk.storage.server import Server


def permissions_held(server: Server, organization_id: UUID) -> frozenset[str]:
    """What the user may do there in at least some branch and voucher type, as the database says."""
    from erpdesk.storage.rights import held
    from erpdesk.storage.transactions import reading

    with reading(server) as connection:
        return held(connection, organization_id)
