"""A year that begins with a month of the organization's calendar has that calendar's months as periods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from erpdesk.domain.fiscal_year import monthly_periods
from erpdesk.services.reckonings import bikram_sambat, reckoning_of

LENGTHS = {  # the published calendars of 2080, 2081 and 2082
    2080: (31, 32, 31, 32, 31, 30, 30, 30, 29, 29, 30, 30),
    2081: (31, 32, 31, 32, 31, 30, 30, 30, 29, 30, 29, 31),
    2082: (31, 31, 32, 31, 31, 31, 30, 29, 30, 29, 30, 30),
}
SHRAWAN = 4


def lengths(starts_on: date, ends_on: date, calendar: str = "bikram_sambat") -> list[int]:
    periods = monthly_periods(starts_on, ends_on, reckoning_of(calendar))
    assert periods[0].starts_on == starts_on
    assert periods[-1].ends_on == ends_on
    return [(one.ends_on - one.starts_on).days + 1 for one in periods]


@pytest.mark.parametrize(("year", "first"), [(2080, date(2023, 7, 17)), (2081, date(2024, 7, 16))])
def test_a_nepali_fiscal_year_has_the_months_of_its_calendar(year: int, first: date) -> None:
    last = bikram_sambat().day(year + 1, SHRAWAN, 1) - timedelta(days=1)
    assert bikram_sambat().parts(first) == (year, SHRAWAN, 1)
    assert lengths(first, last) == [*LENGTHS[year][SHRAWAN - 1:], *LENGTHS[year + 1][:SHRAWAN - 1]]


def test_a_calendar_year_of_it_begins_with_baisakh() -> None:
    assert lengths(date(2024, 4, 13), date(2025, 4, 13)) == list(LENGTHS[2081])


def test_a_year_that_begins_within_a_month_of_it_keeps_gregorian_months() -> None:
    assert lengths(date(2026, 4, 1), date(2027, 3, 31))[:3] == [30, 31, 30]


def test_an_organization_with_the_gregorian_calendar_keeps_its_months() -> None:
    assert lengths(date(2023, 7, 17), date(2024, 7, 16), "gregorian")[0] == 31
    assert len(lengths(date(2023, 7, 17), date(2024, 7, 15), "gregorian")) == 12


def test_outside_the_table_the_months_are_gregorian() -> None:
    assert lengths(date(2060, 1, 1), date(2060, 2, 29)) == [31, 29]
