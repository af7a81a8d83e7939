"""Lines that follow another document: invoices of receipts and deliveries, deliveries and invoices of orders.

An invoice of a receipt clears GR/IR at the receipt's value, pro rata and cumulatively; its price difference goes to
the layers still in stock, the issued share to purchase variance. An invoice of a delivery turns delivered goods
into cost of goods sold at their cost. What follows an order uses up the order and its reservation.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import DocumentKind
from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import share
from erpdesk.posting.plan import SourceUse
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.sources import OpenLine, SourceState
from erpdesk.posting.stock_plan import StockPlan
from erpdesk.posting.usage import usable
from erpdesk.posting.value_spread import spread_value


def follows(line: Line, *kinds: DocumentKind) -> bool:
    """Whether the line follows a document of one of these kinds."""
    return line.source is not None and line.source_line is not None and line.source.kind in kinds


def clear_receipt(
    voucher: ResolvedVoucher, stock: StockPlan, sources: SourceState, line: Line, cost: Decimal, receipts: Any
) -> list[JournalLine]:
    """An invoice line of goods that came before."""
    left = usable(stock, sources, line, "invoice")
    if left is None:
        return []
    cleared = _use(stock, line, left, voucher.organization.decimals)
    journal = [JournalLine(voucher.masters.roles["grir"], "grir", cleared)]
    difference = cost - cleared
    rows = _rows(line, receipts)
    if difference == 0 or not rows:
        return journal
    spread = spread_value(rows, difference, line.number, voucher.organization.decimals)
    stock.movements += spread.movements
    stock.received += spread.capitalised
    return [*journal, JournalLine(voucher.masters.roles["purchase_variance"], "variance", spread.issued)]


def clear_delivery(
    voucher: ResolvedVoucher, stock: StockPlan, sources: SourceState, line: Line, cost_account: UUID
) -> list[JournalLine]:
    """An invoice line of goods that were delivered before."""
    left = usable(stock, sources, line, "invoice")
    if left is None:
        return []
    cost = _use(stock, line, left, voucher.organization.decimals)
    delivered = voucher.masters.roles["delivered_not_invoiced"]
    return [JournalLine(cost_account, "cost", cost), JournalLine(delivered, "delivered", -cost)]


def use_order(stock: StockPlan, sources: SourceState, line: Line) -> None:
    """A line that delivers or invoices an order: the order has that much less open."""
    left = usable(stock, sources, line, "deliver")
    if left is not None and line.source is not None and line.source_line is not None:
        left.used_quantity += line.stock_quantity
        stock.source_uses.append(
            SourceUse(line.source.id, line.source_line.number, line.stock_quantity, Decimal(0), line.number)
        )


def _use(stock: StockPlan, line: Line, left: OpenLine, decimals: int) -> Decimal:
    """Use up a part of the source line, cumulatively; its value."""
    assert line.source is not None
    assert line.source_line is not None
    upto = share(left.value, left.used_quantity + line.stock_quantity, left.quantity, decimals)
    value = upto - left.used_value
    left.used_quantity += line.stock_quantity
    left.used_value += value
    stock.source_uses.append(
        SourceUse(line.source.id, line.source_line.number, line.stock_quantity, value, line.number)
    )
    return value


def _rows(line: Line, receipts: Any) -> list[Mapping[str, Any]]:
    """The rows, one a movement, of the receipt line that a line follows."""
    assert line.source is not None
    assert line.source_line is not None
    wanted = (str(line.source.id), line.source_line.number)
    return [row for row in receipts or () if (row["voucher_id"], row["line_number"]) == wanted]
