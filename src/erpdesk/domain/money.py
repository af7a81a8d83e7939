"""Money and quantity: exact decimals, rounded half up at named places, never a float.

All arithmetic runs in one wide decimal context, so that products and quotients of legal figures (15 digits
before the point, 6 after) round once, where a function here says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import reduce

WIDE = Context(prec=80, rounding=ROUND_HALF_UP)
ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
LIMIT = Decimal(10) ** 15
"""Figures are smaller than this; so says the database too."""

MAXIMUM_DECIMALS = 6
_MANY = 16
"""From so many figures on, entering the context once is quicker than naming it with each."""

_UNITS = tuple(Decimal(1).scaleb(-places) for places in range(MAXIMUM_DECIMALS + 1))


def rounded(figure: Decimal, decimals: int) -> Decimal:
    """`figure` with `decimals` places, half rounded away from zero; never minus zero."""
    result = figure.quantize(_UNITS[decimals], rounding=ROUND_HALF_UP, context=WIDE)
    return result if result else abs(result)


def money(figure: Decimal, decimals: int) -> Decimal:
    """A computed figure as money of a currency with `decimals` places (spec: ROUND_HALF_UP, once a line)."""
    return rounded(figure, decimals)


def rounded_to(figure: Decimal, step: Decimal) -> Decimal:
    """The multiple of `step` (positive) nearest to `figure`, half away from zero."""
    sign = -1 if figure < 0 else 1
    steps = WIDE.divide(abs(figure), step).quantize(ONE, rounding=ROUND_HALF_UP, context=WIDE)
    return WIDE.multiply(steps, step) * sign


def product(*factors: Decimal) -> Decimal:
    """The exact product."""
    result = ONE
    for factor in factors:
        result = WIDE.multiply(result, factor)
    return result


def total(figures: Iterable[Decimal]) -> Decimal:
    """The exact sum; zero for none."""
    summands = figures if isinstance(figures, (list, tuple)) else list(figures)
    if len(summands) < _MANY:
        return reduce(WIDE.add, summands, ZERO)
    with localcontext(WIDE):
        return sum(summands, ZERO)


def share(amount: Decimal, part: Decimal, whole: Decimal, decimals: int) -> Decimal:
    """money(amount × part ÷ whole); `whole` is not zero. The last part (`part` = `whole`) takes all."""
    if part == whole:
        return amount
    return money(WIDE.divide(WIDE.multiply(amount, part), whole), decimals)


def split(amount: Decimal, weights: Sequence[Decimal], decimals: int) -> tuple[Decimal, ...]:
    """`amount` split over `weights` (not all zero), cumulatively, in order.

    Share i = money(amount × Σ weights up to i ÷ Σ weights) − the shares before it. The shares add up to
    `amount` exactly and no line is favoured. An empty `weights` gives no shares.
    """
    if not amount:
        return (rounded(ZERO, decimals),) * len(weights)
    whole = total(weights)
    shares: list[Decimal] = []
    given = reached = ZERO
    for weight in weights:
        reached = WIDE.add(reached, weight)
        upto = share(amount, reached, whole, decimals)
        shares.append(WIDE.subtract(upto, given))
        given = upto
    return tuple(shares)


def split_over(
    amount: Decimal, choices: Sequence[Sequence[Decimal]], count: int, decimals: int
) -> tuple[Decimal, ...]:
    """`amount` split by the first of `choices` whose weights are not all zero, else equally over `count`."""
    for weights in choices:
        if total(weights) != 0:
            return split(amount, weights, decimals)
    return split(amount, (ONE,) * count, decimals)


def decimal_places(figure: Decimal) -> int:
    """How many places after the point `figure` really needs: 2.50 needs one, 100 none."""
    exponent = figure.as_tuple().exponent
    if isinstance(exponent, int) and exponent < 0:
        exponent = figure.normalize(WIDE).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def parse_decimal(text: str) -> Decimal | None:
    """A plain decimal number from text, or None: no exponents, NaN, infinity, underscores or blanks inside."""
    stripped = text.strip()
    digits = stripped[1:] if stripped[:1] in {"-", "+"} else stripped
    if not digits.replace(".", "", 1).isascii() or not digits.replace(".", "", 1).isdigit():
        return None
    return Decimal(stripped)


def plain(figure: Decimal) -> str:
    """Plain decimal notation without trailing zeros: `10`, `0.5`; never `1E+1` or `-0`."""
    text = format(figure, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def money_text(figure: Decimal, decimals: int) -> str:
    """Money with the currency's decimals: `62.00`."""
    return format(rounded(figure, decimals), "f")


def floored(figure: Decimal) -> Decimal:
    """The whole number at or below `figure` (loyalty points round down)."""
    return figure.quantize(ONE, rounding=ROUND_FLOOR, context=WIDE)
