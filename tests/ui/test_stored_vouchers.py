"""Stored vouchers: drafts go on in their version, posted ones are read and undone by key, neighbours are a key away."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.register_pages import Tie
from erpdesk.ui.deciding import Decision
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks
from helpers.fake_registers import many_rows

DRAFT = {"status": "DRAFT", "voucher_number": None, "row_version": 7}


def opened(qtbot: QtBot, window: MainWindow, reference: str) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        window.opener.open_voucher(reference)
    voucher: VoucherWindow = signal.args[0]
    qtbot.waitUntil(lambda: not voucher.session.browsing.is_busy)
    return voucher


def bar(window: MainWindow) -> set[str]:
    return {key.label for key in window.bar.keys}


def asked(qtbot: QtBot, window: MainWindow, chord: str) -> Question:
    typed(chord)
    question = window.findChild(Question)
    assert question is not None
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and question.isAncestorOf(there))
    return question


def answered(key: Qt.Key) -> None:
    """A press that closes the question: for a moment nothing has the focus."""
    QTest.keyClick(focus(), key)


def turned(qtbot: QtBot, window: MainWindow, *keys: str) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        typed(*keys)
    voucher: VoucherWindow = signal.args[0]
    qtbot.waitUntil(lambda: not voucher.session.browsing.is_busy)
    return voucher


@pytest.mark.parametrize("status", ["DRAFT", "REJECTED"])
def test_a_draft_opens_for_editing_and_is_saved_and_posted_in_its_version(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, status: str) -> None:
    books.vouchers.stored["d-1"] = DRAFT | {"status": status}
    known: list[tuple[Any, Any]] = []
    save, post = books.vouchers.save, books.vouchers.post

    def noting(call: Any) -> Any:
        def noted(document: Any, **more: Any) -> Any:
            known.append((more.get("voucher_id"), more.get("row_version")))
            return call(document, **more)
        return noted

    books.vouchers.save, books.vouchers.post = noting(save), noting(post)  # type: ignore[method-assign]
    voucher = opened(qtbot, main_window, "d-1")
    assert not voucher.is_view
    assert not voucher.draft.is_changed
    assert voucher.isAncestorOf(focus())
    assert {"Accept", "Save draft", "Cancel draft"} <= bar(main_window)
    voucher.enter("lines", 0, "debit")
    typed("250", "<Enter>", "<Ctrl+S>")
    qtbot.waitUntil(lambda: not voucher.submission.is_saving)
    assert books.vouchers.saves[0]["lines"][0]["debit"] == "250"
    voucher.enter("lines", 1, "credit")
    typed("250", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: not voucher.submission.is_running)
    assert known == [("d-1", 7), ("d-1", 8)]
    assert voucher.draft.is_blank
    assert voucher.stored.voucher_id == ""


def test_a_posted_voucher_is_read_and_says_what_can_be_done(qtbot: QtBot, main_window: MainWindow,
                                                            books: FakeBooks) -> None:
    voucher = opened(qtbot, main_window, "p-0001")
    assert voucher.is_view
    assert {"Reverse", "Correct", "Duplicate", "Voucher before"} <= bar(main_window)
    assert not {"Accept", "Save draft", "Cancel draft", "Withdraw", "Post", "Tied vouchers"} & bar(main_window)
    books.registers.may = frozenset({"enter"})
    opened(qtbot, main_window, "p-0002")
    assert "Duplicate" in bar(main_window)
    assert not {"Reverse", "Correct"} & bar(main_window)
    typed("<Alt+R>")
    assert main_window.findChild(Question) is None


@pytest.mark.parametrize(("chord", "what", "button"), [("<Alt+R>", "reverse", "Post the reversal"),
                                                       ("<Alt+E>", "correct", "Reverse and open a copy")])
def test_reversing_and_correcting_ask_for_day_and_reason(qtbot: QtBot, main_window: MainWindow, books: FakeBooks,
                                                         chord: str, what: str, button: str) -> None:
    opened(qtbot, main_window, "p-0001")
    question = asked(qtbot, main_window, chord)
    assert question.done_button.text() == f"{button}   Alt+Y"
    assert here() == "questionDate"
    typed("5", "<Enter>", "<Enter>")
    assert not books.vouchers.done
    assert question.word.text() == "A reason is needed"
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("typed twice")
        answered(Qt.Key.Key_Return)
    assert books.vouchers.done == [(what, "p-0001", "2026-11-05", "typed twice")]
    there: VoucherWindow = signal.args[0]
    assert main_window.pages.current is there
    assert there.is_view is (what == "reverse")
    assert len([page for page in main_window.pages.pages() if isinstance(page, VoucherWindow)]) == 1


def test_esc_keeps_a_posted_voucher_as_it_is(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    voucher = opened(qtbot, main_window, "p-0001")
    asked(qtbot, main_window, "<Alt+R>")
    answered(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: main_window.findChild(Question) is None)
    assert main_window.pages.current is voucher
    assert not books.vouchers.done


def test_alt_x_cancels_a_draft_and_names_the_consequence(qtbot: QtBot, main_window: MainWindow,
                                                         books: FakeBooks) -> None:
    books.vouchers.stored["d-1"] = DRAFT
    voucher = opened(qtbot, main_window, "d-1")
    assert "Cancel draft" in bar(main_window)
    question = asked(qtbot, main_window, "<Alt+X>")
    assert question.done_button.text() == "Cancel draft   Alt+Y"
    answered(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: voucher not in main_window.pages.pages())
    assert books.approvals.done == [("cancel", "d-1", "", 7)]


def test_a_waiting_voucher_is_withdrawn_and_can_be_edited_again(qtbot: QtBot, main_window: MainWindow,
                                                                books: FakeBooks) -> None:
    books.vouchers.stored["w-1"] = DRAFT | {"status": "PENDING_APPROVAL"}
    waiting = opened(qtbot, main_window, "w-1")
    assert waiting.is_view
    assert "Withdraw" in bar(main_window)
    session = main_window.session
    session.approval_watch.stop()
    session.place.permissions = frozenset(("voucher.approve",))
    with qtbot.waitSignal(session.approval_watch.looked):
        there = turned(qtbot, main_window, "<Alt+W>")
    assert books.approvals.done == [("withdraw", "w-1", "", 7)]
    assert not there.is_view


def test_page_up_and_down_turn_through_the_vouchers_of_the_type(qtbot: QtBot, main_window: MainWindow,
                                                               books: FakeBooks) -> None:
    books.registers.rows = many_rows(5)
    ids = [row.voucher_id for row in books.registers.rows]
    with qtbot.waitSignal(main_window.opener.voucher_opened):
        typed("<F7>")
    last = turned(qtbot, main_window, "<PageUp>")
    assert last.stored.voucher_id == ids[4]
    assert turned(qtbot, main_window, "<PageUp>").stored.voucher_id == ids[3]
    here_now = turned(qtbot, main_window, "<PageDown>")
    assert here_now.stored.voucher_id == ids[4]
    typed("<PageDown>")
    assert "last one" in here_now.sheet.banner.text
    assert main_window.pages.current is here_now
    assert main_window.pages.bar.tabText(main_window.pages.bar.currentIndex()) == f"JV/{ids[4][-4:]}"


def test_neighbours_are_at_hand_before_they_are_wanted(qtbot: QtBot, main_window: MainWindow,
                                                       books: FakeBooks) -> None:
    books.registers.rows = many_rows(5)
    ids = [row.voucher_id for row in books.registers.rows]
    opened(qtbot, main_window, ids[2])
    books.registers.gate = threading.Event()
    shown: list[VoucherWindow] = []
    main_window.opener.voucher_opened.connect(shown.append)
    typed("<PageUp>")
    assert [one.stored.voucher_id for one in shown] == [ids[1]], "nothing was waited for"
    books.registers.gate.set()


def test_turning_asks_only_when_something_would_be_lost(qtbot: QtBot, main_window: MainWindow,
                                                        books: FakeBooks) -> None:
    books.registers.rows = many_rows(3)
    ids = [row.voucher_id for row in books.registers.rows]
    books.vouchers.stored[ids[1]] = DRAFT
    voucher = opened(qtbot, main_window, ids[1])
    voucher.enter("lines", 0, "debit")
    typed("250", "<Enter>", "<PageUp>")
    question = main_window.findChild(Decision)
    assert question is not None
    assert main_window.pages.current is voucher
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        next(button for button in question.buttons if button.text().startswith("Discard it")).click()
    assert signal.args[0].stored.voucher_id == ids[0]


def test_tied_vouchers_are_said_and_open_by_key(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    books.registers.tied = (Tie("reversed_by", "r-0009", "JV/26-27/000009", "Journal", "2026-11-05", "POSTED"),)
    books.vouchers.stored["p-0001"] = {"status": "REVERSED"}
    voucher = opened(qtbot, main_window, "p-0001")
    assert voucher.sheet.status.text() == "Reversed  ·  Reversed by JV/26-27/000009"
    assert "Tied vouchers" in bar(main_window)
    typed("<Alt+L>")
    assert here() == "goToFilter"
    assert "Reversed by   JV/26-27/000009" in main_window.go_to.model.rows[-1].label  # type: ignore[union-attr]
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<Enter>")
    assert signal.args[0].stored.voucher_id == "r-0009"
    assert voucher in main_window.pages.pages()


def test_opening_a_voucher_that_is_open_brings_its_tab_to_the_front(qtbot: QtBot, main_window: MainWindow) -> None:
    first = opened(qtbot, main_window, "p-0001")
    main_window.pages.show_page(main_window.gateway)
    main_window.opener.open_voucher("p-0001")
    assert main_window.pages.current is first
    assert QApplication.focusWidget() is not None
    assert focus().window() is main_window


@pytest.mark.parametrize(("chord", "what"), [("<Alt+R>", "reverse"), ("<Alt+E>", "correct")])
def test_keys_typed_ahead_of_a_question_are_typed_into_it_and_those_after_it_act_afterwards(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, chord: str, what: str) -> None:
    opened(qtbot, main_window, "p-0001")
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        for key in (chord, "<Enter>", "typed twice", "<Enter>", "<Ctrl+K>"):
            typed(key)
    assert [one[0] for one in books.vouchers.done] == [what]
    assert books.vouchers.done[0][3] == "typed twice"
    assert main_window.pages.current is signal.args[0]
    qtbot.waitUntil(main_window.keys_page.isVisible)


@pytest.mark.parametrize(("comment", "said"), [("wrong rate", "Rejected by asha: wrong rate"),
                                               (None, "Rejected by asha, no reason given")])
def test_who_entered_a_rejected_voucher_reads_by_whom_and_why(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, comment: str | None, said: str) -> None:
    decisions = [{"round": 1, "level": 1, "decision": "approved", "decided_by": "bina", "comment": "fine"},
                 {"round": 1, "level": 2, "decision": "rejected", "decided_by": "asha", "comment": comment}]
    books.vouchers.stored["d-1"] = DRAFT | {"status": "REJECTED", "approvals": decisions}
    voucher = opened(qtbot, main_window, "d-1")
    assert (voucher.sheet.banner.text, voucher.sheet.banner.tone) == (said, "warning")
    books.vouchers.stored["d-1"] = DRAFT | {"approvals": decisions}
    assert opened(qtbot, main_window, "d-2").sheet.banner.text == "", "of others nothing is said"
