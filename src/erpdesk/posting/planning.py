"""From a resolved voucher and the state of stock to a posting plan. Pure: no clock, no I/O.

The blueprint's posting vocabulary decides everything: what the header posts against and on which side, where
the value of goods goes, which way stock moves. No voucher type is known here by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import (
    CostSource,
    GoodsRole,
    GridKind,
    HeaderCounterpart,
    HeaderSide,
    SettlementSide,
    StockDirection,
)
from erpdesk.domain.journal import JournalLine, imbalance, merged
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import money_text, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.plan import OpenItem, PostingPlan
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.stock_plan import StockPlan, batch_id_of
from erpdesk.posting.stock_state import StockState
from erpdesk.storage.keys import new_id


def plan_post(voucher: ResolvedVoucher, stock: Mapping[str, Any] | None) -> PostingPlan:
    """The plan of a voucher; its `faults` name everything that forbids it."""
    kind = voucher.blueprint.voucher_type
    stock_plan = StockPlan(voucher, StockState(stock, voucher.organization.decimals))
    journal: list[JournalLine] = []
    if kind.affects_inventory:
        _move(voucher, stock_plan)
        journal += stock_plan.journal
    if kind.affects_gl:
        journal += _document_journal(voucher, stock_plan)
    lines = merged(journal)
    faults = [*stock_plan.faults]
    if not faults:
        faults += _balance_faults(voucher, lines)
    moved = kind.stock_direction is StockDirection.TRANSFER
    cost = stock_plan.taken if stock_plan.taken else stock_plan.received
    return PostingPlan(
        journal_id=new_id(),
        journal=lines,
        movements=tuple(stock_plan.movements),
        layers=tuple(stock_plan.layers),
        open_items=_open_items(voucher, lines),
        total=cost if moved else voucher.total,
        cost=cost,
        faults=tuple(faults),
    )


def _move(voucher: ResolvedVoucher, stock: StockPlan) -> None:
    """Every line's movements, in line order."""
    kind = voucher.blueprint.voucher_type
    costs = voucher.calculation.line_costs() if voucher.calculation else ()
    for number, line in enumerate(voucher.lines):
        if line.item is None or line.warehouse is None or not line.item.is_stocked or not line.stock_quantity:
            continue
        if kind.stock_direction is StockDirection.TRANSFER:
            stock.transfer(line)
        elif kind.stock_direction is StockDirection.OUT:
            stock.issue(line, _cost_account(voucher, line))
        else:
            stock.receive(
                line, line.warehouse, line.stock_quantity, costs[number], batch_id=batch_id_of(line)
            )


def _document_journal(voucher: ResolvedVoucher, stock: StockPlan) -> list[JournalLine]:
    grid = voucher.blueprint.voucher_type.grid_kind
    if grid is GridKind.LEDGER_DR_CR:
        return [_typed(voucher, line, line.debit - line.credit) for line in voucher.lines if line.account]
    if grid is GridKind.LEDGER_SINGLE:
        sign = _sign(voucher)
        lines = [_typed(voucher, line, -sign * line.amount) for line in voucher.lines if line.account]
        return [*_header(voucher, sign * voucher.total), *lines]
    if grid is GridKind.ITEMS:
        sign = _sign(voucher)
        rounding = voucher.calculation.rounding if voucher.calculation else Decimal(0)
        journal = [
            *_header(voucher, sign * voucher.total),
            *_goods(voucher, stock, sign),
            *_charges(voucher, sign),
        ]
        if rounding:
            journal.append(JournalLine(_round_off(voucher), "rounding", -sign * rounding))
        return journal
    return []


def _sign(voucher: ResolvedVoucher) -> int:
    """+1 when the header's counterpart is debited, −1 when credited."""
    return 1 if voucher.blueprint.voucher_type.header_side is HeaderSide.DEBIT else -1


def _typed(voucher: ResolvedVoucher, line: Line, amount: Decimal) -> JournalLine:
    assert line.account is not None
    return JournalLine(
        line.account.id,
        "line",
        amount,
        line.party.id if line.party else None,
        line.cost_centre.id if line.cost_centre else None,
        line.narration,
    )


def _header(voucher: ResolvedVoucher, amount: Decimal) -> list[JournalLine]:
    kind = voucher.blueprint.voucher_type
    if kind.header_counterpart is HeaderCounterpart.PARTY and voucher.party is not None:
        return [JournalLine(party_account(voucher), "party", amount, voucher.party.id)]
    if kind.header_counterpart is HeaderCounterpart.ACCOUNT and voucher.account is not None:
        return [JournalLine(voucher.account.id, "account", amount)]
    if kind.header_counterpart is HeaderCounterpart.ROLE:
        return [JournalLine(voucher.masters.roles[str(kind.counterpart_role)], "role", amount)]
    return []


def party_account(voucher: ResolvedVoucher) -> UUID:
    """The party's own account, else the organization's for the side it settles on."""
    assert voucher.party is not None
    side = voucher.blueprint.voucher_type.settlement_side
    role = "payable" if side is SettlementSide.PAYABLE else "receivable"
    return voucher.party.account_id or voucher.masters.roles[role]


def _goods(voucher: ResolvedVoucher, stock: StockPlan, sign: int) -> list[JournalLine]:
    """The value of the goods: at the document's price to its role's account, and at cost between stock and COGS."""
    role = voucher.blueprint.voucher_type.goods_role
    journal: list[JournalLine] = []
    if role is GoodsRole.INVENTORY:
        journal += [JournalLine(movement.account_id, "goods", movement.value) for movement in stock.movements]
        journal += _unstocked(voucher, sign)
    elif role in (GoodsRole.SALES, GoodsRole.SALES_RETURN):
        journal += [
            _priced(voucher, line, number, sign, role)
            for number, line in enumerate(voucher.lines)
            if line.item is not None
        ]
        for movement in stock.movements:
            assert movement.contra_account_id is not None
            journal.append(JournalLine(movement.contra_account_id, "cost", -movement.value))
            journal.append(JournalLine(movement.account_id, "stock", movement.value))
    return journal


def _priced(voucher: ResolvedVoucher, line: Line, number: int, sign: int, role: GoodsRole) -> JournalLine:
    assert line.item is not None
    own = line.item.sales_account_id if role is GoodsRole.SALES else line.item.sales_return_account_id
    inside = total(
        charge.shares[number]
        for charge in (voucher.calculation.charges if voucher.calculation else ())
        if charge.rule.included_in_price
    )
    return JournalLine(
        own or voucher.masters.roles[str(role)],
        "goods",
        -sign * (line.amount - inside),
        cost_centre_id=line.cost_centre.id if line.cost_centre else None,
    )


def _unstocked(voucher: ResolvedVoucher, sign: int) -> list[JournalLine]:
    """Items that are not stocked are an expense at once."""
    costs = voucher.calculation.line_costs() if voucher.calculation else ()
    return [
        JournalLine(_cost_account(voucher, line), "goods", -sign * costs[number])
        for number, line in enumerate(voucher.lines)
        if line.item is not None and not line.item.is_stocked
    ]


def _cost_account(voucher: ResolvedVoucher, line: Line) -> UUID:
    assert line.item is not None
    return line.item.cogs_account_id or voucher.masters.roles["cogs"]


def _charges(voucher: ResolvedVoucher, sign: int) -> list[JournalLine]:
    """Charges on their ledgers; those allocated to cost are in the goods already."""
    journal: list[JournalLine] = []
    for charge in voucher.calculation.charges if voucher.calculation else ():
        setup = next(row for row in voucher.blueprint.charges if row.code == charge.rule.code)
        amount = charge.amount if charge.rule.deduct else -charge.amount
        in_cost = charge.rule.allocate_by != "none"
        outside = not charge.rule.included_in_total and not charge.rule.included_in_price
        if setup.ledger is not None and not in_cost:
            journal.append(JournalLine(_ledger(voucher, setup.ledger), "charge", sign * amount))
        elif setup.ledger is not None and in_cost and outside:
            journal.append(JournalLine(_ledger(voucher, setup.ledger), "charge", -sign * amount))
        if setup.contra_account is not None and outside and not in_cost:
            journal.append(JournalLine(_ledger(voucher, setup.contra_account), "charge", -sign * amount))
    return journal


def _ledger(voucher: ResolvedVoucher, code: str) -> UUID:
    return voucher.masters.accounts[key_of(code)].id


def _round_off(voucher: ResolvedVoucher) -> UUID:
    own = voucher.blueprint.voucher_type.round_off_account
    return _ledger(voucher, own) if own else voucher.masters.roles["round_off"]


def _open_items(voucher: ResolvedVoucher, journal: tuple[JournalLine, ...]) -> tuple[OpenItem, ...]:
    """One open item a party and account."""
    sums: dict[tuple[UUID, UUID], Decimal] = {}
    for line in journal:
        if line.party_id is not None:
            key = (line.party_id, line.account_id)
            sums[key] = sums.get(key, Decimal(0)) + line.amount
    header = voucher.party.id if voucher.party else None
    return tuple(
        OpenItem(new_id(), party, account, amount, _due_on(voucher) if party == header else None)
        for (party, account), amount in sums.items()
        if amount != 0
    )


def _due_on(voucher: ResolvedVoucher) -> Any:
    days = (
        voucher.credit_days
        if voucher.credit_days is not None
        else voucher.party.credit_days
        if voucher.party
        else None
    )
    return voucher.date + timedelta(days=days) if days is not None else None


def _balance_faults(voucher: ResolvedVoucher, journal: tuple[JournalLine, ...]) -> list[Fault]:
    off = imbalance(journal)
    if off == 0:
        return []
    decimals = voucher.organization.decimals
    debit = money_text(total(line.debit for line in journal), decimals)
    credit = money_text(total(line.credit for line in journal), decimals)
    return [
        Fault(
            "GL-001",
            f"Debit {debit} and credit {credit} differ by {money_text(abs(off), decimals)}",
            "lines",
            Step.GL,
            {"difference": money_text(off, decimals)},
        )
    ]


def uses_layers(voucher: ResolvedVoucher) -> bool:
    """Whether the plan needs cost layers at all."""
    return voucher.blueprint.voucher_type.cost_source is CostSource.LAYERS
