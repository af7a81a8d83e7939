"""Fiscal years are named by their calendar years and cut into months that cover every day once."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.fiscal_year import following_year, monthly_periods, year_codes
from erpdesk.services.reckonings import bikram_sambat


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "codes"),
    [
        (date(2026, 4, 1), date(2027, 3, 31), ("2026-27", "26-27")),
        (date(2026, 1, 1), date(2026, 12, 31), ("2026", "26")),
        (date(2099, 7, 17), date(2100, 7, 16), ("2099-00", "99-00")),
    ],
)
def test_years_are_named_by_their_calendar_years(
    starts_on: date, ends_on: date, codes: tuple[str, str]
) -> None:
    assert year_codes(starts_on, ends_on) == codes


@pytest.mark.parametrize(("starts_on", "ends_on", "codes"), [
    (date(2026, 7, 17), date(2027, 7, 16), ("2083-84", "83-84")),
    (date(2026, 4, 14), date(2027, 4, 13), ("2083", "83")),
    (date(2026, 4, 1), date(2027, 3, 31), ("2026-27", "26-27")),
])
def test_a_year_of_another_calendar_is_named_by_that(starts_on: date, ends_on: date, codes: tuple[str, str]) -> None:
    assert year_codes(starts_on, ends_on, bikram_sambat()) == codes, "unless it begins within a month of it"


def test_a_common_year_has_twelve_calendar_months() -> None:
    periods = monthly_periods(date(2026, 4, 1), date(2027, 3, 31))
    assert len(periods) == 12
    assert (periods[0].starts_on, periods[0].ends_on) == (date(2026, 4, 1), date(2026, 4, 30))
    assert (periods[-1].starts_on, periods[-1].ends_on) == (date(2027, 3, 1), date(2027, 3, 31))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 730))
def test_periods_cover_every_day_once(starts_on: date, days: int) -> None:
    ends_on = starts_on + timedelta(days=days)
    periods = monthly_periods(starts_on, ends_on)
    assert [period.number for period in periods] == list(range(1, len(periods) + 1))
    assert periods[0].starts_on == starts_on
    assert periods[-1].ends_on == ends_on
    assert all(period.starts_on <= period.ends_on for period in periods)
    assert all(
        after.starts_on == before.ends_on + timedelta(days=1)
        for before, after in pairwise(periods)
    )


@pytest.mark.parametrize(("year", "after"), [
    ((date(2026, 4, 1), date(2027, 3, 31)), (date(2027, 4, 1), date(2028, 3, 31))),
    ((date(2027, 1, 1), date(2027, 12, 31)), (date(2028, 1, 1), date(2028, 12, 31))),
    ((date(2026, 7, 17), date(2027, 7, 16)), (date(2027, 7, 17), date(2028, 7, 16))),
    ((date(2026, 4, 1), date(2026, 4, 30)), (date(2026, 5, 1), date(2026, 5, 30))),
    ((date(2026, 4, 1), date(2026, 4, 1)), (date(2026, 4, 2), date(2026, 4, 2))),
])
def test_a_year_of_twelve_months_is_followed_by_another_any_other_by_as_many_days(
    year: tuple[date, date], after: tuple[date, date]
) -> None:
    assert following_year(*year) == after
