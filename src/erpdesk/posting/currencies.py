"""The currency of a voucher: read from its document, then everything it says converted to base, once each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from erpdesk.blueprints.values import read_decimal
from erpdesk.blueprints.vocabulary import GridKind, HeaderCounterpart
from erpdesk.domain.charges import ChargeableLine
from erpdesk.domain.currency import Currency, conversion_residue, convert_calculation
from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import ONE, ZERO, total
from erpdesk.posting.cost_centres import in_books
from erpdesk.posting.references import text_of
from erpdesk.posting.resolved import Line, ResolvedVoucher

if TYPE_CHECKING:
    from erpdesk.posting.reader import DocumentReader


def read_currency(reader: DocumentReader) -> tuple[Currency | None, Decimal]:
    """The foreign currency of a document, None for the books' own, and base for one unit of it.

    A rate that the document doesn't say is the latest of the currency on or before its date.
    """
    base = reader.organization.base_currency
    code = (text_of(reader.document.get("currency")) or base).upper()
    given = reader.document.get("exchange_rate")
    rate = None if given in (None, "") else read_decimal(given)
    if code == base.upper():
        if rate not in (None, ONE):
            reader.fault(
                "VCH-052", f"The voucher is in {base}, the currency of the books: its exchange rate is 1",
                "exchange_rate",
            )  # fmt: skip
        return None, ONE
    known = reader.masters.currency
    if known is None or not known["is_active"]:
        reader.fault("VCH-050", f"There is no active currency {code[:20]}", "currency")
        return None, ONE
    for role in ("exchange_rounding", "exchange_gain_loss"):
        if role not in reader.masters.roles:
            reader.fault("VCH-054", f"No account has the role {role}", "currency")
    if rate is None and known["rate"] is not None:
        rate = Decimal(known["rate"])
    if rate is None:
        day = reader.document["date"]
        reader.fault(
            "VCH-051", f"There is no exchange rate of {known['code']} on {day} or before", "exchange_rate"
        )
    elif rate <= 0:
        reader.fault("VCH-052", "An exchange rate is more than zero", "exchange_rate")
        rate = None
    return Currency(known["code"], known["decimals"]), rate or ONE


def in_base(voucher: ResolvedVoucher) -> ResolvedVoucher:
    """The voucher with all its money in base currency; itself when it is in base already."""
    if voucher.foreign is None:
        return voucher
    costs = tuple(replace(cost, amount=voucher.in_base(cost.amount)) for cost in voucher.cost_charges)
    capitalises = voucher.blueprint.voucher_type.capitalises
    figures = voucher.calculation and convert_calculation(
        voucher.calculation,
        [_chargeable(line) for line in voucher.lines],
        voucher.exchange_rate,
        voucher.organization.decimals,
    )
    return replace(
        voucher,
        lines=tuple(_line(voucher, line) for line in voucher.lines),
        calculation=figures,
        cost_charges=costs,
        total=total(cost.amount for cost in costs) if capitalises else voucher.in_base(voucher.total),
    )


def _line(voucher: ResolvedVoucher, line: Line) -> Line:
    amount, debit, credit = (voucher.in_base(figure) for figure in (line.amount, line.debit, line.credit))
    shares = in_books(line, amount or debit - credit, voucher.organization.decimals)
    return replace(line, amount=amount, debit=debit, credit=credit, cost_shares=shares)


def _chargeable(line: Line) -> ChargeableLine:
    return ChargeableLine(
        ZERO, ZERO, line.stock_quantity, line.item.tax_class if line.item is not None else None
    )


def exchange_rounding(typed: ResolvedVoucher, voucher: ResolvedVoucher, sign: int) -> list[JournalLine]:
    """What converting the total and its parts one by one leaves, on an account of its own.

    `voucher` is `typed` in base, `sign` the side of its header. Nothing for a header that takes what is missing,
    nor for a journal that does not balance in its own currency: that is a fault, not rounding.
    """
    kind = typed.blueprint.voucher_type
    if typed.foreign is None or kind.header_counterpart is HeaderCounterpart.ROLE:
        return []
    residue = ZERO
    if kind.grid_kind is GridKind.LEDGER_DR_CR:
        if total(line.debit - line.credit for line in typed.lines) == 0:
            residue = -total(line.debit - line.credit for line in voucher.lines)
    elif kind.grid_kind in (GridKind.ITEMS, GridKind.LEDGER_SINGLE) and voucher.calculation is not None:
        residue = -sign * conversion_residue(voucher.calculation)
    return [JournalLine(voucher.masters.roles["exchange_rounding"], "exchange_rounding", residue)]
