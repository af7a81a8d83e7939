"""Each side of a stock journal, and a count, tells how much it comes to; different units come to nothing together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel

from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import here, typed

Open = Callable[[str], VoucherWindow]


def label_beside(window: VoucherWindow, name: str) -> str:
    figure = window.sheet.totals.findChild(QLabel, f"total_{name}")
    assert figure is not None
    return figure.accessibleName()


def test_a_stock_journal_tells_what_is_consumed_and_what_is_produced(open_voucher: Open) -> None:
    window = open_voucher("STOCK_JOURNAL")
    totals = window.sheet.totals
    assert (label_beside(window, "counted_consume"), label_beside(window, "counted_produce")) == (
        "Consumption", "Production")
    assert (totals.figure("counted_consume"), totals.figure("counted_produce")) == ("–", "–")
    source, target = window.sheet.grids["sourceGrid"], window.sheet.grids["targetGrid"]
    source.enter(0, "item")
    typed("soap", "<Enter>")
    for grid, row, item, quantity in ((source, 0, "soap", "10"), (source, 1, "soap", "2.5"), (target, 0, "oil5", "3")):
        grid.enter(row, "item")
        typed(item, "<Enter>")
        grid.enter(row, "quantity")
        typed(quantity, "<Enter>")
    soap, oil = (window.session.lookups.row("item", code) for code in ("SOAP", "OIL5"))
    assert soap is not None
    assert oil is not None
    assert totals.figure("counted_consume") == f"12.5 {soap.attributes['uom']}"
    assert totals.figure("counted_produce") == f"3 {oil.attributes['uom']}"
    source.enter(1, "uom")
    typed("doz", "<Enter>")
    assert totals.figure("counted_consume") == "", "pieces and dozens don't add up"
    source.enter(1, "item")
    typed("<Ctrl+D>")
    assert totals.figure("counted_consume") == f"10 {soap.attributes['uom']}"


def test_a_count_tells_how_much_was_counted(open_voucher: Open) -> None:
    window = open_voucher("PHYSICAL_STOCK")
    grid, totals = window.sheet.line_grids[0], window.sheet.totals
    assert (label_beside(window, "counted_lines"), totals.figure("counted_lines")) == ("Quantity", "–")
    grid.enter(0, "item")
    typed("soap", "<Enter>")
    grid.enter(0, "counted_quantity")
    typed("7", "<Enter>")
    assert totals.figure("counted_lines").startswith("7 ")


def test_a_transfer_tells_its_quantity_once(open_voucher: Open) -> None:
    window = open_voucher("STOCK_TRANSFER")
    assert window.sheet.totals.figure("quantity") == "–"


def test_a_landed_cost_comes_to_what_is_added(open_voucher: Open) -> None:
    window = open_voucher("LANDED_COST")
    charges = window.sheet.grids["chargesGrid"]
    assert window.sheet.totals.figure("net") == "0.00"
    for row, amount in enumerate(("100", "20.5")):
        charges.enter(row, "account")
        typed("cas", "<Enter>")
        charges.enter(row, "amount")
        typed(amount, "<Enter>")
    assert window.sheet.totals.figure("net") == "120.50"


def test_a_count_has_no_parts_and_names_its_units(open_voucher: Open) -> None:
    window = open_voucher("PHYSICAL_STOCK")
    grid = window.sheet.line_grids[0]
    for row, item, quantity in ((0, "vial", "4"), (1, "phone", "2")):
        grid.enter(row, "item")
        typed(item, "<Enter>")
        grid.enter(row, "counted_quantity")
        typed(quantity, "<Enter>")
    assert here() == "cell_serials", "vials are counted as they lie, phones are named"
    split = window._splits.open_one.split
    assert [field.key for field in split.lines.grid.fields] == ["serials"], "each place is a line of its own"
    typed("S1", "<Enter>", "S2", "<Enter>")
    assert [{key: line.get(key) for key in ("item", "counted_quantity", "serials", "details")}
            for line in window.draft.document()["lines"]] == [
        {"item": "VIAL", "counted_quantity": "4", "serials": None, "details": None},
        {"item": "FONE", "counted_quantity": "2", "serials": ["S1", "S2"], "details": None}]
