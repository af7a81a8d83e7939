"""Voucher numbers: prefix, running number of at least `width` digits, suffix, with tokens filled in.

Tokens: `{FY}` 2026-27, `{FYS}` 26-27 (both are columns of the fiscal year), `{BRANCH}`, `{YYYY}`, `{YY}`,
`{MM}`. Numbers are unique within organization, type and fiscal year without regard to case; a document of the
Indian GST may not be longer than 16 characters (rule 46(b)).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from erpdesk.blueprints.rows import NumberSeries
from erpdesk.blueprints.vocabulary import NumberRestart

TOKENS = {"FY": 7, "FYS": 5, "BRANCH": 4, "YYYY": 4, "YY": 2, "MM": 2}
"""Each token with the length it usually prints in."""

LENGTH_LIMITS = {"IN": 16}
"""Longest number, by country."""

MAX_LENGTH = 40
_TOKEN = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class NumberContext:
    """What tokens stand for: the fiscal year's two names, the voucher's date, the branch's code."""

    fiscal_year: str
    fiscal_year_short: str
    on: date
    branch: str


def fill_template(template: str, context: NumberContext) -> str:
    """A prefix or suffix with its tokens filled in."""
    texts = {
        "FY": context.fiscal_year, "FYS": context.fiscal_year_short, "BRANCH": context.branch,
        "YYYY": f"{context.on.year:04}", "YY": f"{context.on.year % 100:02}", "MM": f"{context.on.month:02}",
    }
    return _TOKEN.sub(lambda found: texts[found[1]], template)


def print_number(series: NumberSeries, number: int, context: NumberContext) -> str:
    """The voucher number as printed."""
    prefix, suffix = fill_template(series.prefix, context), fill_template(series.suffix, context)
    return f"{prefix}{number:0{series.width}}{suffix}"


def restart_key(series: NumberSeries, context: NumberContext) -> str:
    """The period within which the series counts on: fiscal year, month, or all time (empty)."""
    match series.restart:
        case NumberRestart.FISCAL_YEAR:
            return context.fiscal_year
        case NumberRestart.MONTH:
            return f"{context.on.year:04}-{context.on.month:02}"
        case NumberRestart.NEVER:
            return ""


def series_on(rows: Iterable[NumberSeries], code: str, on: date, branch: str) -> NumberSeries | None:
    """The row of a series that holds on a day in a branch: a branch's own first, then the latest."""
    valid = [(row.branch is not None, row.valid_from or date.min, row) for row in rows
             if row.is_active and row.code == code and row.branch in (None, branch)
             and (row.valid_from is None or row.valid_from <= on)]
    return max(valid, key=lambda found: found[:2])[2] if valid else None


def template_fault(template: str) -> str:
    """What is wrong with a template; empty when nothing is."""
    for found in _TOKEN.finditer(template):
        if found[1] not in TOKENS:
            return f"{found[0]} is none of the tokens {', '.join('{' + t + '}' for t in TOKENS)}"
    rest = _TOKEN.sub("", template)
    if "{" in rest or "}" in rest:
        return "a brace stands alone"
    return "" if rest.isprintable() else "it holds a character that can't be printed"


def printed_length(series: NumberSeries, branch_length: int = TOKENS["BRANCH"]) -> int:
    """How many characters a number of the series takes while it fits its width."""
    lengths = TOKENS | {"BRANCH": branch_length}
    text = _TOKEN.sub(lambda found: "x" * lengths.get(found[1], 0), series.prefix + series.suffix)
    return len(text) + series.width


def may_print_the_same(one: NumberSeries, other: NumberSeries) -> bool:
    """Whether two series could print the same number in one fiscal year, whatever they have reached."""
    return any(_collide(one, other, date(2026 + (month < 4), month, 1)) for month in range(1, 13))


def _collide(one: NumberSeries, other: NumberSeries, on: date) -> bool:
    first, second = _printed_frame(one, on), _printed_frame(other, on)
    if (first.before, first.after) != (second.before, second.after):
        return False
    leads = first.leading.startswith(second.leading) or second.leading.startswith(first.leading)
    trails = first.trailing.endswith(second.trailing) or second.trailing.endswith(first.trailing)
    return leads and trails


@dataclass(frozen=True, slots=True)
class _Frame:
    """A printed number around its running figure, digits next to it apart: they can't be told from it."""

    before: str
    leading: str
    trailing: str
    after: str


def _printed_frame(series: NumberSeries, on: date) -> _Frame:
    context = NumberContext("2026-27", "26-27", on, series.branch or "HO")
    prefix = fill_template(series.prefix, context).casefold()
    suffix = fill_template(series.suffix, context).casefold()
    before, after = prefix.rstrip("0123456789"), suffix.lstrip("0123456789")
    return _Frame(before, prefix[len(before):], suffix[: len(suffix) - len(after)], after)
