"""The bills that a receipt or payment settles: the party's open ones, oldest first, with what is left to set off.

What no bill takes stays with the party on account, as an advance. A credit is offered too, but taken only when an
amount is typed, since it is the clerk who knows whether it is to be used.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.fields import Field
from erpdesk.domain.money import ZERO, parse_decimal, plain
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.offered_model import Offer, OfferedModel

_GIVEN_UP = ("discount", "write_off")


class SettlementModel(OfferedModel):
    """Rows of `allocations`; what may be set off is the amount in the header."""

    @override
    def left(self, without: Line | None = None) -> Decimal | None:
        whole = parse_decimal(str(self.header_line.values.get("amount") or ""))
        if whole is None:
            return None
        return whole - sum((_figure(line, "amount") for line in self.lines if line is not without), ZERO)

    @override
    def open_of(self, line: Line) -> Decimal:
        return super().open_of(line) - sum((_figure(line, key) for key in _GIVEN_UP), ZERO)

    def offer_bills(self, bills: Iterable[Any]) -> None:
        """Offer the open bills of a party."""
        self.offer(Offer({"voucher_number": bill.voucher_number}, {
            "due_date": shown_date_short(bill.due_on or bill.dated_on), "open_amount": plain(bill.open_amount),
        }) for bill in bills)

    @override
    def put(self, row: int, key: str, raw: Any) -> None:
        super().put(row, key, raw)
        if key in self.names and not raw:
            self.lines[row].shown.clear()

    @override
    def inherited(self, field: Field) -> Any:
        return None


def _figure(line: Line, key: str) -> Decimal:
    return parse_decimal(str(line.values.get(key) or "")) or ZERO
