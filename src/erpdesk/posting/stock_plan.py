"""The stock half of a plan: what each line moves, what it costs, which layers it makes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from erpdesk.domain.journal import JournalLine
from erpdesk.domain.money import ONE, ZERO, plain, split, total
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
from erpdesk.posting.reading_details import skips_expired
from erpdesk.posting.resolved import Line, NewBatch, ResolvedVoucher, UnitName
from erpdesk.posting.stock_state import NO_BIN, Part, Shortage, StockState, Want
from erpdesk.posting.units import Unit, UnitState
from erpdesk.storage.keys import new_id


@dataclass(slots=True)
class StockPlan:
    """Movements and layers in the making. `taken` is the value that left stock, `received` what entered."""

    voucher: ResolvedVoucher
    state: StockState
    units: UnitState = field(default_factory=lambda: UnitState(None))
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
    ) -> list[Left]:
        """Take a line's quantity out of its places; what left, nothing when it is short (a fault then)."""
        item, _ = _goods(line)
        if item.by_unit:
            left = self._take_units(line)
        elif item.valuation == "fifo":
            left = self._take_layers(line, kind, prefer)
        else:
            left = self._take_pools(line, kind)
        if left is None:
            return []
        for part, taken in left:
            self._leave(part, kind, contra_account_id, taken, is_deficit=False)
        covered = total(taken.quantity for _, taken in left)
        if covered < line.stock_quantity:
            self._go_below(line, kind, contra_account_id, line.stock_quantity - covered)
        return left

    def _take_layers(self, line: Line, kind: str, prefer: tuple[UUID, int] | None) -> list[Left] | None:
        left: list[Left] = []
        for part in line.parts:
            item, warehouse = _goods(part)
            taken = self.state.take_layers(item.id, warehouse.id, _want(part), prefer)
            if isinstance(taken, Shortage) and self._may_go_below(line, kind):
                there = max(taken.available, ZERO)
                taken = self.state.take_layers(item.id, warehouse.id, Want(there)) if there else []
            if isinstance(taken, Shortage):
                self._short(part, item, warehouse, taken)
                return None
            left += [(part, one) for one in taken]
        return left

    def _take_pools(self, line: Line, kind: str) -> list[Left] | None:
        """Each pool once: its value is taken for all parts of the line together."""
        left: list[Left] = []
        for parts in _by_warehouse(line):
            item, warehouse = _goods(parts[0])
            wants = [_want(part) for part in parts]
            taken = self.state.take_pool(item.id, warehouse.id, wants, item.track_batch)
            if isinstance(taken, tuple) and self._may_go_below(line, kind):
                there = max(taken[1].available, ZERO)
                taken = self.state.take_pool(item.id, warehouse.id, [Want(there)], False) if there else []
            if isinstance(taken, tuple):
                self._short(parts[taken[0]], item, warehouse, taken[1])
                return None
            left += [(parts[number], one) for number, one in taken]
        return left

    def _take_units(self, line: Line) -> list[Left] | None:
        """The very units named, each with what its own layer holds, or its part of the pool's average."""
        left: list[tuple[Line, Unit]] = []
        kind = self.voucher.blueprint.voucher_type
        skips = skips_expired(kind)
        for part in line.parts:
            item, warehouse = _goods(part)
            for name in part.units:
                unit = self.units.leave(
                    part, name, self.voucher.date, skip_expired=skips, is_return=kind.is_return
                )
                if isinstance(unit, Fault):
                    self.faults.append(unit)
                elif not self.state.take_unit(item.id, warehouse.id, within=part.is_within):
                    self._short(part, item, warehouse, Shortage(ZERO))
                else:
                    left.append((part, unit))
        if len(left) != line.stock_quantity:
            return None
        order = [_goods(parts[0])[1].id for parts in _by_warehouse(line)]
        left.sort(key=lambda one: order.index(_goods(one[0])[1].id))
        return [
            (
                part,
                Part(
                    unit.layer_id, unit.origin_layer_id or unit.layer_id, unit.batch_id, unit.bin_id, ONE, value,
                    unit.id,
                ),
            )
            for (part, unit), value in zip(left, self._unit_values(line, left), strict=True)
        ]  # fmt: skip

    def _unit_values(self, line: Line, left: list[tuple[Line, Unit]]) -> list[Decimal]:
        """What each unit costs; `left` is ordered by warehouse."""
        item, _ = _goods(line)
        if item.valuation == "fifo":
            return [unit.value or ZERO for _, unit in left]
        values: list[Decimal] = []
        for parts in _by_warehouse(line):
            count = total(part.stock_quantity for part in parts)
            value = self.state.pool_value(item.id, _goods(parts[0])[1].id, count)
            values += split(value, [ONE] * int(count), self.voucher.organization.decimals)
        return values

    def _may_go_below(self, line: Line, kind: str) -> bool:
        """Only goods without batch, bin or serial number can be issued before they are there."""
        item, _ = _goods(line)
        loose = not line.details and line.bin is None and line.batch is None and not item.track_batch
        return kind == "out" and loose and allows_deficit(self, item)

    def _go_below(self, line: Line, kind: str, contra_account_id: UUID | None, short: Decimal) -> None:
        value = issue_deficit(self, line, short)
        if value is not None:
            part = Part(None, None, None, None, short, value)
            self._leave(line, kind, contra_account_id, part, is_deficit=True)

    def _leave(
        self, line: Line, kind: str, contra_account_id: UUID | None, part: Part, *, is_deficit: bool
    ) -> None:
        """One part of a line leaves its warehouse."""
        item, warehouse = _goods(line)
        self.movements.append(
            Movement(
                new_id(),
                line.grid,
                line.number,
                kind,
                item.id,
                warehouse.id,
                item.units[item.uom].id,
                -part.quantity,
                -part.value,
                item.valuation,
                inventory_account(self.voucher, item, warehouse),
                contra_account_id,
                part.layer_id,
                part.batch_id,
                part.bin_id,
                is_deficit=is_deficit,
                serial_id=part.serial_id,
                detail_number=line.detail.number if line.detail else None,
            )
        )
        self.taken += part.value

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
                serial_id=None,
                detail_number=None,
            )
        )
        self.journal += [
            JournalLine(movement.account_id, "stock", value),
            JournalLine(variance, "variance", -value),
        ]

    def reserve(self, line: Line) -> bool:
        """Keep a line's quantity from others; False when there is not that much free (a fault then)."""
        item, warehouse = _goods(line)
        free = self.state.free_of(item.id, warehouse.id, batch_id_of(line))
        if free < line.stock_quantity:
            self._short(line, item, warehouse, Shortage(max(free, ZERO)))
            return False
        self.state.release(item.id, warehouse.id, -line.stock_quantity, batch_id_of(line))
        return True

    def receive_line(
        self, line: Line, value: Decimal, *, kind: str = "in", contra_account_id: UUID | None = None
    ) -> None:
        """Put a line's quantity with its value into stock: over details and units, the value split cumulatively."""
        parts = [part for part in line.parts for _ in range(max(len(part.units), 1))]
        names = [name for part in line.parts for name in (part.units or (None,))]
        weights = [ONE if name else part.stock_quantity for part, name in zip(parts, names, strict=True)]
        values = split(value, weights, self.voucher.organization.decimals)
        for part, name, quantity, worth in zip(parts, names, weights, values, strict=True):
            assert part.warehouse is not None
            came = self._come(part, name) if name else (None, batch_id_of(part))
            if came is None:
                continue
            serial, batch = came
            self.receive(
                part, part.warehouse, quantity, worth, kind=kind, batch_id=batch,
                bin_id=part.bin.id if part.bin else None, contra_account_id=contra_account_id, serial_id=serial,
            )  # fmt: skip

    def _come(self, part: Line, name: UnitName) -> tuple[UUID, UUID | None] | None:
        """The id and batch of a unit that enters stock, None (a fault) when it can't."""
        kind = self.voucher.blueprint.voucher_type
        found = self.units.come(part, name, self.voucher.date, is_return=kind.is_return)
        if isinstance(found, Fault):
            self.faults.append(found)
            return None
        return found

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
        serial_id: UUID | None = None,
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
            serial_id=serial_id,
            detail_number=line.detail.number if line.detail else None,
        )
        movement = settle_deficits(self, movement)
        if nothing_left(movement):
            return
        self.movements.append(movement)
        if layer_id is None and kind in ("transfer_in", "adjust"):
            self.state.put_back(item.id, warehouse.id, movement.quantity, movement.value)
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
                    serial_id,
                )
            )

    def transfer(self, line: Line) -> None:
        """Move a line's quantity with its cost; each part joins the end of the target's queue."""
        target = line.to_warehouse
        assert target is not None
        start = len(self.movements)
        for number, (part, taken) in enumerate(self.issue(line, None, "transfer_out"), start):
            before = len(self.movements)
            self.receive(
                part, target, taken.quantity, taken.value, kind="transfer_in", batch_id=taken.batch_id,
                bin_id=part.to_bin.id if part.to_bin else None, origin=taken.origin_id, serial_id=taken.serial_id,
            )  # fmt: skip
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
        place = f"bin {line.bin.code} of {warehouse.code}" if line.bin else warehouse.code
        self.faults.append(
            Fault(
                "INV-001",
                f"Insufficient stock of {what} in {place}: {plain(line.stock_quantity)} needed, "
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


Left = tuple[Line, Part]
"""A part of a line, as typed, and what was taken for it."""


def _want(part: Line) -> Want:
    bin_id = part.bin.id if part.bin else NO_BIN if part.is_within else None
    return Want(part.stock_quantity, batch_id_of(part), bin_id, part.is_within)


def _by_warehouse(line: Line) -> list[list[Line]]:
    """The parts of a line by the warehouse they leave, in the order these first stand."""
    found: dict[UUID, list[Line]] = {}
    for part in line.parts:
        found.setdefault(_goods(part)[1].id, []).append(part)
    return list(found.values())


def _goods(line: Line) -> tuple[Item, Warehouse]:
    assert line.item is not None
    assert line.warehouse is not None
    return line.item, line.warehouse
