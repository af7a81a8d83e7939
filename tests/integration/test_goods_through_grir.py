"""Goods that come with their invoice, where the type takes both through GR/IR: in at their value, out at it."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import Ok
from helpers.hostile import Forgery, Payload, hostile_desk
from helpers.stored_units import below_zero
from helpers.trading import PLAIN, Trade, accepted, goods, purchase

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]
GRIR = "2120"


@pytest.fixture
def through(shop: Trade) -> Trade:
    """The shop whose purchases pass GR/IR."""
    shop.configure("PURCHASE_INVOICE", use_grir=True)
    shop.configure("GOODS_RECEIPT", is_active=True)
    shop.books = shop.reopen()
    return shop


def passed(shop: Trade, voucher: Any) -> list[str]:
    """What a voucher's journal has on GR/IR, in the order of its lines."""
    return [amount for account, amount in shop.journal(voucher) if account == GRIR]


def test_an_invoice_alone_brings_goods_in_and_out_again(through: Trade) -> None:
    made = through.post(purchase([goods("TEA", "3", "5"), goods("OIL", "2", "4")], **PLAIN))
    assert through.journal(made) == [("2110/S001", "-23"), ("1140", "23"), (GRIR, "-23"), (GRIR, "23")]
    accepted(through.books.vouchers.reverse(made.voucher_number, "2026-04-03", "mistake"))
    assert through.balances().get(GRIR, "0") == "0"


def test_what_was_received_before_is_only_cleared(through: Trade) -> None:
    through.post(purchase([goods("TEA", "3", "5")], type="GOODS_RECEIPT", idempotency_key="gr", **PLAIN))
    made = through.post(purchase([goods("TEA", "3", "6")], date="2026-04-03", against="key:gr", **PLAIN))
    assert passed(through, made) == ["15"]
    assert through.balances().get(GRIR, "0") == "0"


def test_freight_in_the_cost_passes_too(through: Trade) -> None:
    freight = [{"code": "FREIGHT", "amount": "2"}]
    made = through.post(purchase([goods("TEA", "3", "5")], auto_charges=False, charges=freight))
    assert passed(through, made) == ["-17", "17"]


def test_goods_from_abroad_pass_at_their_value_in_base_currency(through: Trade) -> None:
    through.books.masters.import_masters({"currencies": [{"code": "USD"}]})
    through.books = through.reopen()
    made = through.post(purchase([goods("TEA", "3", "5.01")], currency="USD", exchange_rate="133.33", **PLAIN))
    assert passed(through, made) == ["-2003.95", "2003.95"]


def test_goods_owed_before_they_came_pass_at_what_is_paid_for_them(through: Trade) -> None:
    below_zero(through, "TEA")
    through.buy("TEA", "2", "5")
    through.sell("TEA", "4")
    made = through.buy("TEA", "3", "7", day="2026-04-12")
    figures = through.journal(made)
    assert (dict(figures)["2110/S001"], passed(through, made)) == ("-21", ["-21", "21"])


def without(_shop: Trade, sent: Payload) -> None:
    sent["plan"]["journal"] = [line for line in sent["plan"]["journal"] if line["role"] not in ("received", "invoiced")]


def for_less(_shop: Trade, sent: Payload) -> None:
    for line in sent["plan"]["journal"]:
        if line["role"] in ("received", "invoiced"):
            line["amount"] = "14" if line["role"] == "invoiced" else "-14"


def elsewhere(shop: Trade, sent: Payload) -> None:
    bank = shop.one("SELECT id FROM erpdesk.account WHERE code = '1120'")
    for line in sent["plan"]["journal"]:
        if line["role"] in ("received", "invoiced"):
            line["account_id"] = str(bank)


@pytest.mark.invariant("I3", attacks=3)
@pytest.mark.parametrize("forgery", [without, for_less, elsewhere])
def test_the_server_refuses_goods_that_pass_otherwise(through: Trade, forgery: Forgery) -> None:
    document = purchase([goods("TEA", "3", "5")], **PLAIN)
    with hostile_desk(through) as clerk:
        refused = clerk.post(document, applied=forgery)
        assert not isinstance(refused, Ok)
        assert "plan_" in str(refused.first)
        assert isinstance(clerk.post(document), Ok)


@pytest.mark.invariant("I3")
def test_nothing_passes_where_the_type_says_nothing_of_it(shop: Trade) -> None:
    grir = shop.one("SELECT id FROM erpdesk.account WHERE code = %s", GRIR)

    def passing(_shop: Trade, sent: Payload) -> None:
        model = sent["plan"]["journal"][0]
        sent["plan"]["journal"] += [{**model, "account_id": str(grir), "party_id": None, "role": role, "amount": amount}
                                    for role, amount in (("received", "-15"), ("invoiced", "15"))]

    with hostile_desk(shop) as clerk:
        refused = clerk.post(purchase([goods("TEA", "3", "5")], **PLAIN), applied=passing)
    assert "plan_role" in str(refused.first)
