"""Masters are found by a few letters, best match first."""

from __future__ import annotations

import time

import pytest

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
    for typed in ("i0999", "item 5012", "9999", "i", "c 9", "item colour", "olou", "colxur 7", "itme", "colourfully",
                  "zzzz"):
        began = time.thread_time()
        index.matches(typed)
        assert time.thread_time() - began < 0.15, typed
    assert [row.code for row in index.matches("colxur 7", limit=1)] == ["I000007"]


@pytest.mark.parametrize("typed", ["nemm", "neme", "enem", "soop", "neen", "naem", "xneem", "neem soup"])
def test_a_slip_of_one_letter_is_forgiven_from_four_letters_on(typed: str) -> None:
    assert codes(typed) == ["SOAP"]


@pytest.mark.parametrize("typed", ["sunflower", "usnflwoer", "sunnflowwer", "zunflowex", "snflowxr"])
def test_two_slips_are_forgiven_from_eight_letters_on(typed: str) -> None:
    assert codes(typed) == ["OIL1", "OIL5"]


@pytest.mark.parametrize("typed", ["nem soap", "sopa x", "snflowr", "nxxm"])
def test_no_more_is_forgiven_than_that(typed: str) -> None:
    assert codes(typed) == []


def test_a_slip_never_turns_one_number_into_another() -> None:
    assert codes("1112", "account") == []


def test_what_was_meant_comes_after_what_begins_as_typed() -> None:
    index = LookupIndex([Row("A", "Rise and shine"), Row("B", "Rice"), Row("C", "Moonrise")])
    assert [row.code for row in index.matches("rise")] == ["A", "C", "B"]
    many = LookupIndex([*(Row(f"A{number}", f"Rise {number}") for number in range(9)), Row("B", "Rice")])
    assert "B" not in [row.code for row in many.matches("rise")], "many begin so: nothing is guessed"
    clear = LookupIndex([Row("A", "Rise"), Row("B", "Rice")])
    assert [row.code for row in clear.matches("rise")] == ["A"], "a whole name is what is meant"


def test_a_whole_name_goes_before_preferred_rows_that_only_begin_so() -> None:
    rows = [Row("1", "Renters bank", attributes={"kind": "bank"}), Row("2", "Rent", attributes={"kind": None})]
    assert [row.code for row in LookupIndex(rows).matches("rent", ("bank",))] == ["2", "1"]
    assert [row.code for row in LookupIndex(rows).matches("ren", ("bank",))] == ["1", "2"]


def test_words_that_no_row_has_together_are_looked_for_loosely() -> None:
    index = LookupIndex([Row("A", "Basmati rice"), Row("B", "Sun rise")])
    assert [row.code for row in index.matches("basmati rise")] == ["A"]


def test_marks_of_other_scripts_belong_to_their_words() -> None:
    index = LookupIndex([Row("A", "बासमती चामल"), Row("B", "सूर्यमुखी तेल")])
    assert [row.code for row in index.matches("चाम")] == ["A"]
    assert [row.code for row in index.matches("तेल")] == ["B"]


def test_rows_of_an_owner_are_found_among_many() -> None:
    rows = [Row(f"B{number}", f"B{number}", attributes={"item": "OTHER"}) for number in range(1_000)]
    index = LookupIndex([*rows, Row("Z1", "Z1", attributes={"item": "RICE"})])
    assert [row.code for row in index.belonging({"item": "RICE"}).matches("")] == ["Z1"]
    assert len(index.belonging({}).matches("")) == 200


def bins(each: int) -> list[Row]:
    return [Row(f"{place}-{number:04}", f"{place}-{number:04}", attributes={"warehouse": place})
            for place in ("EAST", "MAIN", "SHOP") for number in range(each)]


@pytest.mark.parametrize("each", [300, 2_000])
def test_bins_of_a_warehouse_are_found_however_many_others_there_are(each: int) -> None:
    here = LookupIndex(bins(each)).belonging({"warehouse": "SHOP"})
    assert [row.code for row in here.matches("")] == [f"SHOP-{number:04}" for number in range(200)]
    assert [row.code for row in here.matches("0007")][:1] == ["SHOP-0007"]
    assert here.matches("main") == ()
    assert [row.code for row in here.matches("shop-02")] == [f"SHOP-02{number:02}" for number in range(100)]


def test_batches_of_an_item_that_has_very_many_are_found_among_those_of_others() -> None:
    rows = [Row(f"{item}{number}", f"{item}{number}", attributes={"item": item})
            for item in ("A", "B") for number in range(1_500)]
    assert [row.code for row in LookupIndex(rows).belonging({"item": "B"}).matches("")][:2] == ["B0", "B1"]
