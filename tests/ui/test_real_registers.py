"""Registers and stored vouchers on real books: what is found there is gone on with, undone and turned through."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.ui.registers.view import RegisterView
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, typed
from helpers.database import Database
from helpers.shop_window import window
from helpers.shops import open_shop

__all__ = ["window"]


@pytest.fixture
def books(database: Database) -> Books:
    """A new shop with a journal posted and one left as a draft, both today."""
    made = open_shop(database)
    today = made.vouchers.new_document("JOURNAL")["date"]
    for amount, post in (("100.00", True), ("40.00", False)):
        document = {"type": "JOURNAL", "date": today, "narration": f"of {amount}", "lines": [
            {"account": "1110", "debit": amount}, {"account": "3010", "credit": amount}]}
        result: Any = made.vouchers.post(document) if post else made.vouchers.save(document)
        assert isinstance(result, Ok), result
    return made


def day_book(qtbot: QtBot, window: MainWindow) -> RegisterView:
    window.opener.open_report("day-book")
    view = window.pages.current
    assert isinstance(view, RegisterView)
    settled(qtbot, window)
    return view


def settled(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    qtbot.waitUntil(lambda: not (session.browsing.is_busy or session.requests.is_busy), timeout=20_000)


def shown_after(qtbot: QtBot, window: MainWindow, key: str) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=20_000) as signal:
        typed(key)
    voucher: VoucherWindow = signal.args[0]
    settled(qtbot, window)
    return voucher


def said(view: RegisterView) -> list[tuple[str, str]]:
    last = view.model.columnCount() - 1
    return [(str(row["total"]), view.model.data(view.model.index(number, last)))
            for number, row in ((number, view.model.row(number)) for number in range(view.model.rowCount()))]


def confirmed(qtbot: QtBot, window: MainWindow, reason: str) -> None:
    question = window.findChild(Question)
    assert question is not None
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and question.isAncestorOf(there))
    typed("<Enter>", reason)
    QTest.keyClick(focus(), Qt.Key.Key_Return)


def test_a_draft_of_the_day_book_is_changed_and_posted(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    view = day_book(qtbot, window)
    assert said(view) == [("100.00", "Posted"), ("40.00", "Draft")]
    draft = shown_after(qtbot, window, "<Enter>")
    for row, key in ((0, "debit"), (1, "credit")):
        draft.enter("lines", row, key)
        typed("55", "<Enter>")
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: not draft.submission.is_running, timeout=20_000)
    assert "Posted JV/" in draft.sheet.banner.text, draft.sheet.banner.text
    draft.wants_close.emit()
    assert window.pages.current is view
    settled(qtbot, window)
    assert said(view) == [("100.00", "Posted"), ("55.00", "Posted")]
    row = view.row_here()
    assert row is not None
    assert row.cells["total"] == "55.00", "the cursor stays at the voucher"


def test_a_posted_voucher_is_reversed_and_corrected_by_key(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    view = day_book(qtbot, window)
    typed("<Home>")
    posted = shown_after(qtbot, window, "<Enter>")
    assert posted.is_view
    typed("<Alt+R>")
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=20_000) as signal:
        confirmed(qtbot, window, "typed twice")
    undone: VoucherWindow = signal.args[0]
    assert undone.sheet.status.text().startswith("Reversed  ·  Reversed by JV/")
    assert not undone.offers("reverse")
    settled(qtbot, window)
    undone.wants_close.emit()
    settled(qtbot, window)
    assert sorted(state for _, state in said(view)) == ["Draft", "Posted", "Reversed"]
    result = books.vouchers.post({"type": "JOURNAL", "date": str(books.vouchers.new_document("JOURNAL")["date"]),
                                  "lines": [{"account": "1110", "debit": "7"}, {"account": "3010", "credit": "7"}]})
    assert isinstance(result, Ok)
    window.opener.open_voucher(str(result.value.voucher_id))
    qtbot.waitUntil(lambda: isinstance(window.pages.current, VoucherWindow), timeout=20_000)
    settled(qtbot, window)
    window.activateWindow()
    window.pages.current.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    typed("<Alt+E>")
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=20_000) as signal:
        confirmed(qtbot, window, "wrong amount")
    copy: VoucherWindow = signal.args[0]
    assert not copy.is_view
    assert copy.draft.document()["lines"][0]["debit"] in ("7", "7.00")
    settled(qtbot, window)


def test_vouchers_are_turned_through_and_a_draft_is_cancelled(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=20_000):
        typed("<F7>")
    settled(qtbot, window)
    draft = shown_after(qtbot, window, "<PageUp>")
    assert (draft.stored.status, draft.is_view) == ("DRAFT", False)
    assert shown_after(qtbot, window, "<PageUp>").stored.status == "POSTED"
    draft = shown_after(qtbot, window, "<PageDown>")
    typed("<Alt+X>")
    question = window.findChild(Question)
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and question.isAncestorOf(there))
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: draft not in window.pages.pages(), timeout=20_000)
    assert books.vouchers.show(draft.stored.voucher_id).facts["status"] == "CANCELLED"


def test_a_posted_draft_keeps_the_form_that_it_was_entered_in(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    now = books.vouchers.schema("JOURNAL")
    assert books.vouchers.schema("JOURNAL", 1).voucher_type == now.voucher_type
