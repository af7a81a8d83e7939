"""What every line of a stock voucher moves, in line order, by the words of its blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import DocumentKind, StockDirection
from erpdesk.domain.journal import JournalLine
from erpdesk.posting.clearing_plan import clear_delivery, clear_receipt, follows, use_order
from erpdesk.posting.count_plan import plan_count
from erpdesk.posting.plan import Reservation, ReservationUse
from erpdesk.posting.production_plan import plan_production
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.return_plan import give_back, take_back
from erpdesk.posting.sources import SourceState
from erpdesk.posting.stock_plan import StockPlan, batch_id_of
from erpdesk.storage.keys import new_id


def plan_movements(voucher: ResolvedVoucher, stock: StockPlan, named: Mapping[str, Any]) -> list[JournalLine]:
    """Fill `stock`; the journal lines that movements alone don't say."""
    kind = voucher.blueprint.voucher_type
    if kind.counts_stock:
        plan_count(voucher, stock, named.get("counted"))
        return []
    if kind.stock_direction is StockDirection.JOURNAL:
        return plan_production(voucher, stock)
    sources = SourceState(named.get("sources"))
    costs = voucher.calculation.line_costs() if voucher.calculation else ()
    journal: list[JournalLine] = []
    for number, line in enumerate(voucher.lines):
        if line.item is None or line.warehouse is None or not line.item.is_stocked or not line.stock_quantity:
            continue
        if follows(line, DocumentKind.ORDER):
            _from_order(stock, sources, line, named)
        if follows(line, DocumentKind.RECEIPT):
            journal += clear_receipt(voucher, stock, sources, line, costs[number], named.get("receipts"))
        elif follows(line, DocumentKind.DELIVERY):
            journal += clear_delivery(voucher, stock, sources, line, cost_account(voucher, line))
        else:
            _move(voucher, stock, sources, line, costs[number] if costs else Decimal(0))
    return journal


def _move(
    voucher: ResolvedVoucher, stock: StockPlan, sources: SourceState, line: Line, cost: Decimal
) -> None:
    kind = voucher.blueprint.voucher_type
    assert line.warehouse is not None
    if kind.stock_direction is StockDirection.TRANSFER:
        stock.transfer(line)
    elif kind.stock_direction is StockDirection.OUT and kind.is_return:
        give_back(voucher, stock, sources, line)
    elif kind.stock_direction is StockDirection.OUT:
        stock.issue(line, cost_account(voucher, line))
    elif kind.is_return:
        take_back(voucher, stock, sources, line, cost_account(voucher, line))
    else:
        stock.receive_line(line, cost)


def cost_account(voucher: ResolvedVoucher, line: Line) -> UUID:
    """Where the cost of goods that leave goes: the item's account, else the organization's."""
    assert line.item is not None
    return line.item.cogs_account_id or voucher.masters.roles["cogs"]


def plan_reservations(voucher: ResolvedVoucher, stock: StockPlan) -> None:
    """An order keeps its quantities from others; short on one line, it is refused whole."""
    for line in voucher.lines:
        if line.item is None or line.warehouse is None or not line.item.is_stocked or not line.stock_quantity:
            continue
        if stock.reserve(line):
            stock.reservations.append(Reservation(
                new_id(), line.number, line.item.id, line.warehouse.id, line.stock_quantity, batch_id_of(line)
            ))  # fmt: skip


def _from_order(stock: StockPlan, sources: SourceState, line: Line, named: Mapping[str, Any]) -> None:
    """Use up the order, and set free what it had reserved for this line."""
    use_order(stock, sources, line)
    assert line.source is not None
    assert line.source_line is not None
    wanted = line.stock_quantity
    for row in named.get("reservations") or ():
        if row["voucher_id"] != str(line.source.id) or row["line_number"] != line.source_line.number:
            continue
        part = min(wanted, Decimal(row["quantity_left"]))
        if part <= 0:
            continue
        stock.reservation_uses.append(ReservationUse(UUID(row["id"]), part))
        batch = UUID(row["batch_id"]) if row["batch_id"] else None
        stock.state.release(UUID(row["item_id"]), UUID(row["warehouse_id"]), part, batch)
        row["quantity_left"] = Decimal(row["quantity_left"]) - part
        wanted -= part
