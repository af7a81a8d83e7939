"""The posting preview: journal and stock as they would be posted, over the voucher that is being typed.

It never takes the focus; typing goes on below it, and what is typed closes it, since it would be out of date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.ui.configured_words import coded
from erpdesk.ui.figures import shown_text
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.lookups.popup import in_sight
from erpdesk.ui.style.heading import Heading
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say, to_say

MOST_ROWS = (12, 8, 5, 3, 2, 1)
"""Rows of a part that are shown, fewer where there isn't the room; how many more there are is told."""

Column = tuple[str, str, str]
"""Key, heading, and `text`, `money` or `quantity`."""

JOURNAL: tuple[Column, ...] = (
    ("account", to_say("Account"), "text"), ("name", to_say("Name"), "text"), ("party", to_say("Party"), "text"),
    ("debit", to_say("Debit"), "money"), ("credit", to_say("Credit"), "money"))
STOCK: tuple[Column, ...] = (
    ("item", to_say("Item"), "text"), ("name", to_say("Name"), "text"),
    ("warehouse", to_say("Warehouse"), "text"), ("batch", to_say("Batch"), "text"),
    ("quantity", to_say("Quantity"), "quantity"), ("value", to_say("Value"), "money"))


class PostingPreview(QFrame):
    """Shown by `show_plan`, hidden by Esc, by its key, and by typing on."""

    def __init__(self, grouping: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("postingPreview")
        self.setAccessibleName(say("Preview of the posting"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over, self._grouping = parent, grouping
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*(theme().space("large"),) * 4)
        self._layout.setSpacing(theme().space("small"))
        self.hide()

    def put_away(self) -> bool:
        """Hide; whether it was shown."""
        was_shown = self.isVisible()
        self.hide()
        return was_shown

    def show_plan(self, plan: Any) -> None:
        """Show what a post would do: `journal` and `stock` are rows of texts, `faults` stop it."""
        room = in_sight(self._over).adjusted(*(theme().space("large") * side for side in (1, 1, -1, -1)))
        self.setFixedWidth(min(theme().size("gateway_width"), room.width()))
        for most in MOST_ROWS:
            self._fill(plan, most)
            if self.sizeHint().height() <= room.height():
                break
        height = min(self.sizeHint().height(), room.height())
        self.setGeometry(room.left() + (room.width() - self.width()) // 2,
                         room.top() + (room.height() - height) // 3, self.width(), height)
        self.show()
        self.raise_()

    def _fill(self, plan: Any, most: int) -> None:
        self._empty()
        self._title(say("Would be posted") if not plan.faults else say("Can't be posted yet"))
        for fault in plan.faults[:3]:
            self._say(coded(fault), "error")
        self._part(say("Journal"), JOURNAL, plan.journal, most)
        self._part(say("Stock"), STOCK, plan.stock, most)
        if not plan.journal and not plan.stock:
            self._say(say("Neither accounts nor stock would change"), "fieldLabel")
        self._say(say("{key} closes; nothing has been saved", key=key_name(self._context(), "leave")), "fieldLabel")
        self.ensurePolished()
        self.adjustSize()

    def _context(self) -> str:
        """Whose keys are pressed while it lies over: the voucher's or the simulation's."""
        return str(getattr(self.parentWidget(), "key_context", "voucher"))

    def texts(self) -> list[str]:
        """Every text that is shown, in reading order."""
        return [label.text() for label in self.findChildren(QLabel) if label.text()]

    def _empty(self) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()

    def _title(self, text: str) -> None:
        label = QLabel(text, self)
        label.setFont(figures_font(theme().text("title_points"), semibold=True))
        self._layout.addWidget(label)

    def _say(self, text: str, role: str) -> None:
        label = Heading(parent=self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(text)
        label.setWordWrap(True)
        label.setProperty("role", role)
        self._layout.addWidget(label)

    def _part(self, heading: str, columns: Sequence[Column], rows: Sequence[Mapping[str, str | None]],
              most: int) -> None:
        if not rows:
            return
        used = [column for column in columns if any(row.get(column[0]) for row in rows)]
        part = QWidget(self)
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme().space("large"))
        grid.setVerticalSpacing(theme().space("hair"))
        for number, (_, label, kind) in enumerate(used):
            self._cell(grid, 0, number, say(label), kind, "fieldLabel")
        for place, row in enumerate(rows[:most], start=1):
            for number, (key, _, kind) in enumerate(used):
                self._cell(grid, place, number, self._figure(row.get(key) or "", kind), kind, "figure")
        grid.setColumnStretch(1, 1)
        self._say(heading, "totalLabel")
        self._layout.addWidget(part)
        if len(rows) > most:
            self._say(say("and {count} more", count=len(rows) - most), "fieldLabel")

    def _cell(self, grid: QGridLayout, row: int, column: int, text: str, kind: str, role: str) -> None:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(text)
        label.setProperty("role", role)
        if kind != "text":
            label.setFont(figures_font(theme().text("base_points")))
        side = Qt.AlignmentFlag.AlignLeft if kind == "text" else Qt.AlignmentFlag.AlignRight
        grid.addWidget(label, row, column, side)

    def _figure(self, text: str, kind: str) -> str:
        if kind == "text" or not text:
            return text
        decimals = len(text.partition(".")[2]) if kind == "money" else None
        return shown_text(text, decimals, self._grouping, zero=False)
