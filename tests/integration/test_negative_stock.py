"""Stock below zero, where it is allowed: owed at the cost last known, made good oldest first, and undone exactly."""

from __future__ import annotations

import pytest

from helpers.stored_units import below_zero
from helpers.trading import PLAIN, Trade, accepted, goods, sale

pytestmark = pytest.mark.server_versions


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
