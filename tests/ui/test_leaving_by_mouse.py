"""Out of a field by the mouse: what can't be read is held back as it is by keys, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_sale import sale
from helpers.clerk import clicked, clicked_cell, focus, here, typed

__all__ = ["sale"]

Open = Callable[[str], VoucherWindow]
E = "<Enter>"


def grid_of(window: VoucherWindow) -> LineGrid:
    return window.sheet.grids["lineGrid"]


def cell(window: VoucherWindow, row: int, key: str) -> str:
    grid = grid_of(window)
    return clicked_cell(grid, row, grid.lines.column_of[key])


def line(window: VoucherWindow, row: int) -> dict[str, Any]:
    return dict(window.draft.document()["lines"][row])


# A grid


@pytest.mark.parametrize(("key", "wrong"), [("quantity", "3z"), ("rate", "12*"), ("item", "zzqqxx")])
def test_a_cell_keeps_what_can_t_be_read_when_another_is_clicked(sale: VoucherWindow, key: str, wrong: str) -> None:
    grid_of(sale).enter(1, key)
    typed(wrong)
    before = line(sale, 1)
    assert cell(sale, 0, "rate") == f"cell_{key}"
    assert (sale.place()[1], focus().text()) == (1, wrong)
    assert sale.sheet.banner.text
    assert line(sale, 1) == before
    typed("<Esc>")
    assert cell(sale, 0, "rate") == "cell_rate"
    assert line(sale, 1) == before


def test_a_cell_keeps_it_when_a_field_of_the_header_is_clicked(sale: VoucherWindow) -> None:
    grid_of(sale).enter(1, "quantity")
    typed("3z")
    assert clicked(sale.sheet.header.editors["party"]) == "cell_quantity"
    assert line(sale, 1)["quantity"] == "3"
    assert not sale.popup.isVisible(), "the list of the field that was clicked stays shut"


def test_a_cell_keeps_it_when_the_window_beside_the_fields_is_clicked(sale: VoucherWindow) -> None:
    grid_of(sale).enter(1, "quantity")
    typed("3z")
    assert clicked(sale.sheet.title) == "cell_quantity"
    assert line(sale, 1)["quantity"] == "3"


def test_half_a_name_becomes_the_row_that_was_seen_selected(sale: VoucherWindow) -> None:
    typed("oil", "<Down>")
    seen = sale.popup.highlighted()
    assert seen is not None
    assert cell(sale, 0, "rate") == "cell_rate"
    assert line(sale, 2)["item"] == seen.code


def test_what_can_be_read_is_taken_by_a_click_elsewhere(sale: VoucherWindow) -> None:
    grid_of(sale).enter(1, "quantity")
    typed("4+3")
    assert cell(sale, 0, "rate") == "cell_rate"
    assert line(sale, 1)["quantity"] == "7"


def test_the_first_click_into_another_cell_is_enough(sale: VoucherWindow) -> None:
    for row, key in ((1, "rate"), (0, "quantity"), (1, "item")):
        assert cell(sale, row, key) == f"cell_{key}"
        assert sale.place()[1] == row


# The header


def test_a_wrong_day_stays_in_the_date_when_another_field_is_clicked(sale: VoucherWindow) -> None:
    typed("<F2>", "31-2")
    assert clicked(sale.sheet.header.editors["party"]) == "field_date"
    assert (focus().text(), sale.sheet.banner.text) == ("31-2", "There is no day 31-2")
    assert sale.draft.document()["date"] == "2026-11-20"
    assert cell(sale, 0, "rate") == "field_date"
    typed("<Esc>")
    assert cell(sale, 0, "rate") == "cell_rate"
    assert sale.draft.document()["date"] == "2026-11-20"


def test_an_unknown_customer_stays_in_its_field(sale: VoucherWindow) -> None:
    sale.sheet.header.enter("party")
    typed("zzqqxx")
    assert cell(sale, 0, "rate") == "field_party"
    assert sale.sheet.banner.text == "Nothing found for “zzqqxx”"
    assert sale.draft.document()["party"] == "C001"


def test_a_field_left_by_the_mouse_is_accepted_as_by_enter(sale: VoucherWindow) -> None:
    accepted: list[str] = []
    sale.sheet.header.field_accepted.connect(accepted.append)
    typed("<F2>", "21")
    cell(sale, 0, "rate")
    assert sale.draft.document()["date"] == "2026-11-21"
    assert accepted == ["date"], "what hangs on it follows: days that are locked, prices, what is kept"


def test_a_press_of_any_button_is_held(sale: VoucherWindow) -> None:
    typed("<F2>", "31-2")
    party = sale.sheet.header.editors["party"]
    QApplication.clipboard().setText("x")
    spot = party.mapTo(sale, party.rect().center())
    for button in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        QTest.mouseClick(sale.windowHandle(), button, pos=spot)
    QTest.mouseDClick(sale.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
    assert here() == "field_date"
    assert sale.draft.document()["party"] == "C001"


def test_a_click_into_the_field_itself_and_into_its_list_goes_there(sale: VoucherWindow) -> None:
    sale.sheet.header.enter("party")
    typed("zz")
    assert clicked(focus()) == "field_party"
    assert sale.sheet.banner.text == "", "nothing was left"
    typed("<Esc>")
    grid_of(sale).enter(2, "item")
    typed("so")
    rows = sale.popup.list
    clicked(rows.viewport(), rows.visualRect(rows.model().index(0, 0)).center())
    assert here() == "cell_quantity"


def test_details_folded_or_unfolded_by_the_mouse_hold_it(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("<F2>", "31-2")
    button = window.sheet.header._details_button
    assert clicked(button) == "field_date"
    assert focus().text() == "31-2"
    assert window.draft.document()["date"] == "2026-11-20"


# Charges, narration


def test_a_charge_keeps_what_can_t_be_read(sale: VoucherWindow) -> None:
    charges = sale.sheet.grids["chargesGrid"]
    row = next(number for number in range(len(charges.lines.lines)) if charges.stops(number))
    charges.enter(row, charges.stops(row)[0])
    key = charges.here()[1]
    typed("12+")
    before = sale.draft.document()
    assert cell(sale, 0, "rate") == f"cell_{key}"
    assert sale.draft.document() == before
    assert clicked(sale.sheet.narration.editors["narration"]) == f"cell_{key}"


# Sub-screens


def test_the_sub_screen_of_a_line_keeps_it(sale: VoucherWindow) -> None:
    grid_of(sale).enter(0, "quantity")
    typed("<Alt+L>")
    assert here() == "detail_free_quantity"
    typed("1z")
    details = sale._splits.open_one
    assert details is not None
    other = next(editor for key, editor in details.form.editors.items() if key != "free_quantity")
    for target in (other, sale.sheet.header.editors["party"], grid_of(sale).viewport()):
        assert clicked(target) == "detail_free_quantity"
        assert sale._splits.open_one is details, "it stays open"
    assert "free_quantity" not in line(sale, 0)
    typed("<Esc>")
    assert clicked(sale.sheet.header.editors["party"]) == "field_party"


def test_a_split_keeps_it(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", E, "vials", E, "8", E)
    qtbot.waitUntil(lambda: here() == "cell_quantity" and focus().text() == "6")
    details = window._splits.open_one
    typed("6z")
    assert details is not None
    split = details.split
    assert split is not None
    assert clicked_cell(split, 1, split.lines.column_of["quantity"]) == "cell_quantity"
    assert focus().text() == "6z"
    assert clicked(window.sheet.header.editors["party"]) == "cell_quantity"
    assert window._splits.open_one is details


def test_a_unit_named_twice_is_held_too(open_voucher: Open) -> None:
    window = open_voucher("PURCHASE_INVOICE")
    typed("terai", E, "B-1", E, "phone", E, "3", E, "S1", E, "S1")
    assert clicked(window.sheet.header.editors["party"]) == "cell_serials"
    assert "stands in line 1" in window.sheet.banner.text
    assert window._splits.open_one is not None


@pytest.mark.parametrize("key", ["<Ctrl+A>", "<Ctrl+S>", "<Alt+L>"])
def test_no_key_leaves_it_in_a_sub_screen(sale: VoucherWindow, key: str) -> None:
    grid_of(sale).enter(0, "quantity")
    typed("<Alt+L>", "1z", key)
    assert (here(), focus().text()) == ("detail_free_quantity", "1z")
    assert "free_quantity" not in line(sale, 0)
    assert sale.sheet.banner.text


# Keys and what lies over the window: nothing is left behind either


@pytest.mark.parametrize("key", ["<F2>", "<Alt+D>", "<Alt+Right>", "<Alt+Left>", "<Ctrl+Home>", "<Ctrl+End>",
                                 "<Ctrl+I>", "<Ctrl+Shift+I>", "<Alt+Up>", "<Ctrl+S>", "<Alt+V>", "<Ctrl+A>",
                                 "<Alt+L>"])
def test_no_key_leaves_it_behind(sale: VoucherWindow, key: str) -> None:
    grid_of(sale).enter(1, "quantity")
    before = sale.draft.document()
    typed("3z", key)
    assert (here(), sale.place()[1], focus().text()) == ("cell_quantity", 1, "3z")
    assert sale.sheet.banner.text
    assert sale.draft.document() == before


@pytest.fixture
def in_tab(qtbot: QtBot, main_window: MainWindow) -> VoucherWindow:
    """A sale in a tab, the cursor in the quantity of its first line."""
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<F8>")
    voucher: VoucherWindow = signal.args[0]
    typed("asha", E, "ric", E)
    assert here() == "cell_quantity"
    return voucher


@pytest.mark.parametrize("over", ["<Alt+G>", "<Alt+Q>", "<Ctrl+K>"])
def test_what_lies_over_the_window_for_a_moment_takes_nothing(in_tab: VoucherWindow, over: str) -> None:
    before = in_tab.draft.document()
    typed("3z", over)
    assert here() != "cell_quantity"
    typed("<Esc>")
    assert (here(), focus().text()) == ("cell_quantity", "3z")
    assert in_tab.draft.document() == before
    typed(E)
    assert here() == "cell_quantity"
    assert in_tab.sheet.banner.text


def test_a_press_in_a_tab_is_held_too(in_tab: VoucherWindow) -> None:
    typed("3z")
    assert clicked(in_tab.sheet.header.editors["party"]) == "cell_quantity"
    assert focus().text() == "3z"


def test_a_field_left_for_a_list_is_come_back_to_before_anything_is_sent(in_tab: VoucherWindow) -> None:
    """Into another field, that is: the cursor goes there, and accepting leads to what was left."""
    before = in_tab.draft.document()
    typed("3z", "<Alt+G>")
    assert clicked(in_tab.sheet.narration.editors["narration"]) == "field_narration"
    for chord in ("<Ctrl+A>", "<Ctrl+S>"):
        in_tab.sheet.narration.editors["narration"].setFocus()
        typed(chord)
        assert (here(), focus().text()) == ("cell_quantity", "3z")
        assert in_tab.draft.document() == before


@pytest.mark.parametrize("over", ["<Alt+G>", "<Alt+Q>", "<Ctrl+K>", "<F10>", "<Ctrl+L>", "<Alt+F3>"])
def test_half_a_name_is_half_a_name_after_a_list_lay_over_it(in_tab: VoucherWindow, over: str) -> None:
    typed("2", E, "15", E)
    before = in_tab.draft.document()
    typed("so", over)
    assert here() != "cell_item"
    assert in_tab.draft.document() == before
    typed("<Esc>")
    assert (here(), focus().text(), in_tab.popup.isVisible()) == ("cell_item", "so", True)
    typed("ap", E)
    assert here() == "cell_quantity"
    in_tab.sheet.header.enter("party")
    typed("gup", over)
    assert in_tab.draft.document()["party"] == "C001"
    typed("<Esc>")
    assert (here(), focus().text()) == ("field_party", "gup")
    typed("<Esc>")
    assert in_tab.draft.document()["party"] == "C001"


def test_half_a_name_in_a_sub_screen_stays_when_a_list_lies_over_it(in_tab: VoucherWindow) -> None:
    typed("2", E, "15", E, "<Up>", "<Alt+L>")
    details = in_tab._splits.open_one
    assert details is not None
    assert details.form is not None
    details.form.editors["cost_centre"].setFocus()
    typed("hea", "<Alt+G>", "<Esc>")
    assert (here(), focus().text()) == ("detail_cost_centre", "hea")
    assert "cost_centre" not in line(in_tab, 0)


# Beside all fields


@pytest.mark.parametrize("beside", ["title", "totals", "stepper", "number", "line_context"])
def test_a_click_beside_all_fields_leaves_the_cursor_where_it_is(sale: VoucherWindow, beside: str) -> None:
    grid_of(sale).enter(1, "quantity")
    typed("4")
    assert clicked(getattr(sale.sheet, beside)) == "cell_quantity"
    typed("5", E)
    assert line(sale, 1)["quantity"] == "45", "no key is lost"


def test_a_click_beside_all_fields_comes_back_from_a_list_over_the_window(in_tab: VoucherWindow) -> None:
    typed("3", "<Alt+G>")
    assert clicked(in_tab.sheet.title) == "cell_quantity"
    assert not in_tab.window().go_to.isVisible()  # type: ignore[attr-defined]
    typed(E)
    assert line(in_tab, 0)["quantity"] == "3"


def test_what_is_wrong_is_said_in_sight_at_a_large_text(
        request: pytest.FixtureRequest, qtbot: QtBot, main_window: MainWindow) -> None:
    """The line that says so lies below what a low window shows then."""
    typed("<Ctrl+=>", "<Ctrl+=>", "<Ctrl+=>")
    main_window.resize(1366, 640)
    request.addfinalizer(lambda: main_window.look.perform("text_normal"))
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        typed("<F8>")
    voucher: VoucherWindow = signal.args[0]
    qtbot.waitUntil(lambda: not voucher.sheet.banner.visibleRegion().boundingRect().height())
    typed("asha", E, "ric", E, "3z")
    assert clicked(voucher.sheet.header.editors["party"]) == "cell_quantity"
    assert not voucher.sheet.banner.visibleRegion().boundingRect().height()
    assert main_window.queue.word.text() == f"✕  {voucher.sheet.banner.text}"
    typed("<Esc>")
    assert main_window.queue.word.text() == "", "what is said no more is said nowhere"
