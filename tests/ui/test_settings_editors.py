"""Editors of settings that nothing else has: patterns tried out, lists of choices, number templates, defaults."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.fields import Field, FieldType, Lookup, LookupKind, Option
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import rebind
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.session import Session
from erpdesk.ui.settings.default_editor import DefaultEditor
from erpdesk.ui.settings.options_editor import OptionsEditor, kept_as
from erpdesk.ui.settings.pattern_editor import PatternEditor
from erpdesk.ui.settings.several_editors import SeveralEditors
from erpdesk.ui.settings.template_editor import TemplateEditor
from erpdesk.ui.style.theme import apply_theme
from helpers.clerk import focus, typed
from helpers.fake_desk import TODAY

ONE = Field("one", "One", FieldType.TEXT)
Shown = Callable[[QWidget], QWidget]


@pytest.fixture
def surroundings(qtbot: QtBot, qapp: QApplication, session: Session) -> Surroundings:
    """A window with masters at hand."""
    apply_theme(qapp, "light")
    window = QWidget()
    QVBoxLayout(window)
    window.resize(500, 400)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Surroundings(session.lookups, LookupPopup(window), TODAY, TODAY)


def put(surroundings: Surroundings, editor: FieldEditor | SeveralEditors) -> None:
    """Into the window, the cursor in it."""
    layout = surroundings.popup.parentWidget().layout()
    assert layout is not None
    layout.addWidget(editor)
    editor.show()
    QApplication.processEvents()
    editor.setFocus()


def click_row(surroundings: Surroundings, name: str) -> None:
    rows = surroundings.popup.list
    for number in range(rows.model().rowCount()):
        index = rows.model().index(number, 0)
        if index.data() == name:
            rows.scrollTo(index)
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(index).center())
            return
    raise AssertionError(f"{name} isn't offered")


# Patterns


def test_a_pattern_is_tried_out_while_it_is_typed(surroundings: Surroundings) -> None:
    editor = PatternEditor(ONE, surroundings)
    gone: list[str] = []
    editor.accepted.connect(lambda: gone.append("on"))
    put(surroundings, editor)
    typed("[A-Z]{2}[0-9]+")
    assert editor.verdict.text() == "Type something to see whether it would be taken"
    typed("<Enter>", "BA12")
    assert (editor.verdict.text(), editor.verdict.property("tone")) == ("Would be taken", "good")
    typed("x")
    assert (editor.verdict.text(), editor.verdict.property("tone")) == ("Would be refused", "wrong")
    typed("<Enter>")
    assert gone == ["on"]
    assert editor.raw == "[A-Z]{2}[0-9]+"


def test_a_pattern_that_cannot_be_compiled_is_said_at_once(surroundings: Surroundings) -> None:
    editor = PatternEditor(ONE, surroundings)
    put(surroundings, editor)
    typed("(a")
    assert editor.verdict.text().startswith("This pattern lacks a closing )")
    assert editor.verdict.property("tone") == "wrong"
    editor.set_raw(None)
    assert editor.verdict.isHidden()
    assert editor.path() == [editor.pattern], "without a pattern there is nothing to try out"


# Choices


def test_choices_are_typed_moved_and_taken_away_by_keys(surroundings: Surroundings) -> None:
    editor = OptionsEditor(ONE, surroundings)
    gone: list[str] = []
    editor.accepted.connect(lambda: gone.append("on"))
    put(surroundings, editor)
    typed("Petrol (95)", "<Enter>", "<Enter>", "Diesel", "<Enter>", "D", "<Enter>", "Gas", "<Enter>", "<Enter>")
    assert editor.raw == [{"value": "petrol_95", "label": "Petrol (95)"}, {"value": "D", "label": "Diesel"},
                          {"value": "gas", "label": "Gas"}]
    typed("<Enter>")
    assert gone == ["on"], "Enter in the blank line goes on"
    editor.lines[2].label.setFocus()
    typed("<Alt+Up>", "<Alt+Up>")
    assert [one["value"] for one in editor.raw] == ["gas", "petrol_95", "D"]
    typed("<Ctrl+D>")
    assert [one["value"] for one in editor.raw] == ["petrol_95", "D"]


def test_choices_are_moved_and_taken_away_by_ones_own_keys(surroundings: Surroundings) -> None:
    for action, key in (("move_line_up", "Alt+7"), ("remove_line", "Alt+8")):
        rebind("settings_rows", action, key)
    editor = OptionsEditor(ONE, surroundings)
    put(surroundings, editor)
    editor.set_raw([{"value": "a", "label": "A"}, {"value": "b", "label": "B"}])
    editor.lines[1].label.setFocus()
    typed("<Alt+7>")
    assert [one["value"] for one in editor.raw] == ["b", "a"]
    typed("<Alt+Up>", "<Ctrl+D>")
    assert [one["value"] for one in editor.raw] == ["b", "a"], "the shipped ones do no more"
    typed("<Alt+8>")
    assert [one["value"] for one in editor.raw] == ["a"]


def test_choices_come_back_as_they_were_and_go_by_mouse(surroundings: Surroundings) -> None:
    editor = OptionsEditor(ONE, surroundings)
    put(surroundings, editor)
    options = [{"value": "A", "label": "Apple"}, {"value": "b c", "label": "A"}]
    editor.set_raw(options)
    assert editor.raw == options
    QTest.mouseClick(editor.lines[0].remove, Qt.MouseButton.LeftButton)
    assert editor.raw == options[1:]


@pytest.mark.parametrize(("label", "value"), [("Petrol (95)", "petrol_95"), ("नगद रकम", "नगद_रकम"), ("", "")])
def test_a_choice_is_kept_as_its_name_in_small_letters(label: str, value: str) -> None:
    assert kept_as(label) == value


# Templates


def test_tokens_are_typed_or_picked_from_the_list_by_keys(surroundings: Surroundings) -> None:
    editor = TemplateEditor(ONE, surroundings)
    gone: list[str] = []
    editor.accepted.connect(lambda: gone.append("on"))
    put(surroundings, editor)
    typed("PS/{F")
    assert surroundings.popup.isVisible()
    typed("<Down>", "<Down>", "<Enter>", "/")
    assert editor.text() == "PS/{FYS}/"
    typed("<Down>", "<Enter>")
    assert editor.text() == "PS/{FYS}/{FY}"
    typed("{MM}", "<Enter>")
    assert (editor.raw, gone) == ("PS/{FYS}/{FY}{MM}", ["on"])


def test_tokens_are_picked_by_mouse_without_losing_what_stands_there(surroundings: Surroundings) -> None:
    editor = TemplateEditor(ONE, surroundings)
    editor.set_raw("SI/")
    put(surroundings, editor)
    click_row(surroundings, "Code of the branch")
    assert editor.text() == "SI/{BRANCH}"
    assert focus() is editor


# Defaults


def default_of(surroundings: Surroundings, field: Field | None, *, in_line: bool = False) -> DefaultEditor:
    editor = DefaultEditor(ONE, lambda: field, lambda: in_line, surroundings)
    put(surroundings, editor)
    return editor


def test_a_default_is_a_source_or_a_value_as_the_field_takes_it(surroundings: Surroundings) -> None:
    editor = default_of(surroundings, Field("day", "Day", FieldType.DATE))
    typed("today", "<Enter>")
    assert editor.raw == {"kind": "today"}
    typed("<Ctrl+A>")
    editor.selectAll()
    typed("1-12", "<Enter>")
    assert editor.raw == {"kind": "constant", "value": "2026-12-01"}
    assert editor.text() == "01-Dec-2026"


def test_values_that_the_field_offers_are_offered_as_defaults(surroundings: Surroundings) -> None:
    fuel = Field("fuel", "Fuel", FieldType.SELECT, options=(Option("P", "Petrol"), Option("D", "Diesel")))
    editor = default_of(surroundings, fuel)
    click_row(surroundings, "Diesel")
    assert editor.raw == {"kind": "constant", "value": "D"}
    asked = default_of(surroundings, Field("paid", "Paid", FieldType.BOOLEAN))
    click_row(surroundings, "Yes")
    assert asked.raw == {"kind": "constant", "value": True}
    party = default_of(surroundings, Field("who", "Who", FieldType.LOOKUP, lookup=Lookup(LookupKind.PARTY)))
    typed("asha", "<Enter>")
    assert party.raw == {"kind": "constant", "value": "C001"}


@pytest.mark.parametrize("default", [
    None, {"kind": "today"}, {"kind": "last_value"}, {"kind": "context", "value": "branch"},
    {"kind": "party", "value": "credit_days"}, {"kind": "header", "value": "warehouse"},
    {"kind": "constant", "value": "12.50"}, {"kind": "constant", "value": False}, {"kind": "item", "value": "uom"}])
def test_a_default_comes_back_as_it_was(surroundings: Surroundings, default: object) -> None:
    editor = default_of(surroundings, Field("rate", "Rate", FieldType.DECIMAL), in_line=True)
    editor.set_raw(default)
    typed("<Enter>")
    assert editor.raw == default
    assert bool(editor.text()) is (default is not None)
