"""Settling sets open credits against open invoices; balances stay, open amounts shrink on both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from erpdesk.domain.results import ConflictError, InvalidRequest, Ok
from erpdesk.services.settling import SettlementRequest, allocations, settle
from helpers.trading import PLAIN, Trade, goods


def request(**more: Any) -> SettlementRequest:
    return SettlementRequest(**{"party": "C001", "kind": "receivable", "date": "2026-05-01", **more})


def sold_and_returned(shop: Trade) -> tuple[str, str, str]:
    """Two invoices of 100 and 50, and a return of 60."""
    shop.buy("TEA", "100", "5")
    first = shop.sell("TEA", "10", "10")
    second = shop.sell("TEA", "5", "10", day="2026-04-12")
    returned = shop.post({"type": "SALES_RETURN", "date": "2026-04-15", "party": "C001", "warehouse": "MAIN",
                          "against": first.voucher_number, "lines": [goods("TEA", "6", "10")], **PLAIN})
    return str(first.voucher_number), str(second.voucher_number), str(returned.voucher_number)


def opened(shop: Trade) -> dict[str, str]:
    rows = shop.books.reports.run("outstanding", kind="receivable", party="C001").rows
    return {row["voucher_number"]: row["open_amount"] for row in rows}


def test_oldest_is_settled_against_oldest(shop: Trade) -> None:
    first, second, _ = sold_and_returned(shop)
    before = shop.party_balance("C001")
    result = settle(shop.books, request())
    assert isinstance(result, Ok), result
    assert result.value.total == "0.00"
    assert opened(shop) == {first: "40.00", second: "50.00"}
    assert shop.party_balance("C001") == before
    assert shop.unsound() == []


def test_what_is_named_is_settled_as_far_as_asked(shop: Trade) -> None:
    first, second, returned = sold_and_returned(shop)
    asked = request(credits=(returned,), invoices=(second,), amount=Decimal("20"), idempotency_key="s")
    assert isinstance(settle(shop.books, asked), Ok)
    assert opened(shop) == {first: "100.00", second: "30.00", returned: "-40.00"}
    again = settle(shop.books, asked)
    assert isinstance(again, Ok)
    assert again.value.replayed
    assert opened(shop)[second] == "30.00"


@pytest.mark.parametrize("more", [
    {"amount": Decimal("21")}, {"party": "C002"}, {"kind": "payable"}, {"date": "2026-05-02"}, {"currency": "USD"},
    {"account": "1120"}, {"credits": ("NONE",)}, {"invoices": ("NONE",)}])
def test_a_key_that_settled_something_else_is_refused(shop: Trade, more: dict[str, Any]) -> None:
    _, second, returned = sold_and_returned(shop)
    asked: dict[str, Any] = {"credits": (returned,), "invoices": (second,), "amount": Decimal("20")}
    assert isinstance(settle(shop.books, request(**asked, idempotency_key="s")), Ok)
    before = shop.fingerprint()
    with pytest.raises(ConflictError) as caught:
        settle(shop.books, request(**(asked | more), idempotency_key="s"))
    assert caught.value.code == "VCH-015"
    assert shop.changed_since(before) == set()


def test_a_key_of_another_voucher_settles_nothing(shop: Trade) -> None:
    shop.buy("TEA", "100", "5")
    shop.post({"type": "SALES_INVOICE", "date": "2026-05-01", "party": "C001", "warehouse": "MAIN",
               "lines": [goods("TEA", "1", "10")], "idempotency_key": "sale", **PLAIN})
    shop.post({"type": "AR_RECEIPT", "date": "2026-05-01", "party": "C001", "account": "1110", "amount": "5.00",
               "idempotency_key": "money"})
    for key in ("sale", "money"):
        with pytest.raises(ConflictError) as caught:
            settle(shop.books, request(idempotency_key=key))
        assert caught.value.code == "VCH-015"


@pytest.mark.parametrize(("more", "code"), [
    ({"amount": Decimal(61)}, "VCH-019"), ({"amount": Decimal(0)}, "VCH-019"), ({"amount": Decimal(-1)}, "VCH-019"),
    ({"credits": ("SI/26-27/000001",)}, "VCH-020"), ({"invoices": ("NONE",)}, "VCH-020")])
def test_more_than_is_open_is_refused(shop: Trade, more: dict[str, Any], code: str) -> None:
    sold_and_returned(shop)
    before = shop.fingerprint()
    with pytest.raises(InvalidRequest) as caught:
        settle(shop.books, request(**more))
    assert caught.value.code == code
    assert shop.changed_since(before) == set()


def test_without_credits_there_is_nothing_to_settle(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    shop.sell("TEA", "1", "10")
    with pytest.raises(InvalidRequest):
        settle(shop.books, request())


def test_suppliers_are_settled_on_their_side(shop: Trade) -> None:
    bought = shop.buy("TEA", "10", "5")
    shop.post({"type": "PURCHASE_RETURN", "date": "2026-04-15", "party": "S001", "warehouse": "MAIN",
               "against": bought.voucher_number, "lines": [goods("TEA", "4", "5")], **PLAIN})
    assert isinstance(settle(shop.books, request(party="S001", kind="payable")), Ok)
    rows = shop.books.reports.run("outstanding", kind="payable", party="S001").rows
    assert [(row["voucher_number"], row["open_amount"]) for row in rows] == [(bought.voucher_number, "30.00")]
    assert shop.unsound() == []


def test_allocations_add_up_to_zero() -> None:
    parts = allocations([("a", Decimal(5)), ("b", Decimal(9))], [("x", Decimal(-4)), ("y", Decimal(-7))], Decimal(10))
    assert parts == [("x", Decimal(-4)), ("y", Decimal(-6)), ("a", Decimal(5)), ("b", Decimal(5))]
    assert sum(amount for _, amount in parts) == 0
