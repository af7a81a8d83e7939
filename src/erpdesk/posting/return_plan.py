"""Returns: goods that come back at what they cost when they left, or go back to where they came from.

A sales return that names its invoice takes the original issue cost, as a new layer at the end of the queue; one
that names none, the current cost. A purchase return takes the very layers received, or what is left of them, then
the front of the queue; the difference to its price is purchase variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import WIDE, money, product, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.plan import SourceUse
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.sources import SourceState
from erpdesk.posting.stock_plan import StockPlan
from erpdesk.posting.usage import usable


def take_back(
    voucher: ResolvedVoucher, stock: StockPlan, sources: SourceState, line: Line, cost_account: UUID
) -> None:
    """Goods come back into stock (sales return)."""
    value = _original_cost(voucher, stock, sources, line)
    if value is None or line.warehouse is None:
        return
    stock.receive_line(line, value, kind="return", contra_account_id=cost_account)


def give_back(voucher: ResolvedVoucher, stock: StockPlan, sources: SourceState, line: Line) -> None:
    """Goods leave stock for where they came from (purchase return)."""
    if not _may_use(stock, sources, line):
        return
    before = stock.taken
    if line.source is None or line.source_line is None:
        stock.issue(line, None, "return")
        return
    stock.issue(line, None, "return", prefer=line.goods_from)
    stock.source_uses.append(
        SourceUse(line.source.id, line.source_line.number, line.stock_quantity, stock.taken - before, line.number)
    )


def variance_lines(
    voucher: ResolvedVoucher, stock: StockPlan, prices: Sequence[Decimal], sign: int
) -> list[JournalLine]:
    """Inventory at layer cost, and what the price differs from it to purchase variance."""
    journal = [JournalLine(movement.account_id, "stock", movement.value) for movement in stock.moved]
    off = -sign * total(prices) - total(movement.value for movement in stock.moved)
    return [*journal, JournalLine(voucher.masters.roles["purchase_variance"], "variance", off)]


def _may_use(stock: StockPlan, sources: SourceState, line: Line) -> bool:
    """Whether the source still stands and has that much left."""
    if line.source is None or line.source_line is None:
        return True
    return usable(stock, sources, line, "return") is not None


def _original_cost(
    voucher: ResolvedVoucher, stock: StockPlan, sources: SourceState, line: Line
) -> Decimal | None:
    if not _may_use(stock, sources, line):
        return None
    if line.source is None or line.source_line is None:
        return current_cost(voucher, stock, line)
    left = sources.line(line.source.id, line.source_line.number)
    assert left is not None
    value = left.use(line.stock_quantity, voucher.organization.decimals)
    stock.source_uses.append(
        SourceUse(line.source.id, line.source_line.number, line.stock_quantity, value, line.number)
    )
    return value


def current_cost(voucher: ResolvedVoucher, stock: StockPlan, line: Line) -> Decimal | None:
    """Value ÷ quantity on hand; none there: the last cost; never any: the unit cost typed, else a fault."""
    assert line.item is not None
    assert line.warehouse is not None
    decimals, quantity = voucher.organization.decimals, line.stock_quantity
    pool, last = stock.state.cost_of(line.item.id, line.warehouse.id)
    if pool.quantity > 0:
        return money(WIDE.divide(product(pool.value, quantity), pool.quantity), decimals)
    unit_cost = last if last is not None else line.unit_cost
    if unit_cost is None:
        stock.faults.append(
            Fault(
                "INV-005",
                f"{line.item.named} has no cost in {line.warehouse.named}: type a unit cost",
                f"{line.path}.unit_cost",
                Step.INVENTORY,
            )
        )
        return None
    return money(product(unit_cost, quantity), decimals)
