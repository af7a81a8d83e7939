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
    CounterpartRole,
    GoodsRole,
    GridKind,
    HeaderCounterpart,
    HeaderSide,
    SettlementSide,
    StockDirection,
)
from erpdesk.domain.journal import JournalLine, imbalance, merged, sides_differ, stated_in_currency
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ZERO, total
from erpdesk.domain.results import Fault
from erpdesk.posting.cost_centres import over_centres
from erpdesk.posting.credit import credit_faults
from erpdesk.posting.currencies import exchange_rounding, in_base
from erpdesk.posting.deficits import set_off
from erpdesk.posting.landed_plan import cost_credits, plan_landed_cost
from erpdesk.posting.movement_plan import cost_account, plan_movements, plan_reservations
from erpdesk.posting.plan import OpenItem, PostingPlan
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.return_plan import variance_lines
from erpdesk.posting.settlement_plan import plan_settlement
from erpdesk.posting.stock_plan import StockPlan
from erpdesk.posting.stock_state import StockState
from erpdesk.posting.units import UnitState
from erpdesk.storage.keys import new_id


def plan_post(
    voucher: ResolvedVoucher, stock: Mapping[str, Any] | None, named: Mapping[str, Any] | None = None
) -> PostingPlan:
    """The plan of a voucher; its `faults` name everything that forbids it.

    `stock` is the state of stock as locked, `named` that of the vouchers it names: `sources`, `open_items`,
    `receipts`.
    """
    typed, voucher = voucher, in_base(voucher)
    kind, named = voucher.blueprint.voucher_type, named or {}
    if kind.settles:
        return _settling(typed, named)
    if kind.capitalises:
        return _capitalising(typed, voucher, named)
    state = StockState(stock, voucher.organization.decimals)
    stock_plan = StockPlan(voucher, state, UnitState(named.get("serials")))
    journal: list[JournalLine] = []
    if kind.affects_inventory:
        journal += plan_movements(voucher, stock_plan, named)
        set_off(stock_plan)
        journal += stock_plan.journal
    if kind.reserves_stock:
        plan_reservations(voucher, stock_plan)
    if kind.affects_gl:
        journal += _document_journal(voucher, stock_plan)
        journal += exchange_rounding(typed, voucher, _sign(voucher))
    lines = merged(journal)
    if typed.foreign is not None:
        lines = stated_in_currency(lines, _stated(typed))
    credit = credit_faults(voucher, lines, named.get("parties"))
    inside = kind.stock_direction in (StockDirection.TRANSFER, StockDirection.JOURNAL)
    cost = stock_plan.received if kind.stock_direction is StockDirection.JOURNAL else ZERO
    cost = cost or stock_plan.taken or stock_plan.received
    return PostingPlan(
        journal_id=new_id(),
        journal=lines,
        movements=tuple(stock_plan.movements),
        layers=tuple(stock_plan.layers),
        open_items=_open_items(voucher, lines),
        source_uses=tuple(stock_plan.source_uses),
        deficits=tuple(stock_plan.deficits),
        deficit_settlements=tuple(stock_plan.deficit_settlements),
        reservations=tuple(stock_plan.reservations),
        reservation_uses=tuple(stock_plan.reservation_uses),
        total=cost if inside else typed.total,
        cost=cost,
        faults=tuple(stock_plan.faults or [*_balance_faults(voucher, lines), *credit[0]]),
        warnings=tuple(credit[1]),
    )


def _settling(voucher: ResolvedVoucher, named: Mapping[str, Any]) -> PostingPlan:
    """A receipt or payment against open items."""
    settled = plan_settlement(voucher, named.get("open_items"), party_account(voucher))
    lines = merged(settled.journal)
    return PostingPlan(
        journal_id=new_id(),
        journal=lines,
        open_items=tuple(settled.open_items),
        settlements=tuple(settled.settlements),
        total=voucher.total,
        faults=tuple(settled.faults or _balance_faults(voucher, lines)),
    )


def _capitalising(
    typed: ResolvedVoucher, voucher: ResolvedVoucher, named: Mapping[str, Any]
) -> PostingPlan:
    """Cost added to goods received before."""
    account = party_account(voucher) if voucher.party else None
    landed = plan_landed_cost(voucher, named.get("receipts"), account)
    lines = merged(landed.journal)
    if typed.foreign is not None:
        lines = stated_in_currency(lines, merged(cost_credits(typed, account)))
    return PostingPlan(
        journal_id=new_id(),
        journal=lines,
        movements=tuple(landed.movements),
        open_items=_open_items(voucher, lines),
        total=typed.total,
        cost=landed.capitalised,
        faults=tuple(landed.faults or _balance_faults(voucher, lines)),
    )


def _document_journal(voucher: ResolvedVoucher, stock: StockPlan) -> list[JournalLine]:
    journal = _priced_journal(voucher, stock)
    return [*journal, *_role_balance(voucher, journal)]


def _priced_journal(voucher: ResolvedVoucher, stock: StockPlan) -> list[JournalLine]:
    """The journal that the document says, by the kind of its grid."""
    grid, sign = voucher.blueprint.voucher_type.grid_kind, _sign(voucher)
    typed = [line for line in voucher.lines if line.account]
    if grid is GridKind.LEDGER_DR_CR:
        return [part for line in typed for part in _typed(voucher, line, line.debit - line.credit)]
    if grid not in (GridKind.ITEMS, GridKind.LEDGER_SINGLE) or voucher.calculation is None:
        return []
    if grid is GridKind.ITEMS:
        lines = _goods(voucher, stock, sign)
    else:
        lines = [part for line in typed for part in _typed(voucher, line, -sign * line.amount)]
    journal = [*_header(voucher, sign * voucher.total), *lines, *_charges(voucher, sign)]
    if voucher.calculation.rounding:
        journal.append(JournalLine(_round_off(voucher), "rounding", -sign * voucher.calculation.rounding))
    return journal


def _stated(voucher: ResolvedVoucher) -> tuple[JournalLine, ...]:
    """What the journal says in the voucher's own currency: all but goods at cost and what differs from it."""
    nothing = StockPlan(voucher, StockState(None, voucher.decimals))
    return merged(line for line in _priced_journal(voucher, nothing) if line.role != "variance")


def _sign(voucher: ResolvedVoucher) -> int:
    """+1 when the header's counterpart is debited, −1 when credited."""
    return 1 if voucher.blueprint.voucher_type.header_side is HeaderSide.DEBIT else -1


def _typed(voucher: ResolvedVoucher, line: Line, amount: Decimal) -> list[JournalLine]:
    assert line.account is not None
    journal = JournalLine(
        line.account.id,
        "line",
        amount,
        line.party.id if line.party else None,
        line.cost_centre.id if line.cost_centre else None,
        line.narration,
    )
    return over_centres(line, journal, voucher.organization.decimals)


def _header(voucher: ResolvedVoucher, amount: Decimal) -> list[JournalLine]:
    kind = voucher.blueprint.voucher_type
    if kind.header_counterpart is HeaderCounterpart.PARTY and voucher.party is not None:
        return [JournalLine(party_account(voucher), "party", amount, voucher.party.id)]
    if kind.header_counterpart is HeaderCounterpart.ACCOUNT and voucher.account is not None:
        return [JournalLine(voucher.account.id, "account", amount)]
    return []


def _role_balance(voucher: ResolvedVoucher, journal: list[JournalLine]) -> list[JournalLine]:
    """The account known by its role takes whatever the other lines leave open."""
    kind = voucher.blueprint.voucher_type
    if kind.header_counterpart is not HeaderCounterpart.ROLE:
        return []
    return [JournalLine(voucher.masters.roles[str(kind.counterpart_role)], "role", -imbalance(journal))]


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
        journal += [JournalLine(movement.account_id, "goods", movement.value) for movement in stock.moved]
        journal += _unstocked(voucher, sign)
        journal += _through_grir(voucher, stock)
    elif role is GoodsRole.PURCHASE_RETURN:
        prices = voucher.calculation.line_costs() if voucher.calculation else ()
        journal += variance_lines(voucher, stock, prices, sign)
    elif role in (GoodsRole.SALES, GoodsRole.SALES_RETURN):
        journal += [
            part
            for number, line in enumerate(voucher.lines)
            if line.item is not None
            for part in over_centres(line, _priced(voucher, line, number, sign, role), voucher.organization.decimals)
        ]
        for movement in stock.moved:
            assert movement.contra_account_id is not None
            journal.append(JournalLine(movement.contra_account_id, "cost", -movement.value))
            journal.append(JournalLine(movement.account_id, "stock", movement.value))
    return journal


def _through_grir(voucher: ResolvedVoucher, stock: StockPlan) -> list[JournalLine]:
    """Goods that come with their invoice, where both pass GR/IR: received there at their value, invoiced at it."""
    kind = voucher.blueprint.voucher_type
    if not kind.use_grir or kind.counterpart_role is CounterpartRole.GRIR:
        return []
    value, grir = total(move.value for move in stock.moved if move.kind == "in"), voucher.masters.roles["grir"]
    return [JournalLine(grir, "received", -value), JournalLine(grir, "invoiced", value)]


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
        JournalLine(cost_account(voucher, line), "goods", -sign * costs[number])
        for number, line in enumerate(voucher.lines)
        if line.item is not None and not line.item.is_stocked
    ]


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
    sums: dict[tuple[UUID, UUID], tuple[Decimal, Decimal]] = {}
    for line in journal:
        if line.party_id is not None:
            key = (line.party_id, line.account_id)
            amount, stated = sums.get(key, (ZERO, ZERO))
            sums[key] = amount + line.amount, stated + (line.currency_amount or ZERO)
    header = voucher.party.id if voucher.party else None
    return tuple(
        OpenItem(
            new_id(),
            party,
            account,
            amount,
            _due_on(voucher) if party == header else None,
            currency_amount=stated if voucher.foreign else None,
        )
        for (party, account), (amount, stated) in sums.items()
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
    if imbalance(journal) == 0:
        return []
    debit, credit = total(line.debit for line in journal), total(line.credit for line in journal)
    return [sides_differ(debit, credit, voucher.organization.decimals)]
