"""Invoices of receipts, deliveries and orders: what they clear, cumulatively, and where the difference goes."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.money import plain
from erpdesk.posting.plan import PostingPlan
from helpers.posting_plans import (
    faults_of,
    id_of,
    journal_of,
    left_of,
    moves_of,
    planned,
    received,
    source_of,
    stock_rows,
)

NET = {"auto_charges": False, "warehouse": "MAIN"}
RECEIPT = source_of("gr", "receipt", ("TEA", "10", "50"), party="S001")
DELIVERY = source_of("dl", "delivery", ("TEA", "12", "240"))
ORDER = source_of("so", "order", ("TEA", "6", "120"))


def uses(plan: PostingPlan) -> list[tuple[str, str]]:
    return [(plain(use.quantity), plain(use.value)) for use in plan.source_uses]


def invoiced(quantity: str, rate: str, used: tuple[str, str] = ("0", "0"),
             rows: list[dict[str, Any]] | None = None) -> PostingPlan:
    """The invoice of a receipt of 10 for 50, of which so much was invoiced before."""
    return planned({"type": "PURCHASE_INVOICE", "party": "S001", "against": "gr", **NET,
                    "lines": [{"item": "TEA", "quantity": quantity, "rate": rate}]}, follows=[RECEIPT],
                   sources=[left_of("gr", ("10", used[0], "50", used[1]))], receipts=rows)


def test_an_invoice_at_the_receipts_price_only_clears() -> None:
    plan = invoiced("10", "5")
    assert sorted(journal_of(plan)) == [
        ("2110/S001", "-50"), ("2120", "50")]
    assert (moves_of(plan), uses(plan), plan.cost) == ([], [("10", "50")], 0)


@pytest.mark.parametrize(("rate", "parts", "joined", "variance"), [
    ("5.50", [("6", "30")], "3", "2"), ("4", [("6", "30")], "-6", "-4"), ("5.50", [("10", "50")], "5", "0"),
    ("5.50", [], "0", "5")])
def test_a_price_difference_goes_to_what_is_left_and_to_variance(
        rate: str, parts: list[tuple[str, str]], joined: str, variance: str) -> None:
    row = received("gr", 1, "TEA", "10", "50", *parts)
    plan = invoiced("10", rate, rows=[received("x", 1, "TEA", "1", "1"), {**row, "valuation": "fifo"}])
    found = dict(journal_of(plan))
    assert (found["2120"], found.get("1140", "0"), found.get("5020", "0")) == ("50", joined, variance)
    assert [move[2] for move in moves_of(plan)] == ([joined] if joined != "0" else [])


def test_parts_are_cleared_cumulatively() -> None:
    third = left_of("gr", ("3", "0", "10", "0"))
    cleared = []
    for _ in range(3):
        plan = planned({"type": "PURCHASE_INVOICE", "party": "S001", "against": "gr", **NET,
                        "lines": [{"item": "TEA", "quantity": "1", "rate": "3"}]}, follows=[RECEIPT], sources=[third])
        [(quantity, value)] = uses(plan)
        line = third["lines"][0]
        third = left_of("gr", ("3", str(int(line["used_quantity"]) + int(quantity)), "10",
                               plain(type(plan.cost)(line["used_value"]) + type(plan.cost)(value))))
        cleared.append(value)
    assert cleared == ["3.33", "3.34", "3.33"]


def test_no_more_is_invoiced_than_came() -> None:
    plan = invoiced("4", "5", used=("7", "35"))
    assert (faults_of(plan), plan.faults[0].message) == (
        [("INV-004", "lines[0].quantity")], "GR has 3 left to invoice; 4 is more")


def billed(quantity: str, used: tuple[str, str] = ("0", "0")) -> PostingPlan:
    """The invoice of a delivery of 12 that cost 64."""
    return planned({"type": "SALES_INVOICE", "party": "C001", "against": "dl", **NET,
                    "lines": [{"item": "TEA", "quantity": quantity, "rate": "20"}]}, follows=[DELIVERY],
                   sources=[left_of("dl", ("12", used[0], "64", used[1]))])


def test_an_invoice_of_a_delivery_turns_waiting_cost_into_cost_of_sales() -> None:
    first, last = billed("5"), billed("7", ("5", "26.67"))
    assert sorted(journal_of(first)) == [("1130/C001", "100"), ("1160", "-26.67"), ("4010", "-100"), ("5010", "26.67")]
    assert (uses(first), uses(last), moves_of(last)) == ([("5", "26.67")], [("7", "37.33")], [])


def test_no_more_is_invoiced_than_was_delivered() -> None:
    assert faults_of(billed("8", ("5", "26.67"))) == [("INV-004", "lines[0].quantity")]


def kept(quantity: str, number: int = 1, line: int = 1, order: str = "so") -> dict[str, Any]:
    """A reservation as locked."""
    return {"id": str(id_of(f"kept {number}")), "voucher_id": str(id_of(order)), "line_number": line,
            "item_id": str(id_of("TEA")), "warehouse_id": str(id_of("MAIN")), "batch_id": None,
            "quantity_left": quantity}


def sold(quantity: str, *reservations: dict[str, Any], used: str = "0", free: str = "4") -> PostingPlan:
    """The invoice of an order of 6, from a stock of 10 of which only `free` are."""
    stock = stock_rows("TEA", ("10", "50"))
    stock["balances"][0]["reserved"] = 10 - int(free)
    return planned({"type": "SALES_INVOICE", "party": "C001", "against": "so", **NET,
                    "lines": [{"item": "TEA", "quantity": quantity, "rate": "20"}]}, stock, follows=[ORDER],
                   sources=[left_of("so", ("6", used, "0", "0"))], reservations=list(reservations))


def reserved(plan: PostingPlan) -> list[str]:
    return [plain(use.quantity) for use in plan.reservation_uses]


def test_what_an_order_reserved_is_free_for_its_own_invoice() -> None:
    plan = sold("6", kept("6"))
    assert (moves_of(plan), uses(plan), reserved(plan)) == ([("out", "-6", "-30")], [("6", "0")], ["6"])


def test_reservations_are_used_up_in_their_order_and_those_of_others_left_alone() -> None:
    plan = sold("5", kept("9", 1, order="else"), kept("9", 2, line=2), kept("2", 3), kept("0", 4), kept("4", 5))
    assert [(use.reservation_id, plain(use.quantity)) for use in plan.reservation_uses] == [
        (id_of("kept 3"), "2"), (id_of("kept 5"), "3")]


def test_without_its_reservation_an_order_gets_what_is_free_alone() -> None:
    assert faults_of(sold("5")) == [("INV-001", "lines[0].quantity")]
    assert faults_of(sold("4")) == []


def test_no_more_is_delivered_than_was_ordered() -> None:
    plan = sold("3", kept("6"), used="4", free="10")
    assert (faults_of(plan), plan.faults[0].message) == (
        [("INV-004", "lines[0].quantity")], "SO has 2 left to deliver; 3 is more")


def test_an_order_keeps_what_is_free_and_posts_nothing() -> None:
    stock = stock_rows("TEA", ("10", "50"))
    document = {"type": "SALES_ORDER", "party": "C001", **NET,
                "lines": [{"item": "TEA", "quantity": "6", "rate": "20"},
                          {"item": "REPAIR", "quantity": "1", "rate": "5"}]}
    plan = planned(document, stock)
    assert [(plain(kept.quantity), kept.line_number) for kept in plan.reservations] == [("6", 1)]
    assert (plan.journal, plan.movements, plan.total) == ((), (), 125)
    stock["balances"][0]["reserved"] = 5
    short = planned(document, stock)
    assert (faults_of(short), short.faults[0].details["available"]) == ([("INV-001", "lines[0].quantity")], "5")


def test_lines_of_an_order_are_short_together() -> None:
    line = {"item": "TEA", "quantity": "6", "rate": "20"}
    stock = stock_rows("TEA", ("10", "50"))
    plan = planned({"type": "SALES_ORDER", "party": "C001", **NET, "lines": [line, line]}, stock)
    assert faults_of(plan) == [("INV-001", "lines[1].quantity")]


def test_a_delivery_waits_at_cost() -> None:
    plan = planned({"type": "DELIVERY_NOTE", "party": "C001", **NET, "lines": [{"item": "TEA", "quantity": "12"}]},
                   stock_rows("TEA", ("10", "50"), ("10", "70")))
    assert sorted(journal_of(plan)) == [("1140", "-64"), ("1160", "64")]
    assert plan.open_items == ()


def test_goods_received_stand_on_grir_without_owing_anybody() -> None:
    plan = planned({"type": "GOODS_RECEIPT", "party": "S001", **NET,
                    "lines": [{"item": "TEA", "quantity": "10", "rate": "5"}]})
    assert (sorted(journal_of(plan)), plan.open_items) == ([("1140", "50"), ("2120", "-50")], ())
