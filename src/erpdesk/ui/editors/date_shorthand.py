"""Dates as clerks type them: `5`, `5-4`, `5/4/26`, `+1`, `-1`, `t`; read against a given day.

They are read in the calendar in use. A day alone takes month and year of the given day, a day and month its year; `t`
is the server's today. A year first (`2026-4-5`) is read too. Separators are dash, slash, dot or blank. `4/27`, which
can be no day and month, is the last day of April 2027, as expiry dates are printed. A month may be named, in either
calendar.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from erpdesk.domain.bikram_sambat import MONTHS_A_YEAR
from erpdesk.ui.calendars import GREGORIAN, Calendar, bikram_sambat, calendar_in_use
from erpdesk.ui.figures import latin_digits
from erpdesk.ui.words import say

_PARTS = re.compile(r"(\d{1,2})(?:[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NAMED = re.compile(r"(?:[^\d\s]+\s+)?(\d{1,2})[- ]([^\d\s/.,-]{3,})(?:[- ](\d{4}|\d{2}))?")
_YEARS_BACK = 5
_SHIFT = re.compile(r"([+-])(\d{1,5})")


class NotADate(ValueError):
    """What was typed is no day; the message says so in a sentence."""


def read_date(typed: str, near: date, today: date) -> date:
    """The day that was typed. `near` is the day in the field, or the working date. Raises NotADate."""
    text = latin_digits(typed.strip().replace("−", "-"))
    if text.lower() == "t":
        return today
    try:
        if found := _SHIFT.fullmatch(text):
            days = int(found.group(2))
            return near + timedelta(days if found.group(1) == "+" else -days)
        if found := _YEAR_FIRST.fullmatch(text):
            return calendar_in_use().reckoning.day(*(int(part) for part in found.groups()))
        if found := _NAMED.fullmatch(text):
            return _named(found, near)
        if found := _PARTS.fullmatch(text):
            return _in_parts(found, near, calendar_in_use())
    except (ValueError, OverflowError):
        raise NotADate(say("There is no day {typed}", typed=text)) from None
    raise NotADate(say("A date is needed here: 5, 5-4, 5/4/26, +1, -1 or t for today"))


def _in_parts(found: re.Match[str], near: date, calendar: Calendar) -> date:
    day, month, year = found.groups()
    here, month_here, _ = calendar.reckoning.parts(near)
    if month and not year and int(month) > MONTHS_A_YEAR and _year(month, here) >= here - _YEARS_BACK:
        expires = _year(month, here)
        return calendar.reckoning.day(expires, int(day), calendar.reckoning.month_length(expires, int(day)))
    return calendar.reckoning.day(_year(year, here), int(month) if month else month_here, int(day))


def _year(written: str | None, here: int) -> int:
    if not written:
        return here
    return int(written) if len(written) == 4 else here // 100 * 100 + int(written)


def _named(found: re.Match[str], near: date) -> date:
    """A day of a named month, in the calendar that has the name; the one in use comes first."""
    day, name, year = found.groups()
    for calendar in dict.fromkeys((calendar_in_use(), GREGORIAN, bikram_sambat())):
        if month := calendar.month_named(name):
            here, _, _ = calendar.reckoning.parts(near)
            return calendar.reckoning.day(_year(year, here), month, int(day))
    raise ValueError(name)
