"""Who goes up to the header late comes back to where he was; F2 leads back as soon as the date is accepted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]
E = "<Enter>"


def row(window: VoucherWindow) -> int:
    return window.place()[1]


@pytest.fixture
def sale(open_voucher: Open) -> VoucherWindow:
    """Two lines, the cursor in the quantity of a third."""
    window = open_voucher("SALES_INVOICE")
    typed("asha", E, "ric", E, "2", E, "15", E, "soap", E, "3", E, "9", E, "oil", E)
    assert (here(), row(window)) == ("cell_quantity", 2)
    return window


def test_after_the_date_the_cursor_is_where_it_was(sale: VoucherWindow) -> None:
    typed("4", "<F2>")
    assert here() == "field_date"
    typed("18", E)
    assert (here(), row(sale)) == ("cell_quantity", 2)
    assert sale.draft.document()["date"] == "2026-11-18"
    assert sale.draft.document()["lines"][2]["quantity"] == "4", "what stood half typed there is kept"


def test_a_customer_changed_late_leads_back_to_the_line(sale: VoucherWindow) -> None:
    sale.sheet.header.enter("party")
    typed("bina", E)
    while here().startswith("field_"):
        typed(E)
    assert (here(), row(sale)) == ("cell_quantity", 2)
    assert sale.draft.header.values["party"] == "C002"


def test_up_from_the_lines_and_down_again_is_the_same_column(sale: VoucherWindow) -> None:
    typed("<Up>", "<Up>")
    assert (here(), row(sale)) == ("cell_quantity", 0)
    typed("<Up>")
    assert here().startswith("field_")
    typed(E)
    while here().startswith("field_"):
        typed(E)
    assert (here(), row(sale)) == ("cell_quantity", 0)


def test_from_the_narration_back_to_the_narration(sale: VoucherWindow) -> None:
    sale.sheet.narration.enter("narration")
    typed("by truck", "<F2>", "18", E)
    assert here() == "field_narration"
    assert sale.draft.document()["narration"] == "by truck"


def test_f2_in_the_header_goes_on_along_the_path(open_voucher: Open) -> None:
    open_voucher("SALES_INVOICE")
    assert here() == "field_party"
    typed("<F2>", "18", E)
    assert here() == "field_party"
    typed("asha", E)
    assert here() == "cell_item"


def test_the_next_voucher_begins_without_a_way_back(qtbot: QtBot, sale: VoucherWindow, books: FakeBooks) -> None:
    typed("1", E, "5", E, "<Ctrl+A>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)
    assert here() == "field_party"
    typed("<F2>", E)
    assert here() == "field_party"
    typed("asha", E)
    assert (here(), row(sale)) == ("cell_item", 0)


def test_where_the_line_is_gone_the_path_goes_on(sale: VoucherWindow) -> None:
    sale.sheet.header.enter("party")
    sale.sheet.models["lines"].replace_lines(())
    typed("bina", E)
    while here().startswith("field_"):
        typed(E)
    assert (here(), row(sale)) == ("cell_item", 0)
