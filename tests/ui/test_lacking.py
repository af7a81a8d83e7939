"""What is plainly missing is said at Ctrl+A, the voucher still in sight; nothing of it is sent, nothing typed goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]


def test_a_missing_amount_is_said_where_it_is_missing_and_no_more_once_it_is_given(
        qtbot: QtBot, open_voucher: Open, books: FakeBooks, session: Session) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", "<Enter>", "ren", "<Enter>", "<Ctrl+A>")
    assert here() == "cell_amount"
    assert window.sheet.banner.text == "VCH-004 Amount must be given"
    assert window.draft.document()["lines"] == [{"account": "6020"}]
    typed("5", "<Enter>")
    assert window.sheet.banner.text == ""
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)
    assert session.queue.refused == ()


def test_the_difference_of_a_journal_is_told_as_it_stands_until_there_is_none(
        qtbot: QtBot, open_voucher: Open, books: FakeBooks) -> None:
    window = open_voucher("JOURNAL")
    typed("ren", "<Enter>", "500", "<Enter>", "cas", "<Enter>", "300", "<Enter>", "<Ctrl+A>")
    assert window.sheet.banner.text == "GL-001 Debit 500.00 and credit 300.00 differ by 200.00"
    assert here() == "cell_account", "the next line, where the rest belongs"
    typed("ban", "<Enter>", "150", "<Enter>")
    assert window.sheet.banner.text == "GL-001 Debit 500.00 and credit 450.00 differ by 50.00"
    typed("cap", "<Enter>", "<Enter>")
    assert window.sheet.banner.text == ""
    assert books.vouchers.posts == []
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)


def test_a_customer_without_goods_stays_and_the_cursor_stays_in_the_line(
        open_voucher: Open, books: FakeBooks, session: Session) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "<Ctrl+A>", "<Ctrl+A>")
    assert window.sheet.banner.text == "VCH-003 The voucher has no line that does anything"
    assert here() == "cell_item"
    assert window.draft.header.values["party"] == "C001"
    assert (books.vouchers.posts, session.queue.open_count) == ([], 0)


def test_a_missing_customer_is_asked_for_first(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("<Enter>", "ric", "<Enter>", "<Ctrl+A>")
    assert here() == "field_party"
    assert window.sheet.banner.text == "VCH-004 Customer must be given"


@pytest.mark.parametrize(("kind", "keys"), [
    ("OPENING_BALANCE", ("cas", "<Enter>", "500", "<Enter>")),
    ("AR_RECEIPT", ("asha", "<Enter>", "cas", "<Enter>", "500", "<Enter>")),
])
def test_what_may_stand_without_another_side_or_without_bills_is_taken(
        qtbot: QtBot, open_voucher: Open, books: FakeBooks, kind: str, keys: tuple[str, ...]) -> None:
    window = open_voucher(kind)
    typed(*keys, "<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)
    assert not window.sheet.banner.text.startswith(("GL-001", "VCH"))
