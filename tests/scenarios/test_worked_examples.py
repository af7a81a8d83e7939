"""Worked examples of costing, posted through the services on a real database; every figure computed by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.cluster import Cluster
from helpers.trading import PLAIN, Trade, goods, purchase, sale, trading, transfer
from helpers.trading_fixtures import shop_template
from helpers.worked import CHARGE, ON, TWO_LAYERS, Example, Step, bought, document, sold

__all__ = ["shop_template"]


@pytest.fixture
def trade(cluster: Cluster, shop_template: str) -> Iterator[Trade]:
    """The trading organization; every invariant must hold afterwards."""
    with trading(cluster, shop_template) as made:
        yield made


COST_FORMULAS = {
    "first-in, first-out over two issues": Example(
        "IAS 2.27: the items bought first are sold first. 100 at 10, 200 at 12, 100 at 13.",
        (Step(bought(1, "TEA", "100", "10"), "1000.00"), Step(bought(5, "TEA", "200", "12"), "2400.00"),
         Step(sold(10, "TEA", "150"), "1600.00"),  # 100 × 10 + 50 × 12
         Step(bought(15, "TEA", "100", "13"), "1300.00"),
         Step(sold(20, "TEA", "200"), "2450.00")),  # 150 × 12 + 50 × 13
        stock={"TEA": "50 650"}, layers={"TEA": "50 650"}, balances={"5010": "4050", "1140": "650"}),
    "moving weighted average of the same purchases": Example(
        "IAS 2.27: the average may be calculated as each additional shipment is received.",
        (Step(bought(1, "OIL", "100", "10")), Step(bought(5, "OIL", "200", "12")),
         Step(sold(10, "OIL", "150"), "1700.00"),  # 3400 × 150 ÷ 300
         Step(bought(15, "OIL", "100", "13")),  # 250 for 3000
         Step(sold(20, "OIL", "200"), "2400.00")),
        stock={"OIL": "50 600"}, balances={"5010": "4100", "1140": "600"}),
    "the well-known three days of purchases, first-in first-out": Example(
        "The usual encyclopaedia example: 100 at 50, 125 at 55, 75 at 59; 210 sold cost 11,050, 5,250 are left.",
        (Step(bought(1, "TEA", "100", "50")), Step(bought(2, "TEA", "125", "55")), Step(bought(3, "TEA", "75", "59")),
         Step(sold(4, "TEA", "210", "90"), "11050.00")),
        stock={"TEA": "90 5250"}, layers={"TEA": "15 825 | 75 4425"}),
    "the same at weighted average": Example(
        "16,300 for 300 pieces: 210 cost 11,410, 90 are left for 4,890.",
        (Step(bought(1, "OIL", "100", "50")), Step(bought(2, "OIL", "125", "55")), Step(bought(3, "OIL", "75", "59")),
         Step(sold(4, "OIL", "210", "90"), "11410.00")),
        stock={"OIL": "90 4890"}),
    "an average that never comes out even": Example(
        "Value and quantity are kept, never a rounded rate: 3 for 100.00 leave as 33.33, 33.34, 33.33.",
        (Step(bought(1, "OIL", "3", "33.3333")), Step(sold(2, "OIL", "1"), "33.33"), Step(sold(2, "OIL", "1"), "33.34"),
         Step(sold(2, "OIL", "1"), "33.33")),
        stock={"OIL": "0 0"}, balances={"5010": "100"}),
    "a layer that never comes out even": Example(
        "money(V × q ÷ Q) of what is left; the last part takes the rest.",
        (Step(bought(1, "TEA", "3", "33.3333")), Step(sold(2, "TEA", "1"), "33.33"), Step(sold(2, "TEA", "1"), "33.34"),
         Step(sold(2, "TEA", "1"), "33.33")),
        stock={"TEA": "0 0"}, layers={"TEA": ""}, balances={"5010": "100"}),
    "a receipt between two issues moves the average": Example(
        "10 at 10, 4 out at 40, 6 at 12.50 in: 12 for 135, of which 8 are 90.",
        (Step(bought(1, "OIL", "10", "10")), Step(sold(2, "OIL", "4"), "40.00"), Step(bought(3, "OIL", "6", "12.50")),
         Step(sold(4, "OIL", "8"), "90.00")),
        stock={"OIL": "4 45"}),
    "an issue dated back takes what had come by then": Example(
        "An issue uses layers received on or before its date; refused if any later day would go below zero.",
        (Step(bought(2, "TEA", "10", "5")), Step(bought(8, "TEA", "10", "6")),
         Step(sold(5, "TEA", "11"), refused="INV-001"), Step(sold(9, "TEA", "12"), "62.00"),
         Step(sold(5, "TEA", "1"), refused="INV-001")),
        stock={"TEA": "8 48"}),
}

COST_OF_PURCHASE = {
    "trade discount off, freight on, recoverable tax apart": Example(
        "IAS 2.11: price less trade discounts, plus transport; taxes recoverable from the authorities are no cost.",
        (Step(purchase([goods("TEA", "100", "20")], charges=[{"code": "DISC", "amount": "100"},
                                                           {"code": "FREIGHT", "amount": "60"}]),
              "1960.00", "2214.80", "1140 1960 | 1150 254.8 | 2110/S001 -2214.8"),),
        stock={"TEA": "100 1960"}),
    "import duty that is not recoverable": Example(
        "IAS 2.11: import duties and other taxes not subsequently recoverable; 5 % of 300 and 100, by value.",
        (Step(purchase([goods("TEA", "10", "30"), goods("OIL", "10", "10")], type="IMPORTED"),
              "420.00", "420.00", "1140 420 | 2110/S001 -420"),),
        stock={"TEA": "10 315", "OIL": "10 105"},
        switched=({"code": "IMPORTED", "copy_of": "PURCHASE_INVOICE", "label": "Imported", "charges": [
            {"code": "DISC", "remove": True}, {"code": "FREIGHT", "remove": True}, {"code": "VAT", "remove": True},
            {"sequence": 10, "code": "DUTY", "label": "Duty", "calculation_type": "rate", "rate": "5",
             "base": "items_total", "allocate_to_cost": "value"}]},)),
    "shares of a discount add up and favour no line": Example(
        "Cumulative split of 50 over 3 equal lines: 16.67, 16.66, 16.67.",
        (Step(purchase([goods("TEA", "1", "100"), goods("OIL", "1", "100"), goods("SYRUP", "1", "100", batch="B")],
                       charges=[{"code": "DISC", "amount": "50"}]), "250.00"),),
        stock={"TEA": "1 83.33", "OIL": "1 83.34", "SYRUP": "1 83.33"}),
    "free goods share the cost of the line": Example(
        "12 pieces, 2 of them free, for 60: five apiece.",
        (Step(bought(1, "TEA", "10", "6", line={"free_quantity": "2"}), "60.00", "60.00"),
         Step(sold(2, "TEA", "3"), "15.00")),
        stock={"TEA": "9 45"}),
    "boxes of twelve": Example(
        "Alternate units convert by exact ratios: 2 boxes at 60 are 24 pieces at 5.",
        (Step(bought(1, "TEA", "2", "60", line={"uom": "BOX"}), "120.00"), Step(sold(2, "TEA", "7"), "35.00")),
        stock={"TEA": "17 85"}),
}

LANDED = (Step(purchase([goods("TEA", "10", "30"), goods("ICE", "20", "5")], idempotency_key="lot", **PLAIN)),)

LANDED_COST = {
    "by value": Example(
        "40 over goods of 300 and 100: 30 and 10.",
        (*LANDED, Step(document("LANDED_COST", 6, receipts=["key:lot"], charges=[CHARGE]),
                       "40.00", "40.00", "1140 30 | 1145 10 | 2140 -40")),
        stock={"TEA": "10 330", "ICE": "20 110"}),
    "by quantity": Example(
        "40 over 10 and 20 pieces, cumulatively: 13.33 and 26.67.",
        (*LANDED, Step(document("LANDED_COST", 6, receipts=["key:lot"], charges=[{**CHARGE, "by": "quantity"}]),
                       "40.00", "40.00", "1140 13.33 | 1145 26.67 | 2140 -40")),
        stock={"TEA": "10 313.33", "ICE": "20 126.67"}),
    "by shares of one's own": Example(
        "40 in the ratio 1 to 3.",
        (*LANDED, Step(document("LANDED_COST", 6, receipts=["key:lot"], charges=[
            {**CHARGE, "by": "manual", "shares": ["1", "3"]}]), "40.00", "40.00", "1140 10 | 1145 30 | 2140 -40")),
        stock={"TEA": "10 310", "ICE": "20 130"}),
    "one line of the receipt alone": Example(
        "A receipt may be named with its lines.",
        (*LANDED, Step(document("LANDED_COST", 6, receipts=[{"voucher": "key:lot", "lines": [2]}], charges=[CHARGE]),
                       "40.00", "40.00", "1145 40 | 2140 -40")),
        stock={"TEA": "10 300", "ICE": "20 140"}),
    "goods partly issued before": Example(
        "The share of what is issued goes to cost of sales: 4 of 10 are gone, 18 of 30 join stock, 12 are expensed.",
        (*LANDED, Step(sold(4, "TEA", "4"), "120.00"),
         Step(document("LANDED_COST", 6, receipts=["key:lot"], charges=[CHARGE]),
              "28.00", "40.00", "1140 18 | 1145 10 | 5010 12 | 2140 -40"),
         Step(sold(7, "TEA", "6"), "198.00")),
        stock={"TEA": "0 0", "ICE": "20 110"}, balances={"5010": "330", "1140": "0"}),
    "goods that have moved on": Example(
        "Layers keep their origin across transfers; parts in layer order, the issued part last: 5, 3, 2 of 10.",
        (Step(bought(1, "TEA", "10", "10", key="lot")), Step(transfer([goods("TEA", "3")], date="2026-04-02")),
         Step(sold(3, "TEA", "2"), "20.00"),
         Step(document("LANDED_COST", 6, receipts=["key:lot"], charges=[{**CHARGE, "amount": "10"}]),
              "8.00", "10.00", "1140 8 | 5010 2 | 2140 -10")),
        stock={"TEA": "5 55", "TEA@SHOP": "3 33"}),
    "a pool of several receipts": Example(
        "Weighted average: min(pool, received) ÷ received: 5 of 10 are left, 15 of 30 join the pool.",
        (Step(bought(1, "OIL", "10", "10", key="lot")), Step(bought(2, "OIL", "10", "20")),
         Step(sold(3, "OIL", "15"), "225.00"),
         Step(document("LANDED_COST", 6, receipts=["key:lot"], charges=[{**CHARGE, "amount": "30"}]),
              "15.00", "30.00", "1140 15 | 5010 15 | 2140 -30")),
        stock={"OIL": "5 90"}),
    "all of it issued": Example(
        "Nothing is left: the whole cost is expensed, and no movement is made.",
        (Step(bought(1, "TEA", "10", "10", key="lot")), Step(sold(2, "TEA", "10"), "100.00"),
         Step(document("LANDED_COST", 6, receipts=["key:lot"], charges=[CHARGE]), "0.00", "40.00",
              "5010 40 | 2140 -40")),
        stock={"TEA": "0 0"}),
    "owed to a carrier": Example(
        "Without an account the header's party is credited, as an open item.",
        (Step(bought(1, "TEA", "10", "10", key="lot")),
         Step(document("LANDED_COST", 6, receipts=["key:lot"], party="S002", charges=[{"amount": "7", "by": "value"}]),
              "7.00", "7.00", "1140 7 | 2110/S002 -7")),
        stock={"TEA": "10 107"}, open={"S002": "-7"}),
}

def made(**sides: object) -> dict[str, object]:
    """A stock journal in MAIN."""
    return document("STOCK_JOURNAL", 10, warehouse="MAIN", **sides)


RAW = Step(bought(1, "OIL", "10", "10"))

PRODUCTION = {
    "costs of conversion by declared shares": Example(
        "IAS 2.12-14: joint products take materials (100) and conversion (50) on a rational basis: 60 and 40 percent.",
        (RAW, Step(made(consume=[goods("OIL", "10")],
                        produce=[goods("TEA", "4", share="60"), goods("PILL", "1", share="40", batch="B")],
                        charges=[{"account": "2140", "amount": "50"}]), "150.00", "150.00", "1140 50 | 2140 -50")),
        stock={"OIL": "0 0", "TEA": "4 90", "PILL": "1 60"}),
    "by quantity where no share is declared": Example(
        "150 over 3 and 1: 112.50 and 37.50.",
        (RAW, Step(made(consume=[goods("OIL", "10")], produce=[goods("TEA", "3"), goods("PILL", "1", batch="B")],
                        charges=[{"account": "2140", "amount": "50"}]), "150.00")),
        stock={"TEA": "3 112.5", "PILL": "1 37.5"}),
    "into goods of another inventory account": Example(
        "The value changes its account: the journal says so, and only that.",
        (RAW, Step(made(consume=[goods("OIL", "4")], produce=[goods("ICE", "8")]), "40.00", "40.00",
                   "1145 40 | 1140 -40")),
        stock={"OIL": "6 60", "ICE": "8 40"}),
    "several materials, first-in first-out and averaged": Example(
        "10 × 5 + 2 × 7 of tea and 3 at 10 of oil are 94 of cost, over 3 pieces.",
        (*TWO_LAYERS, RAW, Step(made(consume=[goods("TEA", "12"), goods("OIL", "3")], produce=[goods("ICE", "3")]),
                                "94.00")),
        stock={"ICE": "3 94", "TEA": "8 56", "OIL": "7 70"}),
    "made of nothing, at a rate": Example(
        "Nothing consumed: each produced line says its rate, against stock adjustment.",
        (Step(made(produce=[goods("TEA", "4", "2.50")]), "10.00", "10.00", "1140 10 | 5040 -10"),),
        stock={"TEA": "4 10"}),
    "consumed for nothing": Example(
        "Spoilt goods: their cost goes to stock adjustment.",
        (RAW, Step(made(consume=[goods("OIL", "3")]), "30.00", "30.00", "1140 -30 | 5040 30")),
        stock={"OIL": "7 70"}),
    "a share on one line and none on the other": Example(
        "Shares on all produced lines or on none.",
        (RAW, Step(made(consume=[goods("OIL", "1")], produce=[goods("TEA", "1", share="1"), goods("ICE", "1")]),
                   refused="INV-005")),
        stock={"OIL": "10 100"}),
}

BELOW_ZERO = {
    "a deficit settled by the next receipt at a higher cost": Example(
        "5 at 10; 8 leave for 80, 3 of them at the cost last known. The next 10 at 12 make good 3: 6 of variance.",
        (Step(bought(1, "TEA", "5", "10")), Step(sold(2, "TEA", "8"), "80.00"),
         Step(bought(3, "TEA", "10", "12"), None, "120.00", "1140 114 | 5030 6 | 2110/S001 -120")),
        stock={"TEA": "7 84"}, layers={"TEA": "7 84"}, balances={"5010": "80", "5030": "6", "1140": "84"},
        settings={"negative_stock": "allow"}),
    "settled by two receipts, oldest first": Example(
        "4 owed at 10: 1 comes at 8 (2 gained), then 5 at 11: 3 at 33 for 30 (3 lost), 2 remain.",
        (Step(bought(1, "TEA", "1", "10")), Step(sold(2, "TEA", "5"), "50.00"),
         Step(bought(3, "TEA", "1", "8"), None, "8.00", "1140 10 | 5030 -2 | 2110/S001 -8"),
         Step(bought(4, "TEA", "5", "11"), None, "55.00", "1140 52 | 5030 3 | 2110/S001 -55")),
        stock={"TEA": "2 22"}, balances={"5030": "1", "1140": "22"}, settings={"negative_stock": "allow"}),
    "an averaged item below zero": Example(
        "The same for a pool: 2 at 10, 5 out for 50, 10 in at 13: 3 at 39 for 30, 7 for 91 left.",
        (Step(bought(1, "OIL", "2", "10")), Step(sold(2, "OIL", "5"), "50.00"), Step(bought(3, "OIL", "10", "13"))),
        stock={"OIL": "7 91"}, balances={"5030": "9"}, settings={"negative_stock": "allow"}),
    "settled by a transfer": Example(
        "Goods moved in settle what the place owes as any receipt does: 2 owed at 10, 4 come at 12; 4 lost.",
        (Step(bought(1, "TEA", "1", "10", warehouse="SHOP")), Step(sold(2, "TEA", "3", warehouse="SHOP"), "30.00"),
         Step(bought(3, "TEA", "5", "12")), Step(transfer([goods("TEA", "4")], date="2026-04-04"), "48.00")),
        stock={"TEA": "1 12", "TEA@SHOP": "2 24"}, balances={"5030": "4", "1140": "36"},
        settings={"negative_stock": "allow"}),
    "settled by a return": Example(
        "2 of 5 come back at what they were issued at, which is what is owed for them.",
        (Step(bought(1, "TEA", "1", "10")), Step(sold(2, "TEA", "5", key="s"), "50.00"),
         Step(document("SALES_RETURN", 3, [goods("TEA", "2", "20")], party="C001", warehouse="MAIN", against="key:s",
                       **PLAIN), "20.00")),
        stock={"TEA": "-2 -20"}, balances={"5030": "0", "1140": "-20"}, settings={"negative_stock": "allow"}),
    "settled by production": Example(
        "3 owed at 10, 4 made for 60: 3 of them are 45; 15 lost, one left for 15.",
        (Step(bought(1, "TEA", "1", "10")), Step(sold(2, "TEA", "4"), "40.00"), Step(bought(3, "OIL", "6", "10")),
         Step(document("STOCK_JOURNAL", 4, warehouse="MAIN", consume=[goods("OIL", "6")], produce=[goods("TEA", "4")]),
              "60.00")),
        stock={"TEA": "1 15", "OIL": "0 0"}, balances={"5030": "15", "1140": "15"},
        settings={"negative_stock": "allow"}),
    "goods that never had a cost": Example(
        "Nothing says what they cost: refused.",
        (Step(sold(2, "TEA", "1"), refused="INV-005"),), settings={"negative_stock": "allow"}),
    "not allowed": Example(
        "Off unless the organization or the item allows it.",
        (Step(bought(1, "TEA", "5", "10")), Step(sold(2, "TEA", "6"), refused="INV-001")), stock={"TEA": "5 50"}),
}


def counted(*lines: dict[str, object]) -> dict[str, object]:
    """What was counted in MAIN."""
    return document("PHYSICAL_STOCK", 10, list(lines), warehouse="MAIN")


def count(item: str, quantity: str, **more: object) -> dict[str, object]:
    """A line of it."""
    return {"item": item, "counted_quantity": quantity, **more}


COUNTS = {
    "a shortage leaves at the cost it has": Example(
        "20 in two layers, 7 counted: 10 × 5 + 3 × 7 = 71 to stock adjustment.",
        (*TWO_LAYERS, Step(counted(count("TEA", "7")), "71.00", None, "1140 -71 | 5040 71")),
        layers={"TEA": "7 49"}, switched=(ON["PHYSICAL_STOCK"],)),
    "a surplus enters at current cost": Example(
        "20 for 120, 22 counted: 2 at 6; as a layer at the end.",
        (*TWO_LAYERS, Step(counted(count("TEA", "22")), "12.00", None, "1140 12 | 5040 -12")),
        layers={"TEA": "10 50 | 10 70 | 2 12"}, switched=(ON["PHYSICAL_STOCK"],)),
    "a surplus at the rate given": Example(
        "2 at 6.50; what was there is never re-rated.",
        (*TWO_LAYERS, Step(counted(count("TEA", "22", rate="6.50")), "13.00", None, "1140 13 | 5040 -13")),
        layers={"TEA": "10 50 | 10 70 | 2 13"}, switched=(ON["PHYSICAL_STOCK"],)),
    "as counted": Example(
        "A count without a difference posts, as evidence.",
        (*TWO_LAYERS, Step(counted(count("TEA", "20")), "0.00", None, "")),
        layers={"TEA": "10 50 | 10 70"}, switched=(ON["PHYSICAL_STOCK"],)),
    "compared with the quantity on its date": Example(
        "20 on the 10th, though 5 left on the 12th: 19 counted are one short, not four too many.",
        (*TWO_LAYERS, Step(sold(12, "TEA", "5"), "25.00"), Step(counted(count("TEA", "19")), "5.00")),
        stock={"TEA": "14 90"}, switched=(ON["PHYSICAL_STOCK"],)),
    "several items at once": Example(
        "One short by 10, one over by 20: cost is what left, the journal both.",
        (Step(bought(1, "TEA", "10", "5")), Step(bought(1, "OIL", "10", "10")),
         Step(counted(count("TEA", "8"), count("OIL", "12")), None, None, "1140 10 | 5040 -10")),
        stock={"TEA": "8 40", "OIL": "12 120"}, switched=(ON["PHYSICAL_STOCK"],)),
}


OPENINGS = {
    "opening stock": Example(
        "Stock at hand when the books begin, against the opening difference.",
        (Step(document("OPENING_STOCK", 1, [goods("TEA", "10", "5"), goods("OIL", "2.5", "4")], warehouse="MAIN"),
              "60.00", "60.00", "1140 60 | 3030 -60"), Step(sold(2, "TEA", "4"), "20.00")),
        stock={"TEA": "6 30", "OIL": "2.5 10"}, switched=(ON["OPENING_STOCK"],)),
    "opening balances": Example(
        "What is missing for a balance goes to the opening difference.",
        (Step(document("OPENING_BALANCE", 1, [
            {"account": "1110", "debit": "500"}, {"account": "1130", "party": "C001", "debit": "80"},
            {"account": "3010", "credit": "550"}]), "0.00", None, "1110 500 | 1130/C001 80 | 3010 -550 | 3030 -30"),),
        open={"C001": "80"}, switched=(ON["OPENING_BALANCE"],)),
}

MOVES = {
    "a transfer keeps cost and joins the end of the queue": Example(
        "15 of 10 × 5 and 10 × 6 move 80; sold there, they cost what they cost here.",
        (Step(bought(2, "TEA", "10", "5")), Step(bought(3, "TEA", "10", "6")),
         Step(transfer([goods("TEA", "15")], date="2026-04-04"), "80.00", "80.00", ""),
         Step(sold(5, "TEA", "12", warehouse="SHOP"), "62.00")),
        stock={"TEA": "5 30", "TEA@SHOP": "3 18"}),
    "a service is sold without moving stock": Example(
        "Items that are not stocked are income when sold and expense when bought; nothing moves.",
        (Step(sale([goods("REPAIR", "1", "80")], **PLAIN), "0.00", "80.00", "1130/C001 80 | 4010 -80"),
         Step(bought(2, "REPAIR", "1", "50"), "0.00", "50.00", "5010 50 | 2110/S001 -50"))),
    "batches of a pool have quantity only": Example(
        "4 at 10 of B1 and 4 at 12.50 of B2 are one pool of 90: 4 of B2 cost 45.",
        (Step(bought(1, "SYRUP", "4", "10", line={"batch": "B1"})),
         Step(bought(2, "SYRUP", "4", "12.50", line={"batch": "B2"})),
         Step(sold(3, "SYRUP", "4", line={"batch": "B2"}), "45.00"),
         Step(sold(4, "SYRUP", "1", line={"batch": "B2"}), refused="INV-001")),
        stock={"SYRUP": "4 45"}),
    "batches of layers have their own cost": Example(
        "A named batch is binding, and its cost is its own layers'.",
        (Step(bought(1, "PILL", "4", "10", line={"batch": "B1"})),
         Step(bought(2, "PILL", "4", "12.50", line={"batch": "B2"})),
         Step(sold(3, "PILL", "3", line={"batch": "B2"}), "37.50"),
         Step(sold(4, "PILL", "2", line={"batch": "B2"}), refused="INV-001")),
        stock={"PILL": "5 52.5"}),
}

TABLES = {
    "cost formulas": COST_FORMULAS, "cost of purchase": COST_OF_PURCHASE, "landed cost": LANDED_COST,
    "production": PRODUCTION, "below zero": BELOW_ZERO, "counts": COUNTS, "openings": OPENINGS, "moves": MOVES,
}


@pytest.mark.parametrize("example", [
    pytest.param(example, id=f"{table}: {name}") for table, rows in TABLES.items() for name, example in rows.items()])
def test_the_books_come_to_what_was_worked_out_by_hand(trade: Trade, example: Example) -> None:
    example.play(trade)
