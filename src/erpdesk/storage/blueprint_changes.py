"""Changed blueprints: rows brought to what a new blueprint says, and its next version kept.

A part's row that stays what it was isn't touched; one that means the same thing (a charge of the same code)
is changed in place; the rest comes and goes. Whoever read an older version changes nothing: CFG-025.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.canonical import canonical_json
from erpdesk.blueprints.codec import encode
from erpdesk.blueprints.rows import LineConfig, VoucherType
from erpdesk.domain.results import ConflictError
from erpdesk.storage import bulk
from erpdesk.storage.blueprints import (
    PARTS,
    StoredBlueprint,
    ids_of_codes,
    part_values,
    row_columns,
    version_row,
)
from erpdesk.storage.keys import new_id
from erpdesk.storage.tables import configuration as t

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

Row = Mapping[str, Any]
Change = tuple[StoredBlueprint, Blueprint]

_SAME: Mapping[str, Callable[[Row], Any]] = {
    "charges": lambda row: row["code"],
    "udfs": lambda row: (row["scope"], row["key"]),
    "field_rules": lambda row: (
        row["field"], row["scope"], row["scope_value"], canonical_json(row["condition"])),
    "series": lambda row: (row["code"], row["branch_id"], row["valid_from"]),
    "approval": lambda row: (row["level"], row["role"], row["user_name"], row["branch_id"],
                             row["cost_centre_id"], row["minimum_amount"]),
}
"""What makes a stored row and a new one the same row."""


def change_blueprints(connection: Connection, organization_id: UUID, changes: Sequence[Change]) -> None:
    """Writes each blueprint over the stored one as its next version. Raises ConflictError CFG-025 when a
    stored one is no longer current, InvalidRequest CFG-007 for a code that names nothing."""
    if not changes:
        return
    _lock(connection, organization_id, changes)
    ids = ids_of_codes(connection, organization_id, [blueprint for _, blueprint in changes])
    for stored, wanted in changes:
        blueprint = replace(wanted, version=stored.blueprint.version + 1)
        own = {"organization_id": organization_id, "id": stored.id, "version": blueprint.version}
        columns = row_columns(VoucherType, blueprint.voucher_type, ids, blueprint.code)
        bulk.update_rows(connection, t.voucher_config_master, [own | columns], ("organization_id", "id"))
        lines = row_columns(LineConfig, blueprint.lines, ids, blueprint.code)
        _reconcile(connection, organization_id, stored.id, t.inventory_line_config, [lines], lambda _row: "")
        for part, (table, kind) in PARTS.items():
            rows = [
                row_columns(kind, value, ids, blueprint.code)
                | ({"sequence": place} if part == "field_rules" else {})
                for place, value in enumerate(part_values(blueprint, part), start=1)
            ]
            _reconcile(connection, organization_id, stored.id, table, rows, _SAME[part])
        bulk.insert_rows(
            connection, t.blueprint_version, [version_row(organization_id, stored.id, blueprint)])


def _lock(connection: Connection, organization_id: UUID, changes: Sequence[Change]) -> None:
    """Holds the types' rows until the end of the transaction, in the order of their ids: FOR UPDATE, so that
    posts under way, which hold them by their foreign keys, are waited for, and later ones wait."""
    from sqlalchemy import select, text

    from erpdesk.storage.master_directory import any_of

    connection.execute(text("SET LOCAL lock_timeout = '15s'"))
    table = t.voucher_config_master
    rows = connection.execute(
        select(table.c.id, table.c.version)
        .where(table.c.organization_id == organization_id, any_of(table.c.id, [one.id for one, _ in changes]))
        .order_by(table.c.id)
        .with_for_update()
    )
    versions = {row.id: row.version for row in rows}
    for stored, blueprint in changes:
        if versions.get(stored.id) != stored.blueprint.version:
            raise ConflictError(
                "CFG-025", f"{blueprint.code} was changed by somebody else at the same moment.",
                cure="Import again; it is laid over the new state.", retryable=True, field=blueprint.code)


def _reconcile(connection: Connection, organization_id: UUID, voucher_config_id: UUID, table: Table,
               wanted: Sequence[Row], same: Callable[[Row], Any]) -> None:
    """Makes a type's rows of one table those that are wanted."""
    from sqlalchemy import delete, select

    from erpdesk.storage.master_directory import any_of

    mine = (table.c.organization_id == organization_id) & (table.c.voucher_config_id == voucher_config_id)
    there = [dict(row) for row in connection.execute(select(table).where(mine)).mappings()]
    known = {same(_plain(row)): row for row in there}
    kept: set[UUID] = set()
    changed, added = [], []
    for row in wanted:
        found = known.get(same(_plain(row)))
        if found is None or found["id"] in kept:
            added.append({"organization_id": organization_id, "id": new_id(),
                          "voucher_config_id": voucher_config_id, **row})
            continue
        kept.add(found["id"])
        if _plain(row) != _plain({name: found[name] for name in row}):
            changed.append({"organization_id": organization_id, "id": found["id"], **row})
    gone = [row["id"] for row in there if row["id"] not in kept]
    if gone:
        connection.execute(delete(table).where(mine, any_of(table.c.id, gone)))
    for group in bulk.grouped_by_columns(changed):
        bulk.update_rows(connection, table, group, ("organization_id", "id"))
    for group in bulk.grouped_by_columns(added):
        bulk.insert_rows(connection, table, group)


def _plain(row: Row) -> dict[str, Any]:
    """Values of a stored row or a new one in the same form."""
    return {
        name: str(value) if isinstance(value, UUID)
        else value if isinstance(value, dict | list) or hasattr(value, "tzinfo")
        else encode(value)
        for name, value in row.items()
    }  # fmt: skip

