"""The reference model: vouchers, ledger, open items, numbers, keys and periods, written from the specification.

A document goes in as at every door; what it should give comes out: status, number, total, cost, or the codes of
its refusal. Nothing of the program is used.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import cast

from helpers.reference_desk import ReferenceDesk
from helpers.reference_items import WEIGHED, ZERO, Short
from helpers.reference_stock import Place
from helpers.reference_vouchers import (
    ENDS,
    PREFIXES,
    PRICED,
    SIDES,
    STARTS,
    Document,
    OpenItem,
    Refusal,
    Settlement,
    Told,
    Voucher,
    amount_of,
)


@dataclass(slots=True)
class ReferenceBooks(ReferenceDesk):
    """The books of one organization."""

    counters: dict[str, int] = field(default_factory=dict)
    keys: dict[str, tuple[str, Told]] = field(default_factory=dict)
    locked_months: set[str] = field(default_factory=set)
    audit_lock: str = ""
    is_locked: bool = False

    # doors

    def post(self, document: Document, key: str | None = None) -> Told:
        """Post a document once for its key."""
        return self._once(document, key, lambda: self._post(document))

    def reverse(self, number: str, day: str, key: str | None = None) -> Told:
        """Reverse a voucher by number."""
        return self._once({"of": number, "date": day}, key, lambda: self._reverse(number, day))

    def ledger(self) -> dict[tuple[str, str], Fraction]:
        """Balances by account and party, zero ones left out."""
        sums: dict[tuple[str, str], Fraction] = {}
        for voucher in self.vouchers:
            for account, party, amount in voucher.journal:
                sums[account, party] = sums.get((account, party), ZERO) + amount
        return {name: amount for name, amount in sums.items() if amount}

    def _once(self, document: Document, key: str | None, work: Callable[[], Voucher]) -> Told:
        content = repr(document)
        if key in self.keys:
            before, told = self.keys[key]
            if before != content:
                return Told(frozenset({"VCH-015"}))
            return Told(told.codes, told.status, told.number, told.total, told.cost, True)
        saved = pickle.dumps(self)
        try:
            made = work()
        except Refusal as refusal:
            before_all = cast(ReferenceBooks, pickle.loads(saved))
            for name in fields(self):
                setattr(self, name.name, getattr(before_all, name.name))
            return Told(refusal.codes)
        told = Told(frozenset(), "POSTED", made.number, made.total, made.cost)
        if key:
            self.keys[key] = (content, told)
        return told

    # one voucher

    def _post(self, document: Document) -> Voucher:
        kind = document["type"]
        parts = [*self._source_faults(document), *_typed_faults(document)]
        parts += [] if "VCH-020" in parts else self._batch_faults(document)
        if parts:
            raise Refusal(*self.day_faults(document["date"]), *parts)
        made = self._begin(kind, document["date"], document)
        self.faults = [*self.day_faults(document["date"]), *self._whole_faults(document)]
        if "INV-003" in self.faults:
            raise Refusal(*self.faults)
        handler = HANDLERS[kind]
        handler(self, made, document)
        if self.faults:
            raise Refusal(*self.faults)
        return self._finish(made)

    def _begin(self, kind: str, day: str, document: Document) -> Voucher:
        made = Voucher(len(self.vouchers), kind, "", day, document.get("party", ""), document)
        self.stock.begin(made.id, day)
        made.sequence = self.stock.sequence
        return made

    def _finish(self, made: Voucher) -> Voucher:
        made.journal += [(account, "", amount) for account, amount in self.stock.set_off()]
        made.effects = self.stock.effects
        self.stock.end()
        if sum(amount for _, _, amount in made.journal):
            raise AssertionError(f"the reference does not balance: {made.journal}")
        for party, account in dict.fromkeys((p, a) for a, p, _ in made.journal if p):
            amount = sum((x for a, p, x in made.journal if (p, a) == (party, account)), ZERO)
            if amount and not any(item.account == account and item.party == party for item in made.items):
                made.items.append(OpenItem(party, account, amount, amount, made.id))
        return self._number(made)

    def _number(self, made: Voucher) -> Voucher:
        self.counters[made.type] = self.counters.get(made.type, 0) + 1
        made.number = f"{PREFIXES[made.type]}/26-27/{self.counters[made.type]:06d}"
        self.vouchers.append(made)
        return made

    def day_faults(self, day: str) -> list[str]:
        """Why nothing may be dated on a day, if so."""
        if self.is_locked:
            return ["PRD-005"]
        if not STARTS <= day <= ENDS:
            return ["PRD-001"]
        if day[:7] in self.locked_months:
            return ["PRD-003"]
        return ["PRD-004"] if day <= self.audit_lock else []

    def _source_faults(self, document: Document) -> list[str]:
        named = [document["against"]] if document.get("against") else []
        named += [row["voucher_number"] for row in document.get("allocations", ())]
        named += list(document.get("receipts", ()))
        return ["VCH-020" for number in named if self.find(number).status != "POSTED"]

    def _whole_faults(self, document: Document) -> list[str]:
        """What is wrong between parts that are right by themselves: sides, places, whose and of which day the voucher
        followed is."""
        if document["type"] == "JOURNAL":
            sides = [Fraction(line.get("debit", 0)) - Fraction(line.get("credit", 0)) for line in document["lines"]]
            return ["GL-001"] if sum(sides, ZERO) else []
        if document["type"] == "STOCK_TRANSFER" and document["from_warehouse"] == document["to_warehouse"]:
            return ["INV-003"]
        against = [self.find(document["against"])] if document.get("against") else []
        others = ["VCH-020"] if any(one.party and one.party != document["party"] for one in against) else []
        followed = [*against, *(self.find(number) for number in document.get("receipts", ()))]
        later = any(one.day > document["date"] and not one.type.endswith("_ORDER") for one in followed)
        return [*others, "VCH-026"] if later else others

    # reversal

    def _reverse(self, number: str, day: str) -> Voucher:
        old = self.find(number)
        if old.status == "REVERSED":
            raise Refusal("VCH-024")
        if old.is_reversal:
            raise Refusal("VCH-025")
        if day < old.day:
            raise Refusal("VCH-026")
        if self.day_faults(day):
            raise Refusal(*self.day_faults(day))
        if any(other.status == "POSTED" and (old.id in other.receipts or old.id in [use[0] for use in other.uses])
               for other in self.vouchers):
            raise Refusal("VCH-023")
        made = self._begin(old.type, day, {})
        made.is_reversal, made.total, made.cost = True, old.total, old.cost
        made.journal = [(account, party, -amount) for account, party, amount in old.journal]
        self._reopen(old)
        try:
            self.stock.undo(old.effects)
        except Short:
            raise Refusal("INV-011") from None
        for place in {effect.place for effect in old.effects}:
            rows = self.stock.costs.get(place, [])
            self.stock.costs[place] = [row for row in rows if row[0] != old.sequence]
        if any(self._overreserved(place) for place in {e.place for e in old.effects if e.quantity > 0}):
            raise Refusal("INV-011")
        old.status = "REVERSED"
        return self._number(made)

    def _overreserved(self, place: Place) -> bool:
        kept = sum((one.left for one in self.stock.reservations if one.place == place), ZERO)
        return bool(kept) and self.stock.on_hand(place)[0] < kept

    def _reopen(self, old: Voucher) -> None:
        """Release what it settled and what settled it; give back what it used and reserved."""
        for one in old.settlements:
            one.item.left += one.amount
            one.amount = ZERO
        for other in self.vouchers:
            if other is old or not other.settlements:
                continue
            for one in other.settlements:
                if one.item.voucher == old.id and one.amount:
                    self._release_other_side(other, one)
        for item in old.items:
            item.left = ZERO
        for source, line, quantity, value in old.uses:
            row = self.vouchers[source].lines[line]
            row.used -= quantity
            row.used_value -= value
        for reservation, part in old.reserved:
            reservation.left += part
        for reservation in self.stock.reservations:
            if reservation.order == old.id:
                reservation.left = ZERO

    def _release_other_side(self, other: Voucher, one: Settlement) -> None:
        still, one.amount = one.amount, ZERO
        one.item.left += still
        for counter in other.settlements:
            if (counter.item.party, counter.item.account) != (one.item.party, one.item.account):
                continue
            if counter.amount * still >= 0 or counter.item.voucher == one.item.voucher:
                continue
            part = counter.amount if abs(counter.amount) <= abs(still) else -still
            counter.amount -= part
            counter.item.left += part
            still += part


HANDLERS: Mapping[str, Callable[[ReferenceBooks, Voucher, Document], None]] = {
    "JOURNAL": ReferenceBooks._journal, **dict.fromkeys(SIDES, ReferenceBooks._cash),
    "AR_RECEIPT": ReferenceBooks._settle, "AP_PAYMENT": ReferenceBooks._settle,
    "PURCHASE_INVOICE": ReferenceBooks._purchase, "GOODS_RECEIPT": ReferenceBooks._purchase,
    "OPENING_STOCK": ReferenceBooks._purchase, "PURCHASE_RETURN": ReferenceBooks._purchase_return,
    "SALES_INVOICE": ReferenceBooks._sale, "DELIVERY_NOTE": ReferenceBooks._sale,
    "SALES_RETURN": ReferenceBooks._sales_return, "SALES_ORDER": ReferenceBooks._order,
    "STOCK_TRANSFER": ReferenceBooks._transfer, "STOCK_JOURNAL": ReferenceBooks._produce,
    "PHYSICAL_STOCK": ReferenceBooks._count, "LANDED_COST": ReferenceBooks._landed}




def _typed_faults(document: Document) -> Sequence[str]:
    """What is wrong with its fields by themselves."""
    broken = [line for line in document.get("lines", ()) if "quantity" in line and line["item"] not in WEIGHED
              and Fraction(line["quantity"]).denominator != 1]
    faults = ["INV-004"] if broken else []
    if document["type"] in PRICED:
        amounts = [amount_of(line) for line in document["lines"]]
        given = sum((Fraction(row["amount"]) for row in document.get("charges", ()) if row["code"] == "DISC"), ZERO)
        if min(amounts) < 0 or (given and given > max(sum(amounts), ZERO)):
            return [*faults, "VCH-009"]
    return faults
