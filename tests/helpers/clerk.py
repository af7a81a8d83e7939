"""A clerk: types texts and chords as real key events into whatever has the focus, and clicks by way of the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

_MODIFIERS = {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Alt": Qt.KeyboardModifier.AltModifier,
             "Shift": Qt.KeyboardModifier.ShiftModifier}


def focus() -> QWidget:
    """The widget that has the focus."""
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the focus"
    return found


def here() -> str:
    """Where the cursor is: `field_<key>`, `cell_<key>`, `postButton`."""
    return focus().objectName()


def typed(*keys: str) -> list[str]:
    """Type texts and chords (`<Enter>`, `<Ctrl+A>`); where the cursor was after each."""
    visited = []
    for key in keys:
        if key.startswith("<") and key.endswith(">"):
            _press(key[1:-1])
        else:
            QTest.keyClicks(focus(), key)
        visited.append(here())
    return visited


def _press(chord: str) -> None:
    *names, name = chord.replace("++", "+Plus").split("+")
    modifiers = Qt.KeyboardModifier.NoModifier
    for one in names:
        modifiers |= _MODIFIERS[one]
    named = {"Enter": "Return", "Esc": "Escape", "-": "Minus", "=": "Equal"}.get(name, name)
    QTest.keyClick(focus(), getattr(Qt.Key, f"Key_{named}"), modifiers)


def clicked(widget: QWidget, place: QPoint | None = None) -> str:
    """Click a widget by way of its window, as the window system does; where the cursor is then."""
    top = widget.window()
    spot = widget.mapTo(top, place if place is not None else widget.rect().center())
    QTest.mouseClick(top.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
    return here()


def clicked_cell(grid: QTableView, row: int, column: int) -> str:
    """Click a cell of a grid; where the cursor is then."""
    return clicked(grid.viewport(), grid.visualRect(grid.model().index(row, column)).center())
