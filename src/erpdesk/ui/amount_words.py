"""An amount of money in English words, by thousands and millions or by lakhs and crores."""

from __future__ import annotations

from decimal import Decimal

from erpdesk.domain.money import rounded
from erpdesk.ui.figures import LAKH

_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
          "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {
    LAKH: ((10_000_000, "crore"), (100_000, "lakh"), (1_000, "thousand"), (100, "hundred")),
    "": ((1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"),
         (1_000, "thousand"), (100, "hundred")),
}


def number_words(number: int, grouping: str = "") -> str:
    """A whole number, zero or more, in words."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")
    for scale, name in _SCALES[LAKH if grouping == LAKH else ""]:
        if number >= scale:
            count, rest = divmod(number, scale)
            tail = f" {number_words(rest, grouping)}" if rest else ""
            return f"{number_words(count, grouping)} {name}{tail}"
    raise AssertionError("every number of 100 or more has a scale")


def amount_words(amount: Decimal, decimals: int = 2, grouping: str = "") -> str:
    """`fifteen thousand three hundred forty and 25/100 only`; a negative amount begins with minus."""
    exact = rounded(abs(amount), decimals)
    whole = int(exact)
    fraction = int((exact - whole).scaleb(decimals))
    part = f" and {fraction:0{decimals}d}/{10 ** decimals}" if fraction else ""
    sign = "minus " if amount < 0 and exact else ""
    return f"{sign}{number_words(whole, grouping)}{part} only"
