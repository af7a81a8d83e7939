"""Batches: which are taken without a name, which may not be issued at all, and what may be issued besides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from helpers.cluster import Cluster
from helpers.stored_units import moved, stored
from helpers.trading import PLAIN, Trade, goods, purchase, sale, trading, transfer
from helpers.trading_fixtures import begun_as

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]

BATCHES = (
    ("B1", "2026-01-10", "2026-04-05"),
    ("B2", "2026-03-01", "2027-01-01"),
    ("B3", "2026-02-01", "2026-12-01"),
)


def stock(shop: Trade) -> None:
    stored(shop)
    for item in ("PILL", "DRUG", "MADE", "HAND", "SYRUP"):
        for number, (batch, made, expires) in enumerate(BATCHES):
            shop.buy(item, "10", str(5 + number), batch=batch, manufactured=made, expires=expires)


store_template = begun_as(stock, name="store_template")


@pytest.fixture
def store(cluster: Cluster, store_template: str) -> Iterator[Trade]:
    """Ten of each batch; B1 expires on 5 April, B3 before B2, and was made before it."""
    with trading(cluster, store_template) as made:
        yield made


def taken(shop: Trade, voucher: Any) -> list[tuple[str, str]]:
    """Batch and quantity of each movement."""
    return [(row[3], row[5]) for row in moved(shop, voucher)]


def switch_off(shop: Trade, item: str, batch: str) -> None:
    [made] = shop.books.masters.import_masters(
        {"batches": [{"item": item, "batch": batch, "is_active": False}]}
    )
    assert made.ok


@pytest.mark.parametrize(
    ("item", "day", "batches"),
    [
        ("PILL", "2026-04-05", [("B1", "-10"), ("B2", "-2")]),
        ("PILL", "2026-04-06", [("B2", "-10"), ("B3", "-2")]),
        ("DRUG", "2026-04-05", [("B1", "-10"), ("B3", "-2")]),
        ("DRUG", "2026-04-06", [("B3", "-10"), ("B2", "-2")]),
        ("MADE", "2026-04-05", [("B1", "-10"), ("B3", "-2")]),
        ("MADE", "2026-04-06", [("B3", "-10"), ("B2", "-2")]),
        ("SYRUP", "2026-04-05", [("B1", "-10"), ("B2", "-2")]),
        ("SYRUP", "2026-04-06", [("B2", "-10"), ("B3", "-2")]),
    ],
)
def test_a_sale_follows_the_policy_and_leaves_expired_batches_alone(
    store: Trade, item: str, day: str, batches: list[tuple[str, str]]
) -> None:
    assert taken(store, store.sell(item, "12", day=day)) == batches


@pytest.mark.parametrize("item", ["PILL", "SYRUP"])
def test_what_has_expired_is_not_available_to_a_sale_but_can_be_moved_and_used_up(
    store: Trade, item: str
) -> None:
    fault = store.refuse(sale([goods(item, "21", "9")], **PLAIN)).first
    assert (fault.code, fault.details["available"]) == ("INV-001", "20")
    named = store.refuse(sale([goods(item, "1", "9", batch="B1")], **PLAIN)).first
    assert (named.code, named.field) == ("INV-009", "lines[0].batch")
    assert taken(store, store.post(transfer([goods(item, "4")])))[0] == ("B1", "-4")
    store.post(
        {
            "type": "STOCK_JOURNAL",
            "date": "2026-04-12",
            "warehouse": "MAIN",
            "consume": [goods(item, "6", batch="B1")],
            "produce": [],
        }
    )
    assert store.batches(item) == {"B2": "10", "B3": "10"}


def test_a_delivery_leaves_expired_batches_alone_too(store: Trade) -> None:
    delivered = {"type": "DELIVERY_NOTE", "date": "2026-04-10", "party": "C001", "warehouse": "MAIN"}
    assert taken(store, store.post({**delivered, "lines": [goods("DRUG", "3", "9")], **PLAIN})) == [
        ("B3", "-3")
    ]
    assert (
        store.refuse({**delivered, "lines": [goods("DRUG", "1", "9", batch="B1")], **PLAIN}).first.code
        == "INV-009"
    )


@pytest.mark.parametrize("item", ["PILL", "SYRUP"])
def test_an_inactive_batch_is_out_of_allocation_and_availability_but_stays_in_balance(
    store: Trade, item: str
) -> None:
    switch_off(store, item, "B2")
    balance = store.stock(item)
    fault = store.refuse(transfer([goods(item, "21")])).first
    assert (fault.code, fault.details["available"]) == ("INV-001", "20")
    named = store.refuse(transfer([goods(item, "1", batch="B2")])).first
    assert (named.code, named.field) == ("INV-007", "lines[0].batch")
    assert store.stock(item) == balance
    assert taken(store, store.sell(item, "4")) == [("B3", "-4")]


@pytest.mark.parametrize("item", ["PILL", "SYRUP"])
def test_what_is_reserved_comes_out_of_what_may_be_issued_at_all(store: Trade, item: str) -> None:
    switch_off(store, item, "B2")  # B1 has expired: 10 of 30 may be sold
    order = store.post(
        {
            "type": "SALES_ORDER",
            "date": "2026-04-08",
            "party": "C001",
            "warehouse": "MAIN",
            "lines": [goods(item, "7", "9")],
            **PLAIN,
        }
    )
    fault = store.refuse(sale([goods(item, "4", "9")], **PLAIN)).first
    assert (fault.code, fault.details["available"]) == ("INV-001", "3")
    more = store.refuse(
        {
            "type": "SALES_ORDER",
            "date": "2026-04-08",
            "party": "C001",
            "warehouse": "MAIN",
            "lines": [goods(item, "4", "9")],
            **PLAIN,
        }
    ).first
    assert more.code == "INV-001"
    store.sell(item, "3", "9")
    store.post(sale([goods(item, "7", "9")], against=order.voucher_number, **PLAIN))


def test_batches_picked_by_hand_are_named_or_refused(store: Trade) -> None:
    fault = store.refuse(sale([goods("HAND", "1", "9")], **PLAIN)).first
    assert (fault.code, fault.field) == ("INV-007", "lines[0].batch")
    assert store.refuse(transfer([goods("HAND", "1")])).first.code == "INV-007"
    assert taken(store, store.sell("HAND", "3", batch="B3")) == [("B3", "-3")]
    lines = [
        goods("HAND", "2", "9", details=[{"quantity": "1", "batch": "B2"}, {"quantity": "1", "batch": "B3"}])
    ]
    assert taken(store, store.post(sale(lines, **PLAIN))) == [("B2", "-1"), ("B3", "-1")]


def test_undated_batches_come_last(shop: Trade) -> None:
    stored(shop)
    shop.buy("MADE", "5", "5", batch="X1")
    shop.buy("MADE", "5", "5", batch="X2", manufactured="2026-03-01")
    assert taken(shop, shop.sell("MADE", "6")) == [("X2", "-5"), ("X1", "-1")]


def test_a_batch_that_expires_does_not_hold_up_one_that_may_be_sold(shop: Trade) -> None:
    """A receipt already expired: it can come in, and what is good besides can still go out."""
    stored(shop)
    shop.buy("DRUG", "5", "5", batch="OLD", expires="2026-04-01")
    shop.buy("DRUG", "5", "6", batch="NEW", expires="2027-04-01")
    assert shop.sell("DRUG", "5").cost == "30.00"
    fault = shop.refuse(sale([goods("DRUG", "1", "9")], **PLAIN)).first
    assert (fault.code, fault.message) == (
        "INV-001",
        "Insufficient stock of DRUG in MAIN: 1 needed, 0 available",
    )


def test_a_purchase_return_gives_expired_goods_back(store: Trade) -> None:
    number = store.one(
        "SELECT v.voucher_number FROM erpdesk.voucher v JOIN erpdesk.voucher_line l ON l.voucher_id = v.id"
        " JOIN erpdesk.batch b ON b.id = l.batch_id JOIN erpdesk.item i ON i.id = b.item_id"
        " WHERE i.code = 'PILL' AND b.code = 'B1'"
    )
    back = {"type": "PURCHASE_RETURN", "date": "2026-04-12", "party": "S001", "against": number, **PLAIN}
    assert taken(store, store.post({**back, "lines": [goods("PILL", "4", "5")]})) == [("B1", "-4")]


BACK = {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN", **PLAIN}


@pytest.mark.parametrize("item", ["PILL", "SYRUP"])
def test_all_of_what_left_in_several_batches_comes_back_in_them_without_a_name(store: Trade, item: str) -> None:
    sold = store.post(sale([goods(item, "12", "9")], date="2026-04-05", **PLAIN))
    left = taken(store, sold)
    assert len(left) == 2
    against = {"against": sold.voucher_number}
    part = store.refuse({**BACK, **against, "lines": [goods(item, "11", "9")]})
    assert [fault.code for fault in part.faults] == ["INV-007"]
    came = store.post({**BACK, **against, "lines": [goods(item, "12", "9")]})
    assert taken(store, came) == [(batch, quantity.removeprefix("-")) for batch, quantity in left]
    assert store.batches(item) == {"B1": "10", "B2": "10", "B3": "10"}
    assert came.cost == sold.cost


@pytest.mark.parametrize("item", ["PILL", "SYRUP"])
def test_no_more_of_a_batch_comes_back_than_left(store: Trade, item: str) -> None:
    sold = store.post(sale([goods(item, "12", "9")], date="2026-04-05", **PLAIN))
    (first, _), (second, _) = taken(store, sold)
    against = {"against": sold.voucher_number}
    split = [{"batch": first, "quantity": "1"}, {"batch": second, "quantity": "3"}]
    for lines in ([goods(item, "3", "9", batch=second)],
                  [goods(item, "2", "9", batch=second), goods(item, "1", "9", batch=second)],
                  [goods(item, "4", "9", details=split)]):
        refused = store.refuse({**BACK, **against, "lines": lines})
        assert [(fault.code, fault.message) for fault in refused.faults] == [
            ("INV-007", f"Only 2 of batch {second} of {item} left with {sold.voucher_number}")]
    came = store.post({**BACK, **against, "lines": [goods(item, "2", "9", batch=second)]})
    assert taken(store, came) == [(second, "2")]


def test_new_batches_named_on_several_lines_and_details_are_one(shop: Trade) -> None:
    stored(shop)
    shop.post(
        purchase(
            [
                goods("PILL", "1", "5", batch="n1"),
                goods(
                    "PILL",
                    "2",
                    "5",
                    details=[{"quantity": "1", "batch": "N1"}, {"quantity": "1", "batch": "N2"}],
                ),
            ],
            **PLAIN,
        )
    )
    assert shop.batches("PILL") == {"N2": "1", "n1": "2"}
