"""What the price lists say of a line being typed, as far as they are at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.domain.money import parse_decimal, plain
from erpdesk.domain.pricing import PriceQuestion
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import PriceBook
from erpdesk.ui.session import Session

Values = Mapping[str, Any]


class ListedRates:
    """Rates of one voucher type, asked with the values of line and header."""

    def __init__(self, session: Session, voucher_type: str) -> None:
        self._session, self._type = session, voucher_type

    def book(self) -> PriceBook | None:
        """The price lists, once they are at hand."""
        return self._session.prices

    def __call__(self, line: Values, header: Values) -> str | None:
        book, quantity = self.book(), parse_decimal(str(line.get("quantity") or ""))
        if book is None or not line.get("item") or quantity is None:
            return None
        found = book.listed(PriceQuestion(
            str(line["item"]), self._type, str(header.get("date") or self._session.working_date.isoformat()),
            str(quantity), line.get("uom"), header.get("party"), header.get("price_list"), header.get("currency")))
        return None if found is None else plain(found.rate)


class UnsavedRates(ListedRates):
    """Rates of a voucher type as it is being edited: its price list is the one that the unsaved settings name."""

    def __init__(self, session: Session, blueprint: Blueprint | None) -> None:
        super().__init__(session, blueprint.code if blueprint is not None else "")
        self._list = blueprint.voucher_type.price_list if blueprint is not None else None

    @override
    def book(self) -> PriceBook | None:
        stored = super().book()
        return None if stored is None else stored.with_list_of(self._type, self._list)
