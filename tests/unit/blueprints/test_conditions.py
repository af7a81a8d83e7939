"""Conditions: data in, the same data out, evaluated over typed values."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.blueprints.codec import Unreadable
from erpdesk.blueprints.conditions import Condition
from erpdesk.blueprints.faults import FaultList

VALUES: dict[str, Any] = {"quantity": Decimal("10"), "free": Decimal("10.0"), "on": date(2026, 4, 2), "uom": "BOX",
                          "code": "007", "import": True, "nothing": None, "blank": "", "many": ()}


def read(value: Any) -> Condition:
    faults = FaultList()
    condition = Condition.from_json(value, "c", faults)
    assert not faults.found
    return condition


@pytest.mark.parametrize(("condition", "holds"), [
    ({"field": "quantity", "eq": "10.00"}, True),
    ({"field": "quantity", "ne": "10"}, False),
    ({"field": "quantity", "lt": 11}, True),
    ({"field": "quantity", "le": "10"}, True),
    ({"field": "quantity", "gt": "9.99"}, True),
    ({"field": "quantity", "ge": "10.01"}, False),
    ({"field": "quantity", "eq": {"field": "free"}}, True),
    ({"field": "quantity", "gt": {"field": "nothing"}}, False),
    ({"field": "code", "eq": "7"}, False),
    ({"field": "uom", "in": ["PCS", "BOX"]}, True),
    ({"field": "uom", "in": []}, False),
    ({"field": "on", "ge": "2026-04-01"}, True),
    ({"field": "on", "lt": "not a date"}, False),
    ({"field": "import", "eq": True}, True),
    ({"field": "import", "eq": "true"}, False),
    ({"field": "nothing", "is_empty": True}, True),
    ({"field": "blank", "is_empty": True}, True),
    ({"field": "many", "is_empty": False}, False),
    ({"field": "nothing", "lt": "5"}, False),
    ({"field": "nothing", "eq": None}, True),
    ({"field": "quantity", "ne": None}, True),
    ({"all": []}, True),
    ({"any": []}, False),
    ({"not": {"any": []}}, True),
    ({"all": [{"field": "quantity", "gt": "1"}, {"field": "uom", "eq": "PCS"}]}, False),
    ({"any": [{"field": "quantity", "lt": "1"}, {"field": "uom", "eq": "BOX"}]}, True),
])
def test_a_condition_holds_as_written(condition: dict, holds: bool) -> None:
    assert read(condition).holds(VALUES.get) is holds


@pytest.mark.parametrize("value", [
    {}, [], "quantity > 5", {"field": "x"}, {"field": "x", "eq": 1, "gt": 0}, {"field": "x", "like": "a"},
    {"field": 5, "eq": 1}, {"all": {}}, {"all": [], "any": []}, {"field": "x", "is_empty": 1},
    {"field": "x", "in": "abc"}, {"field": "x", "eq": {"other": "y"}}, {"field": "x", "eq": 1.5}, {"xor": []},
    {"field": "x", "eq": ["a"]},
])
def test_what_is_no_condition_is_refused(value: Any) -> None:
    faults = FaultList()
    with pytest.raises(Unreadable):
        Condition.from_json(value, "c", faults)
    assert [fault.code for fault in faults.found] == ["CFG-011"]


def test_endless_nesting_is_refused() -> None:
    nested: Any = {"field": "x", "eq": 1}
    for _ in range(30):
        nested = {"not": nested}
    with pytest.raises(Unreadable):
        Condition.from_json(nested, "c", FaultList())


NAMES = st.sampled_from(sorted(VALUES))
CONSTANTS = st.one_of(st.text(max_size=5), st.integers(-99, 99), st.booleans(), st.none())
COMPARISONS = st.one_of(
    st.builds(lambda f, op, v: {"field": f, op: v}, NAMES, st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
              st.one_of(CONSTANTS, NAMES.map(lambda name: {"field": name}))),
    st.builds(lambda f, v: {"field": f, "in": v}, NAMES, st.lists(CONSTANTS, max_size=3)),
    st.builds(lambda f, v: {"field": f, "is_empty": v}, NAMES, st.booleans()),
)
CONDITIONS = st.recursive(COMPARISONS, lambda inner: st.one_of(
    st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
    st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3)),
    st.builds(lambda part: {"not": part}, inner)), max_leaves=8)


@given(CONDITIONS)
def test_any_condition_comes_back_as_it_was(value: dict) -> None:
    condition = read(value)
    assert condition.as_json() == value
    assert read(condition.as_json()) == condition
    assert hash(read(value)) == hash(condition)


@given(CONDITIONS)
def test_not_turns_every_condition_round(value: dict) -> None:
    assert read({"not": value}).holds(VALUES.get) is not read(value).holds(VALUES.get)


@given(st.lists(CONDITIONS, max_size=4))
def test_all_and_any_mirror_each_other(parts: list[dict]) -> None:
    everything = read({"all": parts}).holds(VALUES.get)
    assert everything is not read({"any": [{"not": part} for part in parts]}).holds(VALUES.get)


@pytest.mark.parametrize(("values", "condition", "holds"), [
    ({"at": time(14, 30)}, {"field": "at", "ge": "14:00"}, True),
    ({"at": time(14, 30)}, {"field": "at", "lt": "noon"}, False),
    ({"at": time(14, 30)}, {"field": "at", "ne": "noon"}, True),
    ({"a": time(9), "b": time(10)}, {"field": "a", "lt": {"field": "b"}}, True),
    ({"a": date(2026, 4, 1), "b": date(2026, 4, 2)}, {"field": "a", "le": {"field": "b"}}, True),
    ({"n": Decimal(1)}, {"field": "n", "ne": "one"}, True),
    ({"n": Decimal(1)}, {"field": "n", "in": ["1.0", "2"]}, True),
    ({"flag": True}, {"field": "flag", "ne": "yes"}, True)])
def test_sides_compare_in_the_type_of_the_left_one(
        values: dict[str, Any], condition: dict[str, Any], holds: bool) -> None:
    assert read(condition).holds(values.get) is holds
    assert read(read(condition).as_json()) == read(condition)


def test_parts_name_their_fields_and_write_themselves_back() -> None:
    whole = {"any": [{"not": {"field": "a", "eq": "1"}}, {"all": [{"field": "b", "gt": {"field": "c"}}]},
                     {"field": "d", "in": ["1", "2"]}, {"field": "e", "is_empty": True}]}
    assert read(whole).fields() == frozenset("abcde")
    assert read(read(whole).as_json()) == read(whole)
    assert read(read(whole)) == read(whole)
    assert read({"field": "n", "eq": Decimal("1.50")}).as_json() == {"field": "n", "eq": "1.5"}
