"""The reference model's goods inside (transfers, production, counts, landed cost) and its money (ledger, settling)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from helpers.reference_items import ITEMS, ZERO, Short, money, spread
from helpers.reference_trade import ReferenceTrade
from helpers.reference_vouchers import (
    OWN_ACCOUNTS,
    SIDES,
    Document,
    OpenItem,
    Settlement,
    Voucher,
    amount_of,
    stock_quantity_of,
)


@dataclass(slots=True)
class ReferenceDesk(ReferenceTrade):
    """Everything else that is entered."""

    # goods inside

    def _transfer(self, made: Voucher, document: Document) -> None:
        for number, line in enumerate(document["lines"], 1):
            item, quantity = line["item"], stock_quantity_of(line)
            try:
                parts = self.stock.take(item, document["from_warehouse"], quantity, line.get("batch"))
            except Short:
                self.faults.append("INV-001")
                continue
            for part in parts:
                place = (item, document["to_warehouse"])
                self._put(made, place, part.quantity, part.value, part.batch, number, part.origin)
                made.cost += part.value
        made.total = made.cost

    def _produce(self, made: Voucher, document: Document) -> None:
        cost = ZERO
        for line in document.get("consume", ()):
            value = self._issue(line, self._place(document, line), stock_quantity_of(line))
            if value is not None:
                made.journal.append((ITEMS[line["item"]].account, "", -value))
                cost += value
        added = sum((Fraction(row["amount"]) for row in document.get("charges", ())), ZERO)
        made.journal += [(row["account"], "", -Fraction(row["amount"])) for row in document.get("charges", ())]
        produced = document["produce"]
        if document.get("consume"):
            weights = [Fraction(line["share"]) if "share" in line else stock_quantity_of(line) for line in produced]
            values = spread(cost + added, weights)
        else:
            values = [amount_of(line) for line in produced]
            made.journal.append(("5040", "", added - sum(values, ZERO)))
        if self.faults:
            return
        for number, (line, value) in enumerate(zip(produced, values, strict=True), 1):
            self._put(made, self._place(document, line), stock_quantity_of(line), value, line.get("batch"), -number)
            made.journal.append((ITEMS[line["item"]].account, "", value))
        made.cost = made.total = sum(values, ZERO)

    def _count(self, made: Voucher, document: Document) -> None:
        gained = lost = ZERO
        for number, line in enumerate(document["lines"], 1):
            place = self._place(document, line)
            off = Fraction(line["counted_quantity"]) - self.stock.quantity_on(place, made.day, line.get("batch"))
            if off < 0:
                value = self._issue(line, place, -off)
                lost += value or ZERO
                change = -(value or ZERO)
            elif off > 0:
                rate = Fraction(line.get("rate") or 0)
                worth = money(rate * off) if rate else self._current_cost(place, off, line)
                if worth is None:
                    continue
                self._put(made, place, off, worth, line.get("batch"), number)
                gained += worth
                change = worth
            else:
                continue
            made.journal += [(ITEMS[line["item"]].account, "", change), ("5040", "", -change)]
        made.cost = made.total = gained or lost

    def _landed(self, made: Voucher, document: Document) -> None:
        receipts = [(number, line) for number in dict.fromkeys(document["receipts"])
                    for line in sorted(self.find(number).lines)]
        rows = [self.find(number).lines[line] for number, line in receipts]
        for charge in document["charges"]:
            amount = Fraction(charge["amount"])
            made.total += amount
            values, quantities = [row.value for row in rows], [row.quantity for row in rows]
            ways = [quantities, values] if charge["by"] == "quantity" else [values, quantities]
            weights = next((way for way in ways if any(way)), values)
            for (number, line), part in zip(receipts, spread(amount, weights), strict=True):
                made.cost += self._add_value(made, (self.find(number).id, line), part, "5010")
            made.journal.append((charge["account"], "", -amount))
        made.receipts = [self.find(number).id for number, _ in receipts]

    # money

    def _journal(self, made: Voucher, document: Document) -> None:
        for line in document["lines"]:
            amount = Fraction(line.get("debit", 0)) - Fraction(line.get("credit", 0))
            made.total += max(amount, ZERO)
            made.journal.append((line["account"], line.get("party", ""), amount))

    def _cash(self, made: Voucher, document: Document) -> None:
        sign = SIDES[made.type]
        for line in document["lines"]:
            made.total += Fraction(line["amount"])
            made.journal.append((line["account"], line.get("party", ""), -sign * Fraction(line["amount"])))
        if "account" in document:
            made.journal.append((document["account"], "", sign * made.total))
        else:
            self._party(made, "2110" if made.type == "DEBIT_NOTE" else "1130", sign * made.total)

    def _settle(self, made: Voucher, document: Document) -> None:
        sign = 1 if made.type == "AR_RECEIPT" else -1
        made.total = Fraction(document["amount"])
        settled: dict[str, Fraction] = {}
        extras = {"discount": ZERO, "write_off": ZERO}
        given = ZERO
        for row in document.get("allocations", ()):
            given += Fraction(row["amount"])
            for name in extras:
                extras[name] += Fraction(row.get(name, 0))
            self._allocate(made, row, sign, settled)
        advance = made.total - given
        if advance < 0:
            self.faults.append("VCH-019")
        control = OWN_ACCOUNTS.get(made.party, "1130" if sign > 0 else "2110")
        settled.setdefault(control, ZERO)
        if advance > 0 and settled[control] < 0:
            self.faults.append("VCH-019")
        for account, amount in settled.items():
            left = advance if account == control else ZERO
            own = OpenItem(made.party, account, -sign * (amount + left), -sign * left, made.id)
            if own.amount:
                made.items.append(own)
                made.settlements.insert(0, Settlement(own, -sign * amount))
                made.journal.append((account, made.party, own.amount))
        made.journal += [(document["account"], "", sign * made.total),
                         ("6010" if sign > 0 else "4030", "", sign * extras["discount"]),
                         ("6060", "", sign * extras["write_off"])]

    def _allocate(self, made: Voucher, row: Mapping[str, Any], sign: int, settled: dict[str, Fraction]) -> None:
        wanted = sum((Fraction(row.get(name, 0)) for name in ("amount", "discount", "write_off")), ZERO)
        left = sign * wanted
        items = [item for item in self.find(row["voucher_number"]).items if item.party == made.party]
        if not items:
            self.faults.append("VCH-020")
            return
        for item in items:
            part = min(left, item.left) if left > 0 else max(left, item.left)
            if part * left <= 0:
                continue
            item.left -= part
            left -= part
            settled[item.account] = settled.get(item.account, ZERO) + sign * part
            made.settlements.append(Settlement(item, part))
        if left:
            self.faults.append("VCH-019")
