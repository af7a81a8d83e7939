"""The list of one kind of masters in a tab: found as one types, made, altered, marked and changed, all by key.

Lists are read a page at a time at any length; kinds that stand under one another are shown as a tree. While words are
typed, what the masters at hand know comes first, typing errors forgiven; the database adds what holds the words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.blueprints.master_forms import MasterForm, master_forms
from erpdesk.domain.results import Refused
from erpdesk.services.master_pages import COUNTED, INACTIVE, MasterPage, MasterQuestion, MasterRow
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.masters.editing import MasterEditing
from erpdesk.ui.masters.files import MasterFiles
from erpdesk.ui.masters.finding import STATE, filter_fields, found_nearer, wanted
from erpdesk.ui.masters.marked import ManyEditing
from erpdesk.ui.masters.rows import MasterRows
from erpdesk.ui.masters.table import MasterTable
from erpdesk.ui.masters.tree import Tree
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.ports import Books
from erpdesk.ui.registers.paging import Paging
from erpdesk.ui.reports.filter_line import FilterLine
from erpdesk.ui.reports.listing import Listing
from erpdesk.ui.search_field import SearchField
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.masters.in_place import MastersInPlace
from erpdesk.ui.words import say

_NEARER, _SEARCH_WIDTH = 50, 30


class MasterView(QWidget):
    """`kind` names the form that everything is generated from."""

    key_context = "masters"
    wants_close = Signal()
    wants_help = Signal(object, object)
    said = Signal(str)
    keys_changed = Signal()

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None, kind: str = "item") -> None:
        super().__init__(parent)
        self.setObjectName("masterView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.kind, self.session, self.books = kind, session, books
        self.form: MasterForm = master_forms()[kind]
        self.setAccessibleName(say(self.form.heading))
        organization = books.organization
        self.surroundings = Surroundings(session.lookups, LookupPopup(self), session.today, session.working_date,
                                         organization.currency_decimals, organization.digit_grouping)
        self.model = MasterTable(self.form, self.surroundings, self)
        self.rows = MasterRows(self.model, self.form, self)
        self.listing, self.search = Listing(self.rows, self), SearchField(self)
        self.word, self.foot, self.marks = plain(self.listing.word), QLabel(self), QLabel(self)
        self.values: dict[str, Any] = {}
        self.filters: FilterLine | None = None
        self.tree: Tree | None = Tree() if self.form.parent is not None else None
        self.paging = Paging(books.master_lists, session.browsing, self.model, self, _how_many)
        self.editing = MasterEditing(kind, session, books, self.surroundings, self)
        self.many, self.files = ManyEditing(self, self), MasterFiles(kind, session, books, self)
        self.in_place = MastersInPlace(session, books, self.surroundings, self)
        self.surroundings.edit_master = lambda editor, alter: self.in_place.open_for(editor, alter=alter)
        self._kept: tuple[tuple[str, str], int, int] = (("", ""), 0, 0)
        self._is_started = self._is_asking = self._asks_again = False
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        space, unit = theme().space, theme().size("character")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        self._line = QHBoxLayout()
        self._line.setSpacing(space("small"))
        self._line.addWidget(dress_title(QLabel(say(self.form.heading), self)))
        self._line.addStretch(1)
        layout.addLayout(self._line)
        self.search.setObjectName("masterSearch")
        self.search.setPlaceholderText(say("Type to find"))
        self.search.setAccessibleName(say("Find"))
        self.search.setFixedSize(_SEARCH_WIDTH * unit, theme().size("field"))
        self._line.addWidget(self.search)
        layout.addWidget(self.listing, 1)
        foot = QHBoxLayout()
        for label in (self.foot, self.marks):
            label.setProperty("role", "fieldLabel")
        foot.addWidget(self.foot)
        foot.addStretch(1)
        foot.addWidget(self.marks)
        layout.addLayout(foot)
        self.rows.setAccessibleName(say(self.form.heading))

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda _text: self.ask())
        self.search.along.connect(self.rows.keyPressEvent)
        self.rows.lettered.connect(self._search_from_rows)
        self.rows.mark_clicked.connect(lambda number: self.many.mark([number]))
        self.rows.doubleClicked.connect(lambda _index: self.perform("alter"))
        self.rows.in_sight.connect(self._seen)
        self.rows.wants_end.connect(self._go_to_end)
        self.paging.arrived.connect(self._arrive)
        self.paging.joined_after.connect(lambda page: self.rows.join(page, forward=True))
        self.paging.joined_before.connect(lambda page: self.rows.join(page, forward=False))
        self.paging.counted.connect(self.foot.setText)
        self.paging.failed.connect(self._failed)
        self.editing.said.connect(self.said)
        self.editing.changed.connect(self._changed)
        self.editing.closed.connect(self._into_rows)
        self.editing.wants_neighbour.connect(self._open_neighbour)
        self.many.said.connect(self.said)
        self.many.changed.connect(self.refresh)
        self.files.said.connect(self.said)
        self.files.changed.connect(self.refresh)
        self.files.closed.connect(self._into_rows)
        self.session.lookups.arrived.connect(self.model.refresh)

    # Asking

    def start(self) -> None:
        """Ask for the first time, the cursor in the rows."""
        if not self._is_started:
            self._is_started = True
            self.ask()
            forms, kind = self.books.master_forms, self.kind
            self.session.background.submit(self, lambda: forms.open(kind), self._make_filters, self._failed)
        self._into_rows()

    def come_back(self) -> None:
        """Back from somewhere else: the same place, with what has changed meanwhile."""
        if any(part.come_back() for part in (self.files, self.many, self.in_place, self.editing)):
            return
        self.refresh()
        self._into_rows()

    def _make_filters(self, opened: Any) -> None:
        self.filters = FilterLine(filter_fields(opened.form), self.values, self.surroundings, self, in_turn=True)
        self.filters.accepted.connect(lambda _key: self.ask())
        self.filters.not_accepted.connect(self.said)
        self.filters.left.connect(self._into_rows)
        self._line.insertWidget(2, self.filters)

    def question(self) -> MasterQuestion:
        """What is asked for now."""
        text, state = self.search.text().strip(), str(self.values.get(STATE) or "")
        index = self.session.lookups.index(self.kind) if text and state != INACTIVE else None
        return MasterQuestion(
            self.kind, text, state, {key: str(raw) for key, raw in self.values.items() if raw and key != STATE},
            found_nearer(index, self.form, text, _NEARER) if index is not None else ())

    def ask(self) -> None:
        """Ask with words and filters as they are; the cursor goes to the best match."""
        self._kept = (("", ""), 0, 0)
        self.rows.forget_owed()
        if self.tree is not None and self._is_started and not self.model.is_empty:
            self._show_tree()
            return
        self._ask()

    def _ask(self) -> None:
        """One question at a time is under way; the last one typed meanwhile follows it."""
        if self._is_asking:
            self._asks_again = True
            return
        self._is_asking = True
        if self.tree is not None:
            lists, question = self.books.master_lists, MasterQuestion(self.kind)
            self.session.browsing.submit(self, lambda: lists.everything(question), self._take_tree, self._failed)
        else:
            self.paging.ask(self.question(), from_end=False)

    def refresh(self) -> None:
        """What is in sight, as it is now; the cursor stays at its master."""
        row = self.row_here()
        self._kept = (row.name if row else ("", ""), max(0, self.rows.here), self.rows.here - self.rows.top)
        if self.tree is not None:
            self._ask()
        elif self.model.is_empty:
            self.ask()
        else:
            self.paging.refresh(max(0, self.rows.here))

    def _changed(self, name: tuple[str, str]) -> None:
        """A master was saved or deleted: what there is now, the cursor at it."""
        self.refresh()
        self._kept = (name, *self._kept[1:])

    def _seen(self, first: int, last: int) -> None:
        if self.tree is None:
            self.paging.seen(first, last)

    def _answered(self) -> None:
        self._is_asking = False
        if self._asks_again:
            self._asks_again = False
            self._ask()

    def _arrive(self, page: MasterPage) -> None:
        if self.model.show_page(page) or self.rows.here < 0:
            self._show()
        self._answered()

    def _take_tree(self, rows: Sequence[MasterRow]) -> None:
        assert self.tree is not None
        self.tree = self.tree.read_again(rows)
        self._show_tree()
        self._answered()

    def _show_tree(self) -> None:
        assert self.tree is not None
        question = self.question()
        is_asked = question.text or question.state or question.values
        rows, shapes = self.tree.visible(wanted(question) if is_asked else None)
        self.model.show_tree(rows, shapes)
        self.foot.setText(_how_many(len(rows)) + self.model.folding_hint)
        self._show()
        if question.text:
            self._to_best(question)

    def _to_best(self, question: MasterQuestion) -> None:
        """The cursor to the row that the words mean."""
        fits = wanted(question)
        best = next((number for number, row in enumerate(self.model.rows) if fits(row)), 0)
        self.rows.go(best)

    def _show(self) -> None:
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
        name, number, offset = self._kept
        found = self.model.number_of(name)
        here = found if found >= 0 else min(number, self.model.rowCount() - 1)
        self.rows.go(here, top=max(0, here - offset))
        self.keys_changed.emit()

    def _empty_word(self) -> str:
        words, key = self.search.text().strip(), key_name(self.key_context, "create")
        return say("Nothing found for “{words}” — {key} makes it" if words else
                   "There are none — receipts of goods bring them in" if self.form.is_kept else
                   "There are none — {key} makes the first", words=words, key=key)

    def _failed(self, refusal: Refused) -> None:
        self.said.emit(coded(refusal.first))
        self._answered()

    def _go_to_end(self, is_first: bool) -> None:
        self._kept = (("", ""), 0 if is_first else self.model.rowCount(), 0)
        if is_first and not self.model.has_before:
            self.rows.go(0)
        elif not is_first and not self.model.has_after:
            self.rows.go(self.model.rowCount() - 1)
        elif is_first:
            self.paging.first()
        else:
            self._kept = (("", ""), COUNTED, 0)
            self.paging.last()

    # Keys

    def row_here(self) -> MasterRow | None:
        """The master under the cursor."""
        return self.model.row_at(self.rows.here)

    def _into_rows(self) -> None:
        if not self.editing.come_back():
            (self.rows if self.rows.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _search_from_rows(self, text: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(self.search.text() + text)
        self.ask()

    def _leave(self) -> None:
        """Out of a filter, then of the search, into the rows; out of the rows the list closes."""
        if self.filters is not None and self.filters.has_cursor:
            self.filters.restore()
            self._into_rows()
        elif self.search.text():
            self.search.clear()
            self.ask()
            self._into_rows()
        elif self.search.hasFocus():
            self._into_rows()
        else:
            self.wants_close.emit()

    def _filter(self) -> None:
        if self.filters is not None and self.filters.editors:
            self.filters.enter(next(iter(self.filters.editors)))

    def _open_neighbour(self, name: tuple[str, str], by: int) -> None:
        number = self.model.number_of(name) + by
        if (row := self.model.row_at(number)) is not None:
            self.rows.go(number)
            self.editing.open(row)
        else:
            self.said.emit(say("There is none beyond"))

    def _create(self) -> None:
        if self.form.is_kept:
            self.said.emit(say("Receipts of goods bring them in"))
            return
        row, parent = self.row_here(), self.form.parent
        proposed: dict[str, Any] = {}
        if row is not None and self.form.owner:
            proposed[self.form.owner] = row.owner
        if row is not None and parent is not None and self.tree is not None:
            is_group = self.model.shape_at(self.rows.here).has_children or row.values.get("group") is True
            above = row.code if is_group else self.tree.parent(row.code)
            proposed |= {"parent": above, **{key: row.values[key] for key in ("type",) if key in row.values}}
        self.editing.open(None, {key: raw for key, raw in proposed.items() if raw})

    def _fold(self, *, is_folded: bool) -> bool:
        """Fold the row, or go up to what it stands under; unfold it, or go down."""
        row, number = self.row_here(), self.rows.here
        if self.tree is None or row is None or self.search.text():
            return self.tree is not None
        if self.tree.fold(row.code, is_folded=is_folded):
            self._kept = (row.name, number, number - self.rows.top)
            self._show_tree()
        elif is_folded and (above := self.tree.parent(row.code)):
            self.rows.go(self.model.number_of((above, "")))
        elif not is_folded and self.model.shape_at(number).has_children:
            self.rows.go(number + 1)
        return True

    def offers(self, action: str) -> bool:
        """Whether an action makes sense with what is in sight."""
        if action in ("create", "delete", "mark", "mark_all", "import", "set_for_marked") and self.form.is_kept:
            return False
        if action == "set_for_marked":
            return bool(self.model.marked)
        return not (action in ("alter", "delete", "mark", "mark_all") and self.model.is_empty)

    def _with_row(self, do: Callable[[MasterRow], object]) -> None:
        if (row := self.row_here()) is not None:
            do(row)

    def perform(self, action: str) -> bool:
        """Do an action of the list's context."""
        if not self.offers(action):
            return True
        actions: dict[str, Callable[[], object]] = {
            "alter": lambda: self._with_row(self.editing.open), "create": self._create,
            "delete": lambda: self._with_row(self.editing.delete),
            "mark": lambda: self.many.mark([self.rows.here]), "mark_up": lambda: self.many.mark_on(-1),
            "mark_down": lambda: self.many.mark_on(1), "mark_all": self.many.mark_all,
            "set_for_marked": self.many.open, "import": self.files.choose,
            "export": lambda: self.files.write(self.question()),
            "filter": self._filter, "find": self.search.setFocus, "refresh": self.refresh, "leave": self._leave,
            "help": lambda: self.wants_help.emit(None, None)}
        done = actions.get(action)
        if done is not None:
            done()
        return done is not None

    def perform_chord(self, chord: str) -> bool:
        """In the rows Space marks, Left and Right fold and unfold."""
        if not self.rows.hasFocus():
            return False
        if chord == "Space":
            return self.perform("mark")
        return chord in ("Left", "Right") and self._fold(is_folded=chord == "Left")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            if event.text().strip() and event.text().isprintable():
                self._search_from_rows(event.text())
            else:
                event.ignore()


def _how_many(count: int) -> str:
    return say("More than {most} masters", most=f"{COUNTED:,}") if count > COUNTED else say(
        "{count} masters", count=count)
