"""Two documents of a type compared: rows to show, and to take one by one."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.comparing import compare, in_words, shown, taken

TYPES = {one.code: one.to_document() for one in load_baseline("NP")}


def changed(code: str, **columns: Any) -> dict[str, Any]:
    return {**TYPES[code], **columns}


def test_a_document_differs_from_itself_in_nothing_whatever_its_version() -> None:
    for document in TYPES.values():
        assert compare(document, {**document, "version": 99}) == ()


def test_every_type_becomes_any_other_when_all_differences_are_taken() -> None:
    for one in TYPES.values():
        for other in TYPES.values():
            paths = [difference.path for difference in compare(one, other)]
            assert len(set(paths)) == len(paths), "each difference is named apart"
            assert compare(taken(one, one, other, set(paths)), other) == ()


def test_a_changed_column_a_row_more_and_a_row_less_are_said_in_words() -> None:
    before = TYPES["SALES_INVOICE"]
    charges = [{**row, "rate": "10"} if row["code"] == "VAT" else row for row in before["charges"]]
    udf = {"scope": "header", "key": "colour", "label": "Colour", "field_type": "text"}
    after = changed("SALES_INVOICE", use_ref_no=False, charges=charges[1:], udfs=[udf],
                    lines={**before["lines"], "show_mfg_date": True})
    found = {one.path: (one.label, one.before_text, one.after_text) for one in compare(before, after)}
    assert found["use_ref_no"] == ("Use reference number", "yes", "no")
    assert found["lines.show_mfg_date"] == ("Lines: show manufacturing date", "no", "yes")
    assert found["charges[VAT].rate"] == ("Charge VAT: rate", "13", "10")
    assert found["charges[DISC]"][2] == "–"
    said = "scope header; key colour; label Colour; field type text"
    assert found["udfs[colour]"] == ("User field colour", "–", said)
    assert len(found) == 5
    assert in_words(compare(before, after), most=1) == "Use reference number: yes → no; and 4 more"


def test_one_difference_is_taken_and_the_others_left() -> None:
    before = TYPES["SALES_INVOICE"]
    after = changed("SALES_INVOICE", label="Bill", help="", charges=before["charges"][:1])
    mine = changed("SALES_INVOICE", help="mine")
    assert taken(mine, before, after, {"label"}) == {**mine, "label": "Bill"}
    assert taken(mine, before, after, {"charges[VAT]"})["charges"] == before["charges"][:1]
    assert mine["charges"] == before["charges"], "the argument stays as it was"


def test_a_change_of_a_row_that_is_gone_is_not_taken() -> None:
    before = TYPES["SALES_INVOICE"]
    charges = [{**row, "rate": "10"} if row["code"] == "VAT" else row for row in before["charges"]]
    mine = changed("SALES_INVOICE", charges=before["charges"][:1])
    assert taken(mine, before, changed("SALES_INVOICE", charges=charges), {"charges[VAT].rate"}) == mine


def test_a_new_rule_takes_its_place_among_those_there_are() -> None:
    before = TYPES["SALES_INVOICE"]
    rule = {"field": "vehicle_no", "visible": False}
    rules = [before["field_rules"][0], rule, *before["field_rules"][1:]]
    after = changed("SALES_INVOICE", field_rules=rules)
    [only] = compare(before, after)
    assert only.path == "field_rules[vehicle_no]"
    assert taken(before, before, after, {only.path})["field_rules"] == rules
    turned = changed("SALES_INVOICE", field_rules=[*reversed(before["field_rules"])])
    [order] = compare(before, turned)
    assert order.path == "field_rules.order"
    assert taken(before, before, turned, {order.path}) == turned


def test_what_an_override_says_is_compared_field_by_field() -> None:
    one = {"header_fields": [{"key": "ref_no", "label": "Bill"}], "line_fields": [], "charges": []}
    two = {"header_fields": [{"key": "ref_no", "label": "Slip"}, {"key": "party", "width": 3}], "line_fields": [],
           "charges": []}
    before, after = changed("JOURNAL", schema_definition=one), changed("JOURNAL", schema_definition=two)
    assert [row.path for row in compare(before, after)] == [
        "schema_definition.header_fields[ref_no].label", "schema_definition.header_fields[party]"]
    assert taken(before, before, after, {"schema_definition.header_fields[party]"})["schema_definition"] == {
        **one, "header_fields": [*one["header_fields"], two["header_fields"][1]]}
    assert len(compare(TYPES["JOURNAL"], after)) == 2


@pytest.mark.parametrize(("value", "words"), [
    (None, "–"), ("", "–"), ([], "–"), (True, "yes"), (False, "no"), ("13", "13"), (["a", "b"], "a, b"), (0, "0"),
])
def test_values_are_shown_in_words(value: Any, words: str) -> None:
    assert shown(value) == words
