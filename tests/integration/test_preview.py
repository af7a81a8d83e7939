"""A preview shows the plan of a post, and leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest

from erpdesk.domain.results import ConflictError, ErpdeskError
from helpers.trading import PLAIN, Trade, goods, purchase, sale


def test_a_preview_is_what_posting_then_does(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    shop.buy("TEA", "10", "6", day="2026-04-03")
    document = sale([goods("TEA", "12", "15")], date="2026-04-10")
    before = shop.fingerprint()
    seen = shop.books.vouchers.preview(document)
    assert shop.changed_since(before) == set()
    assert (seen.ok, seen.total, seen.cost) == (True, "203.40", "62.00")
    assert [(row["code"], row["amount"], row["direction"]) for row in seen.charges] == [
        ("DISC", "0.00", "deduct"), ("VAT", "23.40", "add")]
    assert [(row["item"], row["quantity"], row["value"], row["unit_cost"]) for row in seen.stock] == [
        ("TEA", "-10", "-50.00", "5"), ("TEA", "-2", "-12.00", "6")]
    posted = shop.post(document)
    assert (posted.total, posted.cost) == (seen.total, seen.cost)
    shown = shop.books.vouchers.show(posted.voucher_id).as_json()["journal"]
    assert [{key: row[key] for key in ("account", "name", "party", "debit", "credit")} for row in shown] == [
        {key: row[key] for key in ("account", "name", "party", "debit", "credit")} for row in seen.journal]
    assert [(row["party"], row["amount"], row["due_date"]) for row in seen.open_items] == [
        ("C001", "203.40", "2026-05-10")]


def receipt_of(number: str | None, amount: str) -> dict[str, Any]:
    return {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1120", "party": "C001", "amount": amount,
            "allocations": [{"voucher_number": number, "amount": amount}]}


def test_what_the_vouchers_named_still_hold_open_is_read(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    invoice = shop.sell("TEA", "2", "100")
    seen = shop.books.vouchers.preview(receipt_of(invoice.voucher_number, "150.00"))
    assert [dict(row) for row in seen.settlements] == [
        {"voucher_number": invoice.voucher_number, "amount": "150.00"}]
    shop.post(receipt_of(invoice.voucher_number, "150.00"))
    assert {fault.code for fault in shop.books.vouchers.preview(
        receipt_of(invoice.voucher_number, "100.00")).faults} == {"VCH-019"}


def test_a_landed_cost_shows_what_it_would_add(shop: Trade) -> None:
    bought = shop.buy("TEA", "10", "5")
    shop.sell("TEA", "4")
    seen = shop.books.vouchers.preview({
        "type": "LANDED_COST", "date": "2026-04-12", "receipts": [bought.voucher_number],
        "charges": [{"account": "2140", "amount": "20.00", "by": "value"}]})
    assert (seen.ok, seen.total, seen.cost) == (True, "20.00", "12.00")
    assert sorted((row["account"], row["debit"], row["credit"]) for row in seen.journal) == [
        ("1140", "12.00", "0.00"), ("2140", "0.00", "20.00"), ("5010", "8.00", "0.00")]


def test_shortage_and_faults_of_the_whole_voucher_are_all_named(shop: Trade) -> None:
    shop.books.periods.set_state(["2026-04"], "locked")
    seen = shop.books.vouchers.preview(sale([goods("TEA", "1", "15")], date="2026-04-10"))
    assert not seen.ok
    assert {fault.code for fault in seen.faults} == {"PRD-003", "INV-001"}


def test_faults_of_fields_leave_nothing_to_plan(shop: Trade) -> None:
    seen = shop.books.vouchers.preview(sale([goods("NOTHING", "1", "15")], colour="red"))
    assert {fault.code for fault in seen.faults} == {"VCH-004", "INV-002"}
    assert seen.journal == ()


def test_a_new_batch_is_shown_by_its_code_and_not_made(shop: Trade) -> None:
    seen = shop.books.vouchers.preview(purchase([goods("PILL", "5", "2", batch="B7")], **PLAIN))
    assert [row["batch"] for row in seen.stock] == ["B7"]
    assert shop.one("SELECT count(*) FROM erpdesk.batch WHERE code = 'B7'") == 0


def test_a_saved_voucher_is_previewed_and_a_posted_one_is_not(shop: Trade) -> None:
    document = purchase([goods("TEA", "5", "2")], idempotency_key="k", **PLAIN)
    shop.save(document)
    assert shop.books.vouchers.preview("key:k").total == "10.00"
    shop.post(document)
    with pytest.raises(ConflictError) as caught:
        shop.books.vouchers.preview("key:k")
    assert caught.value.code == "VCH-001"
    with pytest.raises(ErpdeskError) as missing:
        shop.books.vouchers.preview("key:none")
    assert missing.value.code == "VCH-005"


def test_a_preview_waits_for_no_lock(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    with shop.admin() as holder, holder.transaction():
        holder.execute("SELECT FROM erpdesk.stock_balance FOR UPDATE")
        holder.execute("SELECT FROM erpdesk.accounting_period FOR UPDATE")
        assert shop.books.vouchers.preview(sale([goods("TEA", "1", "15")], date="2026-04-10")).ok
