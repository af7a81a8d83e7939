"""The calendar that days are shown and typed in: Gregorian or Bikram Sambat, as the organization says.

Documents hold Gregorian ISO dates whatever the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from erpdesk.domain import reckoning
from erpdesk.domain.reckoning import Reckoning
from erpdesk.services import reckonings
from erpdesk.services.reckonings import BIKRAM_SAMBAT
from erpdesk.ui.words import say, to_say

_GREGORIAN_WIDTH, _HINTED_WIDTH = 14, 28
_GREGORIAN_MONTHS = (
    to_say("Jan"), to_say("Feb"), to_say("Mar"), to_say("Apr"), to_say("May"), to_say("Jun"), to_say("Jul"),
    to_say("Aug"), to_say("Sep"), to_say("Oct"), to_say("Nov"), to_say("Dec"))
_BIKRAM_MONTHS = (
    to_say("Baisakh"), to_say("Jestha"), to_say("Ashadh"), to_say("Shrawan"), to_say("Bhadra"), to_say("Ashwin"),
    to_say("Kartik"), to_say("Mangsir"), to_say("Poush"), to_say("Magh"), to_say("Falgun"), to_say("Chaitra"))
_WEEKDAYS = (
    to_say("Mon"), to_say("Tue"), to_say("Wed"), to_say("Thu"), to_say("Fri"), to_say("Sat"), to_say("Sun"))


@dataclass(frozen=True, slots=True)
class Calendar:
    """A reckoning and the source texts of its month names. `numeric`: short dates are figures alone."""

    code: str
    reckoning: Reckoning
    months: tuple[str, ...]
    numeric: bool = False

    def month_named(self, name: str) -> int:
        """The month of a name or its beginning, in English or the language in use; 0 for none."""
        typed = name.casefold()
        for number, month in enumerate(self.months, start=1):
            known = (month.casefold(), say(month).casefold())
            if any(one.startswith(typed) or typed.startswith(one) for one in known):
                return number
        return 0

    def month_start(self, day: date) -> date:
        """The first day of the month that a day lies in."""
        try:
            year, month, _ = self.reckoning.parts(day)
            return self.reckoning.day(year, month, 1)
        except ValueError:
            return day.replace(day=1)

    def months_from(self, first: date, last: date) -> str:
        """The month of some days: `Kartik`, or `Oct–Nov` where they aren't all of one; "" outside the calendar."""
        try:
            months = [say(self.months[self.reckoning.parts(day)[1] - 1]) for day in (first, last)]
        except ValueError:
            return ""
        return "–".join(dict.fromkeys(months))

    def shown(self, day: date) -> str:
        """`Fri 20-Nov-2026`."""
        year, month, number = self.reckoning.parts(day)
        return f"{say(_WEEKDAYS[day.weekday()])} {number}-{say(self.months[month - 1])}-{year}"

    def shown_short(self, day: date) -> str:
        """`20-Nov-2026`, for cells; `2083-08-05` where short dates are figures alone."""
        year, month, number = self.reckoning.parts(day)
        if self.numeric:
            return f"{year}-{month:02d}-{number:02d}"
        return f"{number:02d}-{say(self.months[month - 1])}-{year}"


GREGORIAN = Calendar("gregorian", reckoning.GREGORIAN, _GREGORIAN_MONTHS)
_in_use = GREGORIAN


@cache
def bikram_sambat() -> Calendar:
    """Bikram Sambat with the names of its months."""
    return Calendar(BIKRAM_SAMBAT, reckonings.bikram_sambat(), _BIKRAM_MONTHS, numeric=True)


def use_calendar(code: str) -> None:
    """Show and read days in this calendar from now on."""
    global _in_use
    _in_use = bikram_sambat() if code == BIKRAM_SAMBAT else GREGORIAN


def calendar_in_use() -> Calendar:
    """The calendar that days are shown in."""
    return _in_use


def shown_date(day: date) -> str:
    """A day with its weekday; one outside the calendar in use is shown as Gregorian."""
    try:
        return _in_use.shown(day)
    except ValueError:
        return GREGORIAN.shown(day)


def shown_date_short(day: date) -> str:
    """A day for cells."""
    try:
        return _in_use.shown_short(day)
    except ValueError:
        return GREGORIAN.shown_short(day)


def numeric_date(day: date) -> str:
    """A day in figures alone: year, month, day."""
    try:
        year, month, number = _in_use.reckoning.parts(day)
    except ValueError:
        return day.isoformat()
    return f"{year:04d}-{month:02d}-{number:02d}"


def names_in_dates() -> tuple[list[str], list[str]]:
    """What weekdays and months are called in the language and calendar in use."""
    return [say(name) for name in _WEEKDAYS], [say(name) for name in _in_use.months]


def date_width() -> int:
    """The characters that a date with its weekday takes, and its hint."""
    return _GREGORIAN_WIDTH if _in_use.code == GREGORIAN.code else _HINTED_WIDTH


def other_date(day: date) -> str:
    """The same day in the Gregorian calendar, as a hint; nothing where that is the calendar in use."""
    return GREGORIAN.shown_short(day) if _in_use.code != GREGORIAN.code else ""


def shown_iso(text: str) -> str:
    """An ISO date for cells; what is none stands as it is."""
    try:
        return shown_date_short(date.fromisoformat(text[:10]))
    except ValueError:
        return text
