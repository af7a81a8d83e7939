"""Open days: the period of a day, its year and the audit lock decide, in that order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from erpdesk.domain.open_days import DatedPeriod, OpenDays
from erpdesk.domain.results import Fault, Step

APRIL = DatedPeriod("2026-27", False, date(2026, 4, 1), date(2026, 4, 30), "open")
MAY = replace(APRIL, starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 31))


def closed(code: str, message: str) -> Fault:
    return Fault(code, message, "date", Step.JOURNAL)


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 31)])
def test_every_day_of_an_open_period_is_open(day: date) -> None:
    assert OpenDays((APRIL, MAY)).fault(day) is None


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 6, 1)])
def test_a_day_of_no_period_belongs_to_no_year(day: date) -> None:
    assert OpenDays((APRIL, MAY), day).fault(day) == closed("PRD-001", f"No fiscal year holds {day}")


@pytest.mark.parametrize("state", ["locked", "closed"])
def test_a_period_that_is_not_open_says_its_state(state: str) -> None:
    days = OpenDays((APRIL, replace(MAY, state=state)))
    assert days.fault(date(2026, 5, 1)) == closed("PRD-003", f"The period 2026-05-01 to 2026-05-31 is {state}")
    assert days.fault(date(2026, 4, 30)) is None


def test_a_closed_year_comes_before_its_periods() -> None:
    days = OpenDays((replace(APRIL, year_is_closed=True, state="closed"),), date(2026, 4, 30))
    assert days.fault(date(2026, 4, 2)) == closed("PRD-002", "Fiscal year 2026-27 is closed")


def test_the_audit_lock_holds_up_to_its_day() -> None:
    days = OpenDays((APRIL, MAY), date(2026, 4, 10))
    assert days.fault(date(2026, 4, 10)) == closed("PRD-004", "Everything up to 2026-04-10 is locked for audit")
    assert days.fault(date(2026, 4, 11)) is None
