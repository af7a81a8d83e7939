"""Value that comes after its goods: cumulatively over what is left, the issued part last."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.money import plain
from erpdesk.posting.value_spread import spread_value
from helpers.posting_plans import id_of, received

D = Decimal


@pytest.mark.parametrize(("amount", "quantity", "parts", "joined", "issued"), [
    ("30", "10", [("10", "100")], ["30"], "0"),
    ("30", "10", [("6", "60")], ["18"], "12"),
    ("10", "10", [("5", "50"), ("3", "30")], ["5", "3"], "2"),
    ("0.05", "6", [("1", "9"), ("2", "9"), ("3", "9")], ["0.01", "0.02", "0.02"], "0"),  # 0.0083, 0.025, 0.05
    ("10", "10", [], [], "10"),
    ("0.01", "10", [("1", "1"), ("9", "9")], ["0.01"], "0"),  # 0.001 rounds to nothing: no movement
    ("-30", "10", [("6", "10")], ["-10"], "-20"),  # a layer never gives more than it holds
])
def test_layers_take_their_shares_in_order(
        amount: str, quantity: str, parts: list[tuple[str, str]], joined: list[str], issued: str) -> None:
    row = received("r", 1, "TEA", quantity, "100", *parts)
    row["valuation"] = "fifo"
    spread = spread_value((row,), D(amount), 4, 2)
    assert [plain(move.value) for move in spread.movements] == joined
    assert plain(spread.issued) == issued
    assert spread.capitalised + spread.issued == D(amount)
    for move in spread.movements:
        assert (move.kind, move.quantity, move.line_number, move.item_id) == ("cost", 0, 4, id_of("TEA"))
        assert (move.account_id, move.uom_id) == (id_of("1140"), id_of("PCS"))


def test_a_layer_is_named_where_there_is_one() -> None:
    row = received("r", 1, "TEA", "10", "100", ("4", "40"), ("6", "60"))
    assert [move.layer_id for move in spread_value((row,), D(10), 1, 2).movements] == [
        id_of("r layer 1"), id_of("r layer 2")]
    pooled = received("r", 1, "OIL", "10", "100", pool=("4", "40"))
    [move] = spread_value((pooled,), D(10), 1, 2).movements
    assert (move.layer_id, move.batch_id, move.valuation) == (None, None, "weighted_average")


@pytest.mark.parametrize(("amount", "pool", "joined"), [
    ("30", ("5", "75"), "15"), ("30", ("10", "100"), "30"), ("30", ("25", "300"), "30"), ("30", ("-3", "0"), "0"),
    ("10", ("3.333", "1"), "3.33"), ("-30", ("5", "8"), "-8")])
def test_a_pool_takes_what_it_has_of_what_was_received(amount: str, pool: tuple[str, str], joined: str) -> None:
    row = received("r", 1, "OIL", "10", "100", pool=pool)
    row["valuation"] = "weighted_average"
    assert spread_value((row,), D(amount), 1, 2).capitalised == D(joined)


def test_goods_that_nobody_ever_moved_have_no_pool() -> None:
    row = {**received("r", 1, "OIL", "10", "100", pool=("1", "1")), "pool_quantity": None, "pool_value": None}
    assert spread_value((row,), D(30), 1, 2).issued == 30


quantities = st.decimals("0.001", "1000", places=3)


@given(st.decimals("0", "100000", places=2), st.lists(quantities, max_size=6), quantities)
def test_nothing_of_a_positive_amount_is_lost(amount: D, left: list[D], gone: D) -> None:
    row = received("r", 1, "TEA", str(sum(left, gone)), "1", *((str(part), "5") for part in left))
    row["valuation"] = "fifo"
    spread = spread_value((row,), amount, 1, 2)
    assert spread.capitalised + spread.issued == amount
    assert all(move.value > 0 for move in spread.movements)
    assert spread.issued >= 0
