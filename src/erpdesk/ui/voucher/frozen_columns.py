"""The frozen columns of a line grid: painted over its left edge, where they stay when the grid scrolls sideways.

Only a picture: the cells are the grid's own and so is the editor, which is placed over the picture.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour
from erpdesk.ui.voucher.grid_columns import GridColumns
from erpdesk.ui.voucher.line_model import AnyIndex


class FrozenColumns(QWidget):
    """The picture over the cells and, `header`, the one over their headings."""

    def __init__(self, grid: QTableView, columns: GridColumns) -> None:
        super().__init__(grid.viewport())
        self._grid, self._columns = grid, columns
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.header = QHeaderView(Qt.Orientation.Horizontal, grid)
        self.header.setModel(grid.model())
        self.header.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.header.setMinimumSectionSize(1)
        self.hide()
        self.header.hide()
        model, selection = grid.model(), grid.selectionModel()
        for signal in (model.dataChanged, model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset,
                       selection.selectionChanged, selection.currentChanged,
                       grid.verticalScrollBar().valueChanged):
            signal.connect(self._repaint)
        grid.horizontalScrollBar().valueChanged.connect(self.lay_out)
        columns.laid_out.connect(self.lay_out)

    @property
    def is_needed(self) -> bool:
        """Whether columns are frozen and the others have been scrolled under them."""
        return bool(self._columns.layout.frozen) and self._grid.horizontalScrollBar().value() > 0

    def lay_out(self) -> None:
        """Lie over the left edge, or be gone."""
        needed = self.is_needed
        if needed:
            width, grid = self._columns.frozen_width, self._grid
            self.setGeometry(0, 0, width, grid.viewport().height())
            above = grid.horizontalHeader()
            self._show_headings()
            self.header.setGeometry(grid.viewport().x(), above.y(), width, above.height())
            self.raise_()
            self.header.raise_()
        if needed != self.isVisibleTo(self._grid):
            self.setVisible(needed)
            self.header.setVisible(needed)

    def _show_headings(self) -> None:
        frozen = self._columns.frozen
        for column in range(self.header.count()):
            self.header.setSectionHidden(column, column not in frozen)
        for place, column in enumerate(frozen):
            self.header.moveSection(self.header.visualIndex(column), place)
            self.header.resizeSection(column, self._grid.columnWidth(column))

    def _repaint(self) -> None:
        if self.isVisible():
            self.update()

    def column_at(self, place: QPoint) -> int:
        """The frozen column at a place of the grid; −1 for none."""
        left = 0
        for column in self._columns.frozen if self.is_needed else ():
            left += self._grid.columnWidth(column)
            if place.x() < left:
                return column
        return -1

    def rect_of(self, index: AnyIndex, otherwise: QRect) -> QRect:
        """Where a cell stands: on the picture, if its column is frozen."""
        frozen = self._columns.frozen
        if not self.is_needed or index.column() not in frozen:
            return otherwise
        left = sum(self._grid.columnWidth(column) for column in frozen[:frozen.index(index.column())])
        return QRect(left, otherwise.y(), otherwise.width(), otherwise.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, grid = QPainter(self), self._grid
        painter.setFont(grid.font())
        painter.fillRect(self.rect(), colour("surface"))
        row = max(0, grid.rowAt(event.rect().top()))
        while row < grid.model().rowCount() and grid.rowViewportPosition(row) <= event.rect().bottom():
            self._paint_row(painter, row)
            row += 1
        painter.setPen(colour("border_strong"))
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())
        painter.end()

    def _paint_row(self, painter: QPainter, row: int) -> None:
        grid, left = self._grid, 0
        for column in self._columns.frozen:
            index = grid.model().index(row, column)
            option = QStyleOptionViewItem()
            option.rect = QRect(left, grid.rowViewportPosition(row), grid.columnWidth(column), grid.rowHeight(row))
            option.state = self._state(index)
            grid.itemDelegate().paint(painter, option, index)
            left += grid.columnWidth(column)

    def _state(self, index: QModelIndex) -> QStyle.StateFlag:
        state = QStyle.StateFlag.State_Enabled
        if self._grid.selectionModel().isSelected(index):
            state |= QStyle.StateFlag.State_Selected
        if index == self._grid.currentIndex() and self._grid.hasFocus():
            state |= QStyle.StateFlag.State_HasFocus
        return state

