"""Charts of accounts: the baseline is what scripts count on, and tables are read in any order of columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from erpdesk.exchange.accounts import account_faults, baseline_chart, baseline_units, read_accounts
from erpdesk.exchange.refusals import ImportRefused
from erpdesk.exchange.schema import masters_schema

NAMES = {
    "1110": "Cash", "1120": "Bank", "1130": "Accounts receivable", "1140": "Inventory", "1150": "Input VAT",
    "1160": "Delivered not invoiced", "2110": "Accounts payable", "2120": "GR/IR clearing", "2130": "Output VAT",
    "2140": "Freight and duty payable", "3010": "Capital", "3020": "Retained earnings",
    "3030": "Opening balance difference", "4010": "Sales", "4020": "Sales returns", "4030": "Discount received",
    "5010": "Cost of goods sold", "5020": "Purchase variance", "5030": "Cost variance",
    "5040": "Stock adjustment", "6010": "Discount allowed", "6030": "Round-off", "6040": "Exchange rounding",
    "6070": "Exchange gain or loss", "6050": "Bank charges", "6060": "Write-off", "1000": "Assets",
    "2000": "Liabilities", "3000": "Equity", "4000": "Income", "5000": "Cost of sales", "6000": "Expenses",
}  # fmt: skip


def test_the_baseline_chart_has_the_accounts_that_scripts_count_on() -> None:
    assert {row["code"]: row["name"] for row in baseline_chart()} == NAMES


def test_every_role_is_played_once_in_the_baseline() -> None:
    from erpdesk.storage.tables.ledger import ACCOUNT_ROLES

    assert sorted(row["role"] for row in baseline_chart() if "role" in row) == sorted(ACCOUNT_ROLES)


def test_baseline_masters_fit_their_own_schema() -> None:
    chart = [fault for row in baseline_chart() for fault in account_faults(row, row["code"])]
    assert chart == []
    assert masters_schema().faults({"uoms": baseline_units()}) == ()


def test_columns_stand_in_any_order_and_types_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Type,name,code,Parent,role\nExpense,Rent,6020,6000,\nasset,Till,1115,1000,cash\n")
    assert read_accounts(path) == [
        (2, {"type": "expense", "name": "Rent", "code": "6020", "parent": "6000"}),
        (
            3,
            {
                "type": "asset",
                "name": "Till",
                "code": "1115",
                "parent": "1000",
                "role": "cash",
                "kind": "cash",
            },
        ),
    ]


@pytest.mark.parametrize("first", ["code,name", "code,name,type,colour", "code,name,type,type", "x"])
def test_wrong_columns_are_refused(tmp_path: Path, first: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(first + "\n1,2,3,4\n")
    with pytest.raises(ImportRefused) as refused:
        read_accounts(path)
    assert refused.value.code == "IMP-008"
