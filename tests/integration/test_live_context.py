"""The books tell a desk what a party, an account or an item stands at, as far as its user may see it."""

from __future__ import annotations

from decimal import Decimal

from erpdesk.domain.pricing import PriceQuestion
from helpers.trading import Trade


def test_context_follows_the_books(shop: Trade) -> None:
    shop.books.configuration.import_document(
        {"voucher_types": [{"code": "SALES_INVOICE", "lines": {"rate_source": "last_rate"}}]})
    shop.buy("TEA", "10", "5")
    shop.sell("TEA", "4", "20")
    shop.books.prices.refresh()
    context = shop.books.live_context
    customer, supplier = context.party("c001"), context.party("s001")
    assert customer is not None
    assert supplier is not None
    assert customer.balance > 0 > supplier.balance
    assert [(part.warehouse, part.quantity) for part in context.item(
        PriceQuestion("TEA", "SALES_INVOICE", "2026-04-10", party="C001")).stock] == [("MAIN", Decimal(6))]
    assert context.item(PriceQuestion("TEA", "SALES_INVOICE", "2026-04-10", party="C001")).last_rate == 20
    assert context.item(PriceQuestion("TEA", "PURCHASE_INVOICE", "2026-04-10", party="S001")).last_rate == 5
    assert context.item(PriceQuestion("TEA", "SALES_INVOICE", "2026-04-10", party="C002")).last_rate is None
    balances = {row["account"]: Decimal(row["balance"]) for row in shop.books.reports.run("trial-balance").rows
                if row.get("balance")}
    for code in ("1130", "2110"):
        standing = context.account(code)
        if standing is not None and code in balances:
            assert standing.balance == balances[code]
    assert context.party("NOBODY") is None
    assert context.account("NOBODY") is None


def test_who_is_limited_to_other_branches_is_shown_only_what_they_come_to(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization_member SET branch_ids = '{}'")
    for standing in (shop.books.live_context.party("S001"), shop.books.live_context.account("2110")):
        assert standing is None or standing.balance == 0


def test_who_may_not_see_reports_is_shown_no_balance(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.organization_member SET permissions = '{voucher.enter}'")
    assert shop.books.live_context.party("S001") is None
    assert shop.books.live_context.account("2110") is None
