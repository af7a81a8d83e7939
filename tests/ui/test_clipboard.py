"""Cells go to spreadsheets and come from them; what can't be read is said, and then nothing has changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from erpdesk.ui.keys.profile import rebind
from erpdesk.ui.voucher.cells_as_text import cells_of, is_one_value
from erpdesk.ui.voucher.pasting import MOST_LINES
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed

Open = Callable[[str], VoucherWindow]
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def sale(open_voucher: Open) -> VoucherWindow:
    """A sale to Asha, the cursor at its first item."""
    window = open_voucher("SALES_INVOICE")
    typed("asha", "<Enter>")
    assert here() == "cell_item"
    return window


def lines(window: VoucherWindow) -> Any:
    return window.draft.document()["lines"]


def clipboard(text: str | None = None) -> str:
    """What is on the clipboard, or is put there."""
    if text is not None:
        QApplication.clipboard().setText(text)
    return QApplication.clipboard().text()


def keys(window: VoucherWindow) -> list[str]:
    return [field.key for field in window.sheet.models["lines"].columns]


def row_of(window: VoucherWindow, **cells: str) -> str:
    return "\t".join(cells.get(key, "") for key in keys(window))


def test_rows_of_a_spreadsheet_become_lines(sale: VoucherWindow) -> None:
    tester = QAbstractItemModelTester(sale.sheet.models["lines"], FATAL)
    clipboard(row_of(sale, item="RICE", quantity="1,234.5", rate="15") + "\r\n"
              + row_of(sale, item="neem soap", quantity="2", rate="12*2", uom="PCS") + "\r\n")
    typed("<Ctrl+V>")
    assert lines(sale) == [{"item": "RICE", "quantity": "1234.5", "rate": "15", "uom": "PCS"},
                           {"item": "SOAP", "quantity": "2", "rate": "24", "uom": "PCS"}]
    assert sale.sheet.banner.text == "2 lines pasted"
    assert here() == "cell_item"
    assert sale.sheet.models["lines"].lines[-1].is_blank
    assert sale.sheet.totals.figure("gross") == "18,565.50"
    typed("<Ctrl+Z>")
    assert lines(sale) == []
    typed("<Ctrl+Y>")
    assert len(lines(sale)) == 2
    del tester


@pytest.mark.parametrize(("cell", "column", "said"), [
    ("abc", "quantity", "A number is needed"), ("9" * 40, "rate", "too large"), ("Sun", "item", "code or name"),
    ("-5", "quantity", "less than"), ("(5.00)", "rate", "brackets"), ("1.23456", "quantity", "decimals"),
    ("\x00", "item", "can't be kept"), ("مرحبا", "item", "code or name"), ("😀", "quantity", "A number"),
    ("x" * 5000, "item", "characters"),
])
def test_one_bad_cell_and_nothing_is_pasted(sale: VoucherWindow, cell: str, column: str, said: str) -> None:
    clipboard(row_of(sale, item="RICE", quantity="1") + "\n" + row_of(sale, **{"item": "SOAP", column: cell}))
    if clipboard() and cell != "\x00":
        before = sale.draft.document()
        typed("<Ctrl+V>")
        assert sale.draft.document() == before
        label = next(field.label for field in sale.sheet.models["lines"].columns if field.key == column)
        assert f"Line 2, {label}" in sale.sheet.banner.text, sale.sheet.banner.text
        assert said in sale.sheet.banner.text


def test_all_that_is_wrong_is_counted(sale: VoucherWindow) -> None:
    clipboard("\n".join(row_of(sale, item="RICE", quantity="x") for _ in range(7)))
    typed("<Ctrl+V>")
    assert "Line 1, " in sale.sheet.banner.text
    assert "(and 6 more)" in sale.sheet.banner.text


def test_a_block_begins_at_the_cursor_and_goes_over_what_stands_there(sale: VoucherWindow) -> None:
    clipboard(row_of(sale, item="RICE", quantity="1", rate="5") + "\n"
              + row_of(sale, item="OIL1", quantity="2", rate="6"))
    typed("<Ctrl+V>")
    sale.sheet.grids["lineGrid"].enter(1, "quantity")
    clipboard("7\n8\n")
    typed("<Ctrl+V>")
    assert [line.get("quantity") for line in lines(sale)] == ["1", "7", "8"]
    assert [line.get("rate") for line in lines(sale)] == ["5", "6", None]


def test_more_cells_than_columns_are_refused(sale: VoucherWindow) -> None:
    sale.sheet.grids["lineGrid"].enter(0, keys(sale)[-1])
    clipboard("1\t2\t3")
    typed("<Ctrl+V>")
    assert "Line 1 has 3 cells" in sale.sheet.banner.text
    assert lines(sale) == []


def test_what_is_computed_is_left_out_and_said(sale: VoucherWindow) -> None:
    clipboard(row_of(sale, item="RICE", quantity="2", rate="5", line_amount="999"))
    typed("<Ctrl+V>")
    assert "left out" in sale.sheet.banner.text
    assert sale.sheet.totals.figure("gross") == "10.00"


def test_ten_thousand_rows_are_refused_at_once_and_a_thousand_are_quick(sale: VoucherWindow) -> None:
    row = row_of(sale, item="RICE", quantity="2", rate="5") + "\n"
    clipboard(10_000 * row)
    began = time.perf_counter()
    typed("<Ctrl+V>")
    refused = time.perf_counter() - began
    assert "10,000 lines" in sale.sheet.banner.text
    assert lines(sale) == []
    clipboard(MOST_LINES * row)
    began = time.perf_counter()
    typed("<Ctrl+V>")
    taken = time.perf_counter() - began
    assert len(lines(sale)) == MOST_LINES
    assert sale.sheet.totals.figure("gross") == "10,000.00"
    assert refused < 2, f"refused after {refused:.2f} s"
    assert taken < 8, f"pasted in {taken:.2f} s"


def test_a_single_value_goes_into_the_field_as_text(sale: VoucherWindow) -> None:
    clipboard("soap\n")
    typed("<Ctrl+V>", "<Enter>")
    assert lines(sale)[0]["item"] == "SOAP"
    clipboard("1,200")
    typed("<Ctrl+V>")
    assert focus().text() == "1,200"
    typed("<Enter>")
    assert lines(sale)[0]["quantity"] == "1200"


def test_the_line_is_copied_with_plain_figures_and_pastes_back(sale: VoucherWindow) -> None:
    typed("rice", "<Enter>", "1200", "<Enter>", "15.5", "<Enter>")
    assert here() == "cell_item"
    sale.sheet.grids["lineGrid"].enter(0, "item")
    typed("<Shift+Space>", "<Ctrl+C>")
    assert clipboard() == row_of(sale, item="RICE", quantity="1200", uom="PCS", rate="15.5",
                                 line_amount="18600.00") + "\n"
    typed("<Esc>")
    assert here() == "cell_item"
    sale.sheet.grids["lineGrid"].enter(1, "item")
    typed("<Ctrl+V>")
    assert lines(sale)[0] == lines(sale)[1]


def test_an_empty_cell_copies_its_line_and_a_full_one_itself(sale: VoucherWindow) -> None:
    typed("rice", "<Enter>", "1200", "<Enter>", "15.5", "<Enter>")
    sale.sheet.grids["lineGrid"].enter(0, "item")
    typed("<Ctrl+C>")
    assert clipboard() == "RICE"
    sale.sheet.grids["lineGrid"].enter(0, "discount_percent")
    typed("<Ctrl+C>")
    assert clipboard().startswith("RICE\t")
    assert "copied" in sale.sheet.banner.text


def test_marked_cells_are_copied_cut_and_emptied(sale: VoucherWindow) -> None:
    clipboard("\n".join(row_of(sale, item=code, quantity=number, rate="5") for code, number in
                        (("RICE", "1"), ("OIL1", "2"), ("SOAP", "3"))))
    typed("<Ctrl+V>")
    grid = sale.sheet.grids["lineGrid"]
    grid.enter(0, "quantity")
    typed("<Shift+Down>", "<Ctrl+C>")
    assert clipboard() == "1\n2\n"
    assert len(grid.selectionModel().selectedIndexes()) == 2
    typed("<Shift+Up>", "<Shift+Up>", "<Ctrl+C>")
    assert clipboard() == "1\n"
    typed("<Shift+Down>", "<Ctrl+X>")
    assert [line.get("quantity") for line in lines(sale)] == [None, None, "3"]
    assert here() == "cell_quantity"
    typed("<Ctrl+V>")
    assert [line.get("quantity") for line in lines(sale)] == ["1", "2", "3"]
    typed("<Shift+Down>", "<Shift+Right>", "<Delete>")
    assert [line.get("quantity") for line in lines(sale)] == [None, None, "3"]
    typed("<Ctrl+Z>")
    assert [line.get("quantity") for line in lines(sale)] == ["1", "2", "3"]


def test_typing_ends_the_block_and_is_not_lost(sale: VoucherWindow) -> None:
    typed("rice", "<Enter>", "3", "<Enter>", "5", "<Enter>")
    grid = sale.sheet.grids["lineGrid"]
    grid.enter(0, "quantity")
    typed("<Shift+Down>")
    QApplication.processEvents()
    typed("4", "2", "<Enter>")
    assert lines(sale)[0]["quantity"] == "42"
    assert not grid.selectionModel().selectedIndexes()


def test_picked_out_text_is_copied_as_text(sale: VoucherWindow) -> None:
    typed("rice")
    typed("<Shift+Left>", "<Shift+Left>", "<Ctrl+C>")
    assert clipboard() == "ce"
    assert here() == "cell_item"
    typed("<Ctrl+X>")
    assert focus().text() == "ri"


def test_ones_own_keys_copy_cut_and_paste_text_too(sale: VoucherWindow) -> None:
    """Qt knows its own keys alone: others are ours to follow."""
    for action, chord in (("copy", "Alt+7"), ("cut", "Alt+8"), ("paste", "Alt+9")):
        rebind("grid", action, chord)
    clipboard("12")
    typed("ric", "<Enter>", "<Alt+9>")
    assert focus().text() == "12"
    typed("<Shift+Home>", "<Alt+7>")
    assert clipboard() == "12"
    typed("3", "<Shift+Home>", "<Alt+8>")
    assert (clipboard(), focus().text()) == ("3", "")
    assert len(lines(sale)) == 1


def test_copy_and_paste_work_in_the_header_too(open_voucher: Open) -> None:
    window = open_voucher("PURCHASE_INVOICE")
    typed("terai", "<Enter>", "BILL-7", "<Shift+Home>", "<Ctrl+X>")
    assert clipboard() == "BILL-7"
    typed("<Ctrl+V>", "<Ctrl+V>", "<Enter>")
    assert window.draft.header.values["ref_no"] == "BILL-7BILL-7"


@pytest.mark.parametrize(("text", "cells"), [
    ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]), ("a\n\nb", [["a"], [""], ["b"]]), ("", []),
    ('"a\nb"\t"say ""x"""', [["a\nb", 'say "x"']]), ('"open\tb', [['"open', "b"]]), ("a\t", [["a", ""]]),
    ('6" nail\t5', [['6" nail', "5"]]),
])
def test_cells_are_read_as_spreadsheets_write_them(text: str, cells: list[list[str]]) -> None:
    assert cells_of(text, 100) == cells
    assert is_one_value(text) is (len(cells) <= 1 and all(len(row) < 2 for row in cells) and not text.startswith('"'))
