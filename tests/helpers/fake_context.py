"""Live context in memory: balances, stock and last rates that tests of the window look for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

from erpdesk.domain.pricing import PriceQuestion
from erpdesk.services.live_context import ItemContext, Standing, WarehouseStock
from erpdesk.services.offers import StockPart


class FakeLiveContext:
    """Balances, stock and last rates; `gate` may hold an answer back."""

    def __init__(self, hear: Callable[[], None]) -> None:
        self._on_a_worker = hear
        self.asked: list[object] = []
        self.gate: threading.Event | None = None
        self.last_rates: dict[tuple[str, str], Decimal] = {}
        self.batches: tuple[tuple[str, str, int], ...] = (("MAIN", "L1", 90),)

    def party(self, code: str) -> Standing | None:
        self._hear(code)
        return {"C001": Standing(Decimal(12400), Decimal(50000)), "C002": Standing(Decimal(700), Decimal(500)),
                "S001": Standing(Decimal(-500))}.get(code)

    def account(self, code: str) -> Standing | None:
        self._hear(code)
        return Standing(Decimal("2500.5") if code == "1110" else Decimal(0))

    def item(self, question: PriceQuestion) -> ItemContext:
        self._hear(question)
        batches = tuple(StockPart(warehouse, "", batch, None, Decimal(quantity))
                        for warehouse, batch, quantity in self.batches)
        last = self.last_rates.get((question.party or "", question.item))
        return ItemContext((WarehouseStock("MAIN", Decimal(96)),), batches, last)

    def _hear(self, question: object) -> None:
        self._on_a_worker()
        self.asked.append(question)
        if self.gate is not None:
            assert self.gate.wait(10)
