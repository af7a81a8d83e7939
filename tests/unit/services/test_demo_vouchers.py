"""The demo's vouchers are the same for the same seed and day, and never take stock that isn't there."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from erpdesk.exchange.schema import masters_schema, voucher_schema
from erpdesk.services.demo_vouchers import DemoVouchers
from erpdesk.settings import RESOURCES

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 30)


def content(name: str) -> dict[str, Any]:
    text = (RESOURCES / "demo" / name).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text, parse_int=str, parse_float=str)
    return document


def month(seed: int) -> list[dict[str, Any]]:
    return list(
        DemoVouchers(content("small.json"), content("masters.json"), Random(seed)).between(FIRST, LAST)
    )


def test_same_seed_same_vouchers() -> None:
    assert month(1) == month(1)
    assert month(1) != month(2)


def test_masters_and_vouchers_have_the_form_of_imports() -> None:
    assert masters_schema().faults(content("masters.json")) == ()
    assert [
        voucher_schema().faults(document) for document in month(3) if voucher_schema().faults(document)
    ] == []


def test_days_rise_and_lie_in_the_month() -> None:
    days = [document["date"] for document in month(4)]
    assert days == sorted(days)
    assert (days[0], days[-1] <= LAST.isoformat()) == (FIRST.isoformat(), True)


def test_nothing_leaves_a_warehouse_that_is_not_there() -> None:
    stock: Counter[tuple[str, str]] = Counter()
    issues = 0
    for document in month(5):
        for line in document["lines"]:
            if "item" not in line:
                continue
            quantity = int(Decimal(line["quantity"]))
            if "from_warehouse" in document:
                stock[document["from_warehouse"], line["item"]] -= quantity
                stock[document["to_warehouse"], line["item"]] += quantity
            elif "ref_no" in document:
                stock[document["warehouse"], line["item"]] += quantity
            else:
                stock[document["warehouse"], line["item"]] -= quantity
                issues += 1
            assert min(stock.values()) >= 0
    assert issues > 100
