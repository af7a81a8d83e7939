"""A page of rows in a tab: a title, what stands beside it, the rows, a line beneath; all by key and by mouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QVBoxLayout, QWidget

from erpdesk.domain.results import Refused
from erpdesk.ui.administration.rows import ListedRow, ListedTable
from erpdesk.ui.configured_words import coded
from erpdesk.ui.keys.keyed_page import KeyedPage
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.ports import Books
from erpdesk.ui.reports.listing import Listing, ReportRows, dress_rows
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class ListPage(KeyedPage):
    """What every page of rows does. A page says its `title`, `columns`, `widths` (in characters; a column without one
    takes what is left) and its `doings`; `ask` reads the rows."""

    title: ClassVar[str] = ""
    columns: ClassVar[Sequence[tuple[str, str]]] = ()
    figures: ClassVar[frozenset[str]] = frozenset()
    widths: ClassVar[Mapping[str, int]] = {}
    wants_voucher = Signal(str, str)
    wants_screen = Signal(str)
    wants_register = Signal(object)
    wants_report = Signal(str, object)
    said = Signal(str)
    keys_changed = Signal()

    def __init__(self, session: Session, books: Books, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{self.key_context}View")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say(self.title))
        self.session, self.books = session, books
        self.model = ListedTable(self.columns, self.figures, self)
        self.rows, self.foot, self.beside = ReportRows(self), plain(QLabel(self)), QHBoxLayout()
        self.listing = Listing(self.rows, self)
        self.head = QVBoxLayout()
        self._lay_out()

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        line = QHBoxLayout()
        line.addWidget(dress_title(QLabel(say(self.title), self)))
        line.addStretch(1)
        line.addLayout(self.beside)
        layout.addLayout(line)
        layout.addLayout(self.head)
        layout.addWidget(self.listing, 1)
        layout.addWidget(self.foot)
        self.foot.setProperty("role", "fieldLabel")
        self.foot.setWordWrap(True)
        rows = self.rows
        dress_rows(rows, "reportRows")
        rows.setAccessibleName(say(self.title))
        rows.setModel(self.model)
        rows.doubleClicked.connect(lambda _index: self.perform("open_row"))
        rows.selectionModel().currentRowChanged.connect(lambda _here, _before: self.row_changed())
        unit, padding = theme().size("character"), theme().size("column_padding")
        for number, (key, _) in enumerate(self.columns):
            if key in self.widths:
                rows.setColumnWidth(number, self.width_of(key) * unit + padding // 2)
            else:
                rows.horizontalHeader().setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    def width_of(self, key: str) -> int:
        """The characters of a column."""
        return self.widths[key]

    # Rows

    def start(self) -> None:
        """Ask, the cursor in the rows."""
        self.ask()
        self.into_rows()

    def come_back(self) -> None:
        """Back from somewhere else: the same place, as it is now."""
        self.start()

    def ask(self) -> None:
        """Read the rows; each page says how."""

    def row_changed(self) -> None:
        """The cursor is in another row."""
        self.keys_changed.emit()

    def row_here(self) -> ListedRow | None:
        """The row under the cursor."""
        number = self.rows.currentIndex().row()
        return self.model.rows[number] if 0 <= number < len(self.model.rows) else None

    def show_rows(self, rows: Sequence[ListedRow], empty: str, begin: str = "") -> None:
        """Show rows, cursor and scroll where they were, at first in the row `begin`; or a word where there are none."""
        row, number = self.row_here(), max(0, self.rows.currentIndex().row())
        sight = self.rows.verticalScrollBar().value()
        had_cursor = self.rows.hasFocus() or self.hasFocus()
        self.model.show_rows(rows)
        self.rows.setVisible(bool(rows))
        self.listing.word.setVisible(not rows)
        self.listing.word.setText(empty)
        if rows:
            keys, wanted = [one.key for one in rows], row.key if row is not None else begin
            found = keys.index(wanted) if wanted in keys else min(number, len(keys) - 1)
            if self.rows.currentIndex().row() != found:
                self.rows.selectRow(found)
            if row is not None:
                self.rows.verticalScrollBar().setValue(sight)
        if had_cursor:
            self.into_rows()
        self.keys_changed.emit()

    def into_rows(self) -> None:
        """The cursor into the rows."""
        (self.rows if not self.rows.isHidden() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    # Asking and doing

    def read(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Have a worker read something."""
        self.session.browsing.submit(self, work, then, self.failed)

    def do(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Have a worker do something; `then` with what came of it, unless it was refused."""
        def done(answer: Any) -> None:
            if isinstance(answer, Refused):
                self.failed(answer)
            else:
                then(answer)

        self.session.requests.submit(self, work, done, self.failed)

    def failed(self, refusal: Refused) -> None:
        """Say why something was not done."""
        self.said.emit(coded(refusal.first))

    # Keys

    @override
    def usual_doings(self) -> Mapping[str, Callable[[], object]]:
        return {**super().usual_doings(), "refresh": self.ask}
