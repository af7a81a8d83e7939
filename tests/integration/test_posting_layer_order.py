"""The server refuses a plan that takes layers out of their order, and no plan that takes them in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from erpdesk.storage.posting_calls import PostingCalls
from helpers.trading import PLAIN, Trade, goods, sale, transfer


@pytest.fixture
def stocked(shop: Trade) -> Trade:
    """Two layers of each item; of DRUG the later one expires first."""
    for item in ("TEA", "PILL", "DRUG"):
        for batch, rate, expires in (("B1", "5", "2027-12-01"), ("B2", "6", "2026-12-01")):
            more = {} if item == "TEA" else {"batch": batch, "expires": expires}
            shop.buy(item, "10", rate, **more)
    return shop


@pytest.fixture
def turned_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that reads the layers in the wrong order, and so plans wrongly."""
    for name in ("state", "open"):
        read: Callable[..., dict[str, Any]] = getattr(PostingCalls, name)

        def wrongly(
            self: PostingCalls, *args: Any, read: Callable[..., dict[str, Any]] = read
        ) -> dict[str, Any]:
            found = read(self, *args)
            (found["stock"]["layers"] or []).reverse()
            return found

        monkeypatch.setattr(PostingCalls, name, wrongly)


def issues(quantity: str) -> list[dict[str, Any]]:
    """A sale and a transfer of that much of each item."""
    return [document for item in ("TEA", "PILL", "DRUG") for document in (
        sale([goods(item, quantity, "9")], **PLAIN), transfer([goods(item, quantity)]))]


@pytest.mark.usefixtures("turned_round")
@pytest.mark.parametrize("document", issues("13"), ids=lambda document: document["type"] + document["lines"][0]["item"])
def test_layers_taken_out_of_their_order_are_refused(stocked: Trade, document: dict[str, Any]) -> None:
    before = stocked.fingerprint()
    refused = stocked.refuse(document)
    assert "taken in their order" in refused.first.message
    assert stocked.changed_since(before) == {"posting_log"}


@pytest.mark.usefixtures("turned_round")
def test_taking_everything_is_in_order_whichever_way_it_is_taken(stocked: Trade) -> None:
    assert stocked.post(sale([goods("TEA", "20", "9")], **PLAIN)).cost == "110.00"


def test_a_named_batch_may_be_taken_before_its_turn_and_the_rest_in_order_after_it(stocked: Trade) -> None:
    lines = [goods("PILL", "3", "9", batch="B2"), goods("PILL", "12", "9")]
    assert stocked.post(sale(lines, **PLAIN)).cost == "80.00"
    assert stocked.post(sale([goods("DRUG", "1", "9", batch="B1"), goods("DRUG", "1", "9")], **PLAIN)).cost == "11.00"
