"""A clerk calls the posting functions himself, with a plan that isn't what his document says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from erpdesk.domain.results import Ok
from helpers.hostile import forging_plan
from helpers.trading import PLAIN, Trade, journal, purchase, sale

pytestmark = pytest.mark.server_versions

Plan = dict[str, Any]
Forgery = Callable[[Trade, Plan], None]


def account(shop: Trade, code: str) -> str:
    return str(shop.one("SELECT id FROM erpdesk.account WHERE code = %s", code))


def add_lines(shop: Trade, plan: Plan, *lines: tuple[str, str], role: str = "line") -> None:
    for code, amount in lines:
        plan["journal"].append({**plan["journal"][0], "line_number": len(plan["journal"]) + 1, "role": role,
                                "account_id": account(shop, code), "party_id": None, "amount": Decimal(amount)})


def of_role(plan: Plan, code: str, shop: Trade) -> Plan:
    wanted = account(shop, code)
    return next(line for line in plan["journal"] if str(line["account_id"]) == wanted)


def one_side_more(shop: Trade, plan: Plan) -> None:
    plan["journal"][0]["amount"] += 1


def another_amount(shop: Trade, plan: Plan) -> None:
    for line in plan["journal"]:
        line["amount"] *= 10


def another_account(shop: Trade, plan: Plan) -> None:
    plan["journal"][-1]["account_id"] = account(shop, "6020")


def lines_of_his_own(shop: Trade, plan: Plan) -> None:
    add_lines(shop, plan, ("6020", "500"), ("1120", "-500"))


def a_stock_account(shop: Trade, plan: Plan) -> None:
    add_lines(shop, plan, ("1140", "500"), ("1120", "-500"))


def a_group(shop: Trade, plan: Plan) -> None:
    add_lines(shop, plan, ("6000", "500"), ("1120", "-500"))


def a_control_account_without_party(shop: Trade, plan: Plan) -> None:
    add_lines(shop, plan, ("1130", "500"), ("1120", "-500"))


def an_account_of_nobody(shop: Trade, plan: Plan) -> None:
    plan["journal"][-1]["account_id"] = str(uuid4())


def no_journal(shop: Trade, plan: Plan) -> None:
    plan["journal"] = []


def movements_of_a_journal(shop: Trade, plan: Plan) -> None:
    plan["movements"] = [{"id": str(uuid4()), "quantity": 1, "value": 1}]


def fractions(shop: Trade, plan: Plan) -> None:
    plan["journal"][0]["amount"] += Decimal("0.001")
    plan["journal"][1]["amount"] -= Decimal("0.001")


def less_owed(shop: Trade, plan: Plan) -> None:
    of_role(plan, "1130", shop)["amount"] -= 100
    for item in plan["open_items"]:
        item["amount"] -= 100
    add_lines(shop, plan, ("6010", "100"), role="charge")


def an_open_item_less(shop: Trade, plan: Plan) -> None:
    plan["open_items"][0]["amount"] -= 1


def no_open_items(shop: Trade, plan: Plan) -> None:
    plan["open_items"] = []


def cheaper_cost(shop: Trade, plan: Plan) -> None:
    plan["movements"][0]["value"] += 1
    of_role(plan, "1140", shop)["amount"] += 1
    of_role(plan, "5010", shop)["amount"] -= 1


def less_stock_taken(shop: Trade, plan: Plan) -> None:
    plan["movements"][0]["quantity"] += 1


def no_stock_taken(shop: Trade, plan: Plan) -> None:
    plan["movements"] = []
    plan["journal"] = [line for line in plan["journal"] if str(line["account_id"]) not in
                       (account(shop, "1140"), account(shop, "5010"))]


def stock_and_ledger_apart(shop: Trade, plan: Plan) -> None:
    of_role(plan, "1140", shop)["amount"] += 1
    of_role(plan, "5010", shop)["amount"] -= 1


def a_layer_of_its_own(shop: Trade, plan: Plan) -> None:
    plan["layers"].append({"id": str(uuid4()), "item_id": plan["movements"][0]["item_id"], "line_number": 1,
                           "warehouse_id": plan["movements"][0]["warehouse_id"], "layer_number": 99, "quantity": 10,
                           "value": 0})


def taken_from_nowhere(shop: Trade, plan: Plan) -> None:
    plan["movements"][0]["layer_id"] = str(uuid4())


def taken_from_another_warehouse(shop: Trade, plan: Plan) -> None:
    plan["movements"][0]["warehouse_id"] = str(shop.one("SELECT id FROM erpdesk.warehouse WHERE code = 'SHOP'"))


def lines_of_an_unknown_role(shop: Trade, plan: Plan) -> None:
    add_lines(shop, plan, ("6020", "500"), ("1120", "-500"), role="other")


def lines_called_charges(shop: Trade, plan: Plan) -> None:
    add_lines(shop, plan, ("6020", "500"), ("1120", "-500"), role="charge")


def cost_called_variance(shop: Trade, plan: Plan) -> None:
    """What the goods cost, hidden where prices differ, on the account that is there for it."""
    code = shop.one("SELECT a.code FROM erpdesk.account_role r JOIN erpdesk.account a ON a.id = r.account_id"
                    " WHERE r.role = 'cost_variance'")
    of_role(plan, "5010", shop)["amount"] -= 5
    add_lines(shop, plan, (code, "5"), role="variance")


def more_taken_on_the_side(shop: Trade, plan: Plan) -> None:
    """A movement of no line, at its right cost: goods leave that nobody was sold."""
    plan["movements"].append({**plan["movements"][0], "id": str(uuid4()), "line_number": 77, "movement_number": 77})
    value = plan["movements"][0]["value"]
    of_role(plan, "1140", shop)["amount"] += value
    of_role(plan, "5010", shop)["amount"] -= value


def received_at_another_value(shop: Trade, plan: Plan) -> None:
    plan["movements"][0]["value"] += 400
    plan["layers"][0]["value"] += 400
    of_role(plan, "1140", shop)["amount"] += 400
    add_lines(shop, plan, ("5020", "-400"), role="charge")


JOURNALS: list[Forgery] = [
    lines_of_an_unknown_role, lines_called_charges,
    one_side_more, another_amount, another_account, lines_of_his_own, a_stock_account, a_group,
    a_control_account_without_party, an_account_of_nobody, no_journal, movements_of_a_journal, fractions]
SALES: list[Forgery] = [
    more_taken_on_the_side, lines_of_an_unknown_role, lines_called_charges, cost_called_variance,
    one_side_more, another_amount, less_owed, an_open_item_less, no_open_items, cheaper_cost, less_stock_taken,
    no_stock_taken, stock_and_ledger_apart, a_layer_of_its_own, taken_from_nowhere, taken_from_another_warehouse]
PURCHASES: list[Forgery] = [received_at_another_value, no_open_items, a_layer_of_its_own, one_side_more]

SALE = sale([{"item": "TEA", "quantity": "3", "rate": "100"}], **PLAIN)
PURCHASE = purchase([{"item": "TEA", "quantity": "3", "rate": "5"}], **PLAIN)
OF_STOCK = {cheaper_cost, less_stock_taken, no_stock_taken, a_layer_of_its_own, taken_from_nowhere,
            taken_from_another_warehouse, more_taken_on_the_side, movements_of_a_journal}
INVARIANT: dict[Forgery, str] = {
    **dict.fromkeys(OF_STOCK, "I5"), stock_and_ledger_apart: "I6", received_at_another_value: "I6",
    a_stock_account: "I6", less_owed: "I11", an_open_item_less: "I11", no_open_items: "I11", no_journal: "I2"}
CASES = [pytest.param(document, forgery, id=f"{document['type'].lower()}-{forgery.__name__}",
                      marks=pytest.mark.invariant(INVARIANT.get(forgery, "I1")))
         for document, forgeries in ((journal("100.00"), JOURNALS), (SALE, SALES), (PURCHASE, PURCHASES))
         for forgery in forgeries]


@pytest.mark.parametrize(("document", "forgery"), CASES)
def test_a_forged_plan_is_refused_whole(shop: Trade, document: dict[str, Any], forgery: Forgery) -> None:
    shop.buy("TEA", "10", "5")
    before = shop.fingerprint()
    with forging_plan(shop, forgery):
        result = shop.books.vouchers.post(document)
    assert not isinstance(result, Ok), "posted"
    assert shop.changed_since(before) <= {"posting_log"}
