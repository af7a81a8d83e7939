"""Bikram Sambat days, against days that are known from elsewhere."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.bikram_sambat import BikramSambat
from erpdesk.settings import RESOURCES

TABLE = json.loads((RESOURCES / "calendars" / "bikram_sambat.json").read_text(encoding="utf-8"))
FIRST, LAST = date(1918, 4, 13), date(2044, 4, 12)


def calendar() -> BikramSambat:
    """The calendar by the table that the program has."""
    return BikramSambat(TABLE["first_year"], date.fromisoformat(TABLE["first_day"]), TABLE["months"])


@pytest.mark.parametrize(("year", "gregorian"), [
    (2000, "1943-04-14"), (2007, "1950-04-13"), (2046, "1989-04-13"), (2058, "2001-04-14"), (2063, "2006-04-14"),
    (2072, "2015-04-14"), (2077, "2020-04-13"), (2079, "2022-04-14"), (2080, "2023-04-14"), (2081, "2024-04-13"),
    (2082, "2025-04-14"), (2083, "2026-04-14")])
def test_years_begin_on_the_days_that_history_knows(year: int, gregorian: str) -> None:
    assert calendar().day(year, 1, 1).isoformat() == gregorian


@pytest.mark.parametrize(("year", "gregorian"), [
    (2075, "2018-07-17"), (2076, "2019-07-17"), (2077, "2020-07-16"), (2078, "2021-07-16"), (2079, "2022-07-17"),
    (2080, "2023-07-17"), (2081, "2024-07-16"), (2082, "2025-07-17")])
def test_fiscal_years_of_nepal_begin_with_shrawan(year: int, gregorian: str) -> None:
    assert calendar().day(year, 4, 1).isoformat() == gregorian


@pytest.mark.parametrize(("day", "parts"), [
    ("1951-02-18", (2007, 11, 7)),    # Democracy Day, 7 Falgun 2007
    ("1990-11-09", (2047, 7, 23)),    # the constitution of 2047, 23 Kartik
    ("2001-06-01", (2058, 2, 19)),    # 19 Jestha 2058
    ("2008-05-28", (2065, 2, 15)),    # the republic, 15 Jestha 2065
    ("2015-04-25", (2072, 1, 12)),    # the earthquake, 12 Baisakh 2072
    ("2015-09-20", (2072, 6, 3)),     # Constitution Day, 3 Ashwin 2072
    ("2025-01-14", (2081, 10, 1)),    # Maghe Sankranti 2081
])
def test_days_of_history_have_their_dates(day: str, parts: tuple[int, int, int]) -> None:
    assert calendar().parts(date.fromisoformat(day)) == parts


def test_months_have_the_published_lengths() -> None:
    assert [calendar().month_length(2081, month) for month in range(1, 13)] == [
        31, 32, 31, 32, 31, 30, 30, 30, 29, 30, 29, 31]
    assert [calendar().month_length(2082, month) for month in range(1, 13)] == [
        31, 31, 32, 31, 31, 31, 30, 29, 30, 29, 30, 30]
    assert [calendar().month_length(2083, month) for month in range(1, 13)] == [
        31, 31, 32, 31, 31, 31, 30, 29, 30, 29, 30, 30]


def test_every_month_has_29_to_32_days_and_every_year_about_365() -> None:
    assert all(29 <= days <= 32 for year in TABLE["months"] for days in year)
    assert all(364 <= sum(year) <= 366 for year in TABLE["months"])
    assert (calendar().first_year, calendar().last_year) == (1975, 2100)


@given(st.dates(FIRST, LAST))
def test_there_and_back_is_the_same_day(day: date) -> None:
    assert calendar().day(*calendar().parts(day)) == day


@given(st.dates(FIRST, LAST - timedelta(days=1)))
def test_the_next_day_is_the_next_date(day: date) -> None:
    assert calendar().parts(day) < calendar().parts(day + timedelta(days=1))


@pytest.mark.parametrize("parts", [(2081, 13, 1), (2081, 0, 1), (2081, 1, 32), (2081, 2, 33), (2081, 1, 0),
                                   (1974, 1, 1), (2101, 1, 1)])
def test_there_is_no_such_day(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no "):
        calendar().day(*parts)


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), date(2050, 1, 1)])
def test_days_outside_the_table_are_refused(day: date) -> None:
    with pytest.raises(ValueError, match="outside"):
        calendar().parts(day)


def test_a_year_of_a_table_has_twelve_months() -> None:
    with pytest.raises(ValueError, match=r"^a year has twelve months$"):
        BikramSambat(1, FIRST, [[30] * 12, [30] * 11])


def test_a_table_begins_and_ends_with_its_years() -> None:
    small = BikramSambat(1, FIRST, [[30] * 12, [31] * 12])
    assert (small.first_year, small.last_year) == (1, 2)
    assert small.parts(FIRST) == (1, 1, 1)
    assert small.parts(FIRST + timedelta(days=29)) == (1, 1, 30)
    assert small.day(2, 12, 31) == FIRST + timedelta(days=12 * 61 - 1)
    for outside in (FIRST - timedelta(days=1), FIRST + timedelta(days=12 * 61)):
        with pytest.raises(ValueError, match="outside"):
            small.parts(outside)
