"""A clerk at the keyboard: types texts and chords as real key events into whatever has the focus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

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
