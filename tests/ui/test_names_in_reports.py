"""Reports that list masters by code show what they are called beside it, also when the names come later."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.reports import tax_register
from erpdesk.reports.report import Column, Report
from erpdesk.ui.reports.table import ReportTable
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.window.main_window import MainWindow
from helpers.fake_desk import FakeBooks, Row


def stock(*columns: str) -> Report:
    row = {"item": "0101", "warehouse": "MAIN", "party": "", "name": "Own name"}
    return Report("stock-balance", "ACME", date(2026, 11, 21),
                  tuple(Column(key, key.capitalize()) for key in columns), (row,), {})


def shown(table: ReportTable) -> list[str]:
    return [table.data(table.index(0, column)) for column in range(table.columnCount())]


def test_codes_have_their_names_beside_them_as_soon_as_these_are_known(qtbot: QtBot, qapp: QApplication) -> None:
    known: dict[tuple[str, str], str] = {}
    table = ReportTable("western", {}, names=lambda kind, code: known.get((kind, code), ""))
    table.show_report(stock("item", "warehouse", "party"))
    assert table.named == ("item", "party")
    assert shown(table) == ["0101", "MAIN", ""]
    known["item", "0101"] = "Basmati rice 25 kg"
    with qtbot.waitSignal(table.dataChanged):
        table.say_names()
    assert shown(table) == ["0101  Basmati rice 25 kg", "MAIN", ""]


def test_a_report_with_names_of_its_own_says_no_others(qapp: QApplication) -> None:
    table = ReportTable("western", {}, names=lambda _kind, _code: "Another")
    table.show_report(stock("item", "name"))
    assert shown(table) == ["0101", "Own name"]


def test_a_long_name_in_the_tax_register_has_room_and_is_told_whole(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, session: Session) -> None:
    whole = "C0042  Himalayan General Trading and Suppliers Private Limited"
    session.lookups.put("party", (*books.masters.kept["party"], Row(*whole.split("  "))))
    row = {"date": "2026-11-02", "voucher_number": "PI/26-27/000001", "type": "PURCHASE_INVOICE", "party": "C0042",
           "ref_no": "BILL-2026/000123", "account": "2210", "rate": "13", "taxable": "1234567890.50",
           "input_tax": "1234567.50"}
    books.reports.run = lambda name, **_filters: Report(  # type: ignore[method-assign]
        name, "ACME", date(2026, 11, 20), tax_register.COLUMNS, (row,), {"input_tax": "1234567.50"})
    main_window.resize(1366, 768)
    main_window.opener.open_report("tax-register")
    view = main_window.pages.current
    qtbot.waitUntil(lambda: not view.model.is_empty)
    number = [column.key for column in view.model.columns].index("party")
    qtbot.waitUntil(lambda: view.rows.columnWidth(number) >= 2 * theme().size("elastic_minimum"))
    assert view.rows.horizontalScrollBar().maximum() == 0, "no figure is out of sight"
    assert view.model.index(0, number).data(Qt.ItemDataRole.ToolTipRole) == whole
