"""Bins on real books: those of the goods' warehouse are taken, others refused; where a type wants one it is asked for
in every part of a line."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.editors.listed import LookupEditor
from erpdesk.ui.voucher.line_details import LineDetails
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books, books_of, importing
from helpers.clerk import focus, here, typed
from helpers.database import Database
from helpers.master_screens import heard
from helpers.shop_window import window

__all__ = ["window"]

MASTERS = {
    "warehouses": [{"code": "SHOP", "name": "Shop floor"}],
    "bins": [{"warehouse": "SHOP", "code": "A1"}, {"warehouse": "SHOP", "code": "S1"},
             {"warehouse": "MAIN", "code": "A1"}, {"warehouse": "MAIN", "code": "B2"}],
    "items": [{"code": "TEA", "name": "Green tea", "uom": "PCS"},
              {"code": "PILL", "name": "Pill", "uom": "PCS", "track_batch": True, "batch_policy": "manual"}],
    "batches": [{"item": "PILL", "batch": "P1"}, {"item": "PILL", "batch": "P2"}],
    "parties": [{"code": "C001", "name": "Asha Stores", "kind": "customer"},
                {"code": "S001", "name": "Tea Estate", "kind": "supplier"}],
}
PLAIN = {"charges": [], "auto_charges": False}
IN_ROW = [{"field": "lines.bin", "scope": "standard", "section": "main"},
          {"field": "lines.warehouse", "scope": "standard", "section": "main"}]


@pytest.fixture
def books(database: Database) -> Books:
    return books_of(database)


database_template = begun_books(importing(MASTERS))


def with_bins(books: Books, *, required: bool = False) -> None:
    """Sales and purchases name bins."""
    rule = [{"field": "lines.bin", "required": True}] if required else []
    books.configuration.import_document({"voucher_types": [
        {"code": code, "lines": {"show_bin": True, "show_warehouse": True}, "field_rules": rule}
        for code in ("SALES_INVOICE", "PURCHASE_INVOICE")]})


def buy(books: Books, item: str, *parts: dict[str, str]) -> None:
    quantity = str(sum(int(part["quantity"]) for part in parts))
    result = books.vouchers.post({
        "type": "PURCHASE_INVOICE", "date": "2026-04-02", "ref_no": f"B-{item}-{quantity}", "party": "S001",
        "warehouse": "MAIN", "lines": [{"item": item, "quantity": quantity, "rate": "5", "details": list(parts)}],
        **PLAIN})
    assert hasattr(result, "value"), result


def begun(qtbot: QtBot, window: MainWindow, item: str, quantity: str) -> VoucherWindow:
    """A sale to Asha with one item typed."""
    for kind in ("type", "bin", "item", "batch", "party", "warehouse"):
        window.session.freshness.read_again(kind)
    window.session.place.read_types()
    heard(qtbot, window)
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=10_000) as signal:
        typed("<F8>")
    voucher: VoucherWindow = signal.args[0]
    window.session.lookups.load(("bin", "batch"))
    heard(qtbot, window)
    typed("asha", "<Enter>", item, "<Enter>", quantity, "<Enter>")
    heard(qtbot, window)
    voucher.sheet.models["lines"].put(0, "rate", "9")
    return voucher


def split_of(voucher: VoucherWindow) -> LineDetails:
    details = voucher.findChild(LineDetails)
    assert details is not None
    return details


def answered(qtbot: QtBot, voucher: VoucherWindow) -> str:
    typed("<Ctrl+A>")
    qtbot.waitUntil(lambda: not voucher.submission.is_running and bool(voucher.sheet.banner.text), timeout=20_000)
    return voucher.sheet.banner.text


def lines(voucher: VoucherWindow) -> list[dict[str, Any]]:
    found = voucher.draft.document()["lines"]
    assert isinstance(found, list)
    return found


def test_a_bin_of_another_warehouse_is_refused_where_it_is_typed(qtbot: QtBot, window: MainWindow,
                                                                 books: Books) -> None:
    with_bins(books)
    buy(books, "TEA", {"bin": "A1", "quantity": "5"}, {"bin": "B2", "quantity": "5"})
    voucher = begun(qtbot, window, "tea", "2")
    typed("<Alt+L>")
    heard(qtbot, window)
    split = split_of(voucher).split
    assert split is not None
    blank = next(row for row, line in enumerate(split.lines.lines) if line.is_blank and not line.certain)
    split.enter(blank, "bin")
    editor = focus()
    assert isinstance(editor, LookupEditor)
    typed("S1", "<Enter>")
    assert here() == "cell_bin"
    assert voucher.sheet.banner.text == "S1 is a bin of SHOP; take one of MAIN, or change the warehouse"
    editor.selectAll()
    typed("a1", "<Enter>", "2", "<Enter>")
    assert lines(voucher)[0]["bin"] == "A1"
    assert answered(qtbot, voucher).startswith("Posted SI/")


def test_pasted_bins_are_those_of_the_warehouse(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    books.configuration.import_document({"voucher_types": [{
        "code": "SALES_INVOICE", "lines": {"show_bin": True, "show_warehouse": True}, "field_rules": IN_ROW}]})
    voucher = begun(qtbot, window, "tea", "2")
    model = voucher.sheet.models["lines"]
    keys = [field.key for field in model.columns]
    assert keys.index("warehouse") < keys.index("bin")
    voucher.sheet.grids["lineGrid"].enter(1, keys[0])

    def pasted(**cells: str) -> str:
        QApplication.clipboard().setText("\t".join(cells.get(key, "") for key in keys))
        typed("<Ctrl+V>")
        return voucher.sheet.banner.text

    refused = "Nothing was pasted. Line 2, Bin, “S1”: S1 is a bin of SHOP; take one of MAIN, or change the warehouse"
    assert pasted(item="TEA", quantity="3", rate="9", bin="S1") == refused
    assert pasted(item="TEA", quantity="3", rate="9", warehouse="SHOP", bin="S1") == "1 line pasted"
    assert (lines(voucher)[1]["warehouse"], lines(voucher)[1]["bin"]) == ("SHOP", "S1")


def test_the_bin_altered_or_made_in_place_is_one_of_the_goods_warehouse(qtbot: QtBot, window: MainWindow,
                                                                        books: Books) -> None:
    books.configuration.import_document({"voucher_types": [{
        "code": "SALES_INVOICE", "lines": {"show_bin": True, "show_warehouse": True}, "field_rules": IN_ROW}]})
    voucher = begun(qtbot, window, "tea", "2")
    grid = voucher.sheet.grids["lineGrid"]
    grid.enter(0, "bin")
    typed("a1", "<Enter>")
    for chord, expected in (("<Ctrl+Enter>", {"warehouse": "MAIN", "code": "A1"}), ("<Alt+C>", {"warehouse": "MAIN"})):
        grid.enter(0, "bin")
        typed(chord)
        heard(qtbot, window)
        assert voucher.masters.panel is not None
        values = voucher.masters.panel.draft.header.values
        assert {key: values.get(key) for key in expected} == expected
        typed("<Esc>")
        heard(qtbot, window)


def test_a_bin_that_must_be_given_is_asked_for_in_every_part(qtbot: QtBot, window: MainWindow, books: Books) -> None:
    with_bins(books, required=True)
    buy(books, "PILL", {"batch": "P1", "bin": "A1", "quantity": "5"}, {"batch": "P2", "bin": "B2", "quantity": "5"})
    voucher = begun(qtbot, window, "pill", "7")
    split = split_of(voucher).split
    assert split is not None
    offered = [(line.values["batch"], line.values["bin"]) for line in split.lines.lines if line.certain]
    assert offered == [("P1", "A1"), ("P2", "B2")]
    blank = len(split.lines.lines) - 1
    assert split.stops(blank) == ["bin", "batch", "quantity"], "the type wants it: the cursor doesn't pass it by"
    split.enter(blank, "batch")
    typed("p1", "<Enter>", "5", "<Enter>")
    split.enter(1, "quantity")
    typed("2", "<Enter>")
    assert (here(), voucher.sheet.banner.text) == ("cell_bin", "Bin must be given"), "it doesn't close before"
    typed("<Esc>")
    assert answered(qtbot, voucher) == "VCH-004 Bin must be given"
    heard(qtbot, window)
    assert here() == "cell_bin"
    typed("a1", "<Enter>", "<Enter>", "<Enter>")
    assert voucher.findChild(LineDetails) is None or not split_of(voucher).isVisible(), "it closes by itself"
    parts = lines(voucher)[0]["details"]
    assert [(part["batch"], part["bin"]) for part in parts] == [("P2", "B2"), ("P1", "A1")]
    assert answered(qtbot, voucher).startswith("Posted SI/")
