"""The frame around a line grid: a caption where there are several, and room for whole rows, so that none is cut."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.line_grid import LineGrid


class GridFrame(QFrame):
    """As wide as its neighbours let it be; what of its height is less than a row stays empty below the rows."""

    def __init__(self, grid: LineGrid, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "gridFrame")
        self._grid = grid
        self._inside = QVBoxLayout(self)
        hair = theme().space("hair")
        self._inside.setContentsMargins(hair, hair, hair, hair)
        self._inside.setSpacing(0)
        self._caption = plain(QLabel(caption, self)) if caption else None
        if self._caption is not None:
            self._caption.setProperty("role", "caption")
            self._inside.addWidget(self._caption)
        self._inside.addWidget(grid)
        for changed in (grid.horizontalScrollBar().rangeChanged, grid.model().rowsInserted, grid.model().rowsRemoved,
                        grid.model().modelReset):
            changed.connect(lambda *_what: self._keep_rows_whole())
        self._keep_rows_whole()

    def look_changed(self) -> None:
        """Rows have another height."""
        self._keep_rows_whole()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_rows_whole()

    def _keep_rows_whole(self) -> None:
        """A row is always in sight, whatever else there is no room for."""
        hair, row, bar = theme().space("hair"), theme().size("row"), self._grid.horizontalScrollBar()
        caption = self._caption.sizeHint().height() if self._caption is not None else 0
        border = self.height() - self.contentsRect().height()
        around = border + caption + self._grid.horizontalHeader().height() + 2 * hair
        if bar.maximum() > bar.minimum():
            around += bar.sizeHint().height()
        self.setMinimumHeight(around + row)
        room, wanted = self.height() - around, self._grid.model().rowCount() * row
        self._inside.setContentsMargins(hair, hair, hair, hair + (room % row if row < room < wanted else 0))
