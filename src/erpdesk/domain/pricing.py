"""Which rate an untyped line gets: from the price lists that apply, else the last rate to the party (decision 17).

Lists come in order: the one the voucher names, the party's, the voucher type's. A list speaks of an item in a
unit, from a quantity on, for some days, in one currency; nothing is converted. The first list that has a fitting
rate gives it, the one for the largest quantity reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HEADER, PARTY, TYPE = 0, 1, 2
"""Whose list it is: the first that fits wins."""


@dataclass(frozen=True, slots=True)
class ListedRate:
    """A row of a price list that applies. `rank` says whose list it is; item and unit are keys of codes."""

    rank: int
    price_list: str
    currency: str
    item: str
    uom: str
    rate: Decimal
    minimum_quantity: Decimal = Decimal(0)
    valid_from: date | None = None
    valid_until: date | None = None

    def fits(self, item: str, uom: str, quantity: Decimal, currency: str, day: date) -> bool:
        """Whether it prices that much of the item in that unit, on that day, in that currency."""
        return (
            (self.item, self.uom, self.currency) == (item, uom, currency)
            and self.minimum_quantity <= quantity
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


def listed_rate(
    rates: Iterable[ListedRate], item: str, uom: str, quantity: Decimal, currency: str, day: date
) -> ListedRate | None:
    """The rate that the lists give; None when none does."""
    fitting = [rate for rate in rates if rate.fits(item, uom, quantity, currency, day)]
    return min(fitting, key=lambda rate: (rate.rank, -rate.minimum_quantity), default=None)


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """What a line asks: an item by code, how much of it, in its own unit unless another is named, on an ISO date.

    `price_list` is that of the header; the party's and the voucher type's come after it. Without a currency: the
    books' own.
    """

    item: str
    type_code: str
    date: str
    quantity: str | Decimal = "1"
    unit: str | None = None
    party: str | None = None
    price_list: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when a rate holds, both days included; None is open."""

    begins: date | None
    ends: date | None

    @property
    def is_never(self) -> bool:
        """It ends before it begins."""
        return self.begins is not None and self.ends is not None and self.ends < self.begins

    def overlaps(self, other: Validity) -> bool:
        """Whether some day belongs to both."""
        first = self.ends is None or other.begins is None or other.begins <= self.ends
        return first and (other.ends is None or self.begins is None or self.begins <= other.ends)
