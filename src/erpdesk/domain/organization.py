"""What everybody needs to know of an organization: its money, calendar, branches and years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BranchInfo:
    """A branch that vouchers may be entered for."""

    id: UUID
    code: str
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class FiscalYearInfo:
    """A fiscal year; `code` is {FY}, `short_code` {FYS}."""

    id: UUID
    code: str
    short_code: str
    starts_on: date
    ends_on: date
    is_closed: bool


@dataclass(frozen=True, slots=True)
class OrganizationInfo:
    """One organization as its members see it. Branches are ordered by code, years by their first day."""

    id: UUID
    code: str
    name: str
    country: str
    base_currency: str
    currency_decimals: int
    time_zone: str
    language: str
    calendar: str
    digit_grouping: str
    is_locked: bool
    role: str
    branches: tuple[BranchInfo, ...]
    fiscal_years: tuple[FiscalYearInfo, ...]

    def fiscal_year(self, day: date) -> FiscalYearInfo | None:
        """The year a day lies in; None outside every year."""
        return next((year for year in self.fiscal_years if year.starts_on <= day <= year.ends_on), None)
