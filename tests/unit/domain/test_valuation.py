"""What issues cost: worked examples of first in, first out and of the moving average, and their algebra.

The worked examples follow the cost formulas of IAS 2 Inventories (paragraphs 25 and 27): first-in, first-out
assigns the cost of the items bought first, so that those remaining are the most recent; the average is
recomputed as each additional shipment is received.
"""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.valuation import Layer, Pool, take_from_layers

D = Decimal


def layers(*rows: tuple[str, str]) -> list[Layer[int]]:
    """Layers numbered from 1, by quantity and value."""
    return [Layer(number, D(quantity), D(value)) for number, (quantity, value) in enumerate(rows, 1)]


def parts(taken: tuple[object, ...]) -> list[tuple[int, D, D]]:
    """Layer, quantity and value of each part."""
    return [(part.layer.id, part.quantity, part.value) for part in taken]  # type: ignore[attr-defined]


def test_fifo_issues_the_oldest_cost_first() -> None:
    """IAS 2.27, perpetual: 100 at 10.00 and 150 at 12.00 bought; 120 issued cost 1,240.00 and leave 130 at 12.00."""
    queue = layers(("100", "1000.00"), ("150", "1800.00"))
    taken, short = take_from_layers(queue, D(120), 2)
    assert parts(taken) == [(1, D(100), D("1000.00")), (2, D(20), D("240.00"))]
    assert short == 0
    assert (queue[0].quantity, queue[0].value) == (D(0), D(0))
    assert (queue[1].quantity, queue[1].value) == (D(130), D("1560.00"))


def test_the_moving_average_is_recomputed_with_each_receipt() -> None:
    """IAS 2.27, perpetual: 100 at 10.00, then 150 at 12.00 average 11.20; 120 issued cost 1,344.00; 80 more at 13.00
    bring 210 worth 2,496.00, of which 60 cost 713.14."""
    pool = Pool()
    pool.put(D(100), D("1000.00"))
    pool.put(D(150), D("1800.00"))
    assert pool.take(D(120), 2) == D("1344.00")
    pool.put(D(80), D("1040.00"))
    assert (pool.quantity, pool.value) == (D(210), D("2496.00"))
    assert pool.take(D(60), 2) == D("713.14")
    assert (pool.quantity, pool.value) == (D(150), D("1782.86"))


def test_the_last_part_of_a_layer_takes_what_is_left_of_it() -> None:
    queue = layers(("3", "10.00"))
    costs = [take_from_layers(queue, D(1), 2)[0][0].value for _ in range(3)]
    assert costs == [D("3.33"), D("3.34"), D("3.33")]


def test_an_empty_pool_has_no_value() -> None:
    pool = Pool(D(7), D("0.10"))
    assert [pool.take(D(1), 2) for _ in range(7)] == [D("0.01"), D("0.02")] * 3 + [D("0.01")]
    assert (pool.quantity, pool.value) == (D(0), D(0))


def test_what_is_short_is_told_and_empty_layers_are_passed_over() -> None:
    queue = layers(("2", "4.00"), ("0", "0"), ("1", "5.00"))
    taken, short = take_from_layers(queue, D(5), 2)
    assert (parts(taken), short) == ([(1, D(2), D("4.00")), (3, D(1), D("5.00"))], D(2))
    assert take_from_layers([], D(1), 2) == ((), D(1))
    assert take_from_layers(layers(("1", "1")), D(0), 2) == ((), D(0))


values = st.decimals("0", "1000000", places=2)
cuts = st.lists(st.integers(1, 1000), min_size=1, max_size=12)


@given(values, cuts, st.integers(0, 1000))
def test_parts_of_a_layer_add_up_to_its_value_in_any_order(value: D, cut: list[int], seed: int) -> None:
    mixed = list(cut)
    random.Random(seed).shuffle(mixed)
    for order in (cut, mixed):
        layer = Layer(1, D(sum(cut)), value)
        taken = [layer.take(D(part), 2) for part in order]
        assert sum(taken) == value
        assert (layer.quantity, layer.value) == (D(0), D(0))
        assert all(part >= 0 for part in taken)


@given(st.lists(st.tuples(st.integers(1, 500), values), min_size=1, max_size=8), st.data())
def test_what_leaves_the_queue_and_what_stays_are_what_was_there(rows: list[tuple[int, D]],
                                                                 data: st.DataObject) -> None:
    queue = [Layer(number, D(quantity), value) for number, (quantity, value) in enumerate(rows)]
    wanted = data.draw(st.integers(1, sum(quantity for quantity, _ in rows) + 5))
    taken, short = take_from_layers(queue, D(wanted), 2)
    assert sum(part.quantity for part in taken) + short == wanted
    assert sum(part.value for part in taken) + sum(layer.value for layer in queue) == sum(value for _, value in rows)
    emptied = [layer.quantity == 0 for layer in queue]
    assert emptied == sorted(emptied, reverse=True), "a later layer was emptied before an earlier one"


@given(st.lists(st.one_of(st.tuples(st.just("in"), st.integers(1, 99), values), st.tuples(st.just("out"),
                                                                                          st.integers(1, 99))),
                max_size=20))
def test_a_pool_keeps_value_and_quantity_together(moves: list[tuple[object, ...]]) -> None:
    pool, received, issued = Pool(), D(0), D(0)
    for move in moves:
        if move[0] == "in":
            pool.put(D(str(move[1])), D(str(move[2])))
            received += D(str(move[2]))
        elif D(str(move[1])) <= pool.quantity:
            issued += pool.take(D(str(move[1])), 2)
        assert received - issued == pool.value >= 0
        assert pool.quantity > 0 or pool.value == 0
