"""What an order keeps of a batch stays there for it; and no batch or bin is below zero on any day."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from helpers.rehearsing import agree_after, reversal
from helpers.stored_units import moved, stored
from helpers.trading import PLAIN, Trade, goods, purchase, sale, transfer
from helpers.trading_fixtures import begun_as

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]

shop_template = begun_as(stored)
ITEMS = pytest.mark.parametrize("item", ["PILL", "SYRUP"])
WITHIN: dict[str, Any] = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}


def order(item: str, quantity: str, batch: str, key: str) -> dict[str, Any]:
    return {"type": "SALES_ORDER", "date": "2026-04-03", "party": "C001", "warehouse": "MAIN", **PLAIN,
            "idempotency_key": key, "lines": [goods(item, quantity, "20", batch=batch)]}


@pytest.mark.parametrize("before", [0, 2, 3])
@ITEMS
def test_a_batch_kept_for_an_order_is_left_to_it(shop: Trade, item: str, before: int) -> None:
    later = partial(sale, date="2026-04-20", **PLAIN)
    found = agree_after(shop, before, [
        purchase([goods(item, "5", "10", batch="B1")], idempotency_key="b1", **PLAIN),
        purchase([goods(item, "5", "12", batch="B2")], idempotency_key="b2", **PLAIN),
        order(item, "4", "B1", "order"), order(item, "2", "B1", "too much"),
        later([goods(item, "2", "20", batch="B1")], idempotency_key="theirs"),
        later([goods(item, "7", "20")], idempotency_key="more than free"),
        later([goods(item, "3", "20")], idempotency_key="one of each"),
        transfer([goods(item, "4", batch="B1")], date="2026-04-20", idempotency_key="away"),
        later([goods(item, "3", "20", batch="B1")], against="key:order", idempotency_key="a part"),
        reversal("key:a part", "undone") | {"date": "2026-04-20"},
        later([goods(item, "4", "20", batch="B1")], against="key:order", idempotency_key="ours"),
        later([goods(item, "3", "20")], idempotency_key="rest")])
    assert [row[:2] for row in found if len(row) == 2] == [
        (key, "INV-001") for key in ("too much", "theirs", "more than free", "away")]


@ITEMS
def test_the_batch_of_an_order_is_passed_over_by_others(shop: Trade, item: str) -> None:
    shop.buy(item, "5", "10", batch="B1")
    shop.buy(item, "5", "12", batch="B2")
    shop.post(order(item, "4", "B1", "order"))
    sold = shop.sell(item, "3", "20")
    assert [(row[3], row[5]) for row in moved(shop, sold)] == [("B1", "-1"), ("B2", "-2")]


@pytest.mark.parametrize("before", [0, 2])
def test_a_batch_of_a_pool_is_not_issued_before_it_came(shop: Trade, before: int) -> None:
    early = partial(sale, date="2026-04-05", **PLAIN)
    found = agree_after(shop, before, [
        purchase([goods("SYRUP", "5", "10", batch="B1")], idempotency_key="b1", **PLAIN),
        purchase([goods("SYRUP", "5", "12", batch="B2")], date="2026-04-10", idempotency_key="b2", **PLAIN),
        early([goods("SYRUP", "1", "20", batch="B2")], idempotency_key="not there"),
        early([goods("SYRUP", "4", "20", batch="B1")], idempotency_key="there"),
        early([goods("SYRUP", "2", "20")], idempotency_key="too much"),
        early([goods("SYRUP", "1", "20")], idempotency_key="the last"),
        sale([goods("SYRUP", "5", "20")], date="2026-04-10", idempotency_key="then", **PLAIN)])
    assert [row[:2] for row in found if len(row) == 2] == [("not there", "INV-001"), ("too much", "INV-001")]


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_goods_do_not_change_bins_before_they_came(shop: Trade, item: str, before: int) -> None:
    found = agree_after(shop, before, [
        purchase([goods(item, "10", "5", bin="A1")], date="2026-04-10", idempotency_key="came", **PLAIN),
        transfer([goods(item, "10", bin="A1", to_bin="A2")], date="2026-04-05", idempotency_key="early", **WITHIN),
        transfer([goods(item, "10", bin="A1", to_bin="A2")], date="2026-04-10", idempotency_key="then", **WITHIN)])
    assert [row[:2] for row in found if len(row) == 2] == [("early", "INV-001")]
