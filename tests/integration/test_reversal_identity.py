"""To post any voucher and to reverse it leaves the books as they were: ledger, stock, open items, sources, orders."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.every_type import DAY, MADE, furnish, random_voucher
from helpers.trading import Trade, accepted

_SHOWN = {
    "layers": "SELECT id::text, quantity_left, value_left FROM erpdesk.stock_layer WHERE quantity_left > 0",
    "places": "SELECT item_id::text, warehouse_id::text, quantity, value, reserved_quantity, deficit_quantity,"
              " deficit_value, CASE WHEN quantity <> 0 THEN last_unit_cost END FROM erpdesk.stock_balance"
              " WHERE (quantity, reserved_quantity, deficit_quantity) <> (0, 0, 0)",
    "batches": "SELECT batch_id::text, warehouse_id::text, quantity FROM erpdesk.batch_balance WHERE quantity <> 0",
    "deficits": "SELECT id::text, quantity_left, value_left FROM erpdesk.stock_deficit WHERE quantity_left > 0",
    "open items": "SELECT id::text, open_amount, currency_open_amount FROM erpdesk.open_item WHERE open_amount <> 0",
    "parties": "SELECT party_id::text, balance FROM erpdesk.party_balance WHERE balance <> 0",
    "sources": "SELECT voucher_id::text, line_number, used_quantity, used_value FROM erpdesk.source_line"
               " WHERE (used_quantity, used_value) <> (0, 0)",
    "reservations": "SELECT id::text, quantity_left FROM erpdesk.reservation WHERE quantity_left > 0",
    "points": "SELECT party_id::text, sum(points) FROM erpdesk.loyalty_entry GROUP BY 1 HAVING sum(points) <> 0",
}


def books(shop: Trade) -> dict[str, Any]:
    """Everything that a reversal must put back."""
    shown = {name: sorted(shop.rows(question), key=repr) for name, question in _SHOWN.items()}
    return {"ledger": shop.balances(), **shown}


@pytest.mark.parametrize("code", MADE)
def test_to_post_any_voucher_and_reverse_it_leaves_the_books_as_they_were(shop: Trade, code: str) -> None:
    furnish(shop)

    @settings(max_examples=6, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 10_000))
    def posted_and_reversed(seed: int) -> None:
        r = Random(seed)
        document = random_voucher(code, r, shop)
        before = books(shop)
        posted = shop.post(document)
        day = DAY if code == "PHYSICAL_STOCK" else r.choice((DAY, "2026-04-30"))  # a count looks at its own day
        undone = accepted(shop.books.vouchers.reverse(str(posted.voucher_number), day, "a slip"))
        assert books(shop) == before
        assert (undone.reverses, undone.cost, undone.total) == (posted.voucher_number, posted.cost, posted.total)

    posted_and_reversed()
    assert shop.unsound() == []
