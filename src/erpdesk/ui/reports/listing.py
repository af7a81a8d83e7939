"""A listing: rows to be read in a frame, a word in their place when there are none; all of them look and move alike."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QTableView, QVBoxLayout, QWidget

from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import theme


class ReportRows(QTableView):
    """The table; keys that it doesn't move with go to the view around it."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in FORWARD_KEYS or event.text() in ("+", "-") or not self._moves(event):
            if not route_key(self, event):
                event.ignore()
            return
        super().keyPressEvent(event)

    @staticmethod
    def _moves(event: QKeyEvent) -> bool:
        return Qt.Key.Key_Home <= event.key() <= Qt.Key.Key_PageDown


class Listing(QFrame):
    """The frame; rows and word take turns in it. Rows have the height of whole ones, so that none is cut in half, at
    the top or at the bottom, wherever they are scrolled to."""

    def __init__(self, rows: QTableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "gridFrame")
        self.word = QLabel(self)
        self.word.setObjectName("emptyState")
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.word.hide()
        self._rows = rows
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(*(theme().space("hair"),) * 4)
        self._inside.addWidget(rows)
        self._inside.addWidget(self.word)

    def look_changed(self) -> None:
        """Rows have another height."""
        self._keep_rows_whole()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_rows_whole()

    def _keep_rows_whole(self) -> None:
        hair, one = theme().space("hair"), self._rows.verticalHeader().defaultSectionSize()
        room = self.contentsRect().height() - 2 * hair - self._rows.horizontalHeader().height()
        self._inside.setContentsMargins(hair, hair, hair, hair + (room % one if room > one else 0))


def dress_rows(rows: QTableView, object_name: str) -> None:
    """Rows that are chosen whole and can't be typed into."""
    rows.setObjectName(object_name)
    rows.setProperty("role", "listing")
    rows.setFrameShape(QFrame.Shape.NoFrame)
    rows.setShowGrid(False)
    rows.setWordWrap(False)
    rows.setTabKeyNavigation(False)
    rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    rows.verticalHeader().hide()
    rows.verticalHeader().setDefaultSectionSize(theme().size("row"))
    rows.horizontalHeader().setHighlightSections(False)
    rows.horizontalHeader().setFixedHeight(theme().size("row"))
