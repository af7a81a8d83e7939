"""Nothing typed is lost: what the journal kept is offered at the next start, sent again, or asked about at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, Refused
from erpdesk.ui.deciding import Decision
from erpdesk.ui.journal.folder import Entry, JournalFolder
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks, FakeDesk, slowly
from helpers.started_windows import starting

Start = Callable[[], MainWindow]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the programs of a test keep their journal."""
    return tmp_path / "journal"


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, books: FakeBooks, root: Path) -> Iterator[Start]:
    """Starts the program: a window on the same books with the same journal."""
    with starting(qtbot, qapp) as started:
        yield lambda: started(Session(slowly(FakeDesk(books), 0), journal=root))


def opened(qtbot: QtBot, window: MainWindow, do: Callable[[], object]) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        do()
    voucher: VoucherWindow = signal.args[0]
    return voucher


def killed(qtbot: QtBot, window: MainWindow) -> None:
    """End as by kill -9, but for what had a moment to reach the disk."""
    typing = [page for page in window.pages.pages() if isinstance(page, VoucherWindow)]
    qtbot.waitUntil(lambda: all(page.keeping.is_told for page in typing))
    assert window.session.journal.flush()
    window.session.close()
    window.hide()


def on_disk(root: Path) -> list[Entry]:
    """What a next program would find."""
    organization, = root.iterdir()
    folder = JournalFolder(organization / "asha")
    folder.open()
    found = folder.take_over()
    folder.close()
    return list(found.values())


def question(name: str) -> Decision:
    found = QApplication.activeModalWidget()
    assert isinstance(found, Decision)
    assert found.objectName() == name
    return found


def press(box: Decision, text: str) -> None:
    next(button for button in box.buttons if text in button.text()).click()


def test_what_was_typed_when_the_program_ended_is_offered_and_typed_on_at_the_same_place(
        qtbot: QtBot, start: Start) -> None:
    window = start()
    first = opened(qtbot, window, lambda: typed("<F5>"))
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "ban", "<Enter>", "7")
    key = first.draft.idempotency_key
    opened(qtbot, window, lambda: typed("<F7>"))
    typed("ren", "<Enter>")
    killed(qtbot, window)
    again = start()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = question("recoverQuestion")
    assert "Cash Payment · Cash · 12.00" in box.word.text()
    assert "Journal" in box.word.text()
    vouchers: list[VoucherWindow] = []
    again.opener.voucher_opened.connect(vouchers.append)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(vouchers) == 2)
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow)
    payment = next(one for one in vouchers if one.schema.voucher_type == "CASH_PAYMENT")
    again.pages.show_page(payment)
    assert payment.draft.document()["lines"] == [{"account": "6020", "amount": "5"}, {"account": "1120", "amount": "7"}]
    assert payment.draft.idempotency_key == key
    assert here() == "cell_amount"
    assert payment.sheet.grids["lineGrid"].here() == (1, "amount")
    assert payment.draft.is_changed
    typed("9", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: again.session.queue.posted_today == 1)


def test_splits_come_back_with_what_was_typed(qtbot: QtBot, start: Start) -> None:
    window = start()
    sale = opened(qtbot, window, lambda: typed("<F8>"))
    typed("asha", "<Enter>", "vials", "<Enter>", "8", "<Enter>")
    qtbot.waitUntil(lambda: here() == "cell_quantity" and focus().text() == "6")
    typed("<Enter>", "<Enter>", "15", "<Enter>")
    payment = opened(qtbot, window, lambda: typed("<F5>"))
    typed("cas", "<Enter>", "ren", "<Enter>", "100", "<Alt+L>", "<Alt+L>", "head", "<Enter>", "<Enter>", "60",
          "<Enter>", "work", "<Enter>", "<Enter>", "<Enter>")
    before = [page.draft.document()["lines"] for page in (sale, payment)]
    assert [len(before[0][0]["details"]), len(before[1][0]["cost_centres"])] == [2, 2]
    killed(qtbot, window)
    window = start()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    press(question("recoverQuestion"), "Go on typing")
    qtbot.waitUntil(lambda: len([page for page in window.pages.pages() if isinstance(page, VoucherWindow)]) == 2)
    again = [page.draft.document()["lines"] for page in window.pages.pages() if isinstance(page, VoucherWindow)]
    assert sorted(again, key=str) == sorted(before, key=str)


def test_typing_that_is_declined_is_thrown_away_only_after_asking(qtbot: QtBot, start: Start, root: Path) -> None:
    window = start()
    opened(qtbot, window, lambda: typed("<F5>"))
    typed("cas", "<Enter>", "ren", "<Enter>")
    killed(qtbot, window)
    again = start()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    press(question("recoverQuestion"), "Discard")
    press(question("discardTypedQuestion"), "Keep")
    press(question("recoverQuestion"), "later")
    killed(qtbot, again)
    third = start()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    press(question("recoverQuestion"), "Discard")
    press(question("discardTypedQuestion"), "Throw")
    killed(qtbot, third)
    assert on_disk(root) == []


def test_the_offer_waits_until_it_disturbs_nobody(qtbot: QtBot, start: Start, books: FakeBooks,
                                                  root: Path) -> None:
    window = start()
    opened(qtbot, window, lambda: typed("<F5>"))
    typed("cas", "<Enter>")
    killed(qtbot, window)
    session = Session(slowly(FakeDesk(books), 0.2), journal=root)
    again = MainWindow(session)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitExposed(again)
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow)
    session.open()
    typed("jour")
    qtbot.waitUntil(lambda: again.recovery.count == 1)
    assert QApplication.activeModalWidget() is None
    opened(qtbot, again, lambda: typed("<Enter>"))
    typed("<Esc>", "<Esc>")
    question("recoverQuestion").reject()
    session.close()


def test_blank_posted_and_left_vouchers_leave_no_entry(qtbot: QtBot, start: Start, root: Path) -> None:
    window = start()
    opened(qtbot, window, lambda: typed("<F5>"))
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: window.session.queue.posted_today == 1)
    opened(qtbot, window, lambda: typed("<F7>"))
    typed("ren", "<Enter>", "5", "<Enter>")
    window.pages.current.leave()
    press(question("leaveQuestion"), "Discard")
    killed(qtbot, window)
    assert [entry["kind"] for entry in on_disk(root)] == ["posted-count"]
    again = start()
    qtbot.waitUntil(lambda: again.session.queue.posted_today == 1)
    assert "1 posted today" in again.queue.counts.text()


def test_what_was_accepted_is_sent_at_the_next_start_under_its_key(qtbot: QtBot, start: Start,
                                                                   books: FakeBooks) -> None:
    window = start()
    opened(qtbot, window, lambda: typed("<F5>"))
    books.vouchers.answer = lambda document: None if document["lines"][0]["amount"] != "2" else Refused(
        "invalid", (Fault("GL-002", "The account is inactive", "account"),))
    window.session.queue.reach(False)
    for number, keys in enumerate((("cas", "<Enter>"), (), ())):
        typed(*keys, "ren", "<Enter>", str(number + 1), "<Enter>", "<Ctrl+A>")
    assert "3 waiting for the server" in window.queue.counts.text()
    keys_accepted = [one.key for one in window.session.queue.vouchers]
    killed(qtbot, window)
    assert books.vouchers.posts == []
    again = start()
    qtbot.waitUntil(lambda: again.session.queue.posted_today == 2)
    assert books.vouchers.keys == keys_accepted
    assert QApplication.activeModalWidget() is None
    killed(qtbot, again)
    third = start()
    qtbot.waitUntil(lambda: len(third.session.queue.refused) == 1)
    assert len(books.vouchers.posts) == 3, "what was refused waits for the clerk"
    voucher = opened(qtbot, third, lambda: typed("<Alt+W>"))
    assert here() == "field_account"
    assert voucher.draft.document()["lines"] == [{"account": "6020", "amount": "2"}]
    assert voucher.sheet.stepper.code == "GL-002"


def test_closing_asks_while_vouchers_are_on_their_way(qtbot: QtBot, start: Start, books: FakeBooks) -> None:
    window = start()
    opened(qtbot, window, lambda: typed("<F5>"))
    books.vouchers.gate = threading.Event()
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+A>")
    window.close()
    assert window.isVisible()
    box = question("closeQuestion")
    assert "kept on this computer" in box.word.text()
    box.reject()
    window.close()
    press(question("closeQuestion"), "Wait")
    assert window.isVisible()
    books.vouchers.gate.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(books.vouchers.posts) == 1
