"""A workplace: what is at hand for one organization - books, masters, prices, posting queue, journal, day, branch.

Each organization that was worked in since the start has its own, so that nothing of one is ever taken for another's:
the vouchers accepted in one go on being posted while another is in sight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.keys import key_of
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import Refused
from erpdesk.ui.journal.journal import Journal
from erpdesk.ui.lookups.cache import LookupCache
from erpdesk.ui.lookups.freshness import Freshness
from erpdesk.ui.lookups.index import LookupIndex
from erpdesk.ui.open_days import KnownDays
from erpdesk.ui.ports import Books, Desk, PriceBook, VoucherTypeInfo
from erpdesk.ui.queue.posting_queue import PostingQueue
from erpdesk.ui.requests import Requests

FIRST_KINDS = ("account", "party", "item", "warehouse", "uom", "cost_centre", "price_list", "batch", "voucher",
               "branch", "currency")


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What totals need of an item: its tax class, and the factor of each unit by key."""

    tax_class: str | None
    factors: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Entered:
    """What a worker brings back from the door of an organization."""

    books: Books
    types: tuple[VoucherTypeInfo, ...]
    today: date | None
    permissions: frozenset[str]


def enter(desk: Desk, code: str) -> Entered:
    """Everything that an organization begins with. Blocks."""
    books = desk.books(code)
    types = tuple(kind for kind in books.vouchers.types() if kind.is_active)
    today = None
    if types:
        today = date.fromisoformat(str(books.vouchers.new_document(types[0].code)["date"]))
    return Entered(books, types, today, books.permissions())


class Workplace(QObject):
    """One organization's. Nothing is at hand before `settle`; `refused` tells what couldn't be read,
    `types_changed` that a voucher type was made or changed."""

    refused = Signal(object)
    types_changed = Signal()

    def __init__(self, requests: Requests, background: Requests, journal: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self._background = background
        self.journal = Journal(journal, self)
        self.queue = PostingQueue(requests, self.journal, self)
        self.lookups = LookupCache(background, self)
        self.lookups.prepare = self._know_items
        self.freshness = Freshness(self.lookups, self)
        self.freshness.prices_read.connect(self._take_prices)
        self.freshness.types_written.connect(self.read_types)
        self.lookups.refused.connect(self._tell)
        self.days = KnownDays(background, self)
        self.books: Books | None = None
        self.prices: PriceBook | None = None
        self.types: tuple[VoucherTypeInfo, ...] = ()
        self.permissions: frozenset[str] = frozenset()
        self.today = self.working_date = date.min
        self.branch = ""

    @property
    def organization(self) -> OrganizationInfo | None:
        """The organization, once known."""
        return self.books.organization if self.books is not None else None

    def settle(self, entered: Entered, user: str) -> None:
        """Keep and send for this organization from now on; masters are read by `read`."""
        self.books, self.types, self.permissions = entered.books, entered.types, entered.permissions
        if entered.today is not None:
            self.today = self.working_date = entered.today
        self.lookups.attach(entered.books)
        self.days.attach(entered.books)
        self.queue.attach(entered.books, self.today)
        self.journal.attach(str(entered.books.organization.id), user)

    def read(self) -> None:
        """Read masters and prices, and watch what changes."""
        if self.books is None:
            return
        if self.freshness.is_watching(self.books):
            self.freshness.go_on()
            return
        self.freshness.attach(self.books, self._background)
        self.lookups.load(FIRST_KINDS)
        self.days.read()
        self.freshness.read_prices(self._background)

    def read_types(self) -> None:
        """Read the voucher types again: one was made or changed, here or at another desk."""
        if self.books is not None:
            self._background.submit(self, self.books.vouchers.types, self._take_types, lambda _refusal: None)

    def _take_types(self, types: Sequence[VoucherTypeInfo]) -> None:
        self.types = tuple(kind for kind in types if kind.is_active)
        self.types_changed.emit()

    def rest(self) -> None:
        """Another organization is in sight: nothing is read here meanwhile; what is accepted is still sent."""
        self.freshness.pause()

    def stop(self) -> None:
        """Give the lane up."""
        self.freshness.stop()

    def _take_prices(self, book: PriceBook) -> None:
        self.prices = book

    def _tell(self, refusal: Refused) -> None:
        self.refused.emit(refusal)

    def _know_items(self, kind: str, index: LookupIndex) -> None:
        """Called on the worker that reads masters: the totals need some facts of items."""
        know = getattr(self.books.vouchers, "know_items", None) if self.books is not None else None
        if kind == "item" and know is not None:
            know({key_of(row.code): _facts(row.attributes) for row in index.rows})


def _facts(attributes: Mapping[str, Any]) -> ItemFacts:
    units = attributes.get("alternate_units") or ()
    return ItemFacts(attributes.get("tax_class"),
                     {key_of(str(unit["uom"])): Decimal(str(unit["factor"])) for unit in units})
