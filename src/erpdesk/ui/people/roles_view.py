"""What each role may do, in a tab: a row a permission, a column a role."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLabel, QVBoxLayout, QWidget

from erpdesk.domain.results import Refused
from erpdesk.ui.configured_words import coded
from erpdesk.ui.keys.keyed_page import KeyedPage
from erpdesk.ui.people.asked import people_of
from erpdesk.ui.people.matrix import PermissionMatrix
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class RolesView(KeyedPage):
    """To be read; what one user has more or less stands with the users."""

    key_context = "roles"
    said = Signal(str)

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rolesView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("Roles"))
        self.session, self.books = session, books
        self.model, self.rows = PermissionMatrix(self), ReportRows(self)
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        layout.addWidget(dress_title(QLabel(say("Roles"), self)))
        layout.addWidget(Listing(self.rows, self), 1)
        word = QLabel(self)
        word.setText(say("Single permissions, branches, voucher types and limits of a user are set with the users."))
        word.setProperty("role", "fieldLabel")
        layout.addWidget(word)
        dress_rows(self.rows, "roleRows")
        self.rows.setAccessibleName(say("Roles"))
        self.rows.setModel(self.model)
        self.rows.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def start(self) -> None:
        """Ask, the cursor in the rows."""
        people = people_of(self.books)
        self.session.browsing.submit(self, lambda: people.role_permissions, self.model.show_roles, self._failed)
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self.rows.selectRow(0)

    def _failed(self, refusal: Refused) -> None:
        self.said.emit(coded(refusal.first))
