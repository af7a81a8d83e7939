"""What hangs on a master: alternate units of items, rates of price lists, roles of accounts.

The alternate units given are all there are; rates and roles given are added to those there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.pricing import Validity
from erpdesk.storage import bulk
from erpdesk.storage.keys import new_id
from erpdesk.storage.master_candidate import GIVEN_TWICE, UNKNOWN_REFERENCE, WRONG_VALUE, Candidate
from erpdesk.storage.master_directory import Directory, any_of, read_rows
from erpdesk.storage.master_sections import Section
from erpdesk.storage.master_use import units_there
from erpdesk.storage.tables import items, ledger


def check_parts(directory: Directory, section: Section, candidates: Sequence[Candidate]) -> None:
    """Faults of the parts, found before anything is written."""
    if section.name == "items":
        directory.know("uoms", (unit["uom"] for one in candidates for unit in _units(one)))
        for one in candidates:
            _check_units(directory, one)
    if section.name == "batches":
        for one in candidates:
            _check_batch_days(one)


def write_parts(
    directory: Directory, section: Section, accepted: Sequence[Candidate], only_missing: bool
) -> None:
    """Writes the parts of masters that were accepted; marks those as changed whose parts changed."""
    if section.name == "items":
        _write_units(directory, accepted)
    if section.name == "accounts":
        _write_roles(directory, accepted, only_missing)


def _units(one: Candidate) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = one.source.values.get("alternate_units") or []
    return given


def _check_units(directory: Directory, one: Candidate) -> None:
    own = one.after.get("uom_id") or (one.before["uom_id"] if one.before else None)
    seen = {own}
    for place, unit in enumerate(_units(one)):
        found = directory.find("uoms", unit["uom"])
        where = f"alternate_units[{place}].uom"
        if found is None:
            one.refuse(UNKNOWN_REFERENCE, where, f'There is no uom "{unit["uom"]}".')
        elif found in seen:
            one.refuse(GIVEN_TWICE, where, f"{unit['uom']} is already a unit of item {one.code}.")
        seen.add(found)


def _check_batch_days(one: Candidate) -> None:
    made = one.after.get("manufactured_on", one.before["manufactured_on"] if one.before else None)
    ends = one.after.get("expires_on", one.before["expires_on"] if one.before else None)
    if made and ends and ends < made:
        one.refuse(WRONG_VALUE, "expires", f"Batch {one.code} would expire before it was manufactured.")


def _write_units(directory: Directory, accepted: Sequence[Candidate]) -> None:
    from sqlalchemy import delete

    given = {one.id: one for one in accepted if "alternate_units" in one.source.values}
    if not given:
        return
    table, connection = items.item_uom, directory.connection
    mine = table.c.organization_id == directory.organization_id
    there = units_there(directory, sorted(made for made, one in given.items() if one.before is not None))
    wanted: dict[tuple[UUID, UUID], Decimal] = {}
    for made, one in given.items():
        for unit in _units(one):
            found = directory.find("uoms", unit["uom"])
            assert found is not None
            wanted[made, found] = Decimal(unit["factor"])
    differing = {key for key in there.keys() | wanted.keys() if there.get(key) != wanted.get(key)}
    for made, _ in differing:
        given[made].parts_changed = True
    gone = differing & there.keys()
    if gone:
        from sqlalchemy import Uuid, cast, func
        from sqlalchemy.dialects.postgresql import ARRAY

        pairs = func.unnest(
            cast([item for item, _ in gone], ARRAY(Uuid)), cast([unit for _, unit in gone], ARRAY(Uuid))
        ).table_valued("item_id", "uom_id").render_derived(name="gone")
        connection.execute(
            delete(table).where(mine, table.c.item_id == pairs.c.item_id, table.c.uom_id == pairs.c.uom_id)
        )
    bulk.insert_rows(
        connection,
        table,
        [
            {
                "organization_id": directory.organization_id,
                "item_id": item,
                "uom_id": unit,
                "factor": wanted[item, unit],
            }
            for item, unit in sorted(differing & wanted.keys())
        ],
    )


def _write_roles(directory: Directory, accepted: Sequence[Candidate], only_missing: bool) -> None:
    from sqlalchemy import select
    from sqlalchemy.dialects.postgresql import insert

    given = {role: one for one in accepted for role in _roles_of(one)}
    if not given:
        return
    table, connection = ledger.account_role, directory.connection
    rows = connection.execute(
        select(table.c.role, table.c.account_id).where(table.c.organization_id == directory.organization_id)
    )
    there = {row.role: row.account_id for row in rows}
    changed = {
        role: one
        for role, one in given.items()
        if there.get(role) != one.id and not (only_missing and role in there)
    }
    if not changed:
        return
    for one in changed.values():
        one.parts_changed = True
    statement = insert(table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["organization_id", "role"], set_={"account_id": statement.excluded.account_id}
        ),
        [
            {"organization_id": directory.organization_id, "role": role, "account_id": one.id}
            for role, one in changed.items()
        ],
    )


def _roles_of(one: Candidate) -> Sequence[str]:
    given = one.source.values.get("role") or ()
    return (given,) if isinstance(given, str) else given


def write_rates(directory: Directory, lists: Sequence[Candidate]) -> None:
    """Rates of price lists, written after the items that they name."""
    from sqlalchemy import select

    table = items.price_list_rate
    with_rates = [one for one in lists if not one.faults and one.source.values.get("rates")]
    if not with_rates:
        return
    rates = [rate for one in with_rates for rate in one.source.values["rates"]]
    directory.know("items", (rate["item"] for rate in rates))
    directory.know("uoms", (rate["uom"] for rate in rates))
    statement = select(table).where(
        table.c.organization_id == directory.organization_id,
        any_of(table.c.price_list_id, sorted(one.id for one in with_rates)),
    )
    there = {_rate_key(row): row for row in read_rows(directory.connection, statement)}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for one in with_rates:
        rows = [
            (place, row)
            for place, rate in enumerate(one.source.values["rates"])
            if (row := _rate_row(directory, one, f"rates[{place}]", rate)) is not None
        ]
        _check_breaks(one, rows, [row for row in there.values() if row["price_list_id"] == one.id])
        for _, row in rows if not one.faults else ():
            before = there.get(_rate_key(row))
            if before is None:
                made = {"organization_id": directory.organization_id, "id": new_id(), **row}
                there[_rate_key(row)] = made
                new.append(made)
                one.parts_changed = True
            elif any(before[name] != row[name] for name in ("rate", "valid_until")):
                changed.append(
                    {
                        "organization_id": directory.organization_id,
                        "id": before["id"],
                        "rate": row["rate"],
                        "valid_until": row["valid_until"],
                    }
                )
                one.parts_changed = True
    bulk.insert_rows(directory.connection, table, new)
    bulk.update_rows(directory.connection, table, changed, ("organization_id", "id"))


def _check_breaks(
    one: Candidate, rows: Sequence[tuple[int, dict[str, Any]]], there: Sequence[dict[str, Any]]
) -> None:
    """Of one item, unit and quantity break no two rates hold on the same day, those there are included."""
    taken: dict[tuple[Any, ...], list[tuple[Validity, int | None]]] = {}
    given = {_rate_key(row) for _, row in rows}
    for row in there:
        if _rate_key(row) not in given:
            validity = Validity(row["valid_from"], row["valid_until"])
            taken.setdefault(_break(row), []).append((validity, None))
    for place, row in rows:
        validity, where = Validity(row["valid_from"], row["valid_until"]), f"rates[{place}]"
        if validity.is_never:
            one.refuse(WRONG_VALUE, f"{where}.valid_until", "The rate would end before it begins.")
        for other, at in taken.setdefault(_break(row), []):
            if validity.overlaps(other):
                what = "a rate that is there" if at is None else f"rates[{at}]"
                one.refuse(
                    WRONG_VALUE,
                    f"{where}.valid_from",
                    f"The rate holds on days of {what}, for the same item, unit and quantity;"
                    " give one an end before the other begins.",
                )
                break
        taken[_break(row)].append((validity, place))


def _break(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["item_id"], row["uom_id"], row["minimum_quantity"])


def _rate_key(row: Any) -> tuple[Any, ...]:
    return (row["price_list_id"], row["item_id"], row["uom_id"], row["minimum_quantity"], row["valid_from"])


def _rate_row(
    directory: Directory, one: Candidate, where: str, rate: dict[str, Any]
) -> dict[str, Any] | None:
    item, uom = directory.find("items", rate["item"]), directory.find("uoms", rate["uom"])
    if item is None:
        one.refuse(UNKNOWN_REFERENCE, f"{where}.item", f'There is no item "{rate["item"]}".')
    if uom is None:
        one.refuse(UNKNOWN_REFERENCE, f"{where}.uom", f'There is no uom "{rate["uom"]}".')
    try:
        days = {
            name: date.fromisoformat(rate[name]) if rate.get(name) else None
            for name in ("valid_from", "valid_until")
        }
    except ValueError as error:
        one.refuse(WRONG_VALUE, where, f"A date of the rate doesn't exist: {error}.")
        return None
    if item is None or uom is None:
        return None
    return {
        "price_list_id": one.id,
        "item_id": item,
        "uom_id": uom,
        "rate": Decimal(rate["rate"]),
        "minimum_quantity": Decimal(rate.get("minimum_quantity") or 0),
        **days,
    }
