"""One master as a masters document has it: every key of its section, references by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.canonical import plain_decimal
from erpdesk.storage.keys import text_key
from erpdesk.storage.master_sections import BY_NAME, Section

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def read_master(
    connection: Connection, organization_id: UUID, section: Section, code: str, owner: str = ""
) -> dict[str, Any] | None:
    """The master of a code, of an owner's where it has one; None when there is none. Empty keys are left out."""
    from sqlalchemy import select

    table = section.table
    columns = [table.c.code.label(section.code)]
    for key, column in section.columns.items():
        if column.kind == "reference":
            other = BY_NAME[column.refers].table.alias()
            code_of = select(other.c.code).where(
                other.c.organization_id == table.c.organization_id, other.c.id == table.c[column.name]
            )
            columns.append(code_of.scalar_subquery().label(key))
        else:
            columns.append(table.c[column.name].label(key))
    found = select(*columns).where(table.c.organization_id == organization_id, table.c.code_key == text_key(code))
    if section.owner:
        of = section.columns[section.owner]
        owners = BY_NAME[of.refers].table.alias()
        found = found.where(table.c[of.name].in_(select(owners.c.id).where(
            owners.c.organization_id == organization_id, owners.c.code_key == text_key(owner))))  # fmt: skip
    row = connection.execute(found).mappings().first()
    return None if row is None else {key: _plain(value) for key, value in row.items() if value is not None}


def read_codes(connection: Connection, organization_id: UUID, section: str) -> list[tuple[str, str]]:
    """Code and name of every master of a section, by code."""
    from sqlalchemy import select

    table = BY_NAME[section].table
    rows = connection.execute(
        select(table.c.code, table.c.name).where(table.c.organization_id == organization_id)
        .order_by(table.c.code_key)
    )  # fmt: skip
    return [(row.code, row.name or row.code) for row in rows.all()]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | str) else str(value)
