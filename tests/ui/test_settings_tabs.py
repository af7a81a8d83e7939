"""The tabs of user fields, numbering, approval, print and access: by keys and by mouse, each into the document."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.blueprint import read_blueprint
from erpdesk.blueprints.checkers import value_fault
from erpdesk.blueprints.coming_numbers import Reached
from erpdesk.blueprints.comparing import compare
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.ui.settings.approval import ApprovalTab
from erpdesk.ui.settings.choice_boxes import ChoiceBoxes
from erpdesk.ui.settings.differences import rows_of
from erpdesk.ui.settings.numbering import NumberingTab
from erpdesk.ui.settings.user_fields import UserFieldsTab
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks
from helpers.settings_tabs import Opened, faults, pick, press, tab, window

__all__ = ["tab", "window"]


# User fields


def test_a_user_field_is_made_by_keys_its_key_proposed_from_its_name(tab: Opened) -> None:
    fields = tab(UserFieldsTab)
    typed("<Ctrl+I>", "Vehicle no.", "<Enter>", "<Enter>", "<Enter>", "<Enter>")
    assert here() == "setting_is_active", "choices and masters are for other kinds"
    typed("<Enter>", "y", "<Enter>")
    row = fields.edited.rows("udfs")[0]
    assert (row["key"], row["label"], row["field_type"], row["required"]) == ("vehicle_no", "Vehicle no.", "text", True)
    assert fields.rows.item(0).text() == "Vehicle no.   Text   required"
    assert faults(fields.edited) == []


def test_a_key_that_was_typed_or_is_stored_does_not_follow_the_name(tab: Opened) -> None:
    fields = tab(UserFieldsTab, udfs=[{"scope": "header", "key": "old", "label": "Old", "field_type": "text"}])
    typed("<Enter>", "Renamed", "<Enter>")
    assert fields.edited.rows("udfs")[0]["key"] == "old"
    assert here() == "setting_field_type", "the key and the place of a saved field can't be changed"
    typed("<Esc>", "<Ctrl+I>", "Meter", "<Enter>", "metre", "<Enter>")
    fields.form.enter("label")
    typed("Reading", "<Enter>")
    assert fields.edited.rows("udfs")[1]["key"] == "metre"


def test_a_pattern_of_a_user_field_brings_its_own_words(tab: Opened) -> None:
    fields = tab(UserFieldsTab, udfs=[{"scope": "header", "key": "plate", "label": "Plate", "field_type": "text"}])
    typed("<Enter>")
    assert not fields.form.editors["regex_message"].isVisible()
    fields.form.enter("regex")
    typed("[A-Z]{2} [0-9]{4}", "<Enter>", "<Enter>")
    assert here() == "setting_regex_message"
    typed("must look like BA 1234", "<Enter>")
    schema = resolve_ui_schema(read_blueprint({**fields.edited.document(), "version": 1}, "", FaultList()))
    plate = schema.header_field("udf.plate")
    assert plate is not None
    assert value_fault(plate, "BA") == "must look like BA 1234"


def test_a_field_is_shown_and_required_only_while_a_condition_holds(tab: Opened) -> None:
    fields = tab(UserFieldsTab, udfs=[
        {"scope": "header", "key": "vehicle", "label": "Vehicle", "field_type": "text", "sequence": 10},
        {"scope": "header", "key": "meter", "label": "Meter", "field_type": "integer", "sequence": 20}])
    fields.rows.setCurrentRow(1)
    fields.form.enter("visible_when")
    typed("<Space>", "vehicle", "<Enter>", "filled", "<Ctrl+A>")
    fields.form.enter("required_when")
    typed("<Space>", "vehicle", "<Enter>", "<Enter>", "BA", "<Ctrl+A>")
    assert fields.form.editors["visible_when"].text() == "Vehicle is filled in"
    assert fields.form.editors["required_when"].text() == "Vehicle is “BA”"
    rules = [one for one in fields.edited.rows("field_rules") if one["field"] == "udf.meter"]
    assert [(one["visible"], one["required"], one["condition"]) for one in rules] == [
        (False, None, {"not": {"field": "udf.vehicle", "is_empty": False}}),
        (None, True, {"field": "udf.vehicle", "eq": "BA"})]
    assert faults(fields.edited) == []
    fields.rows.setCurrentRow(0)
    assert fields.form.editors["visible_when"].text() == "always"
    fields.rows.setCurrentRow(1)
    fields.form.enter("visible_when")
    typed("<Delete>")
    assert len([one for one in fields.edited.rows("field_rules") if one["field"] == "udf.meter"]) == 1
    fields.rows.setFocus()
    typed("<Ctrl+D>")
    assert not [one for one in fields.edited.rows("field_rules") if one["field"] == "udf.meter"]


def test_a_field_that_is_renamed_keeps_its_rules(tab: Opened) -> None:
    fields = tab(UserFieldsTab)
    typed("<Ctrl+I>", "A", "<Enter>")
    fields.form.enter("visible_when")
    typed("<Space>", "date", "<Enter>", "filled", "<Ctrl+A>")
    fields.form.enter("label")
    focus().selectAll()  # type: ignore[attr-defined]
    typed("Bee", "<Enter>")
    assert fields.edited.rows("udfs")[0]["key"] == "bee"
    assert fields.edited.rows("field_rules")[-1]["field"] == "udf.bee"
    fields.form.enter("scope")
    typed("every", "<Enter>")
    assert fields.edited.rows("field_rules")[-1]["field"] == "lines.udf.bee"


def test_another_kind_of_field_forgets_what_it_does_not_have(tab: Opened) -> None:
    fields = tab(UserFieldsTab)
    typed("<Ctrl+I>", "Fuel", "<Enter>", "<Enter>", "<Enter>", "choice", "<Enter>", "Petrol", "<Enter>", "<Enter>",
          "Diesel", "<Enter>", "<Enter>", "<Enter>")
    row = fields.edited.rows("udfs")[0]
    assert [one["value"] for one in row["options"]] == ["petrol", "diesel"]
    assert faults(fields.edited) == []
    fields.form.enter("field_type")
    typed("master", "<Enter>", "parties", "<Enter>")
    row = fields.edited.rows("udfs")[0]
    assert (row["options"], row["lookup_kind"]) == ([], "party")
    assert faults(fields.edited) == []
    fields.form.enter("field_type")
    typed("number", "<Enter>")
    assert fields.edited.rows("udfs")[0]["lookup_kind"] == ""
    assert not fields.form.editors["regex"].isVisible()
    assert fields.form.editors["decimals"].isVisible()


def test_user_fields_are_made_and_ordered_by_mouse(tab: Opened) -> None:
    fields = tab(UserFieldsTab)
    press(fields, "Add")
    QTest.keyClicks(focus(), "One")
    press(fields, "Add")
    QTest.keyClicks(focus(), "Two")
    pick(fields, "field_type", "Yes or no")
    press(fields, "↑")
    assert [(one["label"], one["sequence"]) for one in fields.edited.rows("udfs")] == [("Two", 10), ("One", 20)]
    boxes = fields.form.editors["visible_for_roles"]
    assert isinstance(boxes, ChoiceBoxes)
    boxes.item(0).setCheckState(Qt.CheckState.Checked)
    assert fields.edited.rows("udfs")[0]["visible_for_roles"] == ["clerk"]
    pick(fields, "position", "Date")
    schema = resolve_ui_schema(read_blueprint({**fields.edited.document(), "version": 1}, "", FaultList()))
    keys = [one.key for one in schema.header]
    assert keys.index("udf.two") == keys.index("date") + 1


# Numbering


def test_the_next_numbers_are_shown_while_a_series_is_typed(qtbot: QtBot, tab: Opened, books: FakeBooks) -> None:
    books.numbering.counters = (Reached("MAIN", "", "2026-27", 41),)
    numbering = tab(NumberingTab)
    assert numbering.numbers.lines == ["HO  20-Nov-2026  CP/26-27/000042   CP/26-27/000043"]
    typed("<Enter>", "<Enter>")
    assert here() == "setting_number_prefix"
    focus().selectAll()  # type: ignore[attr-defined]
    typed("PS/{")
    typed("<Down>", "<Down>", "<Enter>", "/", "<Enter>", "<Enter>", "4", "<Enter>")
    assert numbering.edited.value("number_prefix") == "PS/{FYS}/"
    assert numbering.numbers.lines == ["HO  20-Nov-2026  PS/26-27/0042   PS/26-27/0043"]
    assert numbering.rows.item(0).text() == "Main series   PS/{FYS}/…"


def test_several_series_with_dates_are_added_and_shown_for_every_branch(tab: Opened, books: FakeBooks) -> None:
    numbering = tab(NumberingTab)
    typed("<Ctrl+I>", "EXPORT", "<Enter>", "Export", "<Enter>", "1-12", "<Enter>", "<Enter>")
    assert here() == "setting_prefix"
    focus().selectAll()  # type: ignore[attr-defined]
    typed("EX/{MM}/", "<Enter>", "<Enter>", "<Enter>", "month", "<Enter>")
    row = numbering.edited.rows("series")[0]
    assert [row[one] for one in ("code", "valid_from", "prefix", "restart")] == [
        "EXPORT", "2026-12-01", "EX/{MM}/", "month"]
    assert numbering.numbers.lines == ["HO  01-Dec-2026  EX/12/000001   EX/12/000002"]
    assert numbering.rows.item(1).text() == "Export   EX/{MM}/…   from 01-Dec-2026"
    assert faults(numbering.edited) == []
    numbering.rows.setFocus()
    typed("<Ctrl+D>")
    assert numbering.edited.rows("series") == []
    assert numbering.here() < 0
    typed("<Ctrl+D>")
    assert numbering.rows.count() == 1, "the main series can't be taken away"


def test_a_number_longer_than_the_law_allows_is_said_at_once(tab: Opened, books: FakeBooks) -> None:
    books.organization = replace(books.organization, country="IN")
    numbering = tab(NumberingTab, number_prefix="PETROL/{FY}/")
    assert numbering.numbers.lines == [
        "HO  20-Nov-2026  PETROL/2026-27/000001: 21 characters, 16 are allowed"]


def test_numbers_typed_by_hand_have_no_series(tab: Opened) -> None:
    numbering = tab(NumberingTab)
    pick_by_hand = numbering.lead_form
    pick_by_hand.enter("numbering_method")
    typed("hand", "<Enter>")
    assert numbering.edited.value("numbering_method") == "manual"
    assert numbering.numbers.lines == []
    assert here() == "setting_prevent_duplicate_voucher_no"
    assert not numbering.lead_form.editors["number_prefix"].isVisible()


# Approval


def test_the_approval_matrix_is_typed_and_said_in_words(tab: Opened) -> None:
    approval = tab(ApprovalTab)
    assert approval.sentence.text() == "A voucher is posted without anybody's consent."
    typed("<Enter>", "y", "<Enter>", "<Enter>")
    typed("<Ctrl+I>", "5000", "<Enter>", "<Enter>", "<Enter>", "<Enter>", "head", "<Enter>")
    approval.rows.setFocus()
    typed("<Ctrl+I>")
    approval.form.enter("user_name")
    typed("anita", "<Enter>")
    assert approval.edited.value("requires_approval") is True
    assert approval.sentence.text() == "From 5,000.00 in HO: 1. approver, 2. anita"
    assert [approval.rows.item(number).text() for number in range(approval.rows.count())] == [
        "Needs approval", "1.   approver   From 5,000.00 in HO", "2.   anita   From 5,000.00 in HO"]
    assert faults(approval.edited) == []


def test_the_approval_matrix_is_made_by_mouse(tab: Opened) -> None:
    approval = tab(ApprovalTab, requires_approval=True, allow_direct_post=True)
    assert approval.sentence.text().splitlines() == [
        "A voucher needs approval, but no level says by whom.", "Who has the right to post directly needs nobody."]
    press(approval, "Add")
    pick(approval, "role", "Accountant")
    assert approval.sentence.text().splitlines()[0] == "Every voucher: 1. accountant"
    press(approval, "Remove")
    assert approval.edited.rows("approval") == []


def test_differences_are_called_as_the_settings_are() -> None:
    before = {"code": "X", "help": "a", "number_width": 6, "lines": {"show_rate": True}, "label": "X"}
    after = before | {"help": "b", "number_width": 4, "lines": {"show_rate": False}}
    assert [row.label for row in rows_of(compare(before, after))] == ["Explanation", "Digits", "Lines: Rate"]
