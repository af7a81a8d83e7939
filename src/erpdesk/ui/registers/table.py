"""The vouchers at hand of a register, as texts by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.services.register_pages import RegisterRow
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.figures import shown_text
from erpdesk.ui.overriding import override
from erpdesk.ui.registers.stretch import Stretch
from erpdesk.ui.reports.fixed_columns import AnyIndex
from erpdesk.ui.reports.statuses import STATUSES
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say, to_say

_ROLE = Qt.ItemDataRole
_MONEY = "total"
COLUMNS = (("date", to_say("Date")), ("voucher_number", to_say("Number")), ("type", to_say("Type")),
           ("party", to_say("Party")), ("ref_no", to_say("Reference")), ("narration", to_say("Narration")),
           (_MONEY, to_say("Amount")), ("status", to_say("Status")))
_INKS = {"DRAFT": "warning", "PENDING_APPROVAL": "warning", "APPROVED": "good", "REJECTED": "error",
         "CANCELLED": "text_faint", "REVERSED": "text_muted"}


class RegisterTable(Stretch):
    """`labels` are what types are called."""

    columns = COLUMNS
    figures = frozenset((_MONEY,))

    def __init__(self, grouping: str, labels: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grouping, self._labels = grouping, labels

    @property
    @override
    def rows(self) -> Sequence[RegisterRow]:
        return self._rows

    def row(self, number: int) -> Mapping[str, str]:
        """A row's texts by key."""
        return self._rows[number].cells if 0 <= number < len(self._rows) else {}

    def number_of(self, voucher_id: str) -> int:
        """The row of a voucher, -1 when it isn't at hand."""
        return next((number for number, one in enumerate(self._rows) if one.voucher_id == voucher_id), -1)

    # Qt

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
