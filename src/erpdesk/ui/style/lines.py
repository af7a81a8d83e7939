"""A line of text painted on the baseline of the interface font, so that scripts side by side stand level.

Devanagari comes from another font than Latin, with other heights; centred by its own, it would float above.
"""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter


def draw_line(painter: QPainter, room: QRect, text: str, *, at_right: bool = False) -> None:
    """The text at the left or right of the room, on the middle line of the painter's font."""
    metrics = painter.fontMetrics()
    baseline = room.top() + (room.height() + metrics.ascent() - metrics.descent()) // 2
    left = room.right() + 1 - metrics.horizontalAdvance(text) if at_right else room.left()
    painter.drawText(left, baseline, text)
