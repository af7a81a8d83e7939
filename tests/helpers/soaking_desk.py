"""A soaking desk posts random vouchers of all types until it has done its share, or is killed and started again.

Run as `python -m helpers.soaking_desk URL FOLDER NUMBER COUNT`. What it sends stands in its own journal before it is
sent; started again, it first sends what was left without an answer, with the same key. One line of the answer says
what became of each.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from erpdesk.domain.results import Ok

FIRST_DAY = date(2026, 4, 1)
DAYS = 150
ITEMS = ("TEA", "OIL", "PILL", "SYRUP", "ICE", "SAND", "WATER")
CUSTOMERS, SUPPLIERS, WAREHOUSES = ("C001", "C002", "B001"), ("S001", "S002", "B001"), ("MAIN", "SHOP")
_KINDS = (*("buy",) * 4, *("sell",) * 5, "transfer", "produce", "journal", "cash", "settle", "settle", "return", "back",
          "land", "count", "reverse", "reverse")


@dataclass(slots=True)
class Dice:
    """Random documents; vouchers of any desk are named by guessing at numbers that must be there by now."""

    random: random.Random
    reached: dict[str, int] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The next document."""
        kind = self.random.choice(_KINDS)
        made: dict[str, Any] = getattr(self, f"_{kind}")()
        return {"date": self._day(), **made}

    def saw(self, number: str) -> None:
        """A number that was given."""
        prefix, _, last = number.rpartition("/")
        self.reached[prefix] = max(self.reached.get(prefix, 0), int(last))

    def _day(self) -> str:
        return (FIRST_DAY + timedelta(days=self.random.randrange(DAYS))).isoformat()

    def _number(self, code: str) -> str:
        prefix = f"{code}/26-27"
        return f"{prefix}/{self.random.randint(1, max(self.reached.get(prefix, 1), 1)):06d}"

    def _goods(self, least: int, most: int, *, priced: bool = True) -> list[dict[str, Any]]:
        lines = []
        for item in self.random.sample(ITEMS, self.random.randint(1, 4)):
            line = {"item": item, "quantity": str(self.random.randint(least, most))}
            if priced:
                line["rate"] = f"{self.random.randint(1, 200_000) / 10_000:.4f}"
            if item in ("PILL", "SYRUP"):
                line["batch"] = self.random.choice(("B1", "B2"))
            lines.append(line)
        return lines

    def _priced(self, code: str, parties: tuple[str, ...], lines: list[dict[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {"type": code, "party": self.random.choice(parties),
                                "warehouse": self.random.choice(WAREHOUSES), "lines": lines}
        if self.random.random() < 0.5:
            made |= {"charges": [{"code": "DISC", "amount": "0.01"}]}
        return made

    def _buy(self) -> dict[str, Any]:
        made = self._priced("PURCHASE_INVOICE", SUPPLIERS, self._goods(20, 60))
        return {**made, "date": (FIRST_DAY + timedelta(days=self.random.randrange(DAYS // 3))).isoformat()}

    def _sell(self) -> dict[str, Any]:
        return self._priced("SALES_INVOICE", CUSTOMERS, self._goods(1, 9))

    def _return(self) -> dict[str, Any]:
        return self._priced("SALES_RETURN", CUSTOMERS, self._goods(1, 3))

    def _back(self) -> dict[str, Any]:
        return self._priced("PURCHASE_RETURN", SUPPLIERS, self._goods(1, 3))

    def _transfer(self) -> dict[str, Any]:
        source, target = self.random.sample(WAREHOUSES, 2)
        return {"type": "STOCK_TRANSFER", "from_warehouse": source, "to_warehouse": target,
                "lines": self._goods(1, 9, priced=False)}

    def _produce(self) -> dict[str, Any]:
        return {"type": "STOCK_JOURNAL", "warehouse": self.random.choice(WAREHOUSES),
                "consume": self._goods(1, 4, priced=False), "produce": [{"item": "ICE", "quantity": "7"}]}

    def _count(self) -> dict[str, Any]:
        lines = [{"item": item, "counted_quantity": str(self.random.randint(1, 60)), "rate": "3"}
                 for item in self.random.sample(("TEA", "OIL", "ICE"), 1)]
        return {"type": "PHYSICAL_STOCK", "warehouse": self.random.choice(WAREHOUSES), "lines": lines}

    def _journal(self) -> dict[str, Any]:
        amount = f"{self.random.randint(1, 99_999) / 100:.2f}"
        return {"type": "JOURNAL", "lines": [{"account": "6020", "debit": amount},
                                             {"account": "1130", "party": "C001", "credit": amount}]}

    def _cash(self) -> dict[str, Any]:
        return {"type": self.random.choice(("CASH_PAYMENT", "CASH_RECEIPT")), "account": "1110",
                "lines": [{"account": "6020", "amount": f"{self.random.randint(1, 99_999) / 100:.2f}"}]}

    def _settle(self) -> dict[str, Any]:
        receiving = self.random.random() < 0.5
        target, parties = ("SI", CUSTOMERS) if receiving else ("PI", SUPPLIERS)
        return {"type": "AR_RECEIPT" if receiving else "AP_PAYMENT", "party": self.random.choice(parties),
                "account": "1120", "amount": "7.00",
                "allocations": [{"voucher_number": self._number(target), "amount": "5.00"}]}

    def _land(self) -> dict[str, Any]:
        return {"type": "LANDED_COST", "receipts": [self._number("PI")],
                "charges": [{"account": "2140", "amount": "11.11", "by": self.random.choice(("value", "quantity"))}]}

    def _reverse(self) -> dict[str, Any]:
        day = (FIRST_DAY + timedelta(days=DAYS + self.random.randrange(20))).isoformat()
        code = self.random.choice(("SI", "PI", "ST", "SJ", "RC", "PY", "JV", "SR", "PR", "LC", "PS", "CP"))
        return {"type": "REVERSAL", "of": self._number(code), "date": day, "reason": "a slip"}


@dataclass(slots=True)
class DeskJournal:
    """What a desk sends and is told, line by line, on disk before anything else happens."""

    path: Path

    @property
    def length(self) -> int:
        """How much has been written, in bytes."""
        return self.path.stat().st_size if self.path.exists() else 0

    def entries(self) -> Iterator[dict[str, Any]]:
        """Everything written; a line that a kill cut short is no entry."""
        if not self.path.exists():
            return
        for line in self.path.read_text().splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue

    def write(self, **entry: Any) -> None:
        """One more line."""
        with self.path.open("a") as file:
            file.write(f"\n{json.dumps(entry)}\n")


def send(vouchers: Any, document: dict[str, Any]) -> dict[str, Any]:
    """Post or reverse; what the desk was told."""
    result = vouchers.import_one(document, post=True)
    if isinstance(result, Ok):
        return {"ok": True, "number": result.value.voucher_number, "replayed": result.value.replayed}
    return {"ok": False, "code": result.first.code, "message": result.first.message}


def work(url: str, folder: Path, desk_number: int, count: int) -> None:
    """Posts until `count` documents of this desk were answered."""
    from erpdesk.services.desk import open_desk
    from helpers.trading import CODE

    journal = DeskJournal(folder / f"desk{desk_number}.jsonl")
    sent: dict[str, dict[str, Any]] = {}
    answered: set[str] = set()
    for entry in journal.entries():
        if "document" in entry:
            sent[entry["key"]] = entry["document"]
        else:
            answered.add(entry["key"])
    dice = Dice(random.Random(desk_number * 1_000_003 + len(sent)))
    with open_desk(database_url=url) as desk:
        vouchers = desk.books(CODE).vouchers
        while len(answered) < count:
            left = [key for key in sent if key not in answered]
            key = left[0] if left else f"d{desk_number}-{len(sent)}"
            if not left:
                sent[key] = {**dice.document(), "idempotency_key": key}
                journal.write(key=key, document=sent[key])
            told = send(vouchers, sent[key])
            journal.write(key=key, told=told)
            answered.add(key)
            if told["ok"]:
                dice.saw(told["number"])


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
