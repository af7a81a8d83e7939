"""Fiscal years closed and reopened, and what an accountant looks at before: the check list of a year.

Closing carries income and expenses to retained earnings by an entry of the year's last day and makes the next year
where there is none; reopening reverses the entry. Both need the permission year.close, reopening a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from erpdesk.domain.fiscal_year import following_year
from erpdesk.domain.money import money_text
from erpdesk.domain.results import ErpdeskError, Result, refused
from erpdesk.posting.year_closing import TurnedYear, YearTurn
from erpdesk.services.reckonings import BIKRAM_SAMBAT, bikram_sambat, reckoning_of

if TYPE_CHECKING:
    from erpdesk.domain.organization import FiscalYearInfo, OrganizationInfo
    from erpdesk.services.period_grid import PeriodGrid
    from erpdesk.services.vouchers import VoucherService
    from erpdesk.storage.server import Server
    from erpdesk.storage.verify import CheckResult


__all__ = ["CheckList", "CheckPoint", "Standing", "TurnedYear", "YearService"]


class Standing(StrEnum):
    """Whether a point of the check list is in order, wants a look, or stops the closing."""

    CLEAR = "clear"
    LOOK = "look"
    STOPS = "stops"


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """One point of a check list: what is looked at, how it stands, and a count or figure, "" where there is none."""

    code: str
    standing: Standing
    figure: str = ""


@dataclass(frozen=True, slots=True)
class CheckList:
    """What an accountant looks at before closing a year; `result` is what would be carried, a profit above zero."""

    year: FiscalYearInfo
    points: tuple[CheckPoint, ...]
    result: str

    @property
    def may_close(self) -> bool:
        """Whether nothing stops the closing."""
        return all(point.standing is not Standing.STOPS for point in self.points)


class YearService:
    """The fiscal years of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo, vouchers: VoucherService) -> None:
        self._server = server
        self._organization = organization
        self._vouchers = vouchers

    def years(self) -> tuple[FiscalYearInfo, ...]:
        """All years as they are now, by day."""
        from erpdesk.storage.organizations import read_organizations
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            found = read_organizations(connection)
        return next(one.fiscal_years for one in found if one.id == self._organization.id)

    def grid(self) -> PeriodGrid:
        """Every year with its periods, what is locked, and what is dated in each and not posted."""
        from erpdesk.services.period_grid import read_grid
        from erpdesk.services.periods import PeriodService

        return read_grid(self._server, self._organization, PeriodService(self._server, self._organization).periods())

    def close(self, code: str | None = None) -> Result[TurnedYear]:
        """Close a year, the earliest open one unless named. A year that is closed answers as it did. Refused with
        PRD-009, PRD-011, PRD-013, SEC-001."""
        return self._turn(code, True, "")

    def reopen(self, code: str | None, reason: str) -> Result[TurnedYear]:
        """Open a closed year again, the latest closed one unless named. Refused with PRD-009, PRD-012, PRD-014,
        SEC-001."""
        return self._turn(code, False, reason)

    def make_next(self) -> str:
        """Make the year after the last one; its code. Raises ErpdeskError PRD-008, ForbiddenError."""
        from erpdesk.storage.fiscal_calendar import create_year
        from erpdesk.storage.transactions import writing

        document = self._following(self.years()[-1])
        with writing(self._server) as connection:
            create_year(connection, self._organization.id, document)
        return str(document["fiscal_year"]["code"])

    def check_list(self, code: str | None = None) -> CheckList:
        """How a year stands before it is closed. Raises ErpdeskError PRD-009."""
        from erpdesk.storage.report_queries import reading
        from erpdesk.storage.report_queries.year_end import year_end

        year = self._meant(code, closed=True)
        with reading(self._server, self._organization.id) as books:
            stands = year_end(books, year.starts_on, year.ends_on)
        able = stands.has_account and stands.has_type
        points = (
            CheckPoint("earlier_years", Standing.STOPS if stands.earlier_open else Standing.CLEAR, stands.earlier_open),
            _counted("drafts", stands.drafts), _counted("waiting", stands.waiting),
            _counted("approved", stands.approved), _counted("open_periods", stands.open_periods),
            CheckPoint("trial_balance", Standing.CLEAR if stands.debit == stands.credit else Standing.STOPS,
                       self._money(stands.debit - stands.credit) if stands.debit != stands.credit else ""),
            CheckPoint("closing_type", Standing.CLEAR if able or not stands.result else Standing.STOPS))
        return CheckList(year, points, self._money(stands.result))

    def verify(self) -> tuple[CheckResult, ...]:
        """Every invariant over this organization's books, as far as the user sees them; what the desk hasn't sealed of
        the audit trail yet is sealed first, so that it isn't taken for a gap."""
        from erpdesk.storage.sealing import seal
        from erpdesk.storage.verify import verify_organization

        seal(self._server)
        with self._server.connect() as connection:
            return tuple(verify_organization(connection, self._organization.code))

    def _money(self, amount: Any) -> str:
        return money_text(amount, self._organization.currency_decimals)

    def _meant(self, code: str | None, *, closed: bool) -> FiscalYearInfo:
        """The year to be closed (or reopened): that of the code, else the earliest open (the latest closed)."""
        years = self.years()
        fitting = [year for year in years if (year.code == code if code else year.is_closed is not closed)]
        if not fitting:
            known = ", ".join(year.code for year in years)
            message = f"There is no such fiscal year{f' {code[:20]}' if code else ''} (there are: {known})"
            raise ErpdeskError("PRD-009", message, cure="Name one of them.", field="year")
        return fitting[0] if closed or code else fitting[-1]

    def _turn(self, code: str | None, closed: bool, reason: str) -> Result[TurnedYear]:
        try:
            year = self._meant(code, closed=closed)
        except ErpdeskError as error:
            return refused(error)
        following = self._following(year) if closed else None
        return self._vouchers.engine.turn_year(YearTurn(year.id, closed, reason, following))

    def _following(self, year: FiscalYearInfo) -> Mapping[str, Any]:
        """The document of the year after this one, in the organization's own calendar."""
        from erpdesk.storage.fiscal_calendar import year_document

        first, last = following_year(year.starts_on, year.ends_on)
        calendar = self._organization.calendar
        if calendar == BIKRAM_SAMBAT:
            last = _bikram_year_end(first) or last
        return year_document(first, last, reckoning_of(calendar))


def _counted(code: str, count: int) -> CheckPoint:
    return CheckPoint(code, Standing.LOOK if count else Standing.CLEAR, str(count) if count else "")


def _bikram_year_end(first: date) -> date | None:
    """The day before the same day of the next Bikram Sambat year; None outside the calendar's table."""
    reckoning = bikram_sambat()
    try:
        year, month, day = reckoning.parts(first)
        return reckoning.day(year + 1, month, min(day, reckoning.month_length(year + 1, month))) - timedelta(days=1)
    except ValueError:
        return None
