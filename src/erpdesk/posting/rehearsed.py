"""Vouchers that a rehearsal has planned: what later ones may name, follow, settle, reverse, and what they use up.

Rows have the shape in which the server answers `posting_resolve` and `posting_open`: plans can't tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.vocabulary import DocumentKind
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ZERO, total
from erpdesk.domain.results import ConflictError, Fault, InvalidRequest, Step
from erpdesk.posting.clearing_plan import follows
from erpdesk.posting.plan import PostingPlan, Settlement
from erpdesk.posting.resolved import Line, ResolvedVoucher

Row = dict[str, Any]
Kept = tuple[str, str, str | None]
"""What a reservation keeps: item, warehouse, batch."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a voucher did beside stock: uses of source lines, settlements of open items, balances of parties."""

    uses: tuple[tuple[str, int, Decimal, Decimal], ...] = ()
    settled: tuple[tuple[str, Decimal, Decimal], ...] = ()
    parties: tuple[tuple[str, Decimal], ...] = ()
    reserved: tuple[tuple[str, Decimal], ...] = ()


@dataclass(slots=True)
class _Planned:
    """A voucher of the rehearsal: as it can be named, its source lines and open items, its plan."""

    named: Row
    voucher: ResolvedVoucher
    plan: PostingPlan
    lines: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    reservations: list[Row] = field(default_factory=list)


class RehearsedVouchers:
    """A running overlay over vouchers, open items, orders and parties as they are."""

    def __init__(self) -> None:
        self._planned: dict[str, _Planned] = {}
        self._keys: dict[str, str] = {}
        self._uses: dict[tuple[str, int], list[Decimal]] = {}
        self._settled: dict[str, list[Decimal]] = {}
        self._released: dict[tuple[str, int], tuple[Decimal, Decimal]] = {}
        self._parties: dict[str, Decimal] = {}
        self._reserved: dict[str, Decimal] = {}
        self._reserved_in: dict[str, Kept] = {}
        self._kept: dict[str, Row] = {}
        self._followers: dict[str, set[str]] = {}
        self._reversed: set[str] = set()

    def copied(self) -> RehearsedVouchers:
        """The same, to go back to."""
        made = RehearsedVouchers()
        made._planned = {
            one: replace(known, named=dict(known.named), items=[dict(item) for item in known.items])
            for one, known in self._planned.items()
        }
        made._keys, made._reserved, made._parties = dict(self._keys), dict(self._reserved), dict(self._parties)
        made._uses = {one: list(known) for one, known in self._uses.items()}
        made._settled = {one: list(known) for one, known in self._settled.items()}
        made._reserved_in, made._kept = dict(self._reserved_in), dict(self._kept)
        made._followers = {one: set(known) for one, known in self._followers.items()}
        made._reversed, made._released = set(self._reversed), dict(self._released)
        return made

    def seen(self, stored: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The vouchers that `posting_resolve` found, as they would stand, and those of the rehearsal by their keys."""
        rows = [{**row, "status": "REVERSED"} if row["id"] in self._reversed else row for row in stored]
        return [*rows, *({**self._planned[one].named, "ref": f"key:{key}"} for key, one in self._keys.items())]

    def is_reversed(self, voucher_id: str) -> bool:
        """Whether a voucher, stored or planned here, was reversed in the rehearsal."""
        planned = self._planned.get(voucher_id)
        return voucher_id in self._reversed or (planned is not None and planned.named["status"] == "REVERSED")

    def over(self, state: Row, wanted: Mapping[str, Any]) -> Row:
        """The server's answer with what the rehearsal adds and uses up."""
        ids = set(wanted.get("sources") or ())
        sources = [row for row in state.get("sources") or () if row["id"] not in self._planned]
        sources += [
            {"id": one, "status": self._planned[one].named["status"], "lines": self._planned[one].lines}
            for one in sorted(ids & self._planned.keys())
        ]
        settled = set(wanted.get("settled") or ())
        items = [*(state.get("open_items") or ())]
        items += [item for one in sorted(settled & self._planned.keys()) for item in self._planned[one].items]
        kept = [*(state.get("reservations") or ())]
        there = {row["id"] for row in kept}
        kept += [row for one, row in self._kept.items() if one not in there and row["voucher_id"] in ids]
        kept += [row for one in sorted(ids & self._planned.keys()) for row in self._planned[one].reservations]
        self._reserved_in |= {
            str(row["id"]): (str(row["item_id"]), str(row["warehouse_id"]), row["batch_id"]) for row in kept
        }
        parties = {
            party: {**row, "balance": Decimal(row["balance"]) + self._parties.get(party, ZERO)}
            for party, row in (state.get("parties") or {}).items()
        }
        return {
            **state,
            "sources": [self._source(row) for row in sources],
            "open_items": sorted((self._open_item(row) for row in items), key=lambda row: str(row["id"])),
            "reservations": [row for row in map(self._reservation, kept) if row["quantity_left"] > 0],
            "parties": parties,
        }

    def _source(self, row: Row) -> Row:
        lines = []
        for line in row["lines"] or ():
            quantity, value = self._uses.get((row["id"], line["line_number"]), (ZERO, ZERO))
            lines.append({**line, "used_quantity": Decimal(line["used_quantity"]) + quantity,
                          "used_value": Decimal(line["used_value"]) + value})  # fmt: skip
        status = "REVERSED" if row["id"] in self._reversed else row["status"]
        return {**row, "status": status, "lines": lines}

    def _open_item(self, row: Row) -> Row:
        amount, stated = self._settled.get(row["id"], (ZERO, ZERO))
        return {**row, "open_amount": Decimal(row["open_amount"]) - amount,
                "currency_open_amount": Decimal(row["currency_open_amount"]) - stated}  # fmt: skip

    def _reservation(self, row: Row) -> Row:
        return {**row, "quantity_left": Decimal(row["quantity_left"]) - self._reserved.get(row["id"], ZERO)}

    def enter(self, key: str | None, voucher: ResolvedVoucher, plan: PostingPlan) -> None:
        """Let later vouchers name this one, and see what it uses up."""
        voucher_id = str(voucher.id)
        self._planned[voucher_id] = _planned(voucher, plan)
        if key:
            self._keys[key] = voucher_id
        for followed in _followed(voucher, plan):
            self._followers.setdefault(followed, set()).add(voucher_id)
        self._apply(effect_of(plan), 1)

    def reserved_by(self, plan: PostingPlan) -> Iterable[tuple[Kept, Decimal]]:
        """What a plan uses up of reservations: what is kept where, and how much."""
        return [(self._reserved_in[str(use.reservation_id)], use.quantity) for use in plan.reservation_uses]

    def refuse_followed(self, voucher_id: str, name: str) -> None:
        """Raises VCH-023 when a voucher of the rehearsal follows this one."""
        if self._followers.get(voucher_id):
            message = f"{name[:80]} is followed by others: reverse what follows it first"
            raise InvalidRequest((Fault("VCH-023", message, "of", Step.JOURNAL),))

    def take_back(
        self, effects: Mapping[str, Any], released: Iterable[Row]
    ) -> list[tuple[Kept, Decimal]]:
        """A stored voucher is reversed, by what `reversal_effects` says of it, and what that has `released`. Returns
        what is kept for orders again, and how much; negative where the order itself goes."""
        self._reversed.add(str(effects["id"]))
        uses, parties = (effects.get(name) or () for name in ("uses", "parties"))
        effect = Effect(
            tuple((one["voucher_id"], one["line_number"], Decimal(one["quantity"]), Decimal(one["value"]))
                  for one in uses),
            tuple((one["id"], Decimal(one["amount"]), Decimal(one["currency_amount"])) for one in released),
            tuple((one["id"], Decimal(one["amount"])) for one in parties),
        )  # fmt: skip
        self._apply(effect, -1)
        self._release({one["item"] for one in parties})
        return [self._kept_again(row) for row in effects.get("reservations") or ()]

    def _kept_again(self, row: Row) -> tuple[Kept, Decimal]:
        left = Decimal(row["quantity_left"]) - self._reserved.get(row["id"], ZERO)
        back = min(Decimal(row["quantity"]) - left, Decimal(row["used"])) if row["used"] is not None else -left
        self._kept[row["id"]] = row
        self._reserved[row["id"]] = self._reserved.get(row["id"], ZERO) - back
        return (row["item_id"], row["warehouse_id"], row["batch_id"]), back

    def planned(self, reference: str) -> tuple[ResolvedVoucher, PostingPlan] | None:
        """A voucher of the rehearsal that may be reversed, named by its key, and its plan; None for any other voucher.
        Raises VCH-024 when it was reversed before, VCH-023 when something follows it."""
        voucher_id = self._keys.get(reference[4:]) if reference.startswith("key:") else None
        if voucher_id is None:
            return None
        one = self._planned[voucher_id]
        if one.named["status"] == "REVERSED":
            raise ConflictError("VCH-024", f"{reference[:80]} was already reversed", field="of", step=Step.JOURNAL)
        self.refuse_followed(voucher_id, reference)
        return one.voucher, one.plan

    def reverse(self, reference: str) -> None:
        """A voucher of the rehearsal is reversed, after `planned` gave its plan."""
        one = self._planned[self._keys[reference[4:]]]
        one.named["status"] = "REVERSED"
        for item in one.items:
            item |= {"open_amount": ZERO, "currency_open_amount": ZERO}
        for followed in _followed(one.voucher, one.plan):
            self._followers[followed].discard(str(one.voucher.id))
        self._apply(replace(effect_of(one.plan), settled=self._still_settled(one)), -1)
        self._release({item["id"] for item in one.items})

    def _left(self, one: _Planned, number: int) -> tuple[Decimal, Decimal]:
        """What a settlement of a voucher of the rehearsal still settles."""
        part, released = one.plan.settlements[number], self._released.get((one.named["id"], number), (ZERO, ZERO))
        return part.amount - released[0], _stated(part) - released[1]

    def _still_settled(self, one: _Planned) -> tuple[tuple[str, Decimal, Decimal], ...]:
        return tuple((str(part.open_item_id), *self._left(one, number))
                     for number, part in enumerate(one.plan.settlements) if not part.own)  # fmt: skip

    def _release(self, items: set[str]) -> None:
        """Settlements of these items by vouchers of the rehearsal no longer stand, nor the other side of each."""
        for one in self._planned.values():
            parts = [] if one.named["status"] == "REVERSED" else [*enumerate(one.plan.settlements)]
            others = [(number, part) for number, part in parts if str(part.open_item_id) not in items]
            others.sort(key=lambda one: not one[1].own)
            for number, part in parts:
                if str(part.open_item_id) in items:
                    still = self._left(one, number)
                    self._give_back(one, number, still)
                    for other, _ in others:
                        back = _opposite(still, self._left(one, other))
                        self._give_back(one, other, back)
                        still = still[0] + back[0], still[1] + back[1]

    def _give_back(self, one: _Planned, number: int, back: tuple[Decimal, Decimal]) -> None:
        key, part = (one.named["id"], number), one.plan.settlements[number]
        before = self._released.get(key, (ZERO, ZERO))
        self._released[key] = before[0] + back[0], before[1] + back[1]
        known = self._settled.setdefault(str(part.open_item_id), [ZERO, ZERO])
        known[0], known[1] = known[0] - back[0], known[1] - back[1]

    def received(self, voucher_ids: Iterable[str]) -> Iterable[tuple[ResolvedVoucher, PostingPlan]]:
        """The vouchers of the rehearsal among those named, with their plans."""
        return [(self._planned[one].voucher, self._planned[one].plan) for one in voucher_ids if one in self._planned]

    def _apply(self, effect: Effect, sign: int) -> None:
        for voucher, line, quantity, value in effect.uses:
            known = self._uses.setdefault((voucher, line), [ZERO, ZERO])
            known[0] += sign * quantity
            known[1] += sign * value
        for item, amount, stated in effect.settled:
            known = self._settled.setdefault(item, [ZERO, ZERO])
            known[0] += sign * amount
            known[1] += sign * stated
        for party, amount in effect.parties:
            self._parties[party] = self._parties.get(party, ZERO) + sign * amount
        for reservation, quantity in effect.reserved:
            self._reserved[reservation] = self._reserved.get(reservation, ZERO) + sign * quantity


def effect_of(plan: PostingPlan) -> Effect:
    """What a plan does beside stock."""
    return Effect(
        tuple((str(use.voucher_id), use.line_number, use.quantity, use.value) for use in plan.source_uses),
        tuple(
            (str(part.open_item_id), part.amount, _stated(part)) for part in plan.settlements if not part.own
        ),
        tuple((str(item.party_id), item.amount) for item in plan.open_items),
        tuple((str(use.reservation_id), use.quantity) for use in plan.reservation_uses),
    )  # fmt: skip


def _stated(part: Settlement) -> Decimal:
    """The amount in the currency of the open item."""
    return part.amount if part.currency_amount is None else part.currency_amount


def _opposite(still: tuple[Decimal, Decimal], there: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    """As much of the other side as takes what is `still` released, in base and in its currency."""
    base, stated = (
        (ZERO if left * other >= 0 else other if abs(other) <= abs(left) else -left)
        for left, other in zip(still, there, strict=True)
    )
    return base, stated


def _followed(voucher: ResolvedVoucher, plan: PostingPlan) -> set[str]:
    """The vouchers that this one uses lines of, or adds cost to."""
    return {str(use.voucher_id) for use in plan.source_uses} | {str(one.source.id) for one in voucher.receipts}


def _planned(voucher: ResolvedVoucher, plan: PostingPlan) -> _Planned:
    values: dict[int, Decimal] = {}
    for movement in plan.movements:
        if movement.grid == "lines" and movement.quantity:
            values[movement.line_number] = values.get(movement.line_number, ZERO) + movement.value
    for use in plan.source_uses:
        values.setdefault(use.own_line, use.value)
    goods = [line for line in voucher.lines if line.grid == "lines" and line.item is not None]
    items = [
        {"id": str(item.id), "voucher_id": str(voucher.id), "party_id": str(item.party_id),
         "account_id": str(item.account_id), "open_amount": item.still_open,
         "currency_open_amount": item.still_open if item.currency_still_open is None else item.currency_still_open,
         "currency_code": voucher.currency_code, "exchange_rate": voucher.exchange_rate}
        for item in plan.open_items
    ]  # fmt: skip
    named = {
        "id": str(voucher.id), "number": None, "status": "POSTED", "date": voucher.date.isoformat(),
        "party": key_of(voucher.party.code) if voucher.party else None,
        "party_name": voucher.party.named if voucher.party else None, "currency": voucher.currency_code,
        "kind": str(voucher.blueprint.voucher_type.document_kind),
        "lines": [_named_line(line, plan) for line in goods], "open_items": items,
    }  # fmt: skip
    lines = [
        {"line_number": line.number, "quantity": line.stock_quantity, "used_quantity": ZERO,
         "value": abs(values.get(line.number, ZERO)), "used_value": ZERO}
        for line in goods
    ]  # fmt: skip
    kept = [
        {"id": str(one.id), "voucher_id": str(voucher.id), "line_number": one.line_number, "item_id": str(one.item_id),
         "warehouse_id": str(one.warehouse_id), "batch_id": str(one.batch_id) if one.batch_id else None,
         "quantity_left": one.quantity}
        for one in plan.reservations
    ]  # fmt: skip
    return _Planned(named, voucher, plan, lines, items, kept)


def _named_line(line: Line, plan: PostingPlan) -> Row:
    assert line.item is not None
    moved = [one for one in plan.movements if one.grid == line.grid and one.line_number == line.number]
    batches = {
        one: abs(total(part.quantity for part in moved if part.batch_id == one))
        for one in dict.fromkeys(part.batch_id for part in moved if part.batch_id)
    }
    serials = {unit.code for part in line.parts for unit in part.units}
    moved_by = None
    if line.source and line.source_line and follows(line, DocumentKind.RECEIPT, DocumentKind.DELIVERY):
        batches, serials = dict(line.source_line.batches), set(line.source_line.serials)
        moved_by = [str(line.source.id), line.source_line.number]
    return {
        "line_number": line.number, "item_id": str(line.item.id), "quantity": line.quantity,
        "stock_quantity": line.stock_quantity, "amount": line.amount,
        "warehouse_id": str(line.warehouse.id) if line.warehouse else None,
        "batches": [[str(batch), quantity] for batch, quantity in batches.items()],
        "serials": sorted(serials),
        "moved_by": moved_by,
    }  # fmt: skip


