"""A label for live context: quiet, in a place of its own, and never wider than that, so that nothing moves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import tell
from erpdesk.ui.style.theme import colour

STANDING_KINDS = ("party", "account")
"""Masters that stand at a balance."""


class ContextLabel(QWidget):
    """One line of text, cut with an ellipsis where there is no room; whole in the tool tip."""

    def __init__(self, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self._name = accessible_name
        self.setAccessibleName(accessible_name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.fontMetrics().height())
        self._text = ""

    def text(self) -> str:
        """What stands there."""
        return self._text

    def show_text(self, text: str) -> None:
        """Say something, or nothing."""
        if text != self._text:
            self._text = text
            tell(self, text)
            self.setAccessibleName(f"{self._name}: {text}" if text else self._name)
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(colour("text_muted"))
        shown = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()
