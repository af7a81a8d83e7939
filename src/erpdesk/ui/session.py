"""A session: the desk once it is open, the books worked in, and what every part of the window shares.

The window is there before the database is; `state_changed` tells how far the connection is, `opened` when the
books are at hand, `spoken` that another language is in use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.keys import key_of
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import NoDatabaseError, Refused
from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.journal.journal import Journal
from erpdesk.ui.lookups.cache import LookupCache
from erpdesk.ui.lookups.freshness import Freshness
from erpdesk.ui.lookups.index import LookupIndex
from erpdesk.ui.ports import Books, Desk, PriceBook, VoucherTypeInfo
from erpdesk.ui.queue.posting_queue import PostingQueue
from erpdesk.ui.reconnection import Reconnection
from erpdesk.ui.requests import Requests
from erpdesk.ui.words import language_in_use, to_say, use_language

CONNECTING, CONNECTED, LOST, EMPTY = "connecting", "connected", "lost", "empty"
FIRST_KINDS = ("account", "party", "item", "warehouse", "uom", "cost_centre", "price_list", "batch", "voucher",
               "branch", "currency")
OpenDesk = Callable[[Callable[[str], None]], Desk]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What totals need of an item: its tax class, and the factor of each unit by key."""

    tax_class: str | None
    factors: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class _Opened:
    """What opening brings back from the worker."""

    desk: Desk
    books: Books | None
    types: tuple[VoucherTypeInfo, ...]
    today: date | None
    permissions: frozenset[str] = frozenset()


class Session(QObject):
    """One person at one database. `requests` is the lane of saves and posts, `browsing` of pages of registers and of
    vouchers beside the one in sight, `background` of everything else."""

    state_changed = Signal(str, str)
    opened = Signal()
    said = Signal(str)
    spoken = Signal()
    working_date_changed = Signal()
    _progress = Signal(str)

    def __init__(self, open_desk: OpenDesk, organization: str = "", parent: QObject | None = None, *,
                 journal: Path | None = None) -> None:
        super().__init__(parent)
        self._open_desk = open_desk
        self._wanted = organization
        self.requests = Requests("vouchers", self)
        self.background = Requests("reading", self)
        self.journal = Journal(journal, self)
        self.queue = PostingQueue(self.requests, self.journal, self)
        self.browsing = Requests("browsing", self)
        self.lookups = LookupCache(self.background, self)
        self.lookups.prepare = self._know_items
        self.freshness = Freshness(self.lookups, self)
        self.freshness.prices_read.connect(self._take_prices)
        self.lookups.refused.connect(lambda refusal: self.said.emit(refusal.first.message))
        self.desk: Desk | None = None
        self._woken: list[Desk] = []
        self.books: Books | None = None
        self.prices: PriceBook | None = None
        self.types: tuple[VoucherTypeInfo, ...] = ()
        self.permissions: frozenset[str] = frozenset()
        self.today = self.working_date = date.min
        self.state, self.state_text = CONNECTING, to_say("starting…")
        self.language = ""
        self.reconnection = Reconnection(self, self)
        self._progress.connect(lambda text: self._set_state(CONNECTING, text))

    @property
    def organization(self) -> OrganizationInfo | None:
        """The organization worked in, once known."""
        return self.books.organization if self.books is not None else None

    @property
    def user(self) -> str:
        """Who works here."""
        return self.desk.user if self.desk is not None else ""

    def open(self) -> None:
        """Reach for the database, on a worker."""
        self._set_state(CONNECTING, to_say("starting…"))
        self.background.submit(self, self._opening, self._take, self._failed)

    def reach_again(self) -> None:
        """Reach for the database without a word. Blocks, raises what goes wrong; for `Reconnection` only."""
        if self.desk is None:
            raise NoDatabaseError("NET-001", "The database isn't open yet.", retryable=True)
        try:
            self.desk.organizations()
        except NoDatabaseError:
            if not getattr(self.desk, "is_embedded", False):
                raise
            self._woken.append(self._open_desk(lambda _text: None))

    def lose(self, refusal: Refused) -> None:
        """Nobody answers any more: what is accepted waits."""
        self.queue.reach(False)
        self._set_state(LOST, refusal.first.message)

    def find_again(self) -> None:
        """The server answers again: what waits is sent."""
        self._set_state(CONNECTED, to_say("connected"))
        self.queue.reach(True)

    def _opening(self) -> _Opened:
        desk = self._open_desk(self._progress.emit)
        organizations = desk.organizations()
        if not organizations:
            return _Opened(desk, None, (), None)
        codes = [organization.code for organization in organizations]
        books = desk.books(self._wanted if self._wanted in codes else codes[0])
        types = tuple(kind for kind in books.vouchers.types() if kind.is_active)
        today = None
        if types:
            today = date.fromisoformat(str(books.vouchers.new_document(types[0].code)["date"]))
        return _Opened(desk, books, types, today, books.permissions())

    def _take(self, opened: _Opened) -> None:
        self.desk, self.books, self.types = opened.desk, opened.books, opened.types
        self.permissions = opened.permissions
        if opened.books is None:
            self._set_state(EMPTY, to_say("no organization"))
            return
        use_calendar(opened.books.organization.calendar)
        self._speak(self.language or opened.books.organization.language)
        if opened.today is not None:
            self.today = self.working_date = opened.today
        self.lookups.attach(opened.books)
        self.queue.attach(opened.books, self.today)
        self.journal.attach(str(opened.books.organization.id), opened.desk.user)
        self.freshness.attach(opened.books, self.background)
        self._set_state(CONNECTED, to_say("connected"))
        self.opened.emit()
        self.lookups.load(FIRST_KINDS)
        self.freshness.read_prices(self.background)

    def work_on(self, day: date) -> None:
        """Blank vouchers begin on this day from now on."""
        self.working_date = day
        self.working_date_changed.emit()

    @property
    def chosen_day(self) -> str:
        """The working date, if it is another day than today; else nothing."""
        return self.working_date.isoformat() if self.working_date != self.today else ""

    def speak(self, language: str) -> None:
        """Show texts in the language that the person chose, whatever the organization's is."""
        self.language = language
        self._speak(language)

    def _speak(self, language: str) -> None:
        before = language_in_use()
        use_language(language)
        if language_in_use() != before:
            self.spoken.emit()

    def _take_prices(self, book: PriceBook) -> None:
        self.prices = book

    def _failed(self, refusal: Refused) -> None:
        self._set_state(LOST, refusal.first.message)

    def _set_state(self, state: str, text: str) -> None:
        self.state, self.state_text = state, text
        self.state_changed.emit(state, text)

    def _know_items(self, kind: str, index: LookupIndex) -> None:
        """Called on the worker that reads masters: the totals need some facts of items."""
        know = getattr(self.books.vouchers, "know_items", None) if self.books is not None else None
        if kind == "item" and know is not None:
            know({key_of(row.code): _facts(row.attributes) for row in index.rows})

    def type_info(self, code: str) -> VoucherTypeInfo | None:
        """The voucher type of a code."""
        return next((kind for kind in self.types if kind.code == code), None)

    def close(self) -> None:
        """Finish what is under way, then give the desk back."""
        self.requests.stop()
        self.background.stop()
        self.freshness.stop()
        self.browsing.stop()
        self.reconnection.stop()
        self.journal.close()
        for desk in (self.desk, *self._woken):
            if desk is not None:
                desk.close()


def _facts(attributes: Mapping[str, Any]) -> ItemFacts:
    units = attributes.get("alternate_units") or ()
    return ItemFacts(attributes.get("tax_class"),
                     {key_of(str(unit["uom"])): Decimal(str(unit["factor"])) for unit in units})
