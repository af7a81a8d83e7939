"""The reference model's trade: purchases, sales, returns, orders, receipts and deliveries, and what follows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from helpers.reference_items import ITEMS, ZERO, money, spread
from helpers.reference_stock import Layer, Place, Reservation
from helpers.reference_vouchers import (
    TAXED,
    Document,
    ReferenceLedger,
    SourceLine,
    Voucher,
    amount_of,
    stock_quantity_of,
)


@dataclass(slots=True)
class ReferenceTrade(ReferenceLedger):
    """Documents with priced lines."""

    # priced documents

    def _priced(
        self, document: Document
    ) -> tuple[list[Fraction], list[Fraction], Fraction, list[tuple[str, Fraction]]]:
        """Line amounts, line costs, net, and what charges book on their accounts (positive: as the goods)."""
        amounts = [amount_of(line) for line in document["lines"]]
        costs, running, booked = list(amounts), sum(amounts, ZERO), []
        typed = {row["code"]: Fraction(row["amount"]) for row in document.get("charges", ()) if "amount" in row}
        buying = document["type"] in ("PURCHASE_INVOICE", "PURCHASE_RETURN")
        for code, sign in (("DISC", -1), ("FREIGHT", 1)):
            amount = sign * typed.get(code, ZERO)
            if not amount:
                continue
            running += amount
            if buying:
                costs = [cost + part for cost, part in zip(costs, spread(amount, amounts), strict=True)]
            else:
                booked.append(("6010", amount))
        if document.get("auto_charges", True) and document["type"] in TAXED:
            tax = money(running * 13 / 100)
            booked.append(("1150" if buying else "2130", tax))
            running += tax
        return amounts, costs, running, booked

    def _purchase(self, made: Voucher, document: Document) -> None:
        _, costs, net, booked = self._priced(document)
        for number, (line, cost) in enumerate(zip(document["lines"], costs, strict=True), 1):
            quantity, place = stock_quantity_of(line), self._place(document, line)
            if document.get("against"):
                made.cost += self._clear(made, document, line, cost)
                continue
            self._put(made, place, quantity, cost, line.get("batch"), number)
            made.journal.append((ITEMS[line["item"]].account, "", cost))
            made.lines[number] = SourceLine(line["item"], quantity, cost)
            made.cost += cost
        if document["type"] == "PURCHASE_INVOICE":
            made.total = net
            self._party(made, "2110", -net)
            made.journal += [(account, "", amount) for account, amount in booked]
        else:
            made.total = net
            made.journal.append(("2120" if document["type"] == "GOODS_RECEIPT" else "3030", "", -made.cost))

    def _clear(self, made: Voucher, document: Document, line: Mapping[str, Any], cost: Fraction) -> Fraction:
        """An invoice line of a goods receipt; the value that joins stock."""
        used = self._use(made, document, line)
        if used is None:
            return ZERO
        cleared, source, source_line = used
        made.journal.append(("2120", "", cleared))
        return self._add_value(made, (source.id, source_line), cost - cleared, "5020")

    def _add_value(self, made: Voucher, receipt: tuple[int, int], amount: Fraction, expense: str) -> Fraction:
        """Value that comes after its goods: over what is left of them; the issued part is expensed."""
        source = self.vouchers[receipt[0]].lines[receipt[1]]
        if not amount:
            return ZERO
        targets: list[tuple[Layer | Place, Fraction, Fraction]] = []
        if ITEMS[source.item].fifo:
            layers = sorted((layer for layer in self.stock.layers if layer.origin == receipt and layer.quantity),
                            key=lambda layer: layer.order)
            left = [layer.quantity for layer in layers]
            shares = spread(amount, [*left, source.quantity - sum(left, ZERO)])
            targets = [(layer, share, layer.value) for layer, share in zip(layers, shares, strict=False)]
        else:
            document = self.vouchers[receipt[0]].document
            place = self._place(document, document["lines"][receipt[1] - 1])
            held, value = (max(figure, ZERO) for figure in self.stock.on_hand(place))
            targets = [(place, money(amount * min(held, source.quantity) / source.quantity), value)]
        joined = ZERO
        for target, share, value in targets:
            share = max(share, -value)
            if share:
                self.stock.reprice(target, share)
                joined += share
        made.journal += [(ITEMS[source.item].account, "", joined), (expense, "", amount - joined)]
        return joined

    def _followed(self, document: Document, line: Mapping[str, Any]) -> tuple[Voucher, int]:
        source = self.find(document["against"])
        return source, int(line.get("against_line") or next(
            number for number, row in source.lines.items() if row.item == line["item"]))

    def _left_in(self, document: Document, line: Mapping[str, Any]) -> Mapping[str, Fraction]:
        """How much of each batch left with what a line brings back."""
        if document["type"] != "SALES_RETURN" or not document.get("against"):
            return {}
        source, number = self._followed(document, line)
        return source.lines[number].batches

    def _batch_faults(self, document: Document) -> list[str]:
        """More of a batch than left doesn't come back."""
        back: dict[tuple[int, str], Fraction] = {}
        faults = []
        for line in document.get("lines", ()):
            left, batch = self._left_in(document, line), line.get("batch")
            if batch in left:
                key = (self._followed(document, line)[1], batch)
                back[key] = back.get(key, ZERO) + stock_quantity_of(line)
                faults += ["INV-007"] if back[key] > left[batch] else []
        return faults

    def _use(self, made: Voucher, document: Document, line: Mapping[str, Any]) -> tuple[Fraction, Voucher, int] | None:
        """Use up what a line follows; its value pro rata, cumulatively."""
        source, number = self._followed(document, line)
        row, quantity = source.lines[number], stock_quantity_of(line)
        if row.used + quantity > row.quantity:
            self.faults.append("INV-004")
            return None
        returning = made.type in ("SALES_RETURN", "PURCHASE_RETURN")
        last = row.used + quantity == row.quantity
        if last:
            value = row.value - row.used_value
        elif returning:
            value = min(money(row.value * quantity / row.quantity), row.value - row.used_value)
        else:
            value = money(row.value * (row.used + quantity) / row.quantity) - row.used_value
        row.used += quantity
        row.used_value += value
        made.uses.append((source.id, number, quantity, value))
        return value, source, number

    def _sale(self, made: Voucher, document: Document) -> None:
        amounts, _, net, booked = self._priced(document)
        source = self.find(document["against"]) if document.get("against") else None
        delivering = document["type"] == "DELIVERY_NOTE"
        for number, line in enumerate(document["lines"], 1):
            place, account = self._place(document, line), ITEMS[line["item"]].account
            if source is not None and source.type == "DELIVERY_NOTE":
                used = self._use(made, document, line)
                if used is not None:
                    made.journal += [("5010", "", used[0]), ("1160", "", -used[0])]
                continue
            if source is not None and self._use(made, document, line) is not None:
                self._release(made, source.id, made.uses[-1][1], stock_quantity_of(line))
            value = self._issue(line, place, stock_quantity_of(line), below_zero=True)
            if value is not None:
                made.journal += [("1160" if delivering else "5010", "", value), (account, "", -value)]
                made.lines[number] = SourceLine(line["item"], stock_quantity_of(line), value, batches=self.batches)
                made.cost += value
        made.total = net
        if not delivering:
            self._party(made, "1130", net)
            made.journal.append(("4010", "", -sum(amounts, ZERO)))
            made.journal += [(account, "", -amount) for account, amount in booked]

    def _release(self, made: Voucher, order: int, line: int, quantity: Fraction) -> None:
        """An order's own delivery or invoice consumes its reservation."""
        for one in self.stock.reservations:
            if (one.order, one.line) == (order, line):
                part = min(one.left, quantity)
                one.left -= part
                made.reserved.append((one, part))

    def _order(self, made: Voucher, document: Document) -> None:
        _, _, net, _ = self._priced(document)
        made.total = net
        for number, line in enumerate(document["lines"], 1):
            place, quantity = self._place(document, line), stock_quantity_of(line)
            batch = line.get("batch")
            free = self.stock.free(place)
            if (min(free, self.stock.spare(place, batch)) if batch else free) < quantity:
                self.faults.append("INV-001")
                continue
            self.stock.reservations.append(Reservation(made.id, number, place, quantity, quantity, batch))
            made.lines[number] = SourceLine(line["item"], quantity, ZERO)

    def _sales_return(self, made: Voucher, document: Document) -> None:
        amounts, _, net, booked = self._priced(document)
        for number, line in enumerate(document["lines"], 1):
            place, quantity = self._place(document, line), stock_quantity_of(line)
            if document.get("against"):
                used = self._use(made, document, line)
                value = used[0] if used else None
            else:
                value = self._current_cost(place, quantity, line)
            if value is None:
                continue
            left = self._left_in(document, line)
            parts = {line.get("batch"): quantity} if line.get("batch") or len(left) < 2 else left
            for (batch, part), worth in zip(parts.items(), spread(value, [*parts.values()]), strict=True):
                self._put(made, place, part, worth, batch, number)
            made.journal += [(ITEMS[line["item"]].account, "", value), ("5010", "", -value)]
            made.cost += value
        made.total = net
        self._party(made, "1130", -net)
        made.journal.append(("4020", "", sum(amounts, ZERO)))
        made.journal += [(account, "", amount) for account, amount in booked]

    def _purchase_return(self, made: Voucher, document: Document) -> None:
        _, costs, net, booked = self._priced(document)
        for line in document["lines"]:
            place, quantity, prefer = self._place(document, line), stock_quantity_of(line), None
            if document.get("against"):
                used = self._use(made, document, line)
                if used is None:
                    continue
                prefer = (used[1].id, used[2])
            value = self._issue(line, place, quantity, prefer=prefer)
            if value is not None:
                made.journal.append((ITEMS[line["item"]].account, "", -value))
                made.cost += value
        made.total = net
        self._party(made, "2110", net)
        made.journal += [(account, "", -amount) for account, amount in booked]
        made.journal.append(("5020", "", made.cost - sum(costs, ZERO)))
