"""Physical stock: what was counted against what the books had on that date; the difference is adjusted.

A shortage leaves at the cost it has, a surplus enters at its rate, else at current cost, and in the batch named where
the item is kept by batch. Values are never re-rated. A count without a difference moves nothing and stands as evidence.
Items kept by unit are counted by naming the units found: those that the books had and nobody found leave, those found
beyond them enter.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from erpdesk.domain.money import WIDE, money, product, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.count_units import compare_units
from erpdesk.posting.counted_places import Books, CountedPlace, counted_places
from erpdesk.posting.resolved import Line, ResolvedVoucher, UnitName
from erpdesk.posting.return_plan import current_cost
from erpdesk.posting.stock_plan import StockPlan


def plan_count(voucher: ResolvedVoucher, stock: StockPlan, counted: Any) -> None:
    """Movements into `stock`; `counted` has the books' quantities on that date, by batch, bin and unit."""
    books = Books(counted)
    for place in counted_places(voucher.lines, stock.faults):
        if place.item.by_unit:
            _count_units(voucher, stock, place, books)
            continue
        off = place.counted - total(row.quantity for row in place.among(books.of(place.item, place.warehouse)))
        if off < 0:
            stock.issue(replace(place.first, stock_quantity=-off), None, "adjust")
        elif off > 0:
            rated = _rated(stock, place)
            _surplus(voucher, stock, replace(place.first, stock_quantity=off, rate=rated.rate, factor=rated.factor))


def _count_units(voucher: ResolvedVoucher, stock: StockPlan, place: CountedPlace, books: Books) -> None:
    lost, more = compare_units(stock, place, books)
    if lost:
        stock.issue(_of_units(place.first, lost), None, "adjust")
    for part, units in more:
        _surplus(voucher, stock, _of_units(part, units))


def _surplus(voucher: ResolvedVoucher, stock: StockPlan, surplus: Line) -> None:
    assert surplus.item is not None
    if surplus.item.track_batch and surplus.batch is None:
        said = f"{surplus.item.named} is kept by batch: name the batch of what was found beyond the books"
        stock.faults.append(Fault("INV-007", said, f"{surplus.path}.batch", Step.INVENTORY))
        return
    if surplus.rate:
        worth = WIDE.divide(product(surplus.rate, surplus.stock_quantity), surplus.factor)
        value: Decimal | None = money(worth, voucher.organization.decimals)
    else:
        value = current_cost(voucher, stock, surplus)
    if value is not None:
        stock.receive_line(surplus, value, kind="adjust")


def _rated(stock: StockPlan, place: CountedPlace) -> Line:
    """The part that says what a surplus of the place is worth, if any does; parts that differ in it are faults."""
    rated = [part for part in place.parts if part.rate]
    if not rated:
        return place.first
    for part in rated[1:]:
        if product(part.rate, rated[0].factor) != product(rated[0].rate, part.factor):
            said = (
                f"Line {rated[0].number} counts {place.item.named} in the same place at another rate: say one for both"
            )
            stock.faults.append(Fault("INV-005", said, f"{part.path}.rate", Step.INVENTORY))
    return rated[0]


def _of_units(part: Line, units: tuple[UnitName, ...]) -> Line:
    """The part as if those units were all of it."""
    return replace(part, stock_quantity=Decimal(len(units)), units=units)
