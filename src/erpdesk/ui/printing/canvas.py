"""The sheets of a page one below the other, as they come out of the printer, larger or smaller."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.printing.far_sheets import FarSheets
from erpdesk.ui.printing.paper import Sheets
from erpdesk.ui.printing.typefaces import paper
from erpdesk.ui.style.theme import colour, theme
from erpdesk.ui.words import say

PERCENTS = (50, 75, 100, 125, 150, 200)
_DOTS_PER_INCH = 96


class Canvas(QWidget):
    """Draws what is in sight of the sheets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("printCanvas")
        self.setAccessibleName(say("Page as it will be printed"))
        self.sheets: Sheets | FarSheets | None = None
        self.percent = 100

    def show_sheets(self, sheets: Sheets | FarSheets, percent: int) -> None:
        """These sheets, at that size."""
        self.sheets, self.percent = sheets, percent
        gap, width, height = theme().space("medium"), *self._sheet_size()
        self.setFixedSize(width + 2 * gap, sheets.count * (height + gap) + gap)
        self.update()

    def _dots(self) -> float:
        return _DOTS_PER_INCH * self.percent / 100

    def dots_on_screen(self, percent: int) -> float:
        """The dots to an inch at which the screen shows sheets of that size."""
        return _DOTS_PER_INCH * percent / 100 * self.devicePixelRatio()

    def _sheet_size(self) -> tuple[int, int]:
        assert self.sheets is not None
        factor = self._dots() / paper()["resolution"]
        return round(self.sheets.size.width() * factor), round(self.sheets.size.height() * factor)

    def place_of(self, sheet: int) -> QRect:
        """Where a sheet lies."""
        gap, width, height = theme().space("medium"), *self._sheet_size()
        return QRect(gap, gap + sheet * (height + gap), width, height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sheets is None:
            return
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour("window"))
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        for sheet in range(self.sheets.count):
            place = self.place_of(sheet)
            if place.intersects(event.rect()):
                painter.fillRect(place, QColor(paper()["sheet"]))
                painter.setPen(colour("border"))
                painter.drawRect(place.adjusted(-1, -1, 0, 0))
                painter.save()
                painter.translate(place.topLeft())
                self.sheets.draw(painter, sheet, self._dots())
                painter.restore()
        painter.end()


class SheetsView(QScrollArea):
    """The canvas in a frame that scrolls; `sheet_in_sight` counts from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("printSheets")
        self.canvas = Canvas(self)
        self.setWidget(self.canvas)
        self.setWidgetResizable(False)

    def show_sheets(self, sheets: Sheets | FarSheets, percent: int) -> None:
        """Show sheets at a size, the one in sight staying there."""
        before = self.sheet_in_sight if self.canvas.sheets is sheets else 0
        self.canvas.show_sheets(sheets, percent)
        self.turn_to(before)

    @property
    def sheet_in_sight(self) -> int:
        """The sheet that fills most of the frame's upper half."""
        if self.canvas.sheets is None:
            return 0
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        inside = (sheet for sheet in range(self.canvas.sheets.count) if self.canvas.place_of(sheet).bottom() >= middle)
        return next(inside, self.canvas.sheets.count - 1)

    def turn_to(self, sheet: int) -> None:
        """Bring the top of a sheet into sight."""
        if self.canvas.sheets is not None:
            known = max(0, min(sheet, self.canvas.sheets.count - 1))
            self.verticalScrollBar().setValue(self.canvas.place_of(known).top() - theme().space("medium"))

    def step(self, steps: int) -> None:
        """Down by steps of a row, up where negative."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + steps * theme().size("row") * 2)
