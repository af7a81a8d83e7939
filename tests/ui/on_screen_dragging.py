"""Rows are moved by dragging them, with the mouse events that a window gets on a screen: charges, fields, levels.

An offscreen window has no dragging; `test_settings_dragging` runs this on a screen in memory.
"""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.settings.page import SettingsPage
from erpdesk.ui.settings.row_list import RowList
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import focus, typed
from helpers.fake_desk import FakeBooks
from helpers.settings_pages import edited, open_page, settled, show_tab

LEFT = Qt.MouseButton.LeftButton
UPPER, LOWER = -1, 1
"""The edges of a row."""


@pytest.fixture
def page(qtbot: QtBot, main_window: MainWindow, books: FakeBooks) -> SettingsPage:
    return open_page(qtbot, main_window, books)


def spot(rows: RowList, row: int, edge: int = 0) -> QPoint:
    """A point in a row, in the window: its middle, or near an edge."""
    area = rows.visualItemRect(rows.item(row))
    inside = area.center() + QPoint(0, edge * (area.height() // 2 - 1))
    return rows.viewport().mapTo(rows.window(), inside)


def dragged(qtbot: QtBot, rows: RowList, here: int, target: QPoint) -> None:
    """Press on a row, carry it to a point of the window and let go."""
    window, ended = rows.window().windowHandle(), []

    def carry() -> None:
        for point in (target + QPoint(3, 0), target):
            QTest.mouseMove(window, point)
            QApplication.processEvents()
        QTest.mouseRelease(window, LEFT, pos=target)
        ended.append(True)

    begin = spot(rows, here)
    QTest.mousePress(window, LEFT, pos=begin)
    QTest.mouseMove(window, begin + QPoint(4, 0))
    QTimer.singleShot(0, carry)
    QTest.mouseMove(window, begin + QPoint(2 * QApplication.startDragDistance(), 0))
    qtbot.waitUntil(lambda: bool(ended))


def codes(page: SettingsPage, part: str = "charges") -> list[Any]:
    return [row.get("code") or row.get("key") or row.get("level") for row in edited(page).rows(part)]


def three_charges(qtbot: QtBot, page: SettingsPage) -> RowList:
    edited(page).add("charges", {"code": "FREIGHT", "label": "Freight", "calculation_type": "amount"})
    rows: RowList = show_tab(page, "charges").rows
    settled(qtbot, page)
    assert codes(page) == ["DISC", "VAT", "FREIGHT"]
    return rows


def test_a_charge_is_carried_below_another_one(qtbot: QtBot, page: SettingsPage) -> None:
    rows = three_charges(qtbot, page)
    dragged(qtbot, rows, 0, spot(rows, 1, LOWER))
    assert codes(page) == ["VAT", "DISC", "FREIGHT"]
    assert [row["sequence"] for row in edited(page).rows("charges")] == [10, 20, 30]
    assert rows.currentRow() == 1


def test_a_charge_is_carried_above_another_one_and_taken_back_as_one_step(qtbot: QtBot, page: SettingsPage) -> None:
    rows = three_charges(qtbot, page)
    dragged(qtbot, rows, 2, spot(rows, 0, UPPER))
    assert codes(page) == ["FREIGHT", "DISC", "VAT"]
    focus()
    typed("<Ctrl+Z>")
    assert codes(page) == ["DISC", "VAT", "FREIGHT"]


def test_a_charge_let_go_beneath_the_last_row_becomes_the_last(qtbot: QtBot, page: SettingsPage) -> None:
    rows = three_charges(qtbot, page)
    beneath = rows.viewport().mapTo(rows.window(), rows.viewport().rect().bottomLeft() + QPoint(20, -3))
    dragged(qtbot, rows, 0, beneath)
    assert codes(page) == ["VAT", "FREIGHT", "DISC"]


def test_a_charge_let_go_where_it_was_or_outside_stays(qtbot: QtBot, page: SettingsPage) -> None:
    rows = three_charges(qtbot, page)
    dragged(qtbot, rows, 1, spot(rows, 1))
    dragged(qtbot, rows, 1, spot(rows, 0, LOWER))
    dragged(qtbot, rows, 1, spot(rows, 2, UPPER))
    dragged(qtbot, rows, 1, page.list.mapTo(page.window(), page.list.rect().center()))
    assert codes(page) == ["DISC", "VAT", "FREIGHT"]
    assert rows.count() == 3


def test_user_fields_are_carried(qtbot: QtBot, page: SettingsPage) -> None:
    for key in ("colour", "size", "grade"):
        edited(page).add("udfs", {"key": key, "label": key.title(), "scope": "header", "field_type": "text"})
    rows: RowList = show_tab(page, "user_fields").rows
    settled(qtbot, page)
    dragged(qtbot, rows, 0, spot(rows, 2, LOWER))
    assert codes(page, "udfs") == ["size", "grade", "colour"]


def test_levels_are_carried_but_never_above_the_line_that_leads_them(qtbot: QtBot, page: SettingsPage) -> None:
    for level in (1, 2):
        edited(page).add("approval", {"level": level, "role": "approver"})
    rows: RowList = show_tab(page, "approval").rows
    settled(qtbot, page)
    lead = rows.count() - 2
    dragged(qtbot, rows, lead, spot(rows, lead + 1, LOWER))
    assert codes(page, "approval") == [2, 1]
    dragged(qtbot, rows, 0, spot(rows, lead + 1, LOWER))
    dragged(qtbot, rows, lead + 1, spot(rows, 0, UPPER))
    assert codes(page, "approval") == [2, 1]


def test_fields_of_the_form_are_carried_within_their_list_alone(qtbot: QtBot, page: SettingsPage) -> None:
    tab = show_tab(page, "key_path")
    rows, said = tab.rows, []
    page.said.connect(said.append)
    names = [one.name for one in tab._stood]
    dragged(qtbot, rows, 1, spot(rows, 0, UPPER))
    settled(qtbot, page)
    assert [one.name for one in tab._stood][:2] == [names[1], names[0]]
    first_of_lines = next(number for number, name in enumerate(names) if name.startswith("lines."))
    rows.scrollToItem(rows.item(first_of_lines))
    dragged(qtbot, rows, first_of_lines, spot(rows, first_of_lines - 1, UPPER))
    assert said == ["A field stays in its list"]
