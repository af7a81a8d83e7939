"""The places that a physical stock counts, and what the books had in them at the end of its date.

A place is an item in a warehouse, in a bin and a batch where they are named; a line that names none means all of them.
Lines that name the same place are one count of it. Places that overlap would count the same goods twice: refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.masters import Item, Warehouse
from erpdesk.posting.resolved import Line
from erpdesk.posting.stock_plan import batch_id_of


@dataclass(frozen=True, slots=True)
class BookRow:
    """What the books had of one batch in one bin on the day; of one unit, with its number, where units are kept."""

    batch_id: UUID | None
    batch: str | None
    bin_id: UUID | None
    bin: str | None
    quantity: Decimal
    serial_id: UUID | None
    code: str
    key: str


class Books:
    """What the books had on the day, by item and warehouse."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] | None) -> None:
        self._rows: dict[tuple[UUID, UUID], list[BookRow]] = {}
        for row in rows or ():
            place = UUID(row["item_id"]), UUID(row["warehouse_id"])
            self._rows.setdefault(place, []).append(BookRow(
                _id(row["batch_id"]), row.get("batch"), _id(row.get("bin_id")), row.get("bin"),
                Decimal(row["quantity"]), _id(row.get("serial_id")), row.get("code") or "", row.get("key") or "",
            ))  # fmt: skip

    def of(self, item: Item, warehouse: Warehouse) -> list[BookRow]:
        """All that they had of an item in a warehouse."""
        return self._rows.get((item.id, warehouse.id), [])


@dataclass(frozen=True, slots=True)
class CountedPlace:
    """A place, and the parts of lines that count it; what differs is written to the first."""

    item: Item
    warehouse: Warehouse
    parts: list[Line]

    @property
    def first(self) -> Line:
        """The part that named the place first."""
        return self.parts[0]

    @property
    def counted(self) -> Decimal:
        """What was counted, in the item's own unit."""
        return total(part.stock_quantity for part in self.parts)

    def among(self, rows: Iterable[BookRow]) -> Iterator[BookRow]:
        """Those of the books' rows for the item and warehouse that are of this place."""
        batch, bin_id = _batch_and_bin(self.first)
        return (row for row in rows if batch in (None, row.batch_id) and bin_id in (None, row.bin_id))


def counted_places(lines: Iterable[Line], faults: list[Fault]) -> list[CountedPlace]:
    """The places in the order of the lines; a part that overlaps another place is a fault, and left out."""
    found: dict[tuple[UUID, UUID], dict[tuple[UUID | None, UUID | None], CountedPlace]] = {}
    for part in (part for line in lines for part in line.parts):
        if part.item is None or part.warehouse is None or not part.item.is_stocked:
            continue
        beside = found.setdefault((part.item.id, part.warehouse.id), {})
        named = _batch_and_bin(part)
        other = next((place for key, place in beside.items() if key != named and _overlap(key, named)), None)
        if other is not None:
            faults.append(_counted_twice(part, other))
        elif named in beside:
            beside[named].parts.append(part)
        else:
            beside[named] = CountedPlace(part.item, part.warehouse, [part])
    return [place for beside in found.values() for place in beside.values()]


def _batch_and_bin(part: Line) -> tuple[UUID | None, UUID | None]:
    return batch_id_of(part), part.bin.id if part.bin else None


def _overlap(one: tuple[UUID | None, UUID | None], other: tuple[UUID | None, UUID | None]) -> bool:
    """Whether goods of a batch in a bin may be meant by both."""
    return all(None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True))


def _counted_twice(part: Line, other: CountedPlace) -> Fault:
    assert part.item is not None
    field = "batch" if (part.bin is None) == (other.first.bin is None) else "bin"
    said = (
        f"Line {other.first.number} counts goods of {part.item.named} in {other.warehouse.named} that this line counts "
        "too: name batch and bin on both, or on neither"
    )
    return Fault("INV-004", said, f"{part.path}.{field}", Step.INVENTORY)


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
