"""A register in a tab: day book or vouchers of one type, filters above, rows below, everything by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, Option
from erpdesk.domain.results import Refused
from erpdesk.services.register_pages import RegisterPage, RegisterQuestion, RegisterRow
from erpdesk.ui.calendars import calendar_in_use
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_page import KeyedPage
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books
from erpdesk.ui.registers.paging import Paging
from erpdesk.ui.registers.rows import RegisterRows
from erpdesk.ui.registers.table import RegisterTable
from erpdesk.ui.reports.exporting import export
from erpdesk.ui.reports.filter_line import FilterLine
from erpdesk.ui.reports.listing import Listing
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import Heading, dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say, to_say

_DAY_WIDTH, _TYPE_WIDTH, _TEXT_WIDTH = 14, 18, 20
UNUSED_NUMBERS = "unused-numbers"


def _filters(session: Session) -> tuple[Field, ...]:
    types = tuple(Option(kind.code, say(kind.label)) for kind in session.types)
    return (Field("since", to_say("From"), FieldType.DATE, ui=FieldUi(width=_DAY_WIDTH)),
            Field("until", to_say("To"), FieldType.DATE, ui=FieldUi(width=_DAY_WIDTH)),
            Field("type", to_say("Type"), FieldType.SELECT, ui=FieldUi(width=_TYPE_WIDTH), options=types),
            Field("text", to_say("Find"), FieldType.TEXT, ui=FieldUi(width=_TEXT_WIDTH)))


class RegisterView(KeyedPage):
    """`wants_voucher` names a voucher to open and its tab, `wants_copy` one to duplicate, `wants_new` a type and a
    day ("" for the usual one), `wants_report` a report, `wants_print` a question and what its answer is called."""

    key_context = "register"
    wants_voucher = Signal(str, str)
    wants_copy = Signal(str)
    wants_new = Signal(str, str)
    wants_report = Signal(str)
    wants_print = Signal(object, str)
    said = Signal(str)

    def __init__(self, session: Session, books: Books, type_code: str = "", parent: QWidget | None = None, *,
                 values: Mapping[str, Any] | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("registerView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.session, self.books = session, books
        day, organization = session.working_date, books.organization
        self.values: dict[str, Any] = {"since": calendar_in_use().month_start(day).isoformat(),
                                       "until": day.isoformat(), "type": type_code or None, "text": None}
        self.values.update(values or {})
        self._labels = {kind.code: say(kind.label) for kind in session.types}
        surroundings = Surroundings(session.lookups, LookupPopup(self), session.today, day,
                                    organization.currency_decimals, organization.digit_grouping)
        self.model = RegisterTable(organization.digit_grouping, self._labels, self)
        self.rows = RegisterRows(self.model, self)
        self.listing = Listing(self.rows, self)
        self.title, self.word, self.foot = dress_title(Heading(parent=self)), self.listing.word, QLabel(self)
        self.filters = FilterLine(_filters(session), self.values, surroundings, self)
        self.paging = Paging(books.registers, session.browsing, self.model, self)
        self._is_started, self._kept = False, ("", 0, 0)
        self._lay_out()
        self._connect()
        self._show_title()

    @property
    def label(self) -> str:
        """What the register is called."""
        kind = str(self.values.get("type") or "")
        return say("{type} Register", type=self._labels.get(kind, kind)) if kind else say("Day Book")

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        line = QHBoxLayout()
        line.addWidget(self.title)
        line.addStretch(1)
        line.addWidget(self.filters)
        layout.addLayout(line)
        layout.addWidget(self.listing, 1)
        layout.addWidget(self.foot)
        self.foot.setProperty("role", "fieldLabel")

    def _connect(self) -> None:
        self.filters.accepted.connect(lambda _key: self.ask())
        self.filters.not_accepted.connect(self.said)
        self.filters.left.connect(self._into_rows)
        self.rows.doubleClicked.connect(lambda _index: self.perform("open_row"))
        self.rows.in_sight.connect(self.paging.seen)
        self.rows.wants_end.connect(self._go_to_end)
        self.paging.arrived.connect(self._show)
        self.paging.joined_after.connect(lambda page: self.rows.join(page, forward=True))
        self.paging.joined_before.connect(lambda page: self.rows.join(page, forward=False))
        self.paging.counted.connect(self.foot.setText)
        self.paging.failed.connect(self._failed)

    def _show_title(self) -> None:
        self.title.setText(self.label)
        for widget in (self, self.rows):
            widget.setAccessibleName(self.label)

    # Asking

    def start(self) -> None:
        """Ask for the first time, or put the cursor where it was."""
        if not self._is_started:
            self.ask()
        self._into_rows()

    def come_back(self) -> None:
        """Back from somewhere else: the same place, with what has changed meanwhile."""
        if self._is_started:
            self.refresh()
            self._into_rows()

    def ask(self) -> None:
        """Ask with the filters as they are; the cursor goes to the newest voucher."""
        self._is_started = True
        self._kept = ("", 0, 0)
        self.rows.forget_owed()
        self._show_title()
        self.paging.ask(RegisterQuestion(**{key: str(raw or "").strip() for key, raw in self.values.items()}))

    def refresh(self) -> None:
        """What is in sight, as it is now; the cursor stays at its voucher."""
        row = self.row_here()
        self._kept = (row.voucher_id if row else "", max(0, self.rows.here), self.rows.here - self.rows.top)
        self.paging.refresh(max(0, self.rows.here))

    def _go_to_end(self, is_first: bool) -> None:
        self._kept = ("", 0, 0)
        if is_first and not self.model.has_before:
            self.rows.go(0)
        elif not is_first and not self.model.has_after:
            self.rows.go(self.model.rowCount() - 1)
        elif is_first:
            self.paging.first()
        else:
            self.paging.last()

    def _show(self, page: RegisterPage) -> None:
        voucher_id, number, offset = self._kept
        if not self.model.show_page(page) and self.rows.here >= 0:
            return
        self.rows.forget_owed()
        has_rows = not self.model.is_empty
        self.word.setText(self._empty_word())
        self.word.setVisible(not has_rows)
        had_cursor = self.rows.hasFocus()
        self.rows.setVisible(has_rows)
        if not has_rows:
            if had_cursor:
                self.setFocus()
            return
        if self.hasFocus():
            self.rows.setFocus()
        self._put_cursor(voucher_id, number, offset)

    def _put_cursor(self, voucher_id: str, number: int, offset: int) -> None:
        if not voucher_id:
            self.rows.go(0 if self.model.has_after else self.model.rowCount() - 1)
            return
        found = self.model.number_of(voucher_id)
        here = found if found >= 0 else min(number, self.model.rowCount() - 1)
        self.rows.go(here, top=max(0, here - offset))

    def _empty_word(self) -> str:
        question = self.paging.question
        if question.text:
            return say("Nothing found for “{words}” — {key} finds something else", words=question.text,
                       key=key_name(self.key_context, "find"))
        period = key_name(self.key_context, "period")
        if question.type:
            return say("None in this period — {start} starts one, {period} changes the period", period=period,
                       start=key_name(self.key_context, "add"))
        return say("No vouchers in this period — {start} starts one, {period} changes the period", period=period,
                   start=key_name("window", "any_type"))

    def _failed(self, refusal: Refused) -> None:
        if self.model.is_empty:
            self.rows.hide()
            self.word.show()
            self.word.setText(coded(refusal.first))
        else:
            self.said.emit(coded(refusal.first))

    # Keys

    def _into_rows(self) -> None:
        (self.rows if self.rows.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def row_here(self) -> RegisterRow | None:
        """The voucher under the cursor."""
        number = self.rows.here
        return self.model.rows[number] if 0 <= number < len(self.model.rows) else None

    def _move_days(self, by: int) -> None:
        day = date.fromisoformat(str(self.values.get("until") or self.session.working_date.isoformat()))
        for key in ("since", "until"):
            self.filters.put(key, (day + timedelta(by)).isoformat())
        self.ask()

    def _add(self, *, like_row: bool) -> bool:
        row = self.row_here()
        kind = row.type if row else str(self.values.get("type") or "")
        if not kind:
            self.said.emit(say("{key} chooses a voucher type", key=key_name("window", "any_type")))
            return False
        self.wants_new.emit(kind, row.date if row is not None and like_row else "")
        return True

    def _leave(self) -> None:
        """Out of a filter into the rows; out of the rows the register closes."""
        if self.filters.has_cursor:
            self.filters.restore()
            self._into_rows()
        else:
            self.wants_close.emit()

    def _open(self) -> None:
        if (row := self.row_here()) is not None:
            label = row.cells["voucher_number"] or self._labels.get(row.type, row.type)
            self.wants_voucher.emit(row.voucher_id, label)

    def _duplicate(self) -> None:
        if (row := self.row_here()) is not None:
            self.wants_copy.emit(row.voucher_id)

    def _export(self) -> None:
        question, registers = self.paging.question, self.books.registers
        export(self, self.session.background, self.label, lambda kind: registers.written(question, kind),
               self.said.emit)

    def _print(self) -> None:
        self.wants_print.emit(self.paging.question, self.label)

    @override
    def doings(self) -> Mapping[str, Callable[[], object]]:
        return {
            "open_row": self._open, "add": lambda: self._add(like_row=False),
            "insert": lambda: self._add(like_row=True), "duplicate": self._duplicate,
            "unused_numbers": lambda: self.wants_report.emit(UNUSED_NUMBERS),
            "period": lambda: self.filters.enter("since"), "filter_type": lambda: self.filters.enter("type"),
            "find": lambda: self.filters.enter("text"), "refresh": self.refresh, "leave": self._leave,
            "next_day": lambda: self._move_days(1), "previous_day": lambda: self._move_days(-1),
            "export": self._export, "print": self._print}
