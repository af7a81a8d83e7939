"""Scrolling to a whole widget: Qt's own way brings no more of a field into sight than the cursor in it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QScrollArea, QScrollBar, QWidget


def scroll_to(area: QScrollArea, widget: QWidget, space: int = 0) -> None:
    """Scroll as little as brings all of a widget into sight, with some space around; its beginning, if it is larger."""
    inside, room = area.widget(), area.viewport()
    if inside is None:
        return
    place = QRect(widget.mapTo(inside, QPoint(0, 0)), widget.size())
    _scroll(area.horizontalScrollBar(), place.left() - space, place.right() + 1 + space, room.width())
    _scroll(area.verticalScrollBar(), place.top() - space, place.bottom() + 1 + space, room.height())


def _scroll(bar: QScrollBar, first: int, last: int, room: int) -> None:
    bar.setValue(min(first, max(bar.value(), last - room)))
