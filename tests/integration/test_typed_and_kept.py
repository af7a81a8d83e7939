"""What is typed is kept, or refused where it was typed: nothing is dropped without a word."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import Ok, Refused
from helpers.trading import PLAIN, Trade, goods, purchase, sale

Line = dict[str, Any]


def told(refused: Refused) -> list[tuple[str, str]]:
    return [(fault.code, fault.field) for fault in refused.faults]


def pills(**more: Any) -> Line:
    return goods("PILL", "5", "12", **more)


def received(*lines: Line, **more: Any) -> dict[str, Any]:
    return purchase(list(lines), **PLAIN, **more)


def in_parts(**more: Any) -> Line:
    return pills(details=[{"quantity": "5", **more}])


@pytest.mark.parametrize(("line", "place"), [(pills, "lines[0].expires"), (in_parts, "lines[0].details[0].expires")])
def test_a_batch_does_not_expire_before_it_is_made(shop: Trade, line: Any, place: str) -> None:
    before = shop.fingerprint()
    refused = shop.refuse(received(line(batch="L9", expires="2025-12-02", manufactured="2026-01-01")))
    assert (refused.kind, told(refused)) == ("invalid", [("INV-009", place)])
    assert refused.first.message == "Batch L9 of PILL would expire before it was manufactured"
    assert shop.changed_since(before) <= {"posting_log"}


def test_a_batch_in_its_master_does_not_either(shop: Trade) -> None:
    [result] = shop.books.masters.import_masters({"batches": [
        {"item": "PILL", "batch": "L9", "manufactured": "2026-01-01", "expires": "2025-12-02"}]})
    assert (result.ok, [fault.field for fault in result.faults]) == (False, ["batches[0].expires"])


@pytest.mark.parametrize(("line", "place"), [(pills, "lines[0]"), (in_parts, "lines[0].details[0]")])
@pytest.mark.parametrize(("name", "stored", "other", "said"), [
    ("expires", "2026-12-01", "2026-12-02", "expires on 2026-12-01, not on 2026-12-02"),
    ("manufactured", "2026-01-01", "2026-01-02", "was manufactured on 2026-01-01, not on 2026-01-02")])
def test_a_receipt_does_not_contradict_the_batch(
        shop: Trade, line: Any, place: str, name: str, stored: str, other: str, said: str) -> None:
    shop.post(received(line(batch="L1", manufactured="2026-01-01", expires="2026-12-01")))
    shop.post(received(line(batch="l1", **{name: stored})))
    refused = shop.refuse(received(line(batch="L1", **{name: other})))
    assert (refused.kind, told(refused)) == ("invalid", [("INV-009", f"{place}.{name}")])
    assert refused.first.message == f"Batch L1 of PILL {said}"


def test_two_lines_of_one_document_say_the_same_of_a_new_batch(shop: Trade) -> None:
    one, other = (pills(batch="L1", expires=day) for day in ("2026-12-01", "2026-12-02"))
    assert told(shop.refuse(received(one, other))) == [("INV-009", "lines[1].expires")]
    shop.post(received(pills(batch="L1"), one, pills(batch="L1", manufactured="2026-01-01")))
    assert shop.rows("SELECT manufactured_on::text, expires_on::text FROM erpdesk.batch") == [
        ("2026-01-01", "2026-12-01")]
    one, other = pills(batch="L2", manufactured="2026-05-01"), pills(batch="L2", expires="2026-04-01")
    refused = shop.refuse(received(one, other))
    assert told(refused) == [("INV-009", "lines[1].expires")]


def test_a_day_that_a_known_batch_lacks_is_not_kept_and_said_so(shop: Trade) -> None:
    shop.post(received(pills(batch="L1")))
    result = shop.books.vouchers.post(received(pills(batch="L1", expires="2026-12-01")))
    assert isinstance(result, Ok)
    assert [(one.code, one.field) for one in result.value.warnings] == [("INV-009", "lines[0].expires")]
    assert result.value.warnings[0].message == (
        "Batch L1 of PILL has no such day yet; 2026-12-01 is not kept: type it in the batch")
    assert shop.rows("SELECT expires_on FROM erpdesk.batch") == [(None,)]


@pytest.mark.parametrize("name", ["expires", "manufactured"])
def test_days_belong_to_items_kept_by_batch(shop: Trade, name: str) -> None:
    day = {name: "2026-12-01"}
    refused = shop.refuse(received(goods("TEA", "5", "12", **day)))
    assert told(refused) == [("INV-007", f"lines[0].{name}")]
    assert refused.first.message == "TEA is not kept by batch"
    refused = shop.refuse(received(goods("TEA", "5", "12", details=[{"quantity": "5", **day}])))
    assert told(refused) == [("INV-007", f"lines[0].details[0].{name}")]
    assert told(shop.refuse(received(pills(**day)))) == [("INV-007", "lines[0].batch")]


def test_a_day_with_goods_that_come_back_names_its_batch(shop: Trade) -> None:
    shop.post(received(pills(batch="L1", expires="2026-12-01")))
    sold = shop.sell("PILL", "2")
    back = {"type": "SALES_RETURN", "date": "2026-04-20", "party": "C001", "warehouse": "MAIN",
            "against": sold.voucher_number, **PLAIN}
    assert told(shop.refuse({**back, "lines": [goods("PILL", "1", "15", expires="2026-12-02")]})) == [
        ("INV-007", "lines[0].batch")]
    assert told(shop.refuse({**back, "lines": [goods("PILL", "1", "15", batch="L1", expires="2026-12-02")]})) == [
        ("INV-009", "lines[0].expires")]
    shop.post({**back, "lines": [goods("PILL", "1", "15", batch="L1", expires="2026-12-01")]})


def test_a_rehearsal_knows_the_days_of_a_batch_that_it_received(shop: Trade) -> None:
    rehearsal = shop.books.vouchers.rehearsal()
    days = {"manufactured": "2026-01-01", "expires": "2026-12-01"}
    assert isinstance(rehearsal.rehearse(received(pills(batch="L1", **days))), Ok)
    refused = rehearsal.rehearse(received(pills(batch="L1", manufactured="2026-01-02")))
    assert isinstance(refused, Refused)
    assert told(refused) == [("INV-009", "lines[0].manufactured")]
    assert isinstance(rehearsal.rehearse(received(pills(batch="L1", **days))), Ok)


def test_blanks_say_nothing(shop: Trade) -> None:
    shop.post(received(goods("TEA", "5", "12"), ref_no=" "))
    assert told(shop.refuse(received(goods("TEA", "5", "12"), party="  "))) == [("VCH-004", "party")]
    assert told(shop.refuse(received(goods("TEA", "  ", "12")))) == [("VCH-004", "lines[0].quantity")]
    shop.configure("PURCHASE_INVOICE", numbering_method="manual")
    assert told(shop.refuse(received(goods("TEA", "5", "12"), voucher_number="  "))) == [("NUM-004", "voucher_number")]


def test_a_charge_is_named_once(shop: Trade) -> None:
    charges = [{"code": "FREIGHT", "amount": "1"}, {"code": "FREIGHT", "amount": "2"}]
    document = {**purchase([goods("TEA", "1", "5")]), "charges": charges}
    refused = shop.refuse(document)
    assert (refused.kind, told(refused)) == ("invalid", [("VCH-004", "charges[1].code")])
    assert told(Refused("invalid", shop.books.vouchers.preview(document).faults)) == [("VCH-004", "charges[1].code")]


def test_added_costs_are_not_credited_to_goods(shop: Trade) -> None:
    bought = shop.buy("TEA", "10", "5")
    landed = {"type": "LANDED_COST", "date": "2026-04-20", "receipts": [bought.voucher_number]}
    refused = shop.refuse({**landed, "charges": [{"account": "1140", "amount": "5"}]})
    assert (refused.kind, told(refused)) == ("invalid", [("GL-004", "charges[0].account")])
    made = {"type": "STOCK_JOURNAL", "date": "2026-04-20", "warehouse": "MAIN", "consume": [goods("TEA", "1")],
            "produce": [goods("OIL", "1")]}
    refused = shop.refuse({**made, "charges": [{"account": "2140", "amount": "5"}, {"account": "1145", "amount": "5"}]})
    assert told(refused) == [("GL-004", "charges[1].account")]
    shop.post({**landed, "charges": [{"account": "2140", "amount": "5"}]})


@pytest.mark.parametrize(("line", "place"), [
    (goods("TEA", "-1", "5"), "lines[0].quantity"), (goods("TEA", "1", "-5"), "lines[0].rate"),
    (goods("TEA", "1", "5", discount_percent="101"), "lines[0].discount_percent"),
    (goods("TEA", "1", "5", discount_amount="5.01"), "lines[0].discount_amount")])
def test_a_line_below_nothing_is_refused_where_it_is_wrong(shop: Trade, line: Line, place: str) -> None:
    assert [field for _, field in told(shop.refuse(sale([line], **PLAIN)))] == [place]
