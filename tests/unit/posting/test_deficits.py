"""Stock below zero: issued at the cost last known, made good by the next receipts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from erpdesk.domain.money import plain
from erpdesk.posting.plan import PostingPlan
from helpers.posting_plans import SHOP, faults_of, id_of, journal_of, moves_of, planned, stock_rows

ALLOWED = replace(SHOP, negative_stock=True)
NET = {"auto_charges": False, "warehouse": "MAIN"}


def stock(item: str, *parts: tuple[str, str], last: str | None = None, elsewhere: str | None = None,
          owed: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    """Stock with what it last cost here and elsewhere, and open deficits of quantity and value."""
    rows = stock_rows(item, *parts)
    quantity, value = (sum(float(deficit[number]) for deficit in owed) for number in (0, 1))
    rows["balances"][0] |= {"last_unit_cost": last, "any_unit_cost": elsewhere}
    rows["balances"][0]["quantity"] -= int(quantity)
    rows["balances"][0]["value"] -= int(value)
    rows["balances"][0] |= {"deficit_quantity": str(int(quantity)), "deficit_value": str(int(value))}
    rows["deficits"] = [{"id": str(id_of(f"deficit {number}")), "item_id": str(id_of(item)),
                         "warehouse_id": str(id_of("MAIN")), "quantity": deficit[0], "value": deficit[1]}
                        for number, deficit in enumerate(owed, 1)]
    return rows


def sold(quantity: str, rows: dict[str, Any] | None, item: str = "TEA", **line: str) -> PostingPlan:
    return planned({"type": "SALES_INVOICE", "party": "C001", **NET,
                    "lines": [{"item": item, "quantity": quantity, "rate": "20", **line}]}, rows, organization=ALLOWED)


def bought(quantity: str, rate: str, rows: dict[str, Any] | None, item: str = "TEA") -> PostingPlan:
    return planned({"type": "PURCHASE_INVOICE", "party": "S001", **NET,
                    "lines": [{"item": item, "quantity": quantity, "rate": rate}]}, rows, organization=ALLOWED)


def owed(plan: PostingPlan) -> list[tuple[str, str]]:
    return [(plain(deficit.quantity), plain(deficit.value)) for deficit in plan.deficits]


def made_good(plan: PostingPlan) -> list[tuple[str, str, str]]:
    """Quantity, value and cost of each deficit settled."""
    return [(plain(part.quantity), plain(part.value), plain(part.cost)) for part in plan.deficit_settlements]


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_what_is_there_goes_first_and_the_rest_is_owed_at_the_last_cost(item: str) -> None:
    plan = sold("8", stock(item, ("5", "50"), last="10"), item)
    assert moves_of(plan) == [("out", "-5", "-50"), ("out", "-3", "-30")]
    assert [move.is_deficit for move in plan.movements] == [False, True]
    assert (owed(plan), plan.cost) == ([("3", "30")], 80)
    assert plan.movements[1].layer_id is None


def test_nothing_there_is_owed_whole_at_the_cost_known_elsewhere() -> None:
    assert owed(sold("3", stock("TEA", elsewhere="4.005"))) == [("3", "12.02")]
    assert owed(sold("3", stock("TEA", last="2", elsewhere="9"))) == [("3", "6")]


def test_goods_that_never_had_a_cost_are_refused() -> None:
    assert faults_of(sold("3", stock("TEA"))) == [("INV-005", "lines[0].quantity")]


def test_batches_never_go_below_zero() -> None:
    assert faults_of(sold("6", stock_rows("PILL", ("5", "10", "B1")), "PILL")) == [("INV-001", "lines[0].quantity")]


def test_the_organization_may_forbid_it() -> None:
    plan = planned({"type": "SALES_INVOICE", "party": "C001", **NET,
                    "lines": [{"item": "TEA", "quantity": "8", "rate": "20"}]}, stock("TEA", ("5", "50"), last="10"))
    assert faults_of(plan) == [("INV-001", "lines[0].quantity")]


def test_a_transfer_does_not_go_below_zero() -> None:
    plan = planned({"type": "STOCK_TRANSFER", "from_warehouse": "MAIN", "to_warehouse": "SHOP",
                    "lines": [{"item": "TEA", "quantity": "8"}]}, stock("TEA", ("5", "50"), last="10"),
                   organization=ALLOWED)
    assert faults_of(plan) == [("INV-001", "lines[0].quantity")]


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_the_next_receipt_makes_good_and_the_difference_is_variance(item: str) -> None:
    plan = bought("10", "12", stock(item, owed=(("3", "30"),)), item)
    assert made_good(plan) == [("3", "30", "36")]
    assert moves_of(plan) == [("in", "3", "36"), ("cost", "0", "-6"), ("in", "7", "84")]
    sums: dict[str, float] = {}
    for account, amount in journal_of(plan):
        sums[account] = sums.get(account, 0) + float(amount)
    assert sums == {"2110/S001": -120, "1140": 114, "5030": 6}
    assert [plain(layer.quantity) for layer in plan.layers] == (["7"] if item == "TEA" else [])


def test_the_oldest_is_made_good_first_and_a_part_keeps_its_share() -> None:
    plan = bought("4", "10", stock("TEA", owed=(("3", "20"), ("3", "25"))))
    assert made_good(plan) == [("3", "20", "30"), ("1", "8.33", "10")]
    assert moves_of(plan) == [("in", "3", "30"), ("cost", "0", "-10"), ("in", "1", "10"), ("cost", "0", "-1.67")]
    assert plan.layers == ()


def test_the_same_cost_makes_no_difference() -> None:
    plan = bought("3", "10", stock("TEA", owed=(("3", "30"),)))
    assert moves_of(plan) == [("in", "3", "30")]
    assert journal_of(plan) == [("2110/S001", "-30"), ("1140", "30")]


def test_a_cheaper_receipt_gains() -> None:
    assert moves_of(bought("3", "8", stock("TEA", owed=(("3", "30"),)))) == [("in", "3", "24"), ("cost", "0", "6")]
