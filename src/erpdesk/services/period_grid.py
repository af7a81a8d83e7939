"""The period grid: every fiscal year with its periods, how each stands, and what is dated in it and not posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from erpdesk.domain.money import money_text
from erpdesk.services.periods import PeriodInfo

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server


@dataclass(frozen=True, slots=True)
class GridPeriod:
    """A period; `drafts` and `waiting` (for approval, or approved) are dated in it and not posted. `is_audited` when
    the audit lock covers all of it."""

    period: PeriodInfo
    drafts: int
    waiting: int
    is_audited: bool


@dataclass(frozen=True, slots=True)
class GridYear:
    """A year with its periods; `entry` is the number of its closing entry ("" for none), `result` what that carried."""

    code: str
    starts_on: date
    ends_on: date
    is_closed: bool
    entry: str
    entry_id: str
    result: str
    closed_by: str
    closed_on: date | None
    periods: tuple[GridPeriod, ...]


@dataclass(frozen=True, slots=True)
class PeriodGrid:
    """All years by day, and what is locked over them."""

    years: tuple[GridYear, ...]
    audit_locked_until: date | None
    is_locked: bool


def read_grid(server: Server, organization: OrganizationInfo, periods: tuple[PeriodInfo, ...]) -> PeriodGrid:
    """The grid as it stands."""
    from erpdesk.storage.report_queries import reading
    from erpdesk.storage.report_queries.year_end import locks, period_counts, year_lines

    with reading(server, organization.id) as books:
        counts = {found.period_id: found for found in period_counts(books)}
        lines, (until, is_locked) = year_lines(books), locks(books)

    def standing(period: PeriodInfo) -> GridPeriod:
        found = counts.get(period.id)
        return GridPeriod(period, found.drafts if found else 0, found.waiting if found else 0,
                          until is not None and period.ends_on <= until)

    years = tuple(
        GridYear(line.code, line.starts_on, line.ends_on, line.is_closed, line.entry, line.entry_id,
                 money_text(line.result, organization.currency_decimals), line.closed_by, line.closed_on,
                 tuple(standing(period) for period in periods if period.year == line.code))
        for line in lines)
    return PeriodGrid(years, until, is_locked)
