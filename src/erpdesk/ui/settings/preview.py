"""The preview: the form that the settings make, its keys, and what is wrong, always in sight at the right.

A document that makes no form leaves the last one that was good, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.domain.results import Fault
from erpdesk.services.candidates import Looked
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.faults_list import FaultsList
from erpdesk.ui.settings.form_picture import FormPicture
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say


class PreviewPane(QWidget):
    """`wanted` names the path of a fault that is to be mended, `chosen` a place of the form."""

    wanted = Signal(str)
    chosen = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("previewPane")
        self._bench = bench
        self.picture = FormPicture(bench.surroundings, bench.books.organization.base_currency, self)
        self.picture.setAccessibleName(say("Preview of the form"))
        self.keys, self.word, self.pointed = QLabel(self), QLabel(self), QLabel(self)
        self.faults = FaultsList(self)
        self.looked: Looked | None = None
        self._is_alone = False
        self.faults.wanted.connect(self.wanted)
        self.picture.chosen.connect(self.chosen)
        self.picture.pointed.connect(self.pointed.setText)
        self._lay_out()

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, space("small"), 0, 0)
        layout.setSpacing(space("tiny"))
        frame = QFrame(self)
        frame.setProperty("role", "gridFrame")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(*(space("hair"),) * 4)
        inside.addWidget(self.picture)
        layout.addWidget(frame, 1)
        line = QHBoxLayout()
        line.setSpacing(space("medium"))
        for label in (self.keys, self.word, self.pointed):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.keys.setObjectName("previewKeys")
        self.keys.setFont(figures_font(theme().text("base_points"), semibold=True))
        self.word.setObjectName("previewWord")
        self.pointed.setProperty("role", "fieldLabel")
        line.addWidget(self.keys)
        line.addWidget(self.word)
        line.addStretch(1)
        line.addWidget(self.pointed)
        layout.addLayout(line)
        self.faults.setFixedHeight(theme().size("faults_height"))
        layout.addWidget(self.faults)

    def start(self) -> None:
        """The cursor into the form; from there to what is wrong, and back."""
        to_faults = self.picture.hasFocus() and self.faults.count()
        (self.faults if to_faults else self.picture).setFocus(Qt.FocusReason.OtherFocusReason)

    def be_alone(self, alone: bool) -> None:
        """Alone on the page the form takes the room of what is wrong while nothing is."""
        self._is_alone = alone
        self.faults.setVisible(not alone or self.faults.count() > 0)

    def show_type(self, edited: EditedType) -> None:
        """Another type is edited."""
        self.looked = None
        self.show_faults(edited.faults)

    def show_look(self, looked: Looked) -> None:
        """What the last check found; without a form the last good one stays."""
        if looked.schema is not None:
            self.looked = looked
            self.keys.setText(say("keys: {count}", count=looked.keys))
            if self.picture.show_form(looked.schema, self._bench.session.working_date.isoformat()):
                self._show_totals(looked)
        self.show_faults(looked.faults, is_old=looked.schema is None)

    def _show_totals(self, looked: Looked) -> None:
        sheet = self.picture.sheet
        if sheet is not None:
            sheet.show_totals(self._bench.books.candidates.totals(looked.blueprint, sheet.header.draft.document()))
            self.picture.redraw()

    def show_faults(self, faults: Sequence[Fault], *, is_old: bool = False) -> None:
        """What is wrong, beneath the form; `is_old`: the form isn't what stands there now."""
        self.faults.show_faults(faults)
        self.be_alone(self._is_alone)
        count, role = len(faults), "settingFault" if faults else "fieldLabel"
        if is_old:
            self.word.setText(say("{count} faults — the form is the last good one", count=count))
        else:
            self.word.setText(say("{count} faults", count=count) if faults else say("No faults"))
        if self.word.property("role") != role:
            self.word.setProperty("role", role)
            self.word.style().unpolish(self.word)
            self.word.style().polish(self.word)
