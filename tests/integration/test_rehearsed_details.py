"""Rehearsals of units, batches and parts of lines say what the import then says."""

from __future__ import annotations

import pytest

from helpers.rehearsing import LANDED, agree_after
from helpers.stored_units import stored as with_units
from helpers.trading import PLAIN, Trade, goods, purchase, sale


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_return_of_everything_needs_no_names(shop: Trade, before: int) -> None:
    with_units(shop)
    back = {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN", **PLAIN}
    agree_after(shop, before, [
        purchase([goods("PUMP", "2", "10", batch="B1", serials=["P1", "P2"])], idempotency_key="in", **PLAIN),
        sale([goods("PUMP", "2", "20", serials=["p2", "P1"])], idempotency_key="sold", **PLAIN),
        {**back, "against": "key:sold", "idempotency_key": "all", "lines": [goods("PUMP", "2", "20")]},
        sale([goods("PUMP", "1", "20", serials=["P2"])], date="2026-04-13", idempotency_key="again", **PLAIN)])


@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("item", ["PILL", "SYRUP"])
def test_a_return_of_all_batches_needs_no_names(shop: Trade, item: str, before: int) -> None:
    with_units(shop)
    back = {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN", **PLAIN}
    found = agree_after(shop, before, [
        purchase([goods(item, "3", "10", batch="B2"), goods(item, "2", "11", batch="B1")],
                 idempotency_key="in", **PLAIN),
        sale([goods(item, "4", "20")], idempotency_key="sold", **PLAIN),
        {**back, "against": "key:sold", "idempotency_key": "too much", "lines": [goods(item, "4", "20", batch="B2")]},
        {**back, "against": "key:sold", "idempotency_key": "all", "lines": [goods(item, "4", "20")]},
        sale([goods(item, "3", "20", batch="B2")], date="2026-04-13", idempotency_key="again", **PLAIN)])
    assert [row[0] for row in found if len(row) == 2] == ["too much"]


@pytest.mark.parametrize("before", [0, 1, 2])
def test_cost_is_added_to_each_part_of_a_line_once(shop: Trade, before: int) -> None:
    parts = [{"warehouse": "MAIN", "quantity": "1"}, {"warehouse": "SHOP", "quantity": "3"}]
    found = agree_after(shop, before, [
        purchase([goods("TEA", "4", "5", details=parts)], idempotency_key="in", **PLAIN),
        sale([goods("TEA", "3", "20")], warehouse="SHOP", idempotency_key="sold", **PLAIN),
        {**LANDED, "charges": [{"account": "2140", "amount": "9", "by": "quantity"}]}])
    assert found[-1][2] == "2.25"


@pytest.mark.parametrize("before", [0, 1, 2])
def test_batches_of_one_voucher_leave_a_pool_in_one_order(shop: Trade, before: int) -> None:
    with_units(shop)
    lines = [goods("SYRUP", "2", "7", batch="B3"), goods("SYRUP", "2", "7", batch="B1")]
    agree_after(shop, before, [
        purchase([goods("SYRUP", "1", "5", batch="B1")], warehouse="SHOP", idempotency_key="first", **PLAIN),
        purchase(lines, idempotency_key="both", **PLAIN),
        sale([goods("SYRUP", "2", "20")], idempotency_key="sold", **PLAIN),
        sale([goods("SYRUP", "2", "20", batch="B3")], idempotency_key="of the third", **PLAIN),
        sale([goods("SYRUP", "2", "20", batch="B1")], idempotency_key="of the first", **PLAIN)])


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_sale_of_units_is_replaced_by_one_of_an_earlier_day(shop: Trade, before: int) -> None:
    with_units(shop)
    phone = [goods("PHONE", "1", "90", serials=["S1"])]
    found = agree_after(shop, before, [
        purchase([goods("PHONE", "1", "50", serials=["S1"])], date="2026-04-05", idempotency_key="in", **PLAIN),
        sale(phone, date="2026-04-10", idempotency_key="late", **PLAIN),
        sale(phone, date="2026-04-04", replaces="key:late", idempotency_key="too early", **PLAIN),
        sale(phone, date="2026-04-08", replaces="key:late", idempotency_key="early", **PLAIN),
        {"type": "REVERSAL", "of": "key:early", "date": "2026-04-20", "reason": "a slip", "idempotency_key": "undone"},
        sale(phone, date="2026-04-12", idempotency_key="between", **PLAIN),
        sale(phone, date="2026-04-20", idempotency_key="then", **PLAIN)])
    assert [row[0] for row in found if len(row) == 2] == ["too early", "between"]
