"""Open bills come to a settling voucher as soon as its party is known; keys typed into their grid meanwhile wait.

So the same keys settle the same bills, however long the answer takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.domain.results import Refused
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.settlement_model import SettlementModel
from erpdesk.ui.voucher.sheet import VoucherSheet

_ASKED_BY = ("party", "currency")


class BillOffers(QObject):
    """Offers the bills of the party in the header of one window."""

    def __init__(self, session: Session, books: Books, sheet: VoucherSheet, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._books, self._sheet = session, books, sheet
        self._held = HeldKeys(window)
        self._asked_for: tuple[str, str] = ("", "")
        self._is_awaited = False
        self._bills: Sequence[Any] = ()
        self._grid, self._model = _settlement_of(sheet)
        if self._grid is not None:
            sheet.header.field_accepted.connect(self._field_accepted)
            self._grid.cell_entered.connect(self._cell_entered)

    def _field_accepted(self, key: str) -> None:
        if key in _ASKED_BY:
            self.ask()
        elif self._model is not None and self._bills and not self._is_awaited and not self._has_offers:
            self._model.offer_bills(self._bills)

    @property
    def _has_offers(self) -> bool:
        """Whether bills are offered; undoing what came before them takes them away."""
        model = self._model
        return model is not None and any(not line.is_blank or model.is_offered(line) for line in model.lines)

    def ask(self) -> None:
        """Ask for what is open of the party, unless that was asked for last."""
        values = self._sheet.header.draft.header.values
        wanted = (str(values.get("party") or ""), str(values.get("currency") or ""))
        if wanted == self._asked_for or self._model is None:
            return
        self._asked_for = wanted
        party, kind, offers = wanted[0], self._sheet.schema.voucher_type, self._books.offers
        if not party:
            self._take(wanted, ())
            return
        self._is_awaited = True
        self._session.background.submit(self, lambda: offers.open_bills(kind, party),
                                        lambda bills: self._take(wanted, bills), self._failed)

    def forget(self) -> None:
        """A new voucher has begun: nothing is asked for yet."""
        self._asked_for = ("", "")
        self._bills = ()

    def _cell_entered(self, _row: int, _key: str) -> None:
        if self._is_awaited:
            self._held.hold()

    def _take(self, wanted: tuple[str, str], bills: Any) -> None:
        if wanted != self._asked_for or self._grid is None or self._model is None:
            return
        self._is_awaited = False
        currency = wanted[1] or self._books.organization.base_currency
        inside = self._grid.open_editor is not None
        self._grid.close_cell()
        self._bills = [bill for bill in bills if bill.currency.upper() == currency.upper()]
        self._model.offer_bills(self._bills)
        if inside:
            self._grid.enter_first()
        self._held.give()

    def _failed(self, refusal: Refused) -> None:
        self._is_awaited = False
        self._asked_for = ("", "")
        self._sheet.banner.show_fault(refusal.first, len(refusal.faults) - 1)
        self._held.give()


def _settlement_of(sheet: VoucherSheet) -> tuple[LineGrid | None, SettlementModel | None]:
    for grid in sheet.grids.values():
        if isinstance(grid.lines, SettlementModel):
            return grid, grid.lines
    return None, None
