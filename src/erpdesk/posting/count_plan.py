"""Physical stock: what was counted against what the books had on that date; the difference is adjusted.

A shortage leaves at the cost it has, a surplus enters at its rate, else at current cost. Values are never
re-rated. A count without a difference moves nothing and stands as evidence. Items kept by unit are counted by
naming the units found: those that the books have and nobody found leave, those found beyond them enter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import ZERO, money, product
from erpdesk.posting.masters import Warehouse
from erpdesk.posting.resolved import Line, ResolvedVoucher, UnitName
from erpdesk.posting.return_plan import current_cost
from erpdesk.posting.stock_plan import StockPlan, batch_id_of

Books = Mapping[tuple[UUID, UUID, UUID | None, UUID | None], Decimal]
"""Quantities by item, warehouse, batch and bin."""


def plan_count(voucher: ResolvedVoucher, stock: StockPlan, counted: Any) -> None:
    """Movements into `stock`; `counted` has the books' quantities on that date, by batch and bin."""
    books: dict[tuple[UUID, UUID, UUID | None, UUID | None], Decimal] = {}
    for row in counted or ():
        key = (UUID(row["item_id"]), UUID(row["warehouse_id"]), _id(row["batch_id"]), _id(row.get("bin_id")))
        books[key] = Decimal(row["quantity"])
    for line in voucher.lines:
        if line.item is None or line.warehouse is None or not line.item.is_stocked:
            continue
        if line.item.by_unit:
            _count_units(voucher, stock, line, line.warehouse)
            continue
        off = line.stock_quantity - _had(books, line, line.warehouse)
        if off < 0:
            stock.issue(replace(line, stock_quantity=-off), None, "adjust")
        elif off > 0:
            _surplus(voucher, stock, replace(line, stock_quantity=off))


def _had(books: Books, line: Line, warehouse: Warehouse) -> Decimal:
    """What the books have of the line's item in its place: of the batch and bin named, else of all."""
    assert line.item is not None
    place, batch, bin_id = (line.item.id, warehouse.id), batch_id_of(line), line.bin.id if line.bin else None
    return sum(
        (
            quantity
            for key, quantity in books.items()
            if key[:2] == place and batch in (None, key[2]) and bin_id in (None, key[3])
        ),
        ZERO,
    )


def _surplus(voucher: ResolvedVoucher, stock: StockPlan, surplus: Line) -> None:
    if surplus.rate:
        value: Decimal | None = money(product(surplus.rate, surplus.stock_quantity), voucher.organization.decimals)
    else:
        value = current_cost(voucher, stock, surplus)
    if value is not None:
        stock.receive_line(surplus, value, kind="adjust")


def _count_units(voucher: ResolvedVoucher, stock: StockPlan, line: Line, warehouse: Warehouse) -> None:
    """One detail, with the units found."""
    assert line.item is not None
    found = {unit.key: unit for part in line.parts for unit in part.units}
    there = stock.units.in_place(line.item.id, warehouse.id)
    held = {unit.key for unit in there}
    lost = tuple(
        UnitName(unit.id, unit.item_id, unit.code, unit.key) for unit in there if unit.key not in found
    )
    more = tuple(name for key, name in found.items() if key not in held)
    if lost:
        stock.issue(_of_units(line, lost), None, "adjust")
    if more:
        _surplus(voucher, stock, _of_units(line, more))


def _of_units(line: Line, units: tuple[UnitName, ...]) -> Line:
    """The line as if those units were all of it."""
    quantity = Decimal(len(units))
    details = tuple(replace(detail, quantity=quantity, units=units) for detail in line.details[:1])
    plain_line = replace(line, stock_quantity=quantity, units=units)
    return replace(plain_line, details=details) if details else plain_line


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
