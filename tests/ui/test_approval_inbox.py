"""The approval inbox: what waits is opened, approved and rejected by key, in the version that was seen."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, Refused
from erpdesk.services.approvals import Waiting
from erpdesk.ui.approvals.view import InboxView
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.window.button_bar import keys_around
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, typed
from helpers.fake_desk import FakeBooks
from helpers.file_dialogs import chosen, name_field

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def waiting(voucher_id: str, bar: str = "") -> Waiting:
    return Waiting(voucher_id, "JOURNAL", "Journal", "2026-11-03", "HO", "C001", "Asha Stores", f"for {voucher_id}",
                   "123456789012.50", 1, 1, 1, "role approver", "bina", "2026-11-03T10:00:00", "please", 4, bar)


@pytest.fixture
def inbox(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> InboxView:
    """The inbox with two vouchers for this user and one for somebody else, opened from the gateway."""
    books.approvals.waiting = [waiting("w-1"), waiting("w-2"), waiting("w-3", "APR-002")]
    typed("approvals", "<Enter>")
    view = main_window.pages.current
    assert isinstance(view, InboxView)
    qtbot.waitUntil(lambda: not view.session.browsing.is_busy)
    qtbot.waitUntil(lambda: focus() is view.rows)
    return view


def asked(qtbot: QtBot, view: InboxView, chord: str) -> Question:
    typed(chord)
    question = view.findChild(Question)
    assert question is not None
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and question.isAncestorOf(there))
    return question


def settled(qtbot: QtBot, view: InboxView) -> None:
    qtbot.waitUntil(lambda: not (view.session.requests.is_busy or view.session.browsing.is_busy))


def test_approving_names_the_version_that_was_seen_and_goes_on_to_the_next(qtbot: QtBot, inbox: InboxView,
                                                                           books: FakeBooks) -> None:
    tester = QAbstractItemModelTester(inbox.model, FATAL)
    question = asked(qtbot, inbox, "<Alt+A>")
    assert question.done_button.text() == "Approve   Alt+Y"
    assert [key.label for key in keys_around(focus())] == ["Approve", "Keep it"]
    assert question.word.height() >= question.word.heightForWidth(question.word.width()), "every line of it is seen"
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    settled(qtbot, inbox)
    assert books.approvals.done == [("approve", "w-1", "", 4)]
    row = inbox.row_here()
    assert row is not None
    assert row.voucher_id == "w-2"
    del tester


def test_what_is_approved_and_can_not_be_posted_is_said(qtbot: QtBot, inbox: InboxView, books: FakeBooks) -> None:
    books.approvals.not_posted = (Fault("INV-001", "Tea: 15 needed in MAIN, 12 available", "lines[0].quantity"),)
    asked(qtbot, inbox, "<Alt+A>")
    with qtbot.waitSignal(inbox.said) as said:
        QTest.keyClick(focus(), Qt.Key.Key_Return)
    assert said.args == ["Approved, but not posted: INV-001  Tea: 15 needed in MAIN, 12 available"]


def test_a_new_request_appears_without_a_key_and_the_cursor_stays(qtbot: QtBot, inbox: InboxView,
                                                                  books: FakeBooks, main_window: MainWindow) -> None:
    typed("<Down>")
    here = inbox.row_here()
    assert here is not None
    books.approvals.waiting = [waiting("w-0"), *books.approvals.waiting]
    main_window.session.place.permissions = frozenset(("voucher.approve",))
    with qtbot.waitSignal(inbox.session.approval_watch.looked):
        inbox.session.approval_watch.look()
    assert [row.voucher_id for row in inbox.model.rows] == ["w-0", "w-1", "w-2"]
    row = inbox.row_here()
    assert row is not None
    assert row.voucher_id == here.voucher_id
    assert main_window.queue.asked.text() == "3 wait for your approval"


def test_the_last_line_knows_what_was_decided_at_once(qtbot: QtBot, inbox: InboxView, main_window: MainWindow) -> None:
    place, watch, told = main_window.session.place, main_window.session.approval_watch, main_window.queue.asked
    watch.stop()
    place.permissions = frozenset(("voucher.approve",))
    watch.look()
    qtbot.waitUntil(lambda: told.text() == "2 wait for your approval")
    asked(qtbot, inbox, "<Alt+A>")
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told.text() == "1 waits for your approval")


def test_what_was_asked_before_a_decision_is_asked_once_more(qtbot: QtBot, inbox: InboxView, books: FakeBooks,
                                                             main_window: MainWindow) -> None:
    watch, told = main_window.session.approval_watch, main_window.queue.asked
    watch.stop()
    main_window.session.place.permissions = frozenset(("voucher.approve",))
    read, decided, answer = threading.Event(), threading.Event(), books.approvals.inbox

    def slow(*, everything: bool = False) -> Sequence[Waiting]:
        found = answer(everything=everything)
        read.set()
        decided.wait()
        return found

    counts: list[int] = []
    watch.mine_changed.connect(counts.append)
    books.approvals.inbox = slow  # type: ignore[method-assign]
    watch.look()
    read.wait()
    books.approvals.waiting = []
    watch.look_again()
    decided.set()
    qtbot.waitUntil(lambda: counts == [2, 0])
    assert told.text() == ""


def test_who_may_approve_no_longer_is_not_waited_for(qtbot: QtBot, inbox: InboxView, main_window: MainWindow) -> None:
    watch, told = main_window.session.approval_watch, main_window.queue.asked
    watch.stop()
    main_window.session.place.permissions = frozenset(("voucher.approve",))
    watch.look()
    qtbot.waitUntil(lambda: told.text() != "")
    main_window.session.place.permissions = frozenset()
    watch.look()
    assert told.text() == ""


def test_rejecting_needs_a_reason(qtbot: QtBot, inbox: InboxView, books: FakeBooks) -> None:
    question = asked(qtbot, inbox, "<Alt+R>")
    typed("<Enter>")
    assert question.word.text() == "A reason is needed"
    typed("wrong party")
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    settled(qtbot, inbox)
    assert books.approvals.done == [("reject", "w-1", "wrong party", 4)]


def test_what_waits_for_others_can_be_read_but_not_decided(qtbot: QtBot, inbox: InboxView) -> None:
    window = inbox.window()
    assert isinstance(window, MainWindow)
    assert "Approve" in {key.label for key in window.bar.keys}
    typed("<Down>", "<Down>", "<Alt+A>")
    assert inbox.findChild(Question) is None
    assert not {"Approve", "Reject"} & {key.label for key in window.bar.keys}
    assert inbox.model.data(inbox.model.index(2, 6)) == "role approver"
    assert inbox.model.data(inbox.model.index(0, 6)) == "You"


def test_a_refused_decision_is_said(qtbot: QtBot, inbox: InboxView, books: FakeBooks) -> None:
    books.approvals.refusal = Refused("conflict", (Fault("VCH-002", "The voucher was changed"),))
    said: list[str] = []
    inbox.said.connect(said.append)
    asked(qtbot, inbox, "<Alt+A>")
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    settled(qtbot, inbox)
    assert said == ["VCH-002  The voucher was changed"]


def test_an_empty_inbox_says_so(qtbot: QtBot, inbox: InboxView, books: FakeBooks) -> None:
    books.approvals.waiting = []
    typed("<F12>")
    settled(qtbot, inbox)
    assert "F4" in inbox.word.text()
    assert inbox.word.isVisible()
    assert focus() is inbox


@pytest.mark.parametrize(("report", "content"), [("day-book", "no 0"), ("tax-register", "tax-register as csv")])
def test_ctrl_e_writes_what_is_shown_to_a_file(qtbot: QtBot, main_window: MainWindow, tmp_path: Path, report: str,
                                               content: str) -> None:
    main_window.opener.open_report(report)
    view: Any = main_window.pages.current
    qtbot.waitUntil(lambda: not view.model.is_empty)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view.rows)
    typed("<Ctrl+E>")
    assert name_field(view, "exportFile").selectedText(), "the name proposed is typed over"
    file = tmp_path / "mine.csv"
    chosen(view, "exportFile", file)
    qtbot.waitUntil(lambda: file.exists() and not view.session.background.is_busy)
    assert file.read_text() == content
