"""Periods of one organization: listed, locked, closed, opened; years made.

A period is named by its number in the latest open year (`1`), a month in which it starts (`2026-04`, or `2083-04` of
the organization's calendar), a day that it holds (`2026-04-15`), a year's code (`2026-27`), or a span (`A:B`) from one
of these to another that it touches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.fiscal_year import LONGEST_DAYS
from erpdesk.domain.open_days import DatedPeriod, OpenDays
from erpdesk.domain.results import Fault, InvalidRequest
from erpdesk.services.reckonings import reckoning_of

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server

OPEN, LOCKED, CLOSED = "open", "locked", "closed"


@dataclass(frozen=True, slots=True)
class PeriodInfo:
    """One accounting period; a period of a closed year is closed, whatever its own state."""

    id: UUID
    year: str
    number: int
    starts_on: date
    ends_on: date
    state: str
    year_is_closed: bool

    def row(self) -> tuple[str, str, str, str, str]:
        """Year, number, first and last day, state."""
        state = f"{self.state} (year closed)" if self.year_is_closed else self.state
        return self.year, str(self.number), str(self.starts_on), str(self.ends_on), state


class PeriodService:
    """The fiscal calendar of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def periods(self) -> tuple[PeriodInfo, ...]:
        """All periods, by day."""
        from erpdesk.storage.fiscal_calendar import read_periods
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            return tuple(_period(row) for row in read_periods(connection, self._organization.id))

    def open_days(self) -> OpenDays:
        """Which days can be posted on."""
        from erpdesk.storage.fiscal_calendar import read_audit_lock, read_periods
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            periods = tuple(DatedPeriod(row["code"], row["is_closed"], row["starts_on"], row["ends_on"], row["state"])
                            for row in read_periods(connection, self._organization.id))
            return OpenDays(periods, read_audit_lock(connection, self._organization.id))

    def set_state(self, named: Sequence[str], state: str) -> tuple[PeriodInfo, ...]:
        """Makes the periods named open, locked or closed; those that weren't so already. Raises InvalidRequest
        PRD-010 for a name that means none, ForbiddenError."""
        from erpdesk.storage.fiscal_calendar import read_periods, set_period_state
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            known = [_period(row) for row in read_periods(connection, self._organization.id)]
            wanted = [period.id for name in named for period in _meant(name, known, self._organization.calendar)]
            changed = set_period_state(connection, self._organization.id, wanted, state)
            return tuple(_period(row) for row in read_periods(connection, self._organization.id)
                         if row["id"] in changed)

    def audit_lock(self, until: date | None) -> None:
        """Nothing dated on or before `until` is posted any more; None ends it. Raises ForbiddenError."""
        from erpdesk.storage.fiscal_calendar import set_audit_lock
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            set_audit_lock(connection, self._organization.id, until)

    def create_year(self, starts_on: date, ends_on: date) -> str:
        """Makes a fiscal year whose periods are the months of the organization's calendar; its code. Raises
        InvalidRequest ORG-005, PRD-008, PRD-016."""
        from erpdesk.storage.fiscal_calendar import create_year, year_document
        from erpdesk.storage.transactions import writing

        faults = year_faults(starts_on, ends_on)
        if faults:
            raise InvalidRequest(faults)
        with writing(self._server) as connection:
            document = year_document(starts_on, ends_on, reckoning_of(self._organization.calendar))
            create_year(connection, self._organization.id, document)
        return str(document["fiscal_year"]["code"])


def year_faults(starts_on: date, ends_on: date) -> list[Fault]:
    """What is wrong with a span of days as a fiscal year."""
    days = (ends_on - starts_on).days + 1
    if days < 1:
        return [Fault("ORG-005", "The fiscal year ends before it starts.", "fiscal_year")]
    if days > LONGEST_DAYS:
        message = f"The fiscal year has {days} days; two years are the most."
        return [Fault("ORG-005", message, "fiscal_year")]
    return []


def _period(row: Mapping[str, Any]) -> PeriodInfo:
    return PeriodInfo(row["id"], row["code"], row["number"], row["starts_on"], row["ends_on"], row["state"],
                      row["is_closed"])


def _meant(name: str, known: Sequence[PeriodInfo], calendar: str) -> list[PeriodInfo]:
    """The periods that a name means; non-empty."""
    first, colon, last = name.strip().partition(":")
    try:
        if colon:
            since, until = _ends(first, known, calendar)[0], _ends(last, known, calendar)[1]
            found = [one for one in known if one.starts_on <= until and one.ends_on >= since]
        elif re.fullmatch(r"\d{1,2}", first, re.ASCII):
            years = [one.year for one in known if not one.year_is_closed]
            found = [one for one in known if years and one.year == years[-1] and one.number == int(first)]
        else:
            found = [one for one in known
                     if first in (one.year, f"{one.starts_on:%Y-%m}", _month(one.starts_on, calendar))]
            if not found:
                day = date.fromisoformat(first)
                found = [one for one in known if one.starts_on <= day <= one.ends_on]
    except ValueError:
        found = []
    if not found:
        message = f'No period is meant by "{name[:40]}": name a number, a month, a day, a year or A:B'
        raise InvalidRequest((Fault("PRD-010", message, "period"),))
    return found


def _ends(name: str, known: Sequence[PeriodInfo], calendar: str) -> tuple[date, date]:
    """First and last day of what stands at an end of a span. Raises ValueError, InvalidRequest."""
    try:
        day = date.fromisoformat(name.strip())
    except ValueError:
        if ":" in name:
            raise
        meant = _meant(name, known, calendar)
        return min(one.starts_on for one in meant), max(one.ends_on for one in meant)
    return day, day


def _month(day: date, calendar: str) -> str:
    """Year and month of a day in a calendar; "" outside of it."""
    try:
        year, month, _ = reckoning_of(calendar).parts(day)
    except ValueError:
        return ""
    return f"{year}-{month:02d}"
