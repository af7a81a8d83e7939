"""The settings page of voucher types: cursor, preview, faults, rows, leaving; hostile settings are shown as typed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.columns import columns_of
from erpdesk.blueprints.rows import ChargeSetup, LineConfig, VoucherType
from erpdesk.settings import RESOURCES
from erpdesk.ui.deciding import Decision
from erpdesk.ui.keys.profile import rebind
from erpdesk.ui.settings.choice_boxes import ChoiceBoxes
from erpdesk.ui.settings.edited import whole_document
from erpdesk.ui.settings.new_type import beginning
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.row_list import RowsTab
from erpdesk.ui.settings.tabs import TABS
from erpdesk.ui.settings.type_files import read_type
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks
from helpers.fake_types import FakeTypes
from helpers.settings_pages import edited, open_page, settled, show_tab

HTML = '<img src="x"><b>Rate</b>'


@pytest.fixture
def page(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> SettingsPage:
    """The page on the shipped types, the sales invoice in sight, the cursor in the list."""
    return open_page(qtbot, main_window, books)


# The list

def test_a_type_is_found_by_typing_and_its_settings_entered_with_enter(page: SettingsPage) -> None:
    assert edited(page).code == "SALES_INVOICE"
    typed("<Enter>")
    assert here() == "setting_label"


def test_the_list_tells_what_is_off_and_what_was_changed(qtbot: QtBot, page: SettingsPage) -> None:
    edited(page).set("label", "Bill")
    page.list.field.clear()
    texts = [page.list.list.item(number).text() for number in range(page.list.list.count())]
    assert "● Bill" in texts
    assert "Sales Order   off" in texts


def test_what_was_changed_of_a_type_is_there_still_after_looking_at_another(page: SettingsPage) -> None:
    edited(page).set("label", "Bill")
    page.list.choose("JOURNAL")
    assert edited(page).code == "JOURNAL"
    page.list.choose("SALES_INVOICE")
    assert edited(page).value("label") == "Bill"


# Settings

def test_what_is_typed_is_in_the_document_and_in_the_form_while_one_types(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<Enter>", "<Ctrl+A>")
    QTest.keyClicks(focus(), "Bill")
    qtbot.waitUntil(lambda: edited(page).value("label") == "Bill")
    assert here() == "setting_label"
    sheet = page.preview.picture
    qtbot.waitUntil(lambda: sheet.sheet is not None and sheet.sheet.title.text() == "Bill")


def test_a_choice_is_taken_by_a_click_into_its_list(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<Enter>")
    editor = page.tabs.current.form.editors["category"]  # type: ignore[union-attr]
    QTest.mouseClick(editor, Qt.MouseButton.LeftButton)
    assert page.popup.serves(editor)
    place = page.popup.list.model().index(2, 0)
    QTest.mouseClick(page.popup.list.viewport(), Qt.MouseButton.LeftButton,
                     pos=page.popup.list.visualRect(place).center())
    assert edited(page).value("category") == "purchase"


def test_the_code_of_a_saved_type_stands_fast(page: SettingsPage) -> None:
    typed("<Enter>", "<Enter>")
    assert here() != "setting_code"
    assert not page.tabs.go_to("code")


def test_a_key_that_one_has_bound_oneself_is_told_at_the_key_of_the_type(qtbot: QtBot, page: SettingsPage) -> None:
    rebind("voucher", "details", "Alt+9")
    edited(page).set("shortcut", "Alt+9")
    settled(qtbot, page)
    [fault] = edited(page).faults
    assert (fault.code, fault.field) == ("CFG-032", "shortcut")
    assert "Details" in fault.message or "details" in fault.message
    edited(page).set("shortcut", "Alt+8")
    settled(qtbot, page)
    assert edited(page).faults == ()


def test_an_override_from_a_file_is_told_kept_and_overruled_by_what_is_set_here(
        qtbot: QtBot, page: SettingsPage, books: FakeBooks) -> None:
    override = {"header_fields": [{"key": "ref_no", "label": "From a file", "ui": {"width": 12}}]}
    assert "override" not in page.about.text()
    edited(page).set("schema_definition", override)
    settled(qtbot, page)
    assert edited(page).faults == ()
    assert "override from a file" in page.about.text()

    def label() -> str:
        sheet = page.preview.picture.sheet
        assert sheet is not None
        return sheet.header.editors["ref_no"].field.label

    qtbot.waitUntil(lambda: label() == "From a file")
    tab = show_tab(page, "key_path")
    assert tab.go_to("field:ref_no") or tab.rows.count()
    tab.rows.setCurrentRow([one.name for one in tab._stood].index("ref_no"))
    tab.write_here("label", "Set here")
    settled(qtbot, page)
    qtbot.waitUntil(lambda: label() == "Set here")
    typed("<Ctrl+A>")
    settled(qtbot, page)
    assert books.candidates.stored("SALES_INVOICE")["schema_definition"]["header_fields"][0]["label"] == "From a file"


def test_undo_takes_a_typed_setting_back_as_one_step(qtbot: QtBot, page: SettingsPage) -> None:
    for text in ("B", "Bi", "Bill"):
        edited(page).set("label", text)
    typed("<Ctrl+Z>")
    assert edited(page).value("label") == "Sales Invoice"
    typed("<Ctrl+Y>")
    assert edited(page).value("label") == "Bill"


@pytest.mark.parametrize("code", [row.code for row in TABS])
def test_the_cursor_passes_through_every_tab_by_enter(qtbot: QtBot, page: SettingsPage, code: str) -> None:
    show_tab(page, code)
    seen = set()
    for _ in range(60):
        seen.add(here())
        before = page.tabs.bar.current
        typed("<Enter>")
        if page.tabs.bar.current != before:
            break
    assert seen
    assert edited(page).document() == edited(page).stored(), "passing changes nothing"


def test_every_column_can_be_set_somewhere() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in (RESOURCES / "settings").glob("*.json"))
    columns = [row["column"] for path in (RESOURCES / "settings").glob("*.json")
               for group in json.loads(path.read_text(encoding="utf-8"))["groups"] for row in group["settings"]]
    wanted = {*(set(columns_of(VoucherType)) - {"schema_definition"}),
              *(f"lines.{name}" for name in columns_of(LineConfig)),
              *(set(columns_of(ChargeSetup)) - {"sequence"})}
    assert wanted - set(columns) == set(), "each column has a setting with a sentence of help"
    assert '"help": ""' not in texts


# Charges

def test_a_charge_is_added_moved_and_removed_by_keys(qtbot: QtBot, page: SettingsPage) -> None:
    tab: RowsTab = show_tab(page, "charges")
    typed("<Down>", "<Ctrl+I>")
    assert here() == "setting_label"
    typed("Levy", "<Enter>", "<Enter>")
    assert here() == "setting_ledger", "the code is made from the name"
    assert [row["code"] for row in edited(page).rows("charges")] == ["DISC", "VAT", "LEVY"]
    typed("<Esc>", "<Alt+Up>")
    assert [row["code"] for row in edited(page).rows("charges")] == ["DISC", "LEVY", "VAT"]
    assert [row["sequence"] for row in edited(page).rows("charges")] == [10, 20, 30]
    assert tab.here() == 1
    typed("<Ctrl+D>")
    assert [row["code"] for row in edited(page).rows("charges")] == ["DISC", "VAT"]


def test_a_charge_may_be_taken_only_of_charges_before_it(qtbot: QtBot, page: SettingsPage) -> None:
    tab: RowsTab = show_tab(page, "charges")
    boxes = tab.form.editors["base"]
    assert isinstance(boxes, ChoiceBoxes)
    assert "VAT" not in boxes.values()
    typed("<Down>")
    assert boxes.values()[-1] == "DISC"
    boxes.item(boxes.values().index("DISC")).setCheckState(Qt.CheckState.Checked)
    assert edited(page).value("charges[1].base") == ["DISC"]
    boxes.item(boxes.values().index("gross")).setCheckState(Qt.CheckState.Checked)
    assert edited(page).value("charges[1].base") == "gross"


def test_a_charge_may_be_only_for_a_tax_class_that_there_is(qtbot: QtBot, page: SettingsPage) -> None:
    show_tab(page, "charges")
    assert page.tabs.go_to("charges[1].tax_class")
    typed("exe", "<Enter>")
    assert edited(page).value("charges[1].tax_class") == "EXEMPT"


# Key path

def test_a_field_moved_on_the_key_path_stands_elsewhere_for_everybody(qtbot: QtBot, page: SettingsPage) -> None:
    tab = show_tab(page, "key_path")
    assert page.tabs.go_to("field:lines.rate")
    typed("<Alt+Up>")
    settled(qtbot, page)
    rules = [rule for rule in edited(page).rows("field_rules") if rule["field"] == "lines.rate"]
    assert [rule["scope"] for rule in rules] == ["standard", "organization"]
    names = [one.name for one in tab._stood]
    assert names.index("lines.rate") < names.index("lines.batch")
    assert tab.rows.currentRow() == names.index("lines.rate"), "the cursor goes with its field"


def test_a_rule_that_says_nothing_any_more_is_gone(qtbot: QtBot, page: SettingsPage) -> None:
    before = edited(page).document()
    show_tab(page, "key_path")
    assert page.tabs.go_to("field:party")
    typed("<Enter>", "Buyer", "<Enter>")
    assert edited(page).rows("field_rules")[-1]["label"] == "Buyer"
    page.tabs.go_to("field:party")
    typed("<Enter>", "<Delete>", "<Enter>")
    assert edited(page).document() == before


# The preview

def test_enter_on_a_field_of_the_preview_goes_to_what_brings_it_there(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<F6>")
    picture = page.preview.picture
    assert focus() is picture
    places = [spot.place for spot in picture.spots]
    assert {"title", "party", "ref_no", "lines.rate", "charge:VAT", "narration"} <= set(places)
    picture.point("lines.rate")
    typed("<Enter>")
    assert here() == "setting_lines.show_rate"


def test_a_click_on_a_charge_of_the_preview_goes_to_that_charge(qtbot: QtBot, page: SettingsPage) -> None:
    picture = page.preview.picture
    qtbot.waitUntil(lambda: bool(picture.spots))
    spot = next(spot for spot in picture.spots if spot.place == "charge:VAT")
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton,
                     pos=QPoint(*(round(part * picture._scale) for part in spot.area.center().toTuple())))
    assert here() == "setting_label"
    tab = page.tabs.current
    assert isinstance(tab, RowsTab)
    assert tab.here() == 1


def test_a_setting_switched_off_leaves_the_form_and_the_keys_are_counted_anew(
        qtbot: QtBot, page: SettingsPage) -> None:
    picture = page.preview.picture
    assert page.preview.keys.text() == "keys: 32"
    edited(page).set("lines.show_rate", False)
    edited(page).add("udfs", {"key": "slip", "label": "Slip", "field_type": "text", "required": True})
    settled(qtbot, page)
    qtbot.waitUntil(lambda: "lines.rate" not in [spot.place for spot in picture.spots])
    assert page.preview.keys.text() == "keys: 39"


def test_a_faulty_document_leaves_the_last_good_form_and_enter_goes_to_the_fault(
        qtbot: QtBot, page: SettingsPage) -> None:
    picture = page.preview.picture
    good = picture.sheet
    edited(page).set("party_kind", "none")
    settled(qtbot, page)
    assert picture.sheet is good
    assert "the last good one" in page.preview.word.text()
    faults = page.preview.faults
    assert faults.item(0).text().startswith("CFG-009")
    typed("<F6>", "<F6>")
    assert focus() is faults
    typed("<Enter>")
    assert here() == "setting_party_required"
    edited(page).set("party_kind", "customer")
    settled(qtbot, page)
    assert faults.count() == 0


def test_nobody_types_into_the_form_of_the_preview(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<F6>", "x", "<Tab>")
    assert page.preview.picture.sheet is not None
    assert page.preview.picture.sheet.header.draft.is_blank


# New types

@pytest.mark.parametrize("kind", ["ledger_dr_cr", "ledger_single", "items", "items_dual", "allocation"])
def test_a_type_of_each_kind_of_lines_begins_without_a_fault(books: FakeBooks, kind: str) -> None:
    types: FakeTypes = books.candidates
    looked = types.look({**beginning(kind), "code": "NEW_TYPE", "label": "New", "version": 1})
    assert looked.faults == ()
    assert looked.schema is not None


def test_a_copy_is_another_type_with_the_same_settings(qtbot: QtBot, page: SettingsPage, books: FakeBooks) -> None:
    typed("<Alt+2>", "Export invoice", "<Ctrl+A>")
    settled(qtbot, page)
    assert edited(page).is_new
    assert edited(page).value("code") == "EXPORT_INVOICE"
    assert edited(page).value("shortcut") == ""
    assert len(edited(page).rows("charges")) == 2
    typed("<Ctrl+A>")
    settled(qtbot, page)
    types: FakeTypes = books.candidates
    assert types.documents["EXPORT_INVOICE"]["number_prefix"] == "EI/{FYS}/"


def test_a_taken_code_is_refused_before_anything_is_begun(qtbot: QtBot, page: SettingsPage) -> None:
    typed("<Alt+N>", "<Enter>", "<Enter>", "Journal", "<Ctrl+A>")
    asking = page.on_type.asking
    assert asking is not None
    assert asking.panel is not None
    assert "CFG-006" in asking.panel._fault.text()
    typed("<Esc>")
    assert asking.panel is None
    assert not page.types.changed()


def test_a_type_is_switched_off_by_a_key(qtbot: QtBot, page: SettingsPage, books: FakeBooks) -> None:
    typed("<Alt+O>", "<Ctrl+A>")
    settled(qtbot, page)
    types: FakeTypes = books.candidates
    assert types.documents["SALES_INVOICE"]["is_active"] is False


def test_a_saved_type_is_copied_into_another_organization(qtbot: QtBot, page: SettingsPage) -> None:
    said: list[str] = []
    page.said.connect(said.append)
    typed("<Alt+T>")
    assert said == ["There is no other organization"]
    other = replace(page.books.organization, code="BETA", name="Beta Traders")
    page.session.organizations = (page.books.organization, other)
    typed("<Alt+T>", "beta", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: "SALES_INVOICE is in BETA now" in said)


# Leaving and files

def test_leaving_asks_only_when_something_would_be_lost(qtbot: QtBot, main_window: MainWindow,
                                                        page: SettingsPage) -> None:
    edited(page).set("label", HTML)
    typed("<Esc>")
    if page.list.field.text() == "" and page.findChild(Decision) is None:
        typed("<Esc>")
    question = page.findChild(Decision, "leaveQuestion")
    assert question is not None
    assert question.word.textFormat() == Qt.TextFormat.PlainText
    question.reject()
    assert main_window.pages.current is page
    edited(page).undo()
    page.leave()
    assert main_window.pages.current is main_window.gateway


def test_closing_the_window_asks_for_settings_that_would_be_lost(qtbot: QtBot, main_window: MainWindow,
                                                                 page: SettingsPage) -> None:
    edited(page).set("label", "Bill")
    assert not main_window.close()
    question = page.findChild(Decision, "leaveQuestion")
    assert question is not None
    question.reject()
    edited(page).undo()


def test_what_is_written_to_a_file_is_read_back(qtbot: QtBot, page: SettingsPage, tmp_path: Path) -> None:
    path = tmp_path / "type.json"
    path.write_text(json.dumps({"voucher_types": [edited(page).document()]}), encoding="utf-8")
    assert whole_document(read_type(path)) == edited(page).document()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"voucher_types": []}', '{"voucher_types": [1, 2]}', "[" * 5000])
def test_a_file_that_is_no_type_is_refused_with_a_word(tmp_path: Path, content: str) -> None:
    from erpdesk.domain.results import InvalidRequest

    path = tmp_path / "type.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidRequest):
        read_type(path)


def test_every_part_of_the_page_fits_at_the_smallest_window(qtbot: QtBot, main_window: MainWindow,
                                                            page: SettingsPage) -> None:
    main_window.resize(1366, 768)
    qtbot.wait(0)
    for button in page.findChildren(QPushButton):
        if button.isVisible() and not page.preview.picture.isAncestorOf(button):
            assert button.width() >= button.minimumSizeHint().width(), button.text()
    picture = page.preview.picture
    assert picture.geometry().right() <= page.preview.width()


def test_no_application_is_left_with_a_stray_focus(page: SettingsPage) -> None:
    assert QApplication.focusWidget() is page.list.field
