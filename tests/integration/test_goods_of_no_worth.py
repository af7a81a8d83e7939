"""Goods that are worth less than a cent move all the same: what is nothing leaves no journal, and that is no fault."""

from __future__ import annotations

import pytest

from helpers.trading import PLAIN, Trade, goods, sale

pytestmark = pytest.mark.server_versions


@pytest.fixture
def depot(shop: Trade) -> Trade:
    """Much oil for a cent, and deliveries switched on."""
    shop.configure("DELIVERY_NOTE", is_active=True)
    shop.books = shop.reopen()
    shop.buy("OIL", "100", "0.0001")
    return shop


def test_a_delivery_of_goods_worth_nothing_posts_without_a_journal(depot: Trade) -> None:
    sent = depot.post({"type": "DELIVERY_NOTE", "date": "2026-04-10", "party": "C001", "warehouse": "MAIN", **PLAIN,
                       "lines": [goods("OIL", "1", "9")]})
    assert (str(sent.total), str(sent.cost)) == ("9.00", "0.00")
    assert depot.journal(sent) == []
    billed = depot.post(sale([goods("OIL", "1", "9")], against=sent.voucher_number, **PLAIN))
    assert str(billed.total) == "9.00"
    depot.books.vouchers.reverse(str(billed.voucher_number), "2026-04-11", "a slip")
    depot.books.vouchers.reverse(str(sent.voucher_number), "2026-04-11", "a slip")
    assert depot.unsound() == []
