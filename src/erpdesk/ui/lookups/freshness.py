"""Freshness: masters and prices that were changed at another desk are read anew while the clerk types on.

Every half minute, and after a master was made here, the services are asked how far each kind has come; only what
came further is read again, on a lane of its own. Reading takes a small share of the time at most: masters a tenth,
the figures beside them (stock, balances), which every voucher changes, a hundredth.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from erpdesk.domain.results import Refused
from erpdesk.ui.lookups.cache import LookupCache
from erpdesk.ui.ports import Books, MasterPosition, PriceBook
from erpdesk.ui.requests import Requests
from erpdesk.ui.style.tokens import tokens

PRICES, TYPES = "prices", "voucher_types"
_MASTERS_REST, _FIGURES_REST = 10, 100
Positions = Mapping[str, MasterPosition]


class Freshness(QObject):
    """Keeps a cache fresh. `prices_read` brings the price lists, when they are read the first time and again;
    `types_written` says that a voucher type was changed somewhere."""

    prices_read = Signal(object)
    types_written = Signal()

    def __init__(self, lookups: LookupCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lookups = lookups
        self.lane = Requests("masters", self)
        self._books: Books | None = None
        self._known: dict[str, MasterPosition] = {}
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(tokens().time_ms("refresh"))
        self._timer.timeout.connect(self.look)
        lookups.arrived.connect(self._arrived)

    def attach(self, books: Books, lane: Requests) -> None:
        """Watch these books from now on; asks on `lane` how far they have come, before anything is read there."""
        self._books = books
        for known in (self._known, self._began, self._took):
            known.clear()
        self._ask(books, lane)
        self._timer.start()

    def is_watching(self, books: Books) -> bool:
        """Whether these are the books that are watched."""
        return self._books is books

    def pause(self) -> None:
        """Ask no more until `go_on`."""
        self._timer.stop()

    def go_on(self) -> None:
        """Ask again, at once."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Ask what has changed, unless an answer is awaited already."""
        if self._books is not None and not self.lane.is_busy:
            self._ask(self._books, self.lane)

    def _ask(self, books: Books, lane: Requests) -> None:
        lane.submit(self, books.masters.positions, lambda found: self._take(books, found), _be_quiet)

    def read_again(self, kind: str) -> None:
        """Read a kind again now: a master of it was made or altered here."""
        self._began[kind] = time.monotonic()
        self._lookups.reload(kind, self.lane, _be_quiet)
        if kind in ("item", "party"):
            self.read_prices(self.lane)

    def stop(self) -> None:
        """Ask no more."""
        self._timer.stop()
        self.lane.stop()

    def _take(self, books: Books, positions: Positions) -> None:
        if books is not self._books:
            return
        for kind, position in positions.items():
            before = self._known.setdefault(kind, position)
            if position != before and self._is_due(kind, position.masters != before.masters):
                self._known[kind] = position
                self._read(kind, before)

    def _is_due(self, kind: str, are_masters: bool) -> bool:
        rest = self._took.get(kind, 0.0) * (_MASTERS_REST if are_masters else _FIGURES_REST)
        return time.monotonic() - self._began.get(kind, 0.0) >= rest

    def _read(self, kind: str, before: MasterPosition) -> None:
        """Read a kind again; what fails is tried again at the next look."""
        def failed(_refusal: Refused) -> None:
            self._known[kind] = before

        self._began[kind] = time.monotonic()
        if kind == PRICES:
            self.read_prices(self.lane, failed)
        elif kind == TYPES:
            self.types_written.emit()
        elif self._lookups.has(kind):
            self._lookups.reload(kind, self.lane, failed)

    def _arrived(self, kind: str) -> None:
        if kind in self._began:
            self._took[kind] = time.monotonic() - self._began[kind]

    def read_prices(self, lane: Requests, failed: Callable[[Refused], None] | None = None) -> None:
        """Read the price lists."""
        books = self._books
        if books is None:
            return

        def read() -> PriceBook:
            books.prices.refresh()
            return books.prices.book()

        lane.submit(self, read, self.prices_read.emit, failed or _be_quiet)


def _be_quiet(_refusal: Refused) -> None:
    """What is at hand serves on; the next look may succeed."""
