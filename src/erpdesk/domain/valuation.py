"""Valuation of stock: what an issue takes from layers (FIFO) or a pool (weighted average), to the cent.

Layer values are exact money. Taking q from a layer with Q left of value V takes money(V × q ÷ Q); the last
part takes what is left, so nothing is ever lost and an empty layer has no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from erpdesk.domain.money import ZERO, share

Identity = TypeVar("Identity")


@dataclass(slots=True)
class Layer(Generic[Identity]):
    """What is left of one receipt, in the order issues take it. Mutable: a running state of one plan."""

    id: Identity
    quantity: Decimal
    value: Decimal
    batch: Identity | None = None
    origin: Identity | None = None
    bin: Identity | None = None

    def take(self, quantity: Decimal, decimals: int) -> Decimal:
        """Take `quantity` (at most what is left) out; its value."""
        value = share(self.value, quantity, self.quantity, decimals)
        self.quantity -= quantity
        self.value -= value
        return value


@dataclass(slots=True)
class Pool:
    """Quantity and value of an item in a warehouse; the average is never kept as a rounded rate."""

    quantity: Decimal = ZERO
    value: Decimal = ZERO

    def take(self, quantity: Decimal, decimals: int) -> Decimal:
        """Take `quantity` (at most what is there) out at the moving average; its value."""
        value = share(self.value, quantity, self.quantity, decimals)
        self.quantity -= quantity
        self.value -= value
        return value

    def put(self, quantity: Decimal, value: Decimal) -> None:
        """A receipt joins the pool."""
        self.quantity += quantity
        self.value += value


@dataclass(frozen=True, slots=True)
class Taken(Generic[Identity]):
    """A part of an issue: from which layer, how much, at what value."""

    layer: Layer[Identity]
    quantity: Decimal
    value: Decimal


def take_from_layers(
    layers: Iterable[Layer[Identity]], quantity: Decimal, decimals: int
) -> tuple[tuple[Taken[Identity], ...], Decimal]:
    """Take `quantity` from `layers` in their order; the parts, and what was short (zero when all is there)."""
    taken: list[Taken[Identity]] = []
    wanted = quantity
    for layer in _with_stock(layers):
        if wanted <= 0:
            break
        part = min(wanted, layer.quantity)
        taken.append(Taken(layer, part, layer.take(part, decimals)))
        wanted -= part
    return tuple(taken), max(wanted, ZERO)


def _with_stock(layers: Iterable[Layer[Identity]]) -> Iterator[Layer[Identity]]:
    return (layer for layer in layers if layer.quantity > 0)
