"""Reports that list masters by code show what they are called beside it, also when the names come later."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.reports.report import Column, Report
from erpdesk.ui.reports.table import ReportTable


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
