"""Periods of the books in memory: one a year, open until a test says otherwise."""

from __future__ import annotations

from collections.abc import Callable

from erpdesk.domain.open_days import DatedPeriod, OpenDays
from erpdesk.domain.organization import FiscalYearInfo


class FakePeriods:
    """`days` are those of the years; `reads` counts the readings."""

    def __init__(self, years: tuple[FiscalYearInfo, ...], off_the_main_thread: Callable[[], None]) -> None:
        self._off_the_main_thread = off_the_main_thread
        self.reads = 0
        self.days = OpenDays(tuple(DatedPeriod(year.code, year.is_closed, year.starts_on, year.ends_on, "open")
                                   for year in years))

    def open_days(self) -> OpenDays:
        """The days."""
        self._off_the_main_thread()
        self.reads += 1
        return self.days
