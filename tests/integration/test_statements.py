"""The statements, the stock's history, the tax register and the audit trail say what the books hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from erpdesk.domain.results import ForbiddenError
from erpdesk.services.desk import Desk
from helpers.trading import CODE, Trade, goods, journal, purchase, sale, transfer


def rows(shop: Trade, name: str, **filters: Any) -> list[dict[str, str]]:
    return [dict(row) for row in shop.books.reports.run(name, **filters).rows]


def totals(shop: Trade, name: str, **filters: Any) -> dict[str, str]:
    return dict(shop.books.reports.run(name, **filters).totals)


def brief(shop: Trade, **filters: Any) -> list[tuple[str, ...]]:
    keys = ("date", "type", "kind", "warehouse", "quantity_in", "quantity_out", "value", "balance_quantity",
            "balance_value")
    return [tuple(row[key] for key in keys) for row in rows(shop, "stock-ledger", **filters)]


def test_stock_ledger_has_a_row_a_line_and_two_a_transfer(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    shop.buy("TEA", "10", "7")
    shop.post(transfer([goods("TEA", "12")], date="2026-04-05"))
    shop.sell("TEA", "3")
    assert brief(shop, items="TEA") == [
        ("2026-04-02", "PURCHASE_INVOICE", "in", "MAIN", "10", "0", "50.00", "10", "50.00"),
        ("2026-04-02", "PURCHASE_INVOICE", "in", "MAIN", "10", "0", "70.00", "20", "120.00"),
        ("2026-04-05", "STOCK_TRANSFER", "transfer_out", "MAIN", "0", "12", "-64.00", "8", "56.00"),
        ("2026-04-05", "STOCK_TRANSFER", "transfer_in", "SHOP", "12", "0", "64.00", "20", "120.00"),
        ("2026-04-10", "SALES_INVOICE", "out", "MAIN", "0", "3", "-21.00", "17", "99.00")]


def test_stock_ledger_opens_each_item_with_what_was_there(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    shop.buy("OIL", "4", "2")
    shop.sell("TEA", "3")
    assert brief(shop, since="2026-04-10") == [
        ("2026-04-10", "OPENING", "", "", "4", "0", "8.00", "4", "8.00"),
        ("2026-04-10", "OPENING", "", "", "10", "0", "50.00", "10", "50.00"),
        ("2026-04-10", "SALES_INVOICE", "out", "MAIN", "0", "3", "-15.00", "7", "35.00")]
    early = rows(shop, "stock-ledger", items=["OIL", "TEA"], until="2026-04-02")
    assert [row["item"] for row in early] == ["TEA", "OIL"]
    assert rows(shop, "stock-ledger", items="OIL", warehouse="COLD") == []


def test_stock_ledger_ends_where_the_stock_balance_stands(shop: Trade) -> None:
    shop.buy("PILL", "5", "3", batch="B1")
    shop.buy("PILL", "5", "4", batch="B2")
    shop.sell("PILL", "7")
    ledger = rows(shop, "stock-ledger", items=["PILL"])
    issued = [(row["batch"], row["quantity_out"], row["unit_cost"]) for row in ledger[2:]]
    assert issued == [("B1", "5", "3"), ("B2", "2", "4")]
    assert ledger[-1]["balance_value"] == totals(shop, "stock-balance", item="PILL")["value"] == "12.00"


def test_stock_ageing_goes_by_layers_and_by_the_latest_receipts_of_a_pool(shop: Trade) -> None:
    shop.buy("TEA", "10", "5", day="2026-04-02")
    shop.buy("TEA", "10", "7", day="2026-05-02")
    shop.sell("TEA", "4", day="2026-05-03")
    shop.buy("OIL", "6", "1", day="2026-04-02")
    shop.buy("OIL", "3", "4", day="2026-05-02")
    shop.sell("OIL", "4", day="2026-05-03")
    shown = [(row["item"], row["received_on"], row["quantity"], row["value"]) for row in rows(shop, "stock-ageing")]
    assert shown == [("OIL", "2026-04-02", "2", "4.00"), ("OIL", "2026-05-02", "3", "6.00"),
                     ("TEA", "2026-04-02", "6", "30.00"), ("TEA", "2026-05-02", "10", "70.00")]
    assert totals(shop, "stock-ageing") == totals(shop, "stock-balance")


@pytest.mark.parametrize(("days", "age"), [(0, "0-30"), (30, "0-30"), (31, "31-60"), (61, "61-90"), (91, "over 90")])
def test_ages_have_their_limits_included(days: int, age: str) -> None:
    from erpdesk.reports.stock_history import _age

    assert _age(days) == age


def test_profit_and_balance_sheet_agree_with_the_trial_balance(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    shop.sell("TEA", "4", "15", day="2026-04-10")
    shop.post({"type": "JOURNAL", "date": "2026-05-02", "lines": [{"account": "6020", "debit": "7.00"},
                                                                  {"account": "1110", "credit": "7.00"}]})
    assert rows(shop, "profit-loss", since="2026-04-01", until="2026-04-30") == [
        {"account": "4010", "name": "Sales", "type": "income", "amount": "60.00"},
        {"account": "5010", "name": "Cost of goods sold", "type": "expense", "amount": "20.00"}]
    assert totals(shop, "profit-loss") == {"income": "60.00", "expense": "27.00", "net_profit": "33.00"}
    sheet = totals(shop, "balance-sheet")
    assert sheet == {"assets": "83.00", "liabilities": "50.00", "equity": "33.00", "profit": "33.00"}
    assert rows(shop, "balance-sheet", until="2026-04-30")[-1] == {
        "account": "", "name": "Profit not yet carried to equity", "type": "equity", "amount": "40.00"}
    parts = [Decimal(row["amount"]) for row in rows(shop, "balance-sheet") if row["type"] == "asset"]
    assert sum(parts) == Decimal(sheet["assets"])


def test_tax_register_tells_input_from_output_and_takes_reversals_back(shop: Trade) -> None:
    shop.buy("TEA", "10", "5", day="2026-04-01")
    bought = shop.post(purchase([goods("TEA", "10", "5")], date="2026-04-02"))
    shop.post(sale([goods("TEA", "4", "15")], date="2026-04-10"))
    shop.books.vouchers.reverse(str(bought.voucher_number), "2026-04-11", "a slip")
    keys = ("type", "party", "account", "rate", "taxable", "input_tax", "output_tax")
    assert [tuple(row[key] for key in keys) for row in rows(shop, "tax-register")] == [
        ("PURCHASE_INVOICE", "S001", "1150", "13", "50.00", "6.50", "0.00"),
        ("SALES_INVOICE", "C001", "2130", "13", "60.00", "0.00", "7.80"),
        ("PURCHASE_INVOICE", "S001", "1150", "13", "-50.00", "-6.50", "0.00")]
    assert totals(shop, "tax-register") == {"input_tax": "0.00", "output_tax": "7.80", "payable": "7.80"}


def test_audit_trail_names_the_voucher_and_needs_its_permission(shop: Trade) -> None:
    posted = shop.post(journal())
    shop.post(journal())
    [entry] = [row for row in rows(shop, "audit", voucher=posted.voucher_number) if row["action"] == "posted"]
    assert (entry["object_type"], entry["object"], entry["seal"]) == ("voucher", posted.voucher_number, "")
    assert len(rows(shop, "audit", limit="1")) == 1
    clerk = shop.database.make_user("rita", ["clerk"])
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                           " SELECT id, %s, 'clerk' FROM erpdesk.organization", [clerk.name])
    with pytest.raises(ForbiddenError):
        Desk(shop.database.server(clerk)).books(CODE).reports.run("audit")
