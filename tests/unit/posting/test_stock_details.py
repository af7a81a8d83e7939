"""Lines in detail: parts by bin, batch and unit, each with its share of quantity and money. Figures worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.money import plain, total
from erpdesk.posting.plan import PostingPlan
from helpers.posting_plans import blueprint, id_of, planned, read, stock_rows

BARE: Mapping[str, Any] = {"charges": [], "auto_charges": False}
PLACE = {"item_id": str(id_of("PHONE")), "warehouse_id": str(id_of("MAIN"))}


def binned(code: str) -> Any:
    like = blueprint(code)
    return replace(like, lines=replace(like.lines, show_bin=True))


def buy(*lines: dict[str, Any]) -> dict[str, Any]:
    return {"type": "PURCHASE_INVOICE", "party": "S001", "warehouse": "MAIN", "lines": list(lines), **BARE}


def sell(*lines: dict[str, Any]) -> dict[str, Any]:
    return {"type": "SALES_INVOICE", "party": "C001", "warehouse": "MAIN", "lines": list(lines), **BARE}


def unit(code: str, value: str | None, item: str = "PHONE", **more: Any) -> dict[str, Any]:
    """A unit as locked: in MAIN, with what its layer holds; a pool's has none."""
    nothing = dict.fromkeys(
        (
            "bin_id",
            "bin",
            "batch_id",
            "batch",
            "batch_is_active",
            "expires_on",
            "last_moved_on",
            "origin_layer_id",
            "engine_no",
            "engine_key",
            "chassis_no",
            "chassis_key",
            "left_with",
            "came_with",
        )
    )
    return {
        **nothing,
        "id": str(id_of(code)),
        "item_id": str(id_of(item)),
        "item": item,
        "code": code,
        "key": code.lower(),
        "warehouse_id": str(id_of("MAIN")),
        "warehouse": "MAIN",
        "value": value,
        "layer_id": str(id_of(f"layer {code}")) if value else None,
        **more,
    }


def known(*units: dict[str, Any]) -> dict[str, Any]:
    return {"units": list(units), "there": []}


def moved(plan: PostingPlan) -> list[tuple[int | None, str, str]]:
    """Detail, quantity and value of each movement."""
    return [(move.detail_number, plain(move.quantity), plain(move.value)) for move in plan.movements]


def codes(faults: Any) -> list[tuple[str, str]]:
    return [(fault.code, fault.field) for fault in faults]


def test_a_receipt_of_units_makes_a_layer_each_and_gives_no_cent_away() -> None:
    plan = planned(buy({"item": "PHONE", "quantity": "3", "rate": "33.3333", "serials": ["S1", "S2", "S3"]}))
    assert moved(plan) == [(1, "1", "33.33"), (1, "1", "33.34"), (1, "1", "33.33")]  # 33.33, 66.67, 100.00
    assert [(layer.quantity, layer.serial_id) for layer in plan.layers] == [
        (1, move.serial_id) for move in plan.movements
    ]


def test_units_leave_with_what_their_layers_hold() -> None:
    stock = stock_rows("PHONE", ("3", "17"))
    plan = planned(
        sell({"item": "PHONE", "quantity": "2", "rate": "90", "serials": ["S3", "S1"]}),
        stock,
        serials=known(unit("S1", "5"), unit("S2", "5"), unit("S3", "7")),
    )
    assert (moved(plan), plan.cost) == ([(1, "-1", "-7"), (1, "-1", "-5")], 12)


def test_units_of_a_pool_share_its_average_cumulatively() -> None:
    plan = planned(
        sell({"item": "RADIO", "quantity": "3", "rate": "90", "serials": ["R1", "R2", "R3"]}),
        stock_rows("RADIO", ("7", "2.00")),
        serials=known(*(unit(f"R{n}", None, "RADIO") for n in (1, 2, 3))),
    )
    assert moved(plan) == [
        (1, "-1", "-0.29"),
        (1, "-1", "-0.28"),
        (1, "-1", "-0.29"),
    ]  # 0.86: 0.29, 0.57, 0.86


@pytest.mark.parametrize(
    ("there", "code", "said"),
    [
        (unit("S1", "5", warehouse_id=str(id_of("SHOP")), warehouse="SHOP"), "INV-001", "it is in SHOP"),
        (unit("S1", None, warehouse_id=None, warehouse=None), "INV-001", "not in stock"),
        (unit("S1", "5", last_moved_on="2026-04-03"), "INV-008", "can't leave before"),
        (
            unit("S1", "5", batch="B1", batch_id=str(id_of("B1")), batch_is_active=False),
            "INV-007",
            "not active",
        ),
        (
            unit("S1", "5", batch="B1", batch_id=str(id_of("B1")), expires_on="2026-04-01"),
            "INV-009",
            "expired",
        ),
        (unit("S2", "5"), "INV-008", "no serial number S1"),
    ],
)
def test_a_unit_that_may_not_leave_is_a_fault_at_its_place(
    there: dict[str, Any], code: str, said: str
) -> None:
    plan = planned(
        sell({"item": "PHONE", "quantity": "1", "rate": "9", "serials": ["S1"]}),
        stock_rows("PHONE", ("1", "5")),
        serials=known(there),
    )
    assert codes(plan.faults) == [(code, "lines[0].serials")]
    assert said in plan.faults[0].message


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (unit("S1", "5"), "in stock already, in MAIN"),
        (unit("S1", None, warehouse_id=None, last_moved_on="2026-04-03"), "it can't come before"),
    ],
)
def test_a_unit_that_may_not_come_is_a_fault(there: dict[str, Any], said: str) -> None:
    plan = planned(
        buy({"item": "PHONE", "quantity": "1", "rate": "9", "serials": ["S1"]}), serials=known(there)
    )
    assert (codes(plan.faults), said in plan.faults[0].message) == ([("INV-008", "lines[0].serials")], True)


def test_an_engine_number_of_another_unit_is_a_fault() -> None:
    other = unit("C1", None, "BIKE", engine_key="e1", warehouse_id=None)
    plan = planned(
        buy({"item": "BIKE", "quantity": "1", "rate": "9", "engine_no": "E1", "chassis_no": "C2"}),
        serials=known(other),
    )
    assert [fault.message for fault in plan.faults] == [
        "The engine or chassis number of C2 is that of C1 of BIKE"
    ]


def test_a_fixed_product_leaves_by_its_engine_number() -> None:
    plan = planned(
        sell({"item": "BIKE", "quantity": "1", "rate": "9", "engine_no": "E1"}),
        stock_rows("BIKE", ("1", "5")),
        serials=known(unit("C1", "5", "BIKE", engine_key="e1", chassis_key="c1")),
    )
    assert [(move.serial_id, move.value) for move in plan.movements] == [(id_of("C1"), -5)]


def test_a_pool_is_valued_once_a_line_over_batches_and_bins() -> None:
    stock = stock_rows("SYRUP", ("1", "0.29", "B1"), ("1", "0.29", "B2"), ("5", "1.42", "B1"))
    plan = planned(sell({"item": "SYRUP", "quantity": "3", "rate": "9"}), stock)
    assert moved(plan) == [(None, "-1", "-0.29"), (None, "-1", "-0.28"), (None, "-1", "-0.29")]
    lines = ({"item": "SYRUP", "quantity": "1", "rate": "9"}, {"item": "SYRUP", "quantity": "2", "rate": "9"})
    plan = planned(sell(*lines), stock_rows("SYRUP", ("7", "2.00", "B1")))
    assert moved(plan) == [
        (None, "-1", "-0.29"),
        (None, "-2", "-0.57"),
    ]  # each line by itself: 2.00/7, 1.71 x 2/6


def test_bins_are_binding_and_loose_goods_come_first() -> None:
    place = {"item_id": str(id_of("OIL")), "warehouse_id": str(id_of("MAIN"))}
    stock = {
        **stock_rows("OIL", ("10", "100")),
        "batches": [
            {**place, "batch_id": None, "bin_id": str(id_of(code)), "quantity": quantity}
            for code, quantity in (("A1", "4"), ("A2", "3"))
        ],
    }
    plan = planned(sell({"item": "OIL", "quantity": "5", "rate": "9"}), stock)
    assert [(move.bin_id, move.quantity) for move in plan.movements] == [(None, -3), (id_of("A1"), -2)]
    named = {"item": "OIL", "quantity": "4", "rate": "9", "bin": "A2"}
    assert codes(planned(sell(named), stock, binned("SALES_INVOICE")).faults) == [
        ("INV-001", "lines[0].quantity")
    ]


def test_blocked_and_reserved_goods_are_not_available() -> None:
    stock = stock_rows("PILL", ("4", "20", "B1"))
    stock["balances"][0].update(quantity="10", value="50", blocked="6", reserved="3")
    assert planned(sell({"item": "PILL", "quantity": "1", "rate": "9"}), stock).faults == ()
    short = planned(sell({"item": "PILL", "quantity": "2", "rate": "9"}), stock)
    assert short.faults[0].details["available"] == "1"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"quantity": "2", "serials": ["S1"]}, ("INV-008", "lines[0].serials")),
        ({"quantity": "1"}, ("INV-008", "lines[0].serials")),
        (
            {"quantity": "2", "details": [{"quantity": "1", "serials": ["S1"]}]},
            ("INV-004", "lines[0].details"),
        ),
        ({"quantity": "1", "serials": ["S1"], "chassis_no": "C"}, ("INV-008", "lines[0].serials")),
        (
            {
                "quantity": "2",
                "details": [{"quantity": "1", "serials": ["S1"]}, {"quantity": "1", "serials": ["s1"]}],
            },
            ("INV-008", "lines[0].details[1].serials"),
        ),
    ],
)
def test_what_can_not_be_read_is_a_fault_at_its_place(line: dict[str, Any], fault: tuple[str, str]) -> None:
    _, faults = read(buy({"item": "PHONE", "rate": "5", **line}))
    assert codes(faults) == [fault]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.decimals("0", "10000", places=2))
def test_the_parts_of_a_line_come_to_it(quantities: list[int], rate: Decimal) -> None:
    details = [{"quantity": str(quantity)} for quantity in quantities]
    plan = planned(
        buy({"item": "TEA", "quantity": str(sum(quantities)), "rate": plain(rate), "details": details})
    )
    assert [move.quantity for move in plan.movements] == quantities
    assert total(move.value for move in plan.movements) == sum(quantities) * rate
    even = sum(quantities) * rate / sum(quantities)
    assert all(abs(move.value - even * move.quantity) <= Decimal("0.01") for move in plan.movements)
