"""Units counted in a place, against those that the books had there at the end of the count's date.

A unit counted where the books had it is left alone, whatever became of it since. What was lost or found moves now,
which can be written only of a unit that has not moved after that date. In another bin or batch of the warehouse than
the books had it a unit is refused, not moved: a count says what is there, not how it came there.
"""

from __future__ import annotations

from datetime import date

from erpdesk.domain.keys import key_of
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.counted_places import BookRow, Books, CountedPlace
from erpdesk.posting.resolved import Line, UnitName
from erpdesk.posting.stock_plan import StockPlan
from erpdesk.posting.units import Unit

Found = list[tuple[Line, tuple[UnitName, ...]]]
"""Units by the part of a line that names them."""


def compare_units(stock: StockPlan, place: CountedPlace, books: Books) -> tuple[tuple[UnitName, ...], Found]:
    """The units that nobody found, and those found beyond the books; what can't be written is a fault of the plan."""
    near = [row for row in books.of(place.item, place.warehouse) if row.serial_id is not None and row.quantity > 0]
    there = {key_of(row.code) for row in place.among(near)}
    elsewhere = {key_of(row.code): row for row in near}
    counted: set[str] = set()
    more: Found = []
    for part in place.parts:
        new = []
        for name in part.units:
            unit = stock.units.named(name)
            known = unit.key if unit is not None and unit.item_id == place.item.id else name.named_key
            if known in counted:
                stock.faults.append(_fault(part, "INV-008", f"{name.code} of {place.item.named} stands twice", name))
            elif known not in there:
                fault = _cannot_come(part, name, unit, elsewhere.get(known), stock.voucher.date)
                new += [name] if fault is None else []
                stock.faults += [fault] if fault is not None else []
            counted.add(known)
        if new:
            more.append((part, tuple(new)))
    lost = []
    for row in place.among(near):
        if row.serial_id is None or key_of(row.code) in counted:
            continue
        name = UnitName(row.serial_id, place.item.id, row.code, row.key)
        fault = _cannot_leave(place, name, stock.units.named(name), stock.voucher.date)
        if fault is None:
            lost.append(name)
        else:
            stock.faults.append(fault)
    return tuple(lost), more


def _cannot_come(part: Line, name: UnitName, unit: Unit | None, row: BookRow | None, day: date) -> Fault | None:
    """Why a unit that the books did not have in the place can't enter it."""
    assert part.item is not None
    if row is not None:
        return _fault(part, "INV-001", _elsewhere(part, row, day), name)
    if unit is None:
        said = f"{part.item.named} has no serial number {name.code}"
        return _fault(part, "INV-008", said, name) if name.key is None else None
    if unit.last_moved_on is not None and day < unit.last_moved_on:
        said = f"Serial number {unit.code} of {unit.item} moved on {unit.last_moved_on}: it can't come before"
        return _fault(part, "INV-008", said, name)
    if unit.left_with is not None and part.batch is not None and part.batch.id != unit.left_batch[0]:
        return _fault(part, "INV-008", unit.left_otherwise(part.batch.code), name)
    return None


def _elsewhere(part: Line, row: BookRow, day: date) -> str:
    """Where in the warehouse the books had a unit that is counted in another bin or batch."""
    assert part.item is not None
    code, item = row.code, part.item.named
    if part.bin is None or part.bin.id == row.bin_id:
        assert part.batch is not None
        return f"Serial number {code} of {item} is of batch {row.batch}, not {part.batch.code}"
    bin_code = part.bin.code
    if row.bin is None:
        return f"Serial number {code} of {item} lay in no bin on {day}, not in {bin_code}: transfer it there first"
    return (
        f"Serial number {code} of {item} lay in bin {row.bin} on {day}, not in {bin_code}: count it there, "
        "or transfer it first"
    )


def _cannot_leave(place: CountedPlace, name: UnitName, unit: Unit | None, day: date) -> Fault | None:
    """Why a unit that the books had in the place on the day, and nobody found, can't leave it any more."""
    if unit is None or unit.warehouse_id != place.warehouse.id:
        said = (
            f"Serial number {name.code} of {place.item.named} was in {place.warehouse.named} on {day} and has left "
            "since: name it, or date the count later"
        )
        return _fault(place.first, "INV-008", said, name)
    if unit.last_moved_on is not None and day < unit.last_moved_on:
        said = f"Serial number {unit.code} of {unit.item} moved on {unit.last_moved_on}: it can't leave before"
        return _fault(place.first, "INV-008", said, name)
    return None


def _fault(part: Line, code: str, said: str, name: UnitName) -> Fault:
    return Fault(code, said, f"{part.path}.serials", Step.INVENTORY, {"serial": name.code})
