"""A step of the assistant: one page that asks something. `finished` and `left_back` hand the cursor on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from erpdesk.domain.results import Fault
from erpdesk.ui.style.theme import theme


class Step(QWidget):
    """`explained` carries help on where the cursor is, `said` why something can't be taken."""

    finished = Signal()
    left_back = Signal()
    said = Signal(str)
    explained = Signal(str)
    code = ""
    title = ""
    sentence = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(theme().space("medium"))

    def begin(self) -> None:
        """Come in: the cursor to where one starts."""

    def come_back(self) -> None:
        """The cursor was elsewhere in between."""
        focus = self.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.setFocus()
        else:
            self.begin()

    def take(self) -> None:
        """What stands in editors becomes an answer."""

    def may_go_on(self) -> bool:
        """Whether everything that is needed is there; what isn't is said."""
        return True

    def show_faults(self, faults: Mapping[str, Fault]) -> None:
        """Mark faults at their fields, the cursor at the first."""

    def perform(self, action: str) -> bool:
        """An action of the assistant that only this step knows."""
        return False
