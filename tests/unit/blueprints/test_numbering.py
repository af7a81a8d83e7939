"""Numbers: how they print, when they restart, and that no two series can print the same one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.checks import check_numbering
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.numbering import (
    NumberContext,
    may_print_the_same,
    print_number,
    printed_length,
    restart_key,
    template_fault,
)
from erpdesk.blueprints.rows import NumberSeries
from erpdesk.blueprints.vocabulary import NumberRestart

APRIL = NumberContext("2026-27", "26-27", date(2026, 4, 2), "HO")
SALES = {"code": "LEDGER_X", "label": "L", "journal_type": "GENERAL", "number_prefix": "SI/{FYS}/"}


def series(prefix: str = "", suffix: str = "", width: int = 6, code: str = "A", **more: object) -> NumberSeries:
    return NumberSeries(code=code, prefix=prefix, suffix=suffix, width=width, **more)  # type: ignore[arg-type]


def test_a_number_prints_as_its_templates_say() -> None:
    assert print_number(series("SI/{FYS}/"), 1, APRIL) == "SI/26-27/000001"
    assert print_number(series("{FY}-{BRANCH}-{YYYY}{YY}{MM}-", "/X", 2), 7, APRIL) == "2026-27-HO-20262604-07/X"
    assert print_number(series("", "", 2), 1234, APRIL) == "1234"
    assert printed_length(series("SI/{FYS}/")) == len("SI/26-27/000001")


def test_a_series_counts_on_within_its_period() -> None:
    assert restart_key(series(), APRIL) == "2026-27"
    assert restart_key(series(restart=NumberRestart.MONTH), APRIL) == "2026-04"
    assert restart_key(series(restart=NumberRestart.NEVER), APRIL) == ""


@pytest.mark.parametrize("template", ["{FY", "FY}", "{YEAR}", "{}", "{fy}", "a\nb"])
def test_a_bad_template_is_told(template: str) -> None:
    assert template_fault(template)


@pytest.mark.parametrize(("one", "other", "same"), [
    (series("A/"), series("A/"), True),
    (series("A/"), series("a/"), True),
    (series("A/"), series("B/"), False),
    (series("A"), series("A1"), True),
    (series("A1"), series("A2"), False),
    (series("A", "/X"), series("A", "/Y"), False),
    (series("A", "1"), series("A", "21"), True),
    (series("A", "1"), series("A", "2"), False),
    (series("{MM}/"), series("04/"), True),
    (series("{FYS}/"), series("{FY}/"), False),
    (series("{BRANCH}/", branch="B1"), series("{BRANCH}/", branch="B2"), False),
])
def test_series_that_could_print_the_same_number_are_found(one: NumberSeries, other: NumberSeries,
                                                           same: bool) -> None:
    assert may_print_the_same(one, other) is same
    assert may_print_the_same(other, one) is same


PIECES = st.text("AB12/", max_size=3)


@given(PIECES, PIECES, PIECES, PIECES, st.integers(1, 3), st.integers(1, 3))
def test_series_held_apart_never_print_the_same(p1: str, s1: str, p2: str, s2: str, w1: int, w2: int) -> None:
    one, other = series(p1, s1, w1), series(p2, s2, w2)
    if not may_print_the_same(one, other):
        first = {print_number(one, number, APRIL).casefold() for number in range(1, 250)}
        assert not first & {print_number(other, number, APRIL).casefold() for number in range(1, 250)}


def test_india_allows_sixteen_characters() -> None:
    faults = FaultList()
    blueprint = Blueprint.from_document(SALES | {"number_prefix": "SALES/{FYS}/"})
    check_numbering(blueprint, "", faults, country="IN")
    assert [(f.code, f.field) for f in faults.found] == [("CFG-018", "number_prefix")]
    check_numbering(Blueprint.from_document(SALES), "", (fine := FaultList()), country="IN")
    assert not fine.found


def test_the_series_of_a_day_and_branch_is_the_closest_one() -> None:
    blueprint = Blueprint.from_document(SALES | {"series": [
        {"code": "MAIN", "prefix": "NEW/{FYS}/", "valid_from": "2026-06-01"},
        {"code": "MAIN", "prefix": "B2/{FYS}/", "branch": "B2"},
        {"code": "EXPORT", "prefix": "EX/{FYS}/"}]})

    def prefix(code: str, on: date, branch: str) -> str:
        found = blueprint.series_for(code, on, branch)
        return found.prefix if found else ""

    assert prefix("MAIN", date(2026, 5, 31), "HO") == "SI/{FYS}/"
    assert prefix("MAIN", date(2026, 6, 1), "HO") == "NEW/{FYS}/"
    assert prefix("MAIN", date(2026, 6, 1), "B2") == "B2/{FYS}/"
    assert prefix("EXPORT", date(2026, 4, 1), "HO") == "EX/{FYS}/"
    assert prefix("OTHER", date(2026, 4, 1), "HO") == ""
