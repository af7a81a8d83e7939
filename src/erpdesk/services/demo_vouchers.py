"""Documents of the demo, day by day, made from the plan's shapes by chance with a seed.

Stock is counted along: nothing leaves a warehouse that isn't there. Amounts are whole paisa by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

Document = dict[str, Any]
Pattern = Mapping[str, Any]

_COST_SHARE = Decimal("0.82")
_CENT = Decimal("0.01")


class DemoVouchers:
    """Makes the vouchers of a stretch of days."""

    def __init__(self, plan: Mapping[str, Any], masters: Mapping[str, Any], random: Random) -> None:
        self._plan = plan
        self._random = random
        self._items = {item["code"]: item for item in masters["items"] if not item.get("track_serial")}
        self._rates = {
            rate["item"]: Decimal(rate["rate"]) for price_list in masters["price_lists"]
            for rate in price_list["rates"]
        }  # fmt: skip
        self._parties = {
            side: [party["code"] for party in masters["parties"] if party["kind"] == side]
            for side in ("customer", "supplier")
        }
        self._stock: dict[tuple[str, str], int] = {}
        self._bills = 0
        self._shapes: Mapping[str, Callable[[Pattern, date], Document | None]] = {
            "issue": self._issue, "receipt": self._receipt, "transfer": self._transfer,
            "ledger": self._ledger, "note": self._note, "journal": self._journal,
        }  # fmt: skip

    def between(self, first: date, last: date) -> Iterator[Document]:
        """Opening vouchers on the first day, then what each day brings, in order."""
        for opening in self._plan["opening"]:
            yield {**opening["document"], "date": first.isoformat()}
        yield from self._stocking(first)
        day = first
        while day <= last:
            yield from self._day(day)
            day += timedelta(days=1)

    def _stocking(self, day: date) -> Iterator[Document]:
        pattern = self._plan["stocking"]
        codes = list(self._items)
        size = int(pattern["items_a_voucher"])
        for start in range(0, len(codes), size):
            yield self._received(pattern, day, codes[start : start + size])

    def _day(self, day: date) -> Iterator[Document]:
        todo: list[Pattern] = []
        for pattern in self._plan["daily"]:
            todo += [pattern] * self._between(pattern["times"])
        self._random.shuffle(todo)
        for pattern in todo:
            if not self._happens(pattern.get("chance")):
                continue
            document = self._shapes[pattern["shape"]](pattern, day)
            if document is not None:
                yield document

    def _between(self, bounds: list[str]) -> int:
        return self._random.randint(int(bounds[0]), int(bounds[1]))

    def _happens(self, percent: str | None) -> bool:
        return percent is None or self._random.randrange(100) < int(percent)

    def _amount(self, bounds: list[str]) -> str:
        cents = self._random.randint(int(Decimal(bounds[0]) * 100), int(Decimal(bounds[1]) * 100))
        return str(Decimal(cents - cents % 5).scaleb(-2))

    def _receipt(self, pattern: Pattern, day: date) -> Document:
        codes = self._random.sample(list(self._items), self._between(pattern["lines"]))
        document = self._received(pattern, day, codes)
        if self._happens(pattern["freight_chance"]):
            document["charges"] = [
                {"code": pattern["freight_code"], "amount": self._amount(pattern["freight"])}
            ]
        return document

    def _received(self, pattern: Pattern, day: date, codes: list[str]) -> Document:
        self._bills += 1
        warehouse = pattern["document"]["warehouse"]
        lines = []
        for code in codes:
            quantity = self._between(pattern["quantity"])
            self._stock[warehouse, code] = self._stock.get((warehouse, code), 0) + quantity
            rate = self._rates[code] * _COST_SHARE * self._random.randint(97, 103) / 100
            line: Document = {"item": code, "quantity": str(quantity), "rate": str(rate.quantize(_CENT))}
            if self._items[code].get("track_batch"):
                made = day - timedelta(days=self._random.randint(10, 60))
                line |= {"batch": f"B{self._bills:03}-{code}", "manufactured": made.isoformat(),
                         "expires": (made + timedelta(days=540)).isoformat()}  # fmt: skip
            lines.append(line)
        return {
            **pattern["document"], "date": day.isoformat(),
            "party": self._random.choice(self._parties["supplier"]),
            "ref_no": f"B-{1000 + self._bills}", "lines": lines,
        }  # fmt: skip

    def _issue(self, pattern: Pattern, day: date) -> Document | None:
        warehouse = self._random.choice(pattern["warehouses"])
        lines = []
        for code, quantity in self._taken(pattern, warehouse):
            line = {"item": code, "quantity": str(quantity), "rate": str(self._rates[code])}
            if self._happens(pattern["discount_chance"]):
                line["discount_percent"] = self._random.choice(pattern["discount_percent"])
            lines.append(line)
        if not lines:
            return None
        party = self._random.choice(self._parties["customer"])
        return {**pattern["document"], "date": day.isoformat(), "party": party, "warehouse": warehouse,
                "lines": lines}  # fmt: skip

    def _transfer(self, pattern: Pattern, day: date) -> Document | None:
        source, target = pattern["document"]["from_warehouse"], pattern["document"]["to_warehouse"]
        lines = []
        for code, quantity in self._taken(pattern, source):
            self._stock[target, code] = self._stock.get((target, code), 0) + quantity
            lines.append({"item": code, "quantity": str(quantity)})
        return {**pattern["document"], "date": day.isoformat(), "lines": lines} if lines else None

    def _taken(self, pattern: Pattern, warehouse: str) -> Iterator[tuple[str, int]]:
        """Items and quantities that the warehouse has, taken from the count."""
        there = sorted(code for (place, code), left in self._stock.items() if place == warehouse and left > 0)
        for code in self._random.sample(there, min(len(there), self._between(pattern["lines"]))):
            quantity = min(self._between(pattern["quantity"]), self._stock[warehouse, code])
            self._stock[warehouse, code] -= quantity
            yield code, quantity

    def _ledger(self, pattern: Pattern, day: date) -> Document:
        account, narration = self._random.choice(pattern["targets"])
        line = {"account": account, "amount": self._amount(pattern["amount"])}
        if "cost_centres" in pattern:
            line["cost_centre"] = self._random.choice(pattern["cost_centres"])
        return {**pattern["document"], "date": day.isoformat(), "narration": narration, "lines": [line]}

    def _note(self, pattern: Pattern, day: date) -> Document:
        party = self._random.choice(self._parties[pattern["side"]])
        return self._ledger(pattern, day) | {"party": party}

    def _journal(self, pattern: Pattern, day: date) -> Document:
        debit, credit, narration = self._random.choice(pattern["targets"])
        amount = self._amount(pattern["amount"])
        lines = [{"account": debit, "debit": amount}, {"account": credit, "credit": amount}]
        return {**pattern["document"], "date": day.isoformat(), "narration": narration, "lines": lines}
