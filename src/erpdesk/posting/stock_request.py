"""Which stock a voucher's plan depends on: balances to lock and what to read of them, and units by serial number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import BatchPolicy, StockDirection
from erpdesk.domain.money import ZERO
from erpdesk.posting.masters import Item, Warehouse
from erpdesk.posting.reading_details import skips_expired
from erpdesk.posting.resolved import Line, ResolvedVoucher
from erpdesk.posting.stock_state import NO_BIN

_EVERYTHING = Decimal("1e14")


def stock_request(voucher: ResolvedVoucher) -> list[dict[str, Any]]:
    """Which balances to lock and what to read of them, one entry an item and warehouse."""
    wanted: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for line in voucher.lines:
        if line.item is None or not line.item.is_stocked:
            continue
        for part in line.parts:
            if part.warehouse is not None:
                _want(wanted, voucher, part, line.item, part.warehouse)
    return list(wanted.values())


def unit_request(voucher: ResolvedVoucher) -> list[dict[str, Any]]:
    """The units that lines name, one entry each; of a count also all that the books have there."""
    if not voucher.blueprint.voucher_type.affects_inventory:
        return []
    wanted: list[dict[str, Any]] = []
    counted: set[tuple[UUID | None, ...]] = set()
    for line in voucher.lines:
        if line.item is None or not line.item.by_unit:
            continue
        for part in line.parts:
            place = {"item_id": line.item.id, "warehouse_id": part.warehouse.id if part.warehouse else None}
            if part.counted and tuple(place.values()) not in counted:
                counted.add(tuple(place.values()))
                wanted.append({**place, "is_all": True, "is_new": False})
            wanted += [
                {
                    **place, "id": unit.id, "code": unit.code, "key": unit.key, "engine_no": unit.engine_no,
                    "engine_key": unit.engine_key, "chassis_no": unit.chassis_no,
                    "chassis_key": unit.chassis_key, "is_new": unit.key is not None and _is_new(voucher, part),
                }
                for unit in part.units
            ]  # fmt: skip
    return wanted


def _is_new(voucher: ResolvedVoucher, part: Line) -> bool:
    """Whether the units of a part may come into being with it."""
    kind = voucher.blueprint.voucher_type
    received = kind.stock_direction is StockDirection.IN and not kind.is_return
    return received or part.counted or part.grid == "produce"


def _want(
    wanted: dict[tuple[UUID, UUID], dict[str, Any]], voucher: ResolvedVoucher, part: Line, item: Item,
    warehouse: Warehouse,
) -> None:  # fmt: skip
    leaves, enters = _ways(voucher, part)
    if leaves:
        entry = _entry(wanted, voucher, item, warehouse)
        entry["receives"] = entry["receives"] or _may_go_below_zero(voucher, item)
        if not item.by_unit:
            entry["needed"] += _EVERYTHING if part.counted else part.stock_quantity
        if part.batch is not None:
            entry["batches"].append(part.batch.id)
        if part.bin is not None or part.is_within:
            entry["bins"].append(part.bin.id if part.bin else NO_BIN)
        if part.goods_from is not None:
            entry["sources"].append(part.goods_from[0])
    for target in enters:
        _entry(wanted, voucher, item, target)["receives"] = True


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
            "bins": [],
            "sources": [],
            "policy": str(BatchPolicy.FIFO if policy == BatchPolicy.MANUAL else policy),
            "valuation": item.valuation,
            "tracked": item.track_batch,
            "skip_expired": skips_expired(voucher.blueprint.voucher_type),
        },
    )
