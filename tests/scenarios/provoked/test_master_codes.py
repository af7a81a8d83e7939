"""MST-*: what the program says of masters that books and stock rest on, provoked through the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpers.terminal import Terminal
from helpers.trading import PLAIN, goods, purchase, sale

provokes = pytest.mark.provokes
ACCOUNT = {"code": "1145", "kind": "stock"}
ICE_AND_CAKE = [{"code": "CAKES"}, {"code": "FROZEN", "inventory_account": "1145"}]


@pytest.fixture(scope="module")
def lying(trade: Any) -> None:
    """Goods that came in two units, and half a kilogram."""
    results = trade.books.masters.import_masters({"item_groups": ICE_AND_CAKE, "items": [
        {"code": "CAKE", "name": "Cake", "uom": "PCS", "group": "CAKES"}]})
    assert all(one.ok for one in results), results
    trade.post(purchase([goods("TEA", "1", "60", uom="BOX"), goods("OIL", "2.5", "5"), goods("CAKE", "3", "5"),
                         goods("ICE", "1", "5")], **PLAIN))
    trade.post(sale([goods("TEA", "1", "15")], **PLAIN))
    trade.post(sale([goods("REPAIR", "1", "15")], **PLAIN))


def answers(terminal: Terminal, **sections: Any) -> list[dict[str, Any]]:
    ended = terminal.ask("import", "masters", terminal.file(sections))
    return [json.loads(line) for line in ended.out.splitlines()]


KEPT = {
    "units": ({"uoms": [{"code": "KG", "decimals": "0"}]}, "uoms[0].decimals",
              "Quantities in KG have up to 1 decimals; it can't have fewer any more."),
    "factor": ({"items": [{"code": "TEA", "uom": "PCS", "alternate_units": [
        {"uom": "HALF", "factor": "2"}, {"uom": "BOX", "factor": "24"}]}]}, "items[0].alternate_units[1].factor",
        "Vouchers were posted in BOX of the item TEA; what it holds can't change any more."),
    "unit gone": ({"items": [{"code": "TEA", "uom": "PCS", "alternate_units": []}]}, "items[0].alternate_units",
                  "Vouchers were posted in BOX of the item TEA; what it holds can't change any more."),
    "place": ({"warehouses": [{"code": "MAIN", "inventory_account": "1145"}]}, "warehouses[0].inventory_account",
              "Goods of the warehouse MAIN lie in MAIN; the account that they stand on can't change."),
    "item": ({"items": [{"code": "ICE", "uom": "PCS", "inventory_account": None}]}, "items[0].inventory_account",
             "Goods of the item ICE lie in MAIN; the account that they stand on can't change."),
    "group": ({"item_groups": [{"code": "CAKES", "inventory_account": "1145"}]}, "item_groups[0].inventory_account",
              "Goods of the group CAKES lie in MAIN; the account that they stand on can't change."),
    "group of an item": ({"items": [{"code": "CAKE", "uom": "PCS", "group": "FROZEN"}]}, "items[0].group",
                         "Goods of the item CAKE lie in MAIN; the account that they stand on can't change."),
    "valuation": ({"items": [{"code": "TEA", "uom": "PCS", "valuation": "weighted_average"}]}, "items[0].valuation",
                  "The item TEA has entries; its valuation can't change any more."),
    "service": ({"items": [{"code": "REPAIR", "uom": "PCS", "is_stocked": True}]}, "items[0].is_stocked",
                "The item REPAIR has entries; its is_stocked can't change any more."),
    "kind": ({"accounts": [{"code": "4010", "type": "income", "kind": "stock"}]}, "accounts[0].kind",
             "The account 4010 has entries; its kind can't change any more."),
}


@pytest.mark.usefixtures("lying")
@pytest.mark.parametrize(("document", "field", "said"), [
    pytest.param(*case, marks=provokes("MST-001"), id=name) for name, case in KEPT.items()])
def test_what_books_and_stock_rest_on_is_kept(
        terminal: Terminal, document: dict[str, Any], field: str, said: str) -> None:
    [answer] = answers(terminal, **document)
    assert (answer["status"], answer["code"], answer["field"], answer["message"]) == ("refused", "MST-001", field, said)


MISFITS = {
    "bank": ({"warehouses": [{"code": "COLD", "inventory_account": "1120"}]}, "warehouses[0].inventory_account",
             "1120 is of kind bank; one of kind stock is needed here."),
    "expense": ({"item_groups": [{"code": "G", "inventory_account": "6050"}]}, "item_groups[0].inventory_account",
                "6050 is of kind general; one of kind stock is needed here."),
    "income": ({"items": [{"code": "X", "uom": "PCS", "cogs_account": "4010"}]}, "items[0].cogs_account",
               "4010 is of type income; one of type expense or asset is needed here."),
    "goods": ({"items": [{"code": "X", "uom": "PCS", "sales_account": "1140"}]}, "items[0].sales_account",
              "1140 is of kind stock; none of that kind fits here."),
    "group": ({"parties": [{"code": "P", "kind": "customer", "account": "1000"}]}, "parties[0].account",
              "1000 is a group; only an account that is posted to fits here."),
    "party": ({"parties": [{"code": "P", "kind": "customer", "account": "2110"}]}, "parties[0].account",
              "2110 is of kind payable; one of kind receivable is needed here."),
    "named": ({"accounts": [{"code": "1135", "type": "asset", "kind": "general"}]}, "accounts[0].kind",
              "party C002 names this account: 1135 is of kind general; one of kind receivable is needed here."),
}


@pytest.mark.parametrize(("document", "field", "said"), [
    pytest.param(*case, marks=provokes("MST-010"), id=name) for name, case in MISFITS.items()])
def test_a_master_names_accounts_that_fit(
        terminal: Terminal, document: dict[str, Any], field: str, said: str) -> None:
    good = {"tax_classes": [{"code": "STD"}]}
    *_, answer = answers(terminal, **good, **document)
    assert (answer["status"], answer["code"], answer["field"], answer["message"]) == ("refused", "MST-010", field, said)


@pytest.mark.usefixtures("lying")
def test_what_nothing_rests_on_may_change(terminal: Terminal) -> None:
    done = answers(terminal, uoms=[{"code": "KG", "decimals": "4"}, {"code": "HALF", "decimals": "2"}],
                   warehouses=[{"code": "COLD", "inventory_account": "1145"}],
                   items=[{"code": "TEA", "uom": "PCS", "inventory_account": "1140", "alternate_units": [
                       {"uom": "BOX", "factor": "12"}, {"uom": "HALF", "factor": "0.5"}]}],
                   parties=[{"code": "S001", "kind": "supplier", "account": "2110"}])
    assert {one["status"] for one in done} == {"updated"}, done
