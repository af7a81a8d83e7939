"""Charges and rounding of vouchers in another currency, worked out by hand to the cent."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.posting.outcome import PostedVoucher
from helpers.trading import Trade, goods, purchase, sale


@pytest.fixture
def trade(shop: Trade) -> Trade:
    """SHOP with dollars and tea."""
    shop.books.masters.import_masters({"currencies": [{"code": "USD"}]})
    shop.buy("TEA", "100", "5")
    return shop


def charge(trade: Trade, **columns: Any) -> None:
    """VAT of sales, changed."""
    results = trade.books.configuration.import_document({"voucher_types": [{"code": "SALES_INVOICE", "charges": [
        {"code": "DISC", "remove": True}, {"code": "VAT", **columns}]}]})
    assert [one.status for one in results] == ["updated"]


def lines(trade: Trade, voucher: PostedVoucher) -> list[tuple[str, str, str | None]]:
    """Account, base amount and dollars, without goods at cost."""
    return trade.rows(
        "SELECT a.code, l.debit - l.credit, l.currency_amount FROM erpdesk.journal j"
        " JOIN erpdesk.journal_line l ON l.journal_id = j.id JOIN erpdesk.account a ON a.id = l.account_id"
        " WHERE j.voucher_id = %s AND l.role NOT IN ('cost', 'stock') ORDER BY l.line_number", voucher.voucher_id)


def test_a_tax_inside_the_price_is_taken_out_in_both_currencies(trade: Trade) -> None:
    charge(trade, included_in_price=True, base="items_total")
    sold = trade.post(sale([goods("TEA", "1", "11.30"), goods("TEA", "2", "5.65")], currency="USD",
                           exchange_rate="133.33"))
    # 22.60 holds 2.60 of tax → 346.66; lines 11.30 → 1506.63 each; 3013.26 − 346.66 = 2666.60
    assert lines(trade, sold) == [
        ("1130", "3013.26", "22.6"), ("4010", "-2666.6", "-20"), ("2130", "-346.66", "-2.6")]


def test_a_tax_rounded_line_by_line_is_rounded_in_dollars_and_converts_once(trade: Trade) -> None:
    charge(trade, rounding="per_line")
    sold = trade.post(sale([goods("TEA", "1", "0.05")] * 3, currency="USD", exchange_rate="133.33"))
    # 13 % of 0.05 is 0.0065 → 0.01 a line, 0.03 → 4.00; lines 6.67 each; total 0.18 → 24.00
    assert lines(trade, sold) == [
        ("1130", "24", "0.18"), ("4010", "-20.01", "-0.15"), ("2130", "-4", "-0.03"), ("6040", "0.01", None)]


def test_a_purchase_rounded_to_whole_dollars_keeps_its_rounding_out_of_stock(trade: Trade) -> None:
    trade.configure("PURCHASE_INVOICE", round_to="1")
    bought = trade.post(purchase([goods("OIL", "1", "10.30")], currency="USD", exchange_rate="133.33",
                                 auto_charges=False, charges=[]))
    assert bought.total == "10.00"
    assert lines(trade, bought) == [
        ("2110", "-1333.3", "-10"), ("1140", "1373.3", None), ("6030", "-40", "-0.3")]
    assert trade.stock("OIL") == ("1", "1373.3")


def test_an_opening_balance_takes_what_is_missing_without_rounding(trade: Trade) -> None:
    trade.configure("OPENING_BALANCE", is_active=True)
    opened = trade.post({"type": "OPENING_BALANCE", "date": "2026-04-02", "currency": "USD",
                         "exchange_rate": "133.333333",
                         "lines": [{"account": "1130", "party": "C001", "debit": "0.01"},
                                   {"account": "1120", "debit": "0.01"}]})
    assert lines(trade, opened) == [("1130", "1.33", "0.01"), ("1120", "1.33", "0.01"), ("3030", "-2.66", None)]


def test_goods_ordered_delivered_and_invoiced_in_dollars(trade: Trade) -> None:
    trade.configure("SALES_ORDER", is_active=True)
    trade.configure("DELIVERY_NOTE", is_active=True)
    dollars: dict[str, Any] = {"party": "C001", "warehouse": "MAIN", "currency": "USD", "exchange_rate": "130.55",
                               "lines": [goods("TEA", "4", "2")]}
    ordered = trade.post({"type": "SALES_ORDER", "date": "2026-04-03", **dollars})
    sent = trade.post({"type": "DELIVERY_NOTE", "date": "2026-04-04", "against": ordered.voucher_number, **dollars})
    billed = trade.post(sale([goods("TEA", "4", "2")], date="2026-04-06", against=sent.voucher_number, currency="USD",
                             exchange_rate="135", auto_charges=False, charges=[]))
    assert (ordered.total, trade.one("SELECT base_total FROM erpdesk.voucher WHERE id = %s", ordered.voucher_id)) == (
        "9.04", "1180.17")
    assert sorted(lines(trade, billed)) == [("1130", "1080", "8"), ("1160", "-20", None), ("4010", "-1080", "-8")]
