"""Footer charges: taxes, discounts and freight computed in order over the lines of a voucher.

`items_total` is the sum of line amounts; `running_total` is that plus or minus the earlier charges that are
included in the total. A charge with a tax class works on the running total of the matching lines, earlier
charges split over all lines first. Amounts round once, in total or per line, as configured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from erpdesk.domain.money import HUNDRED, WIDE, ZERO, money, product, rounded_to, split_over, total


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """One charge as it applies to one voucher; `typed` amount or rate of the clerk already in place.

    `base` is items_total, running_total, gross, quantity, or the codes of earlier charges. `rate` is percent
    (for base quantity: money a unit). Exactly one of `rate` and `amount` is given.
    """

    code: str
    label: str
    base: str | tuple[str, ...]
    deduct: bool
    rate: Decimal | None = None
    amount: Decimal | None = None
    included_in_total: bool = True
    included_in_price: bool = False
    per_line: bool = False
    round_to: Decimal | None = None
    tax_class: str | None = None
    allocate_by: str = "none"
    line_rates: tuple[Decimal | None, ...] = ()


_OF_LINES = ("items_total", "gross", "quantity")
"""Bases that no earlier charge is part of."""


@dataclass(frozen=True, slots=True)
class ChargeableLine:
    """What charges need of a line: its amount, amount before discount, quantity in stock unit, tax class."""

    amount: Decimal
    gross: Decimal
    quantity: Decimal
    tax_class: str | None = None


@dataclass(frozen=True, slots=True)
class ChargeFigures:
    """A computed charge. `amount` is positive in the sense of its direction; `shares` has one part a line."""

    rule: ChargeRule
    base: Decimal
    amount: Decimal
    shares: tuple[Decimal, ...]

    @property
    def signed(self) -> Decimal:
        """What it adds to the running total: negative for a deduction, zero when outside the total."""
        if not self.rule.included_in_total or self.rule.included_in_price:
            return ZERO
        return -self.amount if self.rule.deduct else self.amount

    @property
    def exceeds_base(self) -> bool:
        """A deduction larger than what it is taken from."""
        return self.rule.deduct and self.amount > max(self.base, ZERO)


def compute_charges(
    lines: Sequence[ChargeableLine], rules: Sequence[ChargeRule], decimals: int, *, with_shares: bool = True
) -> tuple[ChargeFigures, ...]:
    """All charges, in the order of `rules`. Without shares only those that later charges hang on are split."""
    done: list[ChargeFigures] = []
    for number, rule in enumerate(rules):
        is_split = with_shares or any(later.base not in _OF_LINES for later in rules[number + 1:])
        done.append(_compute(lines, rule, tuple(done), decimals, is_split=is_split))
    return tuple(done)


def convert_charges(
    lines: Sequence[ChargeableLine], charges: Sequence[ChargeFigures], rate: Decimal, decimals: int
) -> tuple[ChargeFigures, ...]:
    """Charges of a foreign voucher in base currency: each amount converts once, then splits over `lines` in base.

    A charge computed line by line keeps the weights that it was computed with.
    """
    done: list[ChargeFigures] = []
    for charge in charges:
        amount = money(product(charge.amount, rate), decimals)
        fixed = replace(charge.rule, rate=None, amount=amount, line_rates=(), round_to=None)
        made = _compute(lines, fixed, tuple(done), decimals)
        shares = made.shares
        if charge.rule.amount is None and (charge.rule.per_line or charge.rule.line_rates):
            shares = split_over(amount, [charge.shares], len(lines), decimals)
        done.append(replace(made, rule=charge.rule, shares=shares))
    return tuple(done)


def _compute(
    lines: Sequence[ChargeableLine], rule: ChargeRule, earlier: tuple[ChargeFigures, ...], decimals: int,
    *, is_split: bool = True,
) -> ChargeFigures:
    weights = bases = _line_bases(lines, rule, earlier)
    base = total(bases)
    by_line = rule.per_line or bool(rule.line_rates)
    if rule.amount is not None:
        amount = rule.amount
    elif by_line:
        weights = [money(_rated(part, rule, number), decimals) for number, part in enumerate(bases)]
        amount = total(weights)
    else:
        amount = money(_rated(base, rule), decimals)
    if rule.round_to is not None:
        amount = rounded_to(amount, rule.round_to)
    if not is_split:
        return ChargeFigures(rule, base, amount, ())
    if rule.amount is None and by_line and rule.allocate_by != "quantity":  # each line bears its own figure
        return ChargeFigures(rule, base, amount, split_over(amount, [weights], len(lines), decimals))
    return ChargeFigures(rule, base, amount, _shares(lines, rule, amount, bases, decimals))


def _rated(base: Decimal, rule: ChargeRule, number: int | None = None) -> Decimal:
    """The unrounded amount of a rate on a base."""
    own = rule.line_rates[number] if number is not None and rule.line_rates else None
    rate = own if own is not None else rule.rate or ZERO
    if rule.base == "quantity":
        return product(base, rate)
    if rule.included_in_price:
        return WIDE.divide(product(base, rate), HUNDRED + rate)
    return WIDE.divide(product(base, rate), HUNDRED)


def _line_bases(
    lines: Sequence[ChargeableLine], rule: ChargeRule, earlier: tuple[ChargeFigures, ...]
) -> list[Decimal]:
    """The base of the charge, as one part a line; lines of another tax class have none."""
    if rule.base == "running_total":
        earlier = tuple(charge for charge in earlier if _is_in_total(charge) and any(charge.shares))
    taxed = rule.tax_class
    if rule.base == "items_total":  # what most charges are taken of
        return [line.amount if taxed is None or line.tax_class == taxed else ZERO for line in lines]
    figure = _figure_of(rule, earlier)
    return [figure(number, line) if taxed is None or line.tax_class == taxed else ZERO
            for number, line in enumerate(lines)]


def _figure_of(rule: ChargeRule, earlier: tuple[ChargeFigures, ...]) -> Callable[[int, ChargeableLine], Decimal]:
    """How the base of a charge reads a line: asked once for all lines."""
    if rule.base == "gross":
        return lambda _number, line: line.gross
    if rule.base == "quantity":
        return lambda _number, line: line.quantity
    if rule.base == "running_total" and not earlier:
        return lambda _number, line: line.amount
    if rule.base == "running_total":
        return lambda number, line: line.amount + total(_directed_share(charge, number) for charge in earlier)
    named = [charge for charge in earlier if charge.rule.code in rule.base]
    return lambda number, _line: total(_directed_share(charge, number) for charge in named)


def _is_in_total(charge: ChargeFigures) -> bool:
    return charge.rule.included_in_total and not charge.rule.included_in_price


def _directed_share(charge: ChargeFigures, number: int) -> Decimal:
    return -charge.shares[number] if charge.rule.deduct else charge.shares[number]


def _shares(
    lines: Sequence[ChargeableLine],
    rule: ChargeRule,
    amount: Decimal,
    bases: Sequence[Decimal],
    decimals: int,
) -> tuple[Decimal, ...]:
    """The charge split over all lines: by amount (or quantity when so allocated), else quantity, else equally."""
    amounts = [line.amount for line in lines]
    quantities = [line.quantity for line in lines]
    if rule.tax_class is not None:
        return split_over(amount, [bases], len(lines), decimals)
    ways = [quantities, amounts] if rule.allocate_by == "quantity" else [amounts, quantities]
    return split_over(amount, ways, len(lines), decimals)
