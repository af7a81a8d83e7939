"""What is opened and typed for a picture: texts and chords, one after another, as a clerk would.

The scenes are rows of `resources/screens/scenes.json`; a chord stands in angle brackets (`<Ctrl+A>`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from erpdesk.settings import RESOURCES

TYPE, REPORT, SCREEN, PAGE = KINDS = "type", "report", "screen", "page"
_ENTER = "Enter"


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: what is opened (of which of the KINDS), the keys typed into it, what is to be
    seen."""

    name: str
    kind: str
    opened: str
    caption: str
    keys: tuple[str, ...]


@cache
def scenes() -> tuple[Scene, ...]:
    """Every scene, in the order of the rows."""
    content = json.loads((RESOURCES / "screens" / "scenes.json").read_text(encoding="utf-8"))
    return tuple(_scene(row) for row in content["scenes"])


def _scene(row: dict[str, object]) -> Scene:
    kind = next(kind for kind in KINDS if kind in row)
    keys = row["keys"]
    assert isinstance(keys, list)
    return Scene(str(row["name"]), kind, str(row[kind]), str(row["caption"]), tuple(keys))


def play(keys: tuple[str, ...], settle: Callable[[], object]) -> None:
    """Type into whatever has the focus; answers under way are waited for with `settle` before each key and at the
    end."""
    for key in keys:
        settle()
        if key.startswith("<") and key.endswith(">"):
            _press(key[1:-1])
        else:
            for sign in key:
                _send(0, Qt.KeyboardModifier.NoModifier, sign)
    settle()


def _press(chord: str) -> None:
    if chord == _ENTER:
        _send(int(Qt.Key.Key_Return), Qt.KeyboardModifier.NoModifier, "\r")
        return
    pressed = QKeySequence(chord)[0]  # type: ignore[index]  # not in the stubs
    _send(int(pressed.key()), pressed.keyboardModifiers(), "")


def _send(key: int, modifiers: Qt.KeyboardModifier, text: str) -> None:
    focus = QApplication.focusWidget()
    if focus is not None:
        QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))
