"""The rows at hand of a long list: a stretch of it that grows at either end and is cut at the other.

However long the list, no more rows than `MOST_ROWS` are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject

from erpdesk.ui.overriding import override
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex, FixedColumns

MOST_ROWS = 1_200


class Page(Protocol):
    """Rows that follow one another; whether there are others before and after them."""

    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def has_before(self) -> bool: ...
    @property
    def has_after(self) -> bool: ...


class Stretch(FixedColumns):
    """The table; each row tells its `place`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Any] = []
        self.has_before = self.has_after = False

    @property
    def rows(self) -> Sequence[Any]:
        """The rows at hand, in order."""
        return self._rows

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not self._rows

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    # The stretch

    def show_page(self, page: Page) -> bool:
        """Another stretch; whether anything differs from the one shown."""
        self.has_before, self.has_after = page.has_before, page.has_after
        if list(page.rows) == self._rows:
            return False
        self.beginResetModel()
        self._rows = list(page.rows)
        self.endResetModel()
        return True

    def append(self, page: Page) -> None:
        """What follows the last row; the first ones go when there are too many."""
        self.has_after = page.has_after
        if page.rows:
            self.beginInsertRows(NO_INDEX, len(self._rows), len(self._rows) + len(page.rows) - 1)
            self._rows += page.rows
            self.endInsertRows()
        if (spare := len(self._rows) - MOST_ROWS) > 0:
            self.beginRemoveRows(NO_INDEX, 0, spare - 1)
            del self._rows[:spare]
            self.has_before = True
            self.endRemoveRows()

    def prepend(self, page: Page) -> None:
        """What goes before the first row; the last ones go when there are too many."""
        self.has_before = page.has_before
        if page.rows:
            self.beginInsertRows(NO_INDEX, 0, len(page.rows) - 1)
            self._rows[:0] = page.rows
            self.endInsertRows()
        if len(self._rows) > MOST_ROWS:
            self.beginRemoveRows(NO_INDEX, MOST_ROWS, len(self._rows) - 1)
            del self._rows[MOST_ROWS:]
            self.has_after = True
            self.endRemoveRows()
