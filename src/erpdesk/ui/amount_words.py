"""An amount of money in words of the language in use, from `resources/number_words`."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache

from erpdesk.domain.number_words import NumberWords
from erpdesk.settings import RESOURCES
from erpdesk.ui.words import language_in_use

__all__ = ["NumberWords", "amount_words", "number_words"]


@cache
def number_words(language: str) -> NumberWords:
    """The words of a language, from its file."""
    with (RESOURCES / "number_words" / f"{language}.json").open(encoding="utf-8") as stream:
        return NumberWords.of(json.load(stream))


def amount_words(amount: Decimal, decimals: int = 2, grouping: str = "", currency: str = "") -> str:
    """`fifteen thousand three hundred forty only`; with `and 25/100`, or paisa where the currency has them."""
    return number_words(language_in_use()).amount(amount, decimals, grouping, currency)
