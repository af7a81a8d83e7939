"""Receipts and payments against open items: journal, advance, discount, write-off, settlements.

On the receivable side the party is credited, on the payable side debited; a target's open amount gets smaller
by money, discount and write-off together. What is not allocated stays open as the party's advance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import SettlementSide
from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import ZERO, money_text, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.plan import OpenItem, Settlement
from erpdesk.posting.resolved import ResolvedVoucher
from erpdesk.posting.sources import Allocation
from erpdesk.storage.keys import new_id


@dataclass(slots=True)
class SettlementPlan:
    """What a settling voucher does to the ledger and to open items."""

    journal: list[JournalLine] = field(default_factory=list)
    open_items: list[OpenItem] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def plan_settlement(voucher: ResolvedVoucher, open_items: Any, control_account: UUID) -> SettlementPlan:
    """The plan, from the open items as locked; `control_account` takes advances."""
    assert voucher.party is not None
    plan = SettlementPlan()
    receivable = voucher.blueprint.voucher_type.settlement_side is SettlementSide.RECEIVABLE
    sign = 1 if receivable else -1
    open_amounts = {UUID(row["id"]): Decimal(row["open_amount"]) for row in open_items or ()}
    settled: dict[UUID, Decimal] = {}
    for number, allocation in enumerate(voucher.allocations):
        _allocate(voucher, plan, number, allocation, sign, open_amounts, settled)
    advance = voucher.total - total(allocation.amount for allocation in voucher.allocations)
    if advance < 0:
        plan.faults.append(_over(voucher, advance))
    settled[control_account] = settled.get(control_account, ZERO)
    _journal(voucher, plan, sign)
    for account, amount in settled.items():
        open_part = advance if account == control_account else ZERO
        whole = -sign * (amount + open_part)
        if whole == 0:
            continue
        plan.journal.append(JournalLine(account, "party", whole, voucher.party.id))
        own = OpenItem(new_id(), voucher.party.id, account, whole, None, -sign * open_part)
        plan.open_items.append(own)
        if amount:
            plan.settlements.append(Settlement(new_id(), own.id, -sign * amount, True))
    return plan


def _allocate(
    voucher: ResolvedVoucher,
    plan: SettlementPlan,
    number: int,
    allocation: Allocation,
    sign: int,
    open_amounts: dict[UUID, Decimal],
    settled: dict[UUID, Decimal],
) -> None:
    """One allocation over the open items of its target, in their order."""
    assert voucher.party is not None
    path, target, left = f"allocations[{number}]", allocation.target, sign * allocation.settled
    items = [item for item in target.open_items if item.party_id == voucher.party.id]
    if target.status != "POSTED" or not items:
        plan.faults.append(
            Fault(
                "VCH-020",
                f"{target.name} has nothing open of {voucher.party.code}",
                f"{path}.voucher_number",
                Step.JOURNAL,
            )
        )
        return
    for item in items:
        open_now = open_amounts.get(item.id, ZERO)
        part = min(left, open_now) if left > 0 else max(left, open_now)
        if part * left <= 0:
            continue
        plan.settlements.append(Settlement(new_id(), item.id, part, False))
        open_amounts[item.id] = open_now - part
        settled[item.account_id] = settled.get(item.account_id, ZERO) + sign * part
        left -= part
    if left != 0:
        decimals = voucher.organization.decimals
        what = money_text(abs(allocation.settled), decimals)
        there = money_text(abs(allocation.settled) - abs(left), decimals)
        plan.faults.append(
            Fault(
                "VCH-019",
                f"{target.name} has {there} open; {what} is more",
                f"{path}.amount",
                Step.JOURNAL,
                {"open": there},
            )
        )


def _journal(voucher: ResolvedVoucher, plan: SettlementPlan, sign: int) -> None:
    """Money on the header's account; discount and write-off on theirs."""
    assert voucher.account is not None
    roles = voucher.masters.roles
    discount = total(allocation.discount for allocation in voucher.allocations)
    write_off = total(allocation.write_off for allocation in voucher.allocations)
    plan.journal.append(JournalLine(voucher.account.id, "account", sign * voucher.total))
    plan.journal.append(
        JournalLine(
            roles["discount_allowed" if sign > 0 else "discount_received"], "discount", sign * discount
        )
    )
    plan.journal.append(JournalLine(roles["write_off"], "write_off", sign * write_off))


def _over(voucher: ResolvedVoucher, advance: Decimal) -> Fault:
    over = money_text(-advance, voucher.organization.decimals)
    return Fault(
        "VCH-019", f"The allocations are {over} more than the amount", "amount", Step.JOURNAL, {"over": over}
    )
