"""Vouchers that are named: what they say for good, and what is left of them while a plan is made."""

from __future__ import annotations

from decimal import Decimal

import pytest

from erpdesk.posting.sources import Allocation, OpenLine, SourceLine, SourceState, read_sources
from helpers.posting_plans import id_of, left_of, source_of

D = Decimal


@pytest.mark.parametrize(("used", "take", "value"), [
    (("0", "0"), "4", "3.33"), (("4", "3.33"), "4", "3.33"), (("8", "6.66"), "4", "3.34"), (("0", "0"), "12", "10")])
def test_a_part_takes_its_share_and_the_last_the_rest(used: tuple[str, str], take: str, value: str) -> None:
    line = OpenLine(D(12), D(used[0]), D(10), D(used[1]))
    assert line.left == 12 - D(used[0])
    assert line.use(D(take), 2) == D(value)
    assert (line.used_quantity, line.used_value) == (D(used[0]) + D(take), D(used[1]) + D(value))


def test_lines_are_found_by_voucher_and_number() -> None:
    state = SourceState([left_of("a", ("3", "1", "9", "3"), ("4", "0", "8", "0")), left_of("b", status="REVERSED")])
    found = state.line(id_of("a"), 2)
    assert found is not None
    assert (found.quantity, found.used_quantity, found.value, found.used_value, found.left) == (4, 0, 8, 0, 4)
    assert (state.line(id_of("a"), 3), state.line(id_of("b"), 1)) == (None, None)
    assert state.status == {id_of("a"): "POSTED", id_of("b"): "REVERSED"}
    assert SourceState(None).status == {}


def test_a_net_rate_is_what_one_came_to() -> None:
    [line] = source_of("s", "sale", ("TEA", "3", "10")).lines
    assert line.net_rate == D("3.333333")
    [nothing] = source_of("s", "sale", ("TEA", "0", "10")).lines
    assert nothing.net_rate == 0


def test_a_voucher_is_called_by_its_number_or_as_it_was_named() -> None:
    source = source_of("key:x", "sale")
    assert source.name == "KEY:X"
    assert Allocation(source, D(5), D("0.5"), D("0.25")).settled == D("5.75")


def test_what_the_server_found_is_read_whole() -> None:
    ids = {name: str(id_of(name)) for name in ("v", "p", "TEA", "MAIN", "B1", "i", "1130")}
    row = {"ref": "SI/1", "id": ids["v"], "number": None, "status": "POSTED", "kind": "sale", "party": "p",
           "party_name": "P Stores",
           "lines": [{"line_number": 2, "item_id": ids["TEA"], "quantity": "1", "stock_quantity": "12", "amount": "9",
                      "warehouse_id": ids["MAIN"], "batches": [[ids["B1"], 12]]},
                     {"line_number": 3, "item_id": None, "quantity": "1", "stock_quantity": "1", "amount": "2",
                      "warehouse_id": None, "batches": None}],
           "open_items": [{"id": ids["i"], "party_id": ids["p"], "account_id": ids["1130"]}]}
    found = read_sources({"vouchers": [row, {**row, "ref": "x", "party": None, "party_name": None, "lines": None,
                                         "open_items": None}]})
    source = found["SI/1"]
    assert (source.name, source.party, source.party_name) == ("SI/1", "p", "P Stores")
    assert (source.lines[0].batches, source.lines[0].stock_quantity) == ({id_of("B1"): D(12)}, 12)
    assert (source.lines[1].item_id, source.lines[1].warehouse_id, source.lines[1].batches) == (None, None, {})
    assert source.open_items[0].account_id == id_of("1130")
    assert (found["x"].lines, found["x"].open_items, found["x"].party, found["x"].party_name) == ((), (), "", "")
    assert read_sources({}) == {}


def test_the_net_rate_of_a_line_is_rounded_half_up() -> None:
    line = SourceLine(1, None, D(8), D(8), D("0.00002"), None, ())
    assert line.net_rate == D("0.000003")
