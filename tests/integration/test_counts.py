"""Physical stock: each place counted once, a surplus in its batch, units where the books had them on the day."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import Fault, Refused
from helpers.rehearsing import agree_after
from helpers.stored_units import stored, units
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale, transfer
from helpers.trading_fixtures import begun_as

pytestmark = pytest.mark.usefixtures("books_replan")

shop_template = begun_as(stored)
WITHIN: dict[str, Any] = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}


def counted(*lines: dict[str, Any], day: str = "2026-04-12", **more: Any) -> dict[str, Any]:
    return {"type": "PHYSICAL_STOCK", "date": day, "warehouse": "MAIN", "lines": list(lines), **more}


def found(item: str, quantity: str, **more: Any) -> dict[str, Any]:
    return {"item": item, "counted_quantity": quantity, **more}


def shows(shop: Trade, *flags: str) -> None:
    """Lets lines of counts show more."""
    shop.books.configuration.import_document({"voucher_types": [
        {"code": "PHYSICAL_STOCK", "lines": dict.fromkeys(flags, True)}]})


def refused(shop: Trade, document: dict[str, Any]) -> tuple[Fault, ...]:
    """What a post is refused for; preview and rehearsal say the same, and nothing is written."""
    before = shop.fingerprint()
    faults = shop.refuse(document).faults
    shown = shop.books.vouchers.preview(document).faults
    rehearsed = shop.books.vouchers.rehearsal().rehearse(document)
    assert isinstance(rehearsed, Refused)
    assert shown == rehearsed.faults == faults
    assert shop.changed_since(before) <= {"posting_log"}
    return faults


def places(faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    return [(fault.code, fault.field) for fault in faults]


def differences(shop: Trade, document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Item, quantity and value of what a count moves; preview says the same."""
    shown = shop.books.vouchers.preview(document)
    voucher = shop.post(document)
    assert (shown.faults, shown.total) == ((), voucher.total)
    return shop.rows("SELECT i.code, m.quantity, m.value FROM erpdesk.stock_movement m"
                     " JOIN erpdesk.item i ON i.id = m.item_id WHERE m.voucher_id = %s ORDER BY m.movement_number",
                     voucher.voucher_id)


# each place once


@pytest.mark.parametrize(("lines", "moves"), [
    ([found("TEA", "2"), found("TEA", "3")], []),
    ([found("TEA", "2"), found("OIL", "6"), found("TEA", "2")], [("TEA", "-1", "-10"), ("OIL", "1", "10")]),
    ([found("TEA", "4"), found("TEA", "0"), found("TEA", "3", rate="4")], [("TEA", "2", "8")]),
    ([found("TEA", "1", uom="BOX", rate="36"), found("TEA", "2", rate="3")], [("TEA", "9", "27")]),
    ([found("PILL", "2", batch="B1"), found("PILL", "3", batch="b1"), found("PILL", "1", batch="B2")], []),
    ([found("SYRUP", "1", bin="A1", batch="B1"), found("SYRUP", "2", bin="A1", batch="B1"),
      found("SYRUP", "1", bin="A2", batch="B1")], [("SYRUP", "-1", "-10")]),
])  # fmt: skip
def test_lines_of_one_place_are_one_count(
    shop: Trade, lines: list[dict[str, Any]], moves: list[tuple[str, str, str]]
) -> None:
    for item in ("TEA", "OIL"):
        shop.buy(item, "5", "10")
    shop.buy("PILL", "5", "10", batch="B1")
    shop.buy("PILL", "1", "10", batch="B2")
    shop.buy("SYRUP", "4", "10", batch="B1", bin="A1")
    shop.buy("SYRUP", "1", "10", batch="B1", bin="A2")
    assert differences(shop, counted(*lines)) == moves


def test_units_counted_on_several_lines_are_one_count(shop: Trade) -> None:
    shop.buy("PHONE", "3", "10", serials=["X", "Y", "Z"])
    assert differences(shop, counted(found("PHONE", "2", serials=["x", "Y"]), found("PHONE", "1", serials=["Z"]))) == []
    both = counted(found("PHONE", "1", serials=["X"], rate="7"), found("PHONE", "2", serials=["NEW", "Z"], rate="8"))
    assert differences(shop, both) == [("PHONE", "-1", "-10"), ("PHONE", "1", "8")]
    assert units(shop, "PHONE") == {"NEW": "MAIN", "X": "MAIN", "Y": None, "Z": "MAIN"}


@pytest.mark.parametrize(("first", "then", "field"), [
    ({}, {"bin": "A1"}, "bin"), ({"bin": "A1"}, {}, "bin"), ({}, {"batch": "B1"}, "batch"),
    ({"batch": "B1"}, {"batch": "B1", "bin": "A1"}, "bin"), ({"bin": "A1"}, {"batch": "B1"}, "bin"),
    ({"bin": "A1"}, {"batch": "B1", "bin": "A1"}, "batch"),
])  # fmt: skip
def test_lines_whose_places_overlap_are_refused(
    shop: Trade, first: dict[str, str], then: dict[str, str], field: str
) -> None:
    shop.buy("PILL", "5", "10", batch="B1", bin="A1")
    shop.buy("PILL", "5", "10", batch="B1")
    faults = refused(shop, counted(found("PILL", "4", **first), found("TEA", "0"), found("PILL", "5", **then)))
    assert places(faults) == [("INV-004", f"lines[2].{field}")]
    assert "Line 1" in faults[0].message


@pytest.mark.parametrize(("first", "then"), [
    ({"bin": "A1"}, {"bin": "A2"}), ({"batch": "B1"}, {"batch": "B2"}), ({"warehouse": "SHOP"}, {"bin": "A1"}),
    ({"batch": "B1", "bin": "A1"}, {"bin": "A2"}),
])  # fmt: skip
def test_lines_of_other_places_stand_beside_each_other(
    shop: Trade, first: dict[str, str], then: dict[str, str]
) -> None:
    shows(shop, "show_warehouse")
    shop.buy("PILL", "5", "10", batch="B1", bin="A1")
    shop.buy("PILL", "5", "10", batch="B2", bin="A2")
    shop.post(counted(found("PILL", "0", **first), found("PILL", "5", **then)))
    assert shop.stock("PILL") == ("10", "100") if "warehouse" in first else ("5", "50")


def test_lines_of_one_place_say_one_rate(shop: Trade) -> None:
    shop.buy("TEA", "5", "10")
    lines = found("TEA", "2", rate="4"), found("TEA", "1"), found("TEA", "3", rate="5")
    assert places(refused(shop, counted(*lines))) == [("INV-005", "lines[2].rate")]
    assert differences(shop, counted(lines[0], lines[1], found("TEA", "1", rate="5"))) == [("TEA", "-1", "-10")]


def test_a_surplus_counted_in_another_unit_is_worth_its_rate_in_it(shop: Trade) -> None:
    shop.buy("TEA", "12", "10")
    assert differences(shop, counted(found("TEA", "2", uom="BOX", rate="130"))) == [("TEA", "12", "130")]


# a surplus in its batch


@pytest.mark.parametrize("item", ["SYRUP", "PILL", "HAND"])
def test_a_surplus_names_its_batch(shop: Trade, item: str) -> None:
    shop.buy(item, "2", "10", batch="B1")
    faults = refused(shop, counted(found(item, "5", rate="10")))
    assert places(faults) == [("INV-007", "lines[0].batch")]
    assert differences(shop, counted(found(item, "5", batch="B1"))) == [(item, "3", "30")]
    assert shop.batches(item) == {"B1": "5"}


@pytest.mark.parametrize("item", ["SYRUP", "PILL"])
def test_without_a_surplus_a_count_needs_no_batch(shop: Trade, item: str) -> None:
    for batch in ("B1", "B2"):
        shop.buy(item, "2", "10", batch=batch)
    assert differences(shop, counted(found(item, "4"))) == []
    assert differences(shop, counted(found(item, "3"))) == [(item, "-1", "-10")]


@pytest.mark.parametrize("item", ["SYRUP", "PILL"])
def test_a_count_brings_in_a_batch_that_the_books_did_not_have(shop: Trade, item: str) -> None:
    shop.buy(item, "2", "10", batch="B1")
    document = counted(found(item, "2", batch="B1"), found(item, "2", batch="NEW", rate="4"),
                       found(item, "1", batch="new"))
    result = shop.books.vouchers.post(document)
    accepted(result)
    assert [(fault.code, fault.field) for fault in result.warnings] == [
        ("INV-007", "lines[1].batch"), ("INV-007", "lines[2].batch")]
    assert (shop.batches(item), shop.stock(item)) == ({"B1": "2", "NEW": "3"}, ("5", "32"))
    shop.sell(item, "3", "20", day="2026-04-13", batch="NEW")


def test_a_batch_found_says_its_days_where_counts_show_them(shop: Trade) -> None:
    shows(shop, "show_mfg_date", "show_exp_date")
    days = {"manufactured": "2026-01-01", "expires": "2026-12-31"}
    shop.post(counted(found("PILL", "2", batch="NEW", rate="4", **days)))
    assert shop.rows("SELECT manufactured_on::text, expires_on::text FROM erpdesk.batch WHERE code = 'NEW'") == [
        ("2026-01-01", "2026-12-31")]
    other = counted(found("PILL", "2", batch="NEW", expires="2026-11-30"))
    assert places(refused(shop, other)) == [("INV-009", "lines[0].expires")]


def test_nothing_counted_of_an_unknown_batch_is_refused(shop: Trade) -> None:
    shop.buy("PILL", "2", "10", batch="B1")
    assert places(refused(shop, counted(found("PILL", "0", batch="B7")))) == [("INV-007", "lines[0].batch")]
    assert shop.one("SELECT count(*) FROM erpdesk.batch WHERE code = 'B7'") == 0


def test_a_unit_found_names_its_batch(shop: Trade) -> None:
    shop.buy("PUMP", "1", "10", batch="B1", serials=["P1"])
    assert places(refused(shop, counted(found("PUMP", "2", rate="10", serials=["P1", "P9"])))) == [
        ("INV-007", "lines[0].batch")]
    shop.post(counted(found("PUMP", "1", batch="B1", serials=["P1"]), found("PUMP", "1", batch="B2", serials=["P9"])))
    assert shop.batches("PUMP") == {"B1": "1", "B2": "1"}


# units by batch and bin


def test_units_are_counted_by_batch(shop: Trade) -> None:
    shop.buy("PUMP", "2", "10", batch="B1", serials=["P1", "P2"])
    shop.buy("PUMP", "1", "12", batch="B2", serials=["P3"])
    lines = found("PUMP", "1", batch="B1", serials=["P1"]), found("PUMP", "1", batch="B2", serials=["P3"])
    assert differences(shop, counted(*lines)) == [("PUMP", "-1", "-10")]
    assert units(shop, "PUMP") == {"P1": "MAIN", "P2": None, "P3": "MAIN"}


@pytest.mark.parametrize("item", ["PHONE", "RADIO"])
def test_units_are_counted_by_bin(shop: Trade, item: str) -> None:
    shop.buy(item, "2", "10", bin="A1", serials=["P1", "P2"])
    shop.buy(item, "1", "10", bin="A2", serials=["P3"])
    assert differences(shop, counted(found(item, "1", bin="A1", serials=["P1"]))) == [(item, "-1", "-10")]
    assert differences(shop, counted(found(item, "2", bin="A2", serials=["P3", "P4"]))) == [(item, "1", "10")]
    assert units(shop, item) == {"P1": "MAIN/A1", "P2": None, "P3": "MAIN/A2", "P4": "MAIN/A2"}


@pytest.mark.parametrize(("line", "said"), [
    ({"bin": "A2", "serials": ["P1"]}, "Serial number P1 of PUMP lay in bin A1 on 2026-04-12, not in A2"),
    ({"bin": "A2", "serials": ["P3"]}, "Serial number P3 of PUMP lay in no bin on 2026-04-12, not in A2"),
    ({"batch": "B2", "serials": ["P1"]}, "Serial number P1 of PUMP is of batch B1, not B2"),
    ({"batch": "B2", "bin": "A1", "serials": ["P1"]}, "Serial number P1 of PUMP is of batch B1, not B2"),
])  # fmt: skip
def test_a_unit_counted_where_the_books_do_not_have_it_is_refused(
    shop: Trade, line: dict[str, Any], said: str
) -> None:
    shop.buy("PUMP", "1", "10", batch="B1", bin="A1", serials=["P1"])
    shop.buy("PUMP", "1", "10", batch="B2", serials=["P3"])
    faults = refused(shop, counted(found("PUMP", "1", **line)))
    assert places(faults)[0] == ("INV-001", "lines[0].serials")
    assert faults[0].message.startswith(said)


def test_a_unit_counted_in_another_warehouse_is_refused(shop: Trade) -> None:
    shop.buy("PHONE", "1", "10", serials=["P1"])
    shop.post(transfer([goods("PHONE", "1", serials=["P1"])]))
    assert places(refused(shop, counted(found("PHONE", "1", serials=["P1"], rate="9")))) == [
        ("INV-008", "lines[0].serials")]


# units on their day


def test_units_that_came_later_are_not_missed_by_an_earlier_count(shop: Trade) -> None:
    shop.buy("PHONE", "1", "10", serials=["P1"])
    shop.buy("PHONE", "1", "10", day="2026-04-10", serials=["P2"])
    assert differences(shop, counted(found("PHONE", "1", serials=["P1"]), day="2026-04-05")) == []


@pytest.mark.parametrize("line", [{}, {"bin": "A1"}, {"batch": "B1"}])
def test_units_that_left_later_are_no_surplus_of_an_earlier_count(shop: Trade, line: dict[str, str]) -> None:
    shop.buy("PUMP", "2", "10", batch="B1", bin="A1", serials=["P1", "P2"])
    shop.sell("PUMP", "1", "90", serials=["P1"])
    shop.post(transfer([goods("PUMP", "1", bin="A1", to_bin="A2", serials=["P2"])], **WITHIN))
    assert differences(shop, counted(found("PUMP", "2", serials=["P1", "P2"], **line), day="2026-04-05")) == []


def test_units_of_the_day_itself_are_there_at_its_end(shop: Trade) -> None:
    shop.buy("PHONE", "2", "10", serials=["P1", "P2"])
    shop.sell("PHONE", "1", "90", serials=["P1"])
    assert differences(shop, counted(found("PHONE", "1", serials=["P2"]), day="2026-04-10")) == []


@pytest.mark.parametrize(("named", "said"), [
    (["P1"], "Serial number P2 of PHONE was in MAIN Main store on 2026-04-05 and has left since"),
    (["P2"], "Serial number P1 of PHONE moved on 2026-04-10: it can't leave before"),
    (["P1", "P2", "P3"], "Serial number P3 of PHONE moved on 2026-04-10: it can't come before"),
])  # fmt: skip
def test_units_that_moved_later_can_not_be_missed_or_found_before(shop: Trade, named: list[str], said: str) -> None:
    shop.buy("PHONE", "2", "10", bin="A1", serials=["P1", "P2"])
    shop.buy("PHONE", "1", "10", day="2026-04-10", serials=["P3"])
    shop.sell("PHONE", "1", "90", serials=["P2"])
    shop.post(transfer([goods("PHONE", "1", bin="A1", to_bin="A2", serials=["P1"])], **WITHIN))
    faults = refused(shop, counted(found("PHONE", str(len(named)), bin="A1", serials=named), day="2026-04-05"))
    assert places(faults) == [("INV-008", "lines[0].serials")]
    assert faults[0].message.startswith(said)


def test_what_was_reversed_later_was_there_on_the_day(shop: Trade) -> None:
    bought = shop.buy("PHONE", "1", "10", serials=["P1"])
    accepted(shop.books.vouchers.reverse(bought.voucher_number, "2026-04-20", "mistake"))
    assert differences(shop, counted(found("PHONE", "1", serials=["P1"]), day="2026-04-10")) == []
    assert places(refused(shop, counted(found("PHONE", "0"), day="2026-04-10"))) == [("INV-008", "lines[0].serials")]
    assert differences(shop, counted(found("PHONE", "0"), day="2026-04-20")) == []


def test_a_unit_whose_first_receipt_was_reversed_is_the_same_on_the_day(shop: Trade) -> None:
    bought = shop.buy("PHONE", "1", "10", serials=["P1"])
    accepted(shop.books.vouchers.reverse(bought.voucher_number, "2026-04-20", "mistake"))
    shop.buy("PHONE", "1", "11", day="2026-04-21", serials=["P1"])
    assert differences(shop, counted(found("PHONE", "1", serials=["P1"]), day="2026-04-10")) == []
    assert differences(shop, counted(found("PHONE", "1", serials=["P1"]), day="2026-04-21")) == []
    assert differences(shop, counted(found("PHONE", "0"), day="2026-04-21")) == [("PHONE", "-1", "-11")]


def test_a_unit_found_again_is_of_the_batch_that_it_left_as(shop: Trade) -> None:
    shop.buy("PUMP", "1", "10", batch="B1", serials=["P1"])
    shop.buy("PUMP", "1", "10", batch="B2", serials=["P2"])
    shop.sell("PUMP", "1", "90", serials=["P1"])
    other = counted(found("PUMP", "2", batch="B2", serials=["P1", "P2"]))
    assert places(refused(shop, other)) == [("INV-008", "lines[0].serials")]
    assert differences(shop, counted(found("PUMP", "1", batch="B1", serials=["P1"]))) == [("PUMP", "1", "10")]


# engine and chassis numbers


def test_vehicles_are_counted_by_any_of_their_numbers(shop: Trade) -> None:
    shows(shop, "is_fixed_product")
    shop.post(purchase([goods("BIKE", "1", "100", engine_no=f"E{number}", chassis_no=f"C{number}")
                        for number in (1, 2, 3)], **PLAIN))
    lines = found("BIKE", "1", engine_no="E1"), found("BIKE", "1", chassis_no="C2")
    assert places(refused(shop, counted(*lines, found("BIKE", "1", chassis_no="C1")))) == [
        ("INV-008", "lines[2].serials")]
    assert places(refused(shop, counted(*lines, found("BIKE", "1", chassis_no="C9", rate="9")))) == [
        ("INV-008", "lines[2].serials")]
    assert differences(shop, counted(*lines)) == [("BIKE", "-1", "-100")]
    assert units(shop, "BIKE") == {"C1": "MAIN", "C2": "MAIN", "C3": None}


# rehearsed

REFUSED = {5, 6, 7, 8, 17}
"""Of the documents below, by number."""


def documents() -> list[dict[str, Any]]:
    """Units that come, move and leave, counted between and before; what is counted finds some and misses some."""
    key = iter(range(100))

    def keyed(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "idempotency_key": f"k{next(key)}"}

    return [keyed(document) for document in (
        purchase([goods("PUMP", "2", "10", batch="B1", bin="A1", serials=["P1", "P2"])], **PLAIN),
        purchase([goods("PUMP", "2", "12", batch="B2", serials=["P3", "P4"])], date="2026-04-04", **PLAIN),
        sale([goods("PUMP", "1", "90", serials=["P1"])], **PLAIN),
        transfer([goods("PUMP", "1", to_bin="A2", serials=["P3"])], **WITHIN),
        counted(found("PUMP", "2", batch="B1", serials=["P1", "P2"]), day="2026-04-05"),
        counted(found("PUMP", "2", bin="A1", serials=["P1", "P2"]), day="2026-04-12"),
        counted(found("PUMP", "1", bin="A2", serials=["P4"])),
        counted(found("PUMP", "1", bin="A1", serials=["P3"]), day="2026-04-05"),
        counted(found("PUMP", "3", serials=["P2", "P3", "P4"]), day="2026-04-05"),
        counted(found("PUMP", "1", batch="B2", serials=["P3"])),
        counted(found("PUMP", "2", batch="B2", serials=["P3", "P9"], rate="5"), day="2026-04-13"),
        counted(found("PUMP", "3", serials=["P2", "P3", "P9"]), day="2026-04-13"),
        {"type": "REVERSAL", "of": "key:k2", "date": "2026-04-25", "reason": "a slip"},
        counted(found("PUMP", "3", serials=["P2", "P3", "P9"]), day="2026-04-24"),
        counted(found("PUMP", "4", serials=["P1", "P2", "P3", "P9"]), day="2026-04-25"),
        counted(found("PILL", "3", batch="L1", rate="5"), found("PILL", "2", batch="L1"), day="2026-04-13"),
        counted(found("PILL", "2", batch="L1"), found("PILL", "3", batch="L1"), day="2026-04-14"),
        counted(found("PILL", "7"), day="2026-04-14"), counted(found("PILL", "4"), day="2026-04-14"),
    )]  # fmt: skip


@pytest.mark.parametrize("stored_before", [0, 2, 4, 11])
def test_counts_are_rehearsed_as_they_are_posted(shop: Trade, stored_before: int) -> None:
    """However many of the documents are in the books already."""
    numbered = list(enumerate(documents()))
    first = [document for number, document in numbered[:stored_before] if number not in REFUSED]
    rest = [document for _, document in numbered[stored_before:]]
    refused_ones = {row[0] for row in agree_after(shop, len(first), [*first, *rest]) if len(row) == 2}
    assert refused_ones == {f"k{number}" for number in REFUSED if number >= stored_before}


def test_a_rehearsed_count_says_where_a_unit_of_the_rehearsal_lies(shop: Trade) -> None:
    rehearsal = shop.books.vouchers.rehearsal()
    for document in documents()[:4]:
        accepted(rehearsal.rehearse(document))
    counts = [counted(found("PUMP", "1", **line)) for line in (
        {"bin": "A1", "serials": ["P3"]}, {"batch": "B1", "serials": ["P4"]}, {"bin": "A1", "serials": ["P4"]})]
    rehearsed = [rehearsal.rehearse(document) for document in counts]
    for document in documents()[:4]:
        shop.post(document)
    for document, told in zip(counts, rehearsed, strict=True):
        assert isinstance(told, Refused)
        assert [fault.message for fault in told.faults] == [fault.message for fault in shop.refuse(document).faults]
