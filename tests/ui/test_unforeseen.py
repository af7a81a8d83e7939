"""An error that nobody foresaw: it is told and logged, the window lives on, and what was typed is still there."""

from __future__ import annotations

import copy
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from erpdesk.ui.keys.undivided import UndividedKeys
from erpdesk.ui.overriding import override
from erpdesk.ui.unforeseen import tell_unforeseen

ERRORS: dict[str, Callable[[], Any]] = {
    "an error that Python raised": lambda: [].index(1),
    "one that the interpreter raised by itself": lambda: 1 / 0,
    "one that a library in C raised": lambda: copy.deepcopy(MappingProxyType({})),
}


class Failing(UndividedKeys, QLineEdit):
    """A field whose next letter fails, on the way that keys take through fields."""

    def __init__(self, error: Callable[[], Any]) -> None:
        super().__init__()
        self._error = error

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "!":
            self._error()
        super().keyPressEvent(event)


@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize("error", ERRORS)
def test_an_error_in_the_midst_of_a_key_does_not_end_the_program(
        qtbot: QtBot, error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: told.append(kind))
    field = Failing(ERRORS[error])
    qtbot.addWidget(field)
    QTest.keyClicks(field, "12")
    try:
        QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0x21, Qt.KeyboardModifier.NoModifier, "!"))
    except Exception as here:  # a test's key has Python around it, which may get the error itself
        told.append(type(here))
    QTest.keyClicks(field, "34")
    assert field.text() == "1234"
    with pytest.raises(Exception, match=r".") as raised:
        ERRORS[error]()
    assert set(told) == {raised.type}


class FailingRows(QStandardItemModel):
    """Rows of which none can be shown."""

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return 1 / 0 if role == Qt.ItemDataRole.DisplayRole else None


class Painting(QTableView):
    """A table that has something of its own to do when it paints."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)


@pytest.mark.qt_no_exception_capture
def test_an_error_in_the_midst_of_a_paint_does_not_end_the_program(
        qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: told.append(kind))
    table = Painting()
    qtbot.addWidget(table)
    rows = FailingRows(3, 1, table)
    table.setModel(rows)
    with suppress(ZeroDivisionError):
        table.grab()
    assert set(told) <= {ZeroDivisionError}
    assert rows.rowCount() == 3, "the window lives on"


def test_it_is_told_and_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    words: list[str] = []
    tell_unforeseen(words.append)
    with caplog.at_level(logging.ERROR):
        try:
            _ = 1 / 0
        except ZeroDivisionError as error:
            sys.excepthook(ZeroDivisionError, error, error.__traceback__)
    assert words == ["Something unforeseen happened (ZeroDivisionError). What is typed is still there."]
    assert "1 / 0" in caplog.text
