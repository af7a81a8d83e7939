"""What books, stock and posted vouchers rest on: changes to masters that the database would refuse.

They are asked for before they are written, so that each object of a document has its own faults.

The rules are the database's (`migrations/functions/452_masters_in_use.sql`): it refuses the same of anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage import bulk
from erpdesk.storage.master_candidate import IN_USE, MISFIT, PARENT_CYCLE, Candidate
from erpdesk.storage.master_directory import Directory, any_of
from erpdesk.storage.master_sections import READABLE, Section
from erpdesk.storage.tables import items

if TYPE_CHECKING:
    from sqlalchemy import Row

CODES: Mapping[str, str] = {
    "master_keeps": IN_USE, "unit_keeps_decimals": IN_USE, "unit_keeps_factor": IN_USE, "goods_keep_account": IN_USE,
    "account_fits": MISFIT, "tree_without_circle": PARENT_CYCLE,
}  # fmt: skip
"""What each constraint that guards masters means."""


def key_of_column(table: str, column: str) -> str:
    """What documents call a column of a table of masters."""
    if table == items.item_uom.name:
        return "alternate_units"
    named = (key for section in READABLE.values() if section.table.name == table
             for key, one in section.columns.items() if one.name == column)  # fmt: skip
    return next(named, column)


def check_changes(
    directory: Directory, section: Section, candidates: Sequence[Candidate], *, only_missing: bool
) -> None:
    """Faults of what an object would become; what is there stays untouched with `only_missing`."""
    asked: dict[tuple[Any, ...], list[Candidate]] = {}
    for one in candidates:
        if changes := _guarded(section, one, only_missing):
            asked.setdefault((one.id if one.before else None, *sorted(changes.items())), []).append(one)
    groups = list(asked.items())
    rows = [{"n": number, "id": made, "changes": dict(changes)} for number, ((made, *changes), _) in enumerate(groups)]
    for row in _refused(directory, section.table.name, rows):
        for one in groups[row.n][1]:
            one.refuse(CODES[row.refused_by], key_of_column(section.table.name, row.name), f"{row.said}.")
    if section.name == "items" and not only_missing:
        _check_units(directory, candidates)


def _guarded(section: Section, one: Candidate, only_missing: bool) -> dict[str, Any]:
    """What is to be asked: guarded columns that change; of a new object the accounts that it names."""
    if one.before is not None and only_missing:
        return {}
    changes = {
        column.name: one.changes[column.name]
        for key, column in section.columns.items()
        if column.is_guarded and column.name in one.changes
        and not (one.changes[column.name] is None and one.source.values.get(key) is not None)
    }  # fmt: skip
    if one.before is None:
        accounts = {column.name for column in section.columns.values() if column.refers == "accounts"}
        if not any(changes.get(name) for name in accounts - {"parent_id"}):
            return {}
        changes = {name: value for name, value in changes.items() if name in accounts or section.name == "parties"}
    return changes


def _check_units(directory: Directory, candidates: Sequence[Candidate]) -> None:
    """An alternate unit that vouchers were posted in stays, and holds what it held."""
    given = {one.id: one for one in candidates if one.before is not None and "alternate_units" in one.source.values}
    rows: list[dict[str, Any]] = []
    for (item, unit), factor in units_there(directory, sorted(given)).items():
        place, now = _unit_given(directory, given[item], unit)
        if now != factor:
            rows.append({"n": len(rows), "item_id": item, "uom_id": unit, "place": place})
    for row in _refused(directory, items.item_uom.name, rows):
        asked = rows[row.n]
        given[asked["item_id"]].refuse(CODES[row.refused_by], asked["place"], f"{row.said}.")


def units_there(directory: Directory, of_items: Sequence[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    """What the alternate units of items hold, by item and unit."""
    from sqlalchemy import select

    table = items.item_uom
    if not of_items:
        return {}
    rows = directory.connection.execute(
        select(table.c.item_id, table.c.uom_id, table.c.factor).where(
            table.c.organization_id == directory.organization_id, any_of(table.c.item_id, list(of_items)))
    )  # fmt: skip
    return {(item, unit): factor for item, unit, factor in rows.all()}


def _unit_given(directory: Directory, one: Candidate, unit: UUID) -> tuple[str, Decimal | None]:
    for place, given in enumerate(one.source.values["alternate_units"] or ()):
        if directory.find("uoms", given["uom"]) == unit:
            return f"alternate_units[{place}].factor", Decimal(given["factor"])
    return "alternate_units", None


def _refused(directory: Directory, table: str, rows: Sequence[Mapping[str, Any]]) -> Sequence[Row[Any]]:
    from sqlalchemy import text

    if not rows:
        return ()
    return directory.connection.execute(
        text("SELECT n, refused_by, name, said FROM erpdesk.masters_refused(:organization, :name, CAST(:rows AS jsonb))"
             " ORDER BY n, name"),
        {"organization": directory.organization_id, "name": table, "rows": bulk.json_text(rows)},
    ).all()  # fmt: skip
