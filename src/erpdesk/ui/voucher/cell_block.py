"""A block of cells in a line grid, marked with Shift and the arrow keys, to be copied, cut or emptied.

It runs from the cell where marking began to the cell that was reached, columns as they stand on the screen.
While there is a block no editor is open; any other key ends it and is typed where marking began.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import QHeaderView

from erpdesk.ui.editors.registry import Editor
from erpdesk.ui.voucher.line_model import LineModel


class GridOfCells(Protocol):
    """What a block, and the actions on cells, need of the grid that they are in; signals are Qt's."""

    lines: LineModel
    said: Any
    not_accepted: Any

    @property
    def open_editor(self) -> Editor | None: ...
    def horizontalHeader(self) -> QHeaderView: ...  # noqa: N802 - Qt's name
    def selectionModel(self) -> QItemSelectionModel: ...  # noqa: N802 - Qt's name
    def currentIndex(self) -> QModelIndex: ...  # noqa: N802 - Qt's name
    def show_cell(self, index: QModelIndex) -> None: ...
    def close_cell(self) -> None: ...
    def here(self) -> tuple[int, str]: ...
    def enter(self, row: int, key: str) -> bool: ...
    def settle(self) -> None: ...
    def commit(self) -> None: ...
    def perform(self, action: str) -> bool: ...


class CellBlock:
    """The block of one grid; places are rows and columns as they stand on the screen."""

    def __init__(self, grid: GridOfCells) -> None:
        self._grid = grid
        self._from: tuple[int, int] | None = None
        self._to = (0, 0)

    @property
    def is_open(self) -> bool:
        """Whether cells are marked."""
        return self._from is not None

    @property
    def rows(self) -> range:
        """The marked rows; the current one without a block."""
        first, last = sorted((self._start[0], self._end[0]))
        return range(first, min(last, len(self._grid.lines.lines) - 1) + 1)

    @property
    def columns(self) -> list[int]:
        """The marked columns of the model, from left to right; the current one without a block."""
        first, last = sorted((self._start[1], self._end[1]))
        header = self._grid.horizontalHeader()
        return [header.logicalIndex(place) for place in range(first, last + 1)]

    @property
    def _start(self) -> tuple[int, int]:
        return self._from if self._from is not None else self._current()

    @property
    def _end(self) -> tuple[int, int]:
        return self._to if self._from is not None else self._current()

    def _current(self) -> tuple[int, int]:
        index = self._grid.currentIndex()
        return index.row(), self._grid.horizontalHeader().visualIndex(index.column())

    def extend(self, down: int, right: int) -> None:
        """Mark one row or column more, or less."""
        row, column = self._end
        self.reach(row + down, column + right)

    def reach(self, row: int, column: int) -> None:
        """Mark from where marking began to here."""
        row = max(0, min(len(self._grid.lines.lines) - 1, row))
        column = max(0, min(len(self._grid.lines.columns) - 1, column))
        self._mark(self._start, (row, column))

    def mark_rows(self) -> None:
        """The rows of the block, or the current one, from end to end."""
        self._mark((self._start[0], 0), (self._end[0], len(self._grid.lines.columns) - 1))

    def mark_row(self, row: int) -> None:
        """One row from end to end."""
        self._from = None
        self._mark((row, 0), (row, len(self._grid.lines.columns) - 1))

    def _mark(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        self._grid.close_cell()
        self._from, self._to = start, end
        model, header = self._grid.lines, self._grid.horizontalHeader()
        marked = QItemSelection()
        for column in self.columns:
            marked.select(model.index(self.rows[0], column), model.index(self.rows[-1], column))
        self._grid.selectionModel().select(marked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._grid.show_cell(model.index(end[0], header.logicalIndex(end[1])))

    def end(self) -> None:
        """Mark nothing any more."""
        if self._from is not None:
            self._from = None
            self._grid.selectionModel().clearSelection()
