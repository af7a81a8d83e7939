"""The tabs of user fields, numbering, approval, print and access: by keys and by mouse, each into the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import read_blueprint
from erpdesk.blueprints.coming_numbers import Reached
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.domain.results import ForbiddenError
from erpdesk.services.people import Limit, Membership, Person
from erpdesk.ui.conditions.line import ConditionLine
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.session import Session
from erpdesk.ui.settings.access import AccessTab
from erpdesk.ui.settings.approval import ApprovalTab
from erpdesk.ui.settings.charges import ChargesTab
from erpdesk.ui.settings.choice_boxes import ChoiceBoxes
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.numbering import NumberingTab
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.printing import PrintTab
from erpdesk.ui.settings.tab import Bench, SettingsTab
from erpdesk.ui.settings.user_fields import UserFieldsTab
from erpdesk.ui.settings.who_may_use import WhoMayUse
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import TODAY, FakeBooks

BASELINE = {one.code: one for one in load_baseline("NP")}
Opened = Callable[..., Any]


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> QWidget:
    apply_theme(qapp, "light")
    made = QWidget()
    made.resize(1366, 768)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def tab(qtbot: QtBot, window: QWidget, session: Session, books: FakeBooks) -> Iterator[Opened]:
    """Opens a tab on a shipped type, with changes, the cursor where it begins."""
    bench = Bench(session, books, Surroundings(session.lookups, LookupPopup(window), TODAY, TODAY))

    def opened(kind: type[SettingsTab], code: str = "CASH_PAYMENT", **changes: Any) -> Any:
        edited = EditedType(BASELINE[code].to_document() | changes, parent=window)
        made = kind(edited, bench, window)
        made.resize(430, 600)
        made.show()
        made.refresh()
        qtbot.waitUntil(lambda: not session.browsing.is_busy)
        made.start()
        return made

    yield opened
    session.browsing.stop()


def faults(edited: EditedType) -> list[str]:
    found = FaultList()
    read_blueprint({**edited.document(), "version": 1}, "", found)
    return [f"{one.code} {one.field}" for one in found.found]


def press(tab: SettingsTab, label: str) -> None:
    button = next(one for one in tab.findChildren(QPushButton) if one.text().startswith(label) and one.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def pick(tab: SettingsTab, column: str, words: str) -> None:
    """Click into an editor and choose a row of its list."""
    editor = tab.findChild(QWidget, f"setting_{column}")
    focused = focus()
    if focused is not editor:
        QTest.mouseClick(editor, Qt.MouseButton.LeftButton)
    rows = tab.bench.surroundings.popup.list
    for number in range(rows.model().rowCount()):
        index = rows.model().index(number, 0)
        if index.data() == words:
            rows.scrollTo(index)
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(index).center())
            return
    raise AssertionError(f"{words} isn't offered for {column}")


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


# Access and print


def test_a_rule_for_a_role_is_made_by_keys_and_said_in_words(tab: Opened) -> None:
    access = tab(AccessTab, "JOURNAL", field_rules=[])
    typed("<Ctrl+I>", "reference", "<Enter>", "role", "<Enter>", "clerk", "<Enter>", "<Space>", "date", "<Enter>",
          "filled", "<Ctrl+A>")
    access.form.enter("readonly")
    typed("yes", "<Enter>")
    rule = access.edited.rows("field_rules")[0]
    assert (rule["field"], rule["scope"], rule["scope_value"], rule["readonly"], rule["visible"]) == (
        "ref_no", "role", "clerk", True, None)
    assert access.rows.item(0).text() == "Reference   role clerk   read only   while Date is filled in"
    assert faults(access.edited) == []


def test_a_rule_for_a_branch_and_one_for_a_user_name_whom_they_are_for(tab: Opened) -> None:
    access = tab(AccessTab, "JOURNAL", field_rules=[])
    press(access, "Add")
    typed("narration", "<Enter>", "branch", "<Enter>", "head", "<Enter>")
    access.form.enter("required")
    typed("yes", "<Enter>", "<Enter>")
    access.rows.setFocus()
    typed("<Ctrl+I>", "narration", "<Enter>", "user", "<Enter>", "asha", "<Enter>")
    access.form.enter("default")
    typed("as usual", "<Enter>")
    first, second = access.edited.rows("field_rules")
    assert (first["scope_value"], first["required"]) == ("HO", True)
    assert (second["scope_value"], second["default"]) == ("asha", {"kind": "constant", "value": "as usual"})
    assert access.rows.item(1).text() == "Narration   user asha   begins with as usual"
    assert faults(access.edited) == []


def person(name: str, role: str, types: tuple[str, ...] | None = None, *limits: Limit) -> Person:
    membership = Membership("ACME", role, True, None, types, frozenset(), limits)
    return Person(name, name.title(), True, True, False, (membership,))


def test_who_may_use_the_type_is_listed_with_what_limits_them(tab: Opened, books: FakeBooks) -> None:
    books.people.known = (
        person("anita", "approver", None, Limit(approve=Decimal("5000"))),
        person("bina", "clerk", ("JOURNAL", "CASH_PAYMENT"), Limit(enter=Decimal(1)),
               Limit("CASH_PAYMENT", enter=Decimal("900"), back_date_days=2)),
        person("carl", "clerk", ("JOURNAL",)))
    access = tab(AccessTab)
    assert access.who.lines() == ["Anita (anita)   approver   approves up to 5,000.00",
                                  "Bina (bina)   clerk   for 2 voucher types   enters up to 900.00   2 days back"]


def test_the_users_are_a_click_away(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    page = SettingsPage(main_window.session, books)
    qtbot.addWidget(page)
    who = WhoMayUse(page.bench, page)
    with qtbot.waitSignal(page.wants_screen) as asked:
        QTest.mouseClick(who.users, Qt.MouseButton.LeftButton)
    assert asked.args == ["users"]


def test_who_may_not_see_the_users_is_told_so(tab: Opened, books: FakeBooks) -> None:
    books.people.refusal = ForbiddenError("SEC-001", "You may not administer users")
    assert tab(AccessTab).who.lines() == ["Only who administers users sees them: You may not administer users"]


def test_a_template_is_chosen_from_those_there_are(tab: Opened) -> None:
    printing = tab(PrintTab)
    pick(printing, "print_template", "Petrol slip (your own)")
    assert printing.edited.value("print_template") == "slip"
    assert here() == "setting_print_after_post"
    typed("y", "<Enter>")
    assert printing.edited.value("print_after_post") is True


def test_the_newest_voucher_is_drawn_by_the_template_that_is_chosen(qtbot: QtBot, tab: Opened,
                                                                    books: FakeBooks) -> None:
    none = tab(PrintTab, "CASH_TRANSFER")
    assert none.word.text() == "There is no voucher of this type to show yet"
    none.hide()
    printing = tab(PrintTab, "JOURNAL")
    assert printing.picture.isVisible()
    pick(printing, "print_template", "Invoice")
    qtbot.waitUntil(lambda: books.printing.asked[-1][-1] == "invoice")
    qtbot.waitUntil(lambda: not printing.bench.session.browsing.is_busy)
    assert not printing.picture.pixmap().isNull()


@pytest.mark.parametrize(("kind", "changes"), [
    (UserFieldsTab, {"udfs": [{"scope": "header", "key": "a", "label": "A", "field_type": "text"}]}),
    (NumberingTab, {}), (ApprovalTab, {"requires_approval": True}), (PrintTab, {}), (AccessTab, {})])
def test_no_tab_wants_to_be_higher_than_its_room(tab: Opened, kind: type[SettingsTab], changes: dict[str, Any]) -> None:
    layout = tab(kind, **changes).layout()
    assert not layout.hasHeightForWidth(), "the page would be stretched by it, and scroll"
    assert layout.minimumSize().height() < 560


# Charges


def test_a_charge_applies_when_its_condition_holds(tab: Opened) -> None:
    charges = tab(ChargesTab, "SALES_INVOICE")
    line = charges.form.editors["applies_when"]
    assert isinstance(line, ConditionLine)
    charges.form.enter("applies_when")
    typed("<Space>", "total of the l", "<Enter>", "at least", "<Enter>", "1000", "<Ctrl+A>")
    assert charges.edited.value("charges[0].applies_when") == {"field": "items_total", "ge": "1000"}
    assert line.text() == "Total of the lines is at least 1,000.00"
    assert faults(charges.edited) == []
