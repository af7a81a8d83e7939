"""The preview: the form that the settings make, its keys, and what is wrong, always in sight at the right.

A document with faults leaves the last form that was good, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.domain.results import Fault
from erpdesk.services.candidates import Looked
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.faults_list import FaultsList
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class PreviewPane(QWidget):
    """`wanted` names the path of a setting that is to be gone to."""

    wanted = Signal(str)

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("previewPane")
        self._session, self._books = session, books
        self.keys, self.word, self.faults = QLabel(self), QLabel(self), FaultsList(self)
        self.faults.wanted.connect(self.wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, space("small"), 0, 0)
        layout.setSpacing(space("tiny"))
        line = QHBoxLayout()
        for label in (self.keys, self.word):
            label.setTextFormat(Qt.TextFormat.PlainText)
            line.addWidget(label)
        line.addStretch(1)
        layout.addStretch(1)
        layout.addLayout(line)
        self.faults.setFixedHeight(theme().size("faults_height"))
        layout.addWidget(self.faults)

    def start(self) -> None:
        """The cursor into the preview."""
        self.faults.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_type(self, edited: EditedType) -> None:
        """Another type is edited."""
        self.show_faults(edited.faults)

    def show_look(self, looked: Looked) -> None:
        """What the last check found."""
        if looked.schema is not None:
            self.keys.setText(say("keys: {count}", count=looked.keys))
        self.show_faults(looked.faults)

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """What is wrong, beneath the form."""
        self.faults.show_faults(faults)
        self.word.setText(say("{count} faults", count=len(faults)) if faults else say("No faults"))
