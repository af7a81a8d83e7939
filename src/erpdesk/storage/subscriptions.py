"""Subscriptions to an organization's events, as its administrators make and see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage.keys import new_id

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def write_subscription(
    connection: Connection, organization_id: UUID, name: str, columns: Mapping[str, Any]
) -> None:
    """Makes a subscription, or changes the one of that name."""
    from sqlalchemy import func, text
    from sqlalchemy.dialects.postgresql import insert

    from erpdesk.storage.tables.record import event_subscription as table

    row = {"organization_id": organization_id, "id": new_id(), "name": name, **columns}
    changes = {**columns, "changed_at": func.now(), "changed_by": text("session_user"),
               "row_version": table.c.row_version + 1}
    connection.execute(insert(table).values(row).on_conflict_do_update(
        constraint="uq_event_subscription_organization_id_name", set_=changes))


def read_subscriptions(connection: Connection, organization_id: UUID) -> Sequence[Mapping[str, Any]]:
    """All of them, by name."""
    from sqlalchemy import select

    from erpdesk.storage.tables.record import event_subscription as table

    rows = connection.execute(
        select(table.c.name, table.c.kind, table.c.target, table.c.event_types, table.c.is_active)
        .where(table.c.organization_id == organization_id)
        .order_by(table.c.name)
    )
    return [dict(row) for row in rows.mappings()]


def count_events(connection: Connection, organization_id: UUID) -> dict[str, int]:
    """How many events are in each state."""
    from sqlalchemy import func, select

    from erpdesk.storage.tables.record import integration_event as table

    rows = connection.execute(
        select(table.c.status, func.count()).where(table.c.organization_id == organization_id)
        .group_by(table.c.status))
    return {row[0]: int(row[1]) for row in rows}


def retry_dead(connection: Connection, organization_id: UUID) -> int:
    """Events that were given up become due again; how many."""
    from sqlalchemy import text

    statement = text("SELECT erpdesk.retry_dead_events(:organization)")
    return int(connection.execute(statement, {"organization": organization_id}).scalar_one())
