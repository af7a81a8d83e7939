"""A rehearsal says of every voucher of a file what importing the file would: the same refusals, totals and costs."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest

from helpers.every_type import furnish, some_lines
from helpers.rehearsing import LANDED, Document, agree, paid, returned, reversal
from helpers.stored_units import below_zero
from helpers.trading import PLAIN, Trade, goods, purchase, sale, transfer


@pytest.mark.parametrize("where", ["in the file", "in the books"])
def test_sources_receipts_and_allocations_are_seen_and_used_up(shop: Trade, where: str) -> None:
    furnish(shop)
    lines = [goods("TEA", "10", "9"), goods("OIL", "4", "2")]
    bought = purchase(lines, idempotency_key="buy", date="2026-04-05", **PLAIN)
    sold = sale([goods("TEA", "58", "15")], idempotency_key="sell", **PLAIN)
    if where == "in the books":
        shop.post(bought)
        shop.post(sold)
    landed = {"type": "LANDED_COST", "date": "2026-04-22", "receipts": ["key:buy"], "idempotency_key": "land",
              "charges": [{"account": "2140", "amount": "20.00", "by": "value"}]}
    rest = [
        returned("key:sell", "back", "3"), returned("key:sell", "more", "56"), returned("key:sell", "again", "55"),
        paid("key:sell", "pay", "800", discount="10"), paid("key:sell", "over", "70"), paid("key:sell", "last", "60"),
        landed, sale([goods("TEA", "5", "15")], date="2026-04-23", idempotency_key="after", **PLAIN),
        transfer([goods("OIL", "1")], date="2026-04-23", idempotency_key="move"),
        returned("key:nothing", "unknown", "1")]
    found = agree(shop, rest if where == "in the books" else [bought, sold, *rest])
    assert {row[0]: row[1] for row in found if len(row) == 2} == {
        "more": "INV-004", "over": "VCH-019", "unknown": "VCH-005"}


@pytest.mark.parametrize("where", ["in the file", "in the books"])
def test_orders_receipts_of_goods_and_deliveries_are_followed(shop: Trade, where: str) -> None:
    furnish(shop)
    first = [
        {"type": "SALES_ORDER", "date": "2026-04-06", "party": "C001", "warehouse": "MAIN", "idempotency_key": "order",
         "lines": [goods("TEA", "50", "9")], **PLAIN},
        {"type": "GOODS_RECEIPT", "date": "2026-04-06", "party": "S001", "warehouse": "MAIN", "idempotency_key": "came",
         "lines": [goods("OIL", "6", "4"), goods("TEA", "2", "4.44")], **PLAIN}]
    if where == "in the books":
        for document in first:
            shop.post(document)
    rest = [
        sale([goods("TEA", "10", "9")], idempotency_key="others", **PLAIN),
        {"type": "DELIVERY_NOTE", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN", "against": "key:order",
         "idempotency_key": "gone", "lines": [goods("TEA", "45", "9")], **PLAIN},
        sale([goods("TEA", "45", "9")], date="2026-04-13", against="key:gone", idempotency_key="billed", **PLAIN),
        purchase([goods("OIL", "5", "4.50")], against="key:came", date="2026-04-13", idempotency_key="bill", **PLAIN),
        returned("key:billed", "some back", "7"),
        {"type": "PURCHASE_RETURN", "date": "2026-04-20", "party": "S001", "warehouse": "MAIN", "against": "key:bill",
         "idempotency_key": "off again", "lines": [goods("OIL", "3", "4.50")], **PLAIN},
        purchase([goods("OIL", "2", "4.50")], against="key:came", date="2026-04-13", idempotency_key="much", **PLAIN),
        {"type": "PHYSICAL_STOCK", "date": "2026-04-14", "warehouse": "MAIN", "idempotency_key": "count",
         "lines": [{"item": "OIL", "counted_quantity": "20"}]}]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert {row[0]: row[1] for row in found if len(row) == 2} == {"others": "INV-001", "much": "INV-004"}


@pytest.mark.parametrize("where", ["in the file", "in the books"])
def test_reversals_and_replacements_are_rehearsed(shop: Trade, where: str) -> None:
    furnish(shop)
    first = [sale([goods("TEA", "50", "15"), goods("OIL", "9", "5")], idempotency_key="one", **PLAIN),
             sale([goods("TEA", "3", "15")], idempotency_key="two", **PLAIN),
             purchase([goods("ICE", "5", "3")], idempotency_key="three", date="2026-04-09", **PLAIN)]
    if where == "in the books":
        for document in first:
            shop.post(document)
    rest = [
        sale([goods("TEA", "20", "15")], date="2026-04-26", idempotency_key="short", **PLAIN),
        reversal("key:one", "r1"), reversal("key:one", "r1 again"),
        sale([goods("TEA", "20", "15")], date="2026-04-26", idempotency_key="enough", **PLAIN),
        paid("key:one", "of nothing", "5"), returned("key:one", "of nothing either", "1"),
        sale([goods("TEA", "99", "15")], date="2026-04-26", replaces="key:two", idempotency_key="too much", **PLAIN),
        sale([goods("TEA", "30", "15")], date="2026-04-26", replaces="key:two", idempotency_key="right", **PLAIN),
        reversal("key:two", "r2"), reversal("key:three", "r3")]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert {row[0]: row[1] for row in found if len(row) == 2} == {
        "short": "INV-001", "r1 again": "VCH-024", "of nothing": "VCH-020", "of nothing either": "VCH-020",
        "too much": "INV-001", "r2": "VCH-024"}


@pytest.mark.parametrize("where", ["in the file", "in the books"])
def test_what_a_replaced_voucher_took_is_there_for_its_successor(shop: Trade, where: str) -> None:
    first = [purchase([goods("OIL", "3", "7"), goods("TEA", "58", "2")], idempotency_key="in", **PLAIN),
             sale([goods("OIL", "1", "15")], idempotency_key="one", **PLAIN),
             sale([goods("TEA", "50", "15")], date="2026-04-20", idempotency_key="late", **PLAIN)]
    if where == "in the books":
        for document in first:
            shop.post(document)
    rest = [sale([goods("OIL", "3", "15")], replaces="key:one", idempotency_key="all", **PLAIN),
            sale([goods("OIL", "4", "15")], replaces="key:all", idempotency_key="more", **PLAIN),
            sale([goods("OIL", "1", "15")], idempotency_key="none left", **PLAIN),
            sale([goods("TEA", "9", "15")], date="2026-04-12", replaces="key:late", idempotency_key="earlier",
                 **PLAIN)]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert {row[0]: row[1] for row in found if len(row) == 2} == {"more": "INV-001", "none left": "INV-001"}


@pytest.mark.parametrize("where", ["in the file", "in the books"])
def test_a_reversal_wants_a_reason_and_a_day(shop: Trade, where: str) -> None:
    furnish(shop)
    first = [sale([goods("TEA", "5", "15")], date="2026-04-20", idempotency_key="one", **PLAIN)]
    if where == "in the books":
        shop.post(first[0])
    undo = reversal("key:one", "undo")
    rest = [{**undo, "date": "2026-04-19", "idempotency_key": "early"},
            {**undo, "reason": " ", "idempotency_key": "unsaid"},
            {**undo, "date": "2031-04-19", "idempotency_key": "no year"},
            {**undo, "voucher_number": "SI/9", "idempotency_key": "numbered"}, undo]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert {row[0]: row[1] for row in found if len(row) == 2} == {
        "early": "VCH-026", "unsaid": "VCH-027", "no year": "PRD-001", "numbered": "VCH-004"}


@pytest.mark.parametrize("where", ["in the file", "in the books"])
def test_an_order_keeps_no_more_than_is_left_of_it(shop: Trade, where: str) -> None:
    furnish(shop)
    first = [purchase([goods("OIL", "10", "7")], warehouse="SHOP", idempotency_key="in", **PLAIN),
             {"type": "SALES_ORDER", "date": "2026-04-08", "party": "C001", "warehouse": "SHOP", **PLAIN,
              "idempotency_key": "order", "lines": [goods("OIL", "13", "9")]}]
    if where == "in the books":
        for document in first:
            shop.post(document)
    sold = partial(sale, warehouse="SHOP", **PLAIN)
    rest = [sold([goods("OIL", "3", "9")], idempotency_key="kept for the order"),
            sold([goods("OIL", "5", "9")], against="key:order", idempotency_key="a part"),
            sold([goods("OIL", "2.25", "9")], idempotency_key="others"),
            sold([goods("OIL", "0.1", "9")], idempotency_key="nothing free"),
            sold([goods("OIL", "8", "9")], against="key:order", idempotency_key="the rest"),
            reversal("key:the rest", "undone"),
            sold([goods("OIL", "1", "9")], date="2026-04-26", idempotency_key="kept again"),
            sold([goods("OIL", "8", "9")], date="2026-04-26", against="key:order", idempotency_key="the rest at last")]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert {row[0]: row[1] for row in found if len(row) == 2} == dict.fromkeys(
        ("kept for the order", "nothing free", "kept again"), "INV-001")


def test_batches_of_the_rehearsal_leave_in_the_order_of_their_expiry(shop: Trade) -> None:
    shop.books.masters.import_masters({"items": [
        {"code": "MILK", "name": "Milk", "uom": "PCS", "valuation": "fifo", "track_batch": True,
         "batch_policy": "fefo"}]})
    shop.post(purchase([goods("MILK", "1", "11", batch="L0", expires="2026-11-01")], **PLAIN))
    milk = [("L1", "2026-12-01", "12"), ("L2", "2026-10-01", "13"), ("L3", None, "9")]
    agree(shop, [
        *(purchase([goods("MILK", "5", rate, batch=batch, **({"expires": day} if day else {}))],
                   idempotency_key=batch, **PLAIN) for batch, day, rate in milk),
        sale([goods("MILK", "6", "20")], idempotency_key="six", **PLAIN),
        sale([goods("MILK", "8", "20")], idempotency_key="eight", **PLAIN)])


@pytest.mark.parametrize("where", ["in the file", "in the books"])
def test_what_had_cost_added_is_not_reversed_before_that(shop: Trade, where: str) -> None:
    first = [purchase([goods("TEA", "10", "5")], idempotency_key="in", **PLAIN)]
    if where == "in the books":
        shop.post(first[0])
    landed = {"type": "LANDED_COST", "date": "2026-04-12", "receipts": ["key:in"], "idempotency_key": "landed",
              "charges": [{"account": "2140", "amount": "4.00", "by": "value"}]}
    rest = [landed, reversal("key:in", "too soon"), reversal("key:landed", "first"), reversal("key:in", "then")]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert [row[1] for row in found if len(row) == 2] == ["VCH-023"]


@pytest.mark.parametrize("where", ["in the file", "in the books"])
@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_cost_added_to_goods_that_were_issued_since_stays(shop: Trade, item: str, where: str) -> None:
    first = [purchase([goods(item, "10", "5")], idempotency_key="in", **PLAIN),
             {"type": "LANDED_COST", "date": "2026-04-08", "receipts": ["key:in"], "idempotency_key": "landed",
              "charges": [{"account": "2140", "amount": "10.00", "by": "value"}]}]
    if where == "in the books":
        for document in first:
            shop.post(document)
    rest = [sale([goods(item, "9", "9")], idempotency_key="sold", **PLAIN), reversal("key:landed", "too late"),
            sale([goods(item, "1", "9")], date="2026-04-26", idempotency_key="last", **PLAIN)]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert [row[:2] for row in found if len(row) == 2] == [("too late", "INV-011")]


@pytest.mark.parametrize("where", ["in the file", "in the books"])
def test_goods_kept_for_an_order_are_not_taken_back(shop: Trade, where: str) -> None:
    first = [purchase([goods("TEA", "10", "5")], idempotency_key="in", **PLAIN),
             purchase([goods("TEA", "10", "9")], idempotency_key="more", **PLAIN)]
    shop.configure("SALES_ORDER", is_active=True)
    if where == "in the books":
        for document in first:
            shop.post(document)
    back = {"type": "PURCHASE_RETURN", "date": "2026-04-20", "party": "S001", "warehouse": "MAIN",
            "against": "key:more", "idempotency_key": "back", "lines": [goods("TEA", "4", "9")], **PLAIN}
    rest = [{"type": "SALES_ORDER", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN", **PLAIN,
             "idempotency_key": "order", "lines": [goods("TEA", "15", "9")]},
            reversal("key:in", "kept"), back, reversal("key:order", "free"), back, reversal("key:in", "then")]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert [row[:2] for row in found if len(row) == 2] == [("kept", "INV-011")]


def test_a_month_at_random_is_rehearsed_as_it_is_then_imported(shop: Trade) -> None:
    furnish(shop)
    r, documents, sold = Random(11), [], []
    for number in range(24):
        key, way = f"k{number}", r.choice(("buy", "sell", "sell", "return", "pay", "undo", "move"))
        day = f"2026-04-{15 + number // 2:02}"
        if way == "buy":
            documents.append(purchase([{**line, **({"batch": "N1"} if line["item"] in ("PILL", "SYRUP") else {})}
                                       for line in some_lines(r)], date=day, idempotency_key=key, **PLAIN))
        elif way == "sell" or not sold:
            documents.append(sale(some_lines(r, most=9), date=day, idempotency_key=key))
            sold.append(key)
        elif way == "return":
            documents.append(returned(f"key:{r.choice(sold)}", key, str(r.randint(1, 3)), date=day))
        elif way == "pay":
            documents.append({**paid(f"key:{r.choice(sold)}", key, f"{r.randint(1, 90)}.00"), "date": day})
        elif way == "undo":
            documents.append({**reversal(f"key:{r.choice(sold)}", key), "date": day})
        else:
            documents.append(transfer(some_lines(r, rated=False, most=3), date=day, idempotency_key=key))
    agree(shop, documents)


@pytest.mark.parametrize("where", ["in the file", "in the books"])
@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_goods_of_later_days_are_not_there_yet(shop: Trade, item: str, where: str) -> None:
    first = [purchase([goods(item, "9", "5")], date="2026-04-20", idempotency_key="came", **PLAIN)]
    if where == "in the books":
        shop.post(first[0])
    rest = [sale([goods(item, "3", "15")], idempotency_key="early", **PLAIN),
            sale([goods(item, "3", "15")], date="2026-04-21", idempotency_key="late", **PLAIN),
            purchase([goods(item, "5", "7")], date="2026-04-04", idempotency_key="before", **PLAIN),
            sale([goods(item, "6", "15")], idempotency_key="too much", **PLAIN),
            sale([goods(item, "4", "15")], idempotency_key="then", **PLAIN)]
    found = agree(shop, rest if where == "in the books" else [*first, *rest])
    assert {row[0]: row[1] for row in found if len(row) == 2} == {"early": "INV-001", "too much": "INV-001"}


@pytest.mark.parametrize("where", ["in the file", "in the books"])
@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_stock_below_zero_is_rehearsed_with_what_it_owes(shop: Trade, item: str, where: str) -> None:
    below_zero(shop, item)
    first = [purchase([goods(item, "2", "5")], date="2026-04-02", idempotency_key="came", **PLAIN),
             sale([goods(item, "5", "15")], date="2026-04-03", idempotency_key="below", **PLAIN)]
    if where == "in the books":
        for document in first:
            shop.post(document)
    rest = [purchase([goods(item, "10", "7")], date="2026-04-20", idempotency_key="made good", **PLAIN),
            sale([goods(item, "2", "15")], date="2026-04-21", idempotency_key="from the rest", **PLAIN),
            sale([goods(item, "4", "15")], date="2026-04-05", idempotency_key="beside", **PLAIN),
            sale([goods(item, "1", "15")], date="2026-04-22", idempotency_key="all of it", **PLAIN),
            reversal("key:all of it", "back"),
            sale([goods(item, "3", "15")], date="2026-04-26", idempotency_key="once more", **PLAIN)]
    agree(shop, rest if where == "in the books" else [*first, *rest])


def bought(shop: Trade, item: str, *rates: str) -> None:
    """Ten of an item at each rate, received in the books; the first under the key `in`."""
    for number, rate in enumerate(rates):
        shop.post(purchase([goods(item, "10", rate)], idempotency_key=f"in {number}" if number else "in", **PLAIN))


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_cost_is_added_to_goods_of_the_books_wherever_the_rehearsal_moved_them(shop: Trade, item: str) -> None:
    bought(shop, item, "5", "9")
    agree(shop, [transfer([goods(item, "4")], idempotency_key="moved"),
                 transfer([goods(item, "1")], idempotency_key="again"), LANDED,
                 sale([goods(item, "3", "15")], warehouse="SHOP", date="2026-04-26", idempotency_key="sold")])


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_cost_is_added_to_goods_that_a_rehearsed_reversal_gave_back(shop: Trade, item: str) -> None:
    bought(shop, item, "5")
    shop.post(sale([goods(item, "6", "15")], idempotency_key="sold", **PLAIN))
    found = agree(shop, [reversal("key:sold", "back"), LANDED])
    assert found[-1] == ("landed", "10.00", "10.00")


def test_goods_given_back_stand_in_the_queue_where_they_stood(shop: Trade) -> None:
    bought(shop, "TEA", "5", "9")
    shop.post(sale([goods("TEA", "10", "15")], idempotency_key="sold", **PLAIN))
    again = sale([goods("TEA", "4", "15")], date="2026-04-26", idempotency_key="once more", **PLAIN)
    assert agree(shop, [reversal("key:sold", "back"), again])[-1] == ("once more", "60.00", "20.00")


def test_a_pool_gives_back_no_more_than_earlier_reversals_left(shop: Trade) -> None:
    bought(shop, "OIL", "5", "5")
    shop.post(sale([goods("OIL", "10", "15")], idempotency_key="sold", **PLAIN))
    found = agree(shop, [reversal("key:in", "first"), reversal("key:in 1", "second")])
    assert [row[:2] for row in found if len(row) == 2] == [("second", "INV-011")]


def test_batches_of_one_expiry_leave_as_they_came_in_books_and_rehearsal(shop: Trade) -> None:
    shop.books.masters.import_masters({"items": [
        {"code": "MILK", "name": "Milk", "uom": "PCS", "valuation": "fifo", "track_batch": True,
         "batch_policy": "fefo"}]})

    def milk(batch: str, rate: str, day: str, expires: str) -> Document:
        line = goods("MILK", "5", rate, batch=batch, expires=expires)
        return purchase([line], date=day, idempotency_key=batch, **PLAIN)

    shop.post(milk("L0", "11", "2026-04-08", "2026-10-01"))
    shop.post(milk("L1", "12", "2026-04-03", "2026-12-01"))
    agree(shop, [milk("L2", "13", "2026-04-05", "2026-12-01"),
                 sale([goods("MILK", "7", "20")], idempotency_key="seven", **PLAIN)])


@pytest.mark.parametrize("valuation", ["fifo", "weighted_average"])
def test_batches_of_the_books_keep_their_expiry_where_the_rehearsal_moves_them(shop: Trade, valuation: str) -> None:
    shop.books.masters.import_masters({"items": [
        {"code": "MILK", "name": "Milk", "uom": "PCS", "valuation": valuation, "track_batch": True,
         "batch_policy": "fefo"}]})
    for batch, expires, rate in (("L0", "2026-12-01", "11"), ("L1", "2026-10-01", "13")):
        shop.post(purchase([goods("MILK", "9", rate, batch=batch, expires=expires)], idempotency_key=batch, **PLAIN))
    again = purchase([goods("MILK", "2", "17", batch="L1")], date="2026-04-12", warehouse="SHOP",
                     idempotency_key="more", **PLAIN)
    left = {"type": "PHYSICAL_STOCK", "date": "2026-04-22", "warehouse": "SHOP", "idempotency_key": "counted",
            "lines": [{"item": "MILK", "batch": "L0", "counted_quantity": "5"}]}
    shop.configure("PHYSICAL_STOCK", is_active=True)
    agree(shop, [transfer([goods("MILK", "5", batch="L0")], idempotency_key="first"),
                 transfer([goods("MILK", "5", batch="L1")], idempotency_key="then"), again,
                 sale([goods("MILK", "6", "20")], warehouse="SHOP", date="2026-04-20", idempotency_key="six", **PLAIN),
                 left])
