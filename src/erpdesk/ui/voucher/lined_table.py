"""The table under a line grid: its looks, its columns, and how it scrolls; it knows no cursor and no key.

Columns that are frozen stay in sight; a cell is where it is seen.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, theme
from erpdesk.ui.voucher.frozen_columns import FrozenColumns
from erpdesk.ui.voucher.grid_columns import GridColumns
from erpdesk.ui.voucher.line_model import AnyIndex, LineModel


class RowNumbers(QHeaderView):
    """The numbers beside the rows; what lies below them is painted here."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setHighlightSections(True)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        below = self.length() - self.offset()
        if below <= event.rect().bottom():
            painter = QPainter(self.viewport())
            painter.fillRect(QRect(0, below, self.width(), self.height()), colour("surface"))
            painter.end()
        super().paintEvent(event)


class LinedTable(QTableView):
    """A table of lines with its columns."""

    def __init__(self, model: LineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = model
        self.setVerticalHeader(RowNumbers(self))
        self.setModel(model)
        self.columns = GridColumns(self, self)
        self.frozen = FrozenColumns(self, self.columns)
        self._dress()

    def _dress(self) -> None:
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # so that scrolling moves what is painted
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header, numbers = self.horizontalHeader(), self.verticalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setFixedHeight(theme().size("row"))
        header.setStretchLastSection(False)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        numbers.setDefaultSectionSize(theme().size("row"))
        numbers.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        numbers.setFixedWidth(theme().size("number_column"))
        numbers.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        numbers.setVisible(self.lines.grows)
        numbers.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # they scroll with the cells
        for titles in (header, numbers):  # of their own: they show nothing of the cursor, and aren't painted with it
            titles.setSelectionModel(QItemSelectionModel(self.lines, titles))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells paint themselves; what lies beside and below them is painted here."""
        room = self.viewport().rect()
        right = self.horizontalHeader().length() - self.horizontalOffset()
        below = self.verticalHeader().length() - self.verticalOffset()
        if right <= event.rect().right() or below <= event.rect().bottom():
            painter = QPainter(self.viewport())
            painter.fillRect(QRect(right, 0, room.width(), room.height()), self.palette().base())
            painter.fillRect(QRect(0, below, room.width(), room.height()), self.palette().base())
            painter.end()
        super().paintEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Columns as wide as the clerk or the blueprint has them."""
        self.columns.fit()

    def column_here(self) -> int:
        """The model's column that the cursor is in; −1 for none."""
        return self.currentIndex().column()

    @override
    def scrollTo(self, index: AnyIndex,
                 hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        """Bring a cell into sight, beside the frozen columns; those are always in sight."""
        aside = self.horizontalScrollBar()
        before, frozen = aside.value(), self.columns.frozen
        super().scrollTo(index, hint)
        if not frozen or not index.isValid():
            return
        hidden = self.columns.frozen_width - self.columnViewportPosition(index.column())
        if index.column() in frozen:
            aside.setValue(before)
        elif hidden > 0:
            aside.setValue(aside.value() - hidden)

    def cell_at(self, place: QPoint) -> QModelIndex:
        """The cell under a place, frozen columns above the others."""
        index, frozen = self.indexAt(place), self.frozen.column_at(place)
        return index.siblingAtColumn(frozen) if frozen >= 0 and index.isValid() else index

    def place_editor(self, editor: QWidget, index: AnyIndex, rect: QRect) -> None:
        """An editor over its cell: over the frozen columns if it is one of theirs, else under them."""
        editor.setGeometry(self.frozen.rect_of(index, rect))
        if index.column() in self.columns.frozen:
            editor.raise_()
        elif self.frozen.is_needed:
            self.frozen.raise_()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.frozen.lay_out()
        if dx and self.columns.layout.frozen:
            self.updateEditorGeometries()
