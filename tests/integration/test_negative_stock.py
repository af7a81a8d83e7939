"""Stock below zero, where it is allowed: owed at the cost last known, made good oldest first, and undone exactly."""

from __future__ import annotations

import pytest

from erpdesk.services.desk import Books
from helpers.stored_units import below_zero, bins
from helpers.trading import PLAIN, Trade, accepted, goods, sale, transfer

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]


def owed(shop: Trade) -> list[tuple[str, str]]:
    """Quantity and value left of each deficit, oldest first."""
    return shop.rows(
        "SELECT quantity_left, value_left FROM erpdesk.stock_deficit ORDER BY posting_sequence, line_number"
    )


@pytest.fixture(params=["TEA", "OIL"])
def item(request: pytest.FixtureRequest, shop: Trade) -> str:
    """An item of each valuation that may go below zero: 2 at 5.00 were there, 7 have gone in three sales."""
    code: str = request.param
    below_zero(shop, code)
    shop.buy(code, "2", "5")
    for number, quantity in enumerate(("3", "1", "3")):
        shop.sell(code, quantity, day=f"2026-04-1{number}")
    return code


def test_each_sale_owes_what_it_lacks_at_the_last_cost(shop: Trade, item: str) -> None:
    assert (shop.stock(item), owed(shop)) == (("-5", "-25"), [("1", "5"), ("1", "5"), ("3", "15")])


def test_receipts_settle_the_oldest_first_and_the_difference_is_cost_variance(shop: Trade, item: str) -> None:
    first = shop.buy(item, "3", "7", day="2026-04-15")
    assert owed(shop) == [("0", "0"), ("0", "0"), ("2", "10")]
    assert dict(shop.journal(first))["5030"] == "6"
    second = shop.buy(item, "4", "4", day="2026-04-16")
    assert (owed(shop)[-1], shop.stock(item)) == (("0", "0"), ("2", "8"))
    assert dict(shop.journal(second))["5030"] == "-2"


def test_a_back_dated_receipt_settles_too(shop: Trade, item: str) -> None:
    shop.buy(item, "2", "9", day="2026-04-03")
    assert (owed(shop), shop.stock(item)) == ([("0", "0"), ("0", "0"), ("3", "15")], ("-3", "-15"))


def test_a_back_dated_sale_joins_the_end_of_what_is_owed(shop: Trade, item: str) -> None:
    shop.sell(item, "2", day="2026-04-04")
    assert owed(shop) == [("1", "5"), ("1", "5"), ("3", "15"), ("2", "10")]


def test_reversing_a_sale_takes_back_what_it_owes_and_nobody_elses(shop: Trade, item: str) -> None:
    numbers = [
        number
        for (number,) in shop.rows(
            "SELECT voucher_number FROM erpdesk.voucher WHERE voucher_number LIKE 'SI%%' ORDER BY posting_sequence"
        )
    ]
    accepted(shop.books.vouchers.reverse(numbers[1], "2026-04-20", "mistake"))
    assert (shop.stock(item), owed(shop)) == (("-4", "-20"), [("1", "5"), ("0", "0"), ("3", "15")])
    shop.buy(item, "2", "6", day="2026-04-21")
    assert owed(shop) == [("0", "0"), ("0", "0"), ("2", "10")]
    settled = shop.books.vouchers.reverse(numbers[0], "2026-04-22", "mistake")
    assert (settled.first.code, "made good since" in settled.first.message) == ("INV-011", True)


def test_reversing_a_receipt_owes_again_what_it_had_settled(shop: Trade, item: str) -> None:
    before = (shop.stock(item), owed(shop), shop.balances().get("5030"))
    bought = shop.buy(item, "3", "7", day="2026-04-15")
    accepted(shop.books.vouchers.reverse(bought.voucher_number, "2026-04-20", "mistake"))
    assert (shop.stock(item), owed(shop), shop.balances().get("5030")) == before


def test_the_items_own_word_wins_over_the_organizations(shop: Trade) -> None:
    shop.books.settings.set("negative_stock", "allow")
    below_zero(shop, "OIL", word="refuse")
    books = shop.reopen()
    for code in ("TEA", "OIL"):
        shop.buy(code, "1", "5")
    accepted(books.vouchers.post(sale([goods("TEA", "2", "9")], **PLAIN)))
    refused = books.vouchers.post(sale([goods("OIL", "2", "9")], **PLAIN))
    assert refused.first.code == "INV-001"


def test_what_never_had_a_cost_can_not_be_owed(shop: Trade) -> None:
    below_zero(shop, "TEA")
    assert shop.refuse(sale([goods("TEA", "1", "9")], **PLAIN)).first.code == "INV-005"


LATER = (("4", "6", "2026-04-20"), ("6", "11", "2026-04-25"))
"""Quantity, rate and day of what comes after the sales below: 10 worth 90.00."""


@pytest.fixture(params=["TEA", "OIL"])
def beside(request: pytest.FixtureRequest, shop: Trade) -> str:
    """An item of each valuation whose only goods come on later days than those of the sales below."""
    code: str = request.param
    below_zero(shop, code)
    for quantity, rate, day in LATER:
        shop.buy(code, quantity, rate, day=day)
    return code


def lying(shop: Trade, item: str) -> tuple[str, str]:
    """Open deficits of an item: quantity and value."""
    return shop.rows(
        "SELECT coalesce(sum(d.quantity_left), 0), coalesce(sum(d.value_left), 0) FROM erpdesk.stock_deficit d"
        " JOIN erpdesk.item i ON i.id = d.item_id WHERE i.code = %s", item
    )[0]


def test_a_sale_dated_before_all_that_is_there_is_met_by_it(shop: Trade, beside: str) -> None:
    sold = shop.sell(beside, "10", day="2026-04-10")
    assert (shop.stock(beside), lying(shop, beside), shop.layers(beside)) == (("0", "0"), ("0", "0"), [])
    figures = dict(shop.journal(sold))
    assert (figures["5010"], figures["5030"]) == ("110", "-20")
    shop.buy(beside, "2", "7", day="2026-04-28")
    assert shop.stock(beside) == ("2", "14")


def test_what_is_owed_beside_goods_waits_until_nothing_is_on_hand(shop: Trade, beside: str) -> None:
    shop.sell(beside, "3", day="2026-04-10")
    assert (shop.stock(beside), lying(shop, beside)) == (("7", "57"), ("3", "33"))
    shop.sell(beside, "7", day="2026-04-26")
    assert (shop.stock(beside), lying(shop, beside), shop.layers(beside)) == (("0", "0"), ("0", "0"), [])


def test_a_count_of_nothing_meets_what_is_owed(shop: Trade, beside: str) -> None:
    shop.configure("PHYSICAL_STOCK", is_active=True)
    books = shop.reopen()
    shop.sell(beside, "3", day="2026-04-10")
    counted = {"type": "PHYSICAL_STOCK", "date": "2026-04-26", "warehouse": "MAIN",
               "lines": [{"item": beside, "counted_quantity": "0"}]}
    accepted(books.vouchers.post(counted))
    assert (shop.stock(beside), lying(shop, beside)) == (("0", "0"), ("0", "0"))


def test_a_transfer_of_all_that_is_left_meets_what_is_owed(shop: Trade, beside: str) -> None:
    shop.sell(beside, "3", day="2026-04-10")
    shop.post(transfer([goods(beside, "7")], date="2026-04-26", from_warehouse="MAIN", to_warehouse="SHOP"))
    assert (shop.stock(beside), lying(shop, beside)) == (("0", "0"), ("0", "0"))
    assert shop.stock(beside, "SHOP")[0] == "7"


def test_reversing_what_met_it_brings_back_goods_and_what_is_owed(shop: Trade, beside: str) -> None:
    shop.sell(beside, "3", day="2026-04-10")
    before = shop.stock(beside), lying(shop, beside), shop.layers(beside), shop.balances()
    last = shop.sell(beside, "7", day="2026-04-26")
    accepted(shop.books.vouchers.reverse(last.voucher_number, "2026-04-27", "mistake"))
    after = shop.stock(beside), lying(shop, beside), shop.layers(beside), shop.balances()
    assert after[:3] == before[:3]
    assert {account: amount for account, amount in after[3].items() if amount != "0"} == before[3]


def test_reversing_a_sale_that_was_met_at_once_leaves_all_there(shop: Trade, beside: str) -> None:
    before = shop.stock(beside), shop.layers(beside)
    sold = shop.sell(beside, "10", day="2026-04-10")
    accepted(shop.books.vouchers.reverse(sold.voucher_number, "2026-04-27", "mistake"))
    assert (shop.stock(beside), shop.layers(beside), lying(shop, beside)) == (*before, ("0", "0"))


def test_goods_met_by_what_was_owed_are_gone_for_their_receipt_too(shop: Trade, beside: str) -> None:
    bought = shop.rows("SELECT voucher_number FROM erpdesk.voucher ORDER BY posting_sequence LIMIT 1")[0][0]
    shop.sell(beside, "10", day="2026-04-10")
    refused = shop.books.vouchers.reverse(bought, "2026-04-27", "mistake")
    assert refused.first.code == "INV-011"


def test_a_reversal_that_would_leave_value_on_nothing_says_what_to_do(shop: Trade, beside: str) -> None:
    shop.buy(beside, "3", "20", day="2026-04-27")
    bought = shop.buy(beside, "5", "6", day="2026-04-28")
    shop.sell(beside, "13", day="2026-04-10")
    refused = shop.books.vouchers.reverse(bought.voucher_number, "2026-04-29", "mistake")
    assert (refused.first.code, "reverse the sale" in refused.first.message) == ("INV-011", True)


def put_into_a_bin(shop: Trade, item: str, day: str) -> Books:
    """The warehouse has a bin, and 6 of the goods go into it; its books."""
    shop.books.masters.import_masters({"bins": [{"warehouse": "MAIN", "code": "A1"}]})
    books = shop.reopen()
    accepted(books.vouchers.post(transfer([goods(item, "6", to_bin="A1")], date=day, to_warehouse="MAIN")))
    return books


def test_bins_are_emptied_too(shop: Trade, beside: str) -> None:
    books = put_into_a_bin(shop, beside, "2026-04-26")
    accepted(books.vouchers.post(sale([goods(beside, "10", "15")], date="2026-04-10", **PLAIN)))
    assert (shop.stock(beside), bins(shop, beside), lying(shop, beside)) == (("0", "0"), {}, ("0", "0"))


def test_after_a_reversal_the_last_cost_is_what_was_last_paid_or_taken(shop: Trade) -> None:
    below_zero(shop, "TEA")
    for quantity, rate, day in LATER:
        shop.buy("TEA", quantity, rate, day=day)
    shop.sell("TEA", "6", day="2026-04-10")
    shop.sell("TEA", "4", day="2026-04-26")  # at 6.00; the 6 at 11.00 meet what is owed
    bought = shop.buy("TEA", "2", "7", day="2026-04-27")
    accepted(shop.books.vouchers.reverse(bought.voucher_number, "2026-04-28", "mistake"))
    assert shop.sell("TEA", "1", day="2026-04-29").cost == "6.00"


def test_reports_show_neither_side_of_what_was_met(shop: Trade, beside: str) -> None:
    books = put_into_a_bin(shop, beside, "2026-04-25")
    shop.sell(beside, "3", day="2026-04-10")
    shop.sell(beside, "7", day="2026-04-28")
    shop.buy(beside, "5", "8", day="2026-04-26")
    ledger = books.reports.run("stock-ledger", items=[beside]).rows
    assert {row["kind"] for row in ledger} <= {"in", "out", "transfer_in", "transfer_out", "cost"}
    assert (ledger[-1]["balance_quantity"], ledger[-1]["balance_value"]) == ("5", "40.00")
    aged = books.reports.run("stock-ageing").rows
    assert [(row["received_on"], row["quantity"], row["value"]) for row in aged] == [("2026-04-26", "5", "40.00")]
