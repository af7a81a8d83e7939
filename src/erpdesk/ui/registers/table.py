"""The vouchers at hand of a register: a stretch of it that grows at either end and is cut at the other.

However long the register, no more rows than `MOST_ROWS` are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.services.register_pages import RegisterPage, RegisterRow
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.figures import shown_text
from erpdesk.ui.overriding import override
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex, FixedColumns
from erpdesk.ui.reports.statuses import STATUSES
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say, to_say

MOST_ROWS = 1_200
_ROLE = Qt.ItemDataRole
_MONEY = "total"
COLUMNS = (("date", to_say("Date")), ("voucher_number", to_say("Number")), ("type", to_say("Type")),
           ("party", to_say("Party")), ("ref_no", to_say("Reference")), ("narration", to_say("Narration")),
           (_MONEY, to_say("Amount")), ("status", to_say("Status")))
_INKS = {"DRAFT": "warning", "PENDING_APPROVAL": "warning", "APPROVED": "good", "REJECTED": "error",
         "CANCELLED": "text_faint", "REVERSED": "text_muted"}


class RegisterTable(FixedColumns):
    """`labels` are what types are called."""

    columns = COLUMNS
    figures = frozenset((_MONEY,))

    def __init__(self, grouping: str, labels: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grouping, self._labels = grouping, labels
        self._rows: list[RegisterRow] = []
        self.has_before = self.has_after = False

    @property
    def rows(self) -> Sequence[RegisterRow]:
        """The vouchers at hand, in order."""
        return self._rows

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not self._rows

    def row(self, number: int) -> Mapping[str, str]:
        """A row's texts by key."""
        return self._rows[number].cells if 0 <= number < len(self._rows) else {}

    def number_of(self, voucher_id: str) -> int:
        """The row of a voucher, -1 when it isn't at hand."""
        return next((number for number, one in enumerate(self._rows) if one.voucher_id == voucher_id), -1)

    # The stretch

    def show_page(self, page: RegisterPage) -> bool:
        """Another stretch; whether anything differs from the one shown."""
        self.has_before, self.has_after = page.has_before, page.has_after
        if list(page.rows) == self._rows:
            return False
        self.beginResetModel()
        self._rows = list(page.rows)
        self.endResetModel()
        return True

    def append(self, page: RegisterPage) -> None:
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

    def prepend(self, page: RegisterPage) -> None:
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

    # Qt

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, key = self._rows[index.row()], COLUMNS[index.column()][0]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return self._text(row, key)
        if role == _ROLE.TextAlignmentRole:
            return self.alignment(key)
        if role == _ROLE.ForegroundRole:
            return colour(_INKS[row.status]) if row.status in _INKS and _is_inked(row.status, key) else None
        if role == _ROLE.FontRole:
            return figures_font(theme().text("base_points"))
        return None

    def _text(self, row: RegisterRow, key: str) -> str:
        raw = row.cells.get(key, "")
        if key == _MONEY:
            return shown_text(raw, len(raw.partition(".")[2]), self._grouping, zero=False)
        if key == "date":
            return shown_date_short(date.fromisoformat(raw))
        if key == "type":
            return self._labels.get(raw, raw)
        return say(STATUSES.get(raw, raw)) if key == "status" else " ".join(raw.split())


def _is_inked(status: str, key: str) -> bool:
    """The word of the status has its colour; of what is void the whole row is pale."""
    return key == "status" or status in ("CANCELLED", "REVERSED")
