"""The period grid in a tab: months of every fiscal year locked, closed and opened by key, years closed and reopened.

Each change is asked for once, with its consequence on the button; a closed year is reopened only with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from erpdesk.domain.results import Ok
from erpdesk.services.period_grid import GridPeriod, GridYear, PeriodGrid
from erpdesk.ui.administration.page import ListPage
from erpdesk.ui.calendars import other_date, shown_date_short
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.figures import shown_text
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.periods.check_list import TRIAL_BALANCE, CheckListDialog
from erpdesk.ui.periods.table import CLOSED, COLUMNS, FIGURES, LOCKED, OPEN, WIDTHS, WITH_HINT, grid_rows
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.words import say, to_say

YEARS_RIGHT = "year.close"
_CHANGES = {
    "lock": (LOCKED, to_say("Lock {period}?"), to_say("Nothing is posted in it until it is unlocked."),
             to_say("Lock {period}")),
    "unlock": (OPEN, to_say("Unlock {period}?"), to_say("Vouchers can be posted in it again."),
               to_say("Unlock {period}")),
    "close_period": (CLOSED, to_say("Close {period} for good?"),
                     to_say("Only somebody who may close years can open it again."), to_say("Close {period}")),
}


class PeriodsView(ListPage):
    """The page."""

    key_context = "periods"
    title: ClassVar[str] = to_say("Periods and Years")
    columns = COLUMNS
    figures = FIGURES
    widths = WIDTHS

    grid: PeriodGrid | None = None

    @override
    def width_of(self, key: str) -> int:
        wide = key in ("starts", "ends") and bool(other_date(self.session.today))
        return WITH_HINT if wide else super().width_of(key)

    def ask(self) -> None:
        """Read the grid."""
        years = self.books.years
        self.read(years.grid, self._show)

    def _show(self, grid: PeriodGrid) -> None:
        self.grid = grid
        rows = grid_rows(grid, self.books.organization.digit_grouping)
        today = self.session.today
        begin = next((row.key for row in rows if isinstance(row.fact, GridPeriod)
                      and row.fact.period.starts_on <= today <= row.fact.period.ends_on), "")
        self.show_rows(rows, say("There is no fiscal year"), begin)
        until = grid.audit_locked_until
        self.foot.setText("   ·   ".join(filter(None, (
            say("⚿ The organization is locked: nothing is posted") if grid.is_locked else "",
            say("▪ Locked for audit up to {day}", day=shown_date_short(until)) if until else say("No audit lock")))))

    # What stands here

    def year_here(self) -> GridYear | None:
        """The year of the row under the cursor."""
        row = self.row_here()
        if row is None or self.grid is None:
            return None
        if isinstance(row.fact, GridYear):
            return row.fact
        return next((year for year in self.grid.years if row.fact in year.periods), None)

    def _chosen(self) -> tuple[GridPeriod, ...]:
        """The period under the cursor, or all of the year."""
        row = self.row_here()
        if row is None:
            return ()
        fact: Any = row.fact
        return tuple(fact.periods) if isinstance(fact, GridYear) else (fact,)

    def offers(self, action: str) -> bool:
        """What can be done with the row under the cursor, by this person."""
        year, may_years = self.year_here(), YEARS_RIGHT in self.session.permissions
        if action in _CHANGES:
            wanted = _CHANGES[action][0]
            standing = {one.period.state for one in self._chosen()}
            able = bool(standing - {wanted}) and (may_years or wanted == CLOSED or standing != {CLOSED})
            return year is not None and not year.is_closed and able
        if action in ("turn_year", "new_year", "lock_organization"):
            return may_years and (action != "turn_year" or year is not None)
        return True

    # Changes

    def doings(self) -> Mapping[str, Callable[[], object]]:
        """What the page does."""
        changes = {action: lambda action=action: self._change(action) for action in _CHANGES}
        return {**changes, "open_row": self._look, "turn_year": self._turn_year, "new_year": self._new_year,
                "trial_balance": lambda: self._look_at(TRIAL_BALANCE),
                "audit_lock": self._audit_lock, "lock_organization": self._lock_organization}

    def _ask_first(self, title: str, sentence: str, button: str, do: Callable[[str, str], object], **more: Any) -> None:
        Question(self, title, sentence, button, do, **{"needs_reason": False, "asks_reason": False, **more}).ask()

    def _change(self, action: str) -> None:
        state, title, sentence, button = _CHANGES[action]
        chosen = [one.period for one in self._chosen() if one.period.state != state]
        year = self.year_here()
        if not chosen or year is None:
            return
        whole = self.row_here() is not None and isinstance(self.row_here().fact, GridYear)  # type: ignore[union-attr]
        name = year.code if whole else say("{first} to {last}", first=shown_date_short(chosen[0].starts_on),
                                           last=shown_date_short(chosen[-1].ends_on))
        left = sum(one.drafts + one.waiting for one in self._chosen())
        if left and state != OPEN:
            sentence = f"{say(sentence)} {say('{count} vouchers in it are not posted.', count=left)}"
        periods = self.books.periods
        named = [f"{one.starts_on}:{one.ends_on}" for one in chosen]
        self._ask_first(say(title, period=name), say(sentence), say(button, period=name), lambda _day, _reason: self.do(
            lambda: periods.set_state(named, state), lambda _changed: self._done(say("{period} changed", period=name))))

    def _done(self, sentence: str) -> None:
        self.said.emit(sentence)
        self.ask()

    def _audit_lock(self) -> None:
        organization, periods = self.books.organization, self.books.periods
        until = self.grid.audit_locked_until if self.grid is not None else None
        surroundings = Surroundings(self.session.lookups, LookupPopup(self), self.session.today,
                                    self.session.working_date, organization.currency_decimals,
                                    organization.digit_grouping)
        self._ask_first(
            say("Lock for audit?"),
            say("Nothing dated on or before this day is posted any more. No day ends the lock."),
            say("Set the audit lock"), lambda day, _reason: self.do(
                lambda: periods.audit_lock(date.fromisoformat(day) if day else None),
                lambda _none: self._done(say("Audit lock set") if day else say("No audit lock"))),
            surroundings=surroundings, day=until.isoformat() if until else "")

    def _lock_organization(self) -> None:
        locked, settings = self.grid is not None and self.grid.is_locked, self.books.settings
        title, sentence, button = (
            (say("Unlock the organization?"), say("Vouchers can be posted again."), say("Unlock the organization"))
            if locked else (say("Lock the organization?"), say("Nobody can post anything until it is unlocked."),
                            say("Lock the organization")))
        self._ask_first(title, sentence, button, lambda _day, _reason: self.do(
            lambda: settings.set_locked(not locked),
            lambda _set: self._done(say("Organization unlocked") if locked else say("Organization locked"))))

    def _new_year(self) -> None:
        years = self.books.years
        self._ask_first(say("Make the next fiscal year?"), say("It follows the last one, with monthly periods."),
                        say("Make the year"), lambda _day, _reason: self.do(
                            years.make_next, lambda code: self._done(say("{year} made", year=code))))

    def _turn_year(self) -> None:
        year = self.year_here()
        if year is None:
            return
        if not year.is_closed:
            dialog = CheckListDialog(self.session, self.books, year, self)
            dialog.wants_close_year.connect(lambda: self._close_year(year))
            dialog.wants_look.connect(self._look_at)
            dialog.ask()
            return
        years = self.books.years
        self._ask_first(
            say("Reopen {year}?", year=year.code),
            say("{entry} is reversed, and vouchers can be posted in the year again.", entry=year.entry) if year.entry
            else say("Vouchers can be posted in the year again."),
            say("Reopen {year}", year=year.code), lambda _day, reason: self.do(
                lambda: years.reopen(year.code, reason),
                lambda _done: self._done(say("{year} is open", year=year.code))),
            needs_reason=True, asks_reason=True)

    def _close_year(self, year: GridYear) -> None:
        years, grouping = self.books.years, self.books.organization.digit_grouping

        def closed(answer: Ok[Any]) -> None:
            turned = answer.value
            result = shown_text(turned.result, len(turned.result.partition(".")[2]), grouping)
            self._done(say("{entry} carries {result} to retained earnings", entry=turned.entry, result=result)
                       if turned.entry else say("{year} is closed", year=year.code))

        self.do(lambda: years.close(year.code), closed)

    # Looking

    def _look(self) -> None:
        row = self.row_here()
        if row is None:
            return
        fact: Any = row.fact.period if isinstance(row.fact, GridPeriod) else row.fact
        self.wants_register.emit({"since": fact.starts_on.isoformat(), "until": fact.ends_on.isoformat(), "text": None})

    def _before_closing(self) -> None:
        """The trial balance of the year here as it stands, or stood, before it is closed."""
        year = self.year_here()
        if year is not None:
            self.wants_report.emit("trial-balance", {"until": year.ends_on.isoformat(), "closing": "without"})

    def _look_at(self, what: str) -> None:
        if what == "waiting":
            self.wants_screen.emit("approvals")
        elif what == TRIAL_BALANCE:
            self._before_closing()
        elif what in ("drafts", "approved"):
            year = self.year_here()
            if year is not None:
                self.wants_register.emit({"since": year.starts_on.isoformat(), "until": year.ends_on.isoformat(),
                                          "text": None})
