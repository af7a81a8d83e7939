"""A fiscal year is a span of days with a name (2026-27), cut into monthly accounting periods.

Periods run from the year's first day to the day before the same day of the next month; the last one ends
with the year. They cover every day once. A year that begins with a month of the organization's calendar has that
calendar's months and is named by its years (2083-84), any other by Gregorian ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from erpdesk.domain.reckoning import GREGORIAN, Reckoning, months_later

LONGEST_DAYS = 731


@dataclass(frozen=True, slots=True)
class Period:
    """One accounting period; `number` counts from 1."""

    number: int
    starts_on: date
    ends_on: date


def year_codes(starts_on: date, ends_on: date, reckoning: Reckoning = GREGORIAN) -> tuple[str, str]:
    """The tokens {FY} and {FYS}: 2026-27 and 26-27, or 2026 and 26 within one calendar year."""
    reckoning = reckoning if _begins_month(starts_on, ends_on, reckoning) else GREGORIAN
    first, last = (f"{reckoning.parts(day)[0]:04}" for day in (starts_on, ends_on))
    if first == last:
        return first, first[2:]
    return f"{first}-{last[2:]}", f"{first[2:]}-{last[2:]}"


def following_year(starts_on: date, ends_on: date) -> tuple[date, date]:
    """First and last day of the year after a year of twelve months, or of as many days where that isn't what it has."""
    first = ends_on + timedelta(days=1)
    if months_later(starts_on, 12) == first:
        return first, months_later(first, 12) - timedelta(days=1)
    return first, first + (ends_on - starts_on)


def monthly_periods(starts_on: date, ends_on: date, reckoning: Reckoning = GREGORIAN) -> tuple[Period, ...]:
    """The periods of a year, in order; non-empty when the year is in order."""
    reckoning = reckoning if _begins_month(starts_on, ends_on, reckoning) else GREGORIAN
    periods: list[Period] = []
    begin = starts_on
    while begin <= ends_on:
        following = months_later(starts_on, len(periods) + 1, reckoning)
        end = min(following - timedelta(days=1), ends_on)
        periods.append(Period(len(periods) + 1, begin, end))
        begin = end + timedelta(days=1)
    return tuple(periods)


def _begins_month(starts_on: date, ends_on: date, reckoning: Reckoning) -> bool:
    """Whether a year begins with a month of a calendar, and the calendar reaches to beyond its end."""
    try:
        months_later(ends_on, 1, reckoning)
        return reckoning.parts(starts_on)[2] == 1
    except ValueError:
        return False
