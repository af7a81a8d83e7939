"""Alt+G goes anywhere: to masters, screens, reports and vouchers, forgiving typing errors, last used first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.ui.editors.listed import Choice
from erpdesk.ui.window.anywhere import Anywhere, LastUsed
from erpdesk.ui.window.destinations import REPORT, Destination
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books, importing
from helpers.clerk import focus, typed
from helpers.database import Database
from helpers.real_window import window_on

LONG_MS = 20_000
MASTERS = {"items": [{"code": "RICE", "name": "Basmati rice 25 kg", "uom": "PCS"}],
           "parties": [{"code": "C001", "name": "Asha Stores", "kind": "customer"}]}


database_template = begun_books(importing(MASTERS))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, database: Database) -> Iterator[MainWindow]:
    with window_on(qtbot, qapp, database) as made:
        yield made


def labels(window: MainWindow) -> list[str]:
    return [row.label for row in window.go_to.model.rows if not isinstance(row, str)]


@pytest.mark.parametrize("word", ["rice", "basmati", "bsamati"])
def test_a_master_is_found_by_code_name_and_with_a_typing_error_and_its_form_opens(
        qtbot: QtBot, window: MainWindow, word: str) -> None:
    typed("<Alt+G>", word)
    assert labels(window)[0] == "Basmati rice 25 kg   RICE"
    typed("<Enter>")
    page = window.pages.current
    assert page.property("screen") == "masters.item"
    qtbot.waitUntil(lambda: page.editing.panel is not None, timeout=LONG_MS)
    assert page.editing.panel.draft.header.values["name"] == "Basmati rice 25 kg"


def test_a_report_is_found_with_a_typing_error(window: MainWindow) -> None:
    typed("<Alt+G>", "trail balnce")
    assert labels(window)[0] == "Trial Balance"


def test_what_was_used_last_stands_first(qtbot: QtBot, window: MainWindow) -> None:
    for report in ("stock age", "tax reg"):
        typed("<Alt+G>", report, "<Enter>")
        qtbot.waitUntil(lambda: not window.session.background.is_busy, timeout=LONG_MS)
        typed("<Esc>")
    typed("<Alt+G>")
    assert window.go_to.model.rows[0] == "Used last"
    assert labels(window)[:2] == ["Tax Register", "Stock Ageing"]
    typed("stock")
    assert labels(window)[0] == "Stock Ageing"
    kept = LastUsed(window.used.written())
    assert [one.label for one in kept.of("SHOP")] == ["Tax Register", "Stock Ageing"]
    assert LastUsed("{broken").of("SHOP") == LastUsed('{"SHOP": 7}').of("SHOP") == []


def test_what_begins_as_typed_stands_before_what_only_resembles_it(main_window: MainWindow) -> None:
    main_window.session.place.permissions = frozenset({"voucher.enter", "masters.edit"})
    lookups = main_window.session.lookups
    lookups.put("item", [Choice("T1", "Natasha tea"), Choice("T2", "Aksha tea"), Choice("P1", "Prickly pear")])
    lookups.put("party", [Choice("C001", "Asha Stores")])
    main_window.used.note("SHOP", Destination("master", "item:T2", "Aksha tea   T2", "Masters", "Item"))
    typed("<Alt+G>", "asha")
    assert labels(main_window)[0] == "Asha Stores   C001"
    assert main_window.go_to.highlighted is not None
    assert main_window.go_to.highlighted.code == "party:C001"
    assert "Natasha tea   T1" in labels(main_window)[1:], "what resembles it stands below"
    typed("<Esc>", "<Alt+G>", "pric")
    assert labels(main_window)[0].startswith("Price"), "last: pears, which are prickly"


def test_enter_on_nothing_says_what_was_not_found(main_window: MainWindow) -> None:
    for opens in ("<Alt+G>", "<F10>"):
        typed(opens, "zzqqxx", "<Enter>")
        assert main_window.go_to.isVisible()
        assert focus().text() == "zzqqxx"
        assert main_window.go_to.model.rows == ["Nothing found for “zzqqxx”"]
        typed("<Esc>", "<Esc>")


def test_a_look_makes_few_places_however_many_masters_there_are(window: MainWindow) -> None:
    window.session.lookups.put("item", [Choice(f"I{number:06}", f"Item of kind {number}") for number in range(20_000)])
    anywhere = Anywhere(window.session, [Destination(REPORT, "ledger", "Ledger", "Reports")], ())
    assert len(anywhere.found("item")) <= 60
    assert anywhere.found("item of kind 777")[0].code == "item:I000777"


def test_without_the_right_masters_are_not_offered(window: MainWindow) -> None:
    window.session.place.permissions = frozenset({"voucher.enter"})
    typed("<Alt+G>", "rice")
    assert not any("RICE" in label for label in labels(window))


def test_a_list_that_the_cursor_has_left_for_another_is_gone(qtbot: QtBot, main_window: MainWindow) -> None:
    for opens, over, name in (("<Ctrl+L>", "<Alt+Q>", "goTo"), ("<Alt+Q>", "<Ctrl+K>", "queueList"),
                              ("<Alt+G>", "<F2>", "goTo")):
        typed(opens)
        left = main_window.findChild(QWidget, name)
        assert left is not None
        assert left.isVisible()
        typed(over)
        qtbot.waitUntil(lambda one=left: one.isHidden() or one.isAncestorOf(focus()))
        typed("<Esc>", "<Esc>")
        qtbot.waitUntil(lambda one=left: one.isHidden())


def test_a_short_list_is_no_higher_than_it_needs_and_asks_for_what_it_has(
        qtbot: QtBot, main_window: MainWindow) -> None:
    typed("<Ctrl+L>")
    assert main_window.go_to.field.placeholderText() == "Language"
    assert main_window.go_to.height() < main_window.height() // 2
    last = main_window.go_to.model.index(len(main_window.go_to.model.rows) - 1, 0)
    rows = main_window.go_to.list
    qtbot.waitUntil(lambda: rows.viewport().rect().contains(rows.visualRect(last)))


def test_without_the_right_reports_are_not_offered(main_window: MainWindow) -> None:
    main_window.session.place.permissions = frozenset({"voucher.enter", "report.view"})
    typed("<Alt+G>", "audit trail")
    assert "Audit Trail" not in labels(main_window)
    typed("<Esc>", "<Alt+G>", "trial bal")
    assert labels(main_window)[0] == "Trial Balance"
