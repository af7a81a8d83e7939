"""The gateway: everything one may begin with, under the cursor of one field."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.session import CONNECTING, EMPTY, LOST, Session
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.window.destinations import (
    begin_destinations,
    elsewhere_destinations,
    report_destinations,
    screen_destinations,
    type_destinations,
)
from erpdesk.ui.window.pick_list import PickList
from erpdesk.ui.words import say, to_say

_WORDS = {
    EMPTY: to_say("There is no organization yet — Enter makes one, or a demo company to try."),
    LOST: to_say("No database: {reason}"),
}


class Gateway(QWidget):
    """`chosen` carries the destination."""

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gateway")
        self._session, self._first_words = session, ""
        self.title, self.word = QLabel(self), QLabel(self)
        self.places = PickList(say("Type a voucher or report"), self, columns=True)
        self.places.field.setObjectName("gatewayFilter")
        self.places.list.setObjectName("gatewayList")
        self.places.chosen.connect(self.chosen)
        self._lay_out()
        session.state_changed.connect(self.refresh)
        session.opened.connect(self.refresh)
        session.types_changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        space = theme().space
        middle = QVBoxLayout()
        middle.setSpacing(space("small"))
        self.title.setProperty("role", "title")
        self.title.setFont(figures_font(theme().text("title_points"), semibold=True))
        self.word.setProperty("role", "fieldLabel")
        self.word.setWordWrap(True)
        middle.addWidget(self.title)
        middle.addWidget(self.word)
        middle.addWidget(self.places, 1)
        inside = QWidget(self)
        inside.setLayout(middle)
        inside.setMaximumWidth(theme().size("gateway_columns"))
        middle.setContentsMargins(0, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(space("huge"), space("large"), space("huge"), space("large"))
        layout.addStretch(1)
        layout.addWidget(inside, 1000)
        layout.addStretch(1)

    def refresh(self, *_what: object) -> None:
        """Show what there is by now."""
        session = self._session
        self.setAccessibleName(say("Gateway"))
        self.places.ask(say("Type a voucher or report"))
        self.places.is_waiting = session.state == CONNECTING
        if session.organization is not None:
            self.title.setText(session.organization.name)
            self.word.setText(self._first_words)
            self.word.setVisible(bool(self._first_words))
            self.places.show_places([*type_destinations(session.enterable, key_profile()),
                                     *report_destinations(session.permissions),
                                     *screen_destinations(session.permissions)])
            return
        self.title.setText(say("Gateway"))
        self.word.show()
        if session.state == EMPTY:
            self.places.show_places(begin_destinations())
        elif session.state == LOST and session.doors is not None and session.books is None:
            self.places.show_places(elsewhere_destinations())
        self.word.setText(say(_WORDS[session.state], reason=say(session.state_text)) if session.state in _WORDS
                          else say(session.state_text))

    def tell_first(self, words: str) -> None:
        """What to do first in new books; nothing once something is done."""
        if words != self._first_words:
            self._first_words = words
            self.refresh()

    def start(self) -> None:
        """The cursor into the field."""
        self.places.field.setFocus(Qt.FocusReason.OtherFocusReason)
