"""The numbers that a type's series would print next, from where its counters stand; nothing is taken.

The rule is the database's own (`series_of`): a branch's row goes before one for all, the latest valid one first; the
undated row of the main series is what the type's columns say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from erpdesk.blueprints.numbering import NumberContext, print_number, restart_key, series_on, template_fault
from erpdesk.blueprints.rows import NumberSeries
from erpdesk.domain.organization import FiscalYearInfo


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a series came in one restart period; `branch` empty: all branches count together."""

    series: str
    branch: str
    restart_key: str
    last_number: int


@dataclass(frozen=True, slots=True)
class Coming:
    """What a series prints next in a branch on a day; `numbers` in order."""

    series: str
    branch: str
    on: date
    numbers: tuple[str, ...]


def coming_numbers(rows: Iterable[NumberSeries], year: FiscalYearInfo, on: date, branch: str,
                   reached: Iterable[Reached], count: int = 2) -> tuple[Coming, ...]:
    """The next `count` numbers of every series that may be used in a branch on a day; a series whose templates can't
    be printed is left out."""
    known = tuple(rows)
    context = NumberContext(year.code, year.short_code, on, branch)
    last = {(one.series, one.branch, one.restart_key): one.last_number for one in reached}
    found = []
    for code in dict.fromkeys(row.code for row in known):
        row = series_on(known, code, on, branch)
        if row is None or template_fault(row.prefix) or template_fault(row.suffix):
            continue
        stands = last.get((code, branch if row.per_branch else "", restart_key(row, context)))
        first = row.first_number if stands is None else stands + 1
        numbers = tuple(print_number(row, number, context) for number in range(first, first + count))
        found.append(Coming(code, branch, on, numbers))
    return tuple(found)
