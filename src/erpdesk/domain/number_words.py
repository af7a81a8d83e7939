"""An amount of money in words, by thousands and millions or by lakhs and crores.

The words of a language are data: those of 0 to 99, the scales by grouping, and how whole and fraction are put
together; Hindi and Nepali know no millions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from erpdesk.domain.figures import LAKH, WESTERN
from erpdesk.domain.money import rounded


@dataclass(frozen=True, slots=True, eq=False)
class NumberWords:
    """The words of one language. `scales` are values with their names, greatest first, by grouping."""

    words: Sequence[str]
    scales: Mapping[str, Sequence[tuple[int, str]]]
    minus: str
    plain: str
    fraction: str
    money: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> NumberWords:
        """The words as a file of `resources/number_words` has them."""
        scales = {grouping: [(value, name) for value, name in rows] for grouping, rows in content["scales"].items()}
        return cls(content["words"], scales, content["minus"], content["plain"], content["fraction"], content["money"])

    def said(self, number: int, grouping: str) -> str:
        """A whole number, zero or more, in words."""
        if number < len(self.words):
            return self.words[number]
        value, name = next(scale for scale in self.scales[grouping] if number >= scale[0])
        count, rest = divmod(number, value)
        tail = f" {self.said(rest, grouping)}" if rest else ""
        return f"{self.said(count, grouping)} {name}{tail}"

    def amount(self, amount: Decimal, decimals: int = 2, grouping: str = "", currency: str = "") -> str:
        """`fifteen thousand three hundred forty only`; with `and 25/100`, or paisa where the currency has them."""
        scale = LAKH if grouping == LAKH else WESTERN
        exact = rounded(abs(amount), decimals)
        whole = int(exact)
        fraction = int((exact - whole).scaleb(decimals))
        said = self.said(whole, scale)
        money = self.money.get(currency) if decimals == 2 else None
        if not fraction:
            text = (money["whole"] if money else self.plain).format(whole=said)
        elif money:
            text = money["both"].format(whole=said, part=self.said(fraction, scale))
        else:
            text = self.fraction.format(whole=said, fraction=f"{fraction:0{decimals}d}/{10 ** decimals}")
        return f"{self.minus} {text}" if amount < 0 and exact else text
