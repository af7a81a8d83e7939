"""Offers: what the books have for a voucher that is being typed, so that it is taken and not typed.

They only inform: whether a bill is still open or goods are still there, posting decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from erpdesk.domain.following import following_fault
from erpdesk.domain.results import InvalidRequest
from erpdesk.storage.report_queries import reading
from erpdesk.storage.report_queries.offers import (
    LineLeft,
    OpenBill,
    StockPart,
    followed,
    lines_left,
    open_bills,
    source_kinds,
    stock_parts,
)

if TYPE_CHECKING:
    from erpdesk.storage.server import Server

__all__ = ["LineLeft", "OfferService", "OpenBill", "StockPart"]


class OfferService:
    """Offers of one organization's books. Thread-safe; reads only."""

    def __init__(self, server: Server, organization_id: UUID) -> None:
        self._server = server
        self._organization_id = organization_id

    def open_bills(self, type_code: str, party: str) -> tuple[OpenBill, ...]:
        """What is open of a party on the side that the voucher type settles, oldest first; credits are negative."""
        with reading(self._server, self._organization_id) as books:
            return tuple(open_bills(books, type_code, party))

    def stock(self, item: str, warehouse: str = "", policy: str = "fefo") -> tuple[StockPart, ...]:
        """What is there of an item by place and batch, in the item's order of taking, or that of the policy."""
        with reading(self._server, self._organization_id) as books:
            return tuple(stock_parts(books, item, warehouse, policy))

    def lines_left(self, reference: str, type_code: str, party: str) -> tuple[LineLeft, ...]:
        """The item lines of a posted voucher, named as documents name it, with what of each may still be returned or
        followed by a voucher of the type with the party (empty: nobody yet). Raises InvalidRequest VCH-005, VCH-020,
        VCH-021 where that can't be."""
        with reading(self._server, self._organization_id) as books:
            found = followed(books, reference)
            fault = following_fault(reference, found, source_kinds(books, type_code), "against", party)
            if fault is not None:
                raise InvalidRequest((fault,))
            assert found is not None
            return tuple(lines_left(books, found.id))
