"""Who may use vouchers of a type, and how far: read from the users, whose own screen changes it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from erpdesk.domain.results import Refused
from erpdesk.services.people import Limit, Membership, Person
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.figures import shown
from erpdesk.ui.settings.approval import ROLE_WORDS
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say, to_say

_USERS = "users"
_AMOUNTS = (("enter", to_say("enters up to {amount}")), ("post", to_say("posts up to {amount}")),
            ("approve", to_say("approves up to {amount}")))
_DAYS = (("back_date_days", to_say("{count} days back")), ("forward_date_days", to_say("{count} days ahead")))


class WhoMayUse(QWidget):
    """A line a user; asked for once, on a worker. Who may not see the users is told so."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("whoMayUse")
        self._bench = bench
        self._people: Sequence[Person] | None = None
        self._code = ""
        self.heading, self.list = QLabel(say("Who may use it"), self), QListWidget(self)
        self.heading.setFont(figures_font(theme().text("base_points"), semibold=True))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setWordWrap(True)
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(say("Who may use it"))
        room = QVBoxLayout(self)
        room.setContentsMargins(0, theme().space("tiny"), 0, 0)
        room.setSpacing(theme().space("tiny"))
        self.users = QPushButton(say("Users"), self)
        self.users.setProperty("role", "quiet")
        self.users.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.users.setFixedHeight(theme().size("field"))
        self.users.clicked.connect(self._open_users)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.users)
        room.addLayout(head)
        room.addWidget(self.list)
        self.setFixedHeight(theme().size("next_numbers_height"))

    def _open_users(self) -> None:
        """The screen of the users, asked of the page around."""
        around = self.parentWidget()
        while around is not None and not hasattr(around, "wants_screen"):
            around = around.parentWidget()
        if around is not None:
            around.wants_screen.emit(_USERS)

    def ask(self) -> None:
        """Read the users."""
        people = self._bench.books.people
        self._bench.session.browsing.submit(self, people.people, self._take, self._failed)

    def show_type(self, code: str) -> None:
        """Those who may use this type."""
        self._code = code
        self._show()

    def lines(self) -> list[str]:
        """What is listed."""
        return [self.list.item(number).text() for number in range(self.list.count())]

    def _take(self, people: Sequence[Person]) -> None:
        self._people = people
        self._show()

    def _failed(self, refusal: Refused) -> None:
        self._people = None
        self.users.hide()
        self.list.clear()
        self.list.addItem(say("Only who administers users sees them: {reason}", reason=say_fault(refusal.first)))

    def _show(self) -> None:
        if self._people is None:
            return
        organization = self._bench.books.organization.code
        found = [(one, one.membership(organization)) for one in self._people if one.is_active]
        lines = [self._line(one, membership) for one, membership in found
                 if membership is not None and membership.is_active
                 and (membership.types is None or self._code in membership.types)]
        self.list.clear()
        self.list.addItems(lines or [say("Nobody")])

    def _line(self, person: Person, membership: Membership) -> str:
        name = f"{person.full_name} ({person.name})" if person.full_name else person.name
        said = [name, say(ROLE_WORDS.get(membership.role, membership.role))]
        if membership.types is not None:
            said.append(say("for {count} voucher types", count=len(membership.types)))
        if membership.branches is not None:
            said.append(", ".join(membership.branches))
        limit = _limit_of(membership, self._code)
        return "   ".join([*said, *(self._limits(limit) if limit is not None else ())])

    def _limits(self, limit: Limit) -> list[str]:
        known, said = self._bench.surroundings, []
        for name, words in _AMOUNTS:
            amount: Decimal | None = getattr(limit, name)
            if amount is not None:
                said.append(say(words, amount=shown(amount, known.money_decimals, known.grouping)))
        for name, words in _DAYS:
            days: int | None = getattr(limit, name)
            if days is not None:
                said.append(say(words, count=days))
        return said


def _limit_of(membership: Membership, code: str) -> Limit | None:
    """The limits for the type, else those for every type."""
    by_type = {one.type_code: one for one in membership.limits}
    return by_type.get(code) or by_type.get(None)
