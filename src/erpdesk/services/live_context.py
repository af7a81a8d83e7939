"""Live context: what stands beside a field while a voucher is typed. It only informs, and is read without locks.

Who may not see reports is shown no balances; stock and rates belong to entering vouchers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from erpdesk.domain.pricing import PriceQuestion
from erpdesk.storage.report_queries import reading
from erpdesk.storage.report_queries.live_context import (
    Standing,
    WarehouseStock,
    account_standing,
    party_standing,
    stock_by_warehouse,
)
from erpdesk.storage.report_queries.offers import StockPart, stock_parts

if TYPE_CHECKING:
    from uuid import UUID

    from erpdesk.services.pricing import PriceService
    from erpdesk.storage.server import Server

_ORDER_OF_TAKING = "fefo"

__all__ = ["ItemContext", "LiveContextService", "Standing", "StockPart", "WarehouseStock"]


@dataclass(frozen=True, slots=True)
class ItemContext:
    """Stock of an item by warehouse, and by batch where it has any, in its own unit; the last rate with the party."""

    stock: tuple[WarehouseStock, ...] = ()
    batches: tuple[StockPart, ...] = ()
    last_rate: Decimal | None = None


class LiveContextService:
    """Context of one organization's masters. Thread-safe; reads only."""

    def __init__(self, server: Server, organization_id: UUID, prices: PriceService) -> None:
        self._server = server
        self._organization_id = organization_id
        self._prices = prices

    def party(self, code: str) -> Standing | None:
        """What a party stands at; None when there is none, or the user may not see it."""
        with reading(self._server, self._organization_id) as books:
            heading = books.heading()
            return party_standing(books, code) if heading is not None and heading.may_view else None

    def account(self, code: str) -> Standing | None:
        """What an account stands at; None when there is none, or the user may not see it."""
        with reading(self._server, self._organization_id) as books:
            heading = books.heading()
            return account_standing(books, code) if heading is not None and heading.may_view else None

    def item(self, question: PriceQuestion) -> ItemContext:
        """Stock of the item asked about, and the last rate that the same question got with the party."""
        with reading(self._server, self._organization_id) as books:
            stock = tuple(stock_by_warehouse(books, question.item))
            batches = tuple(part for part in stock_parts(books, question.item, "", _ORDER_OF_TAKING) if part.batch)
        found = self._prices.last_rate(question)
        return ItemContext(stock, batches, found.rate if found is not None else None)
