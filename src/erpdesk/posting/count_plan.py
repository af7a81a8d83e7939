"""Physical stock: what was counted against what the books had on that date; the difference is adjusted.

A shortage leaves at the cost it has, a surplus enters at its rate, else at current cost. Values are never
re-rated. A count without a difference moves nothing and stands as evidence.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import ZERO, money, product
from erpdesk.posting.resolved import ResolvedVoucher
from erpdesk.posting.return_plan import current_cost
from erpdesk.posting.stock_plan import StockPlan, batch_id_of


def plan_count(voucher: ResolvedVoucher, stock: StockPlan, counted: Any) -> None:
    """Movements into `stock`; `counted` has the books' quantities on that date, by batch."""
    books: dict[tuple[UUID, UUID, UUID | None], Decimal] = {}
    for row in counted or ():
        key = (
            UUID(row["item_id"]),
            UUID(row["warehouse_id"]),
            UUID(row["batch_id"]) if row["batch_id"] else None,
        )
        books[key] = Decimal(row["quantity"])
    for line in voucher.lines:
        if line.item is None or line.warehouse is None or not line.item.is_stocked:
            continue
        place = (line.item.id, line.warehouse.id)
        batch = batch_id_of(line)
        had = (
            books.get((*place, batch), ZERO)
            if batch
            else sum((quantity for key, quantity in books.items() if key[:2] == place), ZERO)
        )
        off = line.stock_quantity - had
        if off < 0:
            stock.issue(replace(line, stock_quantity=-off), None, "adjust")
        elif off > 0:
            surplus = replace(line, stock_quantity=off)
            if line.rate:
                value: Decimal | None = money(product(line.rate, off), voucher.organization.decimals)
            else:
                value = current_cost(voucher, stock, surplus)
            if value is not None:
                stock.receive(surplus, line.warehouse, off, value, kind="adjust", batch_id=batch)
