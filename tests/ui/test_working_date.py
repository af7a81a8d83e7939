"""The working date is set with F2 at the gateway, lies in an open year, and is what blank vouchers begin with."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed


def test_f2_at_the_gateway_sets_the_day_that_vouchers_begin_with(qtbot: QtBot, main_window: MainWindow) -> None:
    typed("<F2>")
    assert here() == "workingDateField"
    typed("5", "<Enter>")
    assert here() == "gatewayFilter"
    assert main_window.strip.day.text() == "Thu 5-Nov-2026"
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<F8>")
    assert signal.args[0].draft.header.values["date"] == "2026-11-05"
    main_window.pages.show_page(main_window.gateway)
    typed("<F2>", "t", "<Enter>")
    assert main_window.strip.day.text() == "Fri 20-Nov-2026", "today is the server's"


def test_a_day_outside_of_every_year_is_refused_with_the_reason(main_window: MainWindow) -> None:
    typed("<F2>", "5-4-1999", "<Enter>")
    prompt = main_window.working_date
    assert here() == "workingDateField"
    assert "no fiscal year" in prompt.word.text()
    typed("<Ctrl+A>", "noday", "<Enter>")
    assert here() == "workingDateField"
    assert prompt.word.text()
    typed("<Esc>")
    assert here() == "gatewayFilter"
    assert main_window.strip.day.text() == "Fri 20-Nov-2026"
