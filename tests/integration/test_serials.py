"""Units by serial number: each is in stock once or not at all, costs what its own layer holds, and moves by name."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.stored_units import moved, stored, units
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale, transfer
from helpers.trading_fixtures import begun_as

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]


shop_template = begun_as(stored)


@pytest.fixture
def store(shop: Trade) -> Trade:
    return shop


@pytest.fixture
def phones(store: Trade) -> Trade:
    """Three phones for 100.00, and one for 50.00."""
    store.post(purchase([goods("PHONE", "3", "33.3333", serials=["S1", "S2", "S3"])], **PLAIN))
    store.buy("PHONE", "1", "50", serials=["S4"])
    return store


def test_a_receipt_makes_a_unit_and_a_layer_of_each_serial_number_and_splits_its_cost(phones: Trade) -> None:
    assert units(phones, "PHONE") == {"S1": "MAIN", "S2": "MAIN", "S3": "MAIN", "S4": "MAIN"}
    assert [value for _, _, value in phones.layers("PHONE")] == ["33.33", "33.34", "33.33", "50"]
    assert phones.stock("PHONE") == ("4", "150")


def test_an_issue_takes_the_named_units_at_the_cost_of_their_own_layers(phones: Trade) -> None:
    sold = phones.post(sale([goods("PHONE", "2", "90", serials=["s4", "S2"])], **PLAIN))
    assert sold.cost == "83.34"
    assert [row[4:] for row in moved(phones, sold)] == [("S4", "-1", "-50"), ("S2", "-1", "-33.34")]
    assert units(phones, "PHONE") == {"S1": "MAIN", "S2": None, "S3": "MAIN", "S4": None}


@pytest.mark.parametrize(("line", "code", "field", "said"), [
    ({"serials": ["S1"]}, "INV-008", "lines[0].serials", "2 serial numbers move, 1 are named"),
    ({}, "INV-008", "lines[0].serials", "none is named"),
    ({"serials": ["S1", "s1"]}, "VCH-004", "lines[0].serials", "stands on line 1 already"),
    ({"serials": ["S1", "S9"]}, "INV-008", "lines[0].serials", "has no serial number S9"),
    ({"serials": ["S1", "S4"], "warehouse": "SHOP"}, "INV-001", "lines[0].serials", "it is in MAIN"),
    ({"serials": ["S1", "S2"], "engine_no": "E1"}, "INV-008", "lines[0].serials", "is not kept by engine"),
])
def test_serial_numbers_that_do_not_fit_are_refused_with_what_is_there(
    phones: Trade, line: dict[str, Any], code: str, field: str, said: str
) -> None:
    before = phones.fingerprint()
    first = phones.refuse(sale([goods("PHONE", "2", "90", **line)], **PLAIN)).first
    assert (first.code, first.field) == (code, field)
    assert said in first.message
    assert phones.changed_since(before) == {"posting_log"}


def test_a_unit_elsewhere_is_refused_saying_what_the_warehouse_holds(phones: Trade) -> None:
    phones.post(transfer([goods("PHONE", "1", serials=["S1"])]))
    fault = phones.refuse(sale([goods("PHONE", "1", "90", serials=["S1"])], **PLAIN)).first
    assert fault.code == "INV-001"
    assert fault.message == (
        "Serial number S1 of PHONE is not in MAIN Main store: it is in SHOP Shop floor; "
        "MAIN Main store holds S2, S3, S4")
    assert fault.details["holds"] == ["S2", "S3", "S4"]


def test_serial_numbers_of_items_without_them_are_refused(phones: Trade) -> None:
    assert phones.refuse(purchase([goods("TEA", "1", "5", serials=["S1"])], **PLAIN)).first.code == "INV-008"


def test_a_serial_number_is_received_once_whatever_its_case_and_another_item_may_have_it(phones: Trade) -> None:
    fault = phones.refuse(purchase([goods("PHONE", "1", "40", serials=["s1"])], **PLAIN)).first
    assert (fault.code, fault.field) == ("INV-008", "lines[0].serials")
    assert fault.message == "Serial number S1 of PHONE is in stock already, in MAIN Main store"
    phones.buy("RADIO", "1", "40", serials=["S1"])


def test_a_serial_number_may_not_stand_on_two_lines_or_details(store: Trade) -> None:
    details = [{"quantity": "1", "serials": [code]} for code in ("N1", "n1")]
    lines = [goods("PHONE", "2", "40", details=details)]
    fault = store.refuse(purchase(lines, **PLAIN)).first
    assert (fault.code, fault.field) == ("INV-008", "lines[0].details[1].serials")


def test_a_unit_that_has_left_can_come_again_but_not_before_it_left(phones: Trade) -> None:
    phones.sell("PHONE", "1", "90", serials=["S1"])
    fault = phones.refuse(purchase([goods("PHONE", "1", "40", serials=["S1"])], date="2026-04-09", **PLAIN)).first
    assert (fault.code, "left on 2026-04-10" in fault.message) == ("INV-008", True)
    phones.buy("PHONE", "1", "40", day="2026-04-11", serials=["S1"])
    assert phones.stock("PHONE") == ("4", "156.67")


def test_a_unit_can_not_leave_before_it_came(store: Trade) -> None:
    store.buy("PHONE", "1", "40", day="2026-04-08", serials=["S1"])
    store.buy("PHONE", "1", "40", day="2026-04-02", serials=["S2"])
    fault = store.refuse(sale([goods("PHONE", "1", "90", serials=["S1"])], date="2026-04-05", **PLAIN)).first
    assert (fault.code, "it can't leave before" in fault.message) == ("INV-008", True)


def test_a_transfer_moves_units_with_their_cost_and_its_reversal_brings_them_back(phones: Trade) -> None:
    sent = phones.post(transfer([goods("PHONE", "2", serials=["S4", "S1"])]))
    assert units(phones, "PHONE") == {"S1": "SHOP", "S2": "MAIN", "S3": "MAIN", "S4": "SHOP"}
    assert phones.stock("PHONE", "SHOP") == ("2", "83.33")
    accepted(phones.books.vouchers.reverse(sent.voucher_number, "2026-04-12", "wrong shop"))
    assert units(phones, "PHONE") == dict.fromkeys(("S1", "S2", "S3", "S4"), "MAIN")
    assert phones.stock("PHONE") == ("4", "150")


def test_a_return_brings_a_unit_back_at_what_it_cost(phones: Trade) -> None:
    sold = phones.sell("PHONE", "2", "90", serials=["S4", "S1"])
    back = {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "against": sold.voucher_number, **PLAIN}
    wrong = phones.refuse({**back, "lines": [goods("PHONE", "1", "90", serials=["S2"])]}).first
    assert (wrong.code, "in stock already" in wrong.message) == ("INV-008", True)
    phones.post({**back, "lines": [goods("PHONE", "1", "90", serials=["S4"])]})
    assert units(phones, "PHONE") == {"S1": None, "S2": "MAIN", "S3": "MAIN", "S4": "MAIN"}


def test_a_return_takes_only_units_that_left_with_the_voucher_it_names(phones: Trade) -> None:
    first = phones.sell("PHONE", "1", "90", serials=["S1"])
    phones.sell("PHONE", "1", "90", serials=["S2"])
    fault = phones.refuse({"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", **PLAIN,
                           "against": first.voucher_number,
                           "lines": [goods("PHONE", "1", "90", serials=["S2"])]}).first
    assert (fault.code, "did not leave with" in fault.message) == ("INV-008", True)


def test_a_return_of_everything_needs_no_names(phones: Trade) -> None:
    sold = phones.sell("PHONE", "2", "90", serials=["S4", "S1"])
    phones.post({"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "against": sold.voucher_number,
                 "lines": [goods("PHONE", "2", "90")], **PLAIN})
    assert phones.stock("PHONE") == ("4", "150")


def test_a_unit_never_sold_can_not_come_back(phones: Trade) -> None:
    fault = phones.refuse({"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001",
                           "lines": [goods("PHONE", "1", "90", serials=["S7"])], **PLAIN}).first
    assert (fault.code, "has no serial number S7" in fault.message) == ("INV-008", True)


def test_a_purchase_return_gives_back_the_named_unit_at_the_cost_of_its_layer(phones: Trade) -> None:
    back = phones.post({"type": "PURCHASE_RETURN", "date": "2026-04-12", "party": "S001", "warehouse": "MAIN",
                        "lines": [goods("PHONE", "1", "50", serials=["S2"])], **PLAIN})
    assert back.cost == "33.34"


def test_reversals_restore_units_and_are_refused_once_they_have_moved_on(phones: Trade) -> None:
    bought = phones.buy("PHONE", "1", "70", serials=["S5"])
    sold = phones.sell("PHONE", "1", "90", serials=["S5"])
    refused = phones.books.vouchers.reverse(bought.voucher_number, "2026-04-12", "mistake")
    assert (refused.first.code, sold.voucher_number in refused.first.message) == ("INV-011", True)
    accepted(phones.books.vouchers.reverse(sold.voucher_number, "2026-04-12", "mistake"))
    assert units(phones, "PHONE")["S5"] == "MAIN"
    accepted(phones.books.vouchers.reverse(bought.voucher_number, "2026-04-12", "mistake"))
    assert units(phones, "PHONE")["S5"] is None
    phones.buy("PHONE", "1", "71", day="2026-04-12", serials=["S5"])


def test_a_weighted_average_takes_its_value_once_a_line_and_spreads_it_over_the_units(store: Trade) -> None:
    store.post(purchase([goods("RADIO", "3", "33.3333", serials=["R1", "R2", "R3"])], **PLAIN))
    store.buy("RADIO", "1", "10.05", serials=["R4"])
    sold = store.post(sale([goods("RADIO", "3", "90", serials=["R4", "R1", "R3"])], **PLAIN))
    assert sold.cost == "82.54"
    assert [row[6] for row in moved(store, sold)] == ["-27.51", "-27.52", "-27.51"]
    assert store.stock("RADIO") == ("1", "27.51")
    assert units(store, "RADIO") == {"R1": None, "R2": "MAIN", "R3": None, "R4": None}


def test_units_of_batches_leave_their_batch(store: Trade) -> None:
    store.post(purchase([goods("PUMP", "2", "10", batch="B1", serials=["P1", "P2"]),
                         goods("PUMP", "1", "12", batch="B2", expires="2026-04-05", serials=["P3"])], **PLAIN))
    named = [goods("PUMP", "1", "20", batch="B2", serials=["P1"])]
    wrong = store.refuse(sale(named, date="2026-04-04", **PLAIN)).first
    assert (wrong.code, "is of batch B1, not B2" in wrong.message) == ("INV-001", True)
    expired = store.refuse(sale([goods("PUMP", "1", "20", serials=["P3"])], **PLAIN)).first
    assert (expired.code, expired.field) == ("INV-009", "lines[0].serials")
    store.sell("PUMP", "1", "20", serials=["P2"])
    assert store.batches("PUMP") == {"B1": "1", "B2": "1"}


def test_landed_cost_raises_what_is_left_of_a_split_receipt(phones: Trade) -> None:
    number = phones.one("SELECT min(voucher_number) FROM erpdesk.voucher")
    phones.sell("PHONE", "1", "90", serials=["S2"])
    phones.post({"type": "LANDED_COST", "date": "2026-04-12", "party": "S002", "receipts": [number],
                 "charges": [{"account": "2140", "amount": "9", "by": "value"}]})
    assert phones.layers("PHONE") == [(None, "1", "36.33"), (None, "1", "36.33"), (None, "1", "50")]
    assert phones.sell("PHONE", "1", "90", day="2026-04-13", serials=["S3"]).cost == "36.33"


def test_a_count_names_what_was_found(phones: Trade) -> None:
    counted = {"type": "PHYSICAL_STOCK", "date": "2026-04-12", "warehouse": "MAIN", "lines": [
        {"item": "PHONE", "counted_quantity": "3", "serials": ["S1", "S3", "S8"], "rate": "20"}]}
    phones.post(counted)
    assert units(phones, "PHONE") == {"S1": "MAIN", "S2": None, "S3": "MAIN", "S4": None, "S8": "MAIN"}
    assert phones.stock("PHONE") == ("3", "86.66")


def test_production_consumes_and_makes_units(phones: Trade) -> None:
    phones.post({"type": "STOCK_JOURNAL", "date": "2026-04-12", "warehouse": "MAIN",
                 "consume": [goods("PHONE", "2", serials=["S1", "S4"])],
                 "produce": [goods("RADIO", "1", serials=["M1"])]})
    assert (phones.stock("PHONE"), phones.stock("RADIO")) == (("2", "66.67"), ("1", "83.33"))


def test_an_invoice_of_a_receipt_in_units_spreads_its_difference(store: Trade) -> None:
    received = store.post({"type": "GOODS_RECEIPT", "date": "2026-04-02", "party": "S001", "warehouse": "MAIN",
                           "lines": [goods("PHONE", "3", "10", serials=["G1", "G2", "G3"])], **PLAIN})
    store.sell("PHONE", "1", "90", serials=["G2"])
    store.post(purchase([goods("PHONE", "3", "11")], against=received.voucher_number, date="2026-04-12", **PLAIN))
    assert store.layers("PHONE") == [(None, "1", "11"), (None, "1", "11")]


# fixed products


def test_a_fixed_product_is_known_by_engine_and_chassis_number_and_found_by_either(store: Trade) -> None:
    store.post(purchase([goods("BIKE", "2", "100", details=[
        {"quantity": "1", "engine_no": "E1", "chassis_no": "C1"},
        {"quantity": "1", "engine_no": "E2", "chassis_no": "C2"}])], **PLAIN))
    assert units(store, "BIKE") == {"C1": "MAIN", "C2": "MAIN"}
    found = {row.code: (row.name, row.attributes["warehouse"]) for row in store.books.masters.lookup_rows("serial")}
    assert found == {"C1": ("E1 C1", "MAIN"), "C2": ("E2 C2", "MAIN")}
    store.sell("BIKE", "1", "150", engine_no="e2")
    store.sell("BIKE", "1", "150", serials=["c1"])
    assert units(store, "BIKE") == {"C1": None, "C2": None}


@pytest.mark.parametrize(("line", "said"), [
    ({"engine_no": "E1", "chassis_no": "C9"}, "is that of C1 of BIKE"),
    ({"engine_no": "E9", "chassis_no": "c1"}, "in stock already"),
    ({}, "none is named"),
    ({"serials": ["B9"]}, "needs the engine or chassis number"),
])
def test_duplicates_and_missing_numbers_of_fixed_products_are_refused(
    store: Trade, line: dict[str, Any], said: str
) -> None:
    store.buy("BIKE", "1", "100", engine_no="E1", chassis_no="C1")
    fault = store.refuse(purchase([goods("BIKE", "1", "100", **line)], **PLAIN)).first
    assert (fault.code, fault.field) == ("INV-008", "lines[0].serials")
    assert said in fault.message


def test_an_engine_number_is_of_one_unit_a_line(store: Trade) -> None:
    fault = store.refuse(purchase([goods("BIKE", "2", "100", engine_no="E1")], **PLAIN)).first
    assert (fault.code, "split the line with details" in fault.message) == ("INV-008", True)


def test_what_is_previewed_is_what_is_posted(phones: Trade) -> None:
    document = sale([goods("PHONE", "2", "90", serials=["S4", "S2"])], **PLAIN)
    seen = phones.books.vouchers.preview(document)
    assert (seen.faults, seen.cost) == ((), "83.34")
    unknown = phones.books.vouchers.preview(sale([goods("PHONE", "1", "9", serials=["S9"])], **PLAIN))
    assert unknown.faults[0].code == "INV-008"


def test_a_post_by_units_takes_three_round_trips(phones: Trade) -> None:
    phones.sell("PHONE", "1", "90", serials=["S2"])
    assert phones.sell("PHONE", "2", "90", serials=["S1", "S4"]).round_trips == 3


def test_parts_that_name_their_units_need_no_quantity_that_no_decimal_says(store: Trade) -> None:
    assert all(one.ok for one in store.books.masters.import_masters({
        "uoms": [{"code": "TRAY", "decimals": "0"}],
        "items": [{"code": "RADIO", "name": "Radio", "uom": "PCS", "valuation": "fifo", "track_serial": True,
                   "alternate_units": [{"uom": "TRAY", "factor": "7"}]}]}))
    parts = [{"warehouse": "MAIN", "serials": ["T1", "T2", "T3"]},
             {"warehouse": "SHOP", "serials": ["T4", "T5", "T6", "T7"]}]
    store.post(purchase([goods("RADIO", "1", "70", uom="TRAY", details=parts)], **PLAIN))
    assert (store.stock("RADIO"), store.stock("RADIO", "SHOP")) == (("3", "30"), ("4", "40"))
    unnamed = [*parts[:1], {"warehouse": "SHOP"}]
    refused = store.refuse(purchase([goods("RADIO", "1", "70", uom="TRAY", details=unnamed)], **PLAIN))
    assert refused.first.field == "lines[0].details[1].quantity"


def test_a_unit_comes_back_again_after_the_reversal_of_its_return(phones: Trade) -> None:
    sold = phones.post(sale([goods("PHONE", "1", "90", serials=["S4"])], idempotency_key="sold", **PLAIN))
    back = {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN", **PLAIN,
            "against": sold.voucher_number, "lines": [goods("PHONE", "1", "90", serials=["S4"])]}
    first = phones.post(back)
    accepted(phones.books.vouchers.reverse(first.voucher_number, "2026-04-12", "a slip"))
    assert phones.post(back).cost == "50.00"
    assert units(phones, "PHONE")["S4"] == "MAIN"


def test_a_unit_delivered_before_its_invoice_comes_back_by_the_invoice(phones: Trade) -> None:
    common = {"party": "C001", "warehouse": "MAIN", **PLAIN}
    line = goods("PHONE", "1", "90", serials=["S4"])
    gone = phones.post({"type": "DELIVERY_NOTE", "date": "2026-04-10", "lines": [line], **common})
    billed = phones.post(sale([goods("PHONE", "1", "90")], against=gone.voucher_number, date="2026-04-11", **PLAIN))
    back = {"type": "SALES_RETURN", "date": "2026-04-12", "against": billed.voucher_number, "lines": [line], **common}
    assert phones.post(back).cost == "50.00"
