"""Units by serial number while one plan is made: where each is, and whether it may leave or come.

A unit is in stock in one place or nowhere. It leaves from where it is, with the cost of its own layer; it comes only
when it is nowhere; and it moves in the order of dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.results import Fault, Step
from erpdesk.posting.resolved import Line, UnitName


@dataclass(slots=True)
class Unit:
    """A known unit and its place as locked; `value` is what is left of its layer, None in a pool."""

    id: UUID
    item_id: UUID
    item: str
    code: str
    key: str
    warehouse_id: UUID | None
    warehouse: str | None
    bin_id: UUID | None
    bin: str | None
    batch_id: UUID | None
    batch: str | None
    batch_is_active: bool
    expires_on: date | None
    last_moved_on: date | None
    layer_id: UUID | None
    origin_layer_id: UUID | None
    value: Decimal | None
    engine_key: str | None
    chassis_key: str | None
    left_with: tuple[UUID, int] | None
    left_batch: tuple[UUID | None, str | None]
    came_with: tuple[UUID, int] | None

    def left_otherwise(self, batch: str) -> str:
        """What is said of a unit that comes back as another batch than it left as."""
        if self.left_batch[1]:
            return f"Serial number {self.code} of {self.item} left as batch {self.left_batch[1]}, not as batch {batch}"
        return f"Serial number {self.code} of {self.item} left without a batch, not as batch {batch}"


class UnitState:
    """The units that a plan names, by serial, engine and chassis number."""

    def __init__(self, found: Mapping[str, Any] | None) -> None:
        self._by_key: dict[tuple[UUID, str], Unit] = {}
        self._by_number: dict[tuple[str, str], Unit] = {}
        self._there: dict[tuple[UUID, UUID], list[str]] = {}
        for row in (found or {}).get("units") or ():
            unit = _unit(row)
            self._by_key[unit.item_id, row["key"]] = unit
            for name in ("engine_key", "chassis_key"):
                if row[name]:
                    self._by_number[name, row[name]] = unit
        for row in (found or {}).get("there") or ():
            if row["warehouse_id"]:
                self._there[UUID(row["item_id"]), UUID(row["warehouse_id"])] = list(row["codes"] or ())

    def in_place(self, item: UUID, warehouse: UUID) -> list[Unit]:
        """Units of an item that the books have in a warehouse, as far as they were read."""
        return [unit for unit in self._by_key.values() if (unit.item_id, unit.warehouse_id) == (item, warehouse)]

    def named(self, name: UnitName) -> Unit | None:
        """The unit that a line means."""
        if name.key is not None:
            return self._by_key.get((name.item_id, name.key))
        found = self._by_number.get(("chassis_key", name.chassis_key or ""))
        return found or self._by_number.get(("engine_key", name.engine_key or ""))

    def leave(
        self, part: Line, name: UnitName, day: date, *, skip_expired: bool, is_return: bool = False
    ) -> Unit | Fault:
        """The unit as it stands, if it may leave the part's place; then it is nowhere. A return gives back what came
        with the line it names."""
        assert part.item is not None
        assert part.warehouse is not None
        unit, place = self.named(name), part.warehouse
        if unit is None or unit.item_id != part.item.id:
            return _fault(part, "INV-008", f"{part.item.named} has no serial number {name.code}", name)
        if not _has_numbers(unit, name):
            return _fault(part, "INV-008", f"{name.code} of {unit.item} has another engine or chassis number", name)
        if unit.warehouse_id != place.id:
            where = f"it is in {unit.warehouse}" if unit.warehouse_id else "it is not in stock"
            there = self._there.get((part.item.id, place.id), [])
            told = _told(place.named, there)
            said = f"Serial number {unit.code} of {unit.item} is not in {place.named}: {where}{told}"
            return _fault(part, "INV-001", said, name, {"holds": there, "is_in": unit.warehouse})
        if part.bin is not None and unit.bin_id != part.bin.id:
            where = f"bin {unit.bin}" if unit.bin else "no bin"
            said = f"Serial number {unit.code} of {unit.item} is in {where}, not {part.bin.code}"
            return _fault(part, "INV-001", said, name)
        if part.is_within and part.bin is None and unit.bin_id is not None:
            said = f"Serial number {unit.code} of {unit.item} is in bin {unit.bin}: name the bin that it leaves"
            return _fault(part, "INV-001", said, name)
        if part.batch is not None and unit.batch_id != part.batch.id:
            said = f"Serial number {unit.code} of {unit.item} is of batch {unit.batch}, not {part.batch.code}"
            return _fault(part, "INV-001", said, name)
        if unit.last_moved_on is not None and day < unit.last_moved_on:
            said = f"Serial number {unit.code} of {unit.item} moved on {unit.last_moved_on}: it can't leave before"
            return _fault(part, "INV-008", said, name)
        if is_return and part.goods_from is not None and unit.came_with != part.goods_from:
            assert part.source is not None
            said = f"Serial number {unit.code} of {unit.item} did not come with {part.source.name}"
            return _fault(part, "INV-008", said, name)
        if not unit.batch_is_active:
            return _fault(part, "INV-007", f"Batch {unit.batch} of {unit.item} is not active", name)
        if skip_expired and unit.expires_on is not None and unit.expires_on < day:
            return _fault(part, "INV-009", f"Batch {unit.batch} of {unit.item} expired on {unit.expires_on}", name)
        unit.warehouse_id = None
        return unit

    def come(
        self, part: Line, name: UnitName, day: date, *, is_return: bool
    ) -> tuple[UUID, UUID | None] | Fault:
        """The id and batch of a unit that enters stock, if it is nowhere; a return brings back what has left before, as
        the batch that it left as."""
        assert part.item is not None
        unit = self.named(name)
        if unit is None and (other := self._numbered_otherwise(name)) is not None:
            said = f"The engine or chassis number of {name.code} is that of {other.code} of {other.item}"
            return _fault(part, "INV-008", said, name)
        if unit is None:
            if is_return:
                return _fault(part, "INV-008", f"{part.item.named} has no serial number {name.code}", name)
            return name.id, part.batch.id if part.batch else None
        if unit.warehouse_id is not None:
            said = f"Serial number {unit.code} of {unit.item} is in stock already, in {unit.warehouse}"
            return _fault(part, "INV-008", said, name)
        if unit.item_id != part.item.id or not _has_numbers(unit, name):
            return _fault(part, "INV-008", f"{name.code} is known with another engine or chassis number", name)
        if unit.last_moved_on is not None and day < unit.last_moved_on:
            said = f"Serial number {unit.code} of {unit.item} left on {unit.last_moved_on}: it can't come before"
            return _fault(part, "INV-008", said, name)
        if is_return and part.goods_from is not None and unit.left_with != part.goods_from:
            assert part.source is not None
            said = f"Serial number {unit.code} of {unit.item} did not leave with {part.source.name}"
            return _fault(part, "INV-008", said, name)
        batch_id, _ = unit.left_batch
        if is_return and part.batch is not None and part.batch.id != batch_id:
            return _fault(part, "INV-008", unit.left_otherwise(part.batch.code), name)
        unit.warehouse_id = part.warehouse.id if part.warehouse else None
        unit.warehouse = part.warehouse.named if part.warehouse else None
        return unit.id, batch_id if is_return else part.batch.id if part.batch else None

    def _numbered_otherwise(self, name: UnitName) -> Unit | None:
        found = self._by_number.get(("engine_key", name.engine_key or ""))
        return found or self._by_number.get(("chassis_key", name.chassis_key or ""))


def _has_numbers(unit: Unit, name: UnitName) -> bool:
    """Whether engine and chassis number, where named, are the unit's."""
    return name.engine_key in (None, unit.engine_key) and name.chassis_key in (None, unit.chassis_key)


def _told(warehouse: str, codes: list[str]) -> str:
    """What a warehouse holds, five at most."""
    if not codes:
        return ""
    more = " and others" if len(codes) > 5 else ""
    return f"; {warehouse} holds {', '.join(codes[:5])}{more}"


def _fault(
    part: Line, code: str, said: str, name: UnitName, details: Mapping[str, Any] | None = None
) -> Fault:
    return Fault(code, said, f"{part.path}.serials", Step.INVENTORY, {"serial": name.code, **(details or {})})


def _unit(row: Mapping[str, Any]) -> Unit:
    left, came = row["left_with"], row["came_with"]
    return Unit(
        UUID(row["id"]), UUID(row["item_id"]), row["item"], row["code"], row["key"],
        _id(row["warehouse_id"]), row["warehouse"], _id(row["bin_id"]), row["bin"], _id(row["batch_id"]),
        row["batch"], row["batch_is_active"] is not False,
        _day(row["expires_on"]), _day(row["last_moved_on"]), _id(row["layer_id"]), _id(row["origin_layer_id"]),
        None if row["value"] is None else Decimal(row["value"]), row["engine_key"], row["chassis_key"],
        (UUID(left["voucher_id"]), left["line_number"]) if left else None,
        (_id(left["batch_id"]), left["batch"]) if left else (None, None),
        (UUID(came["voucher_id"]), came["line_number"]) if came else None,
    )  # fmt: skip


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
