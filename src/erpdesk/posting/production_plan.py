"""Stock journals: what is consumed, at the cost it has, becomes what is produced, with additional cost.

Produced cost is shared by the declared shares or by quantity in the base unit, cumulatively. With nothing
consumed each produced line says its rate, and the stock adjustment account stands against it.
"""

from __future__ import annotations

from decimal import Decimal

from erpdesk.blueprints.vocabulary import CounterpartRole
from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import ZERO, split, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.stock_plan import StockPlan


def plan_production(voucher: ResolvedVoucher, stock: StockPlan) -> list[JournalLine]:
    """Movements into `stock`; the journal where accounts differ, or cost is added."""
    for line in voucher.grid("consume"):
        if line.stock_quantity:
            stock.issue(line, None, "consume")
    produced = [line for line in voucher.grid("produce") if line.stock_quantity]
    added = total(charge.amount for charge in voucher.cost_charges)
    _share_faults(produced, stock)
    if stock.faults:
        return []
    for line, value in zip(produced, _values(voucher, produced, stock.taken + added), strict=True):
        stock.receive_line(line, value, kind="produce")
    return [*_stock_lines(stock), *_added(voucher), *_difference(voucher, stock, added)]


def _values(voucher: ResolvedVoucher, produced: list[Line], cost: Decimal) -> tuple[Decimal, ...]:
    if not produced:
        return ()
    if not voucher.grid("consume"):
        return tuple(line.amount for line in produced)
    weights = [line.share for line in produced if line.share is not None] or [
        line.stock_quantity for line in produced
    ]
    return split(cost, weights, voucher.organization.decimals)


def _share_faults(produced: list[Line], stock: StockPlan) -> None:
    """Shares stand on all produced lines or on none."""
    given = [line.share for line in produced if line.share is not None]
    if given and (len(given) != len(produced) or sum(given, ZERO) <= 0):
        missing = next((line for line in produced if line.share is None), produced[0])
        stock.faults.append(
            Fault(
                "INV-005",
                "Give a share of the cost on every produced line, or on none",
                f"{missing.path}.share",
                Step.INVENTORY,
            )
        )


def _stock_lines(stock: StockPlan) -> list[JournalLine]:
    """Value that changes its inventory account."""
    sums: dict[object, JournalLine] = {}
    for movement in stock.moved:
        line = sums.get(movement.account_id, JournalLine(movement.account_id, "stock", ZERO))
        sums[movement.account_id] = JournalLine(movement.account_id, "stock", line.amount + movement.value)
    return list(sums.values())


def _added(voucher: ResolvedVoucher) -> list[JournalLine]:
    return [
        JournalLine(charge.account.id, "charge", -charge.amount)
        for charge in voucher.cost_charges
        if charge.account
    ]


def _difference(voucher: ResolvedVoucher, stock: StockPlan, added: Decimal) -> list[JournalLine]:
    """What was produced from nothing, or consumed for nothing, stands on the stock adjustment account."""
    off = stock.received - stock.taken - added
    role = voucher.blueprint.voucher_type.counterpart_role
    name = str(role) if role is not CounterpartRole.NONE else str(CounterpartRole.STOCK_ADJUSTMENT)
    return [JournalLine(voucher.masters.roles[name], "adjustment", -off)] if off else []
