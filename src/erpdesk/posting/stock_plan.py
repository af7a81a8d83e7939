"""The stock half of a plan: what each line moves, what it costs, which layers it makes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import BatchPolicy, StockDirection
from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import ZERO, plain
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.deficits import allows_deficit, issue_deficit, nothing_left, settle_deficits
from erpdesk.posting.masters import Batch, Item, Warehouse
from erpdesk.posting.plan import (
    Deficit,
    DeficitSettlement,
    Movement,
    NewLayer,
    Reservation,
    ReservationUse,
    SourceUse,
)
from erpdesk.posting.resolved import Line, NewBatch, ResolvedVoucher
from erpdesk.posting.stock_state import Part, Shortage, StockState
from erpdesk.storage.keys import new_id

_EVERYTHING = Decimal("1e14")


@dataclass(slots=True)
class StockPlan:
    """Movements and layers in the making. `taken` is the value that left stock, `received` what entered."""

    voucher: ResolvedVoucher
    state: StockState
    movements: list[Movement] = field(default_factory=list)
    layers: list[NewLayer] = field(default_factory=list)
    journal: list[JournalLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    taken: Decimal = ZERO
    received: Decimal = ZERO
    deficits: list[Deficit] = field(default_factory=list)
    deficit_settlements: list[DeficitSettlement] = field(default_factory=list)
    source_uses: list[SourceUse] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    reservation_uses: list[ReservationUse] = field(default_factory=list)

    def issue(
        self,
        line: Line,
        contra_account_id: UUID | None,
        kind: str = "out",
        prefer: tuple[UUID, int] | None = None,
    ) -> list[Part]:
        """Take a line's quantity out of its warehouse; the parts, none when it is short (a fault then)."""
        item, warehouse = _goods(line)
        batch = line.batch.id if isinstance(line.batch, Batch) else None
        if item.valuation == "fifo":
            parts = self.state.take_layers(item.id, warehouse.id, batch, line.stock_quantity, prefer)
        else:
            parts = self.state.take_pool(item.id, warehouse.id, batch, line.stock_quantity, item.track_batch)
        short = ZERO
        below_zero = kind == "out" and batch is None and not item.track_batch
        if isinstance(parts, Shortage) and below_zero and allows_deficit(self, item):
            short = line.stock_quantity - parts.available
            parts = self._all_there(line, parts.available)
        if isinstance(parts, Shortage):
            self._short(line, item, warehouse, parts)
            return []
        for part in parts:
            self._leave(line, kind, contra_account_id, part)
        if short:
            value = issue_deficit(self, line, short)
            if value is not None:
                self._leave(
                    line, kind, contra_account_id, (None, None, None, None, short, value), is_deficit=True
                )
        return parts

    def _all_there(self, line: Line, available: Decimal) -> list[Part] | Shortage:
        """Whatever is there of a line that goes below zero."""
        if available <= 0:
            return []
        item, warehouse = _goods(line)
        if item.valuation == "fifo":
            return self.state.take_layers(item.id, warehouse.id, None, available)
        return self.state.take_pool(item.id, warehouse.id, None, available, item.track_batch)

    def _leave(
        self, line: Line, kind: str, contra_account_id: UUID | None, part: Part, *, is_deficit: bool = False
    ) -> None:
        """One part of a line leaves its warehouse."""
        item, warehouse = _goods(line)
        layer_id, _, batch_id, bin_id, quantity, value = part
        self.movements.append(
            Movement(
                new_id(),
                line.grid,
                line.number,
                kind,
                item.id,
                warehouse.id,
                item.units[item.uom].id,
                -quantity,
                -value,
                item.valuation,
                inventory_account(self.voucher, item, warehouse),
                contra_account_id,
                layer_id,
                batch_id,
                bin_id,
                is_deficit=is_deficit,
            )
        )
        self.taken += value

    def adjust(self, movement: Movement, value: Decimal) -> None:
        """A difference of value where a movement stands, against cost variance."""
        if value == 0:
            return
        variance = self.voucher.masters.roles["cost_variance"]
        self.movements.append(
            replace(
                movement,
                id=new_id(),
                kind="cost",
                quantity=ZERO,
                value=value,
                contra_account_id=variance,
                layer_id=None,
                batch_id=None,
                bin_id=None,
                transfer_id=None,
                is_deficit=False,
            )
        )
        self.journal += [
            JournalLine(movement.account_id, "stock", value),
            JournalLine(variance, "variance", -value),
        ]

    def reserve(self, line: Line) -> bool:
        """Keep a line's quantity from others; False when there is not that much free (a fault then)."""
        item, warehouse = _goods(line)
        free = self.state.free_of(item.id, warehouse.id)
        if free < line.stock_quantity:
            self._short(line, item, warehouse, Shortage(max(free, ZERO)))
            return False
        self.state.release(item.id, warehouse.id, -line.stock_quantity)
        return True

    def receive(
        self,
        line: Line,
        warehouse: Warehouse,
        quantity: Decimal,
        value: Decimal,
        *,
        kind: str = "in",
        batch_id: UUID | None = None,
        bin_id: UUID | None = None,
        origin: UUID | None = None,
        contra_account_id: UUID | None = None,
    ) -> None:
        """Put a quantity with its value into a warehouse; FIFO makes a layer of it.

        What the place owes from going below zero is made good first.
        """
        item, _ = _goods(line)
        layer_id = new_id() if item.valuation == "fifo" else None
        self.received += value
        movement = Movement(
            new_id(),
            line.grid,
            line.number,
            kind,
            item.id,
            warehouse.id,
            item.units[item.uom].id,
            quantity,
            value,
            item.valuation,
            inventory_account(self.voucher, item, warehouse),
            contra_account_id,
            layer_id,
            batch_id,
            bin_id,
        )
        movement = settle_deficits(self, movement)
        if nothing_left(movement):
            return
        self.movements.append(movement)
        if layer_id is not None:
            self.layers.append(
                NewLayer(
                    layer_id,
                    item.id,
                    warehouse.id,
                    line.number,
                    movement.quantity,
                    movement.value,
                    batch_id,
                    bin_id,
                    origin,
                )
            )

    def transfer(self, line: Line) -> None:
        """Move a line's quantity with its cost; each part joins the end of the target's queue."""
        target = line.to_warehouse
        assert target is not None
        start = len(self.movements)
        parts = self.issue(line, None, "transfer_out")
        for number, (_, origin, batch_id, _, quantity, value) in enumerate(parts, start):
            before = len(self.movements)
            self.receive(line, target, quantity, value, kind="transfer_in", batch_id=batch_id, origin=origin)
            self._pair(number, before)

    def _pair(self, out: int, before: int) -> None:
        """A part that left and what came of it share a transfer id; a change of inventory account is journalled."""
        shared = new_id()
        self.movements[out] = replace(self.movements[out], transfer_id=shared)
        for number in range(before, len(self.movements)):
            into = self.movements[number]
            if into.kind == "cost":
                continue
            self.movements[number] = replace(into, transfer_id=shared)
            if self.movements[out].account_id != into.account_id:
                self.journal += [
                    JournalLine(into.account_id, "stock", into.value),
                    JournalLine(self.movements[out].account_id, "stock", -into.value),
                ]

    @property
    def moved(self) -> list[Movement]:
        """Movements whose value the document journals; adjustments of value have their own lines already."""
        return [move for move in self.movements if move.kind != "cost" or move.contra_account_id is None]

    def _short(self, line: Line, item: Item, warehouse: Warehouse, short: Shortage) -> None:
        code = line.batch.code if line.batch else None
        what = f"{item.code} batch {code}" if code else item.code
        self.faults.append(
            Fault(
                "INV-001",
                f"Insufficient stock of {what} in {warehouse.code}: {plain(line.stock_quantity)} needed, "
                f"{plain(short.available)} available",
                f"{line.path}.quantity",
                Step.INVENTORY,
                {
                    "item": item.code,
                    "warehouse": warehouse.code,
                    "needed": plain(line.stock_quantity),
                    "available": plain(short.available),
                },
            )
        )


def inventory_account(voucher: ResolvedVoucher, item: Item, warehouse: Warehouse) -> UUID:
    """Where the value of an item in a warehouse stands: the warehouse's account, the item's, the organization's."""
    return warehouse.inventory_account_id or item.inventory_account_id or voucher.masters.roles["stock"]


def batch_id_of(line: Line) -> UUID | None:
    """The id of the batch a line names, known or new."""
    return line.batch.id if isinstance(line.batch, Batch | NewBatch) else None


def stock_request(voucher: ResolvedVoucher) -> list[dict[str, Any]]:
    """Which balances to lock and what to read of them, one entry an item and warehouse."""
    wanted: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for line in voucher.lines:
        if line.item is None or line.warehouse is None or not line.item.is_stocked:
            continue
        leaves, enters = _ways(voucher, line)
        if leaves:
            entry = _entry(wanted, voucher, line.item, line.warehouse)
            entry["receives"] = entry["receives"] or _may_go_below_zero(voucher, line.item)
            entry["needed"] += _EVERYTHING if line.counted else line.stock_quantity
            if line.batch is not None:
                entry["batches"].append(line.batch.id)
            if line.source is not None:
                entry["sources"].append(line.source.id)
        for warehouse in enters:
            _entry(wanted, voucher, line.item, warehouse)["receives"] = True
    return list(wanted.values())


def _ways(voucher: ResolvedVoucher, line: Line) -> tuple[bool, list[Warehouse]]:
    """Whether goods of the line may leave its warehouse, and which warehouses they may enter."""
    direction = voucher.blueprint.voucher_type.stock_direction
    assert line.warehouse is not None
    if line.counted:
        return True, [line.warehouse]
    if not line.stock_quantity or line.is_moved_before:
        return False, []
    if direction is StockDirection.TRANSFER:
        return True, [line.to_warehouse] if line.to_warehouse is not None else []
    if direction is StockDirection.OUT or line.grid == "consume":
        return True, []
    return False, [line.warehouse] if direction is StockDirection.IN or line.grid == "produce" else []


def _may_go_below_zero(voucher: ResolvedVoucher, item: Item) -> bool:
    if item.negative_stock is not None:
        return item.negative_stock == "allow"
    return voucher.organization.negative_stock


def _entry(
    wanted: dict[tuple[UUID, UUID], dict[str, Any]],
    voucher: ResolvedVoucher,
    item: Item,
    warehouse: Warehouse,
) -> dict[str, Any]:
    policy = item.batch_policy or voucher.blueprint.lines.batch_policy
    return wanted.setdefault(
        (item.id, warehouse.id),
        {
            "item_id": item.id,
            "warehouse_id": warehouse.id,
            "receives": False,
            "needed": ZERO,
            "batches": [],
            "sources": [],
            "policy": str(BatchPolicy.FIFO if policy == BatchPolicy.MANUAL else policy),
            "valuation": item.valuation,
            "tracked": item.track_batch,
        },
    )


def _goods(line: Line) -> tuple[Item, Warehouse]:
    assert line.item is not None
    assert line.warehouse is not None
    return line.item, line.warehouse
