"""The running state of stock while one plan is made: what the server locked and read, then what was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import ZERO
from erpdesk.domain.valuation import Layer, Pool, Taken, take_from_layers

Place = tuple[UUID, UUID]
"""Item and warehouse."""

_NIL = UUID(int=0)


@dataclass(slots=True)
class BatchStock:
    """What a weighted average keeps by batch: quantity alone."""

    batch_id: UUID | None
    bin_id: UUID | None
    quantity: Decimal


@dataclass(slots=True)
class OpenDeficit:
    """What is left of a deficit while a plan is made."""

    id: UUID
    quantity: Decimal
    value: Decimal


@dataclass(slots=True)
class PlaceStock:
    """Stock of one item in one warehouse. `free` is what may be issued on the voucher's date."""

    pool: Pool = field(default_factory=Pool)
    free: Decimal = ZERO
    layers: list[Layer[UUID]] = field(default_factory=list)
    batches: list[BatchStock] = field(default_factory=list)
    last_unit_cost: Decimal | None = None
    any_unit_cost: Decimal | None = None
    deficits: list[OpenDeficit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shortage:
    """An issue that can't be met: what is there for it."""

    available: Decimal


Part = tuple[UUID | None, UUID | None, UUID | None, UUID | None, Decimal, Decimal]
"""Layer, origin layer, batch, bin, quantity, value of one part taken."""


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
            place.last_unit_cost = _figure(row.get("last_unit_cost"))
            place.any_unit_cost = _figure(row.get("any_unit_cost"))
            place.free = (quantity if later is None else min(quantity, Decimal(later))) - Decimal(
                row["reserved"]
            )
        for row in (found or {}).get("deficits") or ():
            owed_part = OpenDeficit(UUID(row["id"]), Decimal(row["quantity"]), Decimal(row["value"]))
            self._place(row).deficits.append(owed_part)
        for row in (found or {}).get("layers") or ():
            layer = UUID(row["id"])
            if row.get("source_voucher_id"):
                self._sources[layer] = (UUID(row["source_voucher_id"]), row["source_line_number"])
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
            self._place(row).batches.append(
                BatchStock(_id(row["batch_id"]), _id(row["bin_id"]), Decimal(row["quantity"]))
            )

    def take_layers(
        self,
        item: UUID,
        warehouse: UUID,
        batch: UUID | None,
        quantity: Decimal,
        prefer: tuple[UUID, int] | None = None,
    ) -> list[Part] | Shortage:
        """FIFO: from the layers in their order, of the named batch alone when there is one.

        Layers that the line `prefer` (voucher, line number) received come first.
        """
        stock = self._at(item, warehouse)
        layers = [layer for layer in stock.layers if batch is None or layer.batch == batch]
        if prefer is not None:
            layers.sort(key=lambda layer: self._sources.get(layer.id) != prefer)
        available = min(
            sum((layer.quantity for layer in layers), ZERO), stock.free if batch is None else quantity
        )
        if available < quantity or stock.free < quantity:
            return Shortage(max(min(available, stock.free), ZERO))
        taken, _ = take_from_layers(layers, quantity, self._decimals)
        stock.free -= quantity
        return [_part(part) for part in taken]

    def take_pool(
        self, item: UUID, warehouse: UUID, batch: UUID | None, quantity: Decimal, by_batch: bool
    ) -> list[Part] | Shortage:
        """Weighted average: from the pool; `by_batch` says which batches the quantity leaves, in their order."""
        stock = self._at(item, warehouse)
        rows = [row for row in stock.batches if batch is None or row.batch_id == batch]
        available = min(stock.free, sum((row.quantity for row in rows), ZERO)) if by_batch else stock.free
        if available < quantity:
            return Shortage(max(available, ZERO))
        stock.free -= quantity
        if not by_batch:
            return [(None, None, None, None, quantity, stock.pool.take(quantity, self._decimals))]
        parts: list[Part] = []
        for row in rows:
            part = min(row.quantity, quantity)
            if part > 0:
                parts.append(
                    (None, None, row.batch_id, row.bin_id, part, stock.pool.take(part, self._decimals))
                )
                row.quantity -= part
                quantity -= part
        return parts

    def last_cost_of(self, item: UUID, warehouse: UUID) -> Decimal | None:
        """The unit cost last known here, else anywhere."""
        stock = self._at(item, warehouse)
        return stock.last_unit_cost if stock.last_unit_cost is not None else stock.any_unit_cost

    def deficits_of(self, item: UUID, warehouse: UUID) -> list[OpenDeficit]:
        """What a place owes, oldest first."""
        return [deficit for deficit in self._at(item, warehouse).deficits if deficit.quantity > 0]

    def cost_of(self, item: UUID, warehouse: UUID) -> tuple[Pool, Decimal | None]:
        """Quantity and value on hand, and the last unit cost known."""
        stock = self._at(item, warehouse)
        return stock.pool, stock.last_unit_cost

    def free_of(self, item: UUID, warehouse: UUID) -> Decimal:
        """What may be issued or reserved."""
        return self._at(item, warehouse).free

    def release(self, item: UUID, warehouse: UUID, quantity: Decimal) -> None:
        """Set free what was reserved (negative: reserve)."""
        self._at(item, warehouse).free += quantity

    def _at(self, item: UUID, warehouse: UUID) -> PlaceStock:
        return self._places.setdefault((item, warehouse), PlaceStock())

    def _place(self, row: Mapping[str, Any]) -> PlaceStock:
        return self._at(UUID(row["item_id"]), UUID(row["warehouse_id"]))


def _part(taken: Taken[UUID]) -> Part:
    layer = taken.layer
    return layer.id, layer.origin, layer.batch, layer.bin, taken.quantity, taken.value


def _figure(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _id(text: str | None) -> UUID | None:
    found = UUID(text) if text else None
    return None if found == _NIL else found
