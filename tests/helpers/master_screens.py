"""The screens of masters on real books: opened, typed into, answered; fixtures for the tests of them."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.services.desk import Books
from erpdesk.ui.deciding import Decision
from erpdesk.ui.masters.view import MasterView
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.window.main_window import MainWindow
from helpers.begun_books import begun_books, books_of, importing
from helpers.clerk import focus, typed
from helpers.database import Database
from helpers.shop_window import window

__all__ = ["window"]

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
MASTERS: dict[str, Any] = {
    "tax_classes": [{"code": "STD", "name": "Standard"}],
    "items": [{"code": "RICE", "name": "Basmati rice", "uom": "PCS", "track_batch": True},
              {"code": "TEA", "name": "Green tea", "uom": "PCS"},
              {"code": "OIL", "name": "Sunflower oil", "uom": "KG"}],
    "parties": [{"code": "C001", "name": "Asha Stores", "kind": "customer"},
                {"code": "C002", "name": "Bina Traders", "kind": "customer"},
                {"code": "S001", "name": "Terai Mills", "kind": "supplier"}],
    "price_lists": [{"code": "RETAIL", "name": "Retail", "rates": [{"item": "TEA", "uom": "PCS", "rate": "15"}]}],
}


@pytest.fixture
def books(database: Database) -> Books:
    return books_of(database)


database_template = begun_books(importing(MASTERS))


def heard(qtbot: QtBot, window: MainWindow) -> None:
    """Every answer has come."""
    session = window.session
    lanes = (session.background, session.browsing, session.requests, session.freshness.lane)
    qtbot.waitUntil(lambda: not any(lane.is_busy for lane in lanes), timeout=30_000)


def screen_of(qtbot: QtBot, window: MainWindow, kind: str) -> MasterView:
    window.opener.open_screen(f"masters.{kind}")
    view = window.pages.current
    assert isinstance(view, MasterView)
    heard(qtbot, window)
    assert view.filters is not None
    qtbot.waitUntil(lambda: focus() in (view.rows, view))
    return view


def panel_of(qtbot: QtBot, window: MainWindow, view: MasterView) -> MasterPanel:
    heard(qtbot, window)
    assert view.editing.panel is not None
    return view.editing.panel


def codes(view: MasterView) -> list[str]:
    return [row.code for row in view.model.rows]


def decided(qtbot: QtBot, window: MainWindow, label: str) -> None:
    """Choose a consequence by key."""
    heard(qtbot, window)
    decision = window.findChild(Decision)
    assert decision is not None, "nothing was asked"
    qtbot.waitUntil(lambda: (there := QApplication.focusWidget()) is not None and there.window() is decision)
    for _ in decision.buttons:
        button = focus()
        if str(button.property("text")).partition("   ")[0] == label:
            QTest.keyClick(button, Qt.Key.Key_Return)
            break
        typed("<Right>")
    else:
        raise AssertionError([button.text() for button in decision.buttons])
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    heard(qtbot, window)


def into(panel: MasterPanel, key: str, *keys: str) -> None:
    assert panel.form.enter(key), key
    typed(*keys)
