"""What a rehearsed reversal gives back, of vouchers of the file and of the books: the same as posting it would."""

from __future__ import annotations

from functools import partial

import pytest

from helpers.rehearsing import LANDED, agree_after, reversal
from helpers.trading import PLAIN, Trade, goods, purchase, sale, transfer

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
