"""The period grid as rows: each year, then its periods; a state is a word and a sign, never a colour alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from erpdesk.services.period_grid import GridPeriod, GridYear, PeriodGrid
from erpdesk.ui.administration.rows import ListedRow
from erpdesk.ui.calendars import calendar_in_use, other_date, shown_date_short
from erpdesk.ui.figures import shown_text
from erpdesk.ui.words import say, to_say

OPEN, LOCKED, CLOSED = "open", "locked", "closed"
STATES = {OPEN: to_say("○  Open"), LOCKED: to_say("◐  Locked"), CLOSED: to_say("●  Closed")}
_TONES = {OPEN: "", LOCKED: "warning", CLOSED: "text_muted"}

COLUMNS = (("period", to_say("Period")), ("starts", to_say("From")), ("ends", to_say("To")), ("state", to_say("State")),
           ("drafts", to_say("Drafts")), ("waiting", to_say("Under way")), ("note", to_say("Note")))
WITH_HINT = 27
"""The characters of a day that is shown in two calendars."""
_FIGURE_SPACE = "\u2007"
FIGURES = frozenset(("drafts", "waiting"))
WIDTHS = {"period": 18, "starts": 14, "ends": 14, "state": 16, "drafts": 10, "waiting": 12}


def grid_rows(grid: PeriodGrid, grouping: str) -> list[ListedRow]:
    """The rows, years by day."""
    return [row for year in grid.years for row in (_year(year, grouping), *_periods(year))]


def _year(year: GridYear, grouping: str) -> ListedRow:
    drafts, waiting = (sum(getattr(one, name) for one in year.periods) for name in ("drafts", "waiting"))
    state = CLOSED if year.is_closed else OPEN
    note = ""
    if year.entry:
        result = shown_text(year.result, len(year.result.partition(".")[2]), grouping)
        note = say("{entry} carried {result} to retained earnings, {user}", entry=year.entry, result=result,
                   user=year.closed_by)
    return ListedRow(f"year:{year.code}", (
        year.code, _day(year.starts_on), _day(year.ends_on), say(STATES[state]), _count(drafts), _count(waiting), note),
        _TONES[state], is_heading=True, fact=year)


def _periods(year: GridYear) -> Iterator[ListedRow]:
    for one in year.periods:
        state = CLOSED if year.is_closed else one.period.state
        yield ListedRow(f"period:{one.period.id}", (
            _name(one), _day(one.period.starts_on), _day(one.period.ends_on), say(STATES[state]),
            _count(one.drafts), _count(one.waiting), _note(year, one)), _TONES[state], fact=one)


def _name(one: GridPeriod) -> str:
    """Its number, and the month or months that it is; numbers of one digit as wide as those of two."""
    number = str(one.period.number).rjust(2, _FIGURE_SPACE)
    return f"  {number}  {calendar_in_use().months_from(one.period.starts_on, one.period.ends_on)}".rstrip()


def _note(year: GridYear, one: GridPeriod) -> str:
    if year.is_closed and one.period.state != CLOSED:
        return say("by its year")
    return say("▪ locked for audit") if one.is_audited else ""


def _day(day: date) -> str:
    """A day in the calendar in use, and as others know it."""
    hint = other_date(day)
    return f"{shown_date_short(day)}   {hint}" if hint else shown_date_short(day)


def _count(number: int) -> str:
    return str(number) if number else ""
