"""Out of a field without having meant it: Up past a list that nobody uses, Esc back to what stood there before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_sale import sale
from helpers.clerk import focus, here, typed

__all__ = ["sale"]

Open = Callable[[str], VoucherWindow]
E = "<Enter>"


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


# Another tab, and back

AWAY = ("<Ctrl+Tab>", "<Ctrl+Tab>")


@pytest.fixture
def in_tab(qtbot: QtBot, main_window: MainWindow) -> VoucherWindow:
    """A sale in a tab, the cursor in its customer."""
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<F8>")
    voucher: VoucherWindow = signal.args[0]
    assert here() == "field_party"
    return voucher


def test_half_a_name_in_the_header_is_half_a_name_after_another_tab(in_tab: VoucherWindow) -> None:
    assert typed("as", *AWAY)[-1] == "field_party"
    assert (focus().text(), in_tab.popup.isVisible()) == ("as", True)
    assert "party" not in in_tab.draft.document()
    typed("h", E)
    assert in_tab.draft.document()["party"] == "C001", "Enter takes the best match"


def test_half_a_name_in_a_line_is_half_a_name_after_another_tab(in_tab: VoucherWindow) -> None:
    typed("asha", E, "sun")
    assert typed(*AWAY)[-1] == "cell_item"
    assert (focus().text(), in_tab.popup.isVisible()) == ("sun", True)
    assert in_tab.draft.document()["lines"] == []
    typed("<Down>", E)
    assert in_tab.draft.document()["lines"][0]["item"] == "OIL5"


def test_half_a_sum_is_half_a_sum_after_another_tab(in_tab: VoucherWindow) -> None:
    typed("asha", E, "RICE", E, "12+", *AWAY)
    assert (here(), focus().text()) == ("cell_quantity", "12+")
    assert "quantity" not in in_tab.draft.document()["lines"][0]
    typed("3", E)
    assert in_tab.draft.document()["lines"][0]["quantity"] == "15"


def test_what_is_typed_whole_is_taken_by_going_to_another_tab(in_tab: VoucherWindow) -> None:
    typed("C002", "<Ctrl+Tab>")
    assert in_tab.draft.document()["party"] == "C002"
    typed("<Ctrl+Tab>", E, "soap", E, "12", "<Ctrl+Tab>")
    assert in_tab.draft.document()["lines"][0]["quantity"] == "12"


def test_a_number_of_a_voucher_that_no_list_has_is_taken_as_it_is_typed(
        qtbot: QtBot, main_window: MainWindow, in_tab: VoucherWindow) -> None:
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        main_window.opener.open_type("SALES_RETURN", "Sales Return")
    voucher: VoucherWindow = signal.args[0]
    voucher.sheet.header.enter("against")
    typed("SI/25-26/000077", "<Ctrl+Tab>")
    assert voucher.draft.document()["against"] == "SI/25-26/000077"
    typed("<Ctrl+Shift+Tab>", "SI/26", "<Ctrl+Tab>")
    assert voucher.draft.document()["against"] == "SI/25-26/000077", "part of one that the list has"


def test_half_a_name_is_no_value_while_the_window_is_left_for_a_moment(in_tab: VoucherWindow) -> None:
    typed("as")
    QApplication.sendEvent(focus(), QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    assert "party" not in in_tab.draft.document()
    typed("<Ctrl+S>")
    assert in_tab.draft.document()["party"] == "C001", "saving takes what stands there, as Enter does"


def test_a_whole_code_is_taken_when_the_window_is_left_for_a_moment(in_tab: VoucherWindow) -> None:
    typed("C002")
    QApplication.sendEvent(focus(), QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    assert in_tab.draft.document()["party"] == "C002"
