"""Out of a field without having meant it: Up past a list that nobody uses, Esc back to what stood there before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed

Open = Callable[[str], VoucherWindow]
E = "<Enter>"


@pytest.fixture
def sale(open_voucher: Open) -> VoucherWindow:
    """Two lines, the cursor in the item of a third, its list open."""
    window = open_voucher("SALES_INVOICE")
    typed("asha", E, "ric", E, "2", E, "15", E, "soap", E, "3", E, "9", E)
    assert (here(), window.place()[1]) == ("cell_item", 2)
    assert window.popup.isVisible()
    return window


def test_up_goes_past_lists_that_nobody_uses_and_changes_nothing(sale: VoucherWindow) -> None:
    before = sale.draft.document()
    for row in (1, 0):
        typed("<Up>")
        assert (here(), sale.place()[1]) == ("cell_item", row)
    typed("<Up>")
    assert here().startswith("field_")
    assert sale.draft.document() == before


def test_up_moves_in_a_list_that_is_being_used(sale: VoucherWindow) -> None:
    popup = sale.popup
    typed("<Down>", "<Down>")
    chosen = popup.highlighted()
    typed("<Down>", "<Up>")
    assert (here(), popup.highlighted()) == ("cell_item", chosen)
    typed(E)
    assert chosen is not None
    assert sale.draft.document()["lines"][2]["item"] == chosen.code


def test_up_moves_in_a_list_that_was_searched(sale: VoucherWindow) -> None:
    typed("oil", "<Down>")
    second = sale.popup.highlighted()
    typed("<Up>")
    assert here() == "cell_item"
    assert sale.popup.highlighted() != second


def test_up_in_the_header_goes_to_the_field_before(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    header = window.sheet.header
    stops = header.stops()
    header.enter(stops[-1])
    typed("<Up>")
    assert here() == (f"field_{stops[-2]}" if len(stops) > 1 else f"field_{stops[-1]}")


# Esc


def test_esc_takes_back_half_a_figure(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    typed("cas", E, "ren", E, "40", E, "<Shift+Tab>")
    assert here() == "cell_amount"
    typed("55+", "<Esc>")
    assert here() == "cell_amount"
    assert window.sheet.grids["lineGrid"].open_editor.raw == "40"  # type: ignore[union-attr]
    typed("6", E)
    assert window.draft.document()["lines"][0]["amount"] == "6", "what stood there was picked out"


def test_esc_closes_the_list_and_takes_back_half_a_name_at_once(sale: VoucherWindow) -> None:
    typed("<Up>", "xyz", "<Esc>")
    assert not sale.popup.isVisible()
    assert sale.draft.document()["lines"][1]["item"] == "SOAP"
    typed(E)
    assert here() == "cell_quantity", "the item is accepted as it stood"
    assert sale.draft.document()["lines"][1]["item"] == "SOAP"


def test_esc_in_a_field_of_the_header_gives_it_back(sale: VoucherWindow) -> None:
    sale.sheet.header.enter("party")
    typed("zzz", "<Esc>", E)
    assert sale.draft.header.values["party"] == "C001"


def test_esc_leaves_a_field_that_nobody_types_into(open_voucher: Open) -> None:
    window = open_voucher("CASH_PAYMENT")
    closed: list[bool] = []
    window.wants_close.connect(lambda: closed.append(True))
    typed("x", "<Esc>")
    assert closed == []
    typed("<Esc>")
    assert closed == [True], "nothing is typed: nobody is asked"


def test_a_wrong_day_is_taken_back(open_voucher: Open) -> None:
    window = open_voucher("JOURNAL")
    typed("<F2>", "31-2", E)
    assert here() == "field_date"
    typed("<Esc>")
    assert window.sheet.header.editors["date"].raw == "2026-11-20"
    assert window.sheet.banner.text == "", "what was said of it is said no more"


# What can't be taken


@pytest.mark.parametrize("way_out", ["<Shift+Tab>", "<Up>", "<Down>", E])
def test_what_can_t_be_taken_is_said_whatever_the_way_out(sale: VoucherWindow, way_out: str) -> None:
    sale.sheet.grids["lineGrid"].enter(1, "quantity")
    typed("3z", way_out)
    assert (here(), sale.place()[1]) == ("cell_quantity", 1)
    assert sale.sheet.banner.text
    typed("<Esc>", "<Shift+Tab>")
    assert here() == "cell_item"
    assert sale.draft.document()["lines"][1]["quantity"] == "3"


def test_an_unknown_item_doesn_t_stand_in_the_line_by_going_back(sale: VoucherWindow) -> None:
    typed("zzqqxx", "<Shift+Tab>")
    assert here() == "cell_item"
    assert sale.sheet.banner.text == "Nothing found for “zzqqxx”"
    typed("<Esc>", "<Shift+Tab>")
    assert [line["item"] for line in sale.draft.document()["lines"]] == ["RICE", "SOAP"]


@pytest.mark.parametrize("way_out", ["<Shift+Tab>", "<Up>"])
def test_a_wrong_day_stays_in_the_header_whatever_the_way_out(open_voucher: Open, way_out: str) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("<F2>", "31-2", way_out)
    assert here() == "field_date"
    assert window.sheet.banner.text == "There is no day 31-2"
