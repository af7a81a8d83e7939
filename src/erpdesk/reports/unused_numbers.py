"""Unused numbers: what numbers typed by hand have left out, between the first and the last of those alike.

Numbers are alike that differ in their last run of digits only. Series that the program counts have no gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from erpdesk.domain.keys import key_of
from erpdesk.reports.filters import Filters, type_of
from erpdesk.reports.report import Report, count, text
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import numbers as queries

COLUMNS = (text("type", "Type"), text("label", "Voucher type"), text("fiscal_year", "Year"),
           text("first", "First unused"), text("last", "Last unused"), count("count", "How many"),
           text("after", "After"), text("before", "Before"))

_LAST_DIGITS = re.compile(r"(.*?)([0-9]+)([^0-9]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that nobody has, between two that somebody has."""

    after: str
    before: str
    first: str
    last: str
    count: int


def unused_numbers(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """A row a gap, of all types numbered by hand or one, of all fiscal years or those of some days. Raises RPT-004."""
    used = queries.numbers_used(reading, type_of(reading, filters), filters.since, filters.until)
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in used:
        groups.setdefault((one.type_code, one.type_label, one.fiscal_year), []).append(one.number)
    rows = tuple(
        {"type": code, "label": label, "fiscal_year": year, "first": gap.first, "last": gap.last,
         "count": str(gap.count), "after": gap.after, "before": gap.before}
        for (code, label, year), numbers in groups.items() for gap in gaps(numbers))
    totals = {"count": str(sum(int(row["count"]) for row in rows))}
    return Report("unused-numbers", heading.code, filters.until or heading.today, COLUMNS, rows, totals)


def gaps(numbers: Iterable[str]) -> Iterator[Gap]:
    """The gaps among numbers, those alike together, in ascending order; numbers without a digit have none."""
    alike: dict[tuple[str, str], dict[int, str]] = {}
    for number in numbers:
        found = _LAST_DIGITS.fullmatch(number.strip())
        if found:
            alike.setdefault((key_of(found[1]), key_of(found[3])), {})[int(found[2])] = number.strip()
    for used in alike.values():
        counted = sorted(used)
        for low, high in pairwise(counted):
            if high - low > 1:
                first, last = _like(used[high], low + 1), _like(used[high], high - 1)
                yield Gap(used[low], used[high], first, last, high - low - 1)


def _like(number: str, figure: int) -> str:
    """The number with another figure, as wide."""
    found = _LAST_DIGITS.fullmatch(number)
    assert found is not None
    return f"{found[1]}{figure:0{len(found[2])}}{found[3]}"
