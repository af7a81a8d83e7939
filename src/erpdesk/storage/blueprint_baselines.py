"""The baseline document that each shipped voucher type was last agreed upon with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage.keys import new_id
from erpdesk.storage.tables import configuration as t

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def keep_baselines(connection: Connection, organization_id: UUID, documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Keeps a document for each type by its code, over the one kept before."""
    from sqlalchemy import func, select, text
    from sqlalchemy.dialects.postgresql import insert

    from erpdesk.storage.master_directory import any_of

    if not documents:
        return
    types, table = t.voucher_config_master, t.blueprint_baseline
    ids = connection.execute(select(types.c.code, types.c.id).where(
        types.c.organization_id == organization_id, any_of(types.c.code, sorted(documents))))  # fmt: skip
    rows = [{"organization_id": organization_id, "id": new_id(), "voucher_config_id": row.id,
             "document": documents[row.code]} for row in ids]
    statement = insert(table)
    connection.execute(statement.on_conflict_do_update(
        index_elements=["organization_id", "voucher_config_id"],
        set_={"document": statement.excluded.document, "changed_at": func.now(),
              "changed_by": text("session_user"), "row_version": table.c.row_version + 1}), rows)  # fmt: skip


def kept_baselines(connection: Connection, organization_id: UUID) -> dict[str, dict[str, Any]]:
    """The document kept for each type, by code; of a type older than this table its first version."""
    from sqlalchemy import and_, func, select

    types, kept, made = t.voucher_config_master, t.blueprint_baseline, t.blueprint_version
    statement = (
        select(types.c.code, func.coalesce(kept.c.document, made.c.document).label("document"))
        .outerjoin(kept, and_(kept.c.organization_id == types.c.organization_id,
                              kept.c.voucher_config_id == types.c.id))
        .join(made, and_(made.c.organization_id == types.c.organization_id, made.c.version == 1,
                         made.c.voucher_config_id == types.c.id))
        .where(types.c.organization_id == organization_id)
        .order_by(types.c.sort_order, types.c.code)
    )  # fmt: skip
    return {row.code: row.document for row in connection.execute(statement)}
