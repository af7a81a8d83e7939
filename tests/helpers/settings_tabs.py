"""A tab of settings by itself on a shipped type, for tests: opened, its buttons pressed, its lists clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.blueprints.blueprint import read_blueprint
from erpdesk.blueprints.faults import FaultList
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.session import Session
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.tab import Bench, SettingsTab
from erpdesk.ui.style.theme import apply_theme
from helpers.clerk import focus
from helpers.fake_desk import TODAY, FakeBooks

BASELINE = {one.code: one for one in load_baseline("NP")}
Opened = Callable[..., Any]


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> QWidget:
    apply_theme(qapp, "light")
    made = QWidget()
    made.resize(1366, 768)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def tab(qtbot: QtBot, window: QWidget, session: Session, books: FakeBooks) -> Iterator[Opened]:
    """Opens a tab on a shipped type, with changes, the cursor where it begins; `users` as name and full name."""
    bench = Bench(session, books, Surroundings(session.lookups, LookupPopup(window), TODAY, TODAY))

    def opened(kind: type[SettingsTab], code: str = "CASH_PAYMENT", *, users: tuple[tuple[str, str], ...] | None = None,
               **changes: Any) -> Any:
        if users is not None:
            bench.choices["user"] = users
        edited = EditedType(BASELINE[code].to_document() | changes, parent=window)
        made = kind(edited, bench, window)
        made.resize(430, 600)
        made.show()
        made.refresh()
        qtbot.waitUntil(lambda: not session.browsing.is_busy)
        made.start()
        return made

    yield opened
    session.browsing.stop()


def faults(edited: EditedType) -> list[str]:
    found = FaultList()
    read_blueprint({**edited.document(), "version": 1}, "", found)
    return [f"{one.code} {one.field}" for one in found.found]


def press(tab: SettingsTab, label: str) -> None:
    button = next(one for one in tab.findChildren(QPushButton) if one.text().startswith(label) and one.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def pick(tab: SettingsTab, column: str, words: str) -> None:
    """Click into an editor and choose a row of its list."""
    editor = tab.findChild(QWidget, f"setting_{column}")
    assert editor is not None
    focused = focus()
    if focused is not editor:
        QTest.mouseClick(editor, Qt.MouseButton.LeftButton)
    rows = tab.bench.surroundings.popup.list
    for number in range(rows.model().rowCount()):
        index = rows.model().index(number, 0)
        if index.data() == words:
            rows.scrollTo(index)
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(index).center())
            return
    raise AssertionError(f"{words} isn't offered for {column}")
