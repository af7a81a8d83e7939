"""A trader who sells in dollars: rates and price lists come in, vouchers go out, money comes back at another rate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.cluster import Cluster
from helpers.terminal import Terminal
from helpers.trading import trading
from helpers.trading_fixtures import shop_template

__all__ = ["shop_template"]

MASTERS: dict[str, Any] = {
    "currencies": [{"code": "USD", "rates": [{"valid_from": "2026-04-01", "rate": "133.333333"},
                                             {"valid_from": "2026-05-01", "rate": "136"}]}],
    "price_lists": [{"code": "EXPORT", "currency": "USD", "rates": [
        {"item": "TEA", "uom": "PCS", "rate": "1.25"},
        {"item": "TEA", "uom": "PCS", "rate": "1.1", "minimum_quantity": "100"}]}],
    "parties": [{"code": "C001", "kind": "customer", "price_list": "EXPORT", "credit_limit": "20000"}],
}
NONE = {"charges": [], "auto_charges": False}
SALE = {"type": "SALES_INVOICE", "party": "C001", "currency": "USD", **NONE}
VOUCHERS: list[dict[str, Any]] = [
    {"type": "PURCHASE_INVOICE", "date": "2026-04-02", "party": "S001", "idempotency_key": "in",
     "lines": [{"item": "TEA", "quantity": "200", "rate": "80"}], **NONE},
    {**SALE, "date": "2026-04-03", "idempotency_key": "small", "lines": [{"item": "TEA", "quantity": "7"}]},
    {**SALE, "date": "2026-04-04", "idempotency_key": "large", "lines": [{"item": "TEA", "quantity": "100"}]},
    {**SALE, "date": "2026-04-05", "idempotency_key": "too much", "lines": [{"item": "TEA", "quantity": "50"}]},
    {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "currency": "USD",
     "amount": "60.00", "idempotency_key": "money",
     "allocations": [{"voucher_number": "key:small", "amount": "8.75"},
                     {"voucher_number": "key:large", "amount": "50"}]},
]


@pytest.fixture
def terminal(cluster: Cluster, shop_template: str, tmp_path: Path) -> Iterator[Terminal]:
    """The command line on the trading organization; afterwards its books are verified."""
    with trading(cluster, shop_template) as trade:
        yield Terminal(trade, tmp_path)


def report(terminal: Terminal, *arguments: str) -> list[dict[str, Any]]:
    """The rows of a report."""
    ended = terminal.ask("report", *arguments, "--format", "json")
    assert ended.code == 0, ended
    rows: list[dict[str, Any]] = json.loads(ended.out)["rows"]
    return rows


def journal(terminal: Terminal, number: str) -> list[tuple[str, str, str]]:
    return [(row["account"], row["debit"], row["credit"]) for row in report(terminal, "journal", "--voucher", number)]


def test_a_trader_sells_in_dollars(terminal: Terminal) -> None:
    brought = terminal.ask("import", "masters", terminal.file(MASTERS)).rows
    assert [row["status"] for row in brought] == ["created", "created", "updated"]
    terminal.configure("SALES_INVOICE", credit_check="block", loyalty_rate="0.001")
    answers = terminal.ask("import", "vouchers", terminal.file(VOUCHERS), "--post", "--continue-on-error").rows
    assert [answer.get("total", answer.get("code")) for answer in answers] == [
        "16000.00", "8.75", "110.00", "VCH-040", "60.00"]

    # 8.75 at 133.333333 is 1166.67, and 110 are 14666.67; a month later 50 of the 110 settle 6666.67 of it
    assert journal(terminal, "RC/26-27/000001") == [
        ("1120", "8160.00", "0.00"), ("1130", "0.00", "8003.34"), ("6070", "0.00", "156.66")]
    rows = report(terminal, "outstanding", "--kind", "receivable", "--party", "C001")
    assert [(row["voucher_number"], row["open_amount"]) for row in rows] == [
        ("SI/26-27/000002", "8000.00"), ("RC/26-27/000001", "-170.00")]
    [points] = [row for row in terminal.trade.books.masters.lookup_rows("party") if row.code == "C001"]
    assert points.attributes["loyalty_points"] == "15", "1 of the first sale, 14 of the second"

    [settled] = terminal.ask("settle", "--party", "C001", "--kind", "receivable", "--currency", "USD",
                             "--date", "2026-05-03").rows
    assert (settled["status"], settled["total"]) == ("POSTED", "0.00")
    # 1.25 of the 60 dollars were left: 166.67 against 170.00
    assert journal(terminal, settled["voucher_number"]) == [("1130", "3.33", "0.00"), ("6070", "0.00", "3.33")]
    gains = {row["account"]: row["credit"] for row in report(terminal, "trial-balance")}
    assert gains["6070"] == "159.99"

    undone = terminal.ask("voucher", "reverse", settled["voucher_number"], "--date", "2026-05-04", "--reason", "early")
    assert undone.code == 0, undone
    verified = terminal.run("db", "verify", login="owner")
    assert verified.code == 0, verified
