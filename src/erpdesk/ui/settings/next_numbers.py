"""The numbers to come, shown while a series is being set: by branch and day, from where its counters stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from erpdesk.blueprints.coming_numbers import Coming, Reached, coming_numbers
from erpdesk.blueprints.numbering import LENGTH_LIMITS, MAX_LENGTH
from erpdesk.blueprints.rows import NumberSeries
from erpdesk.blueprints.vocabulary import NumberRestart
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say

_MOST = 6
_BRANCHES = 3
_ROOM = 34
"""Characters that fit beside branch and day; where two numbers are longer, one is shown."""


class NextNumbers(QWidget):
    """A line a branch and day; a number that is longer than the law allows is said to be."""

    def __init__(self, organization: OrganizationInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nextNumbers")
        self._organization = organization
        self.lines: list[str] = []
        self._labels: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, theme().space("small"), 0, 0)
        self._grid.setHorizontalSpacing(theme().space("medium"))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(2, 1)
        self.setFixedHeight(theme().size("next_numbers_height"))

    def show_numbers(self, rows: Sequence[NumberSeries], code: str, reached: Iterable[Reached], today: date) -> None:
        """What a series prints next."""
        known, found = tuple(reached), []
        branches = [one.code for one in self._organization.branches if one.is_active][:_BRANCHES]
        for day in _days(rows, code, today, self._organization):
            year = self._organization.fiscal_year(day)
            for branch in branches if year is not None else ():
                assert year is not None
                found += [one for one in coming_numbers(rows, year, day, branch, known) if one.series == code]
        self._show([_line(one, self._limit) for one in found[:_MOST]], say("Next numbers"))

    def show_word(self, word: str) -> None:
        """A word in place of numbers."""
        self._show([], word)

    @property
    def _limit(self) -> int:
        return LENGTH_LIMITS.get(self._organization.country, MAX_LENGTH)

    def _show(self, lines: list[tuple[str, str, str, bool]], heading: str) -> None:
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels, self.lines = [], ["  ".join(line[:3]) for line in lines]
        self._put(heading, 0, 0, span=3)
        for row, (branch, day, numbers, good) in enumerate(lines, start=1):
            self._put(branch, row, 0)
            self._put(day, row, 1)
            self._put(numbers, row, 2, tone="" if good else "wrong", strong=True)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def _put(self, text: str, row: int, column: int, *, span: int = 1, tone: str = "", strong: bool = False) -> None:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(text)
        label.setProperty("role", "verdict" if tone else "" if strong else "fieldLabel")
        label.setProperty("tone", tone)
        label.setFont(figures_font(theme().text("base_points"), semibold=row == 0))
        self._grid.addWidget(label, row, column, 1, span)
        label.show()
        self._labels.append(label)


def _line(coming: Coming, limit: int) -> tuple[str, str, str, bool]:
    longest = max(len(number) for number in coming.numbers)
    together = "   ".join(coming.numbers)
    numbers = together if len(together) <= _ROOM else coming.numbers[0]
    if longest > limit:
        numbers = say("{number}: {length} characters, {limit} are allowed", number=coming.numbers[0], length=longest,
                      limit=limit)
    return coming.branch, shown_date_short(coming.on), numbers, longest <= limit


def _days(rows: Sequence[NumberSeries], code: str, today: date, organization: OrganizationInfo) -> list[date]:
    """Today, and the next days on which the series prints otherwise."""
    own = [row for row in rows if row.code == code and row.is_active]
    later = {row.valid_from for row in own if row.valid_from is not None and row.valid_from > today}
    if any(row.restart is NumberRestart.MONTH or "{MM}" in row.prefix + row.suffix for row in own):
        later.add((today.replace(day=1) + timedelta(days=32)).replace(day=1))
    year = organization.fiscal_year(today)
    following = organization.fiscal_year(year.ends_on + timedelta(days=1)) if year is not None else None
    if following is not None:
        later.add(following.starts_on)
    return [today, *sorted(later)]
