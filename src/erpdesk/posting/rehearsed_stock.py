"""Stock as it would be in a rehearsal: read once an item and warehouse, changed in memory by what plans take and put.

What changes in a place that wasn't read yet waits until it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import BatchPolicy
from erpdesk.domain.money import ZERO, total
from erpdesk.domain.results import Fault, InvalidRequest, Step
from erpdesk.posting.plan import Movement, PostingPlan, Reservation
from erpdesk.posting.rehearsed_place import RehearsedPlace, empty_balance, keeps
from erpdesk.posting.resolved import ResolvedVoucher

Row = dict[str, Any]
Place = tuple[str, str]
"""Item and warehouse."""
Lot = tuple[Place, str | None, str | None, str | None]
"""Where goods lie: place, layer, batch, bin."""

_ALL = Decimal("1e14")
_BEHIND_ALL = 10**18
_UNIT_COST = Decimal("0.000001")
_BY_BATCH = frozenset({BatchPolicy.FEFO, BatchPolicy.FIFO_MANUFACTURED})
"""Policies that ask when a batch was made or expires."""
_UNDATED = "9999-12-31"


class RehearsedStock:
    """Balances, layers and batches by place, and the movements that made them what they are."""

    def __init__(self) -> None:
        self._places: dict[Place, RehearsedPlace] = {}
        self._waiting: dict[Place, list[Row]] = {}
        self._moved: list[Row] = []
        self._costs: dict[str, Decimal] = {}
        self._owing: dict[str, Place] = {}
        self._turn = 0
        self._made = 0
        self._expiries: dict[str, str | None] = {}
        self._manufactured: dict[str, str | None] = {}
        self._turns: dict[UUID | None, int] = {}

    def missing(self, wanted: Sequence[Mapping[str, Any]]) -> list[Row]:
        """The places wanted that were not read yet, as the server is asked for them: whole."""
        return [{**row, "needed": _ALL, "skip_expired": False, "policy": _as_it_came(row.get("policy"))}
                for row in wanted if _place(row) not in self._places]  # fmt: skip

    def unread(self, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        """What to ask of places by their `valuation`, where they were not read yet."""
        places = {_place(row): row["valuation"] for row in rows}
        return self.missing([
            {"item_id": item, "warehouse_id": warehouse, "valuation": valuation, "tracked": True, "batches": [],
             "bins": [], "sources": []}
            for (item, warehouse), valuation in places.items()
        ])  # fmt: skip

    def read(self, found: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """What the server says of places; what has changed there meanwhile is added."""
        for row in rows:
            self._places[_place(row)] = RehearsedPlace(empty_balance(*_place(row)))
        for row in found.get("balances") or ():
            self._places[_place(row)].balance = row
        for name in ("layers", "unit_layers", "batches", "deficits"):
            for row in found.get(name) or ():
                getattr(self._places[_place(row)], name.removeprefix("unit_")).append(row)
                if row.get("batch_id"):
                    self._expiries[row["batch_id"]] = row["expires_on"]
        self._manufactured |= found.get("manufactured") or {}
        for row in found.get("days") or ():
            self._places[_place(row)].days[row["moved_on"]] = Decimal(row["quantity"])
        for row in found.get("lot_days") or ():
            days = self._places[_place(row)].lot_days.setdefault((row["batch_id"], row["bin_id"]), {})
            days[row["moved_on"]] = Decimal(row["quantity"])
        for row in found.get("kept_batches") or ():
            self._places[_place(row)].kept[row["batch_id"]] = Decimal(row["kept"])
        self._owing.update({row["id"]: _place(row) for row in found.get("deficits") or ()})
        for row in rows:
            for change in self._waiting.pop(_place(row), ()):
                self._places[_place(row)].apply(change)

    def state(self, wanted: Sequence[Mapping[str, Any]], day: str) -> Row:
        """The places wanted as a voucher of that day may use them."""
        places = [self._places[_place(row)] for row in wanted]
        first = day if any(row["skip_expired"] for row in wanted) else ""
        return {
            "balances": [place.as_of(day, first, self._costs.get(place.balance["item_id"])) for place in places],
            "deficits": [row for place in places for row in place.open_deficits()],
            "layers": [
                layer for row, place in zip(wanted, places, strict=True) for layer in self._in_turn(row, place.layers)
                if layer["received_on"] <= day and Decimal(layer["quantity"]) > 0 and keeps(layer, first)
            ],
            "batches": [
                batch for row, place in zip(wanted, places, strict=True)
                for batch in self._in_turn(row, [*place.lots(day)]) if keeps(batch, first)
            ],
            "kept_batches": [
                batch for row, place in zip(wanted, places, strict=True)
                for batch in place.kept_batches(str(one) for one in row["batches"])
            ],
        }  # fmt: skip

    def _in_turn(self, wanted: Mapping[str, Any], rows: Sequence[Row]) -> Sequence[Row]:
        """Layers or batches in the order in which they are taken; within a day of their policy as they came."""
        policy = wanted.get("policy")
        if policy not in _BY_BATCH:
            return rows
        if policy == BatchPolicy.FEFO:
            return sorted(rows, key=lambda row: row.get("expires_on") or _UNDATED)
        return sorted(rows, key=lambda row: self._manufactured.get(row.get("batch_id") or "") or _UNDATED)

    def enter(
        self, voucher: ResolvedVoucher, plan: PostingPlan, expiry: Callable[[UUID | None], str | None]
    ) -> None:
        """Let later vouchers see what a plan takes and puts, owes and reserves."""
        self._turn += 1
        self._turns[plan.journal_id] = self._turn
        made = {layer.id: layer for layer in plan.layers}
        batches = [part.batch for line in voucher.lines for part in line.parts if part.batch]
        self._expiries |= {str(one.id): one.expires_on.isoformat() for one in batches if one.expires_on}
        self._manufactured |= {str(one.id): one.manufactured_on.isoformat() for one in batches if one.manufactured_on}
        for movement in plan.movements:
            layer = made.get(movement.layer_id) if movement.layer_id else None
            origin = layer.origin_layer_id if layer else None
            told = str(plan.journal_id)
            expires = expiry(movement.batch_id) or self._expiries.get(str(movement.batch_id))
            change = _change(movement, 1, voucher.date.isoformat(), expires, origin, told)
            self._change(change | {"source_voucher_id": str(voucher.id), "source_line_number": movement.line_number})
            if movement.quantity:
                self._costs[str(movement.item_id)] = _unit_cost(movement)
        self._owe(plan, 1)
        met = {self._owing[str(part.deficit_id)] for part in plan.deficit_settlements if part.from_stock}
        for place in sorted(met):
            self._change({"place": place, "sets_off": str(plan.journal_id)})
        for kept in plan.reservations:
            self.reserve(_kept_in(kept), kept.quantity)

    def reserve(self, where: tuple[str, str, str | None], quantity: Decimal) -> None:
        """So much more of an item in a warehouse, or of a batch there, is kept for an order (negative: less)."""
        item, warehouse, batch = where
        self._change({"place": (item, warehouse), "batch_id": batch, "reserved": quantity})

    def _owe(self, plan: PostingPlan, sign: int) -> None:
        """What a plan owes and settles (sign -1: no longer)."""
        for deficit in plan.deficits:
            self._owing[str(deficit.id)] = (str(deficit.item_id), str(deficit.warehouse_id))
            self._change(_debt(self._owing[str(deficit.id)], deficit.id, sign * deficit.quantity, sign * deficit.value))
        for part in plan.deficit_settlements:
            place = self._owing[str(part.deficit_id)]
            self._change(_debt(place, part.deficit_id, -sign * part.quantity, -sign * part.value))

    def take_back_plan(self, plan: PostingPlan, name: str, day: str) -> None:
        """Undo a plan of the rehearsal on a day. Raises INV-011 when what it put is gone."""
        places = {(str(movement.item_id), str(movement.warehouse_id)) for movement in plan.movements}
        for place in sorted(places):
            self._change({"place": place, "restores": str(plan.journal_id)})
        self._owe(plan, -1)
        changes = [_change(movement, -1, day, None, None) for movement in plan.movements]
        self._take_back(changes, name, self._turns[plan.journal_id])
        for kept in plan.reservations:
            self.reserve(_kept_in(kept), -kept.quantity)

    def take_back_movements(self, effects: Mapping[str, Any], name: str, day: str) -> None:
        """Undo a stored voucher on a day, by what `reversal_effects` says. Raises INV-011 when what it put is gone."""
        moved = effects.get("movements") or ()
        self._manufactured |= {row["batch_id"]: row["manufactured_on"] for row in moved if row["batch_id"]}
        for row in effects.get("deficits") or ():
            self._owing[row["id"]] = _place(row)
            self._change(_debt(_place(row), row["id"], Decimal(row["quantity"]), Decimal(row["value"])))
        self._take_back([_stored_change(row, day) for row in moved], name, 0)

    def _take_back(self, changes: Sequence[Row], name: str, since: int) -> None:
        """Undo what was done in a turn; 0 is before the rehearsal."""
        self._turn += 1
        moved = [change for change in changes if not change["is_set_off"]]
        for one in {_lot(change): None for change in moved}:
            quantity = total(change["quantity"] for change in moved if _lot(change) == one)
            if quantity < 0 and not self._is_there(one, -quantity):
                raise _gone(name, "what it received has been issued since")
        for where in {change["place"] for change in moved if change["layer_id"] is None and change["quantity"]}:
            there = [change for change in moved if change["place"] == where]
            if where in self._places and not self._places[where].is_sound_after(there):
                raise _gone(name, "what it received has been issued since")
        for change in changes:
            if change["is_set_off"]:
                continue
            if not change["quantity"] and not self._is_worth(change, since):
                raise _gone(name, "what it added cost to has been issued since")
        for place in {change["place"]: None for change in changes}:
            self._check_kept(place, total(one["quantity"] for one in changes if one["place"] == place), name)
        for change in changes:
            self._change(change)

    def _is_there(self, lot: Lot, quantity: Decimal) -> bool:
        """Whether that much lies in a layer, in a batch or bin of a pool, or in a pool beside them."""
        where, layer_id, batch, bin_id = lot
        place = self._places.get(where)
        if place is None:
            return True
        layer = next((row for row in place.layers if row["id"] == layer_id), None)
        there = Decimal(layer["quantity"]) if layer is not None else place.lying(batch, bin_id)
        return there >= quantity

    def _is_worth(self, change: Row, since: int) -> bool:
        """Whether cost that was added can be taken off again: its goods lie there as they did, worth at least that."""
        place = self._places.get(change["place"])
        if place is None:
            return True
        if change["layer_id"] is None:
            value = Decimal(place.balance["value"]) + change["value"]
            return value == 0 or (value > 0 and Decimal(place.balance["quantity"]) > 0)
        layer = next((row for row in place.layers if row["id"] == change["layer_id"]), None)
        return (layer is not None and Decimal(layer["quantity"]) > 0
                and Decimal(layer["value"]) + change["value"] >= 0 and layer.get("turn", 0) <= since)  # fmt: skip

    def _check_kept(self, where: Place, quantity: Decimal, name: str) -> None:
        """Orders keep what they have reserved."""
        place = self._places.get(where)
        if place is not None and quantity < 0 and 0 < Decimal(place.balance["reserved"]) > (
                Decimal(place.balance["quantity"]) + quantity):
            raise _gone(name, "what it received is reserved for orders")

    def receipts(
        self, stored: Iterable[Mapping[str, Any]], planned: Iterable[tuple[ResolvedVoucher, PostingPlan]]
    ) -> list[Row]:
        """Rows of `posting_receipts`: what was received, and what is left of it as it would be."""
        rows = [self._receipt(dict(row)) for row in stored]
        for voucher, plan in planned:
            rows += self._planned_receipts(voucher, plan)
        return rows

    def _receipt(self, row: Row) -> Row:
        place = self._places.get(_place(row))
        if place is not None:
            row |= {"pool_quantity": place.balance["quantity"], "pool_value": place.balance["value"]}
        known = {layer["id"]: layer for one in self._places.values() for layer in one.layers}
        parts = [{**part, "quantity": known[part["layer_id"]]["quantity"], "value": known[part["layer_id"]]["value"]}
                 if part["layer_id"] in known else part for part in row["parts"] or ()]  # fmt: skip
        stored = {part["layer_id"] for part in parts}
        line = row["voucher_id"], row["line_number"]
        origins = {_origin(known[one]) for one in stored if one in known} | {
            layer["id"] for layer in known.values()
            if layer["origin_layer_id"] is None and layer["warehouse_id"] == row["warehouse_id"]
            and (layer.get("source_voucher_id"), layer.get("source_line_number")) == line
        }  # fmt: skip
        parts += [_part(layer, row["account_id"]) for layer in known.values()
                  if layer["id"] not in stored and _origin(layer) in origins]  # fmt: skip
        return {**row, "parts": [part for part in parts if Decimal(part["quantity"]) > 0]}

    def _planned_receipts(self, voucher: ResolvedVoucher, plan: PostingPlan) -> Iterable[Row]:
        items = {line.item.id: line.item for line in voucher.lines if line.item is not None}
        for movement in plan.movements:
            if movement.quantity <= 0:
                continue
            item, warehouse = str(movement.item_id), str(movement.warehouse_id)
            layers = [
                layer for place, one in self._places.items() if place[0] == item for layer in one.layers
                if movement.layer_id and str(movement.layer_id) in (layer["id"], layer["origin_layer_id"])
                and Decimal(layer["quantity"]) > 0
            ]  # fmt: skip
            pool = self._places[item, warehouse].balance
            yield {
                "voucher_id": str(voucher.id), "line_number": movement.line_number, "item_id": item,
                "warehouse_id": warehouse, "quantity": movement.quantity, "value": movement.value,
                "valuation": movement.valuation, "account_id": str(movement.account_id), "uom_id": str(movement.uom_id),
                "pool_quantity": pool["quantity"], "pool_value": pool["value"],
                "parts": [_part(layer, str(movement.account_id)) for layer in layers],
                "cogs_account_id": _text(items[movement.item_id].cogs_account_id),
            }  # fmt: skip

    def layer_values(self, wanted: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """What is left of the value of each layer, in the places wanted that were read."""
        places = {_place(row) for row in wanted} & self._places.keys()
        return {layer["id"]: layer["value"] for one in places for layer in self._places[one].layers}

    def counted(
        self, stored: Iterable[Mapping[str, Any]], wanted: Iterable[Mapping[str, Any]], day: date
    ) -> list[Row]:
        """Quantities of that day by batch, bin and unit: stored, and what the rehearsal has moved up to it."""
        places = {_place(row) for row in wanted}
        sums: dict[tuple[str | None, ...], Row] = {}
        moved = [row for row in self._moved if _place(row) in places and row["moved_on"] <= day.isoformat()]
        for row in (*stored, *moved):
            key = (*_place(row), row["batch_id"], row["bin_id"], row["serial_id"])
            known = sums.get(key)
            quantity = Decimal(row["quantity"]) + (known["quantity"] if known else ZERO)
            sums[key] = {**(known or row), "quantity": quantity}
        return [row for row in sums.values() if row["quantity"]]

    def _change(self, change: Row) -> None:
        self._made += 1
        change = {**change, "turn": self._turn, "made": self._made}
        if change.get("quantity") and "moved_on" in change:
            item, warehouse = change["place"]
            self._moved.append({
                "item_id": item, "warehouse_id": warehouse, "batch_id": change["batch_id"], "bin_id": change["bin_id"],
                "serial_id": change["serial_id"], "quantity": change["quantity"], "moved_on": change["moved_on"],
            })  # fmt: skip
        place = self._places.get(change["place"])
        if place is None:
            self._waiting.setdefault(change["place"], []).append(change)
        else:
            place.apply(change)


def places_of_receipt(row: Mapping[str, Any]) -> Iterable[Row]:
    """Where goods of a row of `posting_receipts` came in, and where they lie now."""
    place = {"item_id": row["item_id"], "valuation": row["valuation"]}
    return [{**place, "warehouse_id": one["warehouse_id"]} for one in (row, *(row["parts"] or ()))]


def places_of_reversal(effects: Mapping[str, Any]) -> Iterable[Row]:
    """Where a stored voucher moved goods. What was only owed there doesn't tell the valuation: such places wait."""
    movements = effects.get("movements") or ()
    layered = {_place(row) for row in movements if row["layer_id"]}
    owing = {_place(row) for row in effects.get("deficits") or ()}
    return [{**row, "valuation": "fifo" if _place(row) in layered else "weighted_average"}
            for row in movements if _place(row) in layered or _place(row) not in owing]  # fmt: skip


def _change(
    movement: Movement, sign: int, day: str, expires_on: str | None, origin: UUID | None, told_by: str | None = None
) -> Row:
    return {
        "place": (str(movement.item_id), str(movement.warehouse_id)), "quantity": sign * movement.quantity,
        "value": sign * movement.value, "layer_id": _text(movement.layer_id), "batch_id": _text(movement.batch_id),
        "bin_id": _text(movement.bin_id), "origin_layer_id": _text(origin), "expires_on": expires_on,
        "received_on": day, "moved_on": day, "is_set_off": False, "told_by": told_by,
        "serial_id": _text(movement.serial_id),
        "unit_cost": _unit_cost(movement) if movement.quantity else None,
    }  # fmt: skip


def _origin(layer: Mapping[str, Any]) -> str:
    """The layer that received the goods, before they were moved."""
    return str(layer["origin_layer_id"] or layer["id"])


def _part(layer: Mapping[str, Any], account: str) -> Row:
    """A layer of the rehearsal as part of a receipt: behind all that are stored, as they were made."""
    return {
        "layer_id": layer["id"], "warehouse_id": layer["warehouse_id"], "batch_id": layer["batch_id"],
        "bin_id": layer["bin_id"], "quantity": layer["quantity"], "value": layer["value"], "account_id": account,
        "place": [layer["received_on"], _BEHIND_ALL, layer.get("made", 0)],
    }  # fmt: skip


def _as_it_came(policy: str | None) -> str | None:
    """The order to read layers in: by receipt; days of batches are looked at when they are taken."""
    return BatchPolicy.FIFO if policy in _BY_BATCH else policy


def _gone(name: str, why: str) -> InvalidRequest:
    return InvalidRequest((Fault("INV-011", f"{name[:80]} can't be reversed: {why}", "of", Step.INVENTORY),))


def _unit_cost(movement: Movement) -> Decimal:
    return (movement.value / movement.quantity).quantize(_UNIT_COST, ROUND_HALF_UP)


def _stored_change(row: Mapping[str, Any], day: str) -> Row:
    names = ("layer_id", "batch_id", "bin_id", "serial_id", "origin_layer_id", "expires_on", "source_voucher_id",
             "source_line_number")  # fmt: skip
    return {
        **{name: row[name] for name in names}, "place": _place(row), "quantity": -Decimal(row["quantity"]),
        "value": -Decimal(row["value"]), "received_on": row["received_on"] or "", "moved_on": day,
        "is_set_off": row["kind"] == "set_off",
    }  # fmt: skip


def _lot(change: Mapping[str, Any]) -> Lot:
    return change["place"], change["layer_id"], change["batch_id"], change["bin_id"]


def _kept_in(kept: Reservation) -> tuple[str, str, str | None]:
    return str(kept.item_id), str(kept.warehouse_id), _text(kept.batch_id)


def _debt(place: Place, deficit: UUID | str, quantity: Decimal, value: Decimal) -> Row:
    return {"place": place, "deficit_id": str(deficit), "quantity": quantity, "value": value}


def _text(one: UUID | None) -> str | None:
    return str(one) if one else None


def _place(row: Mapping[str, Any]) -> Place:
    return str(row["item_id"]), str(row["warehouse_id"])
