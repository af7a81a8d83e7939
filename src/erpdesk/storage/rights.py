"""What the session's user may do, as the database itself says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def may(connection: Connection, organization_id: UUID, permission: str) -> bool:
    """Whether the user has a permission (`config.edit`, `period.lock`, …) in an organization."""
    from sqlalchemy import text

    statement = text("SELECT erpdesk.may(:organization, :permission)")
    answer = connection.execute(statement, {"organization": organization_id, "permission": permission})
    return bool(answer.scalar_one())


def held(connection: Connection, organization_id: UUID) -> frozenset[str]:
    """Every permission that the user has in an organization."""
    from sqlalchemy import text

    statement = text("SELECT DISTINCT permission FROM erpdesk.role_permission"
                     " WHERE erpdesk.may(:organization, permission)")
    return frozenset(connection.execute(statement, {"organization": organization_id}).scalars())
