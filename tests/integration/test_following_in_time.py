"""What follows another voucher is not dated before it: no day has the value of goods without the goods."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from helpers.every_type import furnish
from helpers.hostile import forging
from helpers.trading import PLAIN, Trade, goods, purchase, sale

Document = dict[str, Any]
DAY, BEFORE = "2026-04-10", "2026-04-09"


def followed(kind: str) -> Document:
    """A voucher of the day, named by its key."""
    made: dict[str, Document] = {
        "purchase": purchase([goods("TEA", "4", "5"), goods("OIL", "2", "3")]),
        "sale": sale([goods("TEA", "4", "15")]),
        "GOODS_RECEIPT": purchase([goods("TEA", "4", "5")], type="GOODS_RECEIPT"),
        "DELIVERY_NOTE": sale([goods("TEA", "4", "15")], type="DELIVERY_NOTE")}
    return {**made[kind], **PLAIN, "date": DAY, "idempotency_key": "first"}


def line(item: str = "TEA") -> dict[str, Any]:
    return {**PLAIN, "warehouse": "MAIN", "lines": [goods(item, "1", "5")]}


FOLLOWERS: dict[str, tuple[str, Document]] = {
    "a sales return": ("sale", {"type": "SALES_RETURN", "party": "C001", "against": "key:first", **line()}),
    "a purchase return": ("purchase", {"type": "PURCHASE_RETURN", "party": "S001", "against": "key:first", **line()}),
    "a landed cost": ("purchase", {"type": "LANDED_COST", "receipts": ["key:first"],
                                   "charges": [{"account": "2140", "amount": "2"}]}),
    "a landed cost of some lines": ("purchase", {"type": "LANDED_COST",
                                                 "receipts": [{"voucher": "key:first", "lines": [2]}],
                                                 "charges": [{"account": "2140", "amount": "2"}]}),
    "the invoice of a receipt": ("GOODS_RECEIPT", {"type": "PURCHASE_INVOICE", "party": "S001",
                                                   "against": "key:first", **line()}),
    "the invoice of a delivery": ("DELIVERY_NOTE", {"type": "SALES_INVOICE", "party": "C001",
                                                    "against": "key:first", **line()}),
    "a credit note": ("sale", {"type": "CREDIT_NOTE", "party": "C001", "against": "key:first",
                               "lines": [{"account": "4020", "amount": "5"}]}),
}


@pytest.fixture
def trade(shop: Trade) -> Trade:
    furnish(shop)
    return shop


@pytest.mark.parametrize(("first", "after"), FOLLOWERS.values(), ids=FOLLOWERS)
def test_it_is_refused_at_its_date(trade: Trade, first: str, after: Document) -> None:
    number = trade.post(followed(first)).voucher_number
    before = trade.fingerprint()
    refused = trade.refuse({**after, "date": BEFORE})
    assert (refused.kind, [(one.code, one.field) for one in refused.faults]) == ("invalid", [("VCH-026", "date")])
    assert refused.first.message == f"{number} is of {DAY}; what follows it can't be dated before"
    assert trade.changed_since(before) <= {"posting_log"}
    trade.post({**after, "date": DAY})


@pytest.mark.parametrize(("first", "after"), FOLLOWERS.values(), ids=FOLLOWERS)
def test_the_database_refuses_it_too(trade: Trade, first: str, after: Document) -> None:
    """A changed program dates the voucher back on the way."""
    trade.post(followed(first))
    before = trade.fingerprint()

    def back(_shop: Trade, payload: dict[str, Any]) -> None:
        payload["voucher"]["voucher_on"] = date.fromisoformat(BEFORE)

    with forging(trade, back, None):
        refused = trade.books.vouchers.post({**after, "date": DAY})
    assert isinstance(refused, Refused)
    assert (refused.kind, refused.first.code, refused.first.field) == ("invalid", "VCH-026", "date")
    assert trade.changed_since(before) <= {"posting_log"}


def test_an_order_may_be_written_down_after_what_it_asked_for(trade: Trade) -> None:
    trade.post({**sale([goods("TEA", "4", "15")], **PLAIN), "type": "SALES_ORDER", "date": DAY,
                "idempotency_key": "first"})
    trade.post({**sale([goods("TEA", "1", "15")], **PLAIN), "date": BEFORE, "against": "key:first"})


def test_a_draft_may_wait_with_it(trade: Trade) -> None:
    first, after = FOLLOWERS["a sales return"]
    trade.post(followed(first))
    saved = trade.save({**after, "date": BEFORE})
    assert [one.code for one in saved.warnings] == ["VCH-026"]


def test_a_rehearsal_says_so_too(trade: Trade) -> None:
    first, after = FOLLOWERS["a landed cost"]
    rehearsal = trade.books.vouchers.rehearsal()
    assert isinstance(rehearsal.rehearse(followed(first)), Ok)
    refused = rehearsal.rehearse({**after, "date": BEFORE})
    assert isinstance(refused, Refused)
    assert (refused.first.code, refused.first.field) == ("VCH-026", "date")
