"""Parts of a line counted in another unit than the line: they come to it exactly, and no crumb stays in a batch."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.stored_units import moved, stored
from helpers.trading import PLAIN, Trade, goods, sale
from helpers.trading_fixtures import begun_as

shop_template = begun_as(stored)


@pytest.fixture
def store(shop: Trade) -> Trade:
    return shop


def part(quantity: str, **more: Any) -> dict[str, Any]:
    return {"quantity": quantity, **more}


def _boxed(store: Trade) -> None:
    [made] = store.books.masters.import_masters({"items": [
        {"code": "CANDLE", "name": "Candles", "uom": "PCS", "valuation": "fifo", "track_batch": True,
         "alternate_units": [{"uom": "BOX", "factor": "12"}]}]})
    assert made.ok, made.as_json()


def test_parts_may_be_counted_in_the_item_s_own_unit_where_a_dozen_does_not_come_out(store: Trade) -> None:
    _boxed(store)
    for batch, quantity in (("L1", "7"), ("L2", "17")):
        store.buy("CANDLE", quantity, "6", batch=batch)
    sold = store.post(sale([goods("CANDLE", "2", "120", uom="BOX", details=[
        part("7", batch="L1", uom="PCS"), part("17", batch="L2", uom="pcs")])], **PLAIN))
    assert [(row[3], row[5]) for row in moved(store, sold)] == [("L1", "-7"), ("L2", "-17")]
    assert store.stock("CANDLE") == ("0", "0"), "not a crumb is left"


@pytest.mark.parametrize(("first", "second", "code", "field"), [
    ({"quantity": "0.583333"}, {"quantity": "1.416667"}, "INV-004", "lines[0].details[0].quantity"),
    ({"quantity": "7", "uom": "KG"}, {"quantity": "17", "uom": "PCS"}, "INV-006", "lines[0].details[0].uom"),
    ({"quantity": "7", "uom": "PCS"}, {"quantity": "16", "uom": "PCS"}, "INV-004", "lines[0].details")])
def test_parts_that_leave_crumbs_or_name_a_foreign_unit_are_refused(
    store: Trade, first: dict[str, Any], second: dict[str, Any], code: str, field: str
) -> None:
    _boxed(store)
    store.buy("CANDLE", "24", "6", batch="L1")
    fault = store.refuse(sale([goods("CANDLE", "2", "120", uom="BOX", details=[
        {"batch": "L1", **first}, {"batch": "L1", **second}])], **PLAIN)).first
    assert (fault.code, fault.field) == (code, field)
