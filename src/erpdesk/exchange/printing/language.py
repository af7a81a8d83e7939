"""The language that a print speaks: its texts, days and amounts, whatever language the desk's window is in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from erpdesk.domain.bikram_sambat import BikramSambat
from erpdesk.domain.figures import shown
from erpdesk.domain.number_words import NumberWords
from erpdesk.settings import RESOURCES

_SOURCE = "en"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BIKRAM_MONTHS = ("Baisakh", "Jestha", "Ashadh", "Shrawan", "Bhadra", "Ashwin", "Kartik", "Mangsir", "Poush", "Magh",
                  "Falgun", "Chaitra")


@dataclass(frozen=True, slots=True)
class Speech:
    """How one organization's papers speak. `calendar` is `gregorian` or `bikram_sambat`, `grouping` `western` or
    `lakh`."""

    language: str = _SOURCE
    calendar: str = "gregorian"
    grouping: str = "western"

    def say(self, text: str) -> str:
        """A text in the language; one that its catalogue hasn't stands as it is."""
        said = _catalogue(self.language).get(text) or text
        return said if isinstance(said, str) else text

    def figure(self, figure: Decimal, decimals: int | None = None) -> str:
        """A figure, grouped."""
        return shown(figure, decimals, self.grouping)

    def day(self, day: date) -> str:
        """`20-Nov-2026`; where Bikram Sambat is used its day, and the Gregorian one in brackets."""
        gregorian = f"{day.day:02d}-{self.say(_MONTHS[day.month - 1])}-{day.year}"
        if self.calendar != "bikram_sambat":
            return gregorian
        try:
            year, month, number = _bikram_sambat().parts(day)
        except ValueError:
            return gregorian
        return f"{number}-{self.say(_BIKRAM_MONTHS[month - 1])}-{year} ({gregorian})"

    def short_day(self, day: date) -> str:
        """A day for narrow columns, in one calendar."""
        if self.calendar != "bikram_sambat":
            return self.day(day)
        try:
            year, month, number = _bikram_sambat().parts(day)
        except ValueError:
            return day.isoformat()
        return f"{year}-{month:02d}-{number:02d}"

    def words(self, amount: Decimal, decimals: int, currency: str) -> str:
        """An amount in words, its first letter large."""
        said = _number_words(self.language).amount(amount, decimals, self.grouping, currency)
        return said[:1].upper() + said[1:]


def speech(language: str, calendar: str = "gregorian", grouping: str = "western") -> Speech:
    """The speech of a language (`ne`, `ne_NP`); one that isn't known is English."""
    spoken = language.partition("_")[0]
    known = (RESOURCES / "number_words" / f"{spoken}.json").is_file() if spoken.isalpha() else False
    return Speech(spoken if known else _SOURCE, calendar, grouping)


@cache
def _catalogue(language: str) -> Mapping[str, Any]:
    path = RESOURCES / "translations" / f"{language}.json"
    read: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return read


@cache
def _number_words(language: str) -> NumberWords:
    return NumberWords.of(json.loads((RESOURCES / "number_words" / f"{language}.json").read_text(encoding="utf-8")))


@cache
def _bikram_sambat() -> BikramSambat:
    table = json.loads((RESOURCES / "calendars" / "bikram_sambat.json").read_text(encoding="utf-8"))
    return BikramSambat(table["first_year"], date.fromisoformat(table["first_day"]), table["months"])
