"""What the reference knows of items, and how it rounds: written from the specification alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class ItemRule:
    """What the reference knows of an item."""

    fifo: bool
    batches: bool = False
    fefo: bool = False
    account: str = "1140"
    negative: bool = False


ITEMS = {
    "TEA": ItemRule(True), "OIL": ItemRule(False), "PILL": ItemRule(True, True), "SYRUP": ItemRule(False, True),
    "DRUG": ItemRule(True, True, True), "ICE": ItemRule(True, account="1145"),
    "SAND": ItemRule(True, negative=True), "WATER": ItemRule(False, negative=True),
}
WEIGHED = ("OIL", "WATER")
"""Measured with three decimals; all others are counted in pieces."""

EXPIRES = {"E1": "2027-12-01", "E2": "2027-06-01"}
"""Batches with an expiry date; all others have none."""


class Short(Exception):
    """Not that much is there."""


class Costless(Exception):
    """Nothing says what the goods cost."""


def rounded(figure: Fraction, decimals: int) -> Fraction:
    """That many decimals, half away from zero."""
    scaled = abs(figure) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if figure >= 0 else -whole, 10**decimals)


def money(figure: Fraction) -> Fraction:
    """Two decimals, half away from zero."""
    return rounded(figure, 2)


def spread(amount: Fraction, weights: Sequence[Fraction]) -> list[Fraction]:
    """Cumulative shares of an amount; equal ones when all weights are zero."""
    if not any(weights):
        weights = [Fraction(1)] * len(weights)
    whole, reached, given, shares = sum(weights, ZERO), ZERO, ZERO, []
    for weight in weights:
        reached += weight
        upto = money(amount * reached / whole)
        shares.append(upto - given)
        given = upto
    return shares
