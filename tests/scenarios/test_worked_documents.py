"""Worked examples of tax, settlement, returns and documents that follow others; every figure computed by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.cluster import Cluster
from helpers.trading import PLAIN, Trade, goods, sale, trading
from helpers.trading_fixtures import shop_template
from helpers.worked import CHARGE, ON, TWO_LAYERS, Example, Step, bought, document, sold

__all__ = ["shop_template"]


@pytest.fixture
def trade(cluster: Cluster, shop_template: str) -> Iterator[Trade]:
    """The trading organization; every invariant must hold afterwards."""
    with trading(cluster, shop_template) as made:
        yield made


THREE = [goods("REPAIR", "1", "10.10")] * 3
VAT = {"sequence": 20, "code": "VAT", "label": "VAT", "ledger": "2130", "calculation_type": "rate", "rate": "13",
       "base": "running_total"}

TAXES = {
    "tax rounded once": Example(
        "13 % of 30.30 is 3.939: 3.94.",
        (Step(sale(THREE), "0.00", "34.24", "1130/C001 34.24 | 4010 -30.3 | 2130 -3.94"),)),
    "tax rounded on each line": Example(
        "13 % of 10.10 is 1.313: three times 1.31.",
        (Step(sale(THREE, type="BY_LINE"), "0.00", "34.23", "1130/C001 34.23 | 4010 -30.3 | 2130 -3.93"),),
        switched=({"code": "BY_LINE", "copy_of": "SALES_INVOICE", "label": "By line",
                   "charges": [{**VAT, "rounding": "per_line"}]},)),
    "tax inside the price": Example(
        "113.00 and 56.55 with 13 % inside: 169.55 × 13 ÷ 113 = 19.5057…, 19.51 of it is tax.",
        (Step(sale([goods("REPAIR", "1", "113"), goods("REPAIR", "1", "56.55")], type="INSIDE"),
              "0.00", "169.55", "1130/C001 169.55 | 4010 -150.04 | 2130 -19.51"),),
        switched=({"code": "INSIDE", "copy_of": "SALES_INVOICE", "label": "Inside", "charges": [
            {"code": "DISC", "remove": True}, {**VAT, "included_in_price": True, "base": "items_total"}]},)),
    "discount before tax": Example(
        "VAT's base is the running total: 13 % of 200 less 20.",
        (Step(sale([goods("REPAIR", "2", "100")], charges=[{"code": "DISC", "amount": "20"}]),
              "0.00", "203.40", "1130/C001 203.4 | 4010 -200 | 6010 20 | 2130 -23.4"),)),
    "rounding the net to whole rupees": Example(
        "9.40 and 13 % are 10.62 (1.222): rounded to 11, 0.38 of it round-off, untaxed.",
        (Step(sale([goods("REPAIR", "1", "9.40")]), "0.00", "11.00",
              "1130/C001 11 | 4010 -9.4 | 2130 -1.22 | 6030 -0.38"),
         Step(sale([goods("REPAIR", "1", "9.29")]), "0.00", "11.00",  # 10.50 rounds half up
              "1130/C001 11 | 4010 -9.29 | 2130 -1.21 | 6030 -0.5"),
         Step(sale([goods("REPAIR", "1", "9.20")]), "0.00", "10.00",  # 10.40 rounds down
              "1130/C001 10 | 4010 -9.2 | 2130 -1.2 | 6030 0.4")),
        switched=({"code": "SALES_INVOICE", "round_to": "1"},)),
    "rounding the net to five paisa": Example(
        "10.62 to the nearest 0.05 is 10.60.",
        (Step(sale([goods("REPAIR", "1", "9.40")]), "0.00", "10.60",
              "1130/C001 10.6 | 4010 -9.4 | 2130 -1.22 | 6030 0.02"),),
        switched=({"code": "SALES_INVOICE", "round_to": "0.05"},)),
}


def invoice(amount: str, key: str) -> Step:
    """An invoice for a service, without tax."""
    return Step(sale([goods("REPAIR", "1", amount)], idempotency_key=key, **PLAIN))


SETTLEMENTS = {
    "receipt with discount, write-off and advance": Example(
        "226 are settled by 200 of money, 20 of discount and 6 written off; 20 more are an advance.",
        (invoice("226", "i"),
         Step(document("AR_RECEIPT", 20, party="C001", account="1120", amount="220.00", allocations=[
             {"voucher_number": "key:i", "amount": "200", "discount": "20", "write_off": "6"}]),
             "0.00", "220.00", "1120 220 | 6010 20 | 6060 6 | 1130/C001 -246")),
        open={"C001": "-20"}, balances={"1130": "-20"}),
    "payment with discount received": Example(
        "The mirror: 100 owed, 98 paid, 2 of discount received.",
        (Step(bought(1, "TEA", "10", "10", key="b")),
         Step(document("AP_PAYMENT", 20, party="S001", account="1120", amount="98", allocations=[
             {"voucher_number": "key:b", "amount": "98", "discount": "2"}]),
             "0.00", "98.00", "1120 -98 | 4030 -2 | 2110/S001 100")),
        open={"S001": ""}, balances={"2110": "0"}),
    "an advance used later": Example(
        "An advance stands open until it is allocated: a settlement of amount 0 sets it against the invoice.",
        (Step(document("AR_RECEIPT", 1, party="C001", account="1110", amount="70", key="a"), "0.00", "70.00",
              "1110 70 | 1130/C001 -70"),
         invoice("100", "i"),
         Step(document("AR_RECEIPT", 20, party="C001", account="1110", amount="0", allocations=[
             {"voucher_number": "key:a", "amount": "-70"}, {"voucher_number": "key:i", "amount": "70"}]),
             "0.00", "0.00", "")),
        open={"C001": "30"}, balances={"1130": "30", "1110": "70"}),
    "a credit note against an invoice, the rest in cash": Example(
        "Nothing settles by itself: 100 less the note of 30 leaves 70 to pay.",
        (invoice("100", "i"),
         Step(document("CREDIT_NOTE", 12, [{"account": "4020", "amount": "30"}], "n", party="C001"), "0.00", "30.00",
              "1130/C001 -30 | 4020 30"),
         Step(document("AR_RECEIPT", 20, party="C001", account="1110", amount="70", allocations=[
             {"voucher_number": "key:n", "amount": "-30"}, {"voucher_number": "key:i", "amount": "100"}]),
             "0.00", "70.00", "1110 70 | 1130/C001 -70")),
        open={"C001": ""}, balances={"1130": "0"}),
    "part payments until nothing is open": Example(
        "33.33, 33.33, 33.34 of 100; one paisa more is refused.",
        (invoice("100", "i"), *(Step(document(
            "AR_RECEIPT", day, party="C001", account="1110", amount=amount,
            allocations=[{"voucher_number": "key:i", "amount": amount}]), refused=refused) for day, amount, refused in (
                (20, "33.33", None), (21, "33.33", None), (22, "33.35", "VCH-019"), (22, "33.34", None),
                (23, "0.01", "VCH-019")))),
        open={"C001": ""}),
    "a party on both sides": Example(
        "What it owes and what it is owed stand apart, on receivables and payables.",
        (Step(sale([goods("REPAIR", "1", "50")], party="B001", **PLAIN)),
         Step(bought(1, "TEA", "10", "3", party="B001"))),
        open={"B001": "50 -30"}, balances={"1130": "50", "2110": "-30"}),
}


def back(type_code: str, day: int, item: str, quantity: str, rate: str, **header: object) -> dict[str, object]:
    """A return without charges; to S001 or from C001."""
    party = "C001" if type_code == "SALES_RETURN" else "S001"
    return document(type_code, day, [goods(item, quantity, rate)], party=party, warehouse="MAIN", **PLAIN, **header)


RETURNS = {
    "sales return at the original cost, last part the remainder": Example(
        "12 cost 64 (10 × 5 + 2 × 7): 5 back are money(64 × 5 ÷ 12) = 26.67, the other 7 37.33; as layers at the end.",
        (*TWO_LAYERS, Step(sold(10, "TEA", "12", key="s"), "64.00"),
         Step(back("SALES_RETURN", 12, "TEA", "5", "20", against="key:s"), "26.67", "100.00",
              "1130/C001 -100 | 4020 100 | 1140 26.67 | 5010 -26.67"),
         Step(back("SALES_RETURN", 13, "TEA", "8", "20", against="key:s"), refused="INV-004"),
         Step(back("SALES_RETURN", 13, "TEA", "7", "20", against="key:s"), "37.33")),
        layers={"TEA": "8 56 | 5 26.67 | 7 37.33"}, balances={"5010": "0"}),
    "sales return without its invoice, at current cost": Example(
        "8 are left for 56: one is 7.",
        (*TWO_LAYERS, Step(sold(10, "TEA", "12"), "64.00"), Step(back("SALES_RETURN", 12, "TEA", "1", "20"), "7.00")),
        layers={"TEA": "8 56 | 1 7"}),
    "sales return with tax": Example(
        "Automatic charges apply to a return as to any document: 13 % of 100.",
        (*TWO_LAYERS, Step(sold(10, "TEA", "12", key="s"), "64.00"),
         Step({**back("SALES_RETURN", 12, "TEA", "5", "20", against="key:s"), "auto_charges": True}, "26.67", "113.00",
              "1130/C001 -113 | 4020 100 | 2130 13 | 1140 26.67 | 5010 -26.67")),
        layers={"TEA": "8 56 | 5 26.67"}),
    "sales return at the rate of its invoice": Example(
        "A return without a rate is priced at the source line's net rate: 20 less 10 %.",
        (*TWO_LAYERS, Step(sold(10, "TEA", "10", line={"discount_percent": "10"}, key="s"), "50.00", "180.00"),
         Step(document("SALES_RETURN", 12, [goods("TEA", "3")], party="C001", warehouse="MAIN", against="key:s",
                       **PLAIN), "15.00", "54.00")),
        stock={"TEA": "13 85"}),
    "sales return when nothing is left, at the last issue cost": Example(
        "10 for 50 are all sold: one comes back at 5.",
        (Step(bought(1, "TEA", "10", "5")), Step(sold(2, "TEA", "10"), "50.00"),
         Step(back("SALES_RETURN", 3, "TEA", "1", "20"), "5.00")),
        stock={"TEA": "1 5"}),
    "purchase return with tax": Example(
        "Input tax goes back with the goods.",
        (*TWO_LAYERS,
         Step({**back("PURCHASE_RETURN", 12, "TEA", "4", "5", against="key:first"), "auto_charges": True},
              "20.00", "22.60", "2110/S001 22.6 | 1140 -20 | 1150 -2.6")),
        stock={"TEA": "16 100"}),
    "sales return of an averaged item at its issue cost": Example(
        "4 left at 10; meanwhile the average is 20: they come back at 40 all the same.",
        (Step(bought(1, "OIL", "10", "10")), Step(sold(2, "OIL", "4", key="s"), "40.00"),
         Step(bought(3, "OIL", "6", "30")),
         Step(back("SALES_RETURN", 4, "OIL", "4", "20", against="key:s"), "40.00")),
        stock={"OIL": "16 280"}),
    "purchase return at its own price": Example(
        "The very layers received: 4 of the first lot, at 5; no variance at that price, 2 gained at 5.50.",
        (*TWO_LAYERS,
         Step(back("PURCHASE_RETURN", 12, "TEA", "4", "5", against="key:first"), "20.00", "20.00",
              "2110/S001 20 | 1140 -20"),
         Step(back("PURCHASE_RETURN", 13, "TEA", "4", "5.50", against="key:first"), "20.00", "22.00",
              "2110/S001 22 | 1140 -20 | 5020 -2")),
        layers={"TEA": "2 10 | 10 70"}),
    "purchase return of goods partly gone": Example(
        "2 of the first lot are left (10), then the front of the queue (2 × 7): 24 of cost for 20, 4 lost.",
        (*TWO_LAYERS, Step(sold(10, "TEA", "8"), "40.00"),
         Step(back("PURCHASE_RETURN", 12, "TEA", "4", "5", against="key:first"), "24.00", "20.00",
              "2110/S001 20 | 1140 -24 | 5020 4")),
        layers={"TEA": "8 56"}),
    "purchase return takes its own layer before older ones": Example(
        "3 of the second lot, though the first is older.",
        (*TWO_LAYERS, Step(back("PURCHASE_RETURN", 12, "TEA", "3", "7", against="key:second"), "21.00", "21.00",
                           "2110/S001 21 | 1140 -21")),
        layers={"TEA": "10 50 | 7 49"}),
    "purchase return of an averaged item": Example(
        "At the current average of 15, though bought at 10.",
        (Step(bought(1, "OIL", "10", "10", key="b")), Step(bought(2, "OIL", "10", "20")),
         Step(back("PURCHASE_RETURN", 12, "OIL", "4", "10", against="key:b"), "60.00", "40.00",
              "2110/S001 40 | 1140 -60 | 5020 20")),
        stock={"OIL": "16 240"}),
}

def came(quantity: str, rate: str) -> Step:
    """Goods received before their invoice."""
    return Step(document("GOODS_RECEIPT", 1, [goods("TEA", quantity, rate)], "gr", party="S001", warehouse="MAIN"))


def invoiced(day: int, quantity: str, rate: str) -> dict[str, object]:
    """The invoice of a receipt, for so much of it."""
    return bought(day, "TEA", quantity, rate, against="key:gr")


def to_invoice(day: int, quantity: str) -> dict[str, object]:
    """The invoice of a delivery, for so much of it."""
    return sold(day, "TEA", quantity, against="key:dl")


CLEARING = {
    "receipt and invoice at the same price": Example(
        "Goods first: Dr inventory, Cr GR/IR; the invoice clears it and owes the supplier.",
        (came("10", "5"), Step(invoiced(5, "10", "5"), "0.00", "50.00", "2120 50 | 2110/S001 -50")),
        stock={"TEA": "10 50"}, balances={"2120": "0"}, switched=(ON["GOODS_RECEIPT"],)),
    "invoice at another price, goods partly issued": Example(
        "5 more than received: 6 of 10 are in stock and take 3.00, the issued share of 2.00 is purchase variance.",
        (came("10", "5"), Step(sold(3, "TEA", "4"), "20.00"),
         Step(invoiced(5, "10", "5.50"), None, "55.00", "2120 50 | 1140 3 | 5020 2 | 2110/S001 -55"),
         Step(sold(6, "TEA", "6"), "33.00")),
        stock={"TEA": "0 0"}, balances={"2120": "0", "5020": "2"}, switched=(ON["GOODS_RECEIPT"],)),
    "invoice below the price received": Example(
        "10 less: the layers give back what they hold a share of.",
        (came("10", "5"), Step(sold(3, "TEA", "4"), "20.00"),
         Step(invoiced(5, "10", "4"), None, "40.00", "2120 50 | 1140 -6 | 5020 -4 | 2110/S001 -40")),
        stock={"TEA": "6 24"}, balances={"2120": "0"}, switched=(ON["GOODS_RECEIPT"],)),
    "invoices for parts, cumulatively": Example(
        "3 received for 10.00, invoiced one by one: 3.33, 3.34, 3.33 are cleared, nothing is left.",
        (came("3", "3.3333"),
         *(Step(invoiced(day, "1", price), None, price, f"2120 {price} | 2110/S001 -{price}")
           for day, price in ((5, "3.33"), (6, "3.34"), (7, "3.33"))),
         Step(invoiced(8, "1", "3.33"), refused="INV-004")),
        stock={"TEA": "3 10"}, balances={"2120": "0"}, switched=(ON["GOODS_RECEIPT"],)),
    "delivery and its invoices": Example(
        "12 delivered cost 64, which wait on 1160; 5 invoiced turn 26.67 into cost of sales, 7 the other 37.33.",
        (*TWO_LAYERS,
         Step(document("DELIVERY_NOTE", 10, [goods("TEA", "12")], "dl", party="C001", warehouse="MAIN"), "64.00", None,
              "1160 64 | 1140 -64"),
         Step(to_invoice(12, "5"), None, "100.00", "1130/C001 100 | 4010 -100 | 5010 26.67 | 1160 -26.67"),
         Step(to_invoice(13, "8"), refused="INV-004"),
         Step(to_invoice(13, "7"), None, "140.00", "1130/C001 140 | 4010 -140 | 5010 37.33 | 1160 -37.33")),
        stock={"TEA": "8 56"}, balances={"1160": "0", "5010": "64"}, switched=(ON["DELIVERY_NOTE"],)),
    "landed cost on a goods receipt": Example(
        "A receipt before its invoice takes landed cost as a purchase does.",
        (came("10", "5"), Step(document("LANDED_COST", 6, receipts=["key:gr"], charges=[CHARGE]), "40.00")),
        stock={"TEA": "10 90"}, switched=(ON["GOODS_RECEIPT"],)),
}


def ordered(quantity: str, key: str = "so") -> dict[str, object]:
    """An order of C001."""
    return document("SALES_ORDER", 3, [goods("TEA", quantity, "20")], key, party="C001", warehouse="MAIN", **PLAIN)


RESERVATIONS = {
    "reserved for its own invoice": Example(
        "10 there, 6 ordered: others get 4; the order's own invoice gets its 6.",
        (Step(bought(1, "TEA", "10", "5")), Step(ordered("6"), "0.00", "120.00", ""),
         Step(sold(5, "TEA", "5"), refused="INV-001"), Step(sold(5, "TEA", "4"), "20.00"),
         Step(sold(6, "TEA", "6", against="key:so"), "30.00"),
         Step(sold(7, "TEA", "1"), refused="INV-001")),
        stock={"TEA": "0 0"}, switched=(ON["SALES_ORDER"],)),
    "delivered in part": Example(
        "4 of 6 delivered: 2 stay reserved, 4 are free of 6 left.",
        (Step(bought(1, "TEA", "10", "5")), Step(ordered("6")),
         Step(sold(5, "TEA", "4", against="key:so"), "20.00"), Step(sold(6, "TEA", "5"), refused="INV-001"),
         Step(sold(6, "TEA", "4"), "20.00"), Step(sold(6, "TEA", "3", against="key:so"), refused="INV-004"),
         Step(sold(6, "TEA", "2", against="key:so"), "10.00")),
        stock={"TEA": "0 0"}, switched=(ON["SALES_ORDER"],)),
    "more than there is": Example(
        "An order reserves what is there, or is refused whole.",
        (Step(bought(1, "TEA", "10", "5")), Step(ordered("6")), Step(ordered("5", "more"), refused="INV-001"),
         Step(ordered("4", "rest"))),
        stock={"TEA": "10 50"}, switched=(ON["SALES_ORDER"],)),
}

TABLES = {
    "taxes": TAXES, "settlements": SETTLEMENTS, "returns": RETURNS, "clearing": CLEARING,
    "reservations": RESERVATIONS,
}


@pytest.mark.parametrize("example", [
    pytest.param(example, id=f"{table}: {name}") for table, rows in TABLES.items() for name, example in rows.items()])
def test_the_books_come_to_what_was_worked_out_by_hand(trade: Trade, example: Example) -> None:
    example.play(trade)
