"""The posting queue in the window: counted at the bottom, listed over the window, refused vouchers reopened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, Refused, Step
from erpdesk.ui.queue.queued import QueueState
from erpdesk.ui.voucher.stepper import StepState
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

SHORT = Refused("invalid", (Fault("INV-001", "12 are there", "lines[0].amount", Step.INVENTORY),))


def opened(qtbot: QtBot, window: MainWindow, do: Callable[[], object]) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        do()
    voucher: VoucherWindow = signal.args[0]
    return voucher


def pay(*amounts: str) -> None:
    for amount in amounts:
        if here() == "field_account":
            typed("cas", "<Enter>")
        typed("ren", "<Enter>", amount, "<Enter>", "<Ctrl+A>")


def refusing(*amounts: str) -> Callable[[dict[str, Any]], Refused | None]:
    return lambda document: SHORT if document["lines"][0]["amount"] in amounts else None


def settled(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.session.queue.open_count == 0)


def test_the_line_below_counts_what_waits_what_was_refused_and_what_is_posted(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    opened(qtbot, main_window, lambda: typed("<F5>"))
    books.vouchers.gate, books.vouchers.answer = threading.Event(), refusing("2")
    pay("1", "2", "3")
    assert main_window.queue.counts.text() == "Queue: 3 posting · 0 posted today"
    assert main_window.queue.refused.text() == ""
    books.vouchers.gate.set()
    settled(qtbot, main_window)
    assert main_window.queue.counts.text() == "Queue: 0 posting · 2 posted today"
    assert main_window.queue.refused.text() == "1 refused   Alt+Q"


def test_one_key_reopens_what_was_refused_at_its_fault_in_the_blank_tab_in_sight(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    window = opened(qtbot, main_window, lambda: typed("<F5>"))
    books.vouchers.answer = refusing("2")
    pay("2")
    settled(qtbot, main_window)
    count = len(main_window.pages.pages())
    typed("<Alt+W>")
    assert len(main_window.pages.pages()) == count
    assert here() == "cell_amount"
    assert window.draft.document()["lines"] == [{"account": "6020", "amount": "2"}]
    assert window.sheet.stepper.states[Step.INVENTORY] is StepState.FAILED
    assert window.sheet.stepper.code == "INV-001"
    assert main_window.queue.refused.text() == ""
    typed("3", "<Enter>", "<Ctrl+A>")
    settled(qtbot, main_window)
    assert len(set(books.vouchers.keys)) == 1, "the same voucher, mended"
    assert books.vouchers.posts[-1]["lines"] == [{"account": "6020", "amount": "3"}]
    assert main_window.queue.counts.text() == "Queue: 0 posting · 1 posted today"


def test_a_refused_voucher_comes_back_in_a_tab_of_its_own_while_another_is_typed_or_its_tab_was_closed(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    window = opened(qtbot, main_window, lambda: typed("<F5>"))
    books.vouchers.gate, books.vouchers.answer = threading.Event(), refusing("2")
    pay("2")
    typed("<Esc>", "<Esc>")
    assert window not in main_window.pages.pages()
    books.vouchers.gate.set()
    settled(qtbot, main_window)
    assert main_window.queue.refused.text().startswith("1 refused")
    assert "INV-001" in main_window.queue.word.text()
    journal = opened(qtbot, main_window, lambda: typed("<F7>"))
    typed("cap")
    again = opened(qtbot, main_window, lambda: typed("<Alt+W>"))
    assert again is not journal
    assert here() == "cell_amount"
    assert again.draft.document()["lines"] == [{"account": "6020", "amount": "2"}]
    assert again.sheet.stepper.code == "INV-001"
    assert main_window.session.queue.refused == ()


def test_the_list_shows_refused_vouchers_first_and_enter_reopens(qtbot: QtBot, main_window: MainWindow,
                                                                 books: FakeBooks) -> None:
    opened(qtbot, main_window, lambda: typed("<F5>"))
    books.vouchers.answer = refusing("2")
    pay("1", "2", "3")
    settled(qtbot, main_window)
    typed("cap", "<Alt+Q>")
    assert here() == "queueRows"
    table = main_window.queue_list.table
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert [one.state for one in table.vouchers] == [QueueState.REFUSED, QueueState.POSTED, QueueState.POSTED]
    texts = [[table.index(row, column).data() for column in range(5)] for row in range(2)]
    assert texts == [["✕ refused", "Cash Payment", "Cash", "2.00", "INV-001  12 are there"],
                     ["✓ posted", "Cash Payment", "Cash", "3.00", "XX/26-27/000003"]]
    typed("<F7>")
    assert here() == "queueRows", "keys of the window don't act beneath"
    typed("<Esc>")
    assert here() == "cell_account"
    assert focus().text() == "cap", "nothing was taken of half a name"
    typing = main_window.pages.current
    typed("<Alt+Q>")
    again = opened(qtbot, main_window, lambda: typed("<Enter>"))
    assert again is not typing, "something is half typed there"
    assert not main_window.queue_list.isVisible()
    assert here() == "cell_amount"
    assert again.draft.document()["lines"][0]["amount"] == "2"
    del tester


def test_what_was_refused_is_thrown_away_only_after_asking(qtbot: QtBot, main_window: MainWindow,
                                                           books: FakeBooks) -> None:
    opened(qtbot, main_window, lambda: typed("<F5>"))
    books.vouchers.answer = refusing("2")
    pay("2")
    settled(qtbot, main_window)
    typed("<Alt+Q>", "<Delete>")
    question = QApplication.activeModalWidget()
    assert question is not None
    assert [button.text() for button in question.buttons] == ["Keep it   Esc", "Throw it away   Alt+Y"]
    assert question.focusWidget() is question.buttons[0], "Enter does no harm"
    question.reject()
    assert len(main_window.session.queue.refused) == 1
    typed("<Delete>")
    question = QApplication.activeModalWidget()
    next(one for one in question.buttons if "away" in one.text()).click()
    assert main_window.session.queue.refused == ()


def test_a_lock_held_by_another_desk_is_waited_for_without_telling_the_clerk(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    opened(qtbot, main_window, lambda: typed("<F5>"))
    answers = [Refused("conflict", (Fault("NET-008", "locked", "", Step.JOURNAL),), retryable=True)]
    books.vouchers.answer = lambda _document: answers.pop() if answers else None
    pay("1", "2")
    qtbot.waitUntil(lambda: main_window.session.queue.posted_today == 2)
    amounts = [one["lines"][0]["amount"] for one in books.vouchers.posts]
    assert amounts == ["1", "1", "2"], "those behind it wait for it"


def test_an_empty_queue_prints_no_keys_for_what_is_not_there(qtbot: QtBot, main_window: MainWindow) -> None:
    typed("<Alt+Q>")
    assert here() == "queueRows"
    qtbot.waitUntil(lambda: any(key.chord == "Esc" for key in main_window.bar.keys))
    assert not {"Return", "Del"} & {key.chord for key in main_window.bar.keys}
