"""Production: consumed cost and additional cost become produced cost, by shares or quantity."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.posting.plan import PostingPlan
from helpers.posting_plans import faults_of, journal_of, moves_of, planned, read, stock_rows


def made(stock: dict[str, Any] | None = None, **sides: Any) -> PostingPlan:
    """The plan of a stock journal in MAIN."""
    return planned({"type": "STOCK_JOURNAL", "warehouse": "MAIN", **sides}, stock)


def line(item: str, quantity: str, **more: str) -> dict[str, str]:
    return {"item": item, "quantity": quantity, **more}


OIL = stock_rows("OIL", ("10", "100"))


def test_cost_goes_by_quantity_where_no_share_is_declared() -> None:
    plan = made(OIL, consume=[line("OIL", "10")], produce=[line("TEA", "1"), line("TEA", "2")])
    assert moves_of(plan) == [("consume", "-10", "-100"), ("produce", "1", "33.33"), ("produce", "2", "66.67")]
    assert (journal_of(plan), plan.cost, plan.total) == ([], 100, 100)


def test_cost_goes_by_declared_shares_and_additional_cost_with_it() -> None:
    plan = made(OIL, consume=[line("OIL", "10")], produce=[line("TEA", "4", share="60"), line("TEA", "1", share="40")],
                charges=[{"account": "2140", "amount": "40"}, {"account": "6020", "amount": "10"}])
    assert [move[2] for move in moves_of(plan)] == ["-100", "90", "60"]
    assert journal_of(plan) == [("1140", "50"), ("2140", "-40"), ("6020", "-10")]
    assert (plan.cost, plan.faults) == (150, ())


def test_boxes_weigh_by_pieces() -> None:
    plan = made(OIL, consume=[line("OIL", "10")], produce=[line("TEA", "1", uom="BOX"), line("TEA", "8")])
    assert moves_of(plan)[1:] == [("produce", "12", "60"), ("produce", "8", "40")]


def test_made_of_nothing_stands_against_stock_adjustment_at_its_rate() -> None:
    plan = made(produce=[line("TEA", "4", rate="2.50")])
    assert (journal_of(plan), plan.cost) == ([("1140", "10"), ("5040", "-10")], 10)
    _, faults = read({"type": "STOCK_JOURNAL", "warehouse": "MAIN", "produce": [line("TEA", "4")]})
    assert [(fault.code, fault.field) for fault in faults] == [("INV-005", "produce[0].rate")]


def test_consumed_for_nothing_stands_there_too() -> None:
    plan = made(OIL, consume=[line("OIL", "3")])
    assert (journal_of(plan), plan.cost) == ([("1140", "-30"), ("5040", "30")], 30)


@pytest.mark.parametrize(("shares", "place"), [
    (("1", ""), "produce[1].share"), (("", "1"), "produce[0].share"), (("0", "0"), "produce[0].share")])
def test_shares_stand_on_all_produced_lines_or_on_none(shares: tuple[str, str], place: str) -> None:
    produce = [line("TEA", "1", **({"share": share} if share else {})) for share in shares]
    plan = made(OIL, consume=[line("OIL", "1")], produce=produce)
    assert (faults_of(plan), plan.journal) == ([("INV-005", place)], ())


def test_what_is_short_is_a_fault_and_nothing_is_produced() -> None:
    plan = made(OIL, consume=[line("OIL", "11")], produce=[line("TEA", "1")])
    assert (faults_of(plan), moves_of(plan)) == ([("INV-001", "consume[0].quantity")], [])


def test_lines_of_no_quantity_do_nothing() -> None:
    plan = made(OIL, consume=[line("OIL", "0"), line("OIL", "1")], produce=[line("TEA", "0"), line("TEA", "1")])
    assert moves_of(plan) == [("consume", "-1", "-10"), ("produce", "1", "10")]


def test_goods_that_change_their_inventory_account_are_journalled() -> None:
    plan = made(OIL, consume=[line("OIL", "1")], produce=[line("TEA", "1", warehouse="COLD")])
    assert journal_of(plan) == [("1140", "-10"), ("1145", "10")]
