"""Currencies: money of a voucher that is not kept in the books' own currency, and what it comes to in base.

An exchange rate is base currency for one unit of the voucher's currency. Each line and each charge converts
once, half up to the base currency's decimals; splits happen in base. What the conversions leave between the
voucher's total and its parts is the exchange rounding (decision 73).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from erpdesk.domain.calculation import Calculation
from erpdesk.domain.charges import ChargeableLine, convert_charges
from erpdesk.domain.money import money, product, total


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency other than the books' own; `decimals` are its own, often not those of the base currency."""

    code: str
    decimals: int


def in_base(amount: Decimal, rate: Decimal, decimals: int) -> Decimal:
    """Money of a voucher in base currency, rounded once to the base currency's decimals."""
    return money(product(amount, rate), decimals)


def convert_calculation(
    figures: Calculation, lines: Sequence[ChargeableLine], rate: Decimal, decimals: int
) -> Calculation:
    """The calculation in base: lines and charges convert once each, charges split over lines in base.

    `lines` carry quantities and tax classes; their amounts don't matter. The total converts by itself, so it may
    differ from the sum of its parts by the exchange rounding.
    """
    amounts = tuple(in_base(amount, rate, decimals) for amount in figures.line_amounts)
    gross = tuple(in_base(amount, rate, decimals) for amount in figures.line_gross)
    based = [
        replace(line, amount=amount, gross=before)
        for line, amount, before in zip(lines, amounts, gross, strict=True)
    ]
    return Calculation(
        amounts,
        gross,
        figures.quantity,
        total(amounts),
        convert_charges(based, figures.charges, rate, decimals),
        in_base(figures.rounding, rate, decimals),
        in_base(figures.net, rate, decimals),
    )


def conversion_residue(figures: Calculation) -> Decimal:
    """What a converted total is more than its converted parts; zero in base currency."""
    parts = figures.items_total + total(charge.signed for charge in figures.charges) + figures.rounding
    return figures.net - parts
