"""A chart of few accounts of one's own: one account plays many roles, and the books hold all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.database import Database
from helpers.terminal import Seat

CHART = """code,name,parent,type,role
1,Assets,,asset,
11,Cash in hand,1,asset,cash
12,Nabil Bank,1,asset,bank
13,Sundry Debtors,1,asset,receivable
14,Stock in hand,1,asset,stock
2,Liabilities,,liability,
21,Sundry Creditors,2,liability,payable
22,Duties and taxes,2,liability,"input_tax, output_tax"
3,Capital,,equity,
31,Owner's capital,3,equity,capital opening_difference retained_earnings
4,Income,,income,
41,Sales account,4,income,"sales,sales_return"
5,Expenses,,expense,
51,Purchases,5,expense,"cogs,purchase_variance,cost_variance,stock_adjustment"
52,Office expenses,5,expense,"discount_allowed,discount_received,write_off,round_off"
"""
YEAR = "2026-04-01:2027-03-31"
MASTERS = {
    "uoms": [{"code": "PCS", "decimals": "3"}],
    "warehouses": [{"code": "BRANCH", "name": "Branch"}],
    "items": [{"code": "TEA", "uom": "PCS"}, {"code": "RICE", "uom": "PCS", "valuation": "weighted_average"}],
    "parties": [{"code": "C1", "kind": "customer"}, {"code": "S1", "kind": "supplier"}],
}
VOUCHERS = [
    {"type": "PURCHASE_INVOICE", "date": "2026-04-02", "party": "S1", "warehouse": "MAIN", "idempotency_key": "p1",
     "lines": [{"item": "TEA", "quantity": "10", "rate": "5"}, {"item": "RICE", "quantity": "10", "rate": "7"}],
     "charges": [{"code": "DISC", "amount": "3"}, {"code": "FREIGHT", "amount": "12"}, {"code": "VAT"}]},
    {"type": "SALES_INVOICE", "date": "2026-04-03", "party": "C1", "warehouse": "MAIN", "idempotency_key": "s1",
     "lines": [{"item": "TEA", "quantity": "4", "rate": "9"}, {"item": "RICE", "quantity": "2", "rate": "11"}],
     "charges": [{"code": "DISC", "amount": "1"}, {"code": "VAT"}]},
    {"type": "SALES_RETURN", "date": "2026-04-04", "party": "C1", "warehouse": "MAIN", "against": "key:s1",
     "idempotency_key": "r1", "lines": [{"item": "TEA", "quantity": "1", "rate": "9"}]},
    {"type": "PURCHASE_RETURN", "date": "2026-04-05", "party": "S1", "warehouse": "MAIN", "against": "key:p1",
     "lines": [{"item": "TEA", "quantity": "1", "rate": "6"}]},
    {"type": "LANDED_COST", "date": "2026-04-06", "receipts": ["key:p1"],
     "charges": [{"account": "52", "amount": "20", "by": "value"}]},
    {"type": "STOCK_JOURNAL", "date": "2026-04-07", "warehouse": "MAIN",
     "consume": [{"item": "RICE", "quantity": "1"}], "produce": [{"item": "TEA", "quantity": "1"}]},
    {"type": "PHYSICAL_STOCK", "date": "2026-04-08", "warehouse": "MAIN",
     "lines": [{"item": "TEA", "counted_quantity": "5"}]},
    {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "11", "party": "C1", "amount": "30",
     "allocations": [{"voucher_number": "key:s1", "amount": "20", "discount": "1", "write_off": "2"}]},
    {"type": "AP_PAYMENT", "date": "2026-05-02", "account": "12", "party": "S1", "amount": "50",
     "allocations": [{"voucher_number": "key:p1", "amount": "50", "discount": "2"}]},
    {"type": "OPENING_BALANCE", "date": "2026-04-01", "lines": [{"account": "11", "debit": "500"}]},
]


@pytest.fixture
def own(database: Database, tmp_path: Path) -> Seat:
    """The command line of an organization with that chart."""
    seat = Seat(database.url(), tmp_path / "home")
    chart = tmp_path / "chart.csv"
    chart.write_text(CHART, encoding="utf-8")
    made = seat.run("org", "create", "--code", "OWN", "--name", "Own", "--currency", "NPR", "--country", "NP",
                    "--fiscal-year", YEAR, "--chart", chart)
    assert made.code == 0, made
    masters = tmp_path / "masters.json"
    masters.write_text(json.dumps(MASTERS), encoding="utf-8")
    assert seat.run("import", "masters", masters, "--org", "OWN").code == 0
    return seat


def switched_on(seat: Seat, tmp_path: Path, *codes: str) -> int:
    """Have these types in use; the exit status."""
    document = tmp_path / "on.json"
    document.write_text(json.dumps({"voucher_types": [{"code": code, "is_active": True} for code in codes]}))
    return seat.run("config", "import", "--org", "OWN", document).code


def test_books_hold_where_one_account_plays_many_roles(own: Seat, tmp_path: Path, database: Database) -> None:
    assert switched_on(own, tmp_path, "PHYSICAL_STOCK", "OPENING_BALANCE") == 0
    vouchers = tmp_path / "vouchers.jsonl"
    vouchers.write_text("\n".join(json.dumps(voucher) for voucher in VOUCHERS), encoding="utf-8")
    posted = own.run("import", "vouchers", vouchers, "--org", "OWN", "--post", "--continue-on-error")
    refused = [line for line in map(json.loads, posted.out.splitlines()) if not line["ok"]]
    assert not refused
    reversed_ = own.run("voucher", "reverse", "key:r1", "--org", "OWN", "--reason", "tried", "--date", "2026-05-03")
    assert reversed_.code == 0
    assert own.run("year", "close", "--org", "OWN").code == 0
    verified = Seat(database.url("owner"), tmp_path / "home").run("db", "verify")
    assert verified.code == 0, verified.out


def test_a_type_whose_role_nobody_plays_is_not_switched_on(own: Seat, tmp_path: Path) -> None:
    assert switched_on(own, tmp_path, "GOODS_RECEIPT") == 1
    account = tmp_path / "more.csv"
    account.write_text("code,name,parent,type,role\n23,Goods received,2,liability,grir\n", encoding="utf-8")
    assert own.run("import", "accounts", account, "--org", "OWN").code == 0
    assert switched_on(own, tmp_path, "GOODS_RECEIPT") == 0


def test_a_chart_that_lacks_roles_is_refused_with_accounts_that_would_do(database: Database, tmp_path: Path) -> None:
    chart = tmp_path / "chart.csv"
    chart.write_text(CHART.replace(",cost_variance", "").replace("sales,sales_return", "sales"), encoding="utf-8")
    refused = Seat(database.url(), tmp_path / "home").run(
        "org", "create", "--code", "OWN", "--name", "Own", "--currency", "NPR", "--fiscal-year", YEAR, "--chart", chart)
    assert refused.code == 1
    assert "sales_return (41 would do), cost_variance (51 would do)" in refused.out + refused.err


def test_what_stands_apart_needs_an_account_of_its_own(database: Database, tmp_path: Path) -> None:
    chart = tmp_path / "chart.csv"
    chart.write_text(CHART.replace("asset,stock", 'asset,"stock,receivable"').replace("asset,receivable", "asset,"),
                     encoding="utf-8")
    refused = Seat(database.url(), tmp_path / "home").run(
        "org", "create", "--code", "OWN", "--name", "Own", "--currency", "NPR", "--fiscal-year", YEAR, "--chart", chart)
    assert refused.code == 1
    assert "ORG-009" in refused.out + refused.err
