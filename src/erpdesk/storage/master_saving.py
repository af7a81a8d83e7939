"""One master altered against what was seen of it, the rows of its lists taken away, and a master deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage.keys import text_key
from erpdesk.storage.master_reading import part_columns, read_parts, read_with_id
from erpdesk.storage.master_sections import BY_NAME, Section
from erpdesk.storage.tables import items, ledger

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

Row = Mapping[str, Any]
OWN_LISTS = {"items": "units of items", "price_lists": "price lists", "currencies": "exchange rates",
             "warehouses": "bins"}
"""What of a master's users hangs on it and goes with it."""


def read_whole(connection: Connection, organization_id: UUID, section: Section, code: str, owner: str,
               parts: Sequence[str], *, locked: bool = False) -> tuple[Any, dict[str, Any]] | None:
    """A master with its lists, by its id; `locked` keeps others from changing it until the transaction ends."""
    found = read_with_id(connection, organization_id, section, code, owner)
    if found is None:
        return None
    if locked:
        _lock(connection, organization_id, section.table, found[0])
        found = read_with_id(connection, organization_id, section, code, owner)
        if found is None:
            return None
    made, values = found
    for key in parts:
        values[key] = read_parts(connection, organization_id, section, key, [made]).get(made, [])
    return made, values


def _lock(connection: Connection, organization_id: UUID, table: Table, made: Any) -> None:
    from sqlalchemy import select

    column = table.c.id if "id" in table.c else table.c.code
    connection.execute(select(column).where(table.c.organization_id == organization_id, column == made)
                       .with_for_update(key_share=True))


def changed_by(connection: Connection, organization_id: UUID, section: Section, made: Any) -> str:
    """Who changed a master last; empty where nobody notes it."""
    from sqlalchemy import select

    table = section.table
    if "changed_by" not in table.c:
        return ""
    found = connection.execute(select(table.c.changed_by).where(
        table.c.organization_id == organization_id, table.c.id == made)).scalar()
    return str(found or "")


def remove_rows(connection: Connection, organization_id: UUID, section: Section, made: Any, key: str,
                rows: Sequence[Row]) -> None:
    """Take rows of a list away, each found by what tells it from the others."""
    from sqlalchemy import delete, or_

    if not rows:
        return
    _, master, _ = part_columns(section, key)
    table = master.table
    connection.execute(delete(table).where(
        table.c.organization_id == organization_id, master == made,
        or_(*(_is_row(organization_id, table, row) for row in rows))))


def _is_row(organization_id: UUID, table: Table, row: Row) -> Any:
    from sqlalchemy import and_

    if table is items.bin_location:
        return table.c.code_key == text_key(str(row["code"]))
    day = date.fromisoformat(row["valid_from"]) if row.get("valid_from") else None
    is_day = table.c.valid_from.is_(None) if day is None else table.c.valid_from == day
    if table is ledger.currency_rate:
        return is_day
    return and_(is_day, table.c.minimum_quantity == Decimal(str(row.get("minimum_quantity") or 0)),
                table.c.item_id == _id_of(organization_id, "items", row["item"]),
                table.c.uom_id == _id_of(organization_id, "uoms", row["uom"]))


def _id_of(organization_id: UUID, section: str, code: str) -> Any:
    from sqlalchemy import select

    other = BY_NAME[section].table
    return select(other.c.id).where(
        other.c.organization_id == organization_id, other.c.code_key == text_key(code)).scalar_subquery()


def users_of(connection: Connection, organization_id: UUID, section: Section, made: Any) -> tuple[str, ...]:
    """Who refers to a master, in words; its own lists don't count."""
    from sqlalchemy import text

    found = connection.execute(
        text("SELECT erpdesk.master_users(:organization, :name, :id)"),
        {"organization": organization_id, "name": section.table.name, "id": str(made)}).scalar_one()
    return tuple(word for word in found if word != OWN_LISTS.get(section.name))


def delete_master(connection: Connection, organization_id: UUID, section: Section, made: Any) -> None:
    """Delete a master with its own lists; the database refuses it where anything refers to it."""
    from sqlalchemy import delete

    for part, name in _LISTS.get(section.name, ()):
        connection.execute(delete(part).where(part.c.organization_id == organization_id, part.c[name] == made))
    table = section.table
    column = table.c.id if "id" in table.c else table.c.code
    connection.execute(delete(table).where(table.c.organization_id == organization_id, column == made))


_LISTS: Mapping[str, tuple[tuple[Table, str], ...]] = {
    "items": ((items.item_uom, "item_id"),),
    "price_lists": ((items.price_list_rate, "price_list_id"),),
    "currencies": ((ledger.currency_rate, "code"),),
    "warehouses": ((items.bin_location, "warehouse_id"),),
}

