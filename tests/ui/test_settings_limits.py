"""Limits of fields that come with the program are typed on the key path, kept in the override, live in the preview."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.fields import FieldType
from erpdesk.ui.settings.field_limits import LIMITS, PREFIX, says_more_than_limits
from erpdesk.ui.settings.key_path import KeyPathTab
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.pattern_editor import PatternEditor
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks
from helpers.settings_pages import edited, open_page, settled, show_tab


@pytest.fixture
def page(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> SettingsPage:
    return open_page(qtbot, main_window, books)


def at(page: SettingsPage, name: str) -> KeyPathTab:
    """The key path with the cursor at a field."""
    tab: KeyPathTab = show_tab(page, "key_path")
    assert tab.go_to(f"field:{name}")
    return tab


def offered(tab: KeyPathTab) -> list[str]:
    return [limit for limit in LIMITS if not tab.form.editors[PREFIX + limit].isHidden()]


def field(page: SettingsPage, key: str, grid: str = "") -> Any:
    schema = edited(page).schema
    assert schema is not None
    fields = schema.grid(grid).fields if grid else schema.header  # type: ignore[union-attr]
    return next(one for one in fields if one.key == key)


def test_a_field_is_offered_the_limits_that_mean_something_for_it(page: SettingsPage) -> None:
    assert offered(at(page, "ref_no")) == ["min_length", "max_length", "regex"]
    assert offered(at(page, "lines.quantity")) == ["min", "max"]
    tab = at(page, "party")
    assert offered(tab) == []
    assert [label.text() for label in tab.form.findChildren(QLabel) if label.property("role") == "totalLabel"
            and not label.isHidden()] == ["What the cursor does", "What it takes"]
    assert offered(at(page, "date")) == []
    at(page, "lines.line_amount")
    assert field(page, "line_amount", "lines").field_type is FieldType.COMPUTED
    assert offered(at(page, "lines.line_amount")) == []


def test_limits_of_a_field_are_typed_and_live_in_the_form(qtbot: QtBot, page: SettingsPage) -> None:
    tab = at(page, "lines.quantity")
    tab.form.enter("limits.min")
    typed("2", "<Enter>")
    assert here() == "setting_limits.max"
    typed("12.5", "<Enter>")
    settled(qtbot, page)
    assert edited(page).value("schema_definition")["line_fields"] == [
        {"key": "quantity", "grid": "lines", "validators": {"min": "2", "max": "12.5"}}]
    asked = field(page, "quantity", "lines").validators
    assert (str(asked.min), str(asked.max)) == ("2", "12.5")
    assert "override" not in page.about.text()
    tab = at(page, "ref_no")
    tab.form.enter("limits.max_length")
    typed("8", "<Enter>", "PO-[0-9]+", "<Enter>")
    settled(qtbot, page)
    asked = field(page, "ref_no").validators
    assert (asked.max_length, asked.regex) == (8, "PO-[0-9]+")
    tab = at(page, "ref_no")
    assert offered(tab) == ["min_length", "max_length", "regex", "regex_message"], "words come with the pattern"
    tab.form.enter("limits.regex_message")
    typed("must look like PO-17", "<Enter>")
    settled(qtbot, page)
    assert field(page, "ref_no").validators.regex_message == "must look like PO-17"
    assert edited(page).faults == ()


def test_a_limit_that_is_emptied_is_gone_and_with_the_last_one_the_override(qtbot: QtBot, page: SettingsPage) -> None:
    before = edited(page).document()
    tab = at(page, "ref_no")
    usual = field(page, "ref_no").validators
    for column, text in (("limits.min_length", "2"), ("limits.max_length", "8")):
        tab.form.enter(column)
        typed(text, "<Enter>")
    tab.form.enter("limits.min_length")
    focus().selectAll()  # type: ignore[attr-defined]
    typed("<Delete>", "<Enter>")
    assert edited(page).value("schema_definition")["header_fields"] == [
        {"key": "ref_no", "validators": {"max_length": 8}}]
    tab.form.enter("limits.max_length")
    focus().selectAll()  # type: ignore[attr-defined]
    typed("<Delete>", "<Enter>")
    settled(qtbot, page)
    assert edited(page).document() == before
    assert field(page, "ref_no").validators == usual


def test_limits_that_deny_one_another_are_told_at_the_limit_and_found_from_the_list(qtbot: QtBot,
                                                                                    page: SettingsPage) -> None:
    tab = at(page, "lines.quantity")
    tab.form.enter("limits.min")
    typed("9", "<Enter>", "3", "<Enter>")
    settled(qtbot, page)
    [fault] = edited(page).faults
    assert (fault.code, fault.field) == ("CFG-009", "schema_definition.line_fields[0].min")
    tab = at(page, "lines.quantity")
    assert tab.form._helps["limits.min"].text().startswith("CFG-009")
    show_tab(page, "general")
    page.go_to(str(fault.field))
    assert here() == "setting_limits.min"


def test_a_pattern_that_is_none_is_told_as_it_is_typed(qtbot: QtBot, page: SettingsPage) -> None:
    tab = at(page, "ref_no")
    tab.form.enter("limits.regex")
    typed("(PO")
    settled(qtbot, page)
    assert {fault.code for fault in edited(page).faults} == {"CFG-008"}
    assert tab.form._helps["limits.regex"].text().startswith("CFG-008")


def test_a_brace_that_is_not_closed_is_pointed_out(page: SettingsPage) -> None:
    editor = at(page, "ref_no").form.editors["limits.regex"]
    assert isinstance(editor, PatternEditor)
    for pattern, said in (("PO-[0-9]{6", "A curly bracket that nothing closes is taken as it stands"),
                          ("PO-[0-9]{6}", "Type something to see whether it would be taken")):
        editor.set_raw(pattern)
        assert editor.verdict.text() == said


def test_what_else_an_override_says_stays_when_a_limit_changes(page: SettingsPage) -> None:
    edited(page).set("schema_definition", {"header_fields": [{"key": "ref_no", "label": "Order"}]})
    assert says_more_than_limits(edited(page).value("schema_definition"))
    tab = at(page, "ref_no")
    tab.form.enter("limits.max_length")
    typed("8", "<Enter>")
    assert edited(page).value("schema_definition")["header_fields"] == [
        {"key": "ref_no", "label": "Order", "validators": {"max_length": 8}}]
    tab.form.enter("limits.max_length")
    focus().selectAll()  # type: ignore[attr-defined]
    typed("<Delete>", "<Enter>")
    assert edited(page).value("schema_definition")["header_fields"] == [{"key": "ref_no", "label": "Order"}]


def test_a_length_is_a_whole_number_of_characters(page: SettingsPage) -> None:
    tab = at(page, "ref_no")
    tab.form.enter("limits.max_length")
    typed("0", "<Enter>")
    assert here() == "setting_limits.max_length"


def test_what_holds_now_stands_faintly_in_an_empty_limit(page: SettingsPage) -> None:
    tab = at(page, "lines.rate")
    editor = tab.form.editors["limits.min"]
    assert editor.placeholderText() == str(field(page, "rate", "lines").validators.min)  # type: ignore[union-attr]


def test_a_field_of_ones_own_has_its_limits_among_the_user_fields(qtbot: QtBot, page: SettingsPage) -> None:
    edited(page).add("udfs", {"key": "colour", "label": "Colour", "field_type": "text"})
    settled(qtbot, page)
    assert offered(at(page, "udf.colour")) == []


def test_each_limit_is_taken_back_by_itself(qtbot: QtBot, page: SettingsPage) -> None:
    def limits() -> list[tuple[str, str, Any]]:
        said = edited(page).value("schema_definition") or {}
        return [(row["key"], limit, value) for part in ("header_fields", "line_fields") for row in said.get(part, ())
                for limit, value in row.get("validators", {}).items()]

    tab = at(page, "lines.quantity")
    tab.form.enter("limits.min")
    typed("2", "<Enter>", "12.5", "<Enter>")
    tab = at(page, "ref_no")
    tab.form.enter("limits.max_length")
    typed("18", "<Enter>", "PO-[0-9]+", "<Enter>")
    least, most = ("quantity", "min", "2"), ("quantity", "max", "12.5")
    longest, pattern = ("ref_no", "max_length", 18), ("ref_no", "regex", "PO-[0-9]+")
    assert sorted(limits()) == sorted([least, most, longest, pattern])
    steps = [[longest, least, most], [least, most], [least], []]
    for left in steps:
        typed("<Ctrl+Z>")
        assert sorted(limits()) == sorted(left)
    for left in [*steps[2::-1], [longest, pattern, least, most]]:
        typed("<Ctrl+Y>")
        assert sorted(limits()) == sorted(left)
