"""Buttons, tooltips, sentences and empty lists print the key that holds: one's own where one has given one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.keys.profile import key_name, keyed, rebind
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks


def test_a_hint_and_a_button_print_ones_own_key_which_works(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Callable[[str], VoucherWindow]) -> None:
    rebind("lookup", "create_master", "Alt+J")
    rebind("master", "save_master", "Ctrl+J")
    window = open_voucher("SALES_INVOICE")
    typed("Zenith Traders")
    assert window.popup.nothing_text() == "Nothing found — Alt+J creates it"
    typed("<Alt+J>")
    qtbot.waitUntil(lambda: window.masters.panel is not None)
    panel = window.masters.panel
    assert panel is not None
    assert panel.save_button.text() == "Save   Ctrl+J"
    typed("<Ctrl+J>")
    qtbot.waitUntil(lambda: bool(books.master_forms.saved))


def test_an_empty_list_names_ones_own_keys_and_what_has_none_by_what_it_does(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    rebind("window", "any_type", "Ctrl+F10")
    rebind("register", "period", "")
    books.registers.rows = []
    main_window.opener.open_report("day-book")
    view = main_window.pages.current
    qtbot.waitUntil(lambda: view.word.isVisible() and not view.session.browsing.is_busy)
    assert view.word.text() == "No vouchers in this period — Ctrl+F10 starts one, “Period” changes the period"


@pytest.mark.parametrize(("report", "context", "action", "key"), [
    ("tax-register", "report", "period", "Alt+7"), ("stock-balance", "window", "any_type", "Alt+7"),
    ("ledger", "report", "filter", "Alt+7"),
])
def test_an_empty_report_names_ones_own_key(qtbot: QtBot, main_window: MainWindow, books: FakeBooks, report: str,
                                            context: str, action: str, key: str) -> None:
    rebind(context, action, key)
    books.reports.rows = ()
    main_window.opener.open_report(report)
    view = main_window.pages.current
    qtbot.waitUntil(lambda: view.word.isVisible())
    assert f"— {key}" in view.word.text()


def test_a_button_without_a_key_says_only_what_it_does() -> None:
    rebind("question", "keep", "")
    assert keyed("Keep it", "question", "keep") == "Keep it"
    assert key_name("question", "keep") == "“Keep it”"
    assert keyed("Look", "year_check", "open_row") == "Look   Enter"


def test_a_button_in_sight_prints_another_key_as_soon_as_it_has_one(qtbot: QtBot, main_window: MainWindow) -> None:
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<F8>")
    button = signal.args[0].sheet.post_button
    assert button.text() == "Accept   Ctrl+A"
    typed("<Ctrl+K>", "accept", "<Enter>", "<Ctrl+J>", "<Esc>")
    assert button.text() == "Accept   Ctrl+J"
