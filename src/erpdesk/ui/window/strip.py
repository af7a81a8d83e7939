"""The strip: where one works (organization, branch, date, period) and whether the line is good."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from erpdesk.domain.organization import OrganizationInfo
from erpdesk.ui.calendars import other_date, shown_date
from erpdesk.ui.keys.profile import keyed
from erpdesk.ui.overriding import override
from erpdesk.ui.session import CONNECTED, CONNECTING, EMPTY, Session
from erpdesk.ui.style.theme import colour, theme
from erpdesk.ui.words import say


class ConnectionLight(QWidget):
    """A dot beside its word, never alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = "light_wait"
        size = theme().size("connection_light")
        self.setFixedSize(size, size)

    def show_state(self, state: str) -> None:
        """Green, amber or red."""
        self._colour = {CONNECTED: "light_on", EMPTY: "light_on", CONNECTING: "light_wait"}.get(state, "light_off")
        self.setAccessibleName(state)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour(self._colour))
        painter.setBrush(colour(self._colour))
        painter.drawEllipse(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class PressedLabel(QLabel):
    """A word that can be clicked; the keyboard has a key for the same."""

    pressed = Signal()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        event.accept()


class ContextStrip(QFrame):
    """One line at the top. `place_pressed` and `day_pressed` say that another of them is wanted."""

    place_pressed = Signal()
    day_pressed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contextStrip")
        self.setFixedHeight(theme().size("strip_height"))
        self._session = session
        self.place, self.period, self.day = PressedLabel("erpdesk", self), QLabel(self), PressedLabel(self)
        for pressed, signal in ((self.place, self.place_pressed), (self.day, self.day_pressed)):
            pressed.setCursor(Qt.CursorShape.PointingHandCursor)
            pressed.pressed.connect(signal)
        self.light, self.word, self.user = ConnectionLight(self), QLabel(self), QLabel(self)
        names = {"stripPlace": self.place, "stripPeriod": self.period, "stripDate": self.day,
                 "stripConnection": self.word, "stripUser": self.user}
        for name, label in names.items():
            label.setObjectName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme().space("medium"), 0, theme().space("medium"), 0)
        layout.setSpacing(theme().space("large"))
        for label in (self.place, self.period, self.day):
            layout.addWidget(label)
        layout.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(theme().space("tiny"))
        beside.addWidget(self.light)
        beside.addWidget(self.word)
        layout.addLayout(beside)
        layout.addWidget(self.user)
        session.state_changed.connect(self.refresh)
        session.opened.connect(self.refresh)
        session.working_date_changed.connect(self.refresh)
        session.branch_changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_what: object) -> None:
        """Show the session as it is."""
        session, organization = self._session, self._session.organization
        self.light.show_state(session.state)
        words = {CONNECTED: say(session.state_text), CONNECTING: say(session.state_text), EMPTY: say("connected")}
        self.word.setText(words.get(session.state, say("not connected")))
        self.user.setText(session.user)
        if organization is None:
            return
        branch = session.branch or first_branch(organization)
        self.place.setToolTip(keyed(say("Organization, branch"), "window", "switch"))
        self.day.setToolTip(keyed(say("Working date"), "window", "date"))
        self.place.setText(" · ".join(part for part in (organization.name, branch) if part))
        year = organization.fiscal_year(session.working_date)
        self.period.setText(year.code if year is not None else "")
        also = other_date(session.working_date)
        self.day.setText(shown_date(session.working_date) + (f"  ({also})" if also else ""))


def first_branch(organization: OrganizationInfo) -> str:
    """The branch of vouchers that name none."""
    return next((one.code for one in organization.branches if one.is_active), "")
