"""Masters are found by a few letters, best match first."""

from __future__ import annotations

import time

from erpdesk.ui.lookups.index import LookupIndex
from helpers.fake_desk import MASTERS, Row


def codes(typed: str, kind: str = "item", preferred: tuple[str, ...] = ()) -> list[str]:
    return [row.code for row in LookupIndex(MASTERS[kind]).matches(typed, preferred)]


def test_any_word_code_and_alias_find_a_row() -> None:
    assert codes("rice") == ["RICE"]
    assert codes("sun 5") == ["OIL5"]
    assert codes("oil5") == ["OIL5"]
    assert codes("big") == ["OIL5"]
    assert codes("flower") == ["OIL1", "OIL5"]


def test_groups_and_inactive_rows_are_not_offered() -> None:
    assert "1000" not in codes("", "account")
    assert "6090" not in codes("rent", "account")


def test_preferred_kinds_come_first_and_a_typed_name_overrides_them() -> None:
    assert codes("", "account", ("cash",)) == ["1110"]
    assert codes("rent", "account", ("cash",)) == ["6020"]
    assert codes("cash", "account", ("bank",)) == ["1110"]


def test_a_name_is_taken_only_when_it_is_one_row() -> None:
    index = LookupIndex([Row("A", "Same"), Row("B", "Same"), Row("C", "Other")])
    assert index.named("same") is None
    found = index.named("OTHER")
    assert found is not None
    assert found.code == "C"


def test_a_hundred_thousand_items_are_searched_without_scanning_them() -> None:
    index = LookupIndex(Row(f"I{number:06d}", f"Item {number} colour {number % 97}")
                        for number in range(100_000))
    began = time.perf_counter()
    for typed in ("i0999", "item 5012", "9999"):
        assert index.matches(typed)
    assert time.perf_counter() - began < 1.0
