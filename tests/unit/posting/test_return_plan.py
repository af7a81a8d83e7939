"""Returns: back at the original cost, or to where they came from at the cost of their layers."""

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
    source_of,
    stock_rows,
)

SALE = source_of("sale", "sale", ("TEA", "12", "240"))
LOT = source_of("lot", "purchase", ("TEA", "10", "50"), party="S001")
NET = {"auto_charges": False, "warehouse": "MAIN"}
ALL_SOLD = left_of("sale", ("12", "0", "64", "0"))


def came_back(quantity: str, left: dict[str, Any] | None, stock: dict[str, Any] | None = None,
              **line: str) -> PostingPlan:
    """A sales return of tea; of the sale when something is left of it."""
    return planned({"type": "SALES_RETURN", "party": "C001", **NET, **({"against": "sale"} if left else {}),
                    "lines": [{"item": "TEA", "quantity": quantity, "rate": "20", **line}]}, stock,
                   follows=[SALE], sources=[left] if left else None)


def uses(plan: PostingPlan) -> list[tuple[str, str]]:
    """Quantity and value used up of the source."""
    return [(plain(use.quantity), plain(use.value)) for use in plan.source_uses]


@pytest.mark.parametrize(("used", "quantity", "value"), [
    (("0", "0"), "5", "26.67"),  # 64 × 5 ÷ 12
    (("5", "26.67"), "3", "16"),  # 64 × 3 ÷ 12
    (("8", "42.67"), "4", "21.33"),  # the last part takes the rest
    (("0", "0"), "12", "64")])
def test_goods_come_back_at_their_share_of_the_issue_cost(used: tuple[str, str], quantity: str, value: str) -> None:
    plan = came_back(quantity, left_of("sale", ("12", used[0], "64", used[1])))
    assert moves_of(plan) == [("return", quantity, value)]
    assert journal_of(plan) == [("1130/C001", f"-{int(quantity) * 20}"), ("4020", str(int(quantity) * 20)),
                                ("5010", f"-{value}"), ("1140", value)]
    assert uses(plan) == [(quantity, value)]
    assert plan.layers[0].id == plan.movements[0].layer_id


def test_no_more_comes_back_than_went() -> None:
    plan = came_back("5", left_of("sale", ("12", "8", "64", "42.67")))
    assert faults_of(plan) == [("INV-004", "lines[0].quantity")]
    assert (plan.faults[0].message, plan.faults[0].details) == ("SALE has 4 left to return; 5 is more", {"left": "4"})
    assert moves_of(plan) == []


def test_a_source_that_keeps_no_account_or_was_reversed_takes_nothing_back() -> None:
    assert faults_of(came_back("1", left_of("sale"))) == [("INV-004", "lines[0].quantity")]
    assert "nothing left" in came_back("1", left_of("sale")).faults[0].message
    assert faults_of(came_back("1", {**ALL_SOLD, "status": "REVERSED"})) == [("VCH-020", "against")]


def test_without_a_source_goods_come_back_at_current_cost() -> None:
    assert moves_of(came_back("2", None, stock_rows("TEA", ("3", "10"), ("4", "24")))) == [("return", "2", "9.71")]


def test_without_stock_they_come_at_the_last_cost_and_else_at_the_one_typed() -> None:
    empty = stock_rows("TEA")
    empty["balances"][0]["last_unit_cost"] = "4.125"
    assert moves_of(came_back("2", None, empty)) == [("return", "2", "8.25")]
    assert moves_of(came_back("2", None, stock_rows("TEA"), unit_cost="3.5")) == [("return", "2", "7")]
    assert faults_of(came_back("2", None)) == [("INV-005", "lines[0].unit_cost")]


def gave_back(quantity: str, rate: str, stock: dict[str, Any], left: dict[str, Any] | None = None,
              item: str = "TEA") -> PostingPlan:
    """A purchase return to S001; of the lot when something is left of it."""
    return planned({"type": "PURCHASE_RETURN", "party": "S001", **NET, **({"against": "lot"} if left else {}),
                    "lines": [{"item": item, "quantity": quantity, "rate": rate}]}, stock, follows=[LOT],
                   sources=[left] if left else None)


LEFT = left_of("lot", ("10", "0", "50", "0"))


def from_the_lot(stock: dict[str, Any], layer: int) -> dict[str, Any]:
    """The stock with that layer as the one that the lot received."""
    stock["layers"][layer] |= {"source_voucher_id": str(id_of("lot")), "source_line_number": 1}
    return stock


def test_the_very_layer_received_goes_first_then_the_front_of_the_queue() -> None:
    stock = from_the_lot(stock_rows("TEA", ("10", "70"), ("2", "10")), 1)
    plan = gave_back("4", "5", stock, LEFT)
    assert moves_of(plan) == [("return", "-2", "-10"), ("return", "-2", "-14")]
    assert [move.layer_id for move in plan.movements] == [id_of("layer 2"), id_of("layer 1")]
    assert journal_of(plan) == [("2110/S001", "20"), ("1140", "-24"), ("5020", "4")]
    assert uses(plan) == [("4", "24")]


def test_a_price_above_cost_is_a_gain_of_variance_and_the_cost_itself_none() -> None:
    assert journal_of(gave_back("4", "5.50", stock_rows("TEA", ("10", "50")), LEFT)) == [
        ("2110/S001", "22"), ("1140", "-20"), ("5020", "-2")]
    assert journal_of(gave_back("4", "5", stock_rows("TEA", ("10", "50")), LEFT)) == [
        ("2110/S001", "20"), ("1140", "-20")]


def test_an_averaged_item_goes_at_the_average_and_without_a_source_nothing_is_used() -> None:
    plan = gave_back("4", "10", stock_rows("OIL", ("20", "300")), item="OIL")
    assert (moves_of(plan), uses(plan)) == ([("return", "-4", "-60")], [])
    assert journal_of(plan) == [("2110/S001", "40"), ("1140", "-60"), ("5020", "20")]


def test_no_more_goes_back_than_came_or_than_there_is() -> None:
    used = left_of("lot", ("10", "7", "50", "35"))
    assert faults_of(gave_back("4", "5", stock_rows("TEA", ("10", "50")), used)) == [("INV-004", "lines[0].quantity")]
    assert faults_of(gave_back("4", "5", stock_rows("TEA", ("3", "15")), LEFT)) == [("INV-001", "lines[0].quantity")]
