"""Rehearsals beside what importing then says, and documents for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from erpdesk.domain.results import Ok
from helpers.trading import PLAIN, Trade, goods

Document = dict[str, Any]

LANDED = {"type": "LANDED_COST", "date": "2026-04-26", "receipts": ["key:in"], "idempotency_key": "landed",
          "charges": [{"account": "2140", "amount": "10.00", "by": "value"}]}


def told(take: Callable[[Document], Any], documents: list[Document]) -> list[tuple[str, ...]]:
    """Key, total and cost of what is accepted, key and code of what isn't."""
    found: list[tuple[str, ...]] = []
    for document in documents:
        result = take(document)
        key = str(document.get("idempotency_key") or document.get("of"))
        ok = isinstance(result, Ok)
        found.append((key, result.value.total, result.value.cost) if ok else (key, result.first.code))
    return found


def agree(shop: Trade, documents: list[Document]) -> list[tuple[str, ...]]:
    """What a rehearsal says, which is what the import then says; the rehearsal changes nothing."""
    before = shop.fingerprint()
    rehearsed = told(shop.reopen().vouchers.rehearsal().rehearse, documents)
    assert shop.changed_since(before) <= {"posting_log"}
    posted = told(partial(shop.books.vouchers.import_one, post=True), documents)
    assert [pair for pair in zip(rehearsed, posted, strict=True) if pair[0] != pair[1]] == [], rehearsed
    return rehearsed


def returned(of: str, key: str, quantity: str, **more: Any) -> Document:
    return {"type": "SALES_RETURN", "date": "2026-04-20", "party": "C001", "warehouse": "MAIN", "against": of,
            "idempotency_key": key, "lines": [goods("TEA", quantity, "15")], **PLAIN, **more}


def paid(of: str, key: str, amount: str, **more: Any) -> Document:
    return {"type": "AR_RECEIPT", "date": "2026-04-21", "account": "1120", "party": "C001", "amount": amount,
            "idempotency_key": key, "allocations": [{"voucher_number": of, "amount": amount, **more}]}


def reversal(of: str, key: str) -> Document:
    return {"type": "REVERSAL", "of": of, "date": "2026-04-25", "reason": "a slip", "idempotency_key": key}


def agree_after(shop: Trade, stored: int, documents: list[Document]) -> list[tuple[str, ...]]:
    """`agree` of what comes after the first documents, which are posted."""
    for document in documents[:stored]:
        shop.post(document)
    return agree(shop, documents[stored:])
