"""What books in memory have for a voucher that is being typed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.following import following_fault
from erpdesk.domain.results import InvalidRequest
from erpdesk.services.offers import LineLeft, OpenBill, StockPart
from erpdesk.storage.report_queries.offers import FollowedVoucher


class FakeOffers:
    """Open bills of a party, goods in stock, lines of any voucher; `gate` may hold an answer back."""

    def __init__(self, off_the_main_thread: Callable[[], None]) -> None:
        self._off_the_main_thread = off_the_main_thread
        self.gate: threading.Event | None = None
        self.bills = {"C001": (
            OpenBill("SI/26-27/000001", date(2026, 10, 2), date(2026, 11, 1), "NPR", Decimal("226.00")),
            OpenBill("SI/26-27/000002", date(2026, 10, 9), date(2026, 11, 8), "NPR", Decimal("100.00")),
            OpenBill("SR/26-27/000001", date(2026, 10, 10), None, "NPR", Decimal("-40.00")),
            OpenBill("SI/26-27/000003", date(2026, 10, 20), date(2026, 11, 19), "NPR", Decimal("500.00")))}
        self.owners = {"SI/26-27/000001": ("c001", "C001 Asha Stores")}
        self.parts = (StockPart("MAIN", "", "OLD", date(2026, 1, 1), Decimal(5)),
                      StockPart("MAIN", "", "L1", date(2027, 1, 1), Decimal(6)),
                      StockPart("MAIN", "", "L2", date(2027, 3, 1), Decimal(10)),
                      StockPart("BR", "", "L3", date(2027, 2, 1), Decimal(8)))

    def open_bills(self, type_code: str, party: str) -> Sequence[OpenBill]:
        self._wait()
        return self.bills.get(party, ())

    def stock(self, item: str, warehouse: str = "", policy: str = "fefo") -> Sequence[Any]:
        self._wait()
        return [part for part in self.parts if warehouse in ("", part.warehouse)] if item in ("PILL", "VIAL") else ()

    def lines_left(self, reference: str, type_code: str, party: str) -> Sequence[LineLeft]:
        self._wait()
        found = FollowedVoucher(UUID(int=1), reference, "POSTED", "sale", *self.owners.get(reference, ("", "")))
        fault = following_fault(reference, found, (), "against", party)
        if fault is not None:
            raise InvalidRequest((fault,))
        return (LineLeft(1, "RICE", "Basmati rice 25 kg", "PCS", Decimal(10), Decimal(4), Decimal("15"), "MAIN", "",
                         Decimal("150.00")),
                LineLeft(2, "OIL1", "Sunflower oil 1 l", "PCS", Decimal(3), Decimal(0), Decimal("7"), "MAIN", "",
                         Decimal("21.00")),
                LineLeft(3, "RICE", "Basmati rice 25 kg", "PCS", Decimal(2), Decimal(2), Decimal("15"), "BR", "",
                         Decimal("27.00")))

    def _wait(self) -> None:
        self._off_the_main_thread()
        if self.gate is not None:
            assert self.gate.wait(10)
