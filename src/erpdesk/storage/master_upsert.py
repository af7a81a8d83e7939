"""Masters created or changed by code: sets of objects in, one outcome an object out, few statements.

Keys that an object doesn't give stay as they are. An object with a fault is left out, and so is every object
that refers to it; the others are written. What the books already rest on (an item's unit or valuation, an
account's nature) can't change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage import bulk, master_parts, master_trees, master_use
from erpdesk.storage.keys import new_id, text_key
from erpdesk.storage.master_candidate import (
    GIVEN_TWICE,
    NAME_TAKEN,
    UNKNOWN_REFERENCE,
    WRONG_VALUE,
    Candidate,
    MasterObject,
    MasterOutcome,
)
from erpdesk.storage.master_currencies import SECTION as CURRENCIES
from erpdesk.storage.master_currencies import upsert_currencies
from erpdesk.storage.master_directory import Directory, Key
from erpdesk.storage.master_sections import SECTIONS, MasterColumn, Section

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def upsert_masters(
    connection: Connection,
    organization_id: UUID,
    objects: Mapping[str, Sequence[MasterObject]],
    *,
    only_missing: bool = False,
) -> list[MasterOutcome]:
    """Writes the objects of each section, in the order of references; outcomes follow that order too.

    With `only_missing` what is there stays untouched (seeding).
    """
    directory = Directory(connection, organization_id)
    written: dict[str, list[Candidate]] = {}
    for section in SECTIONS:
        if objects.get(section.name):
            written[section.name] = _write_section(directory, section, objects[section.name], only_missing)
    master_parts.write_rates(directory, written.get("price_lists", ()))
    currencies = upsert_currencies(directory, objects.get(CURRENCIES, ()), only_missing=only_missing)
    return currencies + [
        _outcome(section, one, only_missing) for section in SECTIONS for one in written.get(section.name, ())
    ]


def _write_section(
    directory: Directory, section: Section, given: Sequence[MasterObject], only_missing: bool
) -> list[Candidate]:
    candidates = _candidates(directory, section, given)
    _convert(directory, section, candidates)
    if "parent" in section.columns:
        master_trees.check_parents(directory, section, candidates)
    master_parts.check_parts(directory, section, candidates)
    if section.unique_names:
        _check_names(directory, section, candidates)
    master_use.check_changes(directory, section, candidates, only_missing=only_missing)
    accepted = [one for one in candidates if not one.faults]
    _insert(directory, section, accepted)
    if not only_missing:
        _update(directory, section, accepted)
    master_parts.write_parts(directory, section, accepted, only_missing)
    return candidates


def _candidates(directory: Directory, section: Section, given: Sequence[MasterObject]) -> list[Candidate]:
    """The objects joined with the rows that are there; a code given twice is refused the second time."""
    if section.owner:
        directory.know(section.columns[section.owner].refers, (one.values[section.owner] for one in given))
    keys = [_key(section, one) for one in given]
    rows = directory.existing(section, keys)
    seen: set[Key] = set()
    made = []
    for source, key in zip(given, keys, strict=True):
        before = rows.get(key)
        one = Candidate(
            source, key, source.values[section.code], before["id"] if before else new_id(), before
        )
        if key in seen:
            one.refuse(
                GIVEN_TWICE, section.code, f"The {section.noun} {one.code} is given twice in this file."
            )
        seen.add(key)
        made.append(one)
    return made


def _key(section: Section, source: MasterObject) -> Key:
    owner = text_key(source.values[section.owner]) if section.owner else ""
    return owner, text_key(source.values[section.code])


def _convert(directory: Directory, section: Section, candidates: Sequence[Candidate]) -> None:
    """Values of the document become values of columns; references become ids."""
    for name, column in section.columns.items():
        if column.kind == "reference" and column.refers != section.name:
            directory.know(column.refers, (v for one in candidates if (v := one.source.values.get(name))))
    for one in candidates:
        one.after |= {"code": one.code, "code_key": one.key[1]} if one.before is None else {}
        for name, column in section.columns.items():
            if name in one.source.values and name != "parent":
                one.after[column.name] = _value(directory, one, name, column)
        if section.has_name:
            _complete_name(section, one)


def _complete_name(section: Section, one: Candidate) -> None:
    if one.before is None and not one.after.get("name"):
        one.after["name"] = one.code
    if section.has_name_key and "name" in one.after:
        one.after["name_key"] = text_key(one.after["name"])


def _value(directory: Directory, one: Candidate, name: str, column: MasterColumn) -> Any:
    given = one.source.values[name]
    if given is None:
        return None
    if column.kind == "reference":
        found = directory.find(column.refers, given)
        if found is None:
            one.refuse(UNKNOWN_REFERENCE, name, f'There is no {_noun(column.refers)} "{given}".')
        return found
    try:
        return as_value(column.kind, given)
    except ValueError:
        one.refuse(WRONG_VALUE, name, f'{one.source.path}.{name}: "{given}" is no {column.kind}.')
        return None


def as_value(kind: str, given: Any) -> Any:
    """A value of a document as Python keeps it; raises ValueError."""
    if kind == "whole":
        return int(given)
    if kind == "decimal":
        return Decimal(given)
    if kind == "date":
        return date.fromisoformat(given)
    return given.strip() if isinstance(given, str) else given


def _noun(section: str) -> str:
    return next(one.noun for one in SECTIONS if one.name == section)


def _check_names(directory: Directory, section: Section, candidates: Sequence[Candidate]) -> None:
    """Names are unique in an organization, without regard to case."""
    from sqlalchemy import select

    from erpdesk.storage.master_directory import any_of

    named = {one.after["name_key"]: one for one in reversed(candidates) if "name_key" in one.changes}
    if not named:
        return
    table = section.table
    rows = directory.connection.execute(
        select(table.c.name_key, table.c.id, table.c.code).where(
            table.c.organization_id == directory.organization_id, any_of(table.c.name_key, sorted(named))
        )
    ).all()
    renamed = {one.id: one.after["name_key"] for one in candidates if "name_key" in one.changes}
    taken = {row.name_key: row.code for row in rows if renamed.get(row.id, row.name_key) == row.name_key}
    for one in candidates:
        if "name_key" not in one.changes:
            continue
        holder = taken.setdefault(one.after["name_key"], one.code)
        if text_key(holder) != one.key[1]:
            one.refuse(
                NAME_TAKEN, "name", f'The name "{one.after["name"]}" belongs to {section.noun} {holder}.'
            )


def _insert(directory: Directory, section: Section, accepted: Sequence[Candidate]) -> None:
    new = [one for one in accepted if one.before is None]
    for one in new:
        if not section.owner:
            directory.add(section.name, one.code, one.id)
    for level in master_trees.levels(new):
        rows = [{"organization_id": directory.organization_id, "id": one.id, **one.after} for one in level]
        for group in bulk.grouped_by_columns(rows):
            bulk.insert_rows(directory.connection, section.table, group)


def _update(directory: Directory, section: Section, accepted: Sequence[Candidate]) -> None:
    rows = [
        {"organization_id": directory.organization_id, "id": one.id, **one.changes}
        for one in accepted
        if one.before is not None and one.changes
    ]
    for group in bulk.grouped_by_columns(rows):
        bulk.update_rows(directory.connection, section.table, group, ("organization_id", "id"))


def _outcome(section: Section, one: Candidate, only_missing: bool) -> MasterOutcome:
    shown = one.code if not section.owner else f"{one.source.values[section.owner]}/{one.code}"
    if one.faults:
        status = "refused"
    elif one.before is None:
        status = "created"
    else:
        changed = one.parts_changed or (bool(one.changes) and not only_missing)
        status = "updated" if changed else "unchanged"
    return MasterOutcome(one.source.path, section.noun, shown, status, tuple(one.faults))
