"""Everything typed into a voucher can be taken back step by step, the cursor going along, and done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from erpdesk.ui.voucher.history import MOST_STEPS
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed

Open = Callable[[str], VoucherWindow]
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def lines(window: VoucherWindow) -> Any:
    return window.draft.document()["lines"]


def test_each_accepted_field_is_a_step_and_the_cursor_goes_along(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "bank ch", "<Enter>")
    assert lines(window) == [{"account": "6020", "amount": "5"}, {"account": "6050"}]
    typed("<Ctrl+Z>")
    assert (lines(window), here()) == ([{"account": "6020", "amount": "5"}], "cell_account")
    typed("<Ctrl+Z>")
    assert (lines(window), here()) == ([{"account": "6020"}], "cell_amount")
    typed("<Ctrl+Z>")
    assert (lines(window), here()) == ([], "cell_account")
    typed("<Ctrl+Z>")
    assert here() == "field_account"
    assert window.draft.header.values.get("account") is None
    assert focus().text() == ""
    typed("<Ctrl+Z>")
    assert "nothing more" in window.sheet.banner.text
    typed("<Ctrl+Y>", "<Ctrl+Y>", "<Ctrl+Shift+Z>", "<Ctrl+Y>")
    assert lines(window) == [{"account": "6020", "amount": "5"}, {"account": "6050"}]
    assert (here(), window.sheet.grids["lineGrid"].here()) == ("cell_amount", (1, "amount"))
    assert window.sheet.totals.figure("net") == "5.00"


def test_what_is_being_typed_is_taken_back_first(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Shift+Tab>", "77", "<Ctrl+Z>")
    assert (here(), focus().text()) == ("cell_amount", "5.00")
    typed("8", "<Enter>")
    assert lines(window) == [{"account": "6020", "amount": "8"}]


def test_typing_after_undo_ends_what_could_be_done_again(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+Z>", "9", "<Enter>", "<Ctrl+Y>")
    assert lines(window) == [{"account": "6020", "amount": "9"}]
    assert "nothing to do again" in window.sheet.banner.text


@pytest.mark.parametrize("chord", ["<Ctrl+D>", "<Ctrl+I>", "<Ctrl+Shift+I>", "<Alt+Up>", "<Alt+Down>", "<F3>",
                                   "<Shift+F3>", "<Ctrl+B>"])
def test_every_action_on_lines_is_one_step(open_voucher: Open, chord: str) -> None:
    window = open_voucher("JOURNAL")
    model = window.sheet.models["lines"]
    tester = QAbstractItemModelTester(model, FATAL)
    typed("cash", "<Enter>", "100", "<Enter>", "cap", "<Enter>", "70", "<Enter>", "ren", "<Enter>", "5", "<Enter>")
    grid = window.sheet.grids["lineGrid"]
    grid.enter(1, "account")
    before, rows = lines(window), [line.is_blank for line in model.lines]
    typed(chord)
    after, moved = lines(window), [line.is_blank for line in model.lines]
    assert (after, moved) != (before, rows)
    typed("<Ctrl+Z>")
    assert (lines(window), [line.is_blank for line in model.lines], grid.here()) == (before, rows, (1, "account"))
    typed("<Ctrl+Y>")
    assert (lines(window), [line.is_blank for line in model.lines]) == (after, moved)
    del tester


def test_lines_move_with_the_cursor_and_the_blank_one_stays_last(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "bank ch", "<Enter>", "6", "<Enter>", "<Alt+Up>")
    assert lines(window) == [{"account": "6020", "amount": "5"}, {"account": "6050", "amount": "6"}]
    grid = window.sheet.grids["lineGrid"]
    grid.enter(1, "amount")
    typed("<Alt+Down>", "<Alt+Up>")
    assert (lines(window)[0]["account"], grid.here()) == ("6050", (0, "amount"))
    typed("7", "<Alt+Down>")
    assert lines(window) == [{"account": "6020", "amount": "5"}, {"account": "6050", "amount": "7"}]


def test_a_duplicate_shares_nothing_with_its_line(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+Shift+I>")
    assert len(lines(window)) == 1, "a blank line has nothing to repeat"
    typed("<Shift+Tab>", "<Ctrl+Shift+I>")
    assert (here(), focus().text()) == ("cell_amount", "5.00")
    typed("6", "<Enter>")
    assert lines(window) == [{"account": "6020", "amount": "5"}, {"account": "6020", "amount": "6"}]


def test_the_header_and_what_follows_from_it_go_back_together(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>")
    assert window.draft.header.values["credit_days"] == "30"
    window.sheet.header.enter("party")
    typed("bin", "<Enter>", "<Ctrl+Z>")
    assert window.draft.header.values["party"] == "C001"
    assert window.draft.header.values["credit_days"] == "30"
    assert focus().text() == "Asha Stores"
    typed("<Ctrl+Y>")
    assert window.draft.header.values["credit_days"] == "15"


def test_a_proposed_amount_is_no_step(open_voucher: Open) -> None:
    window = open_voucher("JOURNAL")
    typed("cash", "<Enter>", "100", "<Enter>", "cap", "<Enter>")
    assert focus().text() == "100.00"
    typed("<Ctrl+Z>")
    assert lines(window) == [{"account": "1110", "debit": "100"}]


def test_the_next_voucher_has_a_history_of_its_own(open_voucher: Open, qtbot: Any) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: not window.submission.is_running)
    typed("<Ctrl+Z>")
    assert lines(window) == []
    assert "nothing more" in window.sheet.banner.text


def test_the_history_has_an_end(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>")
    for number in range(MOST_STEPS + 20):
        window.sheet.models["lines"].put(0, "amount", str(number + 1))
        window.typing.settle()
    typed(*(MOST_STEPS * ["<Ctrl+Z>"]))
    assert lines(window) == [{"amount": "20"}]
    typed("<Ctrl+Z>")
    assert lines(window) == [{"amount": "20"}]
