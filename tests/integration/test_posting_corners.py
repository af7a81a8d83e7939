"""Corners of posting that random vouchers have found: each was wrong once."""

from __future__ import annotations

from erpdesk.domain.results import Refused
from helpers.reference_shop import MORE
from helpers.trading import PLAIN, Trade, goods, purchase, sale

COUNT = {"type": "PHYSICAL_STOCK", "date": "2026-04-10", "warehouse": "MAIN"}


def activate(shop: Trade, *codes: str) -> None:
    shop.books.configuration.import_document({"voucher_types": [{"code": code, "is_active": True} for code in codes]})


def test_a_locked_period_and_a_wrong_line_are_told_together(shop: Trade) -> None:
    shop.books.periods.set_state(["2026-04"], "locked")
    refused = shop.refuse(sale([goods("NONE", "1", "5")], **PLAIN))
    assert {fault.code for fault in refused.faults} == {"INV-002", "PRD-003"}


def test_a_locked_period_and_short_stock_are_told_together(shop: Trade) -> None:
    shop.buy("TEA", "3", "5")
    shop.books.periods.set_state(["2026-04"], "locked")
    document = sale([goods("TEA", "4", "5"), goods("OIL", "1", "5")], **PLAIN)
    told = [("PRD-003", "date"), ("INV-001", "lines[0].quantity"), ("INV-001", "lines[1].quantity")]
    before = shop.fingerprint()
    for refused in (shop.refuse(document), shop.books.vouchers.rehearsal().rehearse(document)):
        assert isinstance(refused, Refused)
        assert [(fault.code, fault.field) for fault in refused.faults] == told
    assert shop.changed_since(before) <= {"posting_log"}


def test_the_total_of_a_count_is_the_value_of_its_difference(shop: Trade) -> None:
    activate(shop, "PHYSICAL_STOCK")
    shop.buy("TEA", "10", "5")
    counted = shop.post({**COUNT, "lines": [{"item": "TEA", "counted_quantity": "12", "rate": "6"}]})
    assert (counted.total, counted.cost) == ("12.00", "12.00")
    less = shop.post({**COUNT, "lines": [{"item": "TEA", "counted_quantity": "11", "rate": "6"}]})
    assert (less.total, less.cost) == ("5.00", "5.00")


def test_credits_with_nothing_against_them_are_refused_by_name(shop: Trade) -> None:
    shop.buy("TEA", "10", "5")
    sold = shop.sell("TEA", "4", "10")
    back = shop.post({"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN",
                      "against": sold.voucher_number, "lines": [goods("TEA", "2", "10")], **PLAIN})
    receipt = {"type": "AR_RECEIPT", "date": "2026-04-13", "account": "1120", "party": "C001", "amount": "0.00"}
    credit = {"voucher_number": back.voucher_number, "amount": "-20.00"}
    for document in ({**receipt, "allocations": [credit]}, {**receipt, "amount": "5.00", "allocations": [credit]}):
        assert {fault.code for fault in shop.refuse(document).faults} == {"VCH-019"}
    both = [credit, {"voucher_number": sold.voucher_number, "amount": "20.00"}]
    shop.post({**receipt, "allocations": both})
    assert shop.party_balance("C001") == "20"


def test_a_receipt_that_made_stock_below_zero_good_is_invoiced_and_landed_as_one_line(shop: Trade) -> None:
    """Of ten received four make the deficit good: six are in stock, so six tenths of what comes later join them."""
    activate(shop, "GOODS_RECEIPT")
    shop.books.masters.import_masters(MORE)
    shop.buy("SAND", "1", "2")
    shop.sell("SAND", "5")
    received = shop.post({**purchase([goods("SAND", "10", "2")]), "type": "GOODS_RECEIPT", "date": "2026-04-12"})
    assert shop.layers("SAND") == [(None, "6", "12")]
    shop.post(purchase([goods("SAND", "10", "3")], against=received.voucher_number, date="2026-04-13", **PLAIN))
    assert shop.layers("SAND") == [(None, "6", "18")]
    landed = shop.post({"type": "LANDED_COST", "date": "2026-04-14", "receipts": [received.voucher_number],
                        "charges": [{"account": "2140", "amount": "1.00", "by": "value"}]})
    assert (landed.cost, shop.layers("SAND")) == ("0.60", [(None, "6", "18.6")])


def test_cost_that_comes_after_goods_of_a_pool_below_zero_is_expensed_whole(shop: Trade) -> None:
    shop.books.masters.import_masters(MORE)
    bought = shop.buy("WATER", "1", "2")
    shop.sell("WATER", "3")
    assert shop.stock("WATER") == ("-2", "-4")
    landed = shop.post({"type": "LANDED_COST", "date": "2026-04-14", "receipts": [bought.voucher_number],
                        "charges": [{"account": "2140", "amount": "1.00", "by": "value"}]})
    assert landed.cost == "0.00"
    assert shop.stock("WATER") == ("-2", "-4")
    assert shop.journal(landed) == [("2140", "-1"), ("5010", "1")]


def test_the_invoice_of_a_receipt_that_made_stock_below_zero_good_clears_the_receipt(shop: Trade) -> None:
    """Goods owed at 2 each came at 3: that difference is cost variance, and none of the receipt's value."""
    activate(shop, "GOODS_RECEIPT")
    shop.books.masters.import_masters(MORE)
    shop.buy("SAND", "1", "2")
    shop.sell("SAND", "5")
    received = shop.post({**purchase([goods("SAND", "10", "3")]), "type": "GOODS_RECEIPT", "date": "2026-04-12"})
    assert ("2120", "-30") in shop.journal(received)
    assert shop.layers("SAND") == [(None, "6", "18")]
    for quantity in ("4", "6"):
        shop.post(purchase([goods("SAND", quantity, "4")], against=received.voucher_number, date="2026-04-13", **PLAIN))
    assert shop.balances().get("2120", "0") == "0"
    assert shop.layers("SAND") == [(None, "6", "24")]


def test_goods_that_a_customer_sends_back_cost_what_they_were_issued_at(shop: Trade) -> None:
    """An issue dated before the goods of its place owes beside them; once both are met, the rest is cost variance."""
    shop.books.masters.import_masters(MORE)
    for day, quantity, rate in (("2026-04-20", "2", "3"), ("2026-04-21", "2", "4")):
        shop.post(purchase([goods("SAND", quantity, rate)], date=day, **PLAIN))
    sold = shop.post(sale([goods("SAND", "4", "9")], date="2026-04-15", **PLAIN))
    assert shop.stock("SAND") == ("0", "0")
    cost = dict(shop.journal(sold))
    assert (cost["5010"], cost["5030"]) == ("16", "-2")
    back = shop.post({"type": "SALES_RETURN", "date": "2026-04-22", "party": "C001", "warehouse": "MAIN",
                      "against": sold.voucher_number, "lines": [goods("SAND", "4", "9")], **PLAIN})
    assert (back.cost, shop.layers("SAND")) == ("16.00", [(None, "4", "16")])


def test_goods_invoiced_after_their_delivery_come_back_at_what_they_cost(shop: Trade) -> None:
    activate(shop, "DELIVERY_NOTE")
    shop.buy("TEA", "10", "5")
    note = shop.post({"type": "DELIVERY_NOTE", "date": "2026-04-12", "party": "C001", "warehouse": "MAIN",
                      "lines": [goods("TEA", "4", "9")]})
    sold = shop.post(sale([goods("TEA", "4", "9")], against=note.voucher_number, date="2026-04-13", **PLAIN))
    back = shop.post({"type": "SALES_RETURN", "date": "2026-04-22", "party": "C001", "warehouse": "MAIN",
                      "against": sold.voucher_number, "lines": [goods("TEA", "1", "9")], **PLAIN})
    assert (back.cost, shop.stock("TEA")) == ("5.00", ("7", "35"))


def test_goods_invoiced_after_their_receipt_go_back_from_the_very_layers(shop: Trade) -> None:
    activate(shop, "GOODS_RECEIPT")
    shop.buy("TEA", "10", "5")
    came = shop.post(purchase([goods("TEA", "4", "9")], type="GOODS_RECEIPT", date="2026-04-12"))
    bill = shop.post(purchase([goods("TEA", "4", "10")], against=came.voucher_number, date="2026-04-13", **PLAIN))
    back = shop.post({"type": "PURCHASE_RETURN", "date": "2026-04-22", "party": "S001", "warehouse": "MAIN",
                      "against": bill.voucher_number, "lines": [goods("TEA", "3", "10")], **PLAIN})
    assert (back.cost, shop.layers("TEA")) == ("30.00", [(None, "10", "50"), (None, "1", "10")])


def test_parts_that_all_round_up_never_bring_back_more_than_was_issued(shop: Trade) -> None:
    shop.post(purchase([goods("TEA", "4", "0.005")], **PLAIN))
    sold = shop.post(sale([goods("TEA", "4", "1")], **PLAIN))
    back = [shop.post({"type": "SALES_RETURN", "date": "2026-04-22", "party": "C001", "warehouse": "MAIN",
                       "against": sold.voucher_number, "lines": [goods("TEA", "1", "1")], **PLAIN}).cost
            for _ in range(4)]
    assert (sold.cost, back) == ("0.02", ["0.01", "0.01", "0.00", "0.00"])


def test_the_party_of_the_header_is_that_of_its_control_accounts(shop: Trade) -> None:
    """A line may name another; accounts that need no party make no open item."""
    paid = shop.post({"type": "CASH_PAYMENT", "date": "2026-04-10", "account": "1110", "party": "S001", "lines": [
        {"account": "2110", "amount": "40"}, {"account": "2110", "amount": "2", "party": "S002"},
        {"account": "6020", "amount": "8"}]})
    assert (paid.total, shop.party_balance("S001"), shop.party_balance("S002")) == ("50.00", "40", "2")
    assert [fault.code for fault in shop.refuse({
        "type": "CASH_PAYMENT", "date": "2026-04-10", "account": "1110",
        "lines": [{"account": "2110", "amount": "40"}]}).faults] == ["GL-005"]


def test_the_current_cost_of_goods_is_that_of_what_is_on_hand_less_what_is_owed(shop: Trade) -> None:
    shop.books.masters.import_masters(MORE)
    shop.post(purchase([goods("SAND", "3", "0.4175")], date="2026-04-02", **PLAIN))
    shop.post(sale([goods("SAND", "1", "9")], date="2026-04-01", **PLAIN))
    assert shop.stock("SAND") == ("2", "0.83")
    back = shop.post({"type": "SALES_RETURN", "date": "2026-04-03", "party": "C001", "warehouse": "MAIN",
                      "lines": [goods("SAND", "9", "1")], **PLAIN})
    assert back.cost == "3.74"


def test_a_place_where_goods_have_never_been_knows_what_they_cost_elsewhere(shop: Trade) -> None:
    """Below zero, without a lock as with one: shown, told beside a shut month, posted."""
    shop.books.masters.import_masters(MORE)
    shop.buy("SAND", "3", "5")
    issue = sale([goods("SAND", "2", "9")], warehouse="SHOP", **PLAIN)
    shown = shop.books.vouchers.preview(issue)
    assert (shown.faults, shown.cost) == ((), "10.00")
    shop.books.periods.set_state(["2026-04"], "locked")
    assert [fault.code for fault in shop.refuse(issue).faults] == ["PRD-003"]
    shop.books.periods.set_state(["2026-04"], "open")
    assert shop.post(issue).cost == "10.00"
