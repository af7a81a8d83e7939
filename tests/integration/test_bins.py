"""Bins: a named one is binding, an unnamed one goes by the order of the stock; moving between them costs nothing."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.stored_units import below_zero, bins, moved, stored
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale, transfer
from helpers.trading_fixtures import begun_as

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]

WITHIN: dict[str, Any] = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}


def stock(shop: Trade) -> None:
    stored(shop)
    for item in ("TEA", "OIL"):
        shop.buy(item, "10", "5")
        shop.buy(item, "6", "7", bin="A1")
        shop.buy(item, "4", "9", bin="A2")


shop_template = begun_as(stock)


@pytest.fixture
def store(shop: Trade) -> Trade:
    """TEA (FIFO) and OIL (weighted average): 10 in no bin, 6 in A1, 4 in A2."""
    return shop


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_a_receipt_lies_in_its_bin(store: Trade, item: str) -> None:
    assert (bins(store, item), store.stock(item)) == ({"A1": "6", "A2": "4"}, ("20", "128"))


@pytest.mark.parametrize(("item", "cost"), [("TEA", "36.00"), ("OIL", "25.60")])
def test_a_named_bin_is_binding(store: Trade, item: str, cost: str) -> None:
    short = store.refuse(sale([goods(item, "5", "20", bin="A2")], **PLAIN)).first
    assert (short.code, short.field) == ("INV-001", "lines[0].quantity")
    assert short.message == f"Insufficient stock of {item} in bin A2 of MAIN: 5 needed, 4 available"
    assert store.sell(item, "4", "20", bin="A2").cost == cost
    assert bins(store, item) == {"A1": "6"}


def test_without_a_name_fifo_goes_by_receipt_and_a_pool_takes_loose_goods_first(store: Trade) -> None:
    fifo = store.sell("TEA", "12", "20")
    assert [row[2:] for row in moved(store, fifo)] == [
        (None, None, None, "-10", "-50"),
        ("A1", None, None, "-2", "-14"),
    ]
    pool = store.sell("OIL", "12", "20")
    assert pool.cost == "76.80"
    assert [row[2:] for row in moved(store, pool)] == [
        (None, None, None, "-10", "-64"),
        ("A1", None, None, "-2", "-12.8"),
    ]


@pytest.mark.parametrize(("item", "value"), [("TEA", "28"), ("OIL", "25.6")])
def test_bin_to_bin_keeps_cost_and_writes_no_journal(store: Trade, item: str, value: str) -> None:
    before = store.balances()
    sent = store.post(transfer([goods(item, "4", bin="A1", to_bin="A3")], **WITHIN))
    assert [row[1:3] + row[5:] for row in moved(store, sent)] == [
        ("MAIN", "A1", "-4", f"-{value}"),
        ("MAIN", "A3", "4", value),
    ]
    assert (bins(store, item), store.stock(item)) == ({"A1": "2", "A2": "4", "A3": "4"}, ("20", "128"))
    assert (store.journal(sent), store.balances()) == ([], before)
    accepted(store.books.vouchers.reverse(sent.voucher_number, "2026-04-12", "back"))
    assert bins(store, item) == {"A1": "6", "A2": "4"}


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_goods_in_no_bin_are_put_away_and_only_those(store: Trade, item: str) -> None:
    short = store.refuse(transfer([goods(item, "11", to_bin="A1")], **WITHIN)).first
    assert (short.code, short.details["available"]) == ("INV-001", "10")
    store.post(transfer([goods(item, "10", to_bin="A1")], **WITHIN))
    assert bins(store, item) == {"A1": "16", "A2": "4"}
    assert store.refuse(transfer([goods(item, "1", to_bin="A2")], **WITHIN)).first.code == "INV-001"


def test_lines_of_one_transfer_may_change_bins_both_ways(store: Trade) -> None:
    lines = [
        goods(item, "3", bin=one, to_bin=other)
        for item in ("OIL", "TEA")
        for one, other in (("A1", "A2"), ("A2", "A1"))
    ]
    store.post(transfer(lines, **WITHIN))
    assert (bins(store, "TEA"), store.stock("OIL")) == ({"A1": "6", "A2": "4"}, ("20", "128"))


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ({"bin": "A1", "to_bin": "A1"}, "INV-003", "to_warehouse"),
        ({}, "INV-003", "to_warehouse"),
        ({"bin": "A9", "to_bin": "A1"}, "INV-003", "lines[0].bin"),
        ({"bin": "A1", "to_bin": "F1"}, "INV-003", "lines[0].to_bin"),
    ],
)
def test_the_same_or_an_unknown_bin_is_refused(
    store: Trade, line: dict[str, Any], code: str, field: str
) -> None:
    fault = store.refuse(transfer([goods("TEA", "1", **line)], **WITHIN)).first
    assert (fault.code, fault.field) == (code, field)


def test_an_inactive_bin_takes_no_new_goods(store: Trade) -> None:
    store.books.masters.import_masters({"bins": [{"warehouse": "MAIN", "code": "A3", "is_active": False}]})
    assert store.refuse(purchase([goods("TEA", "1", "5", bin="A3")], **PLAIN)).first.code == "INV-003"


def test_a_transfer_to_another_warehouse_goes_from_bin_to_bin(store: Trade) -> None:
    store.post(transfer([goods("TEA", "2", bin="A1", to_bin="F1"), goods("OIL", "2", bin="A2", to_bin="F1")]))
    assert (bins(store, "TEA"), bins(store, "TEA", "SHOP")) == ({"A1": "4", "A2": "4"}, {"F1": "2"})
    assert (store.sell("TEA", "2", "20", warehouse="SHOP", bin="F1").cost, bins(store, "OIL", "SHOP")) == (
        "14.00",
        {"F1": "2"},
    )


def test_what_is_reserved_can_still_change_its_bin(store: Trade) -> None:
    store.post(
        {
            "type": "SALES_ORDER",
            "date": "2026-04-05",
            "party": "C001",
            "warehouse": "MAIN",
            "lines": [goods("TEA", "18", "20")],
            **PLAIN,
        }
    )
    assert store.refuse(sale([goods("TEA", "3", "20")], **PLAIN)).first.code == "INV-001"
    store.post(transfer([goods("TEA", "6", bin="A1", to_bin="A3")], **WITHIN))


def test_a_batch_in_bins_is_taken_from_the_bin_named(store: Trade) -> None:
    for code in ("A1", "A2"):
        store.buy("SYRUP", "3", "5", batch="B1", bin=code)
        store.buy("PILL", "3", "5", batch="B1", bin=code)
    for item in ("SYRUP", "PILL"):
        store.sell(item, "2", batch="B1", bin="A2")
        assert bins(store, item) == {"A1": "3", "A2": "1"}
        assert (
            store.refuse(sale([goods(item, "2", "9", batch="B1", bin="A2")], **PLAIN)).first.code == "INV-001"
        )


def test_a_bin_has_no_share_in_stock_below_zero(store: Trade) -> None:
    below_zero(store, "TEA", "OIL")
    for item in ("TEA", "OIL"):
        assert store.refuse(sale([goods(item, "7", "20", bin="A1")], **PLAIN)).first.code == "INV-001"
        store.sell(item, "25", "20")
        assert (bins(store, item), store.stock(item)[0]) == ({}, "-5")
        store.buy(item, "8", "5", day="2026-04-12", bin="A1")
        assert bins(store, item) == {"A1": "3"}


def test_a_return_goes_into_the_bin_named(store: Trade) -> None:
    sold = store.sell("TEA", "4", "20", bin="A2")
    store.post(
        {
            "type": "SALES_RETURN",
            "date": "2026-04-12",
            "party": "C001",
            "against": sold.voucher_number,
            "lines": [goods("TEA", "1", "20", bin="A3")],
            **PLAIN,
        }
    )
    assert bins(store, "TEA") == {"A1": "6", "A3": "1"}


def test_a_bin_is_counted_by_itself(store: Trade) -> None:
    counted = {
        "type": "PHYSICAL_STOCK",
        "date": "2026-04-12",
        "warehouse": "MAIN",
        "lines": [{"item": item, "counted_quantity": "5", "bin": "A1"} for item in ("TEA", "OIL")],
    }
    store.post(counted)
    assert (bins(store, "TEA"), bins(store, "OIL")) == ({"A1": "5", "A2": "4"}, {"A1": "5", "A2": "4"})


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_what_was_put_away_or_issued_since_it_came_can_not_be_taken_back(store: Trade, item: str) -> None:
    sent = store.post(transfer([goods(item, "10")]))
    shop = {"from_warehouse": "SHOP", "to_warehouse": "SHOP"}
    away = store.post(transfer([goods(item, "10", to_bin="F1")], date="2026-04-12", **shop))
    refused = store.books.vouchers.reverse(sent.voucher_number, "2026-04-20", "wrong shop")
    assert refused.first.code == "INV-011"
    assert bins(store, item, "SHOP") == {"F1": "10"}
    out = store.post(transfer([goods(item, "10", bin="F1")], date="2026-04-13", **shop))
    store.post(sale([goods(item, "4", "9")], warehouse="SHOP", date="2026-04-14", **PLAIN))
    assert store.books.vouchers.reverse(out.voucher_number, "2026-04-20", "stays").first.code == "INV-011"
    assert store.books.vouchers.reverse(away.voucher_number, "2026-04-20", "stays").first.code == "INV-011"
