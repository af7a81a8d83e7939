"""Landed cost: charges over lines received, each line's part over what is left of it."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.posting.plan import PostingPlan
from helpers.posting_plans import faults_of, id_of, journal_of, moves_of, planned, read, received, source_of

LOT = source_of("lot", "purchase", ("TEA", "10", "300"), ("OIL", "20", "100"), party="S001")
WHOLE = [received("lot", 1, "TEA", "10", "300", ("10", "300")),
         received("lot", 2, "OIL", "20", "100", pool=("20", "100"))]


def landed(*charges: dict[str, Any], receipts: list[Any] | None = None, rows: list[dict[str, Any]] | None = None,
           **header: Any) -> PostingPlan:
    """The plan of landed cost on the lot."""
    return planned({"type": "LANDED_COST", "receipts": receipts or ["lot"], "charges": list(charges), **header},
                   follows=[LOT], receipts=WHOLE if rows is None else rows)


def charge(amount: str, by: str = "value", **more: Any) -> dict[str, Any]:
    return {"account": "2140", "amount": amount, "by": by, **more}


@pytest.mark.parametrize(("by", "parts"), [
    ("value", [("cost", "0", "30"), ("cost", "0", "10")]),
    ("quantity", [("cost", "0", "13.33"), ("cost", "0", "26.67")])])
def test_a_charge_goes_over_lines_by_value_or_quantity(by: str, parts: list[tuple[str, str, str]]) -> None:
    plan = landed(charge("40", by))
    assert moves_of(plan) == parts
    assert journal_of(plan) == [("2140", "-40"), ("1140", "40")]
    assert (plan.cost, plan.total) == (40, 40)


def test_a_charge_goes_by_shares_of_its_own() -> None:
    assert moves_of(landed(charge("40", "manual", shares=["1", "3"]))) == [("cost", "0", "10"), ("cost", "0", "30")]


@pytest.mark.parametrize("shares", [[], ["1"], ["1", "2", "3"], ["0", "0"]])
def test_each_line_needs_a_share_and_they_add_up_to_something(shares: list[str]) -> None:
    assert faults_of(landed(charge("40", "manual", shares=shares))) == [("INV-005", "charges[0].shares")]


def test_lines_without_value_go_by_quantity_and_the_other_way_round() -> None:
    free = [{**WHOLE[0], "value": "0"}, {**WHOLE[1], "value": "0"}]
    assert moves_of(landed(charge("40"), rows=free)) == [("cost", "0", "13.33"), ("cost", "0", "26.67")]


def test_several_charges_each_go_by_themselves() -> None:
    plan = landed(charge("40"), charge("3", "quantity", account="6020"))
    assert moves_of(plan) == [("cost", "0", "30"), ("cost", "0", "10"), ("cost", "0", "1"), ("cost", "0", "2")]
    assert sorted(journal_of(plan)) == [("1140", "43"), ("2140", "-40"), ("6020", "-3")]


def test_what_is_issued_is_cost_of_sales_of_the_item_or_the_shop() -> None:
    rows = [received("lot", 1, "TEA", "10", "300", ("6", "180")),
            received("lot", 2, "OIL", "20", "100", pool=("5", "25"), cogs_account_id=str(id_of("6020")))]
    plan = landed(charge("40"), rows=rows)
    assert sorted(journal_of(plan)) == [("1140", "20.5"), ("2140", "-40"), ("5010", "12"), ("6020", "7.5")]
    assert (plan.cost, plan.total) == (20.5, 40)


def test_named_lines_alone_take_part() -> None:
    assert moves_of(landed(charge("40"), receipts=[{"voucher": "lot", "lines": ["2"]}])) == [("cost", "0", "40")]


def test_without_an_account_the_party_is_owed() -> None:
    plan = landed({"amount": "7", "by": "value"}, party="S001")
    assert journal_of(plan) == [("2110/S001", "-7"), ("1140", "7")]
    assert [(item.party_id, item.amount) for item in plan.open_items] == [(id_of("S001"), -7)]


def test_a_charge_is_owed_to_somebody() -> None:
    assert faults_of(landed({"amount": "7", "by": "value"})) == [("GL-002", "charges[0].account")]


def test_receipts_that_hold_nothing_are_refused() -> None:
    assert faults_of(landed(charge("40"), rows=[])) == [("VCH-020", "receipts")]
    others = [received("another", 1, "TEA", "10", "300", ("10", "300"))]
    assert faults_of(landed(charge("40"), rows=others)) == [("VCH-020", "receipts")]


@pytest.mark.parametrize(("document", "fault"), [
    ({"receipts": ["none"]}, ("VCH-005", "receipts[0]")),
    ({"receipts": ["sale"]}, ("VCH-021", "receipts[0]")),
    ({"receipts": ["gone"]}, ("VCH-020", "receipts[0]")),
    ({"receipts": [{"voucher": "lot", "lines": ["3"]}]}, ("VCH-022", "receipts[0].lines")),
    ({"charges": [charge("40", "weight")]}, ("VCH-004", "charges[0].by")),
    ({"charges": [charge("0")]}, ("VCH-004", "charges[0].amount")),
    ({"charges": [charge("-1")]}, ("VCH-004", "charges[0].amount"))])
def test_what_is_named_wrongly_is_a_fault_of_the_document(document: dict[str, Any], fault: tuple[str, str]) -> None:
    sources = [LOT, source_of("sale", "sale"), source_of("gone", "purchase", status="REVERSED")]
    _, faults = read({"type": "LANDED_COST", "receipts": ["lot"], "charges": [charge("1")], **document},
                     follows=sources)
    assert [(one.code, one.field) for one in faults] == [fault]
