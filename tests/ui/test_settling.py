"""Bills are offered oldest first; Enter takes the whole or what is left, typing changes it, Down passes it by."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pytestqt.qtbot import QtBot

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]


def receipt(open_voucher: Open, qtbot: QtBot, amount: str) -> VoucherWindow:
    """A receipt from Asha, its party, account and amount typed, the bills there."""
    window = open_voucher("AR_RECEIPT")
    typed("asha", "<Enter>")
    qtbot.waitUntil(lambda: len(window.sheet.models["allocations"].lines) == 5)
    typed("cash", "<Enter>", amount, "<Enter>")
    return window


def allocations(window: VoucherWindow) -> list[dict[str, str]]:
    return list(window.draft.document().get("allocations", []))


def test_enter_takes_the_whole_then_what_is_left_and_the_grid_closes_itself(open_voucher: Open, qtbot: QtBot) -> None:
    window = receipt(open_voucher, qtbot, "300")
    assert (here(), focus().text(), focus().selectedText()) == ("cell_amount", "226.00", "226.00")
    assert typed("<Enter>")[-1] == "cell_amount"
    assert focus().text() == "74.00", "what is left"
    assert typed("<Enter>")[-1] == "field_narration", "nothing is left, so the grid is done"
    assert allocations(window) == [{"voucher_number": "SI/26-27/000001", "amount": "226"},
                                   {"voucher_number": "SI/26-27/000002", "amount": "74"}]
    assert window.sheet.totals.figure("left") == "–"
    assert window.sheet.totals.figure("settled") == "300.00"


def test_typing_changes_the_amount_and_down_passes_a_bill_by(open_voucher: Open, qtbot: QtBot) -> None:
    window = receipt(open_voucher, qtbot, "300")
    typed("<Down>")
    assert focus().text() == "100.00"
    assert allocations(window) == [], "what was only proposed is not taken"
    typed("60", "<Enter>")
    assert here() == "cell_amount"
    assert focus().text() == "", "a credit is taken only when it is typed"
    typed("<Enter>")
    assert focus().text() == "240.00"
    assert allocations(window) == [{"voucher_number": "SI/26-27/000002", "amount": "60"}]
    assert window.sheet.totals.figure("left") == "240.00"


def test_what_no_bill_takes_stays_on_account(open_voucher: Open, qtbot: QtBot) -> None:
    window = receipt(open_voucher, qtbot, "1000")
    typed("<Enter>", "<Enter>", "<Enter>", "<Enter>")
    assert here() == "cell_voucher_number", "a bill that is not listed may be named"
    assert typed("<Enter>")[-1] == "field_narration"
    assert [row["amount"] for row in allocations(window)] == ["226", "100", "500"]
    assert window.sheet.totals.figure("left") == "174.00"
    assert window.sheet.totals.figure("net") == "1,000.00"


def test_a_discount_is_reached_by_its_key_and_makes_the_proposal_smaller(open_voucher: Open, qtbot: QtBot) -> None:
    window = receipt(open_voucher, qtbot, "1000")
    assert typed("<Alt+Right>")[-1] == "cell_discount"
    assert allocations(window) == []
    typed("6", "<Shift+Tab>")
    assert (here(), focus().text()) == ("cell_amount", "220.00")
    typed("<Enter>")
    assert allocations(window)[0] == {"voucher_number": "SI/26-27/000001", "amount": "220", "discount": "6"}


def test_keys_typed_before_the_bills_are_there_settle_the_same_bills(open_voucher: Open, qtbot: QtBot,
                                                                     books: FakeBooks) -> None:
    books.offers.gate = threading.Event()
    window = open_voucher("AR_RECEIPT")
    typed("asha", "<Enter>", "cash", "<Enter>", "300", "<Enter>", "<Enter>", "<Enter>")
    assert allocations(window) == []
    books.offers.gate.set()
    qtbot.waitUntil(lambda: here() == "field_narration")
    assert [row["amount"] for row in allocations(window)] == ["226", "74"]


def test_another_party_has_other_bills(open_voucher: Open, qtbot: QtBot) -> None:
    window = receipt(open_voucher, qtbot, "300")
    window.sheet.header.enter("party")
    typed("bina", "<Enter>")
    qtbot.waitUntil(lambda: len(window.sheet.models["allocations"].lines) == 1)
    assert allocations(window) == []


def test_a_bill_emptied_again_is_offered_again(open_voucher: Open, qtbot: QtBot) -> None:
    window = receipt(open_voucher, qtbot, "1000")
    typed("<Enter>", "<Up>")
    focus().clear()
    focus().setModified(True)
    typed("<Enter>")
    assert allocations(window) == []
    assert window.sheet.models["allocations"].lines[0].values == {"voucher_number": "SI/26-27/000001"}


def test_the_next_receipt_of_the_same_party_is_offered_its_bills_too(open_voucher: Open, qtbot: QtBot,
                                                                     books: FakeBooks) -> None:
    window = receipt(open_voucher, qtbot, "226")
    typed("<Enter>", "<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1 and window.draft.is_blank)
    qtbot.waitUntil(lambda: here() == "field_party")
    assert len(window.sheet.models["allocations"].lines) == 1, "nothing is offered before the party is known"
    typed("asha", "<Enter>")
    qtbot.waitUntil(lambda: len(window.sheet.models["allocations"].lines) == 5)


def test_bills_are_offered_again_after_undoing_what_came_before_them(open_voucher: Open, qtbot: QtBot) -> None:
    window = receipt(open_voucher, qtbot, "300")
    typed("<Enter>", "<Ctrl+Z>", "<Ctrl+Z>")
    typed("300", "<Enter>")
    assert (here(), focus().text()) == ("cell_amount", "226.00")
    typed("<Enter>", "<Enter>")
    assert [row["amount"] for row in allocations(window)] == ["226", "74"]
