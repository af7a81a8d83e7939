"""Units and batches come back, and go back, as those that left or came; numbers that were never used are free."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import Ok
from helpers.stored_units import stored
from helpers.trading import PLAIN, Trade, accepted, goods, purchase, sale, transfer
from helpers.trading_fixtures import begun_as

pytestmark = [pytest.mark.server_versions, pytest.mark.usefixtures("books_replan")]

shop_template = begun_as(stored)


@pytest.fixture
def store(shop: Trade) -> Trade:
    return shop


def back(against: Any, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    source = {"against": against.voucher_number} if against is not None else {}
    return {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN", "lines": list(lines),
            **source, **PLAIN, **more}


def reverse(store: Trade, voucher: Any, day: str = "2026-04-20") -> Any:
    return store.books.vouchers.reverse(voucher.voucher_number, day, "mistake")


@pytest.mark.parametrize("wrong", [{"engine_no": "E1", "chassis_no": "C9"}, {"engine_no": "E9", "chassis_no": "C1"}])
def test_numbers_typed_wrongly_are_put_right_after_the_reversal(store: Trade, wrong: dict[str, str]) -> None:
    typed = store.buy("BIKE", "1", "100", **wrong)
    accepted(reverse(store, typed, "2026-04-02"))
    store.buy("BIKE", "1", "100", engine_no="E1", chassis_no="C1")
    store.sell("BIKE", "1", "150", engine_no="E1", chassis_no="C1")


def test_numbers_typed_wrongly_are_put_right_by_what_replaces_the_receipt(store: Trade) -> None:
    typed = store.buy("BIKE", "1", "100", engine_no="E1", chassis_no="C9")
    store.post(purchase([goods("BIKE", "1", "100", engine_no="E1", chassis_no="C1")], replaces=typed.voucher_number,
                        **PLAIN))
    store.sell("BIKE", "1", "150", chassis_no="C1")


@pytest.mark.parametrize("has_source", [True, False])
def test_a_unit_comes_back_in_its_own_batch(store: Trade, has_source: bool) -> None:
    store.buy("PUMP", "1", "10", batch="B1", serials=["P1"])
    store.buy("PUMP", "1", "12", batch="B2", serials=["P3"])
    sold = store.sell("PUMP", "1", "20", serials=["P1"])
    line = goods("PUMP", "1", "20", batch="B2", serials=["P1"])
    assert store.refuse(back(sold if has_source else None, line)).first.code in ("INV-007", "INV-008")


@pytest.mark.parametrize("batch", ["B2", "NEWONE"])
def test_a_batch_that_was_not_sold_does_not_come_back(store: Trade, batch: str) -> None:
    store.buy("PILL", "3", "10", batch="B1")
    store.buy("PILL", "3", "12", batch="B2")
    sold = store.sell("PILL", "2", "20", batch="B1")
    assert store.refuse(back(sold, goods("PILL", "2", "20", batch=batch))).first.code == "INV-007"


def test_units_that_come_back_say_their_batches_themselves(store: Trade) -> None:
    store.buy("PUMP", "1", "10", batch="B1", serials=["P1"])
    store.buy("PUMP", "1", "12", batch="B2", serials=["P3"])
    sold = store.sell("PUMP", "2", "20", serials=["P1", "P3"])
    store.post(back(sold, goods("PUMP", "2", "20")))
    assert store.batches("PUMP") == {"B1": "1", "B2": "1"}


def test_a_unit_says_its_batch_itself(store: Trade) -> None:
    store.buy("PUMP", "1", "10", batch="B1", serials=["P1"])
    store.sell("PUMP", "1", "20", serials=["P1"])
    store.post(back(None, goods("PUMP", "1", "20", serials=["P1"])))
    assert store.batches("PUMP") == {"B1": "1"}


def test_a_purchase_return_takes_only_units_that_came_with_the_voucher_it_names(store: Trade) -> None:
    first = store.buy("PHONE", "1", "10", serials=["P1"])
    store.buy("PHONE", "1", "12", serials=["P2"])
    refused = store.refuse({"type": "PURCHASE_RETURN", "date": "2026-04-12", "party": "S001", "warehouse": "MAIN",
                            "against": first.voucher_number, "lines": [goods("PHONE", "1", "10", serials=["P2"])],
                            **PLAIN}).first
    assert refused.code == "INV-008"


def test_two_items_of_one_document_may_have_the_same_serial_number(store: Trade) -> None:
    store.post(purchase([goods("PHONE", "1", "10", serials=["X"]), goods("RADIO", "1", "10", serials=["x"])], **PLAIN))
    store.post(sale([goods("PHONE", "1", "20", serials=["x"]), goods("RADIO", "1", "20", serials=["X"])], **PLAIN))


def test_the_invoice_of_a_receipt_does_not_name_other_units_and_batches(store: Trade) -> None:
    receipt = {"type": "GOODS_RECEIPT", "date": "2026-04-02", "party": "S001", "warehouse": "MAIN", **PLAIN}
    phones = store.post({**receipt, "lines": [goods("PHONE", "2", "10", serials=["G1", "G2"])]})
    pills = store.post({**receipt, "lines": [goods("PILL", "2", "10", batch="B1")]})
    store.refuse(purchase([goods("PHONE", "2", "11", serials=["Z1", "Z2"])], against=phones.voucher_number, **PLAIN))
    store.refuse(purchase([goods("PILL", "2", "11", batch="B7")], against=pills.voucher_number, **PLAIN))


def test_a_receipt_of_units_is_replaced_by_one_of_an_earlier_day(store: Trade) -> None:
    typed = store.buy("PHONE", "1", "100", day="2026-04-05", serials=["P1"])
    store.post(purchase([goods("PHONE", "1", "110", serials=["P1"])], date="2026-04-03", replaces=typed.voucher_number,
                        **PLAIN))


def test_a_reversal_does_not_take_a_unit_away_before_it_moved(store: Trade) -> None:
    bought = store.buy("PHONE", "1", "10", serials=["P1"])
    store.buy("PHONE", "1", "10", serials=["P2"])
    sent = store.post(transfer([goods("PHONE", "1", serials=["P1"])], date="2026-04-15"))
    accepted(reverse(store, sent))
    assert not isinstance(reverse(store, bought, "2026-04-05"), Ok)


def test_a_unit_that_moves_within_a_warehouse_names_the_bin_it_leaves(store: Trade) -> None:
    store.buy("PHONE", "1", "10", bin="A1", serials=["P1"])
    within = {"from_warehouse": "MAIN", "to_warehouse": "MAIN"}
    fault = store.refuse(transfer([goods("PHONE", "1", serials=["P1"], to_bin="A2")], **within)).first
    assert (fault.code, fault.field) == ("INV-001", "lines[0].serials")
    store.post(transfer([goods("PHONE", "1", serials=["P1"], bin="A1", to_bin="A2")], **within))
