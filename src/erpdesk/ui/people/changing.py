"""What is done to users: typed in a panel over the page, or asked first, then sent; a refusal comes to its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.domain.results import Refused
from erpdesk.services.people import LIMIT_KEYS, Limit, Membership, Person, limit_of
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.people import forms
from erpdesk.ui.people.asked import people_of
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.voucher.masters.panel import MasterPanel
from erpdesk.ui.words import say

Save = Callable[[Mapping[str, Any]], None]


class Changing(QObject):
    """One page's; `done` says what was done, `refused` why something asked for without a panel was not."""

    done = Signal(str)
    refused = Signal(object)

    def __init__(self, session: Session, books: Books, over: QWidget) -> None:
        super().__init__(over)
        self._session, self._books, self._over = session, books, over
        organization = books.organization
        self._code = organization.code
        self._surroundings = Surroundings(session.lookups, LookupPopup(over), session.today, session.working_date,
                                          organization.currency_decimals, organization.digit_grouping)
        self.panel: MasterPanel | None = None
        self.wanted = ""
        self._is_sending = False

    def come_back(self) -> bool:
        """Put the cursor back into the panel; False when there is none."""
        if self.panel is not None:
            self.panel.come_back()
        return self.panel is not None

    @property
    def _offered(self) -> forms.Offered:
        return forms.offered(self._books.organization.branches, self._session.types)

    # What is typed

    def add(self) -> None:
        """A new user, and what the user may do here."""
        people, code = people_of(self._books), self._code

        def save(values: Mapping[str, Any]) -> None:
            name = str(values["name"] or "")
            if all(one.name != name for one in people.people()):
                people.add(name, str(values[forms.SECRET] or ""), str(values["full_name"] or ""))
            people.grant(name, code, str(values["role"] or ""), branches=values["branches"], types=values["types"])

        self._ask(forms.new_user(self._offered), {"role": "clerk"}, save, is_new=True)

    def alter(self, person: Person, member: Membership | None) -> None:
        """What a user is called and may do here; single permissions stay as long as the role stays."""
        people, code = people_of(self._books), self._code

        def save(values: Mapping[str, Any]) -> None:
            role, full_name = str(values["role"] or ""), str(values["full_name"] or "")
            kept = member.permissions if member is not None and member.role == role else None
            people.grant(person.name, code, role, branches=values["branches"], types=values["types"], permissions=kept)
            if full_name != person.full_name:
                people.rename(person.name, full_name)

        self._ask(forms.rights(self._offered.with_those_of(member)), forms.rights_of(person, member), save)

    def password(self, person: Person) -> None:
        """Another password."""
        people = people_of(self._books)
        self._ask(forms.new_password(), {"name": person.name}, lambda values: people.set_password(
            person.name, str(values[forms.SECRET] or "")), key=forms.SECRET,
            sentence=say("The password of {user} is changed", user=person.name))

    def limit(self, person: Person, limit: Limit | None) -> None:
        """A limit of one voucher type or of all; of a type that has one already it takes its place."""
        people, code = people_of(self._books), self._code

        def save(values: Mapping[str, Any]) -> None:
            kind = values["type_code"]
            figures = {key: str(values[key] if values[key] is not None else "") for key in LIMIT_KEYS}
            new = limit_of(None if kind in (None, forms.EVERY) else str(kind), figures)
            moved = [Limit(limit.type_code)] if limit is not None and limit.type_code != new.type_code else []
            people.set_limits(person.name, code, [*moved, new])

        self._ask(forms.limit_form(self._session.types), forms.limit_values(limit or Limit()), save,
                  is_new=limit is None)

    def _ask(self, form: MasterForm, values: Mapping[str, Any], save: Save, *, is_new: bool = False, key: str = "",
             sentence: str = "") -> None:
        if self.panel is not None or self._is_sending:
            return
        panel = MasterPanel("user", form, values, self._surroundings, self._over, is_new=is_new)
        secret = panel.form.editors.get(forms.SECRET)
        if isinstance(secret, QLineEdit):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        panel.wants_save.connect(lambda typed: self._save(panel, typed, save, sentence))
        panel.cancelled.connect(self._close)
        self.panel = panel
        panel.begin(key)

    def _save(self, panel: MasterPanel, values: Mapping[str, Any], save: Save, sentence: str) -> None:
        if self._is_sending:
            return
        self._is_sending = True
        self.wanted = str(values.get("name") or "")
        self._session.background.submit(self, lambda: save(values), lambda _nothing: self._saved(sentence),
                                        lambda refusal: self._not_saved(panel, refusal))

    def _saved(self, sentence: str) -> None:
        self._is_sending = False
        self._close()
        self.done.emit(sentence or say("Saved"))

    def _not_saved(self, panel: MasterPanel, refusal: Refused) -> None:
        self._is_sending = False
        panel.show_faults(refusal.faults)

    def _close(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            panel.hide()
            panel.deleteLater()
        rows = getattr(self._over, "user_rows", None)
        if rows is not None:
            rows.setFocus()

    # What is asked first, or done at once

    def turn(self, person: Person, member: Membership, permission: str) -> None:
        """Give or take one permission."""
        people, code = people_of(self._books), self._code
        permissions = member.permissions ^ {permission}
        self._send(lambda: people.grant(person.name, code, member.role, branches=member.branches, types=member.types,
                                        permissions=permissions), person, "")

    def turn_state(self, person: Person) -> None:
        """Put a user out, after a question; or let in again."""
        people = people_of(self._books)
        if not person.is_active:
            self._send(lambda: people.set_active(person.name, True), person,
                       say("{user} may log in again", user=person.name))
            return
        self._question(person, say("Disable {user}?", user=person.name), say("Disable"),
                       say("Sessions of this user end at once, in every organization, and the login is refused."),
                       lambda: people.set_active(person.name, False), say("{user} is disabled", user=person.name))

    def revoke(self, person: Person) -> None:
        """End what a user may do here, after a question."""
        people, code = people_of(self._books), self._code
        self._question(person, say("Take {user} out of this organization?", user=person.name), say("Take out"),
                       say("The user sees nothing of it any more; what the user posted stays."),
                       lambda: people.revoke(person.name, code),
                       say("{user} is no member here any more", user=person.name))

    def _question(self, person: Person, title: str, button: str, sentence: str, do: Callable[[], None],
                  done: str) -> None:
        Question(self._over, title, sentence, button, lambda _day, _reason: self._send(do, person, done),
                 needs_reason=False, asks_reason=False).ask()

    def remove_limit(self, person: Person, limit: Limit) -> None:
        """Take a limit away."""
        people, code = people_of(self._books), self._code
        self._send(lambda: people.set_limits(person.name, code, [Limit(limit.type_code)]), person, "")

    def _send(self, do: Callable[[], None], person: Person, sentence: str) -> None:
        if self._is_sending:
            return
        self._is_sending, self.wanted = True, person.name
        self._session.background.submit(self, do, lambda _nothing: self._sent(sentence), self._not_sent)

    def _sent(self, sentence: str) -> None:
        self._is_sending = False
        self.done.emit(sentence)

    def _not_sent(self, refusal: Refused) -> None:
        self._is_sending = False
        self.refused.emit(refusal)
