"""Totals of a voucher: line amounts, charges, rounding, net. The same pure function in window and service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from erpdesk.domain.charges import ChargeableLine, ChargeFigures, ChargeRule, compute_charges
from erpdesk.domain.money import HUNDRED, ONE, WIDE, ZERO, money, product, rounded_to, total


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line as typed: quantity in its unit, rate a unit, discounts, and what charges need to know."""

    quantity: Decimal
    rate: Decimal
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    stock_quantity: Decimal | None = None
    tax_class: str | None = None


@dataclass(frozen=True, slots=True)
class Calculation:
    """What a voucher of priced lines adds up to; all money in voucher currency, positive.

    `line_amounts` and `line_gross` have one figure a line. `net` is what the party owes, `rounding` what
    rounding added to it.
    """

    line_amounts: tuple[Decimal, ...]
    line_gross: tuple[Decimal, ...]
    quantity: Decimal
    items_total: Decimal
    charges: tuple[ChargeFigures, ...]
    rounding: Decimal
    net: Decimal

    @property
    def gross(self) -> Decimal:
        """Before line discounts."""
        return total(self.line_gross)

    @property
    def line_discount(self) -> Decimal:
        """What line discounts took off."""
        return self.gross - self.items_total

    def line_costs(self) -> tuple[Decimal, ...]:
        """Each line's cost: its amount with its share of every charge that is allocated to cost."""
        costs = list(self.line_amounts)
        for charge in self.charges:
            if charge.rule.allocate_by == "none":
                continue
            for number, part in enumerate(charge.shares):
                costs[number] += -part if charge.rule.deduct else part
        return tuple(costs)


def line_amount(line: PricedLine, decimals: int) -> Decimal:
    """money(quantity × rate × (1 − percent ÷ 100) − discount amount), rounded once."""
    factor = WIDE.subtract(ONE, WIDE.divide(line.discount_percent, HUNDRED))
    return money(product(line.quantity, line.rate, factor) - line.discount_amount, decimals)


@dataclass(frozen=True, slots=True)
class LineFigures:
    """What a priced line comes to: its quantity in its own unit, and what charges need of it."""

    quantity: Decimal
    chargeable: ChargeableLine


def line_figures(line: PricedLine, decimals: int) -> LineFigures:
    """A line's amount, its amount before discounts, and its quantities."""
    stock_quantity = line.quantity if line.stock_quantity is None else line.stock_quantity
    gross = money(product(line.quantity, line.rate), decimals)
    return LineFigures(
        line.quantity, ChargeableLine(line_amount(line, decimals), gross, stock_quantity, line.tax_class)
    )


def amount_figures(amount: Decimal) -> LineFigures:
    """A line that is an amount and nothing else, of no goods, as those of ledger accounts are."""
    return LineFigures(ZERO, ChargeableLine(amount, amount, ZERO, None))


def calculate(
    lines: Sequence[PricedLine], rules: Sequence[ChargeRule], decimals: int, round_to: Decimal | None = None
) -> Calculation:
    """Line amounts, charges in order, net rounded half up to a multiple of `round_to` (null: not at all)."""
    return summed([line_figures(line, decimals) for line in lines], rules, decimals, round_to)


def summed(
    lines: Sequence[LineFigures], rules: Sequence[ChargeRule], decimals: int, round_to: Decimal | None = None,
    *, with_shares: bool = True,
) -> Calculation:
    """The same of lines whose figures are known.

    Without shares the charges aren't split over the lines, which nobody needs to show totals.
    """
    chargeable = [line.chargeable for line in lines]
    charges = compute_charges(chargeable, rules, decimals, with_shares=with_shares) if chargeable else ()
    amounts = tuple(line.amount for line in chargeable)
    items_total = total(amounts)
    exact = items_total + total(charge.signed for charge in charges)
    net = exact if round_to is None else rounded_to(exact, round_to)
    return Calculation(
        amounts, tuple(line.gross for line in chargeable), total(line.quantity for line in lines), items_total,
        charges, net - exact, net,
    )
