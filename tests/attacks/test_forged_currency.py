"""A clerk calls the posting functions himself, with exchange rates, rounding and gains that his document hasn't."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from erpdesk.domain.results import Ok
from helpers.hostile import forging_draft, forging_plan
from helpers.trading import PLAIN, Trade, goods, journal, purchase, sale
from helpers.trading_fixtures import begun_as

pytestmark = pytest.mark.server_versions

Payload = dict[str, Any]
Forgery = Callable[[Trade, Payload], None]


def deal_abroad(shop: Trade) -> None:
    shop.books.masters.import_masters({"currencies": [{"code": "USD"}, {"code": "EUR"}]})
    shop.buy("TEA", "100", "5")
    shop.post({**SALE, "idempotency_key": "dollars"})
    shop.post(sale([goods("TEA", "1", "100")], idempotency_key="rupees", **PLAIN))


shop_template = begun_as(deal_abroad)


@pytest.fixture
def trade(shop: Trade) -> Trade:
    """SHOP with dollars, tea, an invoice of 100 dollars at 130 and one in rupees."""
    return shop


def account(trade: Trade, code: str) -> str:
    return str(trade.one("SELECT id FROM erpdesk.account WHERE code = %s", code))


def line(trade: Trade, plan: Payload, code: str) -> Payload:
    wanted = account(trade, code)
    found: Payload = next(row for row in plan["journal"] if str(row["account_id"]) == wanted)
    return found


def add(trade: Trade, plan: Payload, code: str, amount: str, role: str, stated: str | None = None) -> None:
    plan["journal"].append({
        "line_number": len(plan["journal"]) + 1, "role": role, "account_id": account(trade, code), "party_id": None,
        "cost_centre_id": None, "narration": None, "amount": Decimal(amount),
        "currency_amount": Decimal(stated) if stated else None})


# What is saved before the plan is made.

def another_rate_than_planned(trade: Trade, saved: Payload) -> None:
    saved["voucher"]["exchange_rate"] = Decimal(140)


def another_rate_and_total_than_planned(trade: Trade, saved: Payload) -> None:
    saved["voucher"]["exchange_rate"] = Decimal(140)
    saved["voucher"]["base_total"] = saved["voucher"]["total"] * 140


def another_base_total(trade: Trade, saved: Payload) -> None:
    saved["voucher"]["base_total"] += 1


def a_currency_of_nobody(trade: Trade, saved: Payload) -> None:
    saved["voucher"]["currency_code"] = "ZZZ"


def the_currency_of_the_books_at_another_rate(trade: Trade, saved: Payload) -> None:
    saved["voucher"]["currency_code"] = "NPR"


# What is applied.

def base_amounts_of_another_rate(trade: Trade, plan: Payload) -> None:
    for row in plan["journal"]:
        if row["currency_amount"] is not None:
            row["amount"] = row["currency_amount"] * 131
    for item in plan["open_items"]:
        item["amount"] = item["open_amount"] = item["currency_amount"] * 131


def rounding_invented(trade: Trade, plan: Payload) -> None:
    line(trade, plan, "4010")["amount"] += 7
    add(trade, plan, "6040", "-7", "exchange_rounding")


def rounding_on_both_sides_of_nothing(trade: Trade, plan: Payload) -> None:
    add(trade, plan, "6040", "-7", "exchange_rounding")
    add(trade, plan, "6070", "7", "exchange_rounding")


def rounding_on_another_account(trade: Trade, plan: Payload) -> None:
    add(trade, plan, "6020", "1", "exchange_rounding")
    add(trade, plan, "6020", "-1", "exchange_rounding")


def a_gain_on_a_sale(trade: Trade, plan: Payload) -> None:
    add(trade, plan, "6070", "-7", "exchange")
    add(trade, plan, "6070", "7", "exchange")


def dearer_stock_against_rounding(trade: Trade, plan: Payload) -> None:
    plan["movements"][0]["value"] += 50
    plan["layers"][0]["value"] += 50
    line(trade, plan, "1140")["amount"] += 50
    add(trade, plan, "6040", "-50", "exchange_rounding")


def more_owed_in_dollars(trade: Trade, plan: Payload) -> None:
    for item in plan["open_items"]:
        item["currency_amount"] += 1
        item["currency_open_amount"] += 1


def less_open_in_dollars(trade: Trade, plan: Payload) -> None:
    plan["open_items"][0]["currency_open_amount"] -= 1


def a_party_line_of_more_dollars(trade: Trade, plan: Payload) -> None:
    for row in plan["journal"]:
        if row["party_id"]:
            row["currency_amount"] += 1
    plan["open_items"][0]["currency_amount"] += 1
    plan["open_items"][0]["currency_open_amount"] += 1


def no_dollars_at_all(trade: Trade, plan: Payload) -> None:
    for row in [*plan["journal"], *plan["open_items"]]:
        row["currency_amount"] = None
    for row in plan["open_items"]:
        row["currency_open_amount"] = None


def dollars_on_a_typed_line(trade: Trade, plan: Payload) -> None:
    plan["journal"][0]["currency_amount"] += 1


# Settlement.

def a_gain_invented(trade: Trade, plan: Payload) -> None:
    line(trade, plan, "1120")["amount"] += 100
    line(trade, plan, "6070")["amount"] -= 100


def the_gain_kept_as_money(trade: Trade, plan: Payload) -> None:
    line(trade, plan, "6070").update(account_id=account(trade, "6060"), role="write_off")


def the_gain_called_rounding(trade: Trade, plan: Payload) -> None:
    line(trade, plan, "6070").update(account_id=account(trade, "6040"), role="exchange_rounding")


def _settle(trade: Trade, plan: Payload, base: int, dollars: int) -> None:
    """Settles more of the item than the document says, in both journals."""
    for part in plan["settlements"]:
        sign = -1 if part["own"] else 1
        part["amount"] += sign * base
        part["currency_amount"] += sign * dollars
    for item in plan["open_items"]:
        item["amount"] -= base
        item["currency_amount"] -= dollars
    for row in plan["journal"]:
        if row["party_id"]:
            row["amount"] -= base
            row["currency_amount"] -= dollars
    line(trade, plan, "6070")["amount"] += base


def more_of_the_item_in_base(trade: Trade, plan: Payload) -> None:
    _settle(trade, plan, 10, 0)


def more_of_the_item_in_dollars(trade: Trade, plan: Payload) -> None:
    _settle(trade, plan, 0, 10)


def more_of_the_item_in_both(trade: Trade, plan: Payload) -> None:
    _settle(trade, plan, 1300, 10)


def an_item_of_another_currency(trade: Trade, plan: Payload) -> None:
    for part in plan["settlements"]:
        if not part["own"]:
            part["open_item_id"] = str(trade.one(
                "SELECT o.id FROM erpdesk.open_item o JOIN erpdesk.voucher v ON v.id = o.voucher_id"
                " WHERE v.idempotency_key = 'rupees'"))


def more_discount(trade: Trade, plan: Payload) -> None:
    line(trade, plan, "6010")["amount"] += 50
    line(trade, plan, "6060")["amount"] -= 50


# A voucher in the currency of the books.

def a_second_currency(trade: Trade, plan: Payload) -> None:
    plan["journal"][0]["currency_amount"] = Decimal(1)


def other_open_amounts(trade: Trade, plan: Payload) -> None:
    plan["open_items"][0].update(currency_amount=Decimal(1), currency_open_amount=Decimal(1))


def rounding_in_rupees(trade: Trade, plan: Payload) -> None:
    add(trade, plan, "6040", "1", "exchange_rounding")
    add(trade, plan, "6040", "-1", "exchange_rounding")


FOREIGN: dict[str, Any] = {"currency": "USD", "exchange_rate": "130"}
SALE = sale([goods("TEA", "1", "100")], **FOREIGN, **PLAIN)
PURCHASE = purchase([goods("TEA", "1", "100")], **FOREIGN, **PLAIN)
JOURNAL = journal("100", **FOREIGN)
RECEIPT = {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "amount": "40",
           "currency": "USD", "exchange_rate": "135",
           "allocations": [{"voucher_number": "key:dollars", "amount": "40", "discount": "6", "write_off": "4"}]}
BASE = sale([goods("TEA", "1", "100")], **PLAIN)

SAVED: list[Forgery] = [another_rate_than_planned, another_rate_and_total_than_planned, another_base_total,
                        a_currency_of_nobody, the_currency_of_the_books_at_another_rate]
APPLIED: list[tuple[dict[str, Any], Forgery]] = [
    *((SALE, forgery) for forgery in (
        base_amounts_of_another_rate, rounding_invented, rounding_on_both_sides_of_nothing, rounding_on_another_account,
        a_gain_on_a_sale, more_owed_in_dollars, less_open_in_dollars, a_party_line_of_more_dollars, no_dollars_at_all)),
    *((PURCHASE, forgery) for forgery in (dearer_stock_against_rounding, more_owed_in_dollars)),
    *((JOURNAL, forgery) for forgery in (base_amounts_of_another_rate, dollars_on_a_typed_line)),
    *((RECEIPT, forgery) for forgery in (
        a_gain_invented, the_gain_kept_as_money, the_gain_called_rounding, more_of_the_item_in_base,
        more_of_the_item_in_dollars, more_of_the_item_in_both, an_item_of_another_currency, more_discount)),
    *((BASE, forgery) for forgery in (a_second_currency, other_open_amounts, rounding_in_rupees))]


def refused(trade: Trade, document: dict[str, Any]) -> None:
    before = trade.fingerprint()
    result = trade.books.vouchers.post(document)
    assert not isinstance(result, Ok), "posted"
    assert result.kind == "failed" or result.faults[0].code not in ("VCH-019", "VCH-053"), result
    assert trade.changed_since(before) <= {"posting_log"}


@pytest.mark.parametrize("forgery", SAVED, ids=lambda forgery: forgery.__name__)
@pytest.mark.parametrize("document", [SALE, JOURNAL, RECEIPT], ids=lambda document: document["type"].lower())
def test_what_was_saved_is_what_is_verified(
        trade: Trade, document: dict[str, Any], forgery: Forgery) -> None:
    with forging_draft(trade, forgery):
        refused(trade, document)


@pytest.mark.parametrize(("document", "forgery"), APPLIED,
                         ids=[f"{document['type'].lower()}-{forgery.__name__}" for document, forgery in APPLIED])
def test_a_forged_plan_is_refused_whole(
        trade: Trade, document: dict[str, Any], forgery: Forgery) -> None:
    with forging_plan(trade, forgery):
        refused(trade, document)


@pytest.mark.parametrize("document", [SALE, PURCHASE, JOURNAL, RECEIPT, BASE],
                         ids=["sale", "purchase", "journal", "receipt", "base"])
def test_the_same_documents_post_when_nothing_is_forged(trade: Trade, document: dict[str, Any]) -> None:
    trade.post(document)
