"""Paging: fetches the stretches of a long list on a worker, before the cursor needs them.

Answers to a question that isn't asked any more are dropped. One request for each end is under way at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.results import Refused
from erpdesk.services.register_pages import COUNTED, RegisterQuestion
from erpdesk.ui.registers.stretch import Page, Stretch
from erpdesk.ui.requests import Requests
from erpdesk.ui.words import say

AHEAD_ROWS = 120
"""So many rows before an end the next page is fetched."""


class PageService(Protocol):
    """What knows the pages of a list; a place is what a row says of itself."""

    def first(self, question: Any, /) -> Page: ...
    def last(self, question: Any, /) -> Page: ...
    def after(self, question: Any, place: Any, /) -> Page: ...
    def before(self, question: Any, place: Any, /) -> Page: ...
    def around(self, question: Any, place: Any, limit: int = ..., /) -> Page: ...
    def how_many(self, question: Any, /) -> int: ...


class Paging(QObject):
    """`arrived` carries a page that takes the place of all, `before` and `after` one that joins it."""

    arrived = Signal(object)
    joined_before = Signal(object)
    joined_after = Signal(object)
    counted = Signal(str)
    failed = Signal(object)

    def __init__(self, service: PageService, lane: Requests, table: Stretch, parent: QObject,
                 words: Callable[[int], str] | None = None) -> None:
        super().__init__(parent)
        self._service, self._lane, self._table, self._words = service, lane, table, words or _in_words
        self.question: Any = RegisterQuestion()
        self._generation = 0
        self._is_extending = {True: False, False: False}

    @property
    def generation(self) -> int:
        """Rises with every question that takes the place of another."""
        return self._generation

    def ask(self, question: Any, *, from_end: bool = True) -> None:
        """Another question: its newest vouchers, or its first masters."""
        self.question = question
        self._fetch(lambda: self._service.last(question) if from_end else self._service.first(question))
        self._count()

    def first(self) -> None:
        """The oldest vouchers."""
        self._fetch(lambda: self._service.first(self.question))

    def last(self) -> None:
        """The newest vouchers."""
        self._fetch(lambda: self._service.last(self.question))

    def refresh(self, number: int) -> None:
        """The same stretch as it is now, around a row."""
        rows, question = self._table.rows, self.question
        if not rows:
            self.ask(question)
            return
        place = rows[min(number, len(rows) - 1)].place
        limit = max(AHEAD_ROWS, min(number, len(rows) - number))
        self._fetch(lambda: self._service.around(question, place, limit))
        self._count()

    def seen(self, first: int, last: int) -> None:
        """These rows are in sight: fetch what comes next in time."""
        table = self._table
        if table.has_after and last + AHEAD_ROWS >= len(table.rows):
            self._extend(forward=True)
        if table.has_before and first < AHEAD_ROWS:
            self._extend(forward=False)

    def _fetch(self, work: Callable[[], Page]) -> None:
        self._generation += 1
        self._is_extending = {True: False, False: False}
        mine = self._generation
        self._lane.submit(self, work, lambda page: self._arrive(mine, page),
                          lambda refusal: self._refused(mine, refusal))

    def _extend(self, *, forward: bool) -> None:
        rows, question, mine = self._table.rows, self.question, self._generation
        if self._is_extending[forward] or not rows:
            return
        self._is_extending[forward] = True
        service = self._service
        place = rows[-1 if forward else 0].place
        self._lane.submit(
            self, lambda: service.after(question, place) if forward else service.before(question, place),
            lambda page: self._join(mine, page, forward=forward), lambda refusal: self._refused(mine, refusal))

    def _join(self, generation: int, page: Page, *, forward: bool) -> None:
        if self._current(generation):
            self._is_extending[forward] = False
            (self.joined_after if forward else self.joined_before).emit(page)

    def _count(self) -> None:
        question = self.question
        self._lane.submit(self, lambda: self._service.how_many(question),
                          lambda count: self._tell_count(question, count), lambda _refusal: None)

    def _tell_count(self, question: Any, count: int) -> None:
        if question == self.question:
            self.counted.emit(self._words(count))

    def _arrive(self, generation: int, page: Page) -> None:
        if self._current(generation):
            self.arrived.emit(page)

    def _current(self, generation: int) -> bool:
        return generation == self._generation

    def _refused(self, generation: int, refusal: Refused) -> None:
        if self._current(generation):
            self._is_extending = {True: False, False: False}
            self.failed.emit(refusal)


def _in_words(count: int) -> str:
    return say("More than {most} vouchers", most=f"{COUNTED:,}") if count > COUNTED else say(
        "{count} vouchers", count=count)
