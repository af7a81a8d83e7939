"""Each type beyond the baseline, through the command line: switched on, posted, followed, reported, verified."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.cluster import Cluster
from helpers.terminal import Terminal
from helpers.trading import PLAIN, goods, trading
from helpers.trading_fixtures import shop_template
from helpers.worked import bought, document, sold

__all__ = ["shop_template"]


@pytest.fixture
def terminal(cluster: Cluster, shop_template: str, tmp_path: Path) -> Iterator[Terminal]:
    """The command line on the trading organization; afterwards its books are verified."""
    with trading(cluster, shop_template) as trade:
        yield Terminal(trade, tmp_path)


def rows(terminal: Terminal, *report: str) -> list[dict[str, Any]]:
    """The rows of a report as JSON."""
    ended = terminal.ask("report", *report, "--format", "json")
    assert ended.code == 0, ended
    found: list[dict[str, Any]] = json.loads(ended.out)["rows"]
    return found


def balance(terminal: Terminal, account: str) -> str:
    """An account in the trial balance: debit positive."""
    for row in rows(terminal, "trial-balance"):
        if row["account"] == account:
            return str(row["debit"]) if row["debit"] != "0.00" else f"-{row['credit']}"
    return "0.00"


def switch_on(terminal: Terminal, type_code: str, example: dict[str, Any]) -> None:
    """Refused while it is off; posted once it was switched on."""
    assert terminal.refused({**example, "idempotency_key": "early"})["code"] == "VCH-007"
    terminal.configure(type_code, is_active=True)


def verified(terminal: Terminal) -> None:
    """Every invariant holds, and the program says so."""
    ended = terminal.run("db", "verify", login="owner")
    assert ended.code == 0, ended


def test_a_sales_order_reserves_until_its_delivery_and_invoice(terminal: Terminal) -> None:
    order = document("SALES_ORDER", 3, [goods("TEA", "6", "20")], "so", party="C001", warehouse="MAIN", **PLAIN)
    terminal.posted(bought(1, "TEA", "10", "5"))
    switch_on(terminal, "SALES_ORDER", order)
    made = terminal.posted(order)
    assert (made["voucher_number"], made["total"], made["cost"]) == ("SO/26-27/000001", "120.00", "0.00")
    assert terminal.refused(sold(4, "TEA", "5"))["code"] == "INV-001"
    assert terminal.posted(sold(5, "TEA", "6", against="SO/26-27/000001"))["cost"] == "30.00"
    assert terminal.refused(sold(6, "TEA", "1", against="key:so"))["code"] == "INV-004"
    assert [(row["quantity"], row["value"]) for row in rows(terminal, "stock-balance")] == [("4", "20.00")]
    verified(terminal)


def test_an_order_that_is_reversed_lets_go_of_its_goods(terminal: Terminal) -> None:
    terminal.configure("SALES_ORDER", is_active=True)
    terminal.posted(bought(1, "TEA", "10", "5"))
    number = terminal.posted(document("SALES_ORDER", 3, [goods("TEA", "10", "20")], party="C001", warehouse="MAIN",
                                      **PLAIN))["voucher_number"]
    assert terminal.refused(sold(4, "TEA", "1"))["code"] == "INV-001"
    undone = terminal.ask("voucher", "reverse", number, "--date", "2026-04-04", "--reason", "withdrawn")
    assert undone.code == 0, undone
    terminal.posted(sold(4, "TEA", "10"))
    verified(terminal)


def test_a_goods_receipt_stands_on_grir_until_its_invoice(terminal: Terminal) -> None:
    receipt = document("GOODS_RECEIPT", 1, [goods("TEA", "10", "5")], "gr", party="S001", warehouse="MAIN")
    switch_on(terminal, "GOODS_RECEIPT", receipt)
    made = terminal.posted(receipt)
    assert (made["voucher_number"], made["cost"], balance(terminal, "2120")) == ("GR/26-27/000001", "50.00", "-50.00")
    assert rows(terminal, "outstanding", "--kind", "payable") == []
    first = bought(5, "TEA", "4", "5", against="GR/26-27/000001")
    terminal.posted(first)
    assert balance(terminal, "2120") == "-30.00"
    rest = terminal.posted(bought(6, "TEA", "6", "5.50", against="key:gr"))["voucher_number"]
    assert (balance(terminal, "2120"), balance(terminal, "1140")) == ("0.00", "53.00")
    assert [row["open_amount"] for row in rows(terminal, "outstanding", "--kind", "payable")] == ["20.00", "33.00"]
    undone = terminal.ask("voucher", "reverse", rest, "--date", "2026-04-07", "--reason", "wrong bill")
    assert undone.code == 0, undone
    assert (balance(terminal, "2120"), balance(terminal, "1140")) == ("-30.00", "50.00")
    terminal.posted(bought(8, "TEA", "6", "5", against="key:gr"))
    assert balance(terminal, "2120") == "0.00"
    verified(terminal)


def test_a_delivery_note_waits_at_cost_until_its_invoice(terminal: Terminal) -> None:
    delivery = document("DELIVERY_NOTE", 3, [goods("TEA", "4")], "dl", party="C001", warehouse="MAIN")
    terminal.posted(bought(1, "TEA", "10", "5"))
    switch_on(terminal, "DELIVERY_NOTE", delivery)
    made = terminal.posted(delivery)
    assert (made["voucher_number"], made["cost"], balance(terminal, "1160")) == ("DL/26-27/000001", "20.00", "20.00")
    assert terminal.posted(sold(5, "TEA", "4", against="key:dl"))["total"] == "80.00"
    assert (balance(terminal, "1160"), balance(terminal, "5010")) == ("0.00", "20.00")
    undone = terminal.ask("voucher", "reverse", "key:dl", "--date", "2026-04-07", "--reason", "not sent")
    assert (undone.code, undone.rows[0]["code"]) == (1, "VCH-023")
    verified(terminal)


def test_physical_stock_adjusts_what_was_counted(terminal: Terminal) -> None:
    counted = document("PHYSICAL_STOCK", 10, [{"item": "TEA", "counted_quantity": "8"},
                                              {"item": "OIL", "counted_quantity": "2.5", "rate": "4"}],
                       warehouse="MAIN")
    terminal.posted(bought(1, "TEA", "10", "5"))
    switch_on(terminal, "PHYSICAL_STOCK", counted)
    made = terminal.posted(counted)
    assert made["voucher_number"] == "PS/26-27/000001"
    assert {row["item"]: (row["quantity"], row["value"]) for row in rows(terminal, "stock-balance")} == {
        "TEA": ("8", "40.00"), "OIL": ("2.5", "10.00")}
    assert balance(terminal, "5040") == "0.00"  # 10 lost, 10 found
    again = terminal.posted({**counted, "idempotency_key": "again"})
    assert again["cost"] == "0.00"
    undone = terminal.ask("voucher", "reverse", made["voucher_number"], "--date", "2026-04-11", "--reason", "slip")
    assert undone.code == 0, undone
    assert {row["item"]: row["quantity"] for row in rows(terminal, "stock-balance")} == {"TEA": "10"}
    verified(terminal)


def test_opening_stock_comes_in_against_the_opening_difference(terminal: Terminal) -> None:
    opening = document("OPENING_STOCK", 1, [goods("TEA", "10", "5"), goods("PILL", "3", "2", batch="B1")],
                       warehouse="MAIN")
    switch_on(terminal, "OPENING_STOCK", opening)
    made = terminal.posted(opening)
    assert (made["voucher_number"], made["total"], made["cost"]) == ("OS/26-27/000001", "56.00", "56.00")
    assert (balance(terminal, "1140"), balance(terminal, "3030")) == ("56.00", "-56.00")
    assert terminal.posted(sold(5, "TEA", "4"))["cost"] == "20.00"
    assert [(row["quantity_in"], row["quantity_out"], row["balance_value"]) for row in
            rows(terminal, "stock-ledger", "--item", "TEA")] == [("10", "0", "50.00"), ("0", "4", "30.00")]
    verified(terminal)


def test_opening_balances_are_completed_and_settled_like_any_other(terminal: Terminal) -> None:
    opening = document("OPENING_BALANCE", 1, [
        {"account": "1110", "debit": "500"}, {"account": "1130", "party": "C001", "debit": "80"},
        {"account": "2110", "party": "S001", "credit": "30"}, {"account": "3010", "credit": "500"}], "ob")
    switch_on(terminal, "OPENING_BALANCE", opening)
    made = terminal.posted(opening)
    assert (made["voucher_number"], balance(terminal, "3030")) == ("OB/26-27/000001", "-50.00")
    [owed] = rows(terminal, "outstanding", "--kind", "receivable")
    assert (owed["party"], owed["open_amount"]) == ("C001", "80.00")
    terminal.posted({"type": "AR_RECEIPT", "date": "2026-04-20", "account": "1110", "party": "C001", "amount": "80",
                     "allocations": [{"voucher_number": made["voucher_number"], "amount": "80"}]})
    assert rows(terminal, "outstanding", "--kind", "receivable") == []
    terminal.posted({"type": "AP_PAYMENT", "date": "2026-04-20", "account": "1110", "party": "S001", "amount": "30",
                     "allocations": [{"voucher_number": "key:ob", "amount": "30"}]})
    assert balance(terminal, "2110") == "0.00"
    verified(terminal)
