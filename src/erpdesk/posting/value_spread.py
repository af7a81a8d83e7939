"""Value that arrives after its goods: over what is left of them, wherever it has gone, and over what was issued.

FIFO: over the layers of the receipt line in their order, weighted by what is left of each, the issued part last.
Weighted average: the pool takes min(pool quantity, received) ÷ received. A value taken off never exceeds what
the layer or pool still holds (nothing, when it is below zero); the rest counts as issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import ZERO, split
from erpdesk.posting.plan import Movement
from erpdesk.storage.keys import new_id


@dataclass(frozen=True, slots=True)
class SpreadValue:
    """The movements (quantity zero) that carry the value into stock, and the part that belongs to goods issued."""

    movements: tuple[Movement, ...]
    issued: Decimal

    @property
    def capitalised(self) -> Decimal:
        """What joined stock."""
        return sum((movement.value for movement in self.movements), ZERO)


def rows_by_line(rows: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], ...]]:
    """Rows of `posting_receipts`, one a movement, by the line received: a split line has several."""
    found: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["voucher_id"], row["line_number"]), []).append(row)
    return [tuple(line) for line in found.values()]


def spread_value(
    rows: Sequence[Mapping[str, Any]], amount: Decimal, line_number: int, decimals: int
) -> SpreadValue:
    """Spread `amount` (either sign) over a receipt line as locked: its rows of `posting_receipts`."""
    received = sum((Decimal(row["quantity"]) for row in rows), ZERO)
    parts = _layers(rows) if rows[0]["valuation"] == "fifo" else _pools(rows)
    left = [Decimal(part["quantity"]) for part in parts]
    shares = split(amount, [*left, max(received - sum(left, ZERO), ZERO)], decimals)[:-1]
    movements = []
    for part, wanted in zip(parts, shares, strict=True):
        value = max(wanted, -max(Decimal(part["value"]), ZERO))
        if value != 0:
            movements.append(_movement(rows[0], part, value, line_number))
    return SpreadValue(tuple(movements), amount - sum((movement.value for movement in movements), ZERO))


def _layers(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What is left of the layers of a line, in the order of the queue."""
    parts = [part for row in rows for part in row["parts"] or ()]
    return sorted(parts, key=lambda part: tuple(part.get("place") or ()))


def _pools(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The pools that took a line in, each with what of the line it can still hold."""
    pools: dict[str, dict[str, Any]] = {}
    for row in rows:
        nothing = {**row, "quantity": ZERO, "layer_id": None, "batch_id": None, "value": row["pool_value"] or 0}
        pool = pools.setdefault(row["warehouse_id"], nothing)
        pool["quantity"] = pool["quantity"] + Decimal(row["quantity"])
    for pool in pools.values():
        pool["quantity"] = min(max(Decimal(pool["pool_quantity"] or 0), ZERO), pool["quantity"])
    return list(pools.values())


def _movement(row: Mapping[str, Any], part: Mapping[str, Any], value: Decimal, line_number: int) -> Movement:
    layer, batch = part["layer_id"], part["batch_id"]
    return Movement(
        new_id(), "lines", line_number, "cost", UUID(row["item_id"]), UUID(part["warehouse_id"]), UUID(row["uom_id"]),
        ZERO, value, row["valuation"], UUID(part["account_id"]), None, UUID(layer) if layer else None,
        UUID(batch) if batch else None,
    )  # fmt: skip
