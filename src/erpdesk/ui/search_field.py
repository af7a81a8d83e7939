"""The field over a list in which letters search, while Up and Down move in what was found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from erpdesk.ui.keys.profile import COMMANDING, chord_of
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override

_ALONG = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class SearchField(QLineEdit):
    """What is typed filters at once; Up and Down move in the rows (`along`), all other keys are the list's."""

    along = Signal(object)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        if key in _ALONG and not modifiers & COMMANDING:
            self.along.emit(event)
            event.accept()
            return
        is_command = bool(modifiers & COMMANDING) or Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35 or key in (
            Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if is_command and chord_of(event) and route_key(self, event):
            return
        super().keyPressEvent(event)
