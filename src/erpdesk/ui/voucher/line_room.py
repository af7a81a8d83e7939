"""The room of a line's sub-screen: as wide and as high as what is in sight of the page leaves it, and nothing beyond.

Where all of it doesn't fit, first the split shows fewer rows at a time, then the fields scroll.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget

from erpdesk.ui.style.theme import theme


class FieldsRoom(QScrollArea):
    """The fields of a line, scrolled where they have too little room."""

    def __init__(self, fields: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lineFields")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(fields)

    def whole_height(self) -> int:
        """What all fields take."""
        inside = self.widget()
        return inside.sizeHint().height() if inside is not None else 0


def split_height(rows: int) -> int:
    """The frame of a split that shows so many rows, its headings among them."""
    return rows * theme().size("row") + 2 * theme().space("tiny")


def fit_into(layout: QLayout, width: int, most: int, fields: FieldsRoom | None, split: QFrame | None) -> int:
    """Give fields and split what they want, or as much as fits into `most`; the height that all takes then."""
    if fields is not None:
        fields.setFixedHeight(fields.whole_height())
    rows = theme().size("split_rows")
    if split is not None:
        split.setFixedHeight(split_height(rows))
    while (beyond := _height_of(layout, width) - most) > 0 and split is not None and rows > theme().size(
            "split_least_rows"):
        rows -= 1
        split.setFixedHeight(split_height(rows))
    if beyond > 0 and fields is not None:
        one = theme().size("field") + theme().space("tiny")
        fields.setFixedHeight(max(1, (fields.whole_height() - beyond) // one) * one)
    return min(most, _height_of(layout, width))


def _height_of(layout: QLayout, width: int) -> int:
    layout.invalidate()
    layout.activate()
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
