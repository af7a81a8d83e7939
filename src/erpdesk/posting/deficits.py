"""Stock below zero, where it is allowed: issued at the cost last known, made good by the next receipts.

The uncovered quantity of an issue becomes a deficit. A receipt settles deficits first, oldest first: what it really
cost replaces what was assumed, and the difference goes to cost variance in the receipt's own journal.

An issue dated before the goods of its place came owes beside what lies there. Once both are the same quantity nothing
is on hand, and what is owed is set off against what lies there, the difference of their values to cost variance.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from erpdesk.domain.money import ZERO, money, product, share, split, total
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.masters import Item
from erpdesk.posting.plan import Deficit, DeficitSettlement, Movement
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.stock_state import OpenDeficit, StockState
from erpdesk.storage.keys import new_id


class StockDraft(Protocol):
    """The stock half of a plan under way, as deficits see it."""

    voucher: ResolvedVoucher
    state: StockState
    movements: list[Movement]
    deficits: list[Deficit]
    deficit_settlements: list[DeficitSettlement]
    faults: list[Fault]

    def adjust(self, movement: Movement, value: Decimal) -> None:
        """A difference of value where a movement stands, against cost variance."""


def allows_deficit(stock: StockDraft, item: Item) -> bool:
    """The item's own word, else the organization's."""
    if item.negative_stock is not None:
        return item.negative_stock == "allow"
    return stock.voucher.organization.negative_stock


def issue_deficit(stock: StockDraft, line: Line, quantity: Decimal) -> Decimal | None:
    """Note a deficit of a line; its value, None (a fault) when nothing says what the goods cost."""
    assert line.item is not None
    assert line.warehouse is not None
    cost = stock.state.last_cost_of(line.item.id, line.warehouse.id)
    if cost is None:
        stock.faults.append(
            Fault(
                "INV-005",
                f"{line.item.named} has never had a cost: enter a receipt before issuing below zero",
                f"{line.path}.quantity",
                Step.INVENTORY,
            )
        )
        return None
    value = money(product(cost, quantity), stock.voucher.organization.decimals)
    stock.deficits.append(Deficit(new_id(), line.item.id, line.warehouse.id, line.number, quantity, value))
    return value


def settle_deficits(stock: StockDraft, movement: Movement) -> Movement:
    """Let a receipt (as one movement) settle open deficits of its place; what is left of it for stock."""
    decimals = stock.voucher.organization.decimals
    for deficit in stock.state.deficits_of(movement.item_id, movement.warehouse_id):
        if movement.quantity <= 0:
            break
        part = min(deficit.quantity, movement.quantity)
        cost = share(movement.value, part, movement.quantity, decimals)
        value = share(deficit.value, part, deficit.quantity, decimals)
        deficit.quantity -= part
        deficit.value -= value
        stock.deficit_settlements.append(DeficitSettlement(new_id(), deficit.id, part, value, cost))
        stock.movements.append(_part(movement, part, cost, is_deficit=True))
        stock.adjust(movement, value - cost)
        movement = _part(movement, movement.quantity - part, movement.value - cost)
    return movement


def set_off(stock: StockDraft) -> None:
    """Where a voucher leaves nothing on hand while goods are owed: what is owed is met by what lies there, whole."""
    last = {(movement.item_id, movement.warehouse_id): movement for movement in stock.movements}
    for place, movement in last.items():
        owed: list[OpenDeficit | Deficit] = [*stock.state.deficits_of(*place)]
        owed += [deficit for deficit in stock.deficits if (deficit.item_id, deficit.warehouse_id) == place]
        if not owed:
            continue
        quantity, value = _left(stock, movement)
        if quantity != 0:
            continue
        lying = value + total(deficit.value for deficit in owed)
        costs = split(lying, [deficit.quantity for deficit in owed], stock.voucher.organization.decimals)
        stock.deficit_settlements += [
            DeficitSettlement(new_id(), deficit.id, deficit.quantity, deficit.value, cost, from_stock=True)
            for deficit, cost in zip(owed, costs, strict=True)
        ]
        stock.adjust(movement, -value)


def _left(stock: StockDraft, at: Movement) -> tuple[Decimal, Decimal]:
    """Quantity and value on hand after the voucher, where a movement stands; what is owed is taken off."""
    found = stock.state.on_hand_of(at.item_id, at.warehouse_id)
    moved = [move for move in stock.movements if (move.item_id, move.warehouse_id) == (at.item_id, at.warehouse_id)]
    return found.quantity + total(move.quantity for move in moved), found.value + total(move.value for move in moved)


def _part(movement: Movement, quantity: Decimal, value: Decimal, *, is_deficit: bool = False) -> Movement:
    layer, bin_id = (None, None) if is_deficit else (movement.layer_id, movement.bin_id)
    return replace(
        movement, id=new_id(), quantity=quantity, value=value, layer_id=layer, bin_id=bin_id, is_deficit=is_deficit
    )


def nothing_left(movement: Movement) -> bool:
    """Whether a receipt went into deficits whole."""
    return movement.quantity == ZERO
