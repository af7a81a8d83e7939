"""Logging in at the window: where a server wants a password that nobody kept, it is asked for, and kept if wished.

What the server says of a login is shown in the panel: a wrong password can be typed again. A user who is disabled or
has no rights is told so by the session, with whom to ask; another password would not help.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, KeyPath
from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.ui.editors.registry import leave_by_escape
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.people.forms import SECRET
from erpdesk.ui.session import CONNECTED, LOST, OpenDesk, Session
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.words import say, to_say

_STOPS = KeyPath(skip_when_certain=False)
OpenAs = Callable[[str, str, bool], OpenDesk]


def login_form() -> MasterForm:
    """User and password, and whether this computer keeps it."""
    return MasterForm("login", to_say("Login"), (
        Field("name", to_say("User"), FieldType.TEXT, required=True, ui=FieldUi(width=24), key_path=_STOPS),
        Field(SECRET, to_say("Password"), FieldType.TEXT, required=True, ui=FieldUi(width=24), key_path=_STOPS),
        Field("keep", to_say("Keep it in the keyring"), FieldType.BOOLEAN, ui=FieldUi(width=6), key_path=_STOPS),
    ), code_key="name")


class Login(QObject):
    """One window's. `open_as` gives what opens the desk as a user with a password, kept or not; `left` says that
    nobody logs in here."""

    left = Signal()

    def __init__(self, session: Session, over: QWidget, open_as: OpenAs) -> None:
        super().__init__(over)
        self._session, self._over, self._open_as = session, over, open_as
        self.panel: MasterPanel | None = None
        self._typed: Mapping[str, Any] = {}
        session.state_changed.connect(lambda state, text: self._state_changed(state, text))

    def _state_changed(self, state: str, text: str) -> None:
        refusal = self._session.refusal
        if state == CONNECTED:
            self._close()
        elif state == LOST and refusal is not None and refusal.first.details.get("why") == "password":
            self._ask(str(refusal.first.details.get("user") or ""), text)

    def _ask(self, user: str, why: str) -> None:
        again = self.panel is not None
        if self.panel is None:
            session = self._session
            surroundings = Surroundings(session.lookups, LookupPopup(self._over), session.today, session.working_date)
            panel = MasterPanel("login", login_form(), {"name": self._typed.get("name") or user or None}, surroundings,
                                self._over, is_new=True)
            panel.call(say("Log in"))
            leave_by_escape(panel.form.editors.values())
            secret = panel.form.editors[SECRET]
            if isinstance(secret, QLineEdit):
                secret.setEchoMode(QLineEdit.EchoMode.Password)
            panel.wants_save.connect(self._log_in)
            panel.cancelled.connect(self._leave)
            self.panel = panel
        self.panel.begin(SECRET if user or again else "")
        if again:
            self.panel.say_fault(f"NET-006  {say(why)}")

    def _log_in(self, typed: Mapping[str, Any]) -> None:
        self._typed = {"name": typed["name"]}
        self._session.open(self._open_as(str(typed["name"] or ""), str(typed[SECRET] or ""), bool(typed["keep"])))

    def _leave(self) -> None:
        self._close()
        self.left.emit()

    def _close(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            panel.hide()
            panel.deleteLater()
