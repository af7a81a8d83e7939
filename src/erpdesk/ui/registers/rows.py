"""The rows of a register in sight: they stand still while others join above and below them.

A move that the rows at hand are too few for is owed, and made when the next ones have come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.registers.stretch import Page, Stretch
from erpdesk.ui.reports.listing import ReportRows, dress_rows
from erpdesk.ui.style.theme import theme

_WIDTHS = {"date": 13, "voucher_number": 16, "type": 16, "party": 22, "ref_no": 11, "total": 16, "status": 17}
"""In characters; the elastic column takes what is left."""
_ELASTIC = "narration"


class RegisterRows(ReportRows):
    """`in_sight` tells which rows are; `wants_end` that the cursor goes to the first or the last of all."""

    in_sight = Signal(int, int)
    wants_end = Signal(bool)

    def __init__(self, table: Stretch, parent: QWidget | None = None, *, widths: Mapping[str, int] = _WIDTHS,
                 elastic: str = _ELASTIC) -> None:
        super().__init__(parent)
        self._table, self._widths, self._elastic = table, widths, elastic
        self._owed = 0
        self._is_joining = False
        self.setModel(table)
        self._dress()
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.tell())

    def _dress(self) -> None:
        dress_rows(self, "reportRows")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    # What is in sight

    @property
    def rows_in_sight(self) -> int:
        """How many rows there is room for."""
        return max(1, self.viewport().height() // theme().size("row"))

    @property
    def top(self) -> int:
        """The first row in sight."""
        return self.verticalScrollBar().value()

    @property
    def here(self) -> int:
        """The row of the cursor, -1 for none."""
        return self.currentIndex().row()

    def tell(self) -> None:
        """Say what is in sight."""
        if not self._is_joining:
            self.in_sight.emit(self.top, self.top + self.rows_in_sight)

    def go(self, number: int, *, top: int | None = None) -> None:
        """The cursor to a row; the row `top`, if given, becomes the first in sight."""
        if not self._table.is_empty:
            self.selectRow(max(0, min(number, self._table.rowCount() - 1)))
            if top is not None:
                self.updateGeometries()
                self.verticalScrollBar().setValue(top)
            self.tell()

    def join(self, page: Page, *, forward: bool) -> None:
        """Let a page join at an end: what is in sight stays where it is, then what is owed is moved."""
        count = len(page.rows)
        if forward:
            self._stand_still(lambda: self._table.append(page), lambda before: self._table.rowCount() - before - count)
        else:
            self._stand_still(lambda: self._table.prepend(page), lambda _before: count)
        owed, self._owed = self._owed, 0
        if owed:
            self._move(owed)
        else:
            self.tell()

    def _stand_still(self, change: Callable[[], None], shift: Callable[[int], int]) -> None:
        """Change the rows; `shift` says, from the count before, how far the rows in sight have moved in the table."""
        top, before = self.top, self._table.rowCount()
        self._is_joining = True
        try:
            change()
            self.updateGeometries()
            self.verticalScrollBar().setValue(top + shift(before))
        finally:
            self._is_joining = False

    # Keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: self.rows_in_sight,
                 Qt.Key.Key_PageUp: -self.rows_in_sight}
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._owed = 0
            self.wants_end.emit(key == Qt.Key.Key_Home)
        elif key in steps and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier:
            self._move(steps[key])
        else:
            super().keyPressEvent(event)

    def _move(self, by: int) -> None:
        """The cursor up or down; what is beyond the rows at hand is owed until they come."""
        wanted, last = self.here + by + self._owed, self._table.rowCount() - 1
        reached = max(0, min(wanted, last))
        more = self._table.has_after if wanted > last else self._table.has_before if wanted < 0 else False
        self._owed = wanted - reached if more else 0
        self.go(reached)

    def forget_owed(self) -> None:
        """Nothing is owed any more: the rows are others."""
        self._owed = 0

    # Columns

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()
        self.tell()

    def fit_columns(self) -> None:
        """Fixed widths, lest a page that joins moves them; the elastic column takes the rest."""
        unit, padding = theme().size("character"), theme().size("column_padding")
        keys = [key for key, _ in self._table.columns]
        widths = {key: self._widths[key] * unit + padding // 2 for key in keys if key != self._elastic}
        widths[self._elastic] = max(theme().size("elastic_minimum"), self.viewport().width() - sum(widths.values()))
        for number, key in enumerate(keys):
            self.setColumnWidth(number, widths[key])
