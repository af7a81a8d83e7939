"""Value that arrives after its goods: over what is left of them, wherever it has gone, and over what was issued.

FIFO: over the layers of the receipt line in their order, weighted by what is left of each, the issued part last.
Weighted average: the pool takes min(pool quantity, received) ÷ received. A value taken off never exceeds what
the layer or pool still holds; the rest counts as issued.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import ZERO, share, split
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


def spread_value(row: Mapping[str, Any], amount: Decimal, line_number: int, decimals: int) -> SpreadValue:
    """Spread `amount` (either sign) over a receipt line as locked: `row` of `posting_receipts`."""
    received = Decimal(row["quantity"])
    if row["valuation"] == "fifo":
        parts = list(row["parts"] or ())
        left = [Decimal(part["quantity"]) for part in parts]
        shares = split(amount, [*left, max(received - sum(left, ZERO), ZERO)], decimals)[:-1]
    else:
        pool = Decimal(row["pool_quantity"] or 0)
        parts = [{**row, "layer_id": None, "batch_id": None, "value": row["pool_value"] or 0}]
        shares = (share(amount, min(max(pool, ZERO), received), received, decimals),)
    movements = []
    for part, wanted in zip(parts, shares, strict=True):
        value = max(wanted, -Decimal(part["value"]))
        if value != 0:
            movements.append(_movement(row, part, value, line_number))
    return SpreadValue(tuple(movements), amount - sum((movement.value for movement in movements), ZERO))


def _movement(row: Mapping[str, Any], part: Mapping[str, Any], value: Decimal, line_number: int) -> Movement:
    layer, batch = part["layer_id"], part["batch_id"]
    return Movement(
        new_id(), "lines", line_number, "cost", UUID(row["item_id"]), UUID(part["warehouse_id"]), UUID(row["uom_id"]),
        ZERO, value, row["valuation"], UUID(part["account_id"]), None, UUID(layer) if layer else None,
        UUID(batch) if batch else None,
    )  # fmt: skip
