"""A heading whose first letter is whole, and what stands beside it on the same line of writing."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import figures_font, theme


class Heading(QLabel):
    """A label cuts off what a letter reaches out to the left of where it begins, as a J does; here it has room."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        self._make_room()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._make_room()

    def _make_room(self) -> None:
        text = self.text()
        out = -QFontMetrics(self.font()).leftBearing(text[0]) if text else 0
        margins = self.contentsMargins()
        if margins.left() != max(0, out):
            margins.setLeft(max(0, out))
            self.setContentsMargins(margins)


def stand_level(beside: QLabel, heading: QLabel) -> None:
    """Have a smaller text at the bottom of a heading's line stand on the line that the heading is written on."""
    lower = QFontMetrics(heading.font()).descent() - QFontMetrics(beside.font()).descent()
    beside.setContentsMargins(0, 0, 0, max(0, lower))


def dress_title(title: QLabel) -> QLabel:
    """The title of a page or a question."""
    title.setProperty("role", "title")
    title.setFont(figures_font(theme().text("title_points"), semibold=True))
    return title
