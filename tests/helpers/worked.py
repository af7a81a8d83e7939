"""Worked examples: documents posted one after the other, with what a textbook or standard says they come to.

A table row says its source in words, what is posted, and what the books say then; figures are computed by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from erpdesk.domain.money import plain
from helpers.trading import PLAIN, Trade, goods, purchase, sale

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A document, and what posting it must say: `cost`, `total`, the `journal` as "1140 50 | 2110/S001 -50", or
    the code it is `refused` with."""

    document: Document
    cost: str | None = None
    total: str | None = None
    journal: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """Steps in order and how the books stand at the end: stock as "TEA": "5 57.14" (quantity, value; "TEA@SHOP"
    in another warehouse), layers as "TEA": "8 48 | 5 45", balances of accounts, open amounts of parties."""

    source: str
    steps: tuple[Step, ...]
    stock: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)
    balances: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, str] = field(default_factory=dict)
    switched: tuple[Mapping[str, Any], ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def play(self, trade: Trade) -> None:
        """Posts the steps; each must say what it should, and so must the books in the end."""
        for key, value in self.settings.items():
            trade.books.settings.set(key, value)
        if self.switched:
            trade.books.configuration.import_document({"voucher_types": [dict(one) for one in self.switched]})
        books = trade.reopen() if self.switched or self.settings else trade.books
        for step in self.steps:
            _play(Trade(trade.database, trade.server, trade.desk, books), step)
        for place, expected in self.stock.items():
            assert " ".join(trade.stock(*_place(place))) == expected, place
        for place, expected in self.layers.items():
            found = [f"{quantity} {value}" for _, quantity, value in trade.layers(*_place(place))]
            assert " | ".join(found) == expected, place
        balances = trade.balances()
        for account, amount in self.balances.items():
            assert balances.get(account, "0") == amount, (account, balances)
        for party, amounts in self.open.items():
            found = [amount for _, amount, _ in trade.open_items(party) if amount != "0"]
            assert " ".join(found) == amounts, party


def _play(trade: Trade, step: Step) -> None:
    if step.refused is not None:
        assert trade.refuse(step.document).first.code == step.refused, step
        return
    made = trade.post(step.document)
    for name in ("cost", "total"):
        expected = getattr(step, name)
        assert expected is None or getattr(made, name) == expected, (name, getattr(made, name), step)
    if step.journal is not None:
        assert _sums(trade.journal(made)) == dict(line.split() for line in step.journal.split(" | ") if line), step


def _sums(journal: list[tuple[str, str]]) -> dict[str, str]:
    """Net amounts by account and party: a role apart is no amount apart."""
    sums: dict[str, Decimal] = {}
    for account, amount in journal:
        sums[account] = sums.get(account, Decimal(0)) + Decimal(amount)
    return {account: plain(amount) for account, amount in sums.items() if amount}


def _place(text: str) -> tuple[str, str]:
    item, _, warehouse = text.partition("@")
    return item, warehouse or "MAIN"


def bought(day: int, item: str, quantity: str, rate: str, *, key: str = "", line: Document | None = None,
           **header: Any) -> Document:
    """A purchase of one line in April, without charges."""
    return purchase([goods(item, quantity, rate, **(line or {}))], date=f"2026-04-{day:02}",
                    **{**PLAIN, **({"idempotency_key": key} if key else {}), **header})


def sold(day: int, item: str, quantity: str, rate: str = "20", *, key: str = "", line: Document | None = None,
         **header: Any) -> Document:
    """A sale of one line in April, without charges."""
    return sale([goods(item, quantity, rate, **(line or {}))], date=f"2026-04-{day:02}",
                **{**PLAIN, **({"idempotency_key": key} if key else {}), **header})


def document(type_code: str, day: int, lines: list[Document] | None = None, key: str = "", **header: Any) -> Document:
    """Any other document of April."""
    return {"type": type_code, "date": f"2026-04-{day:02}", **({"lines": lines} if lines is not None else {}),
            **({"idempotency_key": key} if key else {}), **header}


TWO_LAYERS = (Step(bought(1, "TEA", "10", "5", key="first")), Step(bought(2, "TEA", "10", "7", key="second")))
"""Tea in two layers: 10 at 5, 10 at 7."""
CHARGE = {"account": "2140", "amount": "40.00", "by": "value"}
"""A cost to add, on freight and duty payable."""
ON = {code: {"code": code, "is_active": True} for code in (
    "GOODS_RECEIPT", "DELIVERY_NOTE", "SALES_ORDER", "PHYSICAL_STOCK", "OPENING_STOCK", "OPENING_BALANCE")}
"""The types that an admin switches on."""
