"""What a rehearsed reversal gives back, of vouchers of the file and of the books: the same as posting it would."""

from __future__ import annotations

from functools import partial

import pytest

from helpers.rehearsing import LANDED, agree, agree_after, reversal
from helpers.stored_units import stored as with_units
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale, transfer

STORED = pytest.mark.parametrize("stored", range(4))
"""How many of the first vouchers are in the books before the rehearsal."""


@STORED
def test_reservations_that_a_reversal_gives_back_are_kept_again(shop: Trade, stored: int) -> None:
    shop.configure("SALES_ORDER", is_active=True)
    order = {"type": "SALES_ORDER", "date": "2026-04-11", "party": "C001", "warehouse": "MAIN",
             "idempotency_key": "order", "lines": [goods("TEA", "8", "9")], **PLAIN}
    later = partial(sale, date="2026-04-25", **PLAIN)
    found = agree_after(shop, stored, [
        purchase([goods("TEA", "10", "5")], idempotency_key="in", **PLAIN), order,
        sale([goods("TEA", "8", "9")], against="key:order", date="2026-04-12", idempotency_key="billed", **PLAIN),
        reversal("key:billed", "undone"),
        later([goods("TEA", "1", "9")], idempotency_key="free"),
        later([goods("TEA", "2", "9")], idempotency_key="kept"),
        later([goods("TEA", "5", "9")], against="key:order", idempotency_key="a part"),
        reversal("key:a part", "undone too"), reversal("key:order", "no order"),
        later([goods("TEA", "9", "9")], idempotency_key="all")])
    assert [row[:2] for row in found if len(row) == 2] == [("kept", "INV-001")]


@STORED
def test_an_earlier_reversal_makes_way_for_a_later_one(shop: Trade, stored: int) -> None:
    bill = purchase([goods("TEA", "5", "5")], against="key:came", date="2026-04-09", idempotency_key="bill", **PLAIN)
    came = {"type": "GOODS_RECEIPT", "date": "2026-04-06", "party": "S001", "warehouse": "MAIN",
            "idempotency_key": "came", "lines": [goods("TEA", "5", "5")], **PLAIN}
    shop.configure("GOODS_RECEIPT", is_active=True)
    found = agree_after(shop, stored, [
        came, bill, sale([goods("TEA", "5", "9")], date="2026-04-12", idempotency_key="sold", **PLAIN),
        reversal("key:came", "too soon"), reversal("key:sold", "1"), reversal("key:came", "still"),
        reversal("key:bill", "2"), reversal("key:came", "3"), reversal("key:came", "again")])
    assert [row[:2] for row in found if len(row) == 2] == [
        ("too soon", "VCH-023"), ("still", "VCH-023"), ("again", "VCH-024")]


@STORED
def test_layers_that_are_filled_again_are_still_those_of_their_receipt(shop: Trade, stored: int) -> None:
    back = {"type": "PURCHASE_RETURN", "date": "2026-04-27", "party": "S001", "warehouse": "MAIN", **PLAIN}
    found = agree_after(shop, stored, [
        purchase([goods("TEA", "10", "5")], idempotency_key="in", **PLAIN),
        purchase([goods("TEA", "10", "9")], idempotency_key="more", **PLAIN),
        sale([goods("TEA", "20", "15")], idempotency_key="sold", **PLAIN), reversal("key:sold", "undone"), LANDED,
        {**back, "against": "key:more", "idempotency_key": "b1", "lines": [goods("TEA", "4", "9")]},
        {**back, "against": "key:in", "idempotency_key": "b2", "lines": [goods("TEA", "4", "5")]}])
    assert [row[2] for row in found[-3:]] == ["10.00", "36.00", "24.00"]


@STORED
@pytest.mark.parametrize("valuation", ["fifo", "weighted_average"])
def test_batches_leave_in_the_order_of_their_manufacture(shop: Trade, stored: int, valuation: str) -> None:
    shop.books.masters.import_masters({"items": [
        {"code": "MILK", "name": "Milk", "uom": "PCS", "valuation": valuation, "track_batch": True,
         "batch_policy": "fifo_manufactured"}]})
    shop.configure("PHYSICAL_STOCK", is_active=True)
    milk = [("L1", "2026-03-01", "5"), ("L2", "2026-01-01", "9"), ("L3", None, "4")]
    agree_after(shop, stored, [
        *(purchase([goods("MILK", "5", rate, batch=batch, **({"manufactured": day} if day else {}))],
                   idempotency_key=batch, **PLAIN) for batch, day, rate in milk),
        transfer([goods("MILK", "2", batch="L1")], idempotency_key="moved"),
        transfer([goods("MILK", "4", batch="L2")], idempotency_key="too"),
        sale([goods("MILK", "3", "20")], warehouse="SHOP", date="2026-04-20", idempotency_key="sold", **PLAIN),
        reversal("key:sold", "undone"),
        sale([goods("MILK", "3", "20")], date="2026-04-26", idempotency_key="here", **PLAIN),
        {"type": "PHYSICAL_STOCK", "date": "2026-04-27", "warehouse": "SHOP", "idempotency_key": "counted",
         "lines": [{"item": "MILK", "batch": "L2", "counted_quantity": "4"}]}])


def test_a_reversal_in_the_books_is_not_rehearsed_again(shop: Trade) -> None:
    documents = [
        purchase([goods("TEA", "10", "5")], idempotency_key="in", **PLAIN),
        sale([goods("TEA", "8", "15")], idempotency_key="sold", **PLAIN), reversal("key:sold", "undone")]
    again = sale([goods("TEA", "11", "15")], date="2026-04-26", idempotency_key="too much", **PLAIN)
    for document in documents:
        accepted(shop.books.vouchers.import_one(document, post=True))
    found = agree(shop, [*documents, again])
    assert [row[:2] for row in found if len(row) == 2] == [("too much", "INV-001")]


@STORED
@pytest.mark.parametrize("item", ["PHONE", "RADIO"])
def test_units_that_a_reversal_moves_are_where_it_leaves_them(shop: Trade, stored: int, item: str) -> None:
    with_units(shop)
    back = {"type": "SALES_RETURN", "party": "C001", "warehouse": "MAIN", "against": "key:sold", **PLAIN,
            "lines": [goods(item, "1", "20", serials=["S1"])]}
    sold = partial(sale, date="2026-04-26", **PLAIN)
    found = agree_after(shop, stored, [
        purchase([goods(item, "2", "5", serials=["S1", "S2"])], idempotency_key="in", **PLAIN),
        sale([goods(item, "1", "20", serials=["S1"])], idempotency_key="sold", **PLAIN),
        {**back, "date": "2026-04-12", "idempotency_key": "back"},
        reversal("key:back", "undone"), {**back, "date": "2026-04-25", "idempotency_key": "back again"},
        reversal("key:sold", "followed"), reversal("key:back again", "not back"), reversal("key:sold", "not sold"),
        sold([goods(item, "1", "20", serials=["S1"])], idempotency_key="sold again"),
        reversal("key:in", "gone"),
        transfer([goods(item, "1", serials=["S2"])], date="2026-04-26", idempotency_key="moved"),
        {**reversal("key:sold again", "not again"), "date": "2026-04-26"},
        purchase([goods(item, "1", "9", serials=["S3"])], date="2026-04-26", idempotency_key="more", **PLAIN),
        {**reversal("key:moved", "here again"), "date": "2026-04-26"},
        {**reversal("key:in", "never came"), "date": "2026-04-26"},
        sold([goods(item, "1", "20", serials=["S2"])], idempotency_key="not there"),
        purchase([goods(item, "2", "7", serials=["S1", "S2"])], date="2026-04-26", idempotency_key="came", **PLAIN),
        sold([goods(item, "2", "20", serials=["S2", "S3"])], idempotency_key="both"),
        {"type": "PHYSICAL_STOCK", "date": "2026-04-27", "warehouse": "MAIN", "idempotency_key": "counted",
         "lines": [{"item": item, "counted_quantity": "0"}]}])
    assert [row[:2] for row in found if len(row) == 2] == [
        ("followed", "VCH-023"), ("gone", "INV-011"), ("not there", "INV-008")]


@STORED
def test_what_a_reversal_releases_of_others_can_be_settled_again(shop: Trade, stored: int) -> None:
    received = {"type": "AR_RECEIPT", "account": "1120", "party": "C001", "date": "2026-04-12"}
    settled = {**received, "date": "2026-04-25", "amount": "0"}
    found = agree_after(shop, stored, [
        purchase([goods("TEA", "10", "5")], idempotency_key="in", **PLAIN),
        sale([goods("TEA", "1", "100")], idempotency_key="one", **PLAIN),
        {**received, "amount": "130", "idempotency_key": "paid",
         "allocations": [{"voucher_number": "key:one", "amount": "60"}]},
        sale([goods("TEA", "2", "100")], date="2026-04-13", idempotency_key="two", **PLAIN),
        {**settled, "idempotency_key": "too much", "allocations": [
            {"voucher_number": "key:paid", "amount": "-80"}, {"voucher_number": "key:two", "amount": "80"}]},
        {**settled, "idempotency_key": "the rest", "allocations": [
            {"voucher_number": "key:paid", "amount": "-70"}, {"voucher_number": "key:two", "amount": "70"}]},
        reversal("key:one", "released"),
        {**settled, "idempotency_key": "more than released", "allocations": [
            {"voucher_number": "key:paid", "amount": "-61"}, {"voucher_number": "key:two", "amount": "61"}]},
        {**settled, "idempotency_key": "again", "allocations": [
            {"voucher_number": "key:paid", "amount": "-60"}, {"voucher_number": "key:two", "amount": "60"}]},
        reversal("key:the rest", "apart again"), reversal("key:two", "released too"),
        sale([goods("TEA", "3", "100")], date="2026-04-25", idempotency_key="three", **PLAIN),
        {**settled, "idempotency_key": "over all", "allocations": [
            {"voucher_number": "key:paid", "amount": "-131"}, {"voucher_number": "key:three", "amount": "131"}]},
        {**settled, "idempotency_key": "all", "allocations": [
            {"voucher_number": "key:paid", "amount": "-130"}, {"voucher_number": "key:three", "amount": "130"}]}])
    assert [row[:2] for row in found if len(row) == 2] == [
        ("too much", "VCH-019"), ("more than released", "VCH-019"), ("over all", "VCH-019")]


@STORED
@pytest.mark.parametrize("item", ["PHONE", "RADIO"])
def test_cost_is_added_to_units_wherever_the_rehearsal_left_them(shop: Trade, stored: int, item: str) -> None:
    with_units(shop)
    sold = partial(sale, date="2026-04-27", **PLAIN)
    found = agree_after(shop, stored, [
        purchase([goods(item, "3", "5", serials=["S1", "S2", "S3"])], idempotency_key="in", **PLAIN),
        sale([goods(item, "1", "20", serials=["S1"])], idempotency_key="sold", **PLAIN),
        transfer([goods(item, "1", serials=["S2"])], date="2026-04-12", idempotency_key="moved"),
        reversal("key:sold", "undone"), {**LANDED, "charges": [{"account": "2140", "amount": "9", "by": "value"}]},
        sold([goods(item, "1", "20", serials=["S1"])], idempotency_key="one"),
        sold([goods(item, "1", "20", serials=["S2"])], warehouse="SHOP", idempotency_key="two"),
        {"type": "PHYSICAL_STOCK", "date": "2026-04-27", "warehouse": "MAIN", "idempotency_key": "counted",
         "lines": [{"item": item, "counted_quantity": "0"}]}])
    assert len(found) == 8 - stored


@STORED
@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_what_was_put_away_since_is_not_taken_back(shop: Trade, stored: int, item: str) -> None:
    with_units(shop)
    within = partial(transfer, from_warehouse="MAIN", to_warehouse="MAIN", date="2026-04-12")
    found = agree_after(shop, stored, [
        purchase([goods(item, "4", "5"), goods(item, "6", "5")], idempotency_key="in", **PLAIN),
        within([goods(item, "7", to_bin="A1")], idempotency_key="away"),
        within([goods(item, "2", bin="A1", to_bin="A2")], idempotency_key="on"),
        reversal("key:in", "lies in a bin"), reversal("key:away", "not there"),
        reversal("key:on", "there again"), reversal("key:away", "away no more"), reversal("key:in", "at last")])
    assert [row[:2] for row in found if len(row) == 2] == [("lies in a bin", "INV-011"), ("not there", "INV-011")]


@STORED
def test_a_pool_keeps_what_it_is_worth(shop: Trade, stored: int) -> None:
    found = agree_after(shop, stored, [
        purchase([goods("OIL", "2", "10")], idempotency_key="cheap", **PLAIN),
        purchase([goods("OIL", "8", "30")], idempotency_key="dear", **PLAIN),
        sale([goods("OIL", "2", "40")], idempotency_key="sold", **PLAIN), reversal("key:dear", "worth less than that"),
        reversal("key:cheap", "not all of it")])
    assert [row[:2] for row in found if len(row) == 2] == [("worth less than that", "INV-011")]
