"""Dates as clerks type them: `5`, `5-4`, `5/4/26`, `+1`, `-1`, `t`; read against a given day.

A day alone takes month and year of that day, a day and month its year; `t` is the server's today. A full ISO
date is read too. Separators are dash, slash, dot or blank. `4/27`, which can be no day and month, is the last day of
April 2027, as expiry dates are printed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from erpdesk.ui.words import say

_PARTS = re.compile(r"(\d{1,2})(?:[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"(?:[A-Za-z]{3,9}\s+)?(\d{1,2})[- ]([A-Za-z]{3,9})(?:[- ](\d{4}|\d{2}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DECEMBER = 12
_YEARS_BACK = 5
_SHIFT = re.compile(r"([+-])(\d{1,5})")


class NotADate(ValueError):
    """What was typed is no day; the message says so in a sentence."""


def read_date(typed: str, near: date, today: date) -> date:
    """The day that was typed. `near` is the day in the field, or the working date. Raises NotADate."""
    text = typed.strip().replace("−", "-")
    if text.lower() == "t":
        return today
    try:
        if found := _SHIFT.fullmatch(text):
            days = int(found.group(2))
            return near + timedelta(days if found.group(1) == "+" else -days)
        if found := _ISO.fullmatch(text):
            return date(*(int(part) for part in found.groups()))
        if found := _NAMED.fullmatch(text):
            return _named(found, near)
        if found := _PARTS.fullmatch(text):
            day, month, year = found.groups()
            if month and not year and int(month) > _DECEMBER and _year(month, near) >= near.year - _YEARS_BACK:
                return _month_end(_year(month, near), int(day))
            return date(_year(year, near), int(month) if month else near.month, int(day))
    except (ValueError, OverflowError):
        raise NotADate(say("There is no day {typed}", typed=text)) from None
    raise NotADate(say("A date is needed here: 5, 5-4, 5/4/26, +1, -1 or t for today"))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _year(written: str | None, near: date) -> int:
    if not written:
        return near.year
    return int(written) if len(written) == 4 else near.year // 100 * 100 + int(written)


def _named(found: re.Match[str], near: date) -> date:
    day, month, year = found.groups()
    return date(_year(year, near), _MONTHS.index(month[:3].lower()) + 1, int(day))


def shown_date(day: date) -> str:
    """`Fri 20-Nov-2026`."""
    return f"{day:%a} {day.day}-{day:%b}-{day.year}"


def shown_date_short(day: date) -> str:
    """`20-Nov-2026`, for cells."""
    return f"{day.day:02d}-{day:%b}-{day.year}"
