"""A reckoning counts days by years and months: Gregorian, or another calendar by its table."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Protocol


class Reckoning(Protocol):
    """How days are counted; what lies outside is a ValueError."""

    def parts(self, day: date) -> tuple[int, int, int]: ...
    def day(self, year: int, month: int, day: int) -> date: ...
    def month_length(self, year: int, month: int) -> int: ...


class Gregorian:
    """The days as `date` has them."""

    def parts(self, day: date) -> tuple[int, int, int]:
        """Year, month, day."""
        return day.year, day.month, day.day

    def day(self, year: int, month: int, day: int) -> date:
        """The day of year, month and day."""
        return date(year, month, day)

    def month_length(self, year: int, month: int) -> int:
        """The days of a month."""
        return calendar.monthrange(year, month)[1]


GREGORIAN = Gregorian()


def months_later(day: date, months: int, reckoning: Reckoning = GREGORIAN) -> date:
    """The same day of a later month, or that month's last day."""
    year, month, number = reckoning.parts(day)
    month += months - 1
    year, month = year + month // 12, month % 12 + 1
    return reckoning.day(year, month, min(number, reckoning.month_length(year, month)))
