"""Users in a tab: who works here, what each may do beside the role, and how far; added, altered and put out by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from erpdesk.domain.results import Refused
from erpdesk.services.people import LIMIT_KEYS, PERMISSIONS, Limit, Membership, PeopleService, Person
from erpdesk.ui.configured_words import coded
from erpdesk.ui.keys.keyed_page import KeyedPage
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.overriding import override
from erpdesk.ui.people.asked import people_of
from erpdesk.ui.people.changing import Changing
from erpdesk.ui.people.matrix import PermissionMatrix
from erpdesk.ui.people.tables import LimitsTable, UsersTable
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

_USER_WIDTHS = {"name": 18, "full_name": 22, "state": 14, "role": 13, "branches": 14, "types": 26}
_LIMIT_WIDTHS = {key: 10 if key.endswith("_days") else 12 for key in LIMIT_KEYS}
_RIGHTS_WIDTHS = {"permission": 30, "of_role": 9, "user": 9}
"""In characters; what isn't here takes what is left."""


class RightsRows(ReportRows):
    """Permissions; Space does what Enter does, here alone: bound as a key it would be lost to whoever types."""

    turned = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.turned.emit()
        else:
            super().keyPressEvent(event)


class UsersView(KeyedPage):
    """Users above; rights and limits of the one under the cursor below."""

    key_context = "people"
    said = Signal(str)
    keys_changed = Signal()

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("usersView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("Users"))
        self.session, self.books = session, books
        organization = books.organization
        self.users = UsersTable(organization.code, self)
        self.rights = PermissionMatrix(self, of_user=True)
        self.limits = LimitsTable(self._type_label, organization.currency_decimals, organization.digit_grouping, self)
        self.user_rows, self.rights_rows, self.limit_rows = ReportRows(self), RightsRows(self), ReportRows(self)
        self.listing, self.limits_listing = Listing(self.user_rows, self), Listing(self.limit_rows, self)
        self.about_rights, self.about_limits, self.foot = QLabel(self), QLabel(self), QLabel(self)
        self.changing = Changing(session, books, self)
        self._lay_out()
        self.changing.done.connect(self._done)
        self.changing.refused.connect(self._refused)

    @property
    def people(self) -> PeopleService:
        """What is asked of."""
        return people_of(self.books)

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        layout.addWidget(dress_title(QLabel(say("Users"), self)))
        layout.addWidget(self.listing, 1)
        below = QHBoxLayout()
        below.setSpacing(space("medium"))
        self.listing_of_rights = Listing(self.rights_rows, self)
        for heading, listing in ((self.about_rights, self.listing_of_rights), (self.about_limits, self.limits_listing)):
            column = QVBoxLayout()
            heading.setProperty("role", "fieldLabel")
            heading.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(heading)
            column.addWidget(listing, 1)
            below.addLayout(column, 1)
        layout.addLayout(below, 2)
        layout.addWidget(self.foot)
        self.foot.setProperty("role", "fieldLabel")
        self._dress(self.user_rows, self.users, "userRows", say("Users"), _USER_WIDTHS)
        self._dress(self.rights_rows, self.rights, "rightsRows", say("Permissions"), _RIGHTS_WIDTHS)
        self._dress(self.limit_rows, self.limits, "limitRows", say("Limits"), _LIMIT_WIDTHS)
        self.user_rows.selectionModel().currentRowChanged.connect(lambda _here, _before: self._follow())
        self.user_rows.doubleClicked.connect(lambda _index: self._alter())
        self.rights_rows.doubleClicked.connect(lambda _index: self._turn())
        self.rights_rows.turned.connect(self._turn)
        self.limit_rows.doubleClicked.connect(lambda _index: self._alter_limit())
        self.limits_listing.word.setText(say("No limits — {key} sets one", key=key_name(self.key_context, "add_limit")))

    def _dress(self, rows: QTableView, model: Any, name: str, spoken: str, widths: Mapping[str, int]) -> None:
        dress_rows(rows, name)
        rows.setAccessibleName(spoken)
        rows.setModel(model)
        rows.selectionModel().currentRowChanged.connect(lambda _here, _before: self.keys_changed.emit())
        unit, padding = theme().size("character"), theme().size("column_padding")
        header, across = rows.horizontalHeader(), Qt.Orientation.Horizontal
        for number in range(model.columnCount()):
            key = model.headerData(number, across, Qt.ItemDataRole.UserRole)
            if key in widths:
                rows.setColumnWidth(number, widths[key] * unit + padding // 2)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    def _type_label(self, code: str) -> str:
        kind = self.session.type_info(code)
        return say(kind.label) if kind is not None else code

    # What is there

    def start(self) -> None:
        """Ask, the cursor among the users."""
        self.refresh()
        self.user_rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def come_back(self) -> None:
        """Back from elsewhere."""
        if not self.changing.come_back():
            self.start()

    def refresh(self) -> None:
        """Ask who is there; the cursor stays at its user."""
        people = self.people
        self.session.browsing.submit(self, lambda: (people.role_permissions, people.people()), self._show,
                                     self._refused)

    def person_here(self) -> Person | None:
        """The user under the cursor."""
        number = self.user_rows.currentIndex().row()
        return self.users.rows[number] if 0 <= number < len(self.users.rows) else None

    def member_here(self) -> Membership | None:
        """What the user under the cursor is here."""
        person = self.person_here()
        return self.users.membership(person) if person is not None else None

    def limit_here(self) -> Limit | None:
        """The limit under the cursor."""
        number = self.limit_rows.currentIndex().row()
        return self.limits.rows[number] if 0 <= number < len(self.limits.rows) else None

    def _show(self, found: tuple[Mapping[str, frozenset[str]], Sequence[Person]]) -> None:
        before, right = self.person_here(), max(0, self.rights_rows.currentIndex().row())
        self.users.roles, people = found
        self.rights.show_roles(found[0])
        self.users.show_rows(people)
        names = [one.name for one in people]
        wanted = self.changing.wanted or (before.name if before is not None else "")
        if names:
            self.user_rows.selectRow(names.index(wanted) if wanted in names else 0)
        self.rights_rows.selectRow(right)
        active = sum(1 for one in people if one.is_active and self.users.membership(one) is not None)
        self.foot.setText(say("{count} users work here", count=active))
        self._follow()

    def _follow(self) -> None:
        person, member = self.person_here(), self.member_here()
        name = person.name if person is not None else ""
        rights = say("What {user} may do — Space gives or takes a permission", user=name)
        self.about_rights.setText(rights if name else "")
        self.about_limits.setText(say("Limits of {user}", user=name) if name else "")
        self.rights.show_user(member.role if member else "", member.permissions if member else frozenset())
        self.limits.show_rows(member.limits if member else ())
        self.limit_rows.setVisible(bool(self.limits.rows))
        self.limits_listing.word.setVisible(not self.limits.rows)
        if self.limits.rows and self.limit_here() is None:
            self.limit_rows.selectRow(0)
        self.keys_changed.emit()

    # What is done

    def offers(self, action: str) -> bool:
        """Whether an action can be done with what the cursor stands at."""
        person, member = self.person_here(), self.member_here()
        other = person is not None and not person.is_me
        if action in ("open_row", "disable_user"):
            return other
        if action in ("revoke_user", "add_limit", "turn_right"):
            return other and member is not None
        if action == "remove_limit":
            return other and self.limit_here() is not None
        return person is not None if action == "set_password" else True

    def _alter(self) -> None:
        if (person := self.person_here()) is not None and self.offers("open_row"):
            self.changing.alter(person, self.member_here())

    def _turn(self) -> None:
        person, member = self.person_here(), self.member_here()
        number = self.rights_rows.currentIndex().row()
        if person is not None and member is not None and self.offers("turn_right") and number >= 0:
            self.changing.turn(person, member, PERMISSIONS[number])

    def _alter_limit(self) -> None:
        person, limit = self.person_here(), self.limit_here()
        if person is not None and self.offers("add_limit"):
            self.changing.limit(person, limit)

    def _open_row(self) -> None:
        if self.rights_rows.hasFocus():
            self._turn()
        elif self.limit_rows.hasFocus():
            self._alter_limit()
        else:
            self._alter()

    def _with_person(self, action: str, do: Callable[[Person], None]) -> None:
        if (person := self.person_here()) is not None and self.offers(action):
            do(person)

    def _remove_limit(self) -> None:
        limit = self.limit_here()
        if limit is not None:
            self._with_person("remove_limit", lambda person: self.changing.remove_limit(person, limit))

    def _next_part(self, by: int) -> None:
        parts = [self.user_rows, self.rights_rows, *([self.limit_rows] if self.limits.rows else [])]
        at = next((number for number, part in enumerate(parts) if part.hasFocus()), -by)
        parts[(at + by) % len(parts)].setFocus(Qt.FocusReason.TabFocusReason)
        self.keys_changed.emit()

    def _done(self, sentence: str) -> None:
        if sentence:
            self.said.emit(sentence)
        self.refresh()

    def _refused(self, refusal: Refused) -> None:
        self.said.emit(coded(refusal.first))

    @override
    def doings(self) -> Mapping[str, Callable[[], object]]:
        changing = self.changing
        return {
            "open_row": self._open_row, "add_user": changing.add,
            "set_password": lambda: self._with_person("set_password", changing.password),
            "disable_user": lambda: self._with_person("disable_user", changing.turn_state),
            "revoke_user": lambda: self._with_person("revoke_user", changing.revoke),
            "add_limit": lambda: self._with_person("add_limit", lambda person: changing.limit(person, None)),
            "remove_limit": self._remove_limit, "next_part": lambda: self._next_part(1),
            "previous_part": lambda: self._next_part(-1), "refresh": self.refresh}
