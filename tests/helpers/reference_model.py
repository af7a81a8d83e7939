"""The reference model: vouchers, ledger, open items, numbers, keys and periods, written from the specification.

A document goes in as at every door; what it should give comes out: status, number, total, cost, or the codes of
its refusal. Nothing of the program is used.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from helpers.reference_stock import (
    ITEMS,
    ZERO,
    Costless,
    Effect,
    Layer,
    Place,
    ReferenceStock,
    Reservation,
    Short,
    money,
    spread,
)

Document = Mapping[str, Any]
STARTS, ENDS = "2026-04-01", "2027-03-31"
PREFIXES = {
    "JOURNAL": "JV", "CASH_RECEIPT": "CR", "CASH_PAYMENT": "CP", "CASH_TRANSFER": "CT", "BANK_RECEIPT": "BR",
    "BANK_PAYMENT": "BP", "BANK_TRANSFER": "BT", "AR_RECEIPT": "RC", "AP_PAYMENT": "PY", "SALES_INVOICE": "SI",
    "SALES_RETURN": "SR", "PURCHASE_INVOICE": "PI", "PURCHASE_RETURN": "PR", "DEBIT_NOTE": "DN", "CREDIT_NOTE": "CN",
    "LANDED_COST": "LC", "STOCK_TRANSFER": "ST", "STOCK_JOURNAL": "SJ", "OPENING_STOCK": "OS", "SALES_ORDER": "SO",
    "GOODS_RECEIPT": "GR", "DELIVERY_NOTE": "DL", "PHYSICAL_STOCK": "PS"}
OWN_ACCOUNTS = {"C002": "1135"}
UNITS = {"BOX": 12}


class Refusal(Exception):
    """What the program should say: the codes of its faults."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = frozenset(codes)


@dataclass(frozen=True, slots=True)
class Told:
    """What a desk is told: a result, or the codes of a refusal."""

    codes: frozenset[str] = frozenset()
    status: str = ""
    number: str | None = None
    total: Fraction = ZERO
    cost: Fraction = ZERO
    replayed: bool = False


@dataclass(slots=True)
class OpenItem:
    """What a voucher leaves open of a party, and of it now."""

    party: str
    account: str
    amount: Fraction
    left: Fraction
    voucher: int


@dataclass(slots=True)
class Settlement:
    """By how much an open item got smaller; `own` is the settling voucher's own side."""

    item: OpenItem
    amount: Fraction


@dataclass(slots=True)
class SourceLine:
    """A line that others may follow: what of its quantity and value was used."""

    item: str
    quantity: Fraction
    value: Fraction
    used: Fraction = ZERO
    used_value: Fraction = ZERO


@dataclass(slots=True)
class Voucher:
    """A posted voucher with everything it did."""

    id: int
    type: str
    number: str
    day: str
    party: str
    document: Document
    status: str = "POSTED"
    total: Fraction = ZERO
    cost: Fraction = ZERO
    sequence: int = 0
    is_reversal: bool = False
    journal: list[tuple[str, str, Fraction]] = field(default_factory=list)
    items: list[OpenItem] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    lines: dict[int, SourceLine] = field(default_factory=dict)
    uses: list[tuple[int, int, Fraction, Fraction]] = field(default_factory=list)
    reserved: list[tuple[Reservation, Fraction]] = field(default_factory=list)
    receipts: list[int] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


@dataclass(slots=True)
class ReferenceBooks:
    """The books of one organization."""

    stock: ReferenceStock = field(default_factory=ReferenceStock)
    vouchers: list[Voucher] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    keys: dict[str, tuple[str, Told]] = field(default_factory=dict)
    locked_months: set[str] = field(default_factory=set)
    audit_lock: str = ""
    is_locked: bool = False
    _faults: list[str] = field(default_factory=list)
    _price: Fraction = ZERO

    # doors

    def post(self, document: Document, key: str | None = None) -> Told:
        """Post a document once for its key."""
        return self._once(document, key, lambda: self._post(document))

    def reverse(self, number: str, day: str, key: str | None = None) -> Told:
        """Reverse a voucher by number."""
        return self._once({"of": number, "date": day}, key, lambda: self._reverse(number, day))

    def find(self, number: str) -> Voucher:
        """A posted or reversed voucher by number."""
        return next(voucher for voucher in self.vouchers if voucher.number == number)

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
            for name in self.__slots__:
                setattr(self, name, getattr(before_all, name))
            return Told(refusal.codes)
        told = Told(frozenset(), "POSTED", made.number, made.total, made.cost)
        if key:
            self.keys[key] = (content, told)
        return told

    # one voucher

    def _post(self, document: Document) -> Voucher:
        kind = document["type"]
        faults = [*self._day_faults(document["date"]), *self._source_faults(document), *_typed_faults(document)]
        if faults:
            raise Refusal(*faults)
        made = self._begin(kind, document["date"], document)
        self._faults = []
        handler = HANDLERS[kind]
        handler(self, made, document)
        if self._faults:
            raise Refusal(*self._faults)
        return self._finish(made)

    def _begin(self, kind: str, day: str, document: Document) -> Voucher:
        made = Voucher(len(self.vouchers), kind, "", day, document.get("party", ""), document)
        self.stock.begin(made.id, day)
        made.sequence = self.stock.sequence
        return made

    def _finish(self, made: Voucher) -> Voucher:
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

    def _day_faults(self, day: str) -> list[str]:
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

    # priced documents

    def _priced(
        self, document: Document
    ) -> tuple[list[Fraction], list[Fraction], Fraction, list[tuple[str, Fraction]]]:
        """Line amounts, line costs, net, and what charges book on their accounts (positive: as the goods)."""
        amounts = [_amount(line) for line in document["lines"]]
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

    def _place(self, document: Document, line: Mapping[str, Any]) -> Place:
        return line["item"], line.get("warehouse") or document["warehouse"]

    def _party(self, made: Voucher, default: str, amount: Fraction) -> None:
        made.journal.append((OWN_ACCOUNTS.get(made.party, default), made.party, amount))

    def _issue(self, line: Mapping[str, Any], place: Place, quantity: Fraction, *, below_zero: bool = False,
               prefer: tuple[int, int] | None = None) -> Fraction | None:
        """Take goods out; their value, None and a fault when short."""
        try:
            parts = self.stock.take(*place, quantity, line.get("batch"), prefer, below_zero=below_zero)
        except Short:
            self._faults.append("INV-001")
            return None
        except Costless:
            self._faults.append("INV-005")
            return None
        return sum((part.value for part in parts), ZERO)

    def _put(self, made: Voucher, place: Place, quantity: Fraction, value: Fraction, batch: str | None,
             number: int, origin: tuple[int, int] | None = None) -> None:
        """Goods come in at a value; what deficits really cost goes to cost variance."""
        for account, amount in self.stock.put(*place, quantity, value, batch, number, origin):
            made.journal.append((account, "", amount))

    def _purchase(self, made: Voucher, document: Document) -> None:
        _, costs, net, booked = self._priced(document)
        for number, (line, cost) in enumerate(zip(document["lines"], costs, strict=True), 1):
            quantity, place = _stock_quantity(line), self._place(document, line)
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
            held, value = self.stock.pools[place]
            targets = [(place, money(amount * min(held, source.quantity) / source.quantity), value)]
        joined = ZERO
        for target, share, value in targets:
            share = max(share, -value)
            if share:
                self.stock.reprice(target, share)
                joined += share
        made.journal += [(ITEMS[source.item].account, "", joined), (expense, "", amount - joined)]
        return joined

    def _use(self, made: Voucher, document: Document, line: Mapping[str, Any]) -> tuple[Fraction, Voucher, int] | None:
        """Use up what a line follows; its value pro rata, cumulatively."""
        source = self.find(document["against"])
        number = int(line.get("against_line") or next(
            number for number, row in source.lines.items() if row.item == line["item"]))
        row, quantity = source.lines[number], _stock_quantity(line)
        if row.used + quantity > row.quantity:
            self._faults.append("INV-004")
            return None
        returning = made.type in ("SALES_RETURN", "PURCHASE_RETURN")
        last = row.used + quantity == row.quantity
        if last:
            value = row.value - row.used_value
        elif returning:
            value = money(row.value * quantity / row.quantity)
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
                self._release(made, source.id, made.uses[-1][1], _stock_quantity(line))
            value = self._issue(line, place, _stock_quantity(line), below_zero=True)
            if value is not None:
                made.journal += [("1160" if delivering else "5010", "", value), (account, "", -value)]
                made.lines[number] = SourceLine(line["item"], _stock_quantity(line), value)
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
            place, quantity = self._place(document, line), _stock_quantity(line)
            if self.stock.free(place) < quantity:
                self._faults.append("INV-001")
                continue
            self.stock.reservations.append(Reservation(made.id, number, place, quantity, quantity))
            made.lines[number] = SourceLine(line["item"], quantity, ZERO)

    def _sales_return(self, made: Voucher, document: Document) -> None:
        amounts, _, net, booked = self._priced(document)
        for number, line in enumerate(document["lines"], 1):
            place, quantity = self._place(document, line), _stock_quantity(line)
            if document.get("against"):
                used = self._use(made, document, line)
                value = used[0] if used else None
            else:
                value = self._current_cost(place, quantity, line)
            if value is None:
                continue
            self._put(made, place, quantity, value, line.get("batch"), number)
            made.journal += [(ITEMS[line["item"]].account, "", value), ("5010", "", -value)]
            made.cost += value
        made.total = net
        self._party(made, "1130", -net)
        made.journal.append(("4020", "", sum(amounts, ZERO)))
        made.journal += [(account, "", amount) for account, amount in booked]

    def _current_cost(self, place: Place, quantity: Fraction, line: Mapping[str, Any]) -> Fraction | None:
        held, value = self.stock.before.get(place, (ZERO, ZERO))
        if held > 0:
            return money(value * quantity / held)
        known = self.stock.costs.get(place)
        cost = known[-1][1] if known else Fraction(line["unit_cost"]) if line.get("unit_cost") else None
        if cost is None:
            self._faults.append("INV-005")
            return None
        return money(cost * quantity)

    def _purchase_return(self, made: Voucher, document: Document) -> None:
        _, costs, net, booked = self._priced(document)
        for line in document["lines"]:
            place, quantity, prefer = self._place(document, line), _stock_quantity(line), None
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

    # goods inside

    def _transfer(self, made: Voucher, document: Document) -> None:
        for number, line in enumerate(document["lines"], 1):
            item, quantity = line["item"], _stock_quantity(line)
            try:
                parts = self.stock.take(item, document["from_warehouse"], quantity, line.get("batch"))
            except Short:
                self._faults.append("INV-001")
                continue
            for part in parts:
                place = (item, document["to_warehouse"])
                self._put(made, place, part.quantity, part.value, part.batch, number, part.origin)
                made.cost += part.value
        made.total = made.cost

    def _produce(self, made: Voucher, document: Document) -> None:
        cost = ZERO
        for line in document.get("consume", ()):
            value = self._issue(line, self._place(document, line), _stock_quantity(line))
            if value is not None:
                made.journal.append((ITEMS[line["item"]].account, "", -value))
                cost += value
        added = sum((Fraction(row["amount"]) for row in document.get("charges", ())), ZERO)
        made.journal += [(row["account"], "", -Fraction(row["amount"])) for row in document.get("charges", ())]
        produced = document["produce"]
        if document.get("consume"):
            weights = [Fraction(line["share"]) if "share" in line else _stock_quantity(line) for line in produced]
            values = spread(cost + added, weights)
        else:
            values = [_amount(line) for line in produced]
            made.journal.append(("5040", "", added - sum(values, ZERO)))
        if self._faults:
            return
        for number, (line, value) in enumerate(zip(produced, values, strict=True), 1):
            self._put(made, self._place(document, line), _stock_quantity(line), value, line.get("batch"), -number)
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
            self._faults.append("VCH-019")
        control = OWN_ACCOUNTS.get(made.party, "1130" if sign > 0 else "2110")
        settled.setdefault(control, ZERO)
        if advance > 0 and settled[control] < 0:
            self._faults.append("VCH-019")
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
            self._faults.append("VCH-020")
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
            self._faults.append("VCH-019")

    # reversal

    def _reverse(self, number: str, day: str) -> Voucher:
        old = self.find(number)
        if old.status == "REVERSED":
            raise Refusal("VCH-024")
        if old.is_reversal:
            raise Refusal("VCH-025")
        if day < old.day:
            raise Refusal("VCH-026")
        if self._day_faults(day):
            raise Refusal(*self._day_faults(day))
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


TAXED = {"SALES_INVOICE", "SALES_RETURN", "PURCHASE_INVOICE", "PURCHASE_RETURN", "SALES_ORDER"}
PRICED = {*TAXED, "GOODS_RECEIPT", "DELIVERY_NOTE"}
SIDES = {"CASH_RECEIPT": 1, "BANK_RECEIPT": 1, "CASH_PAYMENT": -1, "BANK_PAYMENT": -1, "CASH_TRANSFER": -1,
         "BANK_TRANSFER": -1, "DEBIT_NOTE": 1, "CREDIT_NOTE": -1}
HANDLERS: Mapping[str, Callable[[ReferenceBooks, Voucher, Document], None]] = {
    "JOURNAL": ReferenceBooks._journal, **dict.fromkeys(SIDES, ReferenceBooks._cash),
    "AR_RECEIPT": ReferenceBooks._settle, "AP_PAYMENT": ReferenceBooks._settle,
    "PURCHASE_INVOICE": ReferenceBooks._purchase, "GOODS_RECEIPT": ReferenceBooks._purchase,
    "OPENING_STOCK": ReferenceBooks._purchase, "PURCHASE_RETURN": ReferenceBooks._purchase_return,
    "SALES_INVOICE": ReferenceBooks._sale, "DELIVERY_NOTE": ReferenceBooks._sale,
    "SALES_RETURN": ReferenceBooks._sales_return, "SALES_ORDER": ReferenceBooks._order,
    "STOCK_TRANSFER": ReferenceBooks._transfer, "STOCK_JOURNAL": ReferenceBooks._produce,
    "PHYSICAL_STOCK": ReferenceBooks._count, "LANDED_COST": ReferenceBooks._landed}


def _amount(line: Mapping[str, Any]) -> Fraction:
    percent = Fraction(line.get("discount_percent", 0))
    return money(Fraction(line["quantity"]) * Fraction(line.get("rate", 0)) * (1 - percent / 100)
                 - Fraction(line.get("discount_amount", 0)))


def _stock_quantity(line: Mapping[str, Any]) -> Fraction:
    typed = Fraction(line["quantity"]) + Fraction(line.get("free_quantity", 0))
    return typed * UNITS.get(line.get("uom", ""), 1)


def _typed_faults(document: Document) -> Sequence[str]:
    """What is wrong with the document by itself."""
    if document["type"] == "JOURNAL":
        sides = [Fraction(line.get("debit", 0)) - Fraction(line.get("credit", 0)) for line in document["lines"]]
        return ["GL-001"] if sum(sides, ZERO) else []
    if document["type"] == "STOCK_TRANSFER" and document["from_warehouse"] == document["to_warehouse"]:
        return ["INV-003"]
    if document["type"] in PRICED and any(_amount(line) < 0 for line in document["lines"]):
        return ["VCH-009"]
    return []
