"""The vouchers that wait for approval as a table, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.services.approvals import Waiting
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.figures import shown_text
from erpdesk.ui.overriding import override
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex, FixedColumns
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say, to_say

_ROLE = Qt.ItemDataRole
_MONEY = "amount"
COLUMNS = (("date", to_say("Date")), ("type_label", to_say("Type")), ("party_name", to_say("Party")),
           ("narration", to_say("Narration")), (_MONEY, to_say("Amount")), ("requested_by", to_say("Asked by")),
           ("waits_for", to_say("Waits for")), ("comment", to_say("Comment")))


class WaitingTable(FixedColumns):
    """What waits for others is pale."""

    columns = COLUMNS
    figures = frozenset((_MONEY,))

    def __init__(self, grouping: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grouping = grouping
        self.rows: tuple[Waiting, ...] = ()

    def show_rows(self, rows: Sequence[Waiting]) -> None:
        """Show these."""
        if tuple(rows) != self.rows:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, key = self.rows[index.row()], COLUMNS[index.column()][0]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return self._text(row, key)
        if role == _ROLE.TextAlignmentRole:
            return self.alignment(key)
        if role == _ROLE.ForegroundRole:
            return None if row.is_mine else colour("text_muted")
        return figures_font(theme().text("base_points")) if role == _ROLE.FontRole else None

    def _text(self, row: Waiting, key: str) -> str:
        if key == _MONEY:
            return shown_text(row.amount, len(row.amount.partition(".")[2]), self._grouping)
        if key == "date":
            return shown_date_short(date.fromisoformat(row.date))
        if key == "waits_for" and row.is_mine:
            return say("You")
        return " ".join(str(getattr(row, key) or "").split())
