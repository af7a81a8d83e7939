"""The rate that an untyped line would get, known to a window before anything is saved.

Price lists are read once and kept as a book that answers without waiting; `refresh` has it read anew. Only the last
rate to a party asks the server, once.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import RateSource
from erpdesk.domain.keys import key_of
from erpdesk.domain.pricing import HEADER, PARTY, TYPE, ListedRate, PriceQuestion, listed_rate

if TYPE_CHECKING:
    from erpdesk.services.configuration import ConfigurationService
    from erpdesk.storage.server import Server

LAST_RATE = "last_rate"


@dataclass(frozen=True, slots=True)
class FoundRate:
    """A rate and where it comes from: the code of a price list, or `last_rate`."""

    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All price lists: rates by list and item, the list of each party and type, the unit of each item; all by keys."""

    base_currency: str
    rates: Mapping[tuple[str, str], list[ListedRate]] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def with_list_of(self, type_code: str, price_list: str | None) -> PriceBook:
        """The same lists, as if a voucher type named this one, or none."""
        others = {code: key for code, key in self.types.items() if code != type_code}
        return replace(self, types=others | ({type_code: key_of(price_list)} if price_list else {}))

    def unit_of(self, item: str, unit: str | None = None) -> str:
        """The key of the unit named, else of the item's own."""
        return key_of(unit) if unit else self.units.get(key_of(item), "")

    def listed(self, asked: PriceQuestion) -> FoundRate | None:
        """What the lists say, in order: the header's, the party's, the voucher type's; nothing of a day that can't be
        read, as it is while it is typed. Asks nobody."""
        try:
            day = datetime.date.fromisoformat(asked.date)
        except ValueError:
            return None
        key, money = key_of(asked.item), (asked.currency or self.base_currency).upper()
        lists = (asked.price_list and key_of(asked.price_list), self.parties.get(key_of(asked.party or "")),
                 self.types.get(asked.type_code))  # fmt: skip
        rates = [
            replace(rate, rank=rank)
            for rank, code in zip((HEADER, PARTY, TYPE), lists, strict=True)
            if code
            for rate in self.rates.get((code, key), ())
        ]
        unit = self.unit_of(asked.item, asked.unit)
        found = listed_rate(rates, key, unit, Decimal(asked.quantity), money, day)
        return None if found is None else FoundRate(found.rate, found.price_list)


class PriceService:
    """Prices of one organization."""

    def __init__(
        self, server: Server, organization_id: UUID, base_currency: str, configuration: ConfigurationService
    ) -> None:
        self._server = server
        self._organization_id = organization_id
        self._base_currency = base_currency
        self._configuration = configuration
        self._book: PriceBook | None = None
        self._types: Mapping[str, Any] = {}
        self._lock = Lock()

    @cached_property
    def _pool(self) -> Any:
        """Connections of prices' own, opened when first asked."""
        return self._server.posting_pool(max_size=1)

    def refresh(self) -> None:
        """Read price lists and voucher types anew when next asked."""
        with self._lock:
            self._book = None

    def rate_for(self, asked: PriceQuestion) -> FoundRate | None:
        """The rate of an item: from the price lists, then the last rate to the party where the type takes it; None
        when nothing says one."""
        found = self.book().listed(asked)
        blueprint = self._types.get(asked.type_code)
        takes_last = blueprint is not None and blueprint.lines.rate_source is RateSource.LAST_RATE
        return found if found is not None or not takes_last else self.last_rate(asked)

    def last_rate(self, asked: PriceQuestion) -> FoundRate | None:
        """The last rate of the item to or from the party on the type's side; None when there is none."""
        book, blueprint = self.book(), self._types.get(asked.type_code)
        if not asked.party or blueprint is None:
            return None
        money = (asked.currency or self._base_currency).upper()
        return self._last(key_of(asked.party), key_of(asked.item), book.unit_of(asked.item, asked.unit),
                          str(blueprint.voucher_type.settlement_side), money)  # fmt: skip

    def _last(self, party: str, item: str, unit: str, side: str, currency: str) -> FoundRate | None:
        from erpdesk.storage.price_reading import read_last_rate

        rate = read_last_rate(self._pool, self._organization_id, party, item, unit, side, currency)
        return None if rate is None else FoundRate(rate, LAST_RATE)

    def book(self) -> PriceBook:
        """The price lists as they were when last read."""
        with self._lock:
            if self._book is None:
                self._types = self._configuration.blueprints()
                self._book = self._read()
            return self._book

    def _read(self) -> PriceBook:
        from erpdesk.storage.price_reading import read_price_lists

        rows, parties, units = read_price_lists(self._pool, self._organization_id)
        rates: dict[tuple[str, str], list[ListedRate]] = defaultdict(list)
        for code, list_key, currency, item, uom, rate, minimum, begins, ends in rows:
            listed = ListedRate(HEADER, code, currency, item, uom, rate, minimum, begins, ends)
            rates[list_key, item].append(listed)
        types = {code: key_of(one.voucher_type.price_list) for code, one in self._types.items()
                 if one.voucher_type.price_list}  # fmt: skip
        return PriceBook(self._base_currency, dict(rates), parties, types, units)
