"""The versions that a voucher type's blueprint has had, as they were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage.tables import configuration as t

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version whole: when it was made, by which login, what it said."""

    version: int
    at: datetime
    by: str
    document: dict[str, Any]


def read_versions(
    connection: Connection, organization_id: UUID, type_code: str, *, latest: int, of: int | None = None
) -> Sequence[StoredVersion]:
    """The latest versions of a type, newest first; or the one asked for, if it is there."""
    from sqlalchemy import select

    kept, types = t.blueprint_version, t.voucher_config_master
    statement = (
        select(kept.c.version, kept.c.created_at, kept.c.created_by, kept.c.document)
        .join(types, (types.c.organization_id == kept.c.organization_id)
              & (types.c.id == kept.c.voucher_config_id))
        .where(kept.c.organization_id == organization_id, types.c.code == type_code)
        .order_by(kept.c.version.desc())
        .limit(latest)
    )  # fmt: skip
    if of is not None:
        statement = statement.where(kept.c.version == of)
    return [StoredVersion(row.version, row.created_at, row.created_by, row.document)
            for row in connection.execute(statement)]
