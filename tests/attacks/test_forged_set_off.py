"""A clerk's own program meets what is owed by what lies in its place where it may not, or not all of it."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from erpdesk.domain.results import Ok
from helpers.hostile import Forgery, Payload, hostile_desk
from helpers.stored_units import below_zero
from helpers.trading import PLAIN, Trade, goods, sale

pytestmark = pytest.mark.server_versions


def met_though_something_is_left(shop: Trade, sent: Payload) -> None:
    for deficit, value in shop.rows("SELECT id, value_left FROM erpdesk.stock_deficit"):
        sent["plan"]["deficit_settlements"].append({
            "id": str(uuid4()), "deficit_id": str(deficit), "quantity": "1", "value": str(value), "cost": str(value),
            "from_stock": True})


def one_of_two_met(shop: Trade, sent: Payload) -> None:
    del sent["plan"]["deficit_settlements"][1]


def met_for_less(shop: Trade, sent: Payload) -> None:
    first = sent["plan"]["deficit_settlements"][0]
    first["value"] = str(Decimal(first["value"]) - 5)


def met_by_no_stock(shop: Trade, sent: Payload) -> None:
    for part in sent["plan"]["deficit_settlements"]:
        part["from_stock"] = False


@pytest.mark.invariant("I5", attacks=8)
@pytest.mark.parametrize(("quantity", "forgeries"), [
    ("5", [met_though_something_is_left]), ("8", [one_of_two_met, met_for_less, met_by_no_stock])])
@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_what_is_owed_is_met_whole_where_nothing_is_left(
        shop: Trade, item: str, quantity: str, forgeries: list[Forgery]) -> None:
    below_zero(shop, item)
    shop.buy(item, "10", "9", day="2026-04-20")
    for _ in range(2):
        shop.sell(item, "1", day="2026-04-10")
    document = sale([goods(item, quantity, "15")], date="2026-04-26", **PLAIN)
    with hostile_desk(shop) as clerk:
        before = shop.fingerprint()
        for forgery in forgeries:
            refused = clerk.post(document, applied=forgery)
            assert not isinstance(refused, Ok), forgery.__name__
            assert "plan_" in str(refused.first), (forgery.__name__, refused.first)
        assert shop.changed_since(before) <= {"posting_log"}
        assert isinstance(clerk.post(document), Ok)
    assert shop.unsound() == []
