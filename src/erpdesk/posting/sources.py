"""The vouchers that a document names: what it returns, settles or adds cost to.

What stands in a posted voucher for good is read before any lock; how much of it is still open, under its lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import WIDE, ZERO, money, share
from erpdesk.posting.masters import Account


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a named voucher; `stock_quantity` in the item's own unit, `amount` what it cost or sold for. Goods that
    came or went before their invoice were `moved_by` a line of the receipt or delivery (voucher, line number).
    `batches` is how much of each moved, in that order."""

    number: int
    item_id: UUID | None
    quantity: Decimal
    stock_quantity: Decimal
    amount: Decimal
    warehouse_id: UUID | None
    batches: Mapping[UUID, Decimal]
    serials: tuple[str, ...] = ()
    moved_by: tuple[UUID, int] | None = None

    @property
    def net_rate(self) -> Decimal:
        """What one of its unit came to after discounts, to six decimals."""
        return money(WIDE.divide(self.amount, self.quantity), 6) if self.quantity else ZERO


@dataclass(frozen=True, slots=True)
class SourceOpenItem:
    """An open item that a named voucher made."""

    id: UUID
    party_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class Source:
    """A named voucher. `kind` is its document kind in the posting vocabulary, `party` the key of its party's code."""

    reference: str
    id: UUID
    number: str | None
    status: str
    kind: str
    party: str
    party_name: str
    lines: tuple[SourceLine, ...]
    open_items: tuple[SourceOpenItem, ...]
    currency: str = ""
    date: date | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.number or self.reference


@dataclass(frozen=True, slots=True)
class Allocation:
    """What of an open item is settled: money received or paid, discount, write-off; signs as typed."""

    target: Source
    amount: Decimal
    discount: Decimal
    write_off: Decimal

    @property
    def settled(self) -> Decimal:
        """By how much the open item gets smaller."""
        return self.amount + self.discount + self.write_off


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt whose cost is raised; `lines` None means all of them."""

    source: Source
    lines: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class CostCharge:
    """A cost to add to goods: on whose account, how much, spread by value, quantity or given shares."""

    account: Account | None
    amount: Decimal
    by: str
    shares: tuple[Decimal, ...] = ()


def read_sources(found: Mapping[str, Any]) -> dict[str, Source]:
    """The named vouchers that exist, by the reference used."""
    return {row["ref"]: _source(row) for row in found.get("vouchers") or ()}


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        row["ref"],
        UUID(row["id"]),
        row["number"],
        row["status"],
        row["kind"],
        row["party"] or "",
        row["party_name"] or "",
        tuple(_line(line) for line in row["lines"] or ()),
        tuple(
            SourceOpenItem(UUID(item["id"]), UUID(item["party_id"]), UUID(item["account_id"]))
            for item in row["open_items"] or ()
        ),
        row.get("currency") or "",
        date.fromisoformat(row["date"]) if row.get("date") else None,
    )


def _line(row: Mapping[str, Any]) -> SourceLine:
    return SourceLine(
        row["line_number"],
        UUID(row["item_id"]) if row["item_id"] else None,
        Decimal(row["quantity"]),
        Decimal(row["stock_quantity"]),
        Decimal(row["amount"]),
        UUID(row["warehouse_id"]) if row["warehouse_id"] else None,
        {UUID(batch): Decimal(quantity) for batch, quantity in row["batches"] or ()},
        tuple(row.get("serials") or ()),
        (UUID(row["moved_by"][0]), row["moved_by"][1]) if row.get("moved_by") else None,
    )


@dataclass(slots=True)
class OpenLine:
    """What is left of a source line while a plan is made: quantity and value, and what was used before."""

    quantity: Decimal
    used_quantity: Decimal
    value: Decimal
    used_value: Decimal

    @property
    def left(self) -> Decimal:
        """How much may still be used."""
        return self.quantity - self.used_quantity

    def use(self, quantity: Decimal, decimals: int) -> Decimal:
        """Use a quantity (at most what is left); its value: money(value × q ÷ quantity), the last part the rest. Never
        more than is left: parts that all round up come to more than the whole."""
        rest = self.value - self.used_value
        last = quantity == self.left
        value = rest if last else min(rest, share(self.value, quantity, self.quantity, decimals))
        self.used_quantity += quantity
        self.used_value += value
        return value


class SourceState:
    """The lines of named vouchers as locked: what is left of each."""

    def __init__(self, found: Any) -> None:
        self.status: dict[UUID, str] = {}
        self._lines: dict[tuple[UUID, int], OpenLine] = {}
        for row in found or ():
            voucher = UUID(row["id"])
            self.status[voucher] = row["status"]
            for line in row["lines"] or ():
                self._lines[voucher, line["line_number"]] = OpenLine(
                    Decimal(line["quantity"]),
                    Decimal(line["used_quantity"]),
                    Decimal(line["value"]),
                    Decimal(line["used_value"]),
                )

    def line(self, voucher: UUID, number: int) -> OpenLine | None:
        """A line of a named voucher, None when it keeps no account of use."""
        return self._lines.get((voucher, number))
