"""The condition editor: built from menus by keys and by mouse, said in words, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.conditions import MAX_DEPTH, AllOf, AnyOf, Comparison, Condition, NotOf, Operator
from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.conditions.comparisons import COMPARISONS, Family
from erpdesk.ui.conditions.editor import ConditionEditor
from erpdesk.ui.conditions.line import ConditionLine
from erpdesk.ui.conditions.panel import ConditionPanel
from erpdesk.ui.conditions.tree import Group, Leaf, Tree
from erpdesk.ui.conditions.vocabulary import (
    Vocabulary,
    charge_vocabulary,
    header_vocabulary,
    line_vocabulary,
    rule_vocabulary,
)
from erpdesk.ui.conditions.words import in_words, read_condition
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.words import LANGUAGES, use_language
from helpers.clerk import focus, here, typed
from helpers.conditions import generated, of_the_baseline
from helpers.fake_desk import TODAY, schema_of

NESTED = {"all": [
    {"field": "items_total", "gt": "5000"}, {"field": "party", "is_empty": False},
    {"not": {"any": [{"field": "party", "in": ["C001", "S001"]}, {"field": "date", "ge": "2026-04-01"}]}},
    {"field": "items_total", "le": {"field": "gross"}}]}
SALES = charge_vocabulary(schema_of("SALES_INVOICE"))
Built = Callable[..., ConditionPanel]


@pytest.fixture
def surroundings(qtbot: QtBot, qapp: QApplication, session: Session) -> Surroundings:
    """A window with masters at hand."""
    apply_theme(qapp, "light")
    window = QWidget()
    QVBoxLayout(window)
    window.resize(1366, 768)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Surroundings(session.lookups, LookupPopup(window), TODAY, TODAY)


@pytest.fixture
def panel(surroundings: Surroundings) -> Built:
    """Opens the panel over the window."""
    def opened(document: object = None, vocabulary: Vocabulary = SALES) -> ConditionPanel:
        over = surroundings.popup.parentWidget()
        made = ConditionPanel("When?", read_condition(document), vocabulary, surroundings, over)
        made.begin()
        return made

    return opened


def results(panel: ConditionPanel) -> list[object]:
    heard: list[object] = []
    panel.done.connect(lambda condition: heard.append(condition.as_json() if condition is not None else None))
    panel.cancelled.connect(lambda: heard.append("cancelled"))
    return heard


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())


def choose(panel: ConditionPanel, label: str) -> None:
    """Click a row of the list that is open."""
    rows = panel.surroundings.popup.list
    for number in range(rows.model().rowCount()):
        index = rows.model().index(number, 0)
        if index.data() == label:
            rows.scrollTo(index)
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(index).center())
            return
    raise AssertionError(f"{label} isn't offered")


# Nothing is lost


@given(generated())
@example(NotOf(NotOf(Comparison("party", Operator.EQ, None))))
@example(AllOf((AnyOf(()), Comparison("party", Operator.IN, ()))))
def test_a_condition_comes_back_from_the_tree_as_it_went_in(condition: Condition) -> None:
    assert Tree.of(condition).condition() == condition


def test_every_condition_of_the_baseline_comes_back_from_the_editor(surroundings: Surroundings) -> None:
    found = list(of_the_baseline())
    assert found
    for condition in found:
        editor = ConditionEditor(condition, SALES, surroundings)
        assert editor.condition() == condition
        editor.take_all()
        assert editor.condition() == condition
        editor.deleteLater()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=generated(leaves=8))
def test_looking_at_a_condition_changes_nothing(surroundings: Surroundings, condition: Condition) -> None:
    editor = ConditionEditor(condition, SALES, surroundings, surroundings.popup.parentWidget())
    editor.show()
    for node, name in editor.stops():
        editor.rows[node].editors[name].setFocus()
    assert editor.condition() == condition
    assert in_words(condition, SALES, surroundings)
    editor.hide()
    editor.setParent(None)
    editor.deleteLater()


# In words


def test_a_condition_is_said_in_words(surroundings: Surroundings) -> None:
    assert in_words(read_condition(NESTED), SALES, surroundings) == (
        "Total of the lines is more than 5,000.00 and Customer is filled in and not (Customer is one of Asha Stores "
        "or Terai Mills or Date is not before 01-Apr-2026) and Total of the lines is at most the field Total before "
        "discounts")
    assert in_words(None, SALES) == "always"
    assert in_words(read_condition({"any": []}), SALES) == "never"
    both = {"any": [{"all": [{"field": "party", "eq": "C001"}, {"field": "ref_no", "eq": "A"}]},
                    {"field": "ref_no", "is_empty": True}]}
    assert in_words(read_condition(both), SALES) == (
        "(Customer is “C001” and Reference is “A”) or Reference is empty")


def test_a_condition_that_cannot_be_read_is_none() -> None:
    assert read_condition({"field": "party", "like": "%"}) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_menu_says_the_same_of_two_comparisons(language: str) -> None:
    use_language(language)
    try:
        for family in Family:
            labels = [one.label(family) for one in COMPARISONS]
            assert len(set(labels)) == len(labels)
    finally:
        use_language("en")


# By keys


def test_a_condition_is_built_by_keys(panel: Built) -> None:
    built = panel()
    heard = results(built)
    assert here() == "conditionField"
    typed("total of the l", "<Enter>")
    assert here() == "conditionComparison"
    typed("more than", "<Enter>")
    assert here() == "conditionRight"
    typed("4000+1000", "<Enter>")
    assert here() == "conditionSave"
    assert built.sentence.text() == "Total of the lines is more than 5,000.00"
    typed("<Ctrl+I>", "customer", "<Enter>", "filled", "<Enter>")
    assert here() == "conditionSave", "nothing stands at the right of it"
    assert built.sentence.text() == "Total of the lines is more than 5,000.00 and Customer is filled in"
    typed("<Enter>")
    assert heard == [{"all": [{"field": "items_total", "gt": "5000"}, {"field": "party", "is_empty": False}]}]


def test_groups_are_turned_round_moved_and_taken_away_by_keys(panel: Built) -> None:
    built = panel({"field": "party", "is_empty": False})
    heard = results(built)
    typed("<Ctrl+G>", "ref", "<Enter>", "<Enter>", "A-1", "<Enter>", "<Shift+Tab>", "<Ctrl+I>", "ref", "<Enter>",
          "is empty", "<Enter>")
    assert built.sentence.text() == "Customer is filled in and (Reference is “A-1” or Reference is empty)"
    typed("<Up>", "<Alt+Up>")
    assert built.sentence.text() == "Customer is filled in and (Reference is empty or Reference is “A-1”)"
    typed("<Alt+N>")
    assert built.sentence.text() == "Customer is filled in and (not (Reference is empty) or Reference is “A-1”)"
    typed("<Ctrl+D>")
    assert built.sentence.text() == "Customer is filled in and Reference is “A-1”"
    typed("<Ctrl+D>", "<Ctrl+A>")
    assert heard == [{"all": [{"field": "party", "is_empty": False}]}], "the group that was left empty went with it"


def test_one_of_several_values_is_typed_and_taken_back_by_keys(panel: Built) -> None:
    built = panel()
    heard = results(built)
    typed("customer", "<Enter>", "one of", "<Enter>", "asha", "<Enter>", "bina", "<Enter>", "C001", "<Enter>")
    assert built.sentence.text() == "Customer is one of Asha Stores or Bina Traders"
    typed("<Backspace>", "terai", "<Enter>", "<Enter>")
    assert here() == "conditionSave"
    typed("<Enter>")
    assert heard == [{"field": "party", "in": ["C001", "S001"]}]


def test_only_comparisons_that_the_type_allows_and_fields_alike_are_offered(panel: Built) -> None:
    built = panel()
    typed("customer", "<Enter>")
    rows = built.surroundings.popup.list.model()
    shown = {rows.index(number, 0).data() for number in range(rows.rowCount())}
    assert "is" in shown
    assert "is more than" not in shown
    assert "is the same as the field" not in shown, "there is no other field of parties"
    typed("<Shift+Tab>", "total of the l", "<Enter>", "more than the field", "<Enter>")
    shown = {rows.index(number, 0).data() for number in range(rows.rowCount())}
    assert "Total before discounts" in shown
    assert "Date" not in shown
    assert "Total of the lines" not in shown


def test_days_are_compared_as_days_and_flags_are_yes_or_no(panel: Built) -> None:
    paid = Field("udf.paid", "Paid", FieldType.BOOLEAN)
    built = panel(None, Vocabulary((*SALES.fields, paid)))
    heard = results(built)
    typed("date", "<Enter>", "before", "<Enter>", "1-12", "<Enter>", "<Ctrl+I>", "paid", "<Enter>", "<Enter>", "n",
          "<Ctrl+A>")
    assert heard == [{"all": [{"field": "date", "lt": "2026-12-01"}, {"field": "udf.paid", "eq": False}]}]


def test_an_unfinished_condition_is_not_taken(panel: Built) -> None:
    built = panel()
    heard = results(built)
    typed("<Ctrl+I>", "total of the l", "<Enter>", "<Enter>", "<Ctrl+A>")
    assert not heard
    assert "isn't finished" in built.fault.text()
    assert here() == "conditionField", "the cursor is where something is missing"
    typed("<Ctrl+D>", "<Ctrl+A>")
    assert not heard
    assert here() == "conditionRight"
    typed("12x", "<Ctrl+A>")
    assert not heard
    typed("<Ctrl+D>", "<Ctrl+A>")
    assert heard == [None]


def test_what_cannot_be_typed_into_the_field_cannot_be_a_constant(panel: Built) -> None:
    built = panel()
    heard = results(built)
    typed("total of the l", "<Enter>", "<Enter>", "abc", "<Ctrl+A>")
    assert not heard
    assert here() == "conditionRight"
    assert built.fault.text()


def test_another_field_keeps_the_value_only_where_it_means_the_same(panel: Built) -> None:
    built = panel({"field": "items_total", "gt": "5000"})
    typed("<Ctrl+Home>")
    typed("total before", "<Enter>")
    assert built.editor.condition() == Comparison("gross", Operator.GT, "5000")
    typed("<Shift+Tab>", "customer", "<Enter>")
    leaf = built.editor.tree.root
    assert isinstance(leaf, Leaf)
    assert (leaf.field, leaf.operator, leaf.is_finished) == ("party", Operator.EQ, False)


def test_escape_leaves_everything_as_it_was(panel: Built) -> None:
    built = panel(NESTED)
    heard = results(built)
    typed("<Ctrl+D>", "<Esc>")
    if not heard:
        typed("<Esc>")
    assert heard == ["cancelled"]


def test_groups_nest_no_deeper_than_a_document_may(surroundings: Surroundings) -> None:
    editor = ConditionEditor(None, SALES, surroundings)
    said: list[str] = []
    editor.not_accepted.connect(said.append)
    editor.add(Leaf("party", Operator.IS_EMPTY, True))
    after = editor.tree.root
    for _ in range(MAX_DEPTH + 5):
        made = Group(True, [Leaf("party", Operator.IS_EMPTY, True)])
        editor.add(made, after)
        after = made.parts[0] if made in editor.rows else after
    assert said
    condition = editor.condition()
    assert condition is not None
    assert read_condition(condition.as_json()) == condition
    editor.deleteLater()


# By mouse


def test_a_condition_is_built_by_mouse(qtbot: QtBot, panel: Built) -> None:
    built = panel()
    heard = results(built)
    choose(built, "Customer")
    choose(built, "is")
    choose(built, "Asha Stores")
    assert built.sentence.text() == "Customer is Asha Stores"
    click(built.buttons["add_group"])
    choose(built, "Total of the lines")
    choose(built, "is less than")
    QTest.keyClicks(focus(), "10")
    more = [one for one in built.findChildren(QPushButton, "conditionMore") if one.isVisible()]
    click(more[-1])
    choose(built, "Reference")
    choose(built, "is filled in")
    assert built.sentence.text() == (
        "Customer is Asha Stores and (Total of the lines is less than 10.00 or Reference is filled in)")
    turn = [one for one in built.findChildren(QCheckBox, "conditionNot") if one.isVisible()]
    click(turn[1])
    assert built.sentence.text().startswith("not (Customer is Asha Stores) and (")
    click(built.save_button)
    assert heard == [{"all": [{"not": {"field": "party", "eq": "C001"}},
                              {"any": [{"field": "items_total", "lt": "10"}, {"field": "ref_no", "is_empty": False}]}]}]


def test_values_and_lines_are_taken_away_by_mouse(panel: Built) -> None:
    built = panel({"any": [{"field": "party", "in": ["C001", "S001"]}, {"field": "ref_no", "is_empty": True}]})
    chips = [one for one in built.findChildren(QPushButton) if one.property("role") == "chip"]
    click(chips[0])
    assert built.sentence.text() == "Customer is one of Terai Mills or Reference is empty"
    removes = [one for one in built.findChildren(QToolButton) if one.text() == "×" and one.isVisible()]
    click(removes[-1])
    assert built.sentence.text() == "Customer is one of Terai Mills"


# Where it stands


def line_of(surroundings: Surroundings, document: object) -> ConditionLine:
    over = surroundings.popup.parentWidget()
    line = ConditionLine(Field("applies_when", "Applies when", FieldType.TEXT), lambda: SALES, surroundings, over)
    line.set_raw(document)
    line.resize(500, 26)
    line.show()
    line.setFocus()
    return line


def test_a_line_says_its_condition_and_opens_by_space_and_by_click(surroundings: Surroundings) -> None:
    line = line_of(surroundings, {"field": "party", "is_empty": False})
    changes: list[object] = []
    line.changed.connect(lambda: changes.append(line.raw))
    assert line.text() == "Customer is filled in"
    typed("x")
    assert line.text() == "Customer is filled in", "nothing is typed into it"
    typed("<Space>")
    assert line.panel is not None
    typed("<Ctrl+I>", "ref", "<Enter>", "filled", "<Ctrl+A>")
    assert line.text() == "Customer is filled in and Reference is filled in"
    assert focus() is line
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert line.panel is not None
    typed("<Esc>")
    while line.panel is not None:
        typed("<Esc>")
    assert focus() is line
    typed("<Delete>")
    assert (line.raw, line.text()) == (None, "always")
    assert len(changes) == 2


def test_rows_and_charges_have_their_own_fields() -> None:
    journal = schema_of("JOURNAL")
    lines = journal.grid("lines")
    assert lines is not None
    names = [field.key for field in line_vocabulary(journal, lines, "debit").fields]
    assert "account" in names
    assert "debit" not in names
    assert "header.date" in names
    assert rule_vocabulary(journal, "lines.debit") == line_vocabulary(journal, lines, "debit")
    assert rule_vocabulary(journal, "udf.colour") == header_vocabulary(journal, "udf.colour")


def test_nothing_in_the_panel_is_clipped_and_every_part_has_a_name(panel: Built) -> None:
    built = panel(NESTED)
    labels = [one for one in built.findChildren(QLabel) if one.isVisible() and one.text() and not one.wordWrap()]
    buttons = [one for one in built.findChildren(QPushButton) if one.isVisible()]
    assert labels
    assert len(buttons) > 3
    assert [one.text() for one in (*labels, *buttons)
            if one.width() < one.fontMetrics().horizontalAdvance(one.text())] == []
    names = [editor.accessibleName() for editor in built.findChildren(FieldEditor)]
    assert len(names) > 3
    assert all(names)
