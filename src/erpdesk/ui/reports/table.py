"""A report's rows as a table; the totals are its last row, if there are any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.figures import shown_text
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Report, ReportColumn
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say, to_say

_ROLE = Qt.ItemDataRole
_WORDS = ("type", "status")
_NATURES = {"asset": to_say("Asset"), "liability": to_say("Liability"), "equity": to_say("Equity"),
            "income": to_say("Income"), "expense": to_say("Expense")}
TOTALS = (to_say("Net profit"), to_say("Assets"), to_say("Liabilities"), to_say("Profit"),
          to_say("Profit not yet carried to equity"))
"""What reports call totals that no column has, and their rows that stand for no account."""
_FIGURES = ("money", "quantity", "count")
_FIGURE_SPACE, _POINT_SPACE = "\u2007", "\u2008"
_NAMED = ("item", "party")
"""Columns of codes whose masters people know by name; a report with a column of names says them itself."""
Names = Callable[[str, str], str]


class ReportTable(QAbstractTableModel):
    """`headerData(column, Horizontal, UserRole)` is the column's key. `labels` are what types and states are
    called; `hidden` columns are not shown, but rows hold them. `names` gives what a master of a kind is called, as far
    as it is known."""

    def __init__(self, grouping: str, labels: Mapping[str, str], hidden: tuple[str, ...] = (),
                 parent: QObject | None = None, *, names: Names = lambda _kind, _code: "") -> None:
        super().__init__(parent)
        self._labels, self._hidden, self._names = labels, hidden, names
        self._grouping = grouping
        self._columns: tuple[ReportColumn, ...] = ()
        self._rows: tuple[Mapping[str, str], ...] = ()
        self._totals: Mapping[str, str] = {}
        self._decimals: Mapping[str, int] = {}
        self.other_totals: tuple[str, ...] = ()
        self.named: tuple[str, ...] = ()
        """The kinds of masters that are shown with their names."""

    def show_report(self, report: Report) -> None:
        """Show an answer."""
        self.beginResetModel()
        self._columns = tuple(column for column in report.columns if column.key not in self._hidden)
        keys = [column.key for column in self._columns]
        self.named = tuple(key for key in keys if key in _NAMED) if "name" not in keys else ()
        self._rows = tuple(report.rows)
        summed = any(column.key in report.totals for column in self._columns)
        self._totals = report.totals if report.rows and summed else {}
        self.other_totals = self._told(report)
        self._decimals = {column.key: max((_decimals(row.get(column.key), column) for row in self._rows), default=0)
                          for column in self._columns}
        self.endResetModel()

    @property
    def columns(self) -> tuple[ReportColumn, ...]:
        """The columns shown."""
        return self._columns

    @property
    def is_empty(self) -> bool:
        """Whether there are no rows."""
        return not self._rows

    def say_names(self) -> None:
        """More names are known now."""
        if self._rows and self._columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))

    def row(self, number: int) -> Mapping[str, str]:
        """A row's texts by key; empty for the totals."""
        return self._rows[number] if 0 <= number < len(self._rows) else {}

    def _told(self, report: Report) -> tuple[str, ...]:
        """Totals that no column has, as `Net profit 12,345.00`; counts of rows are told elsewhere."""
        keys = {column.key for column in self._columns}
        return tuple(
            f"{say(key.replace('_', ' ').capitalize())} {shown_text(text, len(text.partition('.')[2]), self._grouping)}"
            for key, text in report.totals.items() if key not in keys and "." in text)

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows) + bool(self._totals)

    @override
    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == _ROLE.UserRole:
            return column.key
        if role == _ROLE.TextAlignmentRole:
            return self._alignment(column)
        return say(column.label) if role == _ROLE.DisplayRole else None

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, is_total = self._columns[index.column()], index.row() >= len(self._rows)
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            row = self._totals if is_total else self._rows[index.row()]
            text = self._text(row, column, index.column(), is_total=is_total)
            return text.rstrip() if role == _ROLE.AccessibleTextRole else text
        if role == _ROLE.ToolTipRole and str(column.kind) == "text" and not is_total:
            return self._text(self._rows[index.row()], column, index.column(), is_total=False) or None
        if role == _ROLE.TextAlignmentRole:
            return self._alignment(column)
        if role == _ROLE.FontRole:
            return figures_font(theme().text("base_points"), semibold=is_total)
        return None

    def _text(self, row: Mapping[str, str], column: ReportColumn, number: int, *, is_total: bool) -> str:
        raw = str(row.get(column.key, "") or "")
        if is_total and number == 0 and not raw:
            return say("Total")
        if str(column.kind) == "money":
            decimals = max(self._decimals[column.key], _decimals(raw, column))
            return shown_text(raw, decimals, self._grouping, zero=is_total)
        if str(column.kind) in _FIGURES:
            text = shown_text(raw, None, self._grouping, zero=str(column.kind) == "count")
            short = self._decimals[column.key] - _decimals(raw, column)
            room = (_POINT_SPACE if "." not in text else "") + _FIGURE_SPACE * short
            return text + room if text and short > 0 else text
        if str(column.kind) == "date" and raw:
            try:
                return shown_date_short(date.fromisoformat(raw))
            except ValueError:
                return raw
        if raw and column.key in self.named:
            return f"{raw}  {self._names(column.key, raw)}".rstrip()
        if column.key in _WORDS:
            return say(self._labels.get(raw) or _NATURES.get(raw, raw))
        return say(raw) if raw in TOTALS else raw

    @staticmethod
    def _alignment(column: ReportColumn) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if str(column.kind) in _FIGURES else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def _decimals(raw: str | None, column: ReportColumn) -> int:
    """The decimals that a figure is shown with. Points of a column align: amounts have those of the longest, all other
    figures as much room as those take, for a quantity of pieces has none."""
    decimals = (raw or "").partition(".")[2]
    return len(decimals if str(column.kind) == "money" else decimals.rstrip("0"))
