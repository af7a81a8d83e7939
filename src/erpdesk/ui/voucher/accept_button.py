"""The button that accepts: the last stop of the entry path."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override


class AcceptButton(QPushButton):
    """Enter presses it; Shift+Tab, Backspace and Up go back."""

    finished = Signal()
    left_back = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setObjectName("postButton")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def enter_first(self) -> bool:
        """Come in from before."""
        if not self.isEnabled():
            return False
        self.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def enter_last(self) -> bool:
        """Come in from behind."""
        return self.enter_first()

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backtab, Qt.Key.Key_Backspace, Qt.Key.Key_Up):
            self.left_back.emit()
        elif event.key() in FORWARD_KEYS and event.key() != Qt.Key.Key_Tab:
            self.click()
        elif not route_key(self, event):
            event.ignore()
