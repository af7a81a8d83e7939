"""Hostile configuration typed into the settings page: refused with its place, or shown exactly as it was typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.sizes import MOST_OF
from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.tabs import TABS
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks
from helpers.fake_types import FakeTypes
from helpers.settings_pages import edited, open_page, settled, show_tab

HTML = '<img src="x"><b>Rate</b>'
LONG = "Wholesale " * 20


@pytest.fixture
def page(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> SettingsPage:
    return open_page(qtbot, main_window, books)


def might_be_rich(text: str) -> bool:
    """Whether Qt may take a text for markup, if it is left to guess."""
    return "<" in text and ">" in text


def assert_plain(root: QWidget) -> None:
    for label in root.findChildren(QLabel):
        if might_be_rich(label.text()):
            assert label.textFormat() == Qt.TextFormat.PlainText, f"{label.objectName()}: {label.text()}"
    for widget in root.findChildren(QWidget):
        tip = widget.toolTip()
        assert not might_be_rich(tip), f"{widget.objectName()}: {tip}"


@pytest.mark.parametrize(("text", "is_refused"), [
    (HTML, False), (LONG, True), ("\u202egnp.exe", True), ("{0} {name} %s", False), ("&&&", False), ("a\nb", True)])
def test_hostile_names_are_shown_as_they_are_or_refused_with_their_places(
        qtbot: QtBot, page: SettingsPage, books: FakeBooks, text: str, is_refused: bool) -> None:
    kind = edited(page)
    for path in ("label", "help", "voucher_date_label", "ref_no_label", "charges[0].label", "charges[1].label"):
        kind.set(path, text)
    kind.add("udfs", {"scope": "header", "key": "note", "label": text, "field_type": "text", "help": text})
    kind.add("udfs", {"scope": "line", "key": "note", "label": text, "field_type": "text", "help": text})
    settled(qtbot, page)
    for row in TABS:
        show_tab(page, row.code)
    assert bool(kind.faults) is is_refused, kind.faults
    if is_refused:
        assert all(fault.code.startswith("CFG-") and fault.field for fault in kind.faults)
        typed("<Ctrl+A>")
        settled(qtbot, page)
        types: FakeTypes = books.candidates
        assert types.saved == [], "it is refused, and told where"
    else:
        typed("<Alt+V>")
        assert page.on_type.simulation is not None
    assert_plain(page)


def test_duplicate_keys_and_cycles_are_refused_with_their_places(qtbot: QtBot, page: SettingsPage,
                                                                 books: FakeBooks) -> None:
    kind = edited(page)
    for key in ("one", "one"):
        kind.add("udfs", {"key": key, "label": "One", "field_type": "text"})
    settled(qtbot, page)
    assert [(fault.code, fault.field) for fault in kind.faults] == [("CFG-006", "udfs[1]")]
    kind.set("udfs[1].key", "two")
    for field, other in (("udf.one", "udf.two"), ("udf.two", "udf.one")):
        kind.add("field_rules", {"field": field, "visible": False,
                                 "condition": {"field": other, "is_empty": True}})
    settled(qtbot, page)
    assert {fault.code for fault in kind.faults} == {"CFG-010"}
    kind.add("charges", {**kind.rows("charges")[1]})
    typed("<Ctrl+A>")
    settled(qtbot, page)
    types: FakeTypes = books.candidates
    assert types.saved == []
    assert {"CFG-006"} <= {fault.code for fault in kind.faults}


def fields(count: int) -> list[dict[str, str]]:
    return [{"key": f"field_{number}", "label": f"Field {number}", "field_type": "text"} for number in range(count)]


def test_as_many_fields_as_there_may_be_are_shown_and_saved(qtbot: QtBot, page: SettingsPage,
                                                            books: FakeBooks) -> None:
    kind, most = edited(page), MOST_OF["udfs"]
    kind.take(kind.document() | {"udfs": fields(most)})
    settled(qtbot, page)
    assert kind.faults == ()
    show_tab(page, "key_path")
    assert page.tabs.go_to(f"field:udf.field_{most - 1}")
    typed("<Ctrl+A>")
    settled(qtbot, page)
    types: FakeTypes = books.candidates
    assert len(types.documents["SALES_INVOICE"]["udfs"]) == most


def test_more_fields_than_there_may_be_are_refused_with_their_place(qtbot: QtBot, page: SettingsPage,
                                                                    books: FakeBooks) -> None:
    kind = edited(page)
    kind.take(kind.document() | {"udfs": fields(max(300, MOST_OF["udfs"] + 1))})
    settled(qtbot, page)
    assert [fault.field for fault in kind.faults] == ["udfs"]
    typed("<Ctrl+A>")
    settled(qtbot, page)
    types: FakeTypes = books.candidates
    assert types.saved == []


def test_values_of_the_wrong_form_in_a_file_are_faults_not_failures(qtbot: QtBot, page: SettingsPage) -> None:
    document = edited(page).document() | {"charges": [{"code": 5}], "sort_order": "many", "party_kind": "martian"}
    edited(page).take(document)
    settled(qtbot, page)
    assert {fault.code for fault in edited(page).faults} >= {"CFG-003", "CFG-004"}
    for row in TABS:
        show_tab(page, row.code)
