"""Desks that want the same unit, or the same goods of a bin, at the same moment: one gets them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from helpers.posting_desks import run_desks
from helpers.stored_units import bins, stored, units
from helpers.trading import PLAIN, Trade, goods, purchase, sale, transfer
from helpers.trading_fixtures import begun_as

pytestmark = pytest.mark.server_versions


shop_template = begun_as(stored)


@pytest.fixture
def store(shop: Trade) -> Trade:
    return shop


def test_of_two_desks_that_sell_the_same_units_one_posts_each(store: Trade) -> None:
    codes = [f"S{number}" for number in range(12)]
    store.post(purchase([goods("PHONE", "12", "5", serials=codes)], **PLAIN))
    work = [
        [
            sale([goods("PHONE", "1", "9", serials=[code])], idempotency_key=f"{desk}-{code}", **PLAIN)
            for code in order
        ]
        for desk, order in enumerate((codes, codes[::-1]))
    ]
    outcomes = [one for desk in run_desks(store.database.url(), work) for one in desk]
    assert Counter(one.code for one in outcomes) == {"": 12, "INV-001": 12}
    assert set(units(store, "PHONE").values()) == {None}


def test_of_two_desks_that_move_and_sell_a_unit_one_posts(store: Trade) -> None:
    codes = [f"S{number}" for number in range(8)]
    store.post(purchase([goods("PHONE", "8", "5", serials=codes)], **PLAIN))
    moves = [
        transfer([goods("PHONE", "2", serials=codes[at : at + 2])], idempotency_key=f"t{at}")
        for at in range(0, 8, 2)
    ]
    sales = [
        sale(
            [goods("PHONE", "2", "9", serials=[codes[at + 1], codes[at]])], idempotency_key=f"s{at}", **PLAIN
        )
        for at in range(6, -1, -2)
    ]
    moved, sold = run_desks(store.database.url(), [moves, sales])
    for move, sell in zip(moved, reversed(sold), strict=True):
        assert sorted((move.code, sell.code)) == ["", "INV-001"]


def test_of_two_desks_that_receive_the_same_serial_numbers_in_two_warehouses_one_posts_each(
    store: Trade,
) -> None:
    def receipts(warehouse: str, order: range) -> list[dict[str, Any]]:
        return [
            purchase(
                [goods("PHONE", "2", "5", serials=[f"S{at}", f"T{at}"])],
                warehouse=warehouse,
                idempotency_key=f"{warehouse}-{at}",
                **PLAIN,
            )
            for at in order
        ]

    outcomes = [
        one
        for desk in run_desks(
            store.database.url(), [receipts("MAIN", range(8)), receipts("SHOP", range(7, -1, -1))]
        )
        for one in desk
    ]
    assert Counter(one.code for one in outcomes) == {"": 8, "INV-008": 8}
    assert len(units(store, "PHONE")) == 16


def test_of_two_desks_that_bring_in_the_same_engine_number_one_posts_each(store: Trade) -> None:
    work = [
        [
            purchase(
                [goods("BIKE", "1", "5", engine_no=f"E{at}", chassis_no=f"{desk}C{at}")],
                warehouse=warehouse,
                idempotency_key=f"{desk}-{at}",
                **PLAIN,
            )
            for at in range(6)
        ]
        for desk, warehouse in enumerate(("MAIN", "SHOP"))
    ]
    outcomes = [one for desk in run_desks(store.database.url(), work) for one in desk]
    assert Counter(one.code for one in outcomes) == {"": 6, "INV-008": 6}


def test_a_bin_is_emptied_once(store: Trade) -> None:
    for item in ("TEA", "OIL"):
        store.buy(item, "20", "5", bin="A1")
        store.buy(item, "20", "5", bin="A2")
    work = [
        [
            sale([goods(item, "3", "9", bin="A1") for item in order], idempotency_key=f"{desk}-{at}", **PLAIN)
            for at in range(5)
        ]
        for desk, order in enumerate((("TEA", "OIL"), ("OIL", "TEA")))
    ]
    outcomes = [one for desk in run_desks(store.database.url(), work) for one in desk]
    assert Counter(one.code for one in outcomes) == {"": 6, "INV-001": 4}
    assert (bins(store, "TEA"), bins(store, "OIL")) == ({"A1": "2", "A2": "20"}, {"A1": "2", "A2": "20"})
