"""Open days: which days can be posted on, as periods, closed years and the audit lock leave them.

The sentences are the same whoever says them: the rule at posting, and the window while a date is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from erpdesk.domain.results import Fault, Step

OPEN = "open"


@dataclass(frozen=True, slots=True)
class DatedPeriod:
    """A period with its year; `state` is open, locked or closed."""

    year: str
    year_is_closed: bool
    starts_on: date
    ends_on: date
    state: str


@dataclass(frozen=True, slots=True)
class OpenDays:
    """Every period of an organization, and the last day that is locked for audit."""

    periods: tuple[DatedPeriod, ...]
    audit_locked_until: date | None = None

    def fault(self, day: date) -> Fault | None:
        """Why nothing can be posted on a day; None where something can."""
        period = next((one for one in self.periods if one.starts_on <= day <= one.ends_on), None)
        return day_fault(day, period, self.audit_locked_until)


def day_fault(day: date, period: DatedPeriod | None, audit_locked_until: date | None) -> Fault | None:
    """Why a day of a period, or of none, isn't open; at `date`."""
    if period is None:
        return _closed("PRD-001", f"No fiscal year holds {day}")
    if period.year_is_closed:
        return _closed("PRD-002", f"Fiscal year {period.year} is closed")
    if period.state != OPEN:
        return _closed("PRD-003", f"The period {period.starts_on} to {period.ends_on} is {period.state}")
    if audit_locked_until is not None and day <= audit_locked_until:
        return _closed("PRD-004", f"Everything up to {audit_locked_until} is locked for audit")
    return None


def _closed(code: str, message: str) -> Fault:
    return Fault(code, message, "date", Step.JOURNAL)
