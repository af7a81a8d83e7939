"""The window on real books: what is typed is posted, what is refused is marked, reports show it."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.ui.reports.view import ReportView
from erpdesk.ui.voucher.stepper import StepState
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books, books_of, importing
from helpers.clerk import here, typed
from helpers.database import Database
from helpers.file_dialogs import chosen
from helpers.shop_window import window

__all__ = ["window"]

MASTERS = {
    "items": [{"code": "RICE", "name": "Basmati rice", "uom": "PCS", "valuation": "fifo"},
              {"code": "SALT", "name": "Salt", "uom": "KG", "valuation": "fifo"}],
    "parties": [{"code": "C001", "name": "Asha Stores", "kind": "customer"},
                {"code": "S001", "name": "Terai Mills", "kind": "supplier"}],
}


database_template = begun_books(importing(MASTERS))


@pytest.fixture
def books(database: Database) -> Books:
    """The books of a new shop."""
    return books_of(database)


def opened(qtbot: QtBot, window: MainWindow, chord: str) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=10_000) as signal:
        typed(chord)
    voucher: VoucherWindow = signal.args[0]
    return voucher


def answered(qtbot: QtBot, voucher: VoucherWindow) -> None:
    qtbot.waitUntil(lambda: not voucher.submission.is_running, timeout=20_000)


def test_a_typed_payment_is_posted_and_stands_in_the_day_book(qtbot: QtBot, window: MainWindow) -> None:
    voucher = opened(qtbot, window, "<F5>")
    typed("1110", "<Enter>", "6050", "<Enter>", "40", "<Enter>", "<Ctrl+A>")
    answered(qtbot, voucher)
    assert "Posted CP/" in voucher.sheet.banner.text, voucher.sheet.banner.text
    assert set(voucher.sheet.stepper.states.values()) == {StepState.DONE}
    qtbot.waitUntil(lambda: "000002" in voucher.sheet.number.text(), timeout=10_000)
    window.opener.open_report("day-book")
    view = window.pages.current
    qtbot.waitUntil(lambda: not view.model.is_empty, timeout=10_000)
    assert view.model.row(0)["total"] == "40.00"


def test_the_balance_beside_an_account_is_that_after_the_voucher_before(qtbot: QtBot, window: MainWindow) -> None:
    voucher = opened(qtbot, window, "<F5>")
    beside = voucher.sheet.header.context["account"]
    for amount, balance in (("40", "bal. 40.00 Cr"), ("25.50", "bal. 65.50 Cr")):
        voucher.sheet.header.enter("account")
        typed("1110", "<Enter>", "6050", "<Enter>", amount, "<Enter>", "<Ctrl+A>")
        qtbot.waitUntil(lambda wanted=balance: beside.text() == wanted, timeout=10_000)  # type: ignore[misc]


def test_a_short_stock_is_marked_in_its_cell_and_bought_stock_sells(qtbot: QtBot, window: MainWindow) -> None:
    sale = opened(qtbot, window, "<F8>")
    typed("asha", "<Enter>", "rice", "<Enter>", "5", "<Enter>", "15", "<Enter>", "<Ctrl+A>")
    answered(qtbot, sale)
    assert sale.sheet.banner.text.startswith("INV-001"), sale.sheet.banner.text
    typed("<Alt+W>")
    assert sale.sheet.models["lines"].lines[0].faults["quantity"].code == "INV-001"
    assert here() == "cell_quantity"
    before = sale.draft.document()
    buying = opened(qtbot, window, "<F9>")
    typed("terai", "<Enter>", "B-1", "<Enter>", "rice", "<Enter>", "8", "<Enter>", "<Ctrl+A>")
    answered(qtbot, buying)
    assert "Posted PI/" in buying.sheet.banner.text, buying.sheet.banner.text
    window.pages.show_page(sale)
    assert sale.draft.document() == before, "each tab keeps its state"
    assert here() == "cell_quantity"
    typed("<Ctrl+A>")
    answered(qtbot, sale)
    assert "Posted SI/" in sale.sheet.banner.text, sale.sheet.banner.text
    assert sale.draft.header.values["warehouse"] == "MAIN", "the next sale doesn't ask for it either"


def test_an_unbalanced_journal_can_be_saved_but_not_posted(qtbot: QtBot, window: MainWindow) -> None:
    journal = opened(qtbot, window, "<F7>")
    typed("1110", "<Enter>", "100", "<Enter>", "3010", "<Enter>", "90", "<Enter>", "<Ctrl+S>")
    answered(qtbot, journal)
    assert journal.draft.voucher_id
    typed("<Ctrl+A>")
    assert journal.sheet.banner.text.startswith("GL-001"), journal.sheet.banner.text
    assert journal.draft.voucher_id, "still the draft that was saved"
    assert not window.session.queue.refused


def test_a_sale_never_asks_for_the_warehouse_and_shows_what_it_would_post(qtbot: QtBot, window: MainWindow) -> None:
    sale = opened(qtbot, window, "<F8>")
    assert sale.draft.header.values["warehouse"] == "MAIN"
    typed("asha", "<Enter>", "rice", "<Enter>", "5", "<Enter>", "15", "<Enter>")
    assert here() == "cell_item"
    typed("<Alt+V>")
    qtbot.waitUntil(sale.posting_preview.isVisible, timeout=10_000)
    assert sale.posting_preview.texts()[0] == "Can't be posted yet"
    assert any("INV-001" in text for text in sale.posting_preview.texts())


def test_masters_are_made_and_altered_over_the_voucher_and_context_stands_beside(
        qtbot: QtBot, window: MainWindow) -> None:
    def heard() -> None:
        lanes = (window.session.background, window.session.freshness.lane)
        qtbot.waitUntil(lambda: not any(lane.is_busy for lane in lanes), timeout=20_000)

    sale = opened(qtbot, window, "<F8>")
    typed("Zenith Traders", "<Alt+C>")
    heard()
    typed("Z9", "<Enter>", "<Enter>", "<Enter>", "<Enter>")
    heard()
    assert sale.masters.panel is None
    assert sale.draft.header.values["party"] == "Z9"
    assert here() == "cell_item"
    assert sale.sheet.header.context["party"].text() == "bal. nil"
    typed("Green tea", "<Alt+C>")
    heard()
    typed("<Ctrl+A>")
    heard()
    panel = sale.masters.panel
    assert panel is not None, "a unit is missing"
    assert here() == "field_uom"
    typed("pcs", "<Enter>", "<Ctrl+A>")
    heard()
    assert sale.masters.panel is None
    assert sale.sheet.line_context.text() == "Green tea:  no stock"
    typed("2", "<Enter>", "5", "<Enter>")
    assert sale.draft.document()["lines"][0]["item"] == "GREEN-TEA"
    sale.sheet.header.enter("party")
    typed("zen", "<Ctrl+Enter>")
    heard()
    assert sale.masters.panel is not None
    sale.masters.panel.form.enter("credit_limit")
    typed("500", "<Ctrl+A>")
    heard()
    assert sale.masters.panel is None
    sale.sheet.header.enter("party")
    heard()
    assert sale.sheet.header.context["party"].text() == "bal. nil · limit 500.00"
    row = window.session.lookups.row("party", "Z9")
    assert row is not None
    assert row.attributes["credit_limit"] == "500"


def exported(qtbot: QtBot, view: ReportView, file: Path) -> Path:
    view.activateWindow()
    qtbot.waitUntil(view.rows.hasFocus)
    typed("<Ctrl+E>")
    chosen(view, "exportFile", file)
    qtbot.waitUntil(lambda: file.exists() and not view.session.background.is_busy, timeout=10_000)
    return file


def test_the_room_that_lines_figures_up_on_the_screen_is_no_part_of_them(
        qtbot: QtBot, window: MainWindow, books: Books, tmp_path: Path) -> None:
    room = ("\u2007", "\u2008")
    bought = books.vouchers.new_document("PURCHASE_INVOICE") | {"party": "S001", "ref_no": "B-1", "warehouse": "MAIN",
        "lines": [{"item": "RICE", "quantity": "8", "rate": "10"}, {"item": "SALT", "quantity": "1.25", "rate": "4"}]}
    assert isinstance(books.vouchers.post(bought), Ok)
    window.opener.open_report("stock-balance")
    view = window.pages.current
    qtbot.waitUntil(lambda: not view.model.is_empty and view.rows.hasFocus(), timeout=10_000)
    quantity = [column.key for column in view.model.columns].index("quantity")
    view.rows.setCurrentIndex(view.model.index(0, quantity))
    cell = view.rows.currentIndex()
    assert str(cell.data()).endswith(room), "there is such room"
    QApplication.clipboard().setText("before")
    typed("<Ctrl+C>")
    assert not any(one in QApplication.clipboard().text() for one in room)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "8"
    csv = exported(qtbot, view, tmp_path / "mine.csv")
    sheets = ZipFile(exported(qtbot, view, tmp_path / "mine.xlsx"))
    for text in (csv.read_text(encoding="utf-8-sig"), *(sheets.read(name).decode() for name in sheets.namelist())):
        assert not any(one in text for one in room)
    assert "RICE" in csv.read_text(encoding="utf-8-sig")
