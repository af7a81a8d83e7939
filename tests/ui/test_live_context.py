"""What is known of a party, an account or an item stands beside it, late if need be, and disturbs nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]


def heard(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.background.is_busy)


def beside(window: VoucherWindow, key: str) -> str:
    return window.sheet.header.context[key].text()


def test_balance_and_limit_stand_beside_the_party(qtbot: QtBot, session: Session, open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>")
    heard(qtbot, session)
    assert beside(window, "party") == "bal. 12,400.00 Dr · limit 50,000.00"
    window.sheet.header.enter("party")
    typed("bina", "<Enter>")
    heard(qtbot, session)
    assert beside(window, "party") == "bal. 700.00 Dr · limit 500.00 exceeded"


def test_an_account_stands_at_its_balance_in_header_and_line(
        qtbot: QtBot, session: Session, open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cash", "<Enter>", "ren", "<Enter>")
    heard(qtbot, session)
    assert beside(window, "account") == "bal. 2,500.50 Dr"
    assert window.sheet.line_context.text() == "Rent:  bal. nil"


def test_a_line_shows_stock_batches_and_last_rate(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    books.live_context.last_rates["C001", "RICE"] = Decimal("1450")
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "rice", "<Enter>")
    heard(qtbot, session)
    assert window.sheet.line_context.text() == \
        "Basmati rice 25 kg:  stock MAIN 96 · L1 90 · last rate 1,450.00"
    typed("2", "<Enter>", "1", "<Enter>")
    assert window.sheet.line_context.text() == "", "the next line is blank"


def test_batches_that_are_not_named_are_not_passed_over_in_silence(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    books.live_context.batches = tuple(("MAIN", f"L{number}", 10) for number in range(1, 5))
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "rice", "<Enter>")
    heard(qtbot, session)
    assert window.sheet.line_context.text().endswith("stock MAIN 96 · L1 10  L2 10  L3 10  …")


def test_typing_goes_on_while_an_answer_is_awaited_and_nothing_moves(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    books.live_context.gate = threading.Event()
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "rice", "<Enter>", "2", "<Enter>")
    places = {one: one.geometry() for one in window.findChildren(QWidget) if one.isVisible()}
    editor = focus()
    typed("14")
    books.live_context.gate.set()
    heard(qtbot, session)
    assert focus() is editor
    assert editor.text() == "14"  # type: ignore[attr-defined]
    assert beside(window, "party")
    assert all(one.geometry() == place for one, place in places.items() if one.isVisible())


def test_the_latest_question_wins_and_older_ones_are_not_asked(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    gate = books.live_context.gate = threading.Event()
    window = open_voucher("SALES_INVOICE")
    for party in ("asha", "bina", "terai"):
        window.sheet.header.enter("party")
        typed(party, "<Enter>")
    gate.set()
    heard(qtbot, session)
    assert beside(window, "party") == "bal. 500.00 Cr"
    assert [code for code in books.live_context.asked if code in ("C001", "C002", "S001")] == ["C001", "S001"]
    typed("<Shift+Tab>")
    window.sheet.header.enter("party")
    typed("asha", "<Enter>")
    assert beside(window, "party").startswith("bal. 12,400.00"), "it is kept for the voucher"


def test_the_last_rate_is_offered_where_the_type_takes_it_and_enter_takes_it(
        qtbot: QtBot, session: Session, books: FakeBooks, open_voucher: Open) -> None:
    books.live_context.last_rates["S001", "RICE"] = Decimal("1200.50")
    window = open_voucher("PURCHASE_INVOICE")
    typed("terai", "<Enter>", "B-1", "<Enter>", "rice", "<Enter>")
    heard(qtbot, session)
    assert typed("2", "<Enter>")[-1] == "cell_rate"
    assert focus().text() == "1,200.50"  # type: ignore[attr-defined]
    assert focus().selectedText() == "1,200.50"  # type: ignore[attr-defined]
    typed("<Enter>")
    assert window.draft.document()["lines"][0]["rate"] == "1200.5"
    assert here() == "cell_item"


def test_the_cursor_stops_at_the_rate_whether_the_last_one_is_known_or_not(
        books: FakeBooks, open_voucher: Open) -> None:
    open_voucher("PURCHASE_INVOICE")
    assert typed("terai", "<Enter>", "B-1", "<Enter>", "rice", "<Enter>", "2", "<Enter>")[-1] == "cell_rate"
    typed("99", "<Enter>")
    assert here() == "cell_item"
