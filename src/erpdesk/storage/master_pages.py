"""Masters in the order of their codes, a page at a time at any depth: a page begins at a master, never at a count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from erpdesk.storage.keys import text_key
from erpdesk.storage.master_directory import any_of
from erpdesk.storage.master_reading import (
    KEY,
    OWNER_KEY,
    key_of_code,
    masters_selected,
)
from erpdesk.storage.master_sections import READABLE, Section

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.engine import Connection


class Place(NamedTuple):
    """Where a master stands: the key of its owner (empty without one) and its own."""

    owner: str
    key: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which masters: what code, name or alias hold, active ones or others (None: all), values that fields have."""

    text: str = ""
    is_active: bool | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def read_page(connection: Connection, organization_id: UUID, section: Section, wanted: Wanted, place: Place | None,
              limit: int | None, *, forward: bool = True, inclusive: bool = False) -> list[Mapping[str, Any]]:
    """The masters after a place (or before it), or the first (the last), in order; `inclusive` has the one there."""
    found, owner_key, key = _wanted(section, organization_id, wanted)
    if place is not None:
        found = found.where(_beyond(owner_key, key, place, forward=forward, inclusive=inclusive))
    order = [one for one in (owner_key, key) if one is not None]
    found = found.order_by(*(one if forward else one.desc() for one in order))
    if limit is not None:
        found = found.limit(limit)
    rows = list(connection.execute(found).mappings().all())
    return rows if forward else rows[::-1]  # type: ignore[return-value]


def place_of(row: Mapping[str, Any]) -> Place:
    """Where a master that was read stands."""
    return Place(row.get(OWNER_KEY) or "", row[KEY])


def read_named(connection: Connection, organization_id: UUID, section: Section, wanted: Wanted,
               places: Sequence[Place]) -> list[Mapping[str, Any]]:
    """Those of these masters that are wanted, in the order given."""
    from sqlalchemy import tuple_

    if not places:
        return []
    found, owner_key, key = _wanted(section, organization_id, wanted)
    if owner_key is None:
        found = found.where(any_of(key, [place.key for place in places]))
    else:
        found = found.where(tuple_(owner_key, key).in_([tuple(place) for place in places]))
    read: list[Mapping[str, Any]] = list(connection.execute(found).mappings().all())  # type: ignore[arg-type]
    rows = {place_of(row): row for row in read}
    return [rows[place] for place in places if place in rows]


def how_many(connection: Connection, organization_id: UUID, section: Section, wanted: Wanted, most: int) -> int:
    """How many there are, counted up to `most`."""
    from sqlalchemy import func, select

    found, _, key = _wanted(section, organization_id, wanted)
    counted = found.with_only_columns(key).limit(most).subquery()
    return int(connection.execute(select(func.count()).select_from(counted)).scalar_one())


def place_of_code(section: Section, code: str, owner: str) -> Place:
    """Where a master of a code stands."""
    return Place(text_key(owner) if section.owner else "", key_of_code(section, code))


def _wanted(section: Section, organization_id: UUID, wanted: Wanted) -> tuple[Select[Any], Any, Any]:
    from sqlalchemy import false, or_, select

    found, owner_key, key = masters_selected(section, organization_id)
    table = section.table
    if wanted.is_active is not None and "is_active" in table.c:
        found = found.where(table.c.is_active == wanted.is_active)
    for name, value in wanted.values.items():
        column = section.columns[name]
        if column.kind == "reference":
            other = READABLE[column.refers]
            found = found.where(table.c[column.name].in_(select(other.table.c.id).where(
                other.table.c.organization_id == organization_id,
                other.table.c.code_key == text_key(value))) if value else false())
        else:
            found = found.where(table.c[column.name] == value)
    if wanted.text:
        held = "%" + "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in text_key(wanted.text)) + "%"
        looked: list[Any] = [key.like(held) if "code_key" in table.c else key.ilike(held)]
        if "name_key" in table.c:
            looked.append(table.c.name_key.like(held))
        elif "name" in table.c:
            looked.append(table.c.name.ilike(held))
        looked += [table.c[name].ilike(held) for name in ("alias", "engine_no", "chassis_no") if name in table.c]
        if owner_key is not None:
            looked.append(owner_key.like(held))
        found = found.where(or_(*looked))
    return found, owner_key, key


def _beyond(owner_key: Any, key: Any, place: Place, *, forward: bool, inclusive: bool) -> Any:
    from sqlalchemy import tuple_

    left = key if owner_key is None else tuple_(owner_key, key)
    right: Any = place.key if owner_key is None else tuple_(place.owner, place.key)
    if inclusive:
        return left >= right if forward else left <= right
    return left > right if forward else left < right
