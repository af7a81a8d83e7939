"""The posting plan: everything a post will write, as one immutable value. Nothing else writes books."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import ZERO
from erpdesk.domain.results import Fault


@dataclass(frozen=True, slots=True)
class Movement:
    """One stock movement. Quantity (stock unit) and value are signed: positive enters, negative leaves.

    `layer_id` is the layer made or taken from, None for a weighted average's pool. `transfer_id` is shared
    by both halves of a transfer.
    """

    id: UUID
    grid: str
    line_number: int
    kind: str
    item_id: UUID
    warehouse_id: UUID
    uom_id: UUID
    quantity: Decimal
    value: Decimal
    valuation: str
    account_id: UUID
    contra_account_id: UUID | None = None
    layer_id: UUID | None = None
    batch_id: UUID | None = None
    bin_id: UUID | None = None
    transfer_id: UUID | None = None
    is_deficit: bool = False
    serial_id: UUID | None = None
    detail_number: int | None = None


@dataclass(frozen=True, slots=True)
class NewLayer:
    """A cost layer that a receipt makes; `origin_layer_id` is the receipt's own layer across transfers."""

    id: UUID
    item_id: UUID
    warehouse_id: UUID
    line_number: int
    quantity: Decimal
    value: Decimal
    batch_id: UUID | None = None
    bin_id: UUID | None = None
    origin_layer_id: UUID | None = None
    serial_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What a party owes (positive) or is owed (negative) by this voucher, on one account.

    In a foreign voucher `currency_amount` is the same in its currency, None in base.
    """

    id: UUID
    party_id: UUID
    account_id: UUID
    amount: Decimal
    due_on: date | None = None
    open_amount: Decimal | None = None
    currency_amount: Decimal | None = None
    currency_open_amount: Decimal | None = None

    @property
    def still_open(self) -> Decimal:
        """What of it is not settled by this very voucher."""
        return self.amount if self.open_amount is None else self.open_amount

    @property
    def currency_still_open(self) -> Decimal | None:
        """The same in the voucher's currency."""
        return self.currency_amount if self.currency_open_amount is None else self.currency_open_amount


@dataclass(frozen=True, slots=True)
class Settlement:
    """By how much an open item gets smaller (signed as it is); `own` for the item that this voucher makes.

    In a foreign voucher `currency_amount` is the same in its currency, None in base.
    """

    id: UUID
    open_item_id: UUID
    amount: Decimal
    own: bool
    currency_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SourceUse:
    """How much of a source line one of this voucher's lines uses up: quantity in stock unit, and its value."""

    voucher_id: UUID
    line_number: int
    quantity: Decimal
    value: Decimal
    own_line: int


@dataclass(frozen=True, slots=True)
class Deficit:
    """A quantity issued below zero, at the cost last known; the next receipts settle it."""

    id: UUID
    item_id: UUID
    warehouse_id: UUID
    line_number: int
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class DeficitSettlement:
    """A part of a deficit that a receipt makes good: the value taken off it, and what it really cost.

    `from_stock`: not a receipt but what lies in the place makes it good, the whole of both.
    """

    id: UUID
    deficit_id: UUID
    quantity: Decimal
    value: Decimal
    cost: Decimal
    from_stock: bool = False


@dataclass(frozen=True, slots=True)
class Reservation:
    """A quantity (stock unit) kept for an order line."""

    id: UUID
    line_number: int
    item_id: UUID
    warehouse_id: UUID
    quantity: Decimal
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReservationUse:
    """How much of a reservation its own delivery or invoice uses up."""

    reservation_id: UUID
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PostingPlan:
    """What a post does. `cost` is the value that enters or leaves stock; `faults` stop it, `warnings` don't."""

    journal_id: UUID
    journal: tuple[JournalLine, ...] = ()
    movements: tuple[Movement, ...] = ()
    layers: tuple[NewLayer, ...] = ()
    open_items: tuple[OpenItem, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    source_uses: tuple[SourceUse, ...] = ()
    deficits: tuple[Deficit, ...] = ()
    deficit_settlements: tuple[DeficitSettlement, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    reservation_uses: tuple[ReservationUse, ...] = ()
    total: Decimal = ZERO
    cost: Decimal = ZERO
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def as_payload(self) -> dict[str, Any]:
        """The plan as the server-side call takes it; lines, movements and layers numbered from 1."""
        return {
            "journal_id": self.journal_id,
            "total": self.total,
            "cost": self.cost,
            "journal": [
                {
                    "line_number": number,
                    "account_id": line.account_id,
                    "role": line.role,
                    "amount": line.amount,
                    "party_id": line.party_id,
                    "cost_centre_id": line.cost_centre_id,
                    "narration": line.narration,
                    "currency_amount": line.currency_amount,
                }
                for number, line in enumerate(self.journal, 1)
            ],
            "movements": [_movement(number, movement) for number, movement in enumerate(self.movements, 1)],
            "layers": [_layer(number, layer) for number, layer in enumerate(self.layers, 1)],
            "open_items": [
                {
                    "id": item.id,
                    "party_id": item.party_id,
                    "account_id": item.account_id,
                    "amount": item.amount,
                    "due_on": item.due_on,
                    "open_amount": item.still_open,
                    "currency_amount": item.currency_amount,
                    "currency_open_amount": item.currency_still_open,
                }
                for item in self.open_items
            ],
            "settlements": [
                {
                    "id": part.id,
                    "open_item_id": part.open_item_id,
                    "amount": part.amount,
                    "own": part.own,
                    "currency_amount": part.currency_amount,
                }
                for part in self.settlements
            ],
            "deficits": [asdict(deficit) for deficit in self.deficits],
            "deficit_settlements": [asdict(part) for part in self.deficit_settlements],
            "reservations": [
                {
                    "id": kept.id,
                    "line_number": kept.line_number,
                    "item_id": kept.item_id,
                    "warehouse_id": kept.warehouse_id,
                    "quantity": kept.quantity,
                    "batch_id": kept.batch_id,
                }
                for kept in self.reservations
            ],
            "reservation_uses": [
                {"id": use.reservation_id, "quantity": use.quantity} for use in self.reservation_uses
            ],
            "source_uses": [
                {
                    "voucher_id": use.voucher_id,
                    "line_number": use.line_number,
                    "quantity": use.quantity,
                    "value": use.value,
                    "own_line": use.own_line,
                }
                for use in self.source_uses
            ],
        }


def stated(row: dict[str, Any]) -> dict[str, Any]:
    """The row without what it doesn't say: to the server, absent is null."""
    return {key: value for key, value in row.items() if value is not None}


def _movement(number: int, movement: Movement) -> dict[str, Any]:
    return stated(_movement_row(number, movement))


def _movement_row(number: int, movement: Movement) -> dict[str, Any]:
    return {
        "movement_number": number,
        "id": movement.id,
        "grid": movement.grid,
        "line_number": movement.line_number,
        "kind": movement.kind,
        "item_id": movement.item_id,
        "warehouse_id": movement.warehouse_id,
        "uom_id": movement.uom_id,
        "quantity": movement.quantity,
        "value": movement.value,
        "valuation": movement.valuation,
        "account_id": movement.account_id,
        "contra_account_id": movement.contra_account_id,
        "layer_id": movement.layer_id,
        "batch_id": movement.batch_id,
        "bin_id": movement.bin_id,
        "transfer_id": movement.transfer_id,
        "is_deficit": movement.is_deficit or None,
        "serial_id": movement.serial_id,
        "detail_number": movement.detail_number,
    }


def _layer(number: int, layer: NewLayer) -> dict[str, Any]:
    return {
        "layer_number": number,
        "id": layer.id,
        "item_id": layer.item_id,
        "warehouse_id": layer.warehouse_id,
        "line_number": layer.line_number,
        "quantity": layer.quantity,
        "value": layer.value,
        "batch_id": layer.batch_id,
        "bin_id": layer.bin_id,
        "origin_layer_id": layer.origin_layer_id,
        "serial_id": layer.serial_id,
    }
