"""Rows of text in fixed columns, each with a key by which the cursor finds it again and a tone for its colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.ui.overriding import override
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex, FixedColumns
from erpdesk.ui.style.theme import colour, figures_font, theme

_ROLE = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row: `texts` as the columns stand, `tone` a colour of the theme ("" the usual one), `fact` what it is of,
    `tip` what the first column says of it beyond its text."""

    key: str
    texts: tuple[str, ...]
    tone: str = ""
    is_heading: bool = False
    fact: Any = None
    tip: str = ""


class ListedTable(FixedColumns):
    """The rows; what is the same afterwards doesn't move."""

    def __init__(self, columns: Sequence[tuple[str, str]], figures: frozenset[str] = frozenset(),
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns, self.figures = tuple(columns), figures
        self.rows: tuple[ListedRow, ...] = ()

    def show_rows(self, rows: Sequence[ListedRow]) -> None:
        """Show these."""
        before, self_rows = self.rows, tuple(rows)
        if before == self_rows:
            return
        if [row.key for row in before] == [row.key for row in self_rows]:
            self.rows = self_rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(self_rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = self_rows
        self.endResetModel()

    def join_rows(self, rows: Sequence[ListedRow]) -> None:
        """More of them, after the last."""
        if rows:
            first = len(self.rows)
            self.beginInsertRows(NO_INDEX, first, first + len(rows) - 1)
            self.rows = (*self.rows, *rows)
            self.endInsertRows()

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, key = self.rows[index.row()], self.columns[index.column()][0]
        if role == _ROLE.ToolTipRole and row.tip and index.column() == 0:
            return row.tip
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole, _ROLE.ToolTipRole):
            return row.texts[index.column()]
        if role == _ROLE.TextAlignmentRole:
            return self.alignment(key)
        if role == _ROLE.ForegroundRole:
            return colour(row.tone) if row.tone else None
        if role == _ROLE.BackgroundRole:
            return colour("header") if row.is_heading else None
        return figures_font(theme().text("base_points"), semibold=row.is_heading) if role == _ROLE.FontRole else None
