"""A clerk's own program counts one thing and writes off another."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import Ok
from helpers.hostile import Forgery, Payload, hostile_desk
from helpers.stored_units import stored
from helpers.trading import Trade
from helpers.trading_fixtures import begun_as

pytestmark = pytest.mark.server_versions


def stock(shop: Trade) -> None:
    stored(shop)
    shop.buy("PILL", "5", "10", batch="B1")
    shop.buy("PHONE", "3", "10", serials=["P1", "P2", "P3"])


shop_template = begun_as(stock)


def nothing_missing(_: Trade, sent: Payload) -> None:
    sent["plan"] |= {"movements": [], "journal": [], "layers": [], "cost": "0", "total": "0"}


def more_missing(_: Trade, sent: Payload) -> None:
    """Half of what was counted goes too, at its cost."""
    plan: dict[str, Any] = sent["plan"]
    for move in plan["movements"]:
        move["quantity"], move["value"] = "-4", "-40"
    for line in plan["journal"]:
        line["amount"] = "40" if float(line["amount"]) > 0 else "-40"
    plan |= {"cost": "40", "total": "40"}


@pytest.mark.invariant("I5", attacks=3)
@pytest.mark.parametrize(("line", "forgeries"), [
    ({"item": "PILL", "counted_quantity": "3", "batch": "B1"}, [nothing_missing, more_missing]),
    ({"item": "PHONE", "counted_quantity": "2", "serials": ["P1", "P2"]}, [nothing_missing])], ids=["PILL", "PHONE"])
def test_a_count_moves_what_differs_and_nothing_else(
    shop: Trade, line: dict[str, Any], forgeries: list[Forgery]
) -> None:
    document = {"type": "PHYSICAL_STOCK", "date": "2026-04-12", "warehouse": "MAIN", "lines": [line]}
    with hostile_desk(shop) as clerk:
        before = shop.fingerprint()
        for forgery in forgeries:
            refused = clerk.post(document, applied=forgery)
            assert not isinstance(refused, Ok), forgery.__name__
            assert refused.first.message == "Line 1 does not move its quantity", (forgery.__name__, refused.first)
        assert shop.changed_since(before) <= {"posting_log"}
        assert isinstance(clerk.post(document), Ok)
    assert shop.unsound() == []
