"""A rehearsal: vouchers planned one after another, each seeing those before it, nothing written or locked.

Stock is read once an item and warehouse, then changes in memory as plans take and put. Numbers are not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.keys import key_of
from erpdesk.domain.results import ErpdeskError, InvalidRequest, Ok, Result, refused
from erpdesk.posting.content import content_hash
from erpdesk.posting.outcome import PostedVoucher, posted_voucher
from erpdesk.posting.plan import Movement, PostingPlan
from erpdesk.posting.planning import plan_post
from erpdesk.posting.preparation import Blueprints, prepare
from erpdesk.posting.resolved import Line, NewBatch, ResolvedVoucher, UnitName
from erpdesk.posting.reversal import KIND, reversal_of
from erpdesk.posting.stock_request import stock_request, unit_request
from erpdesk.posting.stock_state import NO_BIN
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls, PostingPool, posting_calls

_ALL = Decimal("1e14")
_LATEST = date(9999, 12, 31)


class Rehearsal:
    """A running overlay over the books as they are. Not for several threads."""

    def __init__(self, pool: PostingPool, blueprints: Blueprints) -> None:
        self._pool = pool
        self._blueprints = blueprints
        self._keys: dict[str, tuple[str, PostedVoucher]] = {}
        self._stock: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        self._batches: dict[tuple[UUID, str], dict[str, Any]] = {}
        self._units: dict[str, dict[str, Any]] = {}

    def import_one(self, document: Mapping[str, Any], *, post: bool = False) -> Result[PostedVoucher]:
        """What importing this document would give, status VALID; refusals are those of the real thing."""
        try:
            with posting_calls(self._pool) as calls:
                if document.get("type") == KIND:
                    return self._reverse(calls, document)
                return self._rehearse(calls, document, post)
        except ErpdeskError as error:
            return refused(error)

    def _reverse(self, calls: PostingCalls, document: Mapping[str, Any]) -> Result[PostedVoucher]:
        """A reversal is tried on the books as they are, and taken back at once."""
        organization = self._blueprints.organization
        answer = calls.rehearse_reverse(organization.id, reversal_of(document).payload())
        facts = {**answer, "status": "VALID", "voucher_number": None}
        return Ok(posted_voucher(facts, organization, "0.0", replayed=False))

    def _rehearse(
        self, calls: PostingCalls, document: Mapping[str, Any], post: bool
    ) -> Result[PostedVoucher]:
        key, content = document.get("idempotency_key"), content_hash(document)
        if key in self._keys and self._keys[key][0] == content:
            return Ok(self._keys[key][1])
        prepared = prepare(
            calls, self._blueprints, document, key, new_id(), more_batches=self._batches.values()
        )
        if prepared.key is not None and prepared.key["content_hash"] == content:
            return Ok(
                posted_voucher(prepared.key["result"], self._blueprints.organization, "0.0", replayed=True)
            )
        faults = prepared.field_faults + (prepared.voucher_faults if post else ())
        if faults or prepared.voucher is None:
            raise InvalidRequest(faults)
        voucher = prepared.voucher
        cost, total = Decimal(0), voucher.total
        if post:
            plan = plan_post(voucher, self._state(calls, voucher), self._units_of(calls, voucher))
            if plan.faults:
                raise InvalidRequest(plan.faults)
            self._enter(voucher, plan)
            cost, total = plan.cost, plan.total
        result = posted_voucher(
            {
                "voucher_id": voucher.id,
                "status": "VALID",
                "voucher_number": None,
                "total": total,
                "currency_decimals": voucher.decimals,
                "cost": cost,
                "row_version": 1,
            },
            self._blueprints.organization,
            "0.0",
            replayed=False,
        )
        if key:
            self._keys[key] = (content, result)
        return Ok(result, prepared.warnings)

    def _state(self, calls: PostingCalls, voucher: ResolvedVoucher) -> Mapping[str, Any]:
        """Stock as it would be: read where it was not read yet, layers as the voucher's date may use them."""
        wanted = stock_request(voucher) if voucher.blueprint.voucher_type.affects_inventory else []
        missing = [row for row in wanted if (row["item_id"], row["warehouse_id"]) not in self._stock]
        if missing:
            self._read(calls, missing)
        places = [self._stock[row["item_id"], row["warehouse_id"]] for row in wanted]
        day = voucher.date.isoformat()
        first = day if any(row["skip_expired"] for row in wanted) else ""
        return {
            "balances": [_less_expired(place, first) for place in places],
            "layers": [
                layer
                for place in places
                for layer in place["layers"]
                if layer["received_on"] <= day and Decimal(layer["quantity"]) > 0 and _keeps(layer, first)
            ],
            "batches": [row for place in places for row in place["batches"] if _keeps(row, first)],
        }

    def _units_of(self, calls: PostingCalls, voucher: ResolvedVoucher) -> dict[str, Any]:
        """Units by serial number as they would be: where earlier vouchers left them."""
        wanted = unit_request(voucher)
        if not wanted:
            return {}
        found = calls.state(self._blueprints.organization.id, {"serials": wanted}, voucher.date)["serials"]
        for row in found["units"] or ():
            self._units.setdefault(row["id"], row)
        marks = {(str(row["item_id"]), row.get("key")) for row in wanted}
        marks |= {(name, row.get(name)) for row in wanted for name in _NUMBERS if row.get(name)}
        units = [row for row in self._units.values() if marks & _marks(row)]
        return {"serials": {"units": units, "there": found["there"]}}

    def _enter_units(self, voucher: ResolvedVoucher, plan: PostingPlan) -> None:
        """Let later vouchers see where units went."""
        made = {unit.id: (line, unit) for line in voucher.lines for part in line.parts for unit in part.units}
        for movement in plan.movements:
            if movement.serial_id is None or not movement.quantity:
                continue
            key = str(movement.serial_id)
            if key not in self._units and movement.serial_id in made:
                self._units[key] = _new_unit(*made[movement.serial_id])
            self._units[key] = {**self._units[key], **_moved(voucher, movement)}

    def _read(self, calls: PostingCalls, rows: list[dict[str, Any]]) -> None:
        found = calls.stock(
            self._blueprints.organization.id, [{**row, "needed": _ALL, "skip_expired": False} for row in rows], _LATEST
        )
        for row in rows:
            place = (row["item_id"], row["warehouse_id"])
            self._stock[place] = {"balance": _empty(*place), "layers": [], "batches": []}
        for row in found.get("balances") or ():
            self._stock[_place(row)]["balance"] = row
        for name in ("layers", "batches"):
            for row in found.get(name) or ():
                self._stock[_place(row)][name].append(row)

    def _enter(self, voucher: ResolvedVoucher, plan: PostingPlan) -> None:
        """Let later vouchers see what this one would do."""
        self._batches.update(
            {(batch.item_id, batch.code_key): _batch(voucher, batch) for batch in voucher.new_batches}
        )
        self._enter_units(voucher, plan)
        made = {layer.id: layer for layer in plan.layers}
        for movement in plan.movements:
            place = self._stock[movement.item_id, movement.warehouse_id]
            balance = place["balance"]
            balance["quantity"] = Decimal(balance["quantity"]) + movement.quantity
            balance["value"] = Decimal(balance["value"]) + movement.value
            if movement.quantity < 0:
                _take(place["layers"], "id", movement.layer_id, movement.quantity, movement.value)
                _take_batch(place["batches"], movement)
            elif movement.layer_id in made:
                place["layers"].append(
                    {
                        "id": str(movement.layer_id),
                        "item_id": str(movement.item_id),
                        "warehouse_id": str(movement.warehouse_id),
                        "bin_id": str(movement.bin_id) if movement.bin_id else None,
                        "origin_layer_id": None,
                        "expires_on": self._expiry(movement.batch_id),
                        "batch_id": str(movement.batch_id) if movement.batch_id else None,
                        "quantity": movement.quantity,
                        "value": movement.value,
                        "received_on": voucher.date.isoformat(),
                    }
                )
            elif movement.batch_id is not None or movement.bin_id is not None:
                place["batches"].append(
                    {
                        "item_id": str(movement.item_id),
                        "warehouse_id": str(movement.warehouse_id),
                        "bin_id": str(movement.bin_id) if movement.bin_id else None,
                        "batch_id": str(movement.batch_id) if movement.batch_id else None,
                        "expires_on": self._expiry(movement.batch_id),
                        "quantity": movement.quantity,
                    }
                )

    def _expiry(self, batch: UUID | None) -> str | None:
        """When a batch expires, as far as the rehearsal brought it into being."""
        made = (row["expires_on"] for row in self._batches.values() if row["id"] == str(batch))
        return next(made, None)


_NUMBERS = ("engine_key", "chassis_key")


def _marks(row: Mapping[str, Any]) -> set[tuple[str, Any]]:
    """What a unit is known by: serial number of its item, engine and chassis number."""
    return {(row["item_id"], row["key"]), *((name, row[name]) for name in _NUMBERS if row[name])}


def _new_unit(line: Line, unit: UnitName) -> dict[str, Any]:
    """The row of a unit that the rehearsal brings into being."""
    item = line.item.code if line.item else ""
    nothing = dict.fromkeys(("bin", "batch", "expires_on", "origin_layer_id", "left_with"))
    return {
        **nothing, "id": str(unit.id), "item_id": str(unit.item_id), "item": item, "code": unit.code, "key": unit.key,
        "engine_key": unit.engine_key, "chassis_key": unit.chassis_key, "batch_is_active": True,
    }  # fmt: skip


def _moved(voucher: ResolvedVoucher, movement: Movement) -> dict[str, Any]:
    """Where a movement leaves its unit."""
    came = movement.quantity > 0
    ids = {
        "warehouse_id": movement.warehouse_id, "bin_id": movement.bin_id, "batch_id": movement.batch_id,
        "layer_id": movement.layer_id,
    }  # fmt: skip
    codes = {place.id: place.code for line in voucher.lines for part in line.parts
             for place in (part.warehouse, part.to_warehouse) if place}  # fmt: skip
    left = {"voucher_id": str(voucher.id), "line_number": movement.line_number}
    return {
        **{name: str(one) if came and one else None for name, one in ids.items()},
        "warehouse": codes.get(movement.warehouse_id) if came else None, "value": movement.value if came else None,
        "last_moved_on": voucher.date.isoformat(), "left_with": None if came else left,
    }  # fmt: skip


def _keeps(row: Mapping[str, Any], first: str) -> bool:
    """Whether the goods of a row haven't expired before `first`."""
    return not row.get("expires_on") or row["expires_on"] >= first


def _less_expired(place: Mapping[str, Any], first: str) -> Mapping[str, Any]:
    """A balance of which what has expired may not be issued."""
    rows = place["layers"] or place["batches"]
    expired = sum((Decimal(row["quantity"]) for row in rows if not _keeps(row, first)), Decimal(0))
    balance: Mapping[str, Any] = place["balance"]
    return {**balance, "blocked": Decimal(balance.get("blocked") or 0) + expired} if expired else balance


def _take_batch(rows: list[dict[str, Any]], movement: Movement) -> None:
    """What left a batch, or a bin, in the rows of a pool."""
    place = {name: str(one) if one else None for name, one in
             (("batch_id", movement.batch_id), ("bin_id", movement.bin_id))}  # fmt: skip
    for row in rows:
        if place == {name: None if row[name] == str(NO_BIN) else row[name] for name in place}:
            row["quantity"] = Decimal(row["quantity"]) + movement.quantity
            return


def _batch(voucher: ResolvedVoucher, batch: NewBatch) -> dict[str, Any]:
    item = next(
        line.item for line in voucher.lines if line.item is not None and line.item.id == batch.item_id
    )
    return {
        "id": str(batch.id),
        "key": batch.code_key,
        "item": key_of(item.code),
        "code": batch.code,
        "expires_on": batch.expires_on.isoformat() if batch.expires_on else None,
        "manufactured_on": None,
        "is_active": True,
    }


def _take(
    rows: list[dict[str, Any]], name: str, wanted: UUID | None, quantity: Decimal, value: Decimal
) -> None:
    for row in rows:
        if wanted is not None and row[name] == str(wanted):
            row["quantity"] = Decimal(row["quantity"]) + quantity
            if "value" in row:
                row["value"] = Decimal(row["value"]) + value
            return


def _empty(item_id: UUID, warehouse_id: UUID) -> dict[str, Any]:
    return {
        "item_id": str(item_id),
        "warehouse_id": str(warehouse_id),
        "quantity": Decimal(0),
        "value": Decimal(0),
        "reserved": Decimal(0),
        "least_later": None,
    }


def _place(row: Mapping[str, Any]) -> tuple[UUID, UUID]:
    return UUID(row["item_id"]), UUID(row["warehouse_id"])
