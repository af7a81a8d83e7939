"""Gaps among numbers typed by hand."""

from __future__ import annotations

import pytest

from erpdesk.reports.unused_numbers import gaps


@pytest.mark.parametrize(("used", "found"), [
    ((), []),
    (("A-1", "A-2", "A-3"), []),
    (("A-1", "a-4"), [("a-2", "a-3", 2)]),
    (("1", "3", "6"), [("2", "2", 1), ("4", "5", 2)]),
    (("V/098", "V/101"), [("V/099", "V/100", 2)]),
    (("V/98", "V/0101"), [("V/0099", "V/0100", 2)]),
    (("A1/26", "A1/28", "A2/28"), [("A1/27", "A1/27", 1)]),
    (("1-R", "3-R", "2"), [("2-R", "2-R", 1)]),
    (("no digits", " 7 ", "9"), [("8", "8", 1)]),
    (("1", "1000000000000000000000"), [("2".rjust(22, "0"), "999999999999999999999".rjust(22, "0"), 10**21 - 2)])])
def test_a_gap_is_what_lies_between_two_numbers_that_are_alike(used: tuple[str, ...],
                                                               found: list[tuple[str, str, int]]) -> None:
    assert [(gap.first, gap.last, gap.count) for gap in gaps(used)] == found
