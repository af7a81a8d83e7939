"""Settlements: money, discount and write-off close open items; what is over is an advance."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.money import plain
from erpdesk.posting.plan import PostingPlan
from erpdesk.posting.sources import Source
from helpers.posting_plans import faults_of, id_of, journal_of, planned, source_of


def open_item(reference: str, name: str, amount: str) -> dict[str, str]:
    """An open item as locked."""
    return {"id": str(id_of(f"{reference} {name}")), "open_amount": amount}


INVOICE = source_of("inv", "sale", a="1130")
NOTE = source_of("note", "note", a="1130")
BILL = source_of("bill", "purchase", party="S001", a="2110")


def receipt(amount: str, *allocations: dict[str, str], locked: list[dict[str, str]] | None = None,
            sources: tuple[Source, ...] = (INVOICE, NOTE), **more: Any) -> PostingPlan:
    """The plan of a receipt from C001."""
    return planned({"type": "AR_RECEIPT", "party": "C001", "account": "1120", "amount": amount,
                    "allocations": list(allocations), **more}, follows=sources, open_items=locked)


def allocated(reference: str, amount: str, **more: str) -> dict[str, str]:
    return {"voucher_number": reference, "amount": amount, **more}


def settled(plan: PostingPlan) -> list[tuple[str, bool]]:
    """By how much items get smaller, and whether the item is the voucher's own."""
    return [(plain(part.amount), part.own) for part in plan.settlements]


def opened(plan: PostingPlan) -> list[tuple[str, str]]:
    """Amount and what stays open of each item made."""
    return [(plain(item.amount), plain(item.still_open)) for item in plan.open_items]


def test_money_discount_and_write_off_close_an_item_together() -> None:
    plan = receipt("220", allocated("inv", "200", discount="20", write_off="6"), locked=[open_item("inv", "a", "226")])
    assert journal_of(plan) == [("1120", "220"), ("6010", "20"), ("6060", "6"), ("1130/C001", "-246")]
    assert settled(plan) == [("226", False), ("-226", True)]
    assert opened(plan) == [("-246", "-20")]
    assert (plan.total, plan.faults) == (220, ())


def test_a_payment_is_the_mirror() -> None:
    plan = planned({"type": "AP_PAYMENT", "party": "S001", "account": "1120", "amount": "98",
                    "allocations": [allocated("bill", "98", discount="2")]}, follows=[BILL],
                   open_items=[open_item("bill", "a", "-100")])
    assert journal_of(plan) == [("1120", "-98"), ("4030", "-2"), ("2110/S001", "100")]
    assert (settled(plan), opened(plan)) == ([("-100", False), ("100", True)], [("100", "0")])


def test_nothing_allocated_is_an_advance_whole() -> None:
    plan = receipt("70")
    assert journal_of(plan) == [("1120", "70"), ("1130/C001", "-70")]
    assert (settled(plan), opened(plan)) == ([], [("-70", "-70")])


def test_a_credit_against_an_invoice_moves_no_money() -> None:
    plan = receipt("0", allocated("note", "-30"), allocated("inv", "30"),
                   locked=[open_item("note", "a", "-30"), open_item("inv", "a", "100")])
    assert journal_of(plan) == []
    assert settled(plan) == [("-30", False), ("30", False)]
    assert (opened(plan), plan.faults) == ([], ())


def test_the_amount_may_be_left_to_the_allocations() -> None:
    plan = planned({"type": "AR_RECEIPT", "party": "C001", "account": "1120", "allocations": [allocated("inv", "40")]},
                   follows=[INVOICE], open_items=[open_item("inv", "a", "100")])
    assert (plan.total, opened(plan)) == (40, [("-40", "0")])


def test_an_allocation_runs_over_the_items_of_its_voucher_in_order_and_by_account() -> None:
    two = source_of("two", "sale", first="1130", second="1140", third="1130")
    locked = [open_item("two", "first", "10"), open_item("two", "second", "20"), open_item("two", "third", "0")]
    plan = receipt("25", allocated("two", "25"), locked=locked, sources=(two,))
    assert [(part.open_item_id == id_of(f"two {name}"), plain(part.amount)) for part, name in
            zip(plan.settlements[:2], ("first", "second"), strict=True)] == [(True, "10"), (True, "15")]
    assert journal_of(plan) == [("1120", "25"), ("1130/C001", "-10"), ("1140/C001", "-15")]
    assert opened(plan) == [("-10", "0"), ("-15", "0")]


def test_an_advance_stays_on_the_control_account_beside_another() -> None:
    other = source_of("other", "sale", a="1140")
    plan = receipt("30", allocated("other", "10"), locked=[open_item("other", "a", "10")], sources=(other,))
    assert journal_of(plan) == [("1120", "30"), ("1140/C001", "-10"), ("1130/C001", "-20")]
    assert opened(plan) == [("-10", "0"), ("-20", "-20")]


@pytest.mark.parametrize(("amount", "allocation", "is_open", "fault"), [
    ("100.01", allocated("inv", "100.01"), "100", ("VCH-019", "allocations[0].amount")),
    ("90", allocated("inv", "90", discount="10.01"), "100", ("VCH-019", "allocations[0].amount")),
    ("10", allocated("inv", "10.01"), "100", ("VCH-019", "amount")),
    ("-1", allocated("inv", "-1"), "100", ("VCH-019", "allocations[0].amount")),
    ("1", allocated("inv", "1"), "0", ("VCH-019", "allocations[0].amount"))])
def test_no_more_than_what_is_open_is_allocated(
        amount: str, allocation: dict[str, str], is_open: str, fault: tuple[str, str]) -> None:
    plan = receipt(amount, allocation, locked=[open_item("inv", "a", is_open)])
    assert faults_of(plan)[0] == fault


def test_the_fault_says_how_much_is_open() -> None:
    plan = receipt("7", allocated("inv", "7"), locked=[open_item("inv", "a", "5")])
    assert (plan.faults[0].message, plan.faults[0].details) == ("INV has 5.00 open; 7.00 is more", {"open": "5.00"})
    over = receipt("3", allocated("inv", "5"), locked=[open_item("inv", "a", "5")])
    assert (over.faults[0].message, over.faults[0].details) == (
        "The allocations are 2.00 more than the amount", {"over": "2.00"})


def test_what_is_of_another_party_or_holds_nothing_is_not_settled() -> None:
    others, empty = source_of("others", "sale", party="S001", a="1130"), source_of("empty", "sale")
    for target in (others, empty):
        plan = receipt("1", allocated(target.reference, "1"), locked=[open_item("others", "a", "9")], sources=(target,))
        assert faults_of(plan) == [("VCH-020", "allocations[0].voucher_number")]
        assert plan.settlements == ()
