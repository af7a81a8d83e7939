"""What can be done with the columns of a grid by keys, and by the menu of its headings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.voucher.grid_columns import GridColumns
from erpdesk.ui.words import say

_STEP = 2
"""By how many characters a key widens a column."""


class GridOfColumns(Protocol):
    """What the actions need of their grid; `not_accepted` is its signal."""

    columns: GridColumns
    not_accepted: Any

    def here(self) -> tuple[int, str]: ...
    def column_here(self) -> int: ...
    def horizontalHeader(self) -> QHeaderView: ...  # noqa: N802 - Qt's name
    def window(self) -> QWidget: ...


class ColumnActions:
    """The actions on the columns of one grid, by the names that key profiles use."""

    def __init__(self, grid: GridOfColumns) -> None:
        self._grid = grid
        self._actions: dict[str, Callable[[int], object]] = {
            "widen_column": lambda column: grid.columns.widen(column, _STEP),
            "narrow_column": lambda column: grid.columns.widen(column, -_STEP),
            "freeze_columns": self._freeze, "reset_columns": lambda _column: grid.columns.reset(),
        }

    def perform(self, action: str) -> bool:
        """Do it to the column under the cursor."""
        done, column = self._actions.get(action), self._grid.column_here()
        if done is None or column < 0:
            return False
        done(column)
        return True

    def _freeze(self, column: int) -> None:
        if not self._grid.columns.freeze(column):
            self._grid.not_accepted.emit(say("So many columns can't be frozen: no room is left for the others"))

    def show_menu(self, place: QPoint) -> None:
        """The same for the heading under the mouse."""
        header = self._grid.horizontalHeader()
        self.menu(header.logicalIndexAt(place)).popup(header.mapToGlobal(place))

    def menu(self, column: int) -> QMenu:
        """The menu of a heading."""
        menu = QMenu(self._grid.window())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("columnMenu")
        profile = key_profile()
        for action, label in (("freeze_columns", say("Freeze up to here, or not")),
                              ("reset_columns", say("As the voucher type has them"))):
            chord = profile.chord_of("grid", action)
            entry = menu.addAction(f"{label}\t{chord}")
            entry.triggered.connect(lambda _checked=False, name=action: self._actions[name](column))
        return menu
