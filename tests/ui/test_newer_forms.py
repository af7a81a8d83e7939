"""What an administrator changes reaches open desks; a voucher that is being typed keeps the form it was begun in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, Refused
from erpdesk.storage.master_changes import Position
from erpdesk.ui.queue.queued import QueuedVoucher
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks, FakeDesk, slowly
from helpers.started_windows import in_sight, label_of, starting

PAYMENT = "CASH_PAYMENT"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, books: FakeBooks, root: Path) -> Iterator[Callable[[], MainWindow]]:
    """Starts the program on the same books with the same journal."""
    with starting(qtbot, qapp) as started:
        yield lambda: started(Session(slowly(FakeDesk(books), 0), journal=root))


def changed(qtbot: QtBot, window: MainWindow, books: FakeBooks, code: str, **columns: Any) -> None:
    """An administrator elsewhere has changed a type, and this desk has looked."""
    books.vouchers.kinds.change(code, **columns)
    books.masters.changes["voucher_types"] = Position(books.masters.changes["voucher_types"].masters + 1)
    session, made = window.session, books.vouchers.kinds.blueprint(code)
    session.freshness.look()

    def is_known() -> bool:
        info = session.type_info(code)
        return info is None if not made.voucher_type.is_active else info is not None and info.version == made.version

    qtbot.waitUntil(is_known)
    qtbot.waitUntil(lambda: not session.browsing.is_busy)
    QApplication.processEvents()


def payment(qtbot: QtBot, window: MainWindow) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        typed("<F5>")
    voucher: VoucherWindow = signal.args[0]
    return voucher


def gateway_labels(window: MainWindow) -> list[str]:
    return [place.label for place in window._type_places()]


def test_the_gateway_and_its_keys_follow(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    changed(qtbot, main_window, books, PAYMENT, label="Money out", shortcut="Alt+9")
    assert "Money out" in gateway_labels(main_window)
    kind = main_window.session.type_info(PAYMENT)
    assert kind is not None
    assert kind.key == "Alt+9"
    with qtbot.waitSignal(main_window.opener.voucher_opened):
        typed("<Alt+9>")
    assert in_sight(main_window).schema.label == "Money out"


def test_a_type_switched_off_leaves_and_one_switched_on_comes(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    assert "Physical Stock" not in gateway_labels(main_window)
    changed(qtbot, main_window, books, "PHYSICAL_STOCK", is_active=True)
    assert "Physical Stock" in gateway_labels(main_window)
    changed(qtbot, main_window, books, "PHYSICAL_STOCK", is_active=False)
    assert "Physical Stock" not in gateway_labels(main_window)


def test_a_blank_tab_takes_the_new_form_and_the_cursor_stays_at_its_beginning(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    before = payment(qtbot, main_window)
    first = here()
    changed(qtbot, main_window, books, PAYMENT, ref_no_label="Slip", label="Money out")
    qtbot.waitUntil(lambda: main_window.pages.current is not before)
    assert (label_of(in_sight(main_window)), here()) == ("Slip", first)
    assert "changed" in in_sight(main_window).sheet.banner.text
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)
    assert books.vouchers.versions == [2]


def test_a_new_form_is_asked_for_once_however_much_is_heard_meanwhile(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    before, answers, asked = payment(qtbot, main_window), threading.Event(), []
    blank = books.vouchers.new_document

    def slow(code: str) -> dict[str, Any]:
        asked.append(code)
        assert answers.wait(20)
        return blank(code)

    monkeypatch.setattr(books.vouchers, "new_document", slow)
    books.vouchers.kinds.change(PAYMENT, ref_no_label="Slip")
    books.masters.changes["voucher_types"] = Position(books.masters.changes["voucher_types"].masters + 1)
    main_window.session.freshness.look()
    qtbot.waitUntil(lambda: asked == [PAYMENT])
    for _ in range(3):
        main_window.session.types_changed.emit()
    answers.set()
    qtbot.waitUntil(lambda: main_window.pages.current is not before)
    qtbot.waitUntil(lambda: not main_window.session.browsing.is_busy)
    assert asked == [PAYMENT]


def test_a_voucher_being_typed_keeps_its_form_and_the_next_one_has_the_new(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    voucher = payment(qtbot, main_window)
    typed("cas", "<Enter>", "ren", "<Enter>", "5")
    place, widget = here(), QApplication.focusWidget()
    changed(qtbot, main_window, books, PAYMENT, ref_no_label="Slip")
    assert (in_sight(main_window), here(), QApplication.focusWidget()) == (voucher, place, widget)
    assert label_of(voucher) != "Slip"
    typed("<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)
    assert books.vouchers.versions == [1], "posted by the version it was typed on"
    qtbot.waitUntil(lambda: main_window.pages.current is not voucher)
    assert label_of(in_sight(main_window)) == "Slip"
    assert "XX/26-27/000001" in in_sight(main_window).sheet.banner.text, "what became of the one before is still told"
    assert main_window.pages.pages().count(in_sight(main_window)) == 1


def test_a_value_half_typed_into_a_blank_voucher_is_not_swept_away(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    voucher = payment(qtbot, main_window)
    typed("ca")
    changed(qtbot, main_window, books, PAYMENT, ref_no_label="Slip")
    assert in_sight(main_window) is voucher


def test_a_draft_saved_by_hand_names_its_version(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    voucher = payment(qtbot, main_window)
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>")
    changed(qtbot, main_window, books, PAYMENT, ref_no_label="Slip")
    typed("<Ctrl+S>")
    qtbot.waitUntil(lambda: len(books.vouchers.saves) == 1 and not voucher.submission.is_saving)
    assert books.vouchers.versions == [1]
    assert in_sight(main_window) is voucher


def test_what_was_typed_before_a_restart_comes_back_in_its_own_form(
        qtbot: QtBot, books: FakeBooks, start: Callable[[], MainWindow]) -> None:
    window = start()
    voucher = payment(qtbot, window)
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>")
    qtbot.waitUntil(lambda: voucher.keeping.is_told)
    assert window.session.journal.flush()
    window.session.close()
    window.hide()
    books.vouchers.kinds.change(PAYMENT, ref_no_label="Slip")
    again = start()
    assert again.session.type_info(PAYMENT).version == 2  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    with qtbot.waitSignal(again.opener.voucher_opened) as signal:
        QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Return)
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow)
    assert signal.args[0].schema.version == 1
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)
    assert books.vouchers.versions == [1]


def test_a_refused_voucher_is_reopened_in_the_form_it_was_typed_in(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    payment(qtbot, main_window)
    books.vouchers.answer = lambda _document: Refused("invalid", (Fault("GL-002", "No", "account"),))
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: len(main_window.session.queue.refused) == 1)
    changed(qtbot, main_window, books, PAYMENT, ref_no_label="Slip")
    qtbot.waitUntil(lambda: label_of(in_sight(main_window)) == "Slip")
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        main_window.opener.reopen(main_window.session.queue.refused[0])
    assert signal.args[0].schema.version == 1


def test_the_journal_keeps_the_version_of_what_waits() -> None:
    queued = QueuedVoucher("k", PAYMENT, "Payment", {}, {"version": 3}, version=3)
    assert QueuedVoucher.from_json(queued.as_json()).version == 3
    older = {key: value for key, value in queued.as_json().items() if key != "version"}
    assert QueuedVoucher.from_json(older).version is None, "entries of a program before this one"
