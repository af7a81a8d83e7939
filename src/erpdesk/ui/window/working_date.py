"""The working date: the day that blank vouchers begin with, typed as short as any date; it lies in an open year."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from erpdesk.ui.calendars import shown_date
from erpdesk.ui.editors.base import lend_cursor
from erpdesk.ui.editors.date_shorthand import NotADate, read_date
from erpdesk.ui.keys.profile import chord_of
from erpdesk.ui.keys.undivided import UndividedKeys
from erpdesk.ui.overriding import override
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class DayField(UndividedKeys, QLineEdit):
    """Enter takes the day, Esc leaves it; no other key leads out."""

    taken = Signal()
    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        chord = chord_of(event)
        if chord in ("Return", "Tab"):
            self.taken.emit()
        elif chord == "Esc":
            self.left.emit()
        elif not chord.startswith("Alt+"):
            super().keyPressEvent(event)
        event.accept()


class WorkingDate(QFrame):
    """Lies over the window beneath the strip; `closed` has the cursor put back."""

    closed = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
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
        self.field.taken.connect(self._take)
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

    def _take(self) -> None:
        session, typed = self._session, self.field.text()
        try:
            untouched = typed == shown_date(session.working_date)
            day = session.working_date if untouched else read_date(typed, session.working_date, session.today)
        except NotADate as problem:
            self._say(str(problem))
            return
        year = session.organization.fiscal_year(day) if session.organization is not None else None
        if year is None or year.is_closed:
            self._say(say("{day} lies in a closed year.", day=shown_date(day)) if year is not None
                      else say("{day} lies in no fiscal year; choose a day of one that is open.", day=shown_date(day)))
            return
        session.work_on(day)
        self._leave()

    def _leave(self) -> None:
        self.closed.emit()
        self.hide()
