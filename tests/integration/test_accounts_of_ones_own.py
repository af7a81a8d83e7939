"""Accounts from a table without kinds, named for goods and parties: they take the kind of what names them first."""

from __future__ import annotations

from typing import Any

from helpers.trading import PLAIN, Trade, broken_invariants, goods, journal, purchase, sale

CHART = [{"code": "1146", "name": "Spices", "parent": "1000", "type": "asset"},
         {"code": "1131", "name": "Exporters", "parent": "1000", "type": "asset"},
         {"code": "2115", "name": "Growers", "parent": "2000", "type": "liability"}]
MASTERS = {"accounts": CHART,
           "items": [{"code": "CLOVE", "name": "Clove", "uom": "PCS", "valuation": "fifo",
                      "inventory_account": "1146"}],
           "parties": [{"code": "X1", "name": "Exporter", "kind": "customer", "account": "1131"},
                       {"code": "G1", "name": "Grower", "kind": "supplier", "account": "2115"}]}


def brought_in(shop: Trade, document: dict[str, Any]) -> list[list[str]]:
    """Codes of what each object is refused for."""
    return [[] if result.ok else [fault.code for fault in result.faults]
            for result in shop.books.masters.import_masters(document)]


def test_accounts_without_a_kind_hold_goods_and_debts_once_they_are_named_for_them(shop: Trade) -> None:
    assert brought_in(shop, MASTERS) == [[]] * 6
    kinds = "SELECT kind FROM erpdesk.account WHERE code = %s"
    assert [shop.one(kinds, code) for code in ("1146", "1131", "2115")] == ["stock", "receivable", "payable"]
    shop.post(purchase([goods("CLOVE", "10", "5")], party="G1", **PLAIN))
    shop.post(sale([goods("CLOVE", "4", "9")], party="X1", **PLAIN))
    balances = shop.balances()
    assert [balances[code] for code in ("1146", "1131", "2115")] == ["30", "36", "-50"]
    assert broken_invariants(shop.database) == []


def test_an_account_takes_one_kind_and_keeps_it(shop: Trade) -> None:
    assert brought_in(shop, MASTERS) == [[]] * 6
    again = [{"code": "X2", "name": "Other", "kind": "customer", "account": code} for code in ("1146", "2115", "1131")]
    assert [brought_in(shop, {"parties": [party]}) for party in again] == [[["MST-010"]], [["MST-010"]], [[]]]


def test_an_account_with_entries_keeps_being_of_no_kind(shop: Trade) -> None:
    assert brought_in(shop, {"accounts": CHART}) == [[]] * 3
    shop.post({**journal(), "lines": [{"account": "1146", "debit": "5"}, {"account": "3010", "credit": "5"}]})
    refused = shop.books.masters.import_masters({"items": MASTERS["items"]})
    assert [fault.code for result in refused for fault in result.faults] == ["MST-010"]
    assert shop.one("SELECT kind FROM erpdesk.account WHERE code = '1146'") == "general"
