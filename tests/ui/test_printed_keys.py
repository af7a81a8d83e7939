"""Buttons, tooltips, sentences and empty lists print the key that holds: one's own where one has given one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault
from erpdesk.ui.keys.profile import key_name, keyed, rebind
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.words import use_language
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


def test_helps_and_cures_from_resources_name_ones_own_key(
        session: Session, main_window: MainWindow, open_voucher: Callable[[str], VoucherWindow]) -> None:
    for context, action, key in (("voucher", "date", "Ctrl+7"), ("grid", "balance_line", "Alt+7"),
                                 ("voucher", "repeat_narration", "")):
        rebind(context, action, key)
    header = open_voucher("JOURNAL").sheet.header
    main_window.help.explain(None, header.editors["date"].field)
    assert "The day the voucher counts for; Ctrl+7 changes it from anywhere." in main_window.help.text
    assert header.editors["date"].accessibleDescription() == (
        "The day the voucher counts for; Ctrl+7 changes it from anywhere.")
    main_window.help.explain(Fault("GL-001", "Not balanced"), None)
    assert "Correct the lines; Alt+7 puts the balancing amount into a line." in main_window.help.text
    for language in ("ne", "hi"):
        use_language(language)
        try:
            main_window.help.explain(Fault("GL-001", "Not balanced"), None)
            assert "Alt+7" in main_window.help.text
            assert "{key" not in main_window.help.text
        finally:
            use_language("en")
