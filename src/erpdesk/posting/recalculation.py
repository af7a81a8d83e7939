"""What a voucher adds up to while it is being typed: tolerant of anything unfinished, the same arithmetic.

What can't be read yet counts as nothing. The service computes the same figures from the finished document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.values import read_decimal
from erpdesk.blueprints.vocabulary import GridKind, HeaderSide
from erpdesk.blueprints.written_row import WrittenRow
from erpdesk.domain.calculation import (
    Calculation,
    LineFigures,
    PricedLine,
    amount_figures,
    line_figures,
    summed,
)
from erpdesk.domain.journal import sides_differ
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ONE, ZERO, money_text, plain, product, total
from erpdesk.domain.results import Fault
from erpdesk.posting.charging import charge_rules
from erpdesk.posting.references import rows_of

_REMEMBERED, _SHORT = 8192, 40
Brief = str | Decimal | None
_NO_ITEMS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What totals need of an item: its tax class, and the factor of each unit by key."""

    tax_class: str | None
    factors: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ChargeTotal:
    """One charge as shown: figures as text, `amount` positive in the sense of `deduct`, `base` what it is taken of."""

    code: str
    label: str
    rate: str
    amount: str
    deduct: bool
    included: bool
    base: str


@dataclass(frozen=True, slots=True)
class VoucherTotals:
    """The totals panel: money as text with the currency's decimals, quantity plain.

    `line_amounts` has one figure a row of `lines`. `debit` and `credit` are the sides of a journal; `balance`
    is debit less credit. `settled` is what a settling voucher sets against bills, `left` what stays on account. For
    other grids they are empty. `imbalance` says that sides differ that must not.
    """

    line_amounts: tuple[str, ...]
    quantity: str
    gross: str
    discount: str
    items_total: str
    charges: tuple[ChargeTotal, ...]
    rounding: str
    net: str
    debit: str = ""
    credit: str = ""
    balance: str = ""
    settled: str = ""
    left: str = ""
    imbalance: Fault | None = None


def recalculate(
    document: Mapping[str, Any],
    blueprint: Blueprint,
    decimals: int,
    items: Mapping[str, ItemFacts] | None = None,
) -> VoucherTotals:
    """The totals of a document in whatever state it is."""
    if blueprint.voucher_type.capitalises:
        return _plain_total([], total(_figure_of(row, "amount") for row in rows_of(document, "charges")), decimals)
    rows = list(rows_of(document, "lines"))
    grid = blueprint.voucher_type.grid_kind
    if grid is GridKind.LEDGER_DR_CR:
        return _sides(rows, decimals, must_agree=blueprint.voucher_type.header_side is not HeaderSide.BALANCE)
    if grid is GridKind.ALLOCATION:
        return _settled(document, decimals)
    if grid is GridKind.LEDGER_SINGLE:
        amounts = [_figure_of(row, "amount") for row in rows]
        figures = summed([amount_figures(amount) for amount in amounts], _rules(blueprint, document), decimals,
                         blueprint.voucher_type.round_to, with_shares=False)
        return _shown(figures, tuple(money_text(amount, decimals) for amount in amounts), decimals)
    lines = [_known_line(row, items or _NO_ITEMS, decimals) for row in rows]
    figures = summed([line.figures for line in lines], _rules(blueprint, document), decimals,
                     blueprint.voucher_type.round_to, with_shares=False)
    return _shown(figures, tuple(line.amount for line in lines), decimals)


def _rules(blueprint: Blueprint, document: Mapping[str, Any]) -> Any:
    return charge_rules(blueprint, document) if blueprint.charges else ()


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line comes to, and its amount as text."""

    figures: LineFigures
    amount: str


def _known_line(row: Mapping[str, Any], items: Mapping[str, ItemFacts], decimals: int) -> _Line:
    """What a row came to when it was last asked, where nothing has changed: of a long voucher one line is new."""
    if type(row) is not WrittenRow:
        return _line_of(row, items, decimals)
    kept = row.figures
    if kept is not None and kept[0] is items and kept[1] == decimals:
        line: _Line = kept[2]
        return line
    line = _line_of(row, items, decimals)
    row.figures = (items, decimals, line)
    return line


def _line_of(row: Mapping[str, Any], items: Mapping[str, ItemFacts], decimals: int) -> _Line:
    get = row.get
    facts, unit = items.get(_key(get("item"))), get("uom")
    factor = facts.factors.get(_key(unit), ONE) if facts and unit else ONE
    return _line(_brief(get("quantity")), _brief(get("rate")), _brief(get("discount_percent")),
                 _brief(get("discount_amount")), _brief(get("free_quantity")), factor,
                 facts.tax_class if facts else None, decimals)


@lru_cache(_REMEMBERED)
def _line(quantity: Brief, rate: Brief, percent: Brief, discount: Brief, free: Brief, factor: Decimal,
          tax_class: str | None, decimals: int) -> _Line:
    """Of a long voucher one line changes with a key; the others come to what they came to before."""
    count = _figure(quantity)
    figures = line_figures(
        PricedLine(count, _figure(rate), _figure(percent), _figure(discount),
                   product(count + _figure(free), factor), tax_class), decimals)
    return _Line(figures, money_text(figures.chargeable.amount, decimals))


def _brief(raw: Any) -> Brief:
    """What is remembered by: a short text as it is, anything else as the figure that it is read as."""
    return raw if raw is None or (type(raw) is str and len(raw) < _SHORT) else _read(raw)


def _key(raw: Any) -> str:
    return _key_of(raw) if type(raw) is str and len(raw) < _SHORT else key_of(str(raw or ""))


_key_of = lru_cache(_REMEMBERED)(key_of)


def _figure_of(row: Mapping[str, Any], key: str) -> Decimal:
    return _figure(row.get(key))


def _figure(raw: Any) -> Decimal:
    return ZERO if raw is None or raw == "" else _read(raw)


def _read(raw: Any) -> Decimal:
    try:
        return read_decimal(raw)
    except ValueError:
        return ZERO


def _shown(figures: Calculation, line_amounts: tuple[str, ...], decimals: int) -> VoucherTotals:
    charges = tuple(
        ChargeTotal(
            charge.rule.code,
            charge.rule.label,
            plain(charge.rule.rate) if charge.rule.rate is not None else "",
            money_text(charge.amount, decimals),
            charge.rule.deduct,
            charge.rule.included_in_total,
            money_text(charge.base, decimals),
        )
        for charge in figures.charges
    )
    return VoucherTotals(
        line_amounts,
        plain(figures.quantity),
        money_text(figures.gross, decimals),
        money_text(figures.line_discount, decimals),
        money_text(figures.items_total, decimals),
        charges,
        money_text(figures.rounding, decimals),
        money_text(figures.net, decimals),
    )


def _sides(rows: list[Mapping[str, Any]], decimals: int, *, must_agree: bool) -> VoucherTotals:
    debit, credit = (
        total(_figure_of(row, "debit") for row in rows),
        total(_figure_of(row, "credit") for row in rows),
    )
    base = _plain_total(
        [money_text(_figure_of(row, "debit") or _figure_of(row, "credit"), decimals) for row in rows],
        debit,
        decimals,
    )
    return VoucherTotals(
        base.line_amounts,
        "0",
        base.gross,
        base.discount,
        base.items_total,
        (),
        base.rounding,
        base.net,
        money_text(debit, decimals),
        money_text(credit, decimals),
        money_text(debit - credit, decimals),
        imbalance=sides_differ(debit, credit, decimals) if must_agree and debit != credit else None,
    )


def _settled(document: Mapping[str, Any], decimals: int) -> VoucherTotals:
    """The money moved, typed or else what the bills take, and what of it no bill takes."""
    rows = list(rows_of(document, "allocations"))
    amounts = [_figure_of(row, "amount") for row in rows]
    settled = total(amounts)
    whole = settled if document.get("amount") in (None, "") else _figure_of(document, "amount")
    given_up = total(_figure_of(row, key) for row in rows for key in ("discount", "write_off"))
    base = _plain_total([money_text(amount, decimals) for amount in amounts], whole, decimals)
    return replace(base, discount=money_text(given_up, decimals), settled=money_text(settled, decimals),
                   left=money_text(whole - settled, decimals))


def _plain_total(amounts: list[str], whole: Decimal, decimals: int) -> VoucherTotals:
    text, zero = money_text(whole, decimals), money_text(ZERO, decimals)
    return VoucherTotals(tuple(amounts), "0", text, zero, text, (), zero, text)
