"""The audit trail in a tab: entries above, what the one under the cursor changed below, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi
from erpdesk.services.trail import PAGE, TrailEntry, TrailQuestion
from erpdesk.ui.administration.page import ListPage
from erpdesk.ui.administration.rows import ListedRow, ListedTable
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.filter_line import FilterLine
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.trail.wording import change_row, kind_typed, say_action, say_changed, say_kind
from erpdesk.ui.words import say, to_say

VOUCHER = "voucher"
_FILTERS = (Field("since", to_say("From"), FieldType.DATE, ui=FieldUi(width=14)),
            Field("until", to_say("To"), FieldType.DATE, ui=FieldUi(width=14)),
            Field("actor", to_say("User"), FieldType.TEXT, ui=FieldUi(width=12)),
            Field("kind", to_say("Kind"), FieldType.TEXT, ui=FieldUi(width=14)),
            Field("find", to_say("Find"), FieldType.TEXT, ui=FieldUi(width=14)))
_CHANGES = (("field", to_say("Field")), ("before", to_say("Before")), ("after", to_say("After")))


class TrailView(ListPage):
    """The page."""

    key_context = "trail"
    title: ClassVar[str] = to_say("Audit Trail")
    columns = (("sequence", to_say("Entry")), ("time", to_say("Time")), ("actor", to_say("User")),
               ("action", to_say("Action")), ("kind", to_say("Kind")), ("label", to_say("Record")),
               ("changed", to_say("Changed")))
    figures = frozenset(("sequence",))
    widths: ClassVar[Mapping[str, int]] = {"sequence": 9, "time": 22, "actor": 16, "action": 12, "kind": 20,
                                           "label": 22}

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(session, books, parent)
        organization = books.organization
        self.values: dict[str, Any] = dict.fromkeys(field.key for field in _FILTERS)
        surroundings = Surroundings(session.lookups, LookupPopup(self), session.today, session.working_date,
                                    organization.currency_decimals, organization.digit_grouping)
        self.filters = FilterLine(_FILTERS, self.values, surroundings, self, in_turn=True)
        self.filters.accepted.connect(lambda _key: self.ask())
        self.filters.not_accepted.connect(self.said)
        self.filters.left.connect(self.into_rows)
        self.head.addWidget(self.filters, 0, Qt.AlignmentFlag.AlignLeft)
        self.changes, self.change_rows = ListedTable(_CHANGES, frozenset(), self), ReportRows(self)
        self._lay_out_changes()
        self._has_more, self._is_reading = False, False
        self.compared: TrailEntry | None = None
        self._chain = ""

    def _lay_out_changes(self) -> None:
        rows = self.change_rows
        dress_rows(rows, "reportRows")
        rows.setAccessibleName(say("What was changed"))
        rows.setModel(self.changes)
        unit = theme().size("character")
        for column, characters in enumerate((36, 48)):
            rows.setColumnWidth(column, characters * unit)
        rows.horizontalHeader().setStretchLastSection(True)
        frame = Listing(rows, self)
        frame.setFixedHeight(theme().size("row") * 9)
        layout = self.layout()
        assert layout is not None
        layout.removeWidget(self.foot)
        layout.addWidget(frame)
        layout.addWidget(self.foot)

    # Entries

    def question(self) -> TrailQuestion:
        """What the filters ask for."""
        texts = {key: str(raw or "").strip() for key, raw in self.values.items()}
        since, until = (date.fromisoformat(texts[key]) if texts[key] else None for key in ("since", "until"))
        return TrailQuestion(since, until, texts["actor"], kind_typed(texts["kind"]), texts["find"])

    @override
    def come_back(self) -> None:
        """Back from somewhere else: the same entries, however many pages were read."""
        self.into_rows()

    @override
    def ask(self) -> None:
        """Read the newest entries."""
        trail, question = self.books.trail, self.question()
        self.read(lambda: trail.page(question), self._show)

    def _show(self, found: Sequence[TrailEntry]) -> None:
        self._has_more = len(found) == PAGE
        rows = [_row(entry) for entry in found]
        self.show_rows(rows, say("Nothing was recorded for these filters — {key} changes them",
                                 key=key_name(self.key_context, "filter")))
        self.row_changed()

    @override
    def row_changed(self) -> None:
        """The changes of the entry under the cursor; more entries once the last ones are reached."""
        super().row_changed()
        row = self.row_here()
        entry = row.fact if row is not None else None
        self._show_changes(entry)
        if row is not None and self._has_more and self.rows.currentIndex().row() >= len(self.model.rows) - 2:
            self._read_more()

    def _read_more(self) -> None:
        if self._is_reading:
            return
        self._is_reading = True
        trail, question, last = self.books.trail, self.question(), self.model.rows[-1].fact.sequence

        def joined(found: Sequence[TrailEntry]) -> None:
            self._is_reading = False
            if self.model.rows and self.model.rows[-1].fact.sequence == last:
                self._has_more = len(found) == PAGE
                self.model.join_rows([_row(entry) for entry in found])

        self.read(lambda: trail.page(question, last), joined)

    def _show_changes(self, entry: TrailEntry | None) -> None:
        found = () if entry is None else entry.told
        word = say("No entry") if entry is None else say("{count} fields changed", count=len(found))
        compared = self.compared
        if compared is not None and entry is not None:
            if compared.sequence == entry.sequence:
                word = say("Entry {first} is held: go to another of the same record to compare; {key} ends it",
                           first=entry.sequence, key=key_name(self.key_context, "compare"))
            elif (compared.kind, compared.record) == (entry.kind, entry.record):
                first, last = sorted((compared, entry), key=lambda one: one.sequence)
                found = last.told_since(first)
                word = say("Entry {first} compared with entry {last}", first=first.sequence, last=last.sequence)
            else:
                word = say("Entry {first} is of another record — choose an entry of the same one",
                           first=compared.sequence)
        grouping = self.books.organization.digit_grouping
        self.changes.show_rows([change_row(one, grouping) for one in found])
        self.foot.setText("   ·   ".join(filter(None, (word, self._chain))))

    # Keys

    @override
    def offers(self, action: str) -> bool:
        """A voucher is opened; versions are compared of what has any."""
        row = self.row_here()
        if action == "open_row":
            return row is not None and row.fact.kind == VOUCHER
        return row is not None if action == "compare" else True

    @override
    def doings(self) -> Mapping[str, Callable[[], object]]:
        """What the page does."""
        return {"open_row": self._open, "filter": lambda: self.filters.enter("since"), "compare": self._compare,
                "check_chain": self._check_chain}

    def _open(self) -> None:
        row = self.row_here()
        if row is not None:
            self.wants_voucher.emit(row.fact.record, row.fact.label or say("Voucher"))

    def _compare(self) -> None:
        """Compare the entries that the cursor comes to with this one; once more ends it."""
        row = self.row_here()
        self.compared = None if self.compared is not None or row is None else row.fact
        self._show_changes(row.fact if row is not None else None)

    def _check_chain(self) -> None:
        trail = self.books.trail
        self._chain = say("… checking the chain")
        self.row_changed()

        def told(result: Any) -> None:
            self._chain = (say("✓ The chain holds: {result}", result=result.text) if result.ok
                           else say("✕ The chain is broken: {result}", result=result.text))
            self.said.emit(self._chain)
            self.row_changed()

        self.session.background.submit(self, trail.check_chain, told, self.failed)


def _row(entry: TrailEntry) -> ListedRow:
    return ListedRow(str(entry.sequence), (
        str(entry.sequence), f"{shown_date_short(entry.happened_at.date())} {entry.happened_at:%H:%M:%S}", entry.actor,
        say_action(entry.action), say_kind(entry.kind), entry.label, say_changed(entry.told)), fact=entry)
