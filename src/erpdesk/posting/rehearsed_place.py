"""One item in one warehouse as a rehearsal has left it: balance, layers, batches, what it owes, what each day moved.

Rows have the shape in which the server answers `rehearsal_stock`; a change adds to them what a plan would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from erpdesk.domain.money import ZERO
from erpdesk.posting.stock_state import NO_BIN

Row = dict[str, Any]


@dataclass(slots=True)
class RehearsedPlace:
    """A place and its rows; `days` are sums of quantity, `costs` unit costs by the plan that told them, newest last."""

    balance: Row
    layers: list[Row] = field(default_factory=list)
    batches: list[Row] = field(default_factory=list)
    deficits: list[Row] = field(default_factory=list)
    days: dict[str, Decimal] = field(default_factory=dict)
    costs: list[tuple[str, Decimal]] = field(default_factory=list)
    kept: dict[str, Decimal] = field(default_factory=dict)
    lot_days: dict[tuple[str | None, str | None], dict[str, Decimal]] = field(default_factory=dict)
    emptied: dict[str, list[tuple[Row, Decimal, Decimal]]] = field(default_factory=dict)

    def apply(self, change: Mapping[str, Any]) -> None:
        """A change of the balance, and of the layer, batch or deficit that it concerns."""
        if "reserved" in change:
            self.balance["reserved"] = Decimal(self.balance["reserved"]) + change["reserved"]
            if change["batch_id"]:
                self.kept[change["batch_id"]] = self.kept.get(change["batch_id"], ZERO) + change["reserved"]
        elif "deficit_id" in change:
            self._owe(change)
        elif "sets_off" in change:
            self._set_off(change["sets_off"])
        elif "restores" in change:
            self._restore(change["restores"])
        else:
            self._move(change)

    def _move(self, change: Mapping[str, Any]) -> None:
        _add(self.balance, change)
        if change["quantity"]:
            day = change["moved_on"]
            self.days[day] = self.days.get(day, ZERO) + change["quantity"]
            if change.get("told_by"):
                self.costs.append((change["told_by"], change["unit_cost"]))
        if change["layer_id"] is not None:
            _apply_to(self.layers, change, [row for row in self.layers if row["id"] == change["layer_id"]])
        elif change["batch_id"] is not None or change["bin_id"] is not None:
            days = self.lot_days.setdefault((change["batch_id"], change["bin_id"]), {})
            days[change["moved_on"]] = days.get(change["moved_on"], ZERO) + change["quantity"]
            named = {name: change[name] for name in ("batch_id", "bin_id")}
            same = [row for row in self.batches if {name: _bin(row[name]) for name in named} == named]
            _apply_to(self.batches, change, same)

    def _owe(self, change: Mapping[str, Any]) -> None:
        known = [row for row in self.deficits if row["id"] == change["deficit_id"]]
        if known:
            _add(known[0], change)
        else:
            item, warehouse = change["place"]
            self.deficits.append({"id": change["deficit_id"], "item_id": item, "warehouse_id": warehouse,
                                  "quantity": change["quantity"], "value": change["value"]})  # fmt: skip

    def _set_off(self, plan: str) -> None:
        """What lies here has met what was owed."""
        held = [row for row in (*self.layers, *self.batches) if Decimal(row["quantity"])]
        self.emptied[plan] = [(row, Decimal(row["quantity"]), Decimal(row.get("value") or 0)) for row in held]
        for row, quantity, value in self.emptied[plan]:
            _add(row, {"quantity": -quantity, "value": -value})

    def _restore(self, plan: str) -> None:
        """As if a plan had told no cost and set off nothing."""
        self.costs = [one for one in self.costs if one[0] != plan]
        for row, quantity, value in self.emptied.pop(plan, ()):
            _add(row, {"quantity": quantity, "value": value})

    @property
    def owed(self) -> tuple[Decimal, Decimal]:
        """Quantity and value of what is owed."""
        return (sum((Decimal(row["quantity"]) for row in self.deficits), ZERO),
                sum((Decimal(row["value"]) for row in self.deficits), ZERO))  # fmt: skip

    @property
    def held(self) -> Decimal:
        """What lies here, beside what is owed."""
        return Decimal(self.balance["quantity"]) + self.owed[0]

    def lying(self, batch: str | None, bin_id: str | None) -> Decimal:
        """What lies in a batch or bin of a pool; without either, what lies beside all of them."""
        named = [(_bin(row["batch_id"]), _bin(row["bin_id"]), Decimal(row["quantity"])) for row in self.batches]
        if batch is None and bin_id is None:
            return self.held - sum((quantity for *where, quantity in named if any(where)), ZERO)
        return sum((quantity for *where, quantity in named if where == [batch, bin_id]), ZERO)

    def is_sound_after(self, changes: Sequence[Mapping[str, Any]]) -> bool:
        """Whether a pool after these is worth something as long as there is something, and nothing otherwise."""
        quantity = self.held + sum((change["quantity"] for change in changes), ZERO)
        value = Decimal(self.balance["value"]) + self.owed[1] + sum((change["value"] for change in changes), ZERO)
        return value >= 0 and (quantity > 0 or value == 0)

    def open_deficits(self) -> Iterator[Row]:
        """What is owed, oldest first."""
        return (row for row in self.deficits if Decimal(row["quantity"]) > 0)

    def as_of(self, day: str, first: str, elsewhere: Decimal | None) -> Row:
        """The balance as a voucher of that day sees it; what has expired before `first` may not be issued,
        `elsewhere` is what the item last cost in another place."""
        quantity, value = self.owed
        cost = self.costs[-1][1] if self.costs else self.balance.get("last_unit_cost")
        rows = self.layers or self.batches
        expired = sum((Decimal(row["quantity"]) for row in rows if not keeps(row, first)), ZERO)
        return {
            **self.balance, "deficit_quantity": quantity, "deficit_value": value, "last_unit_cost": cost,
            "any_unit_cost": self.balance.get("any_unit_cost") if elsewhere is None else elsewhere,
            "least_later": self._least_later(day), "blocked": Decimal(self.balance.get("blocked") or 0) + expired,
        }  # fmt: skip

    def _least_later(self, day: str) -> Decimal | None:
        return least_later(Decimal(self.balance["quantity"]), self.days, day)

    def lots(self, day: str) -> Iterator[Row]:
        """Batches and bins of a pool as a voucher of that day may use them."""
        for row in self.batches:
            days = self.lot_days.get((_bin(row["batch_id"]), _bin(row["bin_id"])), {})
            yield {**row, "least_later": least_later(Decimal(row["quantity"]), days, day)}

    def kept_batches(self, named: Iterable[str]) -> Iterator[Row]:
        """Batches that orders keep, and those named: how much is there, how much of it is kept."""
        rows = self.layers or self.batches
        for batch in {**dict.fromkeys(one for one, kept in self.kept.items() if kept), **dict.fromkeys(named)}:
            there = sum((Decimal(row["quantity"]) for row in rows if row["batch_id"] == batch), ZERO)
            yield {**{name: self.balance[name] for name in ("item_id", "warehouse_id")}, "batch_id": batch,
                   "quantity": there, "kept": self.kept.get(batch, ZERO)}  # fmt: skip


def least_later(left: Decimal, days: Mapping[str, Decimal], day: str) -> Decimal | None:
    """The least there is at the end of the day and of every one until the last that moved anything."""
    least = None
    for later in sorted((one for one in days if one > day), reverse=True):
        left -= days[later]
        least = left if least is None else min(least, left)
    return least


def empty_balance(item_id: str, warehouse_id: str) -> Row:
    """The balance of a place where there has never been anything."""
    return {
        "item_id": item_id, "warehouse_id": warehouse_id, "quantity": ZERO, "value": ZERO, "reserved": ZERO,
        "least_later": None,
    }  # fmt: skip


def keeps(row: Mapping[str, Any], first: str) -> bool:
    """Whether the goods of a row haven't expired before `first`."""
    return not row.get("expires_on") or row["expires_on"] >= first


def _add(row: Row, change: Mapping[str, Any]) -> None:
    for name in ("quantity", "value"):
        if name in row:
            row[name] = Decimal(row[name]) + change[name]


def _apply_to(rows: list[Row], change: Mapping[str, Any], same: list[Row]) -> None:
    if same:
        _add(same[0], change)
        if change["quantity"]:
            same[0]["turn"] = change.get("turn", 0)
        return
    item, warehouse = change["place"]
    made = {name: change[name] for name in ("batch_id", "bin_id", "origin_layer_id", "expires_on", "received_on",
                                            "quantity", "value")}  # fmt: skip
    made |= {name: change.get(name) for name in ("source_voucher_id", "source_line_number", "turn", "made")}
    made |= {"id": change["layer_id"], "item_id": item, "warehouse_id": warehouse, "came": change.get("turn")}
    later = (number for number, row in enumerate(rows) if _is_behind(row, change))
    rows.insert(next(later, len(rows)), made)


def _is_behind(row: Row, change: Mapping[str, Any]) -> bool:
    """Whether a row came after what a change brings in: on a later day; where a stored layer is filled again, also on
    its own day but after it, as ids rise with time."""
    if change["layer_id"] is None:  # batches of one voucher lie in a pool in the order of their ids
        made, lot = ((one["batch_id"] or "", one["bin_id"] or "") for one in (row, change))
        return row.get("came") == change.get("turn") and made > lot
    day, own = row.get("received_on", ""), change["received_on"]
    again = change["layer_id"] is not None and not change.get("told_by")
    return bool(day > own or (again and day == own and row["id"] > change["layer_id"]))


def _bin(text: str | None) -> str | None:
    return None if text == str(NO_BIN) else text
