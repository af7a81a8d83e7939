"""Bikram Sambat, the calendar of Nepal: years of twelve months of 29 to 32 days, as a table says for each year.

No rule gives the lengths; they are fixed year by year. Outside the table there are no days: ValueError.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

MONTHS_A_YEAR = 12


class BikramSambat:
    """The days of the years from `first_year` on; `first_day` is the Gregorian day of its 1 Baisakh."""

    def __init__(self, first_year: int, first_day: date, months: Sequence[Sequence[int]]) -> None:
        if any(len(year) != MONTHS_A_YEAR for year in months):
            raise ValueError("a year has twelve months")
        self.first_year, self.last_year = first_year, first_year + len(months) - 1
        self._lengths = tuple(days for year in months for days in year)
        self._starts = tuple(accumulate(self._lengths, initial=first_day.toordinal()))

    def parts(self, day: date) -> tuple[int, int, int]:
        """Year, month and day of a Gregorian day."""
        place = bisect_right(self._starts, day.toordinal()) - 1
        if not 0 <= place < len(self._lengths):
            raise ValueError(f"{day} lies outside the calendar")
        year, month = divmod(place, MONTHS_A_YEAR)
        return self.first_year + year, month + 1, day.toordinal() - self._starts[place] + 1

    def day(self, year: int, month: int, day: int) -> date:
        """The Gregorian day of year, month and day."""
        if not 1 <= day <= self.month_length(year, month):
            raise ValueError(f"month {month} of {year} has no day {day}")
        return date.fromordinal(self._starts[self._place(year, month)] + day - 1)

    def month_length(self, year: int, month: int) -> int:
        """The days of a month."""
        return self._lengths[self._place(year, month)]

    def _place(self, year: int, month: int) -> int:
        if not (self.first_year <= year <= self.last_year and 1 <= month <= MONTHS_A_YEAR):
            raise ValueError(f"there is no month {month} of {year}")
        return (year - self.first_year) * MONTHS_A_YEAR + month - 1
