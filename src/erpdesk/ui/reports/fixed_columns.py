"""A table whose columns never change; `headerData(column, Horizontal, UserRole)` is the key of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from erpdesk.ui.overriding import override
from erpdesk.ui.words import say

AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
_ROLE = Qt.ItemDataRole


class FixedColumns(QAbstractTableModel):
    """`columns` are keys and headings from left to right, `figures` the keys of those that stand at the right."""

    columns: Sequence[tuple[str, str]] = ()
    figures: frozenset[str] = frozenset()

    @override
    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        key, heading = self.columns[section]
        if role == _ROLE.UserRole:
            return key
        if role == _ROLE.TextAlignmentRole:
            return self.alignment(key)
        return say(heading) if role == _ROLE.DisplayRole else None

    def alignment(self, key: str) -> Qt.AlignmentFlag:
        """The side that a column's texts stand at."""
        side = Qt.AlignmentFlag.AlignRight if key in self.figures else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
