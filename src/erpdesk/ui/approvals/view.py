"""The approval inbox in a tab: what waits for this user, opened, approved and rejected by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLabel, QVBoxLayout, QWidget

from erpdesk.domain.results import Ok, Refused
from erpdesk.services.approvals import Waiting
from erpdesk.ui.approvals.table import COLUMNS, WaitingTable
from erpdesk.ui.configured_words import coded
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.keys.keyed_page import KeyedPage
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.asking import Question
from erpdesk.ui.words import say, to_say

_WIDTHS = {"date": 13, "type_label": 18, "party_name": 22, "amount": 16, "requested_by": 14, "waits_for": 16,
           "comment": 16}
"""In characters; what isn't here takes what is left."""


_TOLD = {"APPROVED": to_say("Approved; it can be posted now"),
         "PENDING_APPROVAL": to_say("Approved; the next level is asked"), "REJECTED": to_say("Rejected"),
         "": to_say("Decided")}
"""What became of a voucher, by its status after the decision."""


class InboxView(KeyedPage):
    """`wants_voucher` names a voucher to open and its tab."""

    key_context = "inbox"
    wants_voucher = Signal(str, str)
    said = Signal(str)
    keys_changed = Signal()

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inboxView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("Approvals"))
        self.session, self.books = session, books
        self.shows_all = False
        self._held = HeldKeys(self)
        self.model = WaitingTable(books.organization.digit_grouping, self)
        self.rows, self.foot = ReportRows(self), QLabel(self)
        self.listing = Listing(self.rows, self)
        self.word = self.listing.word
        self._lay_out()
        session.approval_watch.looked.connect(self._take)

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        layout.addWidget(dress_title(QLabel(say("Approvals"), self)))
        layout.addWidget(self.listing, 1)
        layout.addWidget(self.foot)
        self.foot.setProperty("role", "fieldLabel")
        rows = self.rows
        dress_rows(rows, "reportRows")
        rows.setAccessibleName(say("Approvals"))
        rows.setModel(self.model)
        rows.doubleClicked.connect(lambda _index: self._open())
        rows.selectionModel().currentRowChanged.connect(lambda _here, _before: self.keys_changed.emit())
        unit, padding = theme().size("character"), theme().size("column_padding")
        for number, (key, _) in enumerate(COLUMNS):
            if key in _WIDTHS:
                rows.setColumnWidth(number, _WIDTHS[key] * unit + padding // 2)
            else:
                rows.horizontalHeader().setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    # What waits

    def start(self) -> None:
        """Ask, the cursor in the rows."""
        self.refresh()
        self._into_rows()

    def come_back(self) -> None:
        """Back from a voucher: what waits now."""
        self.start()

    def refresh(self) -> None:
        """Ask what waits; the cursor stays at its voucher."""
        approvals, everything = self.books.approvals, self.shows_all
        self.session.browsing.submit(self, lambda: approvals.inbox(everything=everything), self._show, self._failed)

    def _take(self, waiting: Sequence[Waiting]) -> None:
        """What was found without being asked for."""
        if not self.session.browsing.is_busy:
            self._show(tuple(one for one in waiting if self.shows_all or one.is_mine))

    def row_here(self) -> Waiting | None:
        """The voucher under the cursor."""
        number = self.rows.currentIndex().row()
        return self.model.rows[number] if 0 <= number < len(self.model.rows) else None

    def _show(self, waiting: Sequence[Waiting]) -> None:
        row, number = self.row_here(), max(0, self.rows.currentIndex().row())
        sight = self.rows.verticalScrollBar().value()
        had_cursor = self.rows.hasFocus() or self.hasFocus()
        self.model.show_rows(waiting)
        self.rows.setVisible(bool(waiting))
        self.word.setVisible(not waiting)
        self.word.setText(say("Nothing waits for approval") if self.shows_all else
                          say("Nothing waits for you — {key} shows what waits for others",
                              key=key_name(self.key_context, "everything")))
        self.foot.setText(say("{count} vouchers", count=len(waiting)))
        if waiting:
            ids = [one.voucher_id for one in self.model.rows]
            found = ids.index(row.voucher_id) if row is not None and row.voucher_id in ids else number
            if self.rows.currentIndex().row() != min(found, len(ids) - 1):
                self.rows.selectRow(min(found, len(ids) - 1))
            if row is not None:
                self.rows.verticalScrollBar().setValue(sight)
        if had_cursor:
            self._into_rows()
        self._held.give()

    def _failed(self, refusal: Refused) -> None:
        self.said.emit(coded(refusal.first))
        self._held.give()

    def _into_rows(self) -> None:
        (self.rows if self.rows.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    # Decisions

    def offers(self, action: str) -> bool:
        """Whether an action can be done with the voucher under the cursor."""
        row = self.row_here()
        return row is not None and row.is_mine if action in ("approve", "reject") else True

    def _decide(self, what: str, title: str, sentence: str, button: str, *, needs_reason: bool) -> None:
        row = self.row_here()
        if row is None or not row.is_mine:
            return
        approvals = self.books.approvals
        decide = approvals.approve if what == "approve" else approvals.reject

        def do(_day: str, reason: str) -> None:
            self._held.hold()
            self.session.requests.submit(self, lambda: decide(row.voucher_id, reason, row_version=row.row_version),
                                         self._decided, self._decided)

        Question(self, title, sentence, button, do, needs_reason=needs_reason).ask()

    def _decided(self, result: Ok[Any] | Refused) -> None:
        if isinstance(result, Refused):
            self.said.emit(coded(result.first))
        elif result.warnings:
            self.said.emit(say("Approved, but not posted: {why}", why=coded(result.warnings[0])))
        else:
            number = getattr(result.value, "voucher_number", None)
            told = say(_TOLD.get(str(getattr(result.value, "status", "")), "Decided"))
            self.said.emit(say("{number} posted", number=number) if number else told)
        self.refresh()
        self.session.approval_watch.look_again()

    def _approve(self) -> None:
        self._decide("approve", say("Approve this voucher?"),
                     say("After the last approval it can be posted, or is posted at once if its type says so."),
                     say("Approve"), needs_reason=False)

    def _reject(self) -> None:
        self._decide("reject", say("Reject this voucher?"),
                     say("It goes back to who entered it, with your reason."), say("Reject"), needs_reason=True)

    def _open(self) -> None:
        if (row := self.row_here()) is not None:
            self.wants_voucher.emit(row.voucher_id, row.type_label)

    def _turn_all(self) -> None:
        self.shows_all = not self.shows_all
        self.refresh()

    @override
    def doings(self) -> Mapping[str, Callable[[], object]]:
        return {
            "open_row": self._open, "approve": self._approve, "reject": self._reject, "everything": self._turn_all,
            "refresh": self.refresh}
