"""Units by serial number as a rehearsal has left them. Rows have the shape in which the server answers `unit_rows`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from erpdesk.domain.results import Fault, InvalidRequest, Step
from erpdesk.posting.plan import Movement, PostingPlan
from erpdesk.posting.resolved import Line, ResolvedVoucher, UnitName

Row = dict[str, Any]

_NUMBERS = ("engine_key", "chassis_key")
_NOWHERE: dict[str, None] = dict.fromkeys((
    "warehouse_id", "warehouse", "bin_id", "bin", "batch_id", "batch", "expires_on", "layer_id", "origin_layer_id",
    "value", "left_with", "came_with",
))  # fmt: skip
_NO_BATCH = {"batch": None, "expires_on": None}


class RehearsedUnits:
    """A running overlay over units as they are, and which vouchers of the rehearsal moved each, latest last;
    a unit whose every voucher was reversed has never been."""

    def __init__(self) -> None:
        self._units: dict[str, Row] = {}
        self._moves: dict[str, tuple[tuple[UUID, Row | None], ...]] = {}
        self._gone: set[str] = set()
        self._words = _Words()

    def copied(self) -> RehearsedUnits:
        """The same, to go back to."""
        made = RehearsedUnits()
        made._units, made._moves, made._gone = dict(self._units), dict(self._moves), set(self._gone)
        made._words = self._words
        return made

    def over(
        self, found: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]], values: Mapping[str, Any]
    ) -> Row:
        """The server's answer with units where the rehearsal has left them, at the `values` of their layers."""
        for row in found["units"] or ():
            self._words.hear(row)
            if row["id"] not in self._gone:
                self._units.setdefault(row["id"], row)
        marks = {(str(row["item_id"]), row.get("key")) for row in wanted}
        marks |= {(name, row.get(name)) for row in wanted for name in _NUMBERS if row.get(name)}
        places = {(str(row["item_id"]), str(row["warehouse_id"])) for row in wanted if row.get("is_all")}
        units = [row for row in self._units.values()
                 if marks & _marks(row) or (row["item_id"], row["warehouse_id"]) in places]  # fmt: skip
        units = [{**row, "value": values.get(row["layer_id"], row["value"])} for row in units]
        return {"units": units, "there": found["there"]}

    def told(self, counted: Iterable[Row]) -> list[Row]:
        """Rows of what was there on a day; those of units with number, bin and batch as the rehearsal knows them."""
        return [{**self._words.of(row), **row} if row["serial_id"] else row for row in counted]

    def enter(self, voucher: ResolvedVoucher, plan: PostingPlan) -> None:
        """Let later vouchers see where units went."""
        self._words.read(voucher)
        made = {unit.id: (line, unit) for line in voucher.lines for part in line.parts for unit in part.units}
        before: dict[str, Row | None] = {}
        for movement in plan.movements:
            if movement.serial_id is None or not movement.quantity:
                continue
            key = str(movement.serial_id)
            before.setdefault(key, self._units.get(key))
            if key not in self._units and movement.serial_id in made:
                self._units[key] = _new_unit(*made[movement.serial_id])
                self._words.hear(self._units[key])
            moved = _moved(voucher, movement, self._units[key])
            self._units[key] = {**self._units[key], **moved, **self._words.places(moved)}
        for key, row in before.items():
            self._moves[key] = (*self._moves.get(key, ()), (voucher.id, row))

    def take_back_plan(self, voucher: ResolvedVoucher, name: str, day: str) -> None:
        """Undo a voucher of the rehearsal on a day: units are where they were. Raises INV-011 when one has moved on."""
        for key, moves in self._moves.items():
            if all(by != voucher.id for by, _ in moves):
                continue
            unit, (last, before) = self._units[key], moves[-1]
            if last != voucher.id:
                raise _moved_on(name, unit)
            if day < unit["last_moved_on"]:
                raise _moved_on(name, unit)
            self._moves[key] = moves[:-1]
            if before is None:
                del self._units[key]
            else:
                moved = before["last_moved_on"] if day == voucher.date.isoformat() else day
                self._units[key] = {**unit, **before, "last_moved_on": moved}

    def take_back(self, left: Iterable[Row], name: str) -> None:
        """A stored voucher is reversed, which leaves its units so. Raises INV-011 when one has moved on."""
        for row in left:
            if self._moves.get(row["id"]):
                raise _moved_on(name, row)
            self._words.hear(row)
            self._units[row["id"]] = row
            if row["warehouse_id"] is None and row["left_with"] is None:
                self._gone.add(row["id"])
                del self._units[row["id"]]


class _Words:
    """What units, bins and batches are called that a rehearsal has met, by id."""

    def __init__(self) -> None:
        self._units: dict[str, Row] = {}
        self._bins: dict[str, str] = {}
        self._batches: dict[str, Row] = {}

    def hear(self, unit: Row) -> None:
        """Remember what a row of `unit_rows` says."""
        self._units[unit["id"]] = {name: unit[name] for name in ("code", "key")}
        if unit["bin_id"]:
            self._bins[unit["bin_id"]] = unit["bin"]
        if unit["batch_id"]:
            self._batches[unit["batch_id"]] = {name: unit[name] for name in ("batch", "expires_on")}

    def read(self, voucher: ResolvedVoucher) -> None:
        """Remember what a voucher names."""
        for part in (part for line in voucher.lines for part in line.parts):
            self._bins |= {str(one.id): one.code for one in (part.bin, part.to_bin) if one}
            if part.batch and part.batch.code:
                expires = part.batch.expires_on.isoformat() if part.batch.expires_on else None
                self._batches[str(part.batch.id)] = {"batch": part.batch.code, "expires_on": expires}

    def places(self, row: Mapping[str, Any]) -> Row:
        """The names of the bin and the batch of a row."""
        return {"bin": self._bins.get(row["bin_id"]), **self._batches.get(row["batch_id"], _NO_BATCH)}

    def of(self, row: Mapping[str, Any]) -> Row:
        """The numbers of the unit of a row, with the names of its bin and batch."""
        return {**self._units.get(row["serial_id"], {}), **self.places(row)}


def _moved_on(name: str, unit: Row) -> InvalidRequest:
    said = f"{name[:80]} can't be reversed: serial number {unit['code']} of {unit['item']} has moved on since"
    return InvalidRequest((Fault("INV-011", said, "of", Step.INVENTORY),))


def _marks(row: Mapping[str, Any]) -> set[tuple[str, Any]]:
    """What a unit is known by: serial number of its item, engine and chassis number."""
    return {(row["item_id"], row["key"]), *((name, row[name]) for name in _NUMBERS if row[name])}


def _new_unit(line: Line, unit: UnitName) -> Row:
    """The row of a unit that the rehearsal brings into being."""
    return {
        **_NOWHERE, "id": str(unit.id), "item_id": str(unit.item_id), "item": line.item.named if line.item else "",
        "code": unit.code, "key": unit.key, "engine_key": unit.engine_key, "chassis_key": unit.chassis_key,
        "batch_is_active": True,
    }  # fmt: skip


def _moved(voucher: ResolvedVoucher, movement: Movement, unit: Row) -> Row:
    """Where a movement leaves its unit."""
    came = movement.quantity > 0
    line = {"voucher_id": str(voucher.id), "line_number": movement.line_number}
    ids = {
        "warehouse_id": movement.warehouse_id, "bin_id": movement.bin_id, "batch_id": movement.batch_id,
        "layer_id": movement.layer_id,
    }  # fmt: skip
    names = {place.id: place.named for line in voucher.lines for part in line.parts
             for place in (part.warehouse, part.to_warehouse) if place}  # fmt: skip
    batch = {"batch_id": str(movement.batch_id) if movement.batch_id else None, "batch": unit["batch"]}
    return {
        **{name: str(one) if came and one else None for name, one in ids.items()},
        "warehouse": names.get(movement.warehouse_id) if came else None, "value": movement.value if came else None,
        "last_moved_on": voucher.date.isoformat(), "left_with": None if came else line | batch,
        "came_with": line if movement.kind == "in" else unit["came_with"],
    }  # fmt: skip
