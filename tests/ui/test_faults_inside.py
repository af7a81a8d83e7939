"""A refusal of something that a line's sub-screen says: reopened, the sub-screen is open with the cursor at it."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, Refused, Step
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

E = "<Enter>"


def opened(qtbot: QtBot, window: MainWindow, key: str) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        typed(key)
    voucher: VoucherWindow = signal.args[0]
    return voucher


def accepted(qtbot: QtBot, window: MainWindow, books: FakeBooks, field: str, **details: Any) -> None:
    fault = Fault("INV-001", "Not so", field, Step.INVENTORY, details)
    books.vouchers.answer = lambda _document: Refused("invalid", (fault,))
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: bool(window.session.queue.refused))


@pytest.fixture
def split_sale(qtbot: QtBot, main_window: MainWindow) -> VoucherWindow:
    """A sale whose first line is split over two batches, the cursor in the item of the second."""
    voucher = opened(qtbot, main_window, "<F8>")
    typed("asha", E, "vials", E, "8", E)
    qtbot.waitUntil(lambda: here() == "cell_quantity" and focus().text() == "6")
    typed(E, E, "15", E)
    assert here() == "cell_item"
    return voucher


@pytest.mark.parametrize("is_blank", [True, False])
def test_a_batch_that_is_short_is_gone_to_in_its_part(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, split_sale: VoucherWindow, is_blank: bool) -> None:
    accepted(qtbot, main_window, books, "lines[0].details[1].quantity")
    if not is_blank:
        typed("asha", E, "ric", E)
    typed("<Alt+W>")
    qtbot.waitUntil(lambda: is_blank or main_window.pages.current is not split_sale)
    qtbot.waitUntil(lambda: isinstance(main_window.pages.current, VoucherWindow))
    voucher = main_window.pages.current
    assert isinstance(voucher, VoucherWindow)
    qtbot.waitUntil(lambda: voucher._splits.open_one is not None and not main_window.session.background.is_busy)
    details = voucher._splits.open_one
    assert details is not None
    split = details.split
    assert split is not None
    assert split.isAncestorOf(focus())
    assert split.here() == (1, "quantity")
    assert focus().property("faulty")
    typed("1", E)
    assert split.lines.lines[1].faults == {}
    typed("<Esc>")
    assert (here(), voucher.place()) == ("cell_quantity", ("lines", 0, "quantity")), "the cell that leads there"


def test_a_field_without_a_column_is_gone_to(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> None:
    voucher = opened(qtbot, main_window, "<F8>")
    typed("asha", E, "ric", E, "2", E, "15", E)
    accepted(qtbot, main_window, books, "lines[0].free_quantity")
    typed("<Alt+W>")
    assert here() == "detail_free_quantity"
    assert focus().property("faulty")
    typed("1", "<Esc>", "<Esc>")
    assert here() == "cell_quantity"
    typed("<Alt+L>")
    assert not focus().property("faulty"), "it was typed anew"
    assert voucher._splits.open_one is not None


def test_a_unit_that_isn_t_there_is_gone_to_by_its_number(qtbot: QtBot, main_window: MainWindow,
                                                          books: FakeBooks) -> None:
    voucher = opened(qtbot, main_window, "<F9>")
    typed("terai", E, "B-1", E, "phone", E, "3", E, "S1", E, "S2", E, "S3", E, "9", E)
    accepted(qtbot, main_window, books, "lines[0].serials", serial="S2")
    typed("<Alt+W>")
    details = voucher._splits.open_one
    assert details is not None
    assert details.split is not None
    assert details.split.here() == (1, "serials")
    assert focus().text() == "S2"
