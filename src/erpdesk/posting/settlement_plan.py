"""Receipts and payments against open items: journal, advance, discount, write-off, settlements.

On the receivable side the party is credited, on the payable side debited; a target's open amount gets smaller
by money, discount and write-off together. What is not allocated stays open as the party's advance.

A foreign voucher settles items of its own currency. A part of an item takes the same part of its base amount,
cumulatively, the last part what is left; what the money is worth at the voucher's rate is an exchange gain or
loss where the item was made at another rate, exchange rounding where it was made at the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import SettlementSide
from erpdesk.domain.journal import JournalLine, imbalance
from erpdesk.domain.money import ZERO, money_text, share, total
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


@dataclass(slots=True)
class _Open:
    """What is open of an item while a plan is made, in base and in its currency, and the rate it was made at."""

    amount: Decimal
    stated: Decimal
    currency: str
    rate: Decimal


@dataclass(slots=True)
class _Settled:
    """What is settled on one account, positive, in base and in the voucher's currency."""

    amount: Decimal = ZERO
    stated: Decimal = ZERO


def plan_settlement(voucher: ResolvedVoucher, open_items: Any, control_account: UUID) -> SettlementPlan:
    """The plan, from the open items as locked; `voucher` has its own currency, `control_account` takes advances."""
    assert voucher.party is not None
    plan = SettlementPlan()
    receivable = voucher.blueprint.voucher_type.settlement_side is SettlementSide.RECEIVABLE
    sign = 1 if receivable else -1
    there = {UUID(row["id"]): _open(row, voucher) for row in open_items or ()}
    settled: dict[UUID, _Settled] = {}
    gain = ZERO
    for number, allocation in enumerate(voucher.allocations):
        gain += _allocate(voucher, plan, number, allocation, sign, there, settled)
    advance = voucher.total - total(allocation.amount for allocation in voucher.allocations)
    if advance < 0:
        plan.faults.append(_over(voucher, advance))
    settled.setdefault(control_account, _Settled())
    if advance > 0 and settled[control_account].stated < 0:
        plan.faults.append(_credits_over(voucher, -settled[control_account].stated))
    _journal(voucher, plan, sign)
    for account, part in settled.items():
        _own_item(voucher, plan, sign, account, part, advance if account == control_account else ZERO)
    if voucher.foreign is not None:
        _exchange(voucher, plan, gain)
    return plan


def _own_item(
    voucher: ResolvedVoucher, plan: SettlementPlan, sign: int, account: UUID, part: _Settled, advance: Decimal
) -> None:
    """The party's line on one account, and the voucher's own open item: what it settled, and the advance."""
    assert voucher.party is not None
    foreign, kept = voucher.foreign is not None, voucher.in_base(advance)
    whole = -sign * (part.amount + kept)
    if part.amount * kept < 0:
        plan.faults.append(_apart(voucher))
    if whole == 0:
        return
    stated = -sign * (part.stated + advance) if foreign else None
    plan.journal.append(JournalLine(account, "party", whole, voucher.party.id, currency_amount=stated))
    own = OpenItem(
        new_id(), voucher.party.id, account, whole, None, -sign * kept, stated,
        -sign * advance if foreign else None,
    )  # fmt: skip
    plan.open_items.append(own)
    if part.amount or part.stated:
        taken = -sign * part.stated if foreign else None
        plan.settlements.append(Settlement(new_id(), own.id, -sign * part.amount, True, taken))


def _open(row: Mapping[str, Any], voucher: ResolvedVoucher) -> _Open:
    amount, base = Decimal(row["open_amount"]), voucher.organization.base_currency
    return _Open(
        amount,
        Decimal(row.get("currency_open_amount", amount)),
        row.get("currency_code", base),
        Decimal(row.get("exchange_rate", 1)),
    )


def _allocate(
    voucher: ResolvedVoucher,
    plan: SettlementPlan,
    number: int,
    allocation: Allocation,
    sign: int,
    there: dict[UUID, _Open],
    settled: dict[UUID, _Settled],
) -> Decimal:
    """One allocation over the open items of its target, in their order; the exchange gain (debit positive)."""
    assert voucher.party is not None
    path, target, left, gain = f"allocations[{number}]", allocation.target, sign * allocation.settled, ZERO
    items = [item for item in target.open_items if item.party_id == voucher.party.id]
    if target.status != "POSTED" or not items:
        plan.faults.append(
            Fault(
                "VCH-020",
                f"{target.name} has nothing open of {voucher.party.named}",
                f"{path}.voucher_number",
                Step.JOURNAL,
            )
        )
        return ZERO
    for item in items:
        now = there.get(item.id)
        if now is None:
            continue
        if now.currency != voucher.currency_code:
            plan.faults.append(_other_currency(voucher, target.name, now.currency, path))
            return ZERO
        part = min(left, now.stated) if left > 0 else max(left, now.stated)
        if part * left <= 0:
            continue
        base = share(now.amount, part, now.stated, voucher.organization.decimals)
        plan.settlements.append(
            Settlement(new_id(), item.id, base, False, part if voucher.foreign else None)
        )
        if now.rate != voucher.exchange_rate:
            gain -= voucher.in_base(part) - base
        now.amount, now.stated = now.amount - base, now.stated - part
        done = settled.setdefault(item.account_id, _Settled())
        done.amount, done.stated = done.amount + sign * base, done.stated + sign * part
        left -= part
    if left != 0:
        what = money_text(abs(allocation.settled), voucher.decimals)
        open_now = money_text(abs(allocation.settled) - abs(left), voucher.decimals)
        plan.faults.append(
            Fault(
                "VCH-019",
                f"{target.name} has {open_now} open; {what} is more",
                f"{path}.amount",
                Step.JOURNAL,
                {"open": open_now},
            )
        )
    return gain


def _journal(voucher: ResolvedVoucher, plan: SettlementPlan, sign: int) -> None:
    """Money on the header's account; discount and write-off on theirs."""
    assert voucher.account is not None
    roles = voucher.masters.roles
    discount = total(allocation.discount for allocation in voucher.allocations)
    write_off = total(allocation.write_off for allocation in voucher.allocations)
    for account, role, amount in (
        (voucher.account.id, "account", voucher.total),
        (roles["discount_allowed" if sign > 0 else "discount_received"], "discount", discount),
        (roles["write_off"], "write_off", write_off),
    ):
        plan.journal.append(
            JournalLine(
                account,
                role,
                sign * voucher.in_base(amount),
                currency_amount=sign * amount if voucher.foreign else None,
            )
        )


def _exchange(voucher: ResolvedVoucher, plan: SettlementPlan, gain: Decimal) -> None:
    """Gain or loss on items of other rates, and what rounding leaves beside it."""
    roles = voucher.masters.roles
    plan.journal.append(JournalLine(roles["exchange_gain_loss"], "exchange", gain))
    if not plan.faults:
        rounding = -imbalance(plan.journal)
        plan.journal.append(JournalLine(roles["exchange_rounding"], "exchange_rounding", rounding))


def _other_currency(voucher: ResolvedVoucher, target: str, currency: str, path: str) -> Fault:
    return Fault(
        "VCH-053",
        f"{target} is in {currency}, this voucher in {voucher.currency_code}",
        f"{path}.voucher_number",
        Step.JOURNAL,
        {"currency": currency},
    )


def _over(voucher: ResolvedVoucher, advance: Decimal) -> Fault:
    over = money_text(-advance, voucher.decimals)
    return Fault(
        "VCH-019", f"The allocations are {over} more than the amount", "amount", Step.JOURNAL, {"over": over}
    )


def _credits_over(voucher: ResolvedVoucher, over: Decimal) -> Fault:
    """Credits are set against invoices; what has nothing against it stays open where it is."""
    text = money_text(over, voucher.decimals)
    return Fault(
        "VCH-019",
        f"The credits named are {text} more than the invoices they are set against",
        "allocations",
        Step.GL,
        {"over": text},
    )


def _apart(voucher: ResolvedVoucher) -> Fault:
    """An advance beside credits of a higher rate than their invoices would be one open item of two sides."""
    return Fault(
        "VCH-019",
        "The credits named are worth more than the invoices they are set against, at their exchange rates: "
        "take the advance in a voucher of its own",
        "amount",
        Step.JOURNAL,
    )
