"""The running state of stock while one plan is made: what the server locked and read, then what was taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import ZERO, split, total
from erpdesk.domain.valuation import Layer, Pool, Taken, take_from_layers
from erpdesk.storage.keys import known_id

Place = tuple[UUID, UUID]
"""Item and warehouse."""

NO_BIN = UUID(int=0)
"""Stands for goods that lie in no bin, where those alone are meant."""


@dataclass(slots=True)
class BatchStock:
    """What a weighted average keeps by batch: quantity alone. `least` is the least there is on any later day."""

    batch_id: UUID | None
    bin_id: UUID | None
    quantity: Decimal
    least: Decimal | None = None

    @property
    def free(self) -> Decimal:
        """What may be taken without its being below zero on a later day."""
        return self.quantity if self.least is None else min(self.quantity, self.least)


@dataclass(slots=True)
class OpenDeficit:
    """What is left of a deficit while a plan is made."""

    id: UUID
    quantity: Decimal
    value: Decimal


@dataclass(slots=True)
class PlaceStock:
    """Stock of one item in one warehouse. `free` is what may be issued on the voucher's date, `on_hand` what was
    found: what is owed is taken off, what the plan moves isn't."""

    pool: Pool = field(default_factory=Pool)
    on_hand: Pool = field(default_factory=Pool)
    free: Decimal = ZERO
    layers: list[Layer[UUID]] = field(default_factory=list)
    batches: list[BatchStock] = field(default_factory=list)
    last_unit_cost: Decimal | None = None
    any_unit_cost: Decimal | None = None
    deficits: list[OpenDeficit] = field(default_factory=list)
    spare: dict[UUID, Decimal] = field(default_factory=dict)
    """Of batches that orders keep, and of those named: what is there beside what is kept."""

    def leave(self, quantity: Decimal, batches: Iterable[tuple[UUID | None, Decimal]]) -> None:
        """So much goes, of these batches: that much less is there for others."""
        self.free -= quantity
        for batch, part in batches:
            if batch is not None and batch in self.spare:
                self.spare[batch] -= part

    def rows(self, by_batch: bool) -> list[BatchStock]:
        """A pool's quantities by batch and bin; what no row has lies in no bin, and comes first."""
        if by_batch:
            return self.batches
        rest = self.pool.quantity - sum((row.quantity for row in self.batches), ZERO)
        loose = next((row for row in self.batches if row.bin_id is None), None)
        if loose is None:
            self.batches.insert(0, BatchStock(None, None, rest))
        return self.batches


@dataclass(frozen=True, slots=True)
class Shortage:
    """An issue that can't be met: what is there for it."""

    available: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One part taken: from which layer (made of which receipt's layer), batch, bin; how much, at what value."""

    layer_id: UUID | None
    origin_id: UUID | None
    batch_id: UUID | None
    bin_id: UUID | None
    quantity: Decimal
    value: Decimal
    serial_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Want:
    """What an issue asks for. Batch and bin, where named, are binding (NO_BIN: what lies in none).

    `within` says that the goods stay in the warehouse: nothing becomes less available.
    """

    quantity: Decimal
    batch: UUID | None = None
    bin: UUID | None = None
    within: bool = False


class StockState:
    """Everything a plan knows of stock, by item and warehouse."""

    def __init__(self, found: Mapping[str, Any] | None, decimals: int) -> None:
        self._places: dict[Place, PlaceStock] = {}
        self._decimals = decimals
        self._sources: dict[UUID, tuple[UUID, int]] = {}
        for row in (found or {}).get("balances") or ():
            place = self._place(row)
            owed = Decimal(row.get("deficit_quantity") or 0)
            quantity, later = Decimal(row["quantity"]) + owed, row["least_later"]
            place.pool = Pool(quantity, Decimal(row["value"]) + Decimal(row.get("deficit_value") or 0))
            place.on_hand = Pool(Decimal(row["quantity"]), Decimal(row["value"]))
            place.last_unit_cost = _figure(row.get("last_unit_cost"))
            place.any_unit_cost = _figure(row.get("any_unit_cost"))
            held = Decimal(row["reserved"]) + Decimal(row.get("blocked") or 0)
            place.free = (quantity if later is None else min(quantity, Decimal(later))) - held
        for row in (found or {}).get("deficits") or ():
            owed_part = OpenDeficit(UUID(row["id"]), Decimal(row["quantity"]), Decimal(row["value"]))
            self._place(row).deficits.append(owed_part)
        for row in (found or {}).get("layers") or ():
            layer = known_id(row["id"])
            if row.get("source_voucher_id"):
                self._sources[layer] = (known_id(row["source_voucher_id"]), row["source_line_number"])
            self._place(row).layers.append(
                Layer(
                    layer,
                    Decimal(row["quantity"]),
                    Decimal(row["value"]),
                    _id(row["batch_id"]),
                    _id(row["origin_layer_id"]) or layer,
                    _id(row["bin_id"]),
                )
            )
        for row in (found or {}).get("batches") or ():
            least = _figure(row.get("least_later"))
            self._place(row).batches.append(
                BatchStock(_id(row["batch_id"]), _id(row["bin_id"]), Decimal(row["quantity"]), least)
            )
        for row in (found or {}).get("kept_batches") or ():
            self._place(row).spare[known_id(row["batch_id"])] = Decimal(row["quantity"]) - Decimal(row["kept"])

    def take_layers(
        self, item: UUID, warehouse: UUID, want: Want, prefer: tuple[UUID, int] | None = None
    ) -> list[Part] | Shortage:
        """FIFO: from the layers in their order, of the named batch and bin alone when there are.

        Layers that the line `prefer` (voucher, line number) received come first.
        """
        stock, quantity = self._at(item, warehouse), want.quantity
        layers = [layer for layer in stock.layers if _fits(want, layer.batch, layer.bin)]
        if prefer is not None:
            layers.sort(key=lambda layer: self._sources.get(layer.id) != prefer)
        free = [*_spared(stock, want, ((layer.batch, layer.quantity) for layer in layers))]
        available = _available(stock, want, sum(free, ZERO))
        if available < quantity:
            return Shortage(max(available, ZERO))
        parts = [
            _part(part)
            for layer, most in zip(layers, _as_needed(free, quantity), strict=False)
            for part in take_from_layers((layer,), most, self._decimals)[0]
        ]
        if not want.within:
            stock.leave(quantity, ((part.batch_id, part.quantity) for part in parts))
        return parts

    def take_pool(
        self, item: UUID, warehouse: UUID, wants: Sequence[Want], by_batch: bool
    ) -> list[tuple[int, Part]] | tuple[int, Shortage]:
        """Weighted average: what a line takes out of a pool, valued once, spread over its parts cumulatively.

        The parts, each with the position of its want; or the want that can't be met. Without a name batches and
        bins are taken in their order, what lies in no bin first.
        """
        stock = self._at(item, warehouse)
        found: list[tuple[int, BatchStock, Decimal]] = []
        for number, want in enumerate(wants):
            rows = [row for row in stock.rows(by_batch) if _fits(want, row.batch_id, row.bin_id)]
            free = [*_spared(stock, want, ((row.batch_id, row.free) for row in rows))]
            available = _available(stock, want, sum(free, ZERO))
            if available < want.quantity:
                return number, Shortage(max(available, ZERO))
            taken = [*_from_rows(rows, _as_needed(free, want.quantity))]
            if not want.within:
                stock.leave(want.quantity, ((row.batch_id, part) for row, part in taken))
            found += [(number, row, part) for row, part in taken]
        quantities = [part for _, _, part in found]
        value = stock.pool.take(total(quantities), self._decimals) if found else ZERO
        values = split(value, quantities, self._decimals)
        return [
            (number, Part(None, None, row.batch_id, row.bin_id, part, worth))
            for (number, row, part), worth in zip(found, values, strict=True)
        ]

    def take_unit(self, item: UUID, warehouse: UUID, *, within: bool) -> bool:
        """One unit by its serial number: whether that much may be issued at all."""
        stock = self._at(item, warehouse)
        if not within and stock.free < 1:
            return False
        stock.free -= 0 if within else 1
        return True

    def pool_value(self, item: UUID, warehouse: UUID, quantity: Decimal) -> Decimal:
        """Take units out of a pool at its average."""
        return self._at(item, warehouse).pool.take(quantity, self._decimals)

    def put_back(self, item: UUID, warehouse: UUID, quantity: Decimal, value: Decimal) -> None:
        """What came into a pool that later lines of the voucher may take from."""
        self._at(item, warehouse).pool.put(quantity, value)

    def last_cost_of(self, item: UUID, warehouse: UUID) -> Decimal | None:
        """The unit cost last known here, else anywhere."""
        stock = self._at(item, warehouse)
        return stock.last_unit_cost if stock.last_unit_cost is not None else stock.any_unit_cost

    def deficits_of(self, item: UUID, warehouse: UUID) -> list[OpenDeficit]:
        """What a place owes, oldest first."""
        return [deficit for deficit in self._at(item, warehouse).deficits if deficit.quantity > 0]

    def on_hand_of(self, item: UUID, warehouse: UUID) -> Pool:
        """Quantity and value on hand before the plan, what is owed taken off."""
        return self._at(item, warehouse).on_hand

    def cost_of(self, item: UUID, warehouse: UUID) -> tuple[Pool, Decimal | None]:
        """Quantity and value on hand, and the last unit cost known."""
        stock = self._at(item, warehouse)
        return stock.on_hand, stock.last_unit_cost

    def free_of(self, item: UUID, warehouse: UUID, batch: UUID | None = None) -> Decimal:
        """What may be issued or reserved, of a batch or at all."""
        stock = self._at(item, warehouse)
        return stock.free if batch is None else min(stock.free, stock.spare.get(batch, ZERO))

    def release(self, item: UUID, warehouse: UUID, quantity: Decimal, batch: UUID | None = None) -> None:
        """Set free what was reserved, of a batch or at all (negative: reserve)."""
        stock = self._at(item, warehouse)
        stock.free += quantity
        if batch in stock.spare:
            stock.spare[batch] += quantity

    def _at(self, item: UUID, warehouse: UUID) -> PlaceStock:
        place = self._places.get((item, warehouse))
        if place is None:
            place = self._places[item, warehouse] = PlaceStock()
        return place

    def _place(self, row: Mapping[str, Any]) -> PlaceStock:
        return self._at(known_id(row["item_id"]), known_id(row["warehouse_id"]))


def _fits(want: Want, batch: UUID | None, bin_id: UUID | None) -> bool:
    return want.batch in (None, batch) and want.bin in (None, bin_id or NO_BIN)


def _available(stock: PlaceStock, want: Want, there: Decimal) -> Decimal:
    return there if want.within else min(there, stock.free)


def _spared(
    stock: PlaceStock, want: Want, parts: Iterable[tuple[UUID | None, Decimal]]
) -> Iterator[Decimal]:
    """How much of each part (batch, quantity) may be taken, in their order: what orders keep of a batch stays."""
    left = {} if want.within else dict(stock.spare)
    for batch, quantity in parts:
        if batch is None or batch not in left:
            yield quantity
        else:
            may = max(min(quantity, left[batch]), ZERO)
            left[batch] -= may
            yield may


def _as_needed(free: Iterable[Decimal], quantity: Decimal) -> Iterator[Decimal]:
    """How much is taken of each part, until the quantity is reached."""
    for most in free:
        if quantity <= 0:
            return
        yield (part := min(most, quantity))
        quantity -= part


def _from_rows(
    rows: Sequence[BatchStock], parts: Iterable[Decimal]
) -> Iterator[tuple[BatchStock, Decimal]]:
    """Take so much from each row, as far as there are parts."""
    for row, part in zip(rows, parts, strict=False):
        if part > 0:
            row.quantity -= part
            row.least = None if row.least is None else row.least - part
            yield row, part


def _part(taken: Taken[UUID]) -> Part:
    layer = taken.layer
    return Part(layer.id, layer.origin, layer.batch, layer.bin, taken.quantity, taken.value)


def _figure(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _id(text: str | None) -> UUID | None:
    found = known_id(text) if text else None
    return None if found == NO_BIN else found
