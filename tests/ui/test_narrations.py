"""The last narration of the type or of the party is repeated by a key, at once and without moving the cursor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from erpdesk.ui.session import Session
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]


def narration(window: VoucherWindow) -> Any:
    return window.draft.document().get("narration")


@pytest.fixture
def sale(open_voucher: Open, qtbot: Any, session: Session) -> VoucherWindow:
    """A sale to Asha, everything read."""
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>")
    qtbot.waitUntil(lambda: not session.background.is_busy)
    return window


def test_narrations_are_repeated_from_anywhere_and_can_be_undone(sale: VoucherWindow) -> None:
    typed("rice", "<Ctrl+R>")
    assert (here(), focus().text(), narration(sale)) == ("cell_item", "rice", "as always for sales invoice")
    typed("<Enter>", "<Alt+R>")
    assert (here(), narration(sale)) == ("cell_quantity", "by truck to C001")
    typed("<Ctrl+Z>")
    assert narration(sale) == "as always for sales invoice"


def test_a_narration_comes_into_the_field_that_is_being_typed(sale: VoucherWindow) -> None:
    sale.sheet.narration.enter("narration")
    typed("half", "<Ctrl+R>")
    assert focus().raw == "as always for sales invoice"
    typed(" x", "<Enter>")
    typed("<Shift+Tab>", "<Ctrl+Z>")
    assert narration(sale) is not None


def test_without_a_party_or_a_narration_a_word_says_so(open_voucher: Open, qtbot: Any, session: Session) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("<Alt+R>")
    assert "no party" in window.sheet.banner.text
    typed("bin", "<Enter>")
    qtbot.waitUntil(lambda: not session.background.is_busy)
    typed("<Alt+R>")
    assert "C002" in window.sheet.banner.text
    assert narration(window) is None


def test_the_key_answers_at_once_while_it_is_still_being_read(open_voucher: Open, books: FakeBooks,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(books.narrations, "of_type", lambda _code: "late" if gate.wait(10) else "")
    window = open_voucher("JOURNAL")
    typed("<Ctrl+R>")
    assert "still being read" in window.sheet.banner.text
    gate.set()


def test_what_was_accepted_here_is_the_last_one(sale: VoucherWindow, qtbot: Any) -> None:
    typed("rice", "<Enter>", "1", "<Enter>", "5", "<Enter>")
    sale.sheet.narration.enter("narration")
    typed("new road", "<Ctrl+A>")
    qtbot.waitUntil(lambda: sale.draft.is_blank)
    typed("<Ctrl+R>")
    assert narration(sale) == "new road"
    typed("<Ctrl+H>")
    assert "this one way only" in sale.sheet.banner.text
