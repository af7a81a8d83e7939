"""The room of the header's details: a few rows in sight, scrolled by whole rows, so that none is cut."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from erpdesk.ui.style.theme import theme

_ROWS = 4


class DetailsArea(QScrollArea):
    """Folded away at first."""

    def __init__(self, panel: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("headerDetails")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._panel = panel
        self.setWidget(panel)
        self.setFixedHeight(min(panel.sizeHint().height() + theme().space("tiny"), _ROWS * self._row))
        self.setVisible(False)

    @property
    def _row(self) -> int:
        return theme().size("field") + theme().space("tiny")

    def bring_into_sight(self, editor: QWidget, editors: Iterable[QWidget]) -> None:
        """Scroll by whole rows, and only as far as needed."""
        bar = self.verticalScrollBar()
        tops = sorted({self._top(one) for one in editors if not one.isHidden()})
        here = tops.index(self._top(editor))
        first = next((place for place, top in enumerate(tops) if top - tops[0] >= bar.value()), 0)
        wanted = min(max(first, here - _ROWS + 1), here)
        bar.setSingleStep(self._row)
        bar.setValue(tops[wanted] - tops[0])

    def _top(self, editor: QWidget) -> int:
        return editor.mapTo(self._panel, QPoint()).y()
