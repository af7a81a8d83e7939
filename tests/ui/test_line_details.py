"""The sub-screen of a line opens when the line needs it, closes when it comes to the line's quantity, loses no key."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from erpdesk.ui.keys.profile import rebind
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks

Open = Callable[[str], VoucherWindow]


def lines(window: VoucherWindow) -> list[dict[str, Any]]:
    return [{key: value for key, value in line.items() if key != "uom"} for line in window.draft.document()["lines"]]


def left_to_split(window: VoucherWindow) -> str:
    label = window.findChild(QLabel, "leftToSplit")
    return label.text() if label is not None else ""


def is_open(window: VoucherWindow) -> bool:
    return window._splits.open_one is not None


def buying(open_voucher: Open, item: str, quantity: str) -> VoucherWindow:
    window = open_voucher("PURCHASE_INVOICE")
    typed("terai", "<Enter>", "B-1", "<Enter>", item, "<Enter>", quantity, "<Enter>")
    return window


def test_units_are_named_one_by_one_and_the_cursor_goes_on_by_itself(open_voucher: Open) -> None:
    window = buying(open_voucher, "phone", "3")
    assert here() == "cell_serials"
    assert left_to_split(window) == "Left to split: 3"
    typed("S1", "<Enter>", "S2", "<Enter>")
    assert (here(), left_to_split(window)) == ("cell_serials", "Left to split: 1")
    assert typed("S3", "<Enter>")[-1] == "cell_rate", "complete: back in the line, on its way"
    assert not is_open(window)
    assert lines(window) == [{"item": "FONE", "quantity": "3", "serials": ["S1", "S2", "S3"]}]


def test_a_hundred_units_are_scanned_or_pasted(open_voucher: Open) -> None:
    codes = [f"SN{number:04d}" for number in range(100)]
    window = buying(open_voucher, "phone", "100")
    for code in codes:
        typed(code, "<Enter>")
    assert here() == "cell_rate"
    assert lines(window)[0]["serials"] == codes
    window = buying(open_voucher, "phone", "100")
    QApplication.clipboard().setText("\n".join(codes[:60]))
    typed("<Ctrl+V>")
    assert (here(), left_to_split(window)) == ("cell_serials", "Left to split: 40")
    QApplication.clipboard().setText(codes[60])
    typed("<Ctrl+V>", "<Enter>")
    assert left_to_split(window) == "Left to split: 39", "a single one is text"
    QApplication.clipboard().setText("\t".join(codes[61:]))
    typed("<Ctrl+V>")
    assert here() == "cell_rate"
    assert lines(window)[0]["serials"] == codes


def test_ones_own_key_pastes_into_a_split(open_voucher: Open) -> None:
    rebind("split", "paste", "Alt+7")
    codes = [f"SN{number:04d}" for number in range(4)]
    window = buying(open_voucher, "phone", "4")
    QApplication.clipboard().setText("\n".join(codes[:3]))
    typed("<Alt+7>")
    assert (here(), left_to_split(window)) == ("cell_serials", "Left to split: 1")
    QApplication.clipboard().setText(codes[3])
    typed("<Alt+7>")
    assert focus().text() == codes[3], "a single one is text"
    typed("<Enter>")
    assert lines(window)[0]["serials"] == codes


def test_vehicles_need_engine_and_chassis_each(open_voucher: Open) -> None:
    window = buying(open_voucher, "motor", "2")
    assert here() == "cell_engine_no"
    typed("E1", "<Enter>", "C1", "<Enter>", "E2", "<Enter>")
    assert here() == "cell_chassis_no"
    assert typed("C2", "<Enter>")[-1] == "cell_rate"
    assert lines(window)[0]["details"] == [{"engine_no": "E1", "chassis_no": "C1", "quantity": "1"},
                                           {"engine_no": "E2", "chassis_no": "C2", "quantity": "1"}]


def test_one_vehicle_stands_in_the_line_itself(open_voucher: Open) -> None:
    window = buying(open_voucher, "motor", "1")
    typed("E1", "<Enter>", "C1", "<Enter>")
    assert lines(window) == [{"item": "BIKE", "quantity": "1", "engine_no": "E1", "chassis_no": "C1"}]


def selling(open_voucher: Open, qtbot: QtBot, item: str, quantity: str) -> VoucherWindow:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", item, "<Enter>", quantity, "<Enter>")
    return window


def test_batches_picked_by_hand_are_offered_first_to_expire_first(open_voucher: Open, qtbot: QtBot) -> None:
    window = selling(open_voucher, qtbot, "vials", "8")
    qtbot.waitUntil(lambda: here() == "cell_quantity")
    split = window._splits.open_one.split
    assert [line.values.get("batch") for line in split.lines.lines] == ["L1", "L2", "L3", None], "none that expired"
    assert (focus().text(), left_to_split(window)) == ("6", "Left to split: 8")
    typed("<Enter>")
    assert focus().text() == "2", "what is left of the next"
    assert typed("<Enter>")[-1] == "cell_rate"
    assert lines(window)[0]["details"] == [{"warehouse": "MAIN", "batch": "L1", "quantity": "6"},
                                           {"warehouse": "MAIN", "batch": "L2", "quantity": "2"}]


def test_keys_typed_before_the_stock_is_known_take_the_same_batches(open_voucher: Open, qtbot: QtBot,
                                                                    books: FakeBooks) -> None:
    books.offers.gate = threading.Event()
    window = selling(open_voucher, qtbot, "vials", "8")
    typed("<Enter>", "<Enter>", "15", "<Enter>")
    books.offers.gate.set()
    qtbot.waitUntil(lambda: here() == "cell_item")
    assert lines(window)[0]["rate"] == "15"
    assert [part["quantity"] for part in lines(window)[0]["details"]] == ["6", "2"]


def test_a_single_batch_stands_in_the_line_itself(open_voucher: Open, qtbot: QtBot) -> None:
    window = selling(open_voucher, qtbot, "vials", "4")
    qtbot.waitUntil(lambda: here() == "cell_quantity" and is_open(window))
    qtbot.waitUntil(lambda: focus().text() == "4")
    typed("<Enter>")
    assert lines(window) == [{"item": "VIAL", "quantity": "4", "batch": "L1", "warehouse": "MAIN"}]


def test_esc_comes_back_with_what_was_typed_and_the_line_asks_again(open_voucher: Open) -> None:
    window = buying(open_voucher, "phone", "3")
    typed("S1", "<Enter>", "<Esc>")
    assert here() == "cell_quantity"
    assert lines(window)[0]["serials"] == ["S1"]
    typed("<Enter>")
    assert (here(), left_to_split(window)) == ("cell_serials", "Left to split: 2")
    typed("S2", "<Enter>", "S3", "<Enter>")
    assert lines(window)[0]["serials"] == ["S1", "S2", "S3"]


def test_the_key_opens_every_field_that_has_no_column(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "basmati", "<Enter>", "<Alt+L>")
    assert here() == "detail_free_quantity"
    typed("1", "<Enter>", "<Enter>")
    typed("<Enter>", "cc1", "<Enter>", "with care", "<Enter>")
    assert here() == "cell_quantity", "nothing has to be split"
    typed("5", "<Enter>")
    assert lines(window) == [{"item": "RICE", "quantity": "5", "free_quantity": "1", "cost_centre": "CC1",
                              "narration": "with care"}]


def test_a_line_is_split_over_warehouses_when_asked_for(open_voucher: Open, qtbot: QtBot) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "pills", "<Enter>", "12", "<Enter>", "<Alt+L>")
    qtbot.waitUntil(lambda: not window.session.background.is_busy)
    assert here() == "detail_free_quantity"
    typed("<Alt+L>")
    assert focus().text() == "6"
    typed("<Enter>", "4", "<Enter>", "<Enter>")
    assert lines(window)[0]["details"] == [{"warehouse": "MAIN", "batch": "L1", "quantity": "6"},
                                           {"warehouse": "MAIN", "batch": "L2", "quantity": "4"},
                                           {"warehouse": "BR", "batch": "L3", "quantity": "2"}]
    assert here() == "cell_rate"


def test_accepting_the_voucher_takes_what_stands_in_the_sub_screen(open_voucher: Open, qtbot: QtBot,
                                                                   books: FakeBooks) -> None:
    window = buying(open_voucher, "phone", "2")
    typed("S1", "<Enter>", "S2", "<Ctrl+A>")
    qtbot.waitUntil(lambda: bool(books.vouchers.posts))
    assert books.vouchers.posts[0]["lines"][0]["serials"] == ["S1", "S2"]
    assert not is_open(window)


def test_the_cursor_taken_elsewhere_takes_the_sub_screen_away(open_voucher: Open) -> None:
    window = buying(open_voucher, "phone", "2")
    typed("S1", "<Enter>", "<F2>")
    assert here() == "field_date"
    assert not is_open(window)
    assert lines(window)[0]["serials"] == ["S1"]


def test_undo_takes_back_the_last_unit_and_not_the_line(open_voucher: Open) -> None:
    window = buying(open_voucher, "phone", "3")
    typed("S1", "<Enter>", "S2", "<Enter>", "S9", "<Ctrl+Z>")
    assert (here(), focus().text(), left_to_split(window)) == ("cell_serials", "", "Left to split: 1")
    typed("<Ctrl+Z>")
    assert left_to_split(window) == "Left to split: 2"
    typed("S3", "<Enter>", "S4", "<Enter>")
    assert lines(window) == [{"item": "FONE", "quantity": "3", "serials": ["S1", "S3", "S4"]}]


def selling_in(open_voucher: Open, qtbot: QtBot, quantity: str, unit: str) -> VoucherWindow:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "vials", "<Enter>")
    window.sheet.line_grids[0].enter(0, "uom")
    typed(unit, "<Enter>")
    window.sheet.line_grids[0].enter(0, "quantity")
    typed(quantity, "<Enter>")
    qtbot.waitUntil(lambda: is_open(window) and focus().text() != "")
    return window


def test_what_does_not_come_out_in_the_line_s_unit_is_offered_in_the_item_s_own(
        open_voucher: Open, qtbot: QtBot) -> None:
    window = selling_in(open_voucher, qtbot, "1", "doz")
    heading = window.findChild(QLabel, "quantityToSplit")
    assert heading is not None
    assert heading.text() == "1 DOZ = 12 PCS"
    assert (focus().text(), left_to_split(window)) == ("6", "Left to split: 12 PCS")
    typed("<Enter>")
    offered = window._splits.open_one.split.lines.lines
    assert [line.shown.get("there") for line in offered[:3]] == ["6", "10", "8"], "exactly what lies there"
    typed("5", "<Enter>")
    assert (focus().text(), left_to_split(window)) == ("1", "Left to split: 1 PCS")
    typed("<Enter>")
    assert [(part["batch"], part["quantity"], part["uom"]) for part in lines(window)[0]["details"]] == [
        ("L1", "6", "PCS"), ("L2", "5", "PCS"), ("L3", "1", "PCS")]
    assert here() == "cell_rate", "complete: it comes to the dozen exactly"


def test_a_split_in_the_item_s_own_unit_opens_again_as_it_was_typed(open_voucher: Open, qtbot: QtBot) -> None:
    window = selling_in(open_voucher, qtbot, "1", "doz")
    typed("<Enter>", "4", "<Enter>", "<Esc>")
    assert lines(window)[0]["details"] == [
        {"warehouse": "MAIN", "batch": "L1", "quantity": "6", "uom": "PCS"},
        {"warehouse": "MAIN", "batch": "L2", "quantity": "4", "uom": "PCS"}], "Esc takes nothing that was only proposed"
    typed("<Enter>")
    qtbot.waitUntil(lambda: not window.session.background.is_busy)
    assert (here(), focus().text()) == ("cell_quantity", "2"), window._splits.open_one
    assert left_to_split(window) == "Left to split: 2 PCS"
    typed("<Enter>")
    assert [part["quantity"] for part in lines(window)[0]["details"]] == ["6", "4", "2"]


def test_what_comes_out_in_the_line_s_unit_stays_in_it(open_voucher: Open, qtbot: QtBot, books: FakeBooks) -> None:
    books.offers.parts = tuple(part._replace(quantity=part.quantity // 2 * 2) for part in books.offers.parts)
    window = selling_in(open_voucher, qtbot, "4", "pair")
    assert (focus().text(), left_to_split(window)) == ("3", "Left to split: 4")
    typed("<Enter>", "<Enter>")
    assert lines(window)[0]["details"] == [{"warehouse": "MAIN", "batch": "L1", "quantity": "3"},
                                           {"warehouse": "MAIN", "batch": "L2", "quantity": "1"}]


FULL = "That would be 4 units for a quantity of 3 — change the quantity first"


def complete(open_voucher: Open) -> VoucherWindow:
    """Three units named, and their sub-screen open once more, the cursor in a blank row."""
    window = buying(open_voucher, "phone", "3")
    typed("S1", "<Enter>", "S2", "<Enter>", "S3", "<Enter>")
    window.sheet.line_grids[0].enter(0, "quantity")
    typed("<Alt+L>")
    assert is_open(window)
    window._splits.open_one.enter_split()
    assert (here(), focus().text()) == ("cell_serials", "")
    return window


@pytest.mark.parametrize("way_out", ["<Enter>", "<Tab>", "<Down>", "<Up>", "<Shift+Tab>", "<Ctrl+A>"])
def test_one_unit_more_than_move_is_refused_where_it_is_typed(open_voucher: Open, way_out: str) -> None:
    window = complete(open_voucher)
    typed("S4", way_out)
    assert (here(), focus().text()) == ("cell_serials", "")
    assert (window.sheet.banner.text, left_to_split(window)) == (FULL, "Complete")
    typed("<Esc>")
    assert lines(window)[0]["serials"] == ["S1", "S2", "S3"]


def test_of_full_units_one_may_still_be_typed_over(open_voucher: Open) -> None:
    window = complete(open_voucher)
    typed("<Up>")
    assert focus().text() == "S3"
    typed("S9", "<Enter>")
    assert lines(window)[0]["serials"] == ["S1", "S2", "S9"]


def test_a_column_of_too_many_units_is_not_pasted(open_voucher: Open) -> None:
    window = buying(open_voucher, "phone", "3")
    for pasted, said in (("S1\nS2\nS3\nS4", FULL), ("S1\nS2\ns1", "s1 stands in line 1 of the split already")):
        QApplication.clipboard().setText(pasted)
        typed("<Ctrl+V>")
        assert (window.sheet.banner.text, left_to_split(window)) == (said, "Left to split: 3")
    QApplication.clipboard().setText("S1\nS2\nS3")
    assert typed("<Ctrl+V>")[-1] == "cell_rate"


def test_units_left_over_when_the_quantity_was_lowered_are_told_and_taken_out(open_voucher: Open) -> None:
    window = complete(open_voucher)
    typed("<Esc>")
    window.sheet.line_grids[0].enter(0, "quantity")
    typed("2", "<Enter>")
    assert here() == "cell_serials"
    typed("<Enter>")
    assert is_open(window)
    assert window.sheet.banner.text == "3 units named for a quantity of 2 — Ctrl+D removes a line"
    typed("<Up>", "S8", "<Enter>", "<Up>")
    assert focus().text() == "S8", "one of them may be typed over all the same"
    typed("<Ctrl+D>", "<Enter>")
    assert here() == "cell_rate"
    assert lines(window)[0]["serials"] == ["S1", "S2"]


@pytest.mark.parametrize("way_out", ["<Enter>", "<Down>", "<Up>"])
def test_a_unit_named_twice_is_refused_whatever_the_way_out(open_voucher: Open, way_out: str) -> None:
    window = buying(open_voucher, "phone", "3")
    typed("S1", "<Enter>", "s1", way_out)
    assert window.sheet.banner.text == "s1 stands in line 1 of the split already"
    assert (here(), focus().text(), left_to_split(window)) == ("cell_serials", "", "Left to split: 2")


# Undoing


def test_undo_in_a_split_ends_where_the_split_was_opened_and_says_so(open_voucher: Open) -> None:
    window = buying(open_voucher, "phone", "3")
    typed("S1", "<Enter>", "<Ctrl+Z>")
    assert left_to_split(window) == "Left to split: 3"
    typed("<Ctrl+Z>")
    assert (here(), is_open(window)) == ("cell_serials", True)
    assert (window.sheet.banner.text, window.sheet.banner.tone) == ("There is nothing more to undo here", "warning")
    typed("S7", "<Enter>", "S8", "<Enter>", "S9", "<Enter>")
    assert lines(window)[0]["serials"] == ["S7", "S8", "S9"]
    typed("<Shift+Tab>", "<Alt+L>")
    window._splits.open_one.enter_split()
    typed("<Ctrl+Z>")
    assert window.sheet.banner.text == "There is nothing more to undo here"
    assert left_to_split(window) == "Complete", "what was named before it was opened again stays"


def test_undo_in_a_split_brings_back_a_row_that_was_taken_away(open_voucher: Open) -> None:
    window = buying(open_voucher, "phone", "3")
    typed("S1", "<Enter>", "S2", "<Enter>", "<Up>", "<Ctrl+D>")
    assert left_to_split(window) == "Left to split: 2"
    typed("<Ctrl+Z>")
    assert left_to_split(window) == "Left to split: 1"
    typed("<Esc>")
    assert lines(window)[0]["serials"] == ["S1", "S2"]


def test_a_split_is_one_step_of_the_voucher_behind_that_of_its_quantity(open_voucher: Open) -> None:
    window = buying(open_voucher, "phone", "2")
    typed("S1", "<Enter>", "S2", "<Enter>")
    assert here() == "cell_rate"
    typed("<Ctrl+Z>")
    assert lines(window) == [{"item": "FONE", "quantity": "2"}]
    assert here() == "cell_quantity"
    typed("<Ctrl+Z>")
    assert lines(window) == [{"item": "FONE"}]
    typed("<Ctrl+Y>", "<Ctrl+Y>")
    assert lines(window) == [{"item": "FONE", "quantity": "2", "serials": ["S1", "S2"]}]


def test_undo_in_the_fields_of_a_line_takes_back_these_and_nothing_of_the_voucher(open_voucher: Open) -> None:
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>", "basmati", "<Enter>", "5", "<Enter>", "<Alt+L>", "1", "<Enter>", "7", "<Enter>", "x")
    typed("<Ctrl+Z>")
    assert (here(), focus().text()) == ("detail_against_line", "")
    typed("<Ctrl+Z>")
    assert (here(), focus().text()) == ("detail_discount_amount", "")
    typed("<Ctrl+Z>")
    assert (here(), focus().text()) == ("detail_free_quantity", "")
    typed("<Ctrl+Z>")
    assert window.sheet.banner.text == "There is nothing more to undo here"
    assert is_open(window)
    assert lines(window) == [{"item": "RICE", "quantity": "5"}]
