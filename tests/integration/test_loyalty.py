"""Loyalty points: earned by what is bought, rounded down a voucher, taken back by returns and reversals."""

from __future__ import annotations

import pytest

from erpdesk.posting.outcome import PostedVoucher
from helpers.trading import PLAIN, Trade, accepted, goods, sale


@pytest.fixture
def trade(shop: Trade) -> Trade:
    """SHOP, where each full hundred rupees of a sale is a point, with tea to sell."""
    earn(shop, "0.01")
    shop.buy("TEA", "1000", "5")
    return shop


def earn(trade: Trade, rate: str, code: str = "SALES_INVOICE") -> None:
    trade.books.configuration.import_document({"voucher_types": [{"code": code, "loyalty_rate": rate}]})


def points(trade: Trade, party: str = "C001") -> list[str]:
    """Points of each entry of a party, in posting order."""
    return [row[0] for row in trade.rows(
        "SELECT e.points FROM erpdesk.loyalty_entry e JOIN erpdesk.party p ON p.id = e.party_id"
        " JOIN erpdesk.voucher v ON v.id = e.voucher_id WHERE p.code = %s ORDER BY v.posting_sequence", party)]


def balance(trade: Trade, party: str = "C001") -> str:
    """What the master shows."""
    [row] = [row for row in trade.books.masters.lookup_rows("party") if row.code == party]
    return str(row.attributes["loyalty_points"])


def give_back(trade: Trade, sold: PostedVoucher | None, quantity: str, rate: str) -> PostedVoucher:
    named = {"against": sold.voucher_number} if sold else {}
    return trade.post({"type": "SALES_RETURN", "date": "2026-04-20", "party": "C001", "warehouse": "MAIN",
                       "lines": [goods("TEA", quantity, rate)], **named, **PLAIN})


def test_points_are_the_net_times_the_rate_rounded_down(trade: Trade) -> None:
    for rate in ("99.99", "100", "199.99", "1000"):
        trade.sell("TEA", "1", rate)
    assert points(trade) == ["1", "1", "10"]
    assert (balance(trade), balance(trade, "C002")) == ("12", "0")


def test_the_net_is_with_charges(trade: Trade) -> None:
    trade.post(sale([goods("TEA", "1", "100")], charges=[{"code": "DISC", "amount": "1"}]))
    assert points(trade) == ["1"], "99 and VAT are 111.87"


def test_without_a_rate_nothing_is_earned(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    shop.sell("TEA", "1", "5000")
    assert (points(shop), balance(shop)) == ([], "0")


def test_returns_take_back_what_the_part_earned_and_all_of_it_in_the_end(trade: Trade) -> None:
    sold = trade.sell("TEA", "10", "25")
    for quantity in ("1", "3", "2", "4"):
        give_back(trade, sold, quantity, "25")
    # 250 earned 2; left over: 225 → 2, 150 → 1, 100 → 1, 0 → 0
    assert (points(trade), balance(trade)) == (["2", "-1", "-1"], "0")


def test_a_return_above_the_price_takes_back_no_more_than_was_earned(trade: Trade) -> None:
    sold = trade.sell("TEA", "2", "100")
    give_back(trade, sold, "2", "500")
    assert (points(trade), balance(trade)) == (["2", "-2"], "0")


def test_a_return_takes_back_at_the_rate_of_its_sale(trade: Trade) -> None:
    sold = trade.sell("TEA", "2", "100")
    earn(trade, "0.5")
    give_back(trade, sold, "1", "100")
    assert points(trade) == ["2", "-1"]


def test_a_return_that_names_no_sale_goes_by_the_rate_of_its_type(trade: Trade) -> None:
    give_back(trade, None, "2", "100")
    assert points(trade) == []
    earn(trade, "0.02", "SALES_RETURN")
    give_back(trade, None, "2", "100")
    assert (points(trade), balance(trade)) == (["-4"], "-4")


def test_a_reversal_takes_back_and_the_reversal_of_a_return_gives_again(trade: Trade) -> None:
    sold = trade.sell("TEA", "10", "30")
    returned = give_back(trade, sold, "5", "30")
    assert (points(trade), balance(trade)) == (["3", "-2"], "1")
    accepted(trade.books.vouchers.reverse(str(returned.voucher_number), "2026-05-01", "kept"))
    assert balance(trade) == "3"
    again = give_back(trade, sold, "10", "30")
    assert balance(trade) == "0"
    accepted(trade.books.vouchers.reverse(str(again.voucher_number), "2026-05-02", "kept"))
    accepted(trade.books.vouchers.reverse(str(sold.voucher_number), "2026-05-03", "never sold"))
    assert (points(trade)[-2:], balance(trade)) == (["3", "-3"], "0")


def test_points_of_a_foreign_sale_are_of_its_base_amount(trade: Trade) -> None:
    trade.books.masters.import_masters({"currencies": [{"code": "USD"}]})
    trade.post(sale([goods("TEA", "1", "2.50")], currency="USD", exchange_rate="133", **PLAIN))
    assert points(trade) == ["3"], "332.50"


def test_points_that_no_entry_explains_are_found(trade: Trade) -> None:
    trade.sell("TEA", "1", "500")
    with trade.admin() as admin:
        admin.execute("UPDATE erpdesk.party_balance SET loyalty_points = 50 WHERE loyalty_points = 5")
    assert any("C001: 50 loyalty points, entries of 5" in line for line in trade.unsound())
    with trade.admin() as admin:
        admin.execute("UPDATE erpdesk.party_balance SET loyalty_points = 5 WHERE loyalty_points = 50")
