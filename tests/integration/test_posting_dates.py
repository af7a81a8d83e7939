"""Back-dated issues: only what was there on the day, and never below zero on any later one (FIFO and average)."""

from __future__ import annotations

import pytest

from helpers.trading import PLAIN, Trade, goods, sale, transfer

BOTH = pytest.mark.parametrize("item", ["TEA", "OIL"])


@BOTH
def test_an_issue_before_the_receipt_is_refused(shop: Trade, item: str) -> None:
    shop.buy(item, "10", "5", "2026-05-10")
    refused = shop.refuse(sale([goods(item, "1", "9")], date="2026-05-09", **PLAIN))
    assert (refused.first.code, refused.first.message.partition(" in ")[2]) == (
        "INV-001", "MAIN: 1 needed, 0 available")
    assert shop.sell(item, "1", day="2026-05-10").cost == "5.00"


@BOTH
def test_an_issue_takes_no_more_than_was_there_on_its_day(shop: Trade, item: str) -> None:
    shop.buy(item, "10", "5", "2026-05-01")
    shop.buy(item, "10", "5", "2026-05-20")
    refused = shop.refuse(sale([goods(item, "11", "9")], date="2026-05-10", **PLAIN))
    assert refused.first.message.endswith("11 needed, 10 available")
    shop.sell(item, "10", day="2026-05-10")
    assert shop.stock(item) == ("10", "50")


@BOTH
def test_an_issue_may_not_leave_a_later_day_short(shop: Trade, item: str) -> None:
    shop.buy(item, "10", "5", "2026-05-01")
    shop.sell(item, "8", day="2026-05-10")
    shop.buy(item, "20", "5", "2026-05-20")  # 2 left from the 10th to the 19th, 22 now
    refused = shop.refuse(sale([goods(item, "3", "9")], date="2026-05-05", **PLAIN))
    assert refused.first.message.endswith("3 needed, 2 available")
    shop.sell(item, "2", day="2026-05-05")
    assert shop.stock(item) == ("20", "100")


@BOTH
def test_an_issue_between_two_later_ones_is_bounded_by_the_worst_day(shop: Trade, item: str) -> None:
    shop.buy(item, "10", "5", "2026-05-01")
    shop.sell(item, "4", day="2026-05-10")
    shop.sell(item, "3", day="2026-05-12")
    shop.buy(item, "1", "5", "2026-05-15")
    assert shop.refuse(sale([goods(item, "5", "9")], date="2026-05-02", **PLAIN)).first.message.endswith("3 available")
    shop.sell(item, "3", day="2026-05-02")
    assert shop.stock(item)[0] == "1"


def test_a_back_dated_fifo_issue_takes_the_layers_of_its_day_out_of_what_is_left_now(shop: Trade) -> None:
    shop.buy("TEA", "10", "5", "2026-05-01")
    shop.buy("TEA", "10", "6", "2026-05-02")
    shop.buy("TEA", "10", "7", "2026-05-20")
    assert shop.sell("TEA", "8", day="2026-05-25").cost == "40.00"
    assert shop.sell("TEA", "5", day="2026-05-10").cost == "28.00"  # 2 × 5 and 3 × 6
    assert shop.layers("TEA") == [(None, "7", "42"), (None, "10", "70")]


def test_a_back_dated_receipt_goes_before_later_ones_in_the_queue(shop: Trade) -> None:
    shop.buy("TEA", "10", "7", "2026-05-20")
    shop.buy("TEA", "10", "5", "2026-05-01")
    assert shop.sell("TEA", "12", day="2026-05-25").cost == "64.00"


def test_receipts_of_one_day_leave_in_the_order_they_were_posted(shop: Trade) -> None:
    shop.buy("TEA", "1", "7", "2026-05-01")
    shop.buy("TEA", "1", "5", "2026-05-01")
    assert shop.sell("TEA", "1", day="2026-05-25").cost == "7.00"


def test_a_back_dated_average_issue_uses_the_present_average(shop: Trade) -> None:
    shop.buy("OIL", "10", "5", "2026-05-01")
    shop.buy("OIL", "10", "7", "2026-05-20")
    assert shop.sell("OIL", "4", day="2026-05-10").cost == "24.00"
    assert shop.stock("OIL") == ("16", "96")


def test_nothing_already_posted_changes_when_an_issue_is_back_dated(shop: Trade) -> None:
    shop.buy("TEA", "10", "5", "2026-05-01")
    shop.buy("TEA", "10", "6", "2026-05-02")
    late = shop.sell("TEA", "10", day="2026-05-25")
    written = shop.journal(late)
    shop.sell("TEA", "5", day="2026-05-10")
    assert shop.journal(late) == written


@BOTH
def test_a_back_dated_transfer_obeys_the_same_rule(shop: Trade, item: str) -> None:
    shop.buy(item, "10", "5", "2026-05-01")
    shop.sell(item, "8", day="2026-05-10")
    refused = shop.refuse(transfer([goods(item, "3")], date="2026-05-05"))
    assert refused.first.message.endswith("3 needed, 2 available")
    shop.post(transfer([goods(item, "2")], date="2026-05-05"))
    assert shop.stock(item, "SHOP") == ("2", "10")


def test_a_moved_part_joins_the_queue_on_the_day_it_was_moved(shop: Trade) -> None:
    shop.buy("TEA", "5", "5", "2026-05-01")
    shop.buy("TEA", "5", "8", "2026-05-03", warehouse="SHOP")
    shop.post(transfer([goods("TEA", "5")], date="2026-05-10"))
    assert shop.sell("TEA", "6", day="2026-05-12", warehouse="SHOP").cost == "45.00"
    assert shop.refuse(sale([goods("TEA", "5", "9")], date="2026-05-09", warehouse="SHOP",
                            **PLAIN)).first.code == "INV-001"


def test_a_named_batch_received_later_is_not_there_yet(shop: Trade) -> None:
    shop.buy("PILL", "5", "1", "2026-05-01", batch="B1")
    shop.buy("PILL", "5", "1", "2026-05-20", batch="B2")
    refused = shop.refuse(sale([goods("PILL", "1", "9", batch="B2")], date="2026-05-10", **PLAIN))
    assert refused.first.message == "Insufficient stock of PILL batch B2 in MAIN: 1 needed, 0 available"
