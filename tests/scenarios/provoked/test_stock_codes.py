"""INV-*: each code is provoked through the command line, and leaves stock as it is."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.terminal import Terminal
from helpers.trading import PLAIN, goods, purchase, sale, transfer

provokes = pytest.mark.provokes

CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "more than there is": (sale([goods("TEA", "1", "9")], **PLAIN), "INV-001", "lines[0].quantity"),
    "an item that is not there": (sale([goods("AIR", "1", "9")]), "INV-002", "lines[0].item"),
    "a warehouse that is not there": (sale([goods("TEA", "1", "9")], warehouse="MOON"), "INV-003", "warehouse"),
    "a transfer within a warehouse": (
        transfer([goods("TEA", "1")], to_warehouse="MAIN"), "INV-003", "to_warehouse"),
    "half of what is counted whole": (purchase([goods("TEA", "0.5", "9")]), "INV-004", "lines[0].quantity"),
    "goods made of nothing at no cost": (
        {"type": "STOCK_JOURNAL", "date": "2026-04-02", "warehouse": "MAIN",
         "produce": [{"item": "TEA", "quantity": "1"}]}, "INV-005", "produce[0].rate"),
    "a return of what never had a cost": (
        {"type": "SALES_RETURN", "date": "2026-04-02", "party": "C001", "warehouse": "MAIN",
         "lines": [goods("TEA", "1", "9")]}, "INV-005", "lines[0].unit_cost"),
    "a unit that the item has not": (purchase([goods("TEA", "1", "9", uom="KG")]), "INV-006", "lines[0].uom"),
    "a receipt without its batch": (purchase([goods("PILL", "1", "9")]), "INV-007", "lines[0].batch"),
    "a batch of what has none": (purchase([goods("TEA", "1", "9", batch="B")]), "INV-007", "lines[0].batch"),
    "a batch that is not there": (sale([goods("PILL", "1", "9", batch="B")]), "INV-007", "lines[0].batch"),
}


@pytest.mark.parametrize(("document", "code", "field"), [
    pytest.param(*case, id=name, marks=provokes(case[1])) for name, case in CASES.items()])
def test_a_stock_voucher_is_refused_with_code_and_place(
        terminal: Terminal, document: dict[str, Any], code: str, field: str) -> None:
    before = terminal.trade.fingerprint()
    answer = terminal.refused(document)
    assert (answer["code"], answer["field"], answer["step"]) == (code, field, "inventory")
    assert terminal.trade.changed_since(before) <= {"posting_log"}


@provokes("INV-008")
def test_goods_kept_by_serial_number_need_theirs(terminal: Terminal) -> None:
    terminal.masters(items=[{"code": "PHONE", "name": "Phone", "uom": "PCS", "track_serial": True}])
    answer = terminal.refused(purchase([goods("PHONE", "1", "9")]))
    assert (answer["code"], answer["step"]) == ("INV-008", "inventory")


@provokes("INV-009")
def test_an_expired_batch_is_not_sold(terminal: Terminal) -> None:
    terminal.posted(purchase([goods("DRUG", "5", "2", batch="OLD", expires="2026-04-09")], **PLAIN))
    answer = terminal.refused(sale([goods("DRUG", "1", "9", batch="OLD")], **PLAIN))
    assert (answer["code"], answer["field"]) == ("INV-009", "lines[0].batch")
    terminal.posted(sale([goods("DRUG", "1", "9", batch="OLD")], date="2026-04-09", **PLAIN))


@provokes("INV-010")
def test_goods_whose_valuation_is_changed_meanwhile_are_not_received_by_the_old_one(terminal: Terminal) -> None:
    terminal.masters(items=[{"code": "NEW", "name": "New", "uom": "PCS", "valuation": "fifo"}])
    path = terminal.file([purchase([goods("NEW", "1", "9")], idempotency_key="valued")])
    with terminal.trade.admin() as holder, holder.transaction():
        holder.execute("INSERT INTO erpdesk.idempotency_key (organization_id, key, content_hash, object_id)"
                       " SELECT id, 'valued', '', gen_random_uuid() FROM erpdesk.organization")
        with terminal.meanwhile("import", "vouchers", path, "--post") as ending:
            [changed] = terminal.trade.books.masters.import_masters(
                {"items": [{"code": "NEW", "uom": "PCS", "valuation": "weighted_average"}]})
            assert changed.ok, changed
            holder.execute("ROLLBACK")
    [answer] = ending.result().rows
    assert (answer["code"], answer["step"]) == ("INV-010", "inventory")
    assert terminal.trade.stock("NEW") == ("0", "0")
    assert terminal.send(purchase([goods("NEW", "1", "9")], idempotency_key="valued"))[0]["ok"]


@provokes("INV-011")
def test_a_receipt_whose_goods_are_gone_is_not_reversed(terminal: Terminal) -> None:
    bought = terminal.posted(purchase([goods("ICE", "5", "2")], **PLAIN))["voucher_number"]
    sold = terminal.posted(sale([goods("ICE", "1", "9")], **PLAIN))["voucher_number"]
    [answer] = terminal.ask("voucher", "reverse", bought, "--date", "2026-04-11", "--reason", "twice").rows
    assert (answer["code"], answer["step"]) == ("INV-011", "inventory")
    assert sold in answer["message"]
