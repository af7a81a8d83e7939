"""The working date: the day that blank vouchers begin with, typed as short as any date; it lies in an open year."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from erpdesk.ui.calendars import shown_date
from erpdesk.ui.editors.base import lend_cursor
from erpdesk.ui.editors.date_shorthand import NotADate, read_date
from erpdesk.ui.editors.held_presses import HeldPresses
from erpdesk.ui.keys.profile import chord_of
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.keys.undivided import UndividedKeys
from erpdesk.ui.overriding import override
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class DayField(UndividedKeys, QLineEdit):
    """Tab takes the day too, Esc leaves it whatever else does; no other key leads out than those of the profile."""

    taken = Signal()
    left = Signal()

    def __init__(self, owner: WorkingDate) -> None:
        super().__init__(owner)
        self._owner = owner

    def let_go(self) -> bool:
        """Take the day, since the cursor is wanted elsewhere; False, having said why, when it can't be taken."""
        return self._owner.take_day()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        chord = chord_of(event)
        if chord == "Tab":
            self.taken.emit()
        elif chord == "Esc":
            self.left.emit()
        elif not route_key(self, event) and not chord.startswith("Alt+"):
            super().keyPressEvent(event)
        event.accept()


class WorkingDate(QFrame):
    """Lies over the window beneath the strip; `closed` has the cursor put back. A press beside it takes the day, as
    Enter does, or says why it can't be taken."""

    key_context = "working_date"
    keeps_keyboard = True
    closed = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._presses = HeldPresses(self, self._come_back, beyond=True)
        self.setObjectName("workingDate")
        self._session, self._window = session, window
        self._title, self.field, self.word = QLabel(say("Working date"), self), DayField(self), QLabel(self)
        self.field.setObjectName("workingDateField")
        self.field.setAccessibleName(say("Working date"))
        self.field.setFixedHeight(theme().size("row_comfortable"))
        self.word.setObjectName("keysWord")
        self.word.setWordWrap(True)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme().space("medium"),) * 4)
        layout.setSpacing(theme().space("small"))
        for widget in (self._title, self.field, self.word):
            layout.addWidget(widget)
        self.field.taken.connect(self.take_day)
        self.field.left.connect(self._leave)
        self.hide()

    def open(self) -> None:
        """Ask for the day."""
        self.field.setText(shown_date(self._session.working_date))
        self.field.selectAll()
        self._say(say("Vouchers begin on this day. 5, 5-4, +1, −1 or t for today ({day}).",
                      day=shown_date(self._session.today)))
        self.show()
        self.raise_()
        lend_cursor(self.field)

    def _say(self, sentence: str) -> None:
        self.word.setText(sentence)
        width = theme().size("help_width")
        strip = theme().size("strip_height")
        self.setGeometry(theme().space("huge"), strip, width, self._layout.heightForWidth(width))

    def _come_back(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def perform(self, action: str) -> bool:
        """Take the day, or keep the one there was."""
        if action == "take_day":
            self.take_day()
        elif action == "close":
            self._leave()
        return True

    def perform_chord(self, chord: str) -> bool:
        """Nothing reaches what lies beneath."""
        return False

    def take_day(self) -> bool:
        """Work on the day that was typed; False, having said why, when that can't be."""
        session, typed = self._session, self.field.text()
        try:
            untouched = typed == shown_date(session.working_date)
            day = session.working_date if untouched else read_date(typed, session.working_date, session.today)
        except NotADate as problem:
            self._say(str(problem))
            return False
        year = session.organization.fiscal_year(day) if session.organization is not None else None
        if year is None or year.is_closed:
            self._say(say("{day} lies in a closed year.", day=shown_date(day)) if year is not None
                      else say("{day} lies in no fiscal year; choose a day of one that is open.", day=shown_date(day)))
            return False
        session.work_on(day)
        self._leave()
        return True

    def _leave(self) -> None:
        self.closed.emit()
        self.hide()
