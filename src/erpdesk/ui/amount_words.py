"""An amount of money in words of the language in use, by thousands and millions or by lakhs and crores.

The words of a language lie in `resources/number_words`: those of 0 to 99, the scales by grouping, and how whole and
fraction are put together; Hindi and Nepali know no millions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from erpdesk.domain.money import rounded
from erpdesk.settings import RESOURCES
from erpdesk.ui.figures import LAKH, WESTERN
from erpdesk.ui.words import language_in_use


@dataclass(frozen=True, slots=True, eq=False)
class NumberWords:
    """The words of one language. `scales` are values with their names, greatest first, by grouping."""

    words: Sequence[str]
    scales: Mapping[str, Sequence[tuple[int, str]]]
    minus: str
    plain: str
    fraction: str
    money: Mapping[str, Mapping[str, str]]

    def said(self, number: int, grouping: str) -> str:
        """A whole number, zero or more, in words."""
        if number < len(self.words):
            return self.words[number]
        value, name = next(scale for scale in self.scales[grouping] if number >= scale[0])
        count, rest = divmod(number, value)
        tail = f" {self.said(rest, grouping)}" if rest else ""
        return f"{self.said(count, grouping)} {name}{tail}"


@cache
def number_words(language: str) -> NumberWords:
    """The words of a language, from its file."""
    with (RESOURCES / "number_words" / f"{language}.json").open(encoding="utf-8") as stream:
        content: dict[str, Any] = json.load(stream)
    scales = {grouping: [(value, name) for value, name in rows] for grouping, rows in content["scales"].items()}
    return NumberWords(content["words"], scales, content["minus"], content["plain"], content["fraction"],
                       content["money"])


def amount_words(amount: Decimal, decimals: int = 2, grouping: str = "", currency: str = "") -> str:
    """`fifteen thousand three hundred forty only`; with `and 25/100`, or paisa where the currency has them."""
    known = number_words(language_in_use())
    scale = LAKH if grouping == LAKH else WESTERN
    exact = rounded(abs(amount), decimals)
    whole = int(exact)
    fraction = int((exact - whole).scaleb(decimals))
    said = known.said(whole, scale)
    money = known.money.get(currency) if decimals == 2 else None
    if not fraction:
        text = (money["whole"] if money else known.plain).format(whole=said)
    elif money:
        text = money["both"].format(whole=said, part=known.said(fraction, scale))
    else:
        text = known.fraction.format(whole=said, fraction=f"{fraction:0{decimals}d}/{10 ** decimals}")
    return f"{known.minus} {text}" if amount < 0 and exact else text
