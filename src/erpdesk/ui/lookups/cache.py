"""The cache of masters: every kind that a form looks up, loaded on a worker, read without waiting.

A kind that hasn't arrived yet answers with an empty index; `arrived` says when it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.results import Refused
from erpdesk.ui.lookups.index import LookupIndex, indexed
from erpdesk.ui.ports import Books, LookupRow
from erpdesk.ui.requests import Requests

_EMPTY = LookupIndex()


class LookupCache(QObject):
    """Indexes by kind of master, of one organization's books."""

    arrived = Signal(str)
    refused = Signal(object)

    def __init__(self, requests: Requests, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests = requests
        self._indexes: dict[str, LookupIndex] = {}
        self._asked: set[str] = set()
        self._books: Books | None = None
        self.prepare: Callable[[str, LookupIndex], None] = lambda _kind, _index: None
        """Called on the worker with what has arrived, before the window knows of it."""

    def attach(self, books: Books) -> None:
        """Read from these books from now on; what was cached of others is dropped."""
        self._books = books
        self._indexes.clear()
        self._asked.clear()

    def index(self, kind: str) -> LookupIndex:
        """What is at hand; asks for the kind if nobody has."""
        if kind not in self._asked:
            self.load((kind,))
        return self._indexes.get(kind, _EMPTY)

    def has(self, kind: str) -> bool:
        """Whether the kind has arrived."""
        return kind in self._indexes

    def row(self, kind: str, code: str) -> LookupRow | None:
        """The row of a code, if it is at hand."""
        return self._indexes.get(kind, _EMPTY).find(code) if code else None

    def adopt(self, kind: str, row: LookupRow) -> None:
        """A master was made or altered here: known by its code at once, by its words when its kind is read again."""
        index = self._indexes.setdefault(kind, LookupIndex())
        index.adopt(row)

    def put(self, kind: str, rows: Sequence[LookupRow]) -> None:
        """Take rows as those of a kind (charges of a form, say)."""
        self._asked.add(kind)
        self._indexes[kind] = LookupIndex(rows)

    def load(self, kinds: Iterable[str]) -> None:
        """Ask for the kinds that nobody has asked for yet."""
        for kind in kinds:
            if kind not in self._asked and self._books is not None:
                self._asked.add(kind)
                self._ask(kind)

    def reload(self, kind: str, lane: Requests, failed: Callable[[Refused], None]) -> None:
        """Ask again for a kind; what is at hand serves until the answer is there."""
        self._ask(kind, lane, failed)

    def _ask(self, kind: str, lane: Requests | None = None,
             failed: Callable[[Refused], None] | None = None) -> None:
        books = self._books
        if books is None:
            return

        def read() -> LookupIndex:
            index = indexed(books.masters.lookup_rows(kind))
            self.prepare(kind, index)
            return index

        (lane or self._requests).submit(self, read, self._taker(kind, books), failed or self._failed)

    def _taker(self, kind: str, books: Books) -> Callable[[LookupIndex], None]:
        def take(index: LookupIndex) -> None:
            if books is self._books:
                self._indexes[kind] = index
                self.arrived.emit(kind)

        return take

    def _failed(self, refusal: Refused) -> None:
        if refusal.first.code != "MST-006":
            self.refused.emit(refusal)
