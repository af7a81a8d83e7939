"""Masters as a masters document has them: every key of their section, references by code, lists that hang on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.canonical import plain_decimal
from erpdesk.storage.keys import text_key
from erpdesk.storage.master_directory import any_of
from erpdesk.storage.master_sections import READABLE, MasterColumn, Section
from erpdesk.storage.tables import items, ledger

if TYPE_CHECKING:
    from sqlalchemy import Select, Table
    from sqlalchemy.engine import Connection

ID, KEY, OWNER_KEY = "_id", "_key", "_owner_key"
"""Columns of a read master that are no part of its document."""


def key_of_code(section: Section, code: str) -> str:
    """What a code is found by: without regard to case; the code of a currency is its own key."""
    return text_key(code) if "code_key" in section.table.c else code.strip().upper()


def key_column(table: Table) -> Any:
    """The column that `key_of_code` is compared with."""
    return table.c.code_key if "code_key" in table.c else table.c.code


def masters_selected(section: Section, organization_id: UUID) -> tuple[Select[Any], Any, Any]:
    """All masters of a section; the columns that they are ordered by: the key of their owner (None without) and
    their own."""
    from sqlalchemy import select

    table = section.table
    key, owner_key, joined = key_column(table), None, None
    if section.owner:
        of = section.columns[section.owner]
        owners = READABLE[of.refers].table.alias("owner")
        owner_key = owners.c.code_key
        joined = table.join(
            owners, (owners.c.organization_id == table.c.organization_id) & (owners.c.id == table.c[of.name]))
    columns = [(table.c.id if "id" in table.c else table.c.code).label(ID), key.label(KEY),
               table.c.code.label(section.code)]
    if owner_key is not None:
        columns.append(owner_key.label(OWNER_KEY))
    columns += [_column(section, name, column).label(name) for name, column in section.columns.items()]
    if section.name == "accounts":
        columns.append(_roles().label("roles"))
    found = select(*columns).where(table.c.organization_id == organization_id)
    return (found if joined is None else found.select_from(joined)), owner_key, key


def _column(section: Section, name: str, column: MasterColumn) -> Any:
    from sqlalchemy import select

    table = section.table
    if column.kind != "reference":
        return table.c[column.name]
    other = READABLE[column.refers].table.alias()
    return select(other.c.code).where(
        other.c.organization_id == table.c.organization_id, other.c.id == table.c[column.name]).scalar_subquery()


def _roles() -> Any:
    from sqlalchemy import func, select

    role, table = ledger.account_role, ledger.account
    return select(func.string_agg(role.c.role, ", ")).where(
        role.c.organization_id == table.c.organization_id, role.c.account_id == table.c.id).scalar_subquery()


def plain_values(row: Any, *, without: Sequence[str] = (ID, KEY, OWNER_KEY, "roles")) -> dict[str, Any]:
    """A read master as a document has it; empty keys are left out."""
    return {key: _plain(value) for key, value in row.items() if value is not None and key not in without}


def read_master(
    connection: Connection, organization_id: UUID, section: Section, code: str, owner: str = ""
) -> dict[str, Any] | None:
    """The master of a code, of an owner's where it has one; None when there is none. Empty keys are left out."""
    found = read_with_id(connection, organization_id, section, code, owner)
    return None if found is None else found[1]


def read_with_id(
    connection: Connection, organization_id: UUID, section: Section, code: str, owner: str = ""
) -> tuple[Any, dict[str, Any]] | None:
    """The same with its id before it."""
    found, owner_key, key = masters_selected(section, organization_id)
    found = found.where(key == key_of_code(section, code))
    if owner_key is not None:
        found = found.where(owner_key == text_key(owner))
    row = connection.execute(found).mappings().first()
    if row is None:
        return None
    roles = row.get("roles") or ""
    return row[ID], plain_values(row) | ({"role": roles} if roles and ", " not in roles else {})


def read_codes(connection: Connection, organization_id: UUID, section: str, *,
               groups: bool = False) -> list[tuple[str, str]]:
    """Code and name of every active master of a section, by code; with `groups` those alone that others stand under."""
    from sqlalchemy import select

    table = READABLE[section].table
    rows = select(table.c.code, table.c.name).where(table.c.organization_id == organization_id, table.c.is_active)
    if groups:
        rows = rows.where(table.c.is_group)
    return [(row.code, row.name or row.code) for row in connection.execute(rows.order_by(table.c.code_key)).all()]


# Lists that hang on masters


def read_parts(
    connection: Connection, organization_id: UUID, section: Section, key: str, ids: Sequence[Any]
) -> dict[Any, list[dict[str, Any]]]:
    """The rows of a list of these masters, by the master's id, in an order that people expect."""
    columns, master, order = part_columns(section, key)
    found: dict[Any, list[dict[str, Any]]] = {}
    if not ids:
        return found
    from sqlalchemy import select

    rows = select(master.label(ID), *columns).where(
        master.table.c.organization_id == organization_id, any_of(master, list(ids))).order_by(master, *order)
    for row in connection.execute(rows).mappings().all():
        found.setdefault(row[ID], []).append(plain_values(row))
    return found


def part_columns(section: Section, key: str) -> tuple[list[Any], Any, list[Any]]:
    """Columns of a list by the keys of the document, the column of the master's id, the order."""
    from sqlalchemy import func

    if key == "alternate_units":
        unit, table = _code_of("uoms", items.item_uom, "uom_id"), items.item_uom
        return [unit.label("uom"), table.c.factor], table.c.item_id, [table.c.factor, unit]
    if key == "bins":
        table = items.bin_location
        return [table.c.code, table.c.is_active], table.c.warehouse_id, [table.c.code_key]
    if section.name == "currencies":
        table = ledger.currency_rate
        return [table.c.valid_from, table.c.rate], table.c.code, [table.c.valid_from.desc()]
    table = items.price_list_rate
    item, unit = _code_of("items", table, "item_id"), _code_of("uoms", table, "uom_id")
    return ([item.label("item"), unit.label("uom"), table.c.rate, func.nullif(table.c.minimum_quantity, 0).label(
             "minimum_quantity"), table.c.valid_from, table.c.valid_until], table.c.price_list_id,
            [item, unit, table.c.minimum_quantity, table.c.valid_from.nulls_first()])


def _code_of(section: str, table: Table, column: str) -> Any:
    from sqlalchemy import select

    other = READABLE[section].table.alias()
    return select(other.c.code).where(
        other.c.organization_id == table.c.organization_id, other.c.id == table.c[column]).scalar_subquery()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | str) else str(value)
