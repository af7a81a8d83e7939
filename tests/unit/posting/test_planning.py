"""Plans follow from blueprint, document and stock alone: no clock, no database."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.blueprints.baseline import load_baseline
from erpdesk.domain.journal import imbalance
from erpdesk.domain.money import plain
from helpers.posting_plans import blueprint, id_of, journal_of, planned, read, stock_rows

MONEY = {
    "CASH_RECEIPT": ("1110", 1), "CASH_PAYMENT": ("1110", -1), "CASH_TRANSFER": ("1110", -1),
    "BANK_RECEIPT": ("1120", 1), "BANK_PAYMENT": ("1120", -1), "BANK_TRANSFER": ("1120", -1)}


def moved(plan: Any) -> list[tuple[str, str]]:
    """Quantity and value of each movement."""
    return [(plain(movement.quantity), plain(movement.value)) for movement in plan.movements]


def test_a_journal_is_planned_as_typed() -> None:
    plan = planned({"type": "JOURNAL", "lines": [{"account": "1110", "debit": "7"}, {"account": "3010",
                                                                                     "credit": "7"}]})
    assert (journal_of(plan), plan.faults, plan.total) == ([("1110", "7"), ("3010", "-7")], (), Decimal(7))


def test_an_unbalanced_journal_is_a_fault_of_the_plan_too() -> None:
    plan = planned({"type": "JOURNAL", "lines": [{"account": "1110", "debit": "7"}]})
    assert [(fault.code, fault.details["difference"]) for fault in plan.faults] == [("GL-001", "7.00")]


@pytest.mark.parametrize(("code", "header", "sign"), [(code, *rule) for code, rule in MONEY.items()])
def test_money_vouchers_move_the_header_against_every_line(code: str, header: str, sign: int) -> None:
    amounts = {"6020": 30, "4010": 10}
    if code.endswith("TRANSFER"):
        amounts = {"1120" if header == "1110" else "1110": 40}
    lines = [{"account": account, "amount": str(amount)} for account, amount in amounts.items()]
    plan = planned({"type": code, "account": header, "lines": lines})
    others = [(account, str(-amount * sign)) for account, amount in amounts.items()]
    assert journal_of(plan) == [(header, str(40 * sign)), *others]
    assert plan.total == 40


@pytest.mark.parametrize(("code", "party", "control", "sign"), [
    ("DEBIT_NOTE", "S001", "2110", 1), ("CREDIT_NOTE", "C001", "1130", -1)])
def test_notes_make_an_open_item_of_the_party(code: str, party: str, control: str, sign: int) -> None:
    plan = planned({"type": code, "party": party, "lines": [{"account": "5020", "amount": "9"}]})
    assert journal_of(plan) == [(f"{control}/{party}", str(9 * sign)), ("5020", str(-9 * sign))]
    [item] = plan.open_items
    assert (item.party_id, item.account_id, item.amount) == (id_of(party), id_of(control), 9 * sign)


def test_a_purchase_values_goods_with_discount_and_freight_and_leaves_tax_out() -> None:
    plan = planned({
        "type": "PURCHASE_INVOICE", "party": "S001", "warehouse": "MAIN",
        "lines": [{"item": "TEA", "quantity": "10", "rate": "5"}, {"item": "OIL", "quantity": "5", "rate": "10"}],
        "charges": [{"code": "DISC", "amount": "10"}, {"code": "FREIGHT", "amount": "12"}]})
    assert journal_of(plan) == [("2110/S001", "-115.26"), ("1140", "102"), ("1150", "13.26")]
    assert moved(plan) == [("10", "51"), ("5", "51")]
    assert [(plain(layer.quantity), plain(layer.value)) for layer in plan.layers] == [("10", "51")]
    assert (plan.cost, plan.total) == (Decimal(102), Decimal("115.26"))


def test_a_purchase_of_services_is_expense_and_moves_nothing() -> None:
    plan = planned({"type": "PURCHASE_INVOICE", "party": "S001", "lines": [{"item": "REPAIR", "quantity": "1",
                                                                            "rate": "50"}],
                    "auto_charges": False})
    assert (journal_of(plan), plan.movements) == ([("2110/S001", "-50"), ("5010", "50")], ())


SALE = {"type": "SALES_INVOICE", "party": "C001", "warehouse": "MAIN", "auto_charges": False}


def test_a_sale_takes_layers_in_their_order_and_books_cost_beside_price() -> None:
    stock = stock_rows("TEA", ("10", "50"), ("10", "61"))
    plan = planned({**SALE, "lines": [{"item": "TEA", "quantity": "13", "rate": "9"}]}, stock)
    assert journal_of(plan) == [("1130/C001", "117"), ("4010", "-117"), ("5010", "68.3"), ("1140", "-68.3")]
    assert moved(plan) == [("-10", "-50"), ("-3", "-18.3")]
    assert [movement.layer_id for movement in plan.movements] == [id_of("layer 1"), id_of("layer 2")]


def test_lines_of_one_item_take_one_after_the_other() -> None:
    stock = stock_rows("TEA", ("10", "50"), ("10", "61"))
    lines = [{"item": "TEA", "quantity": "8", "rate": "9"}, {"item": "TEA", "quantity": "8", "rate": "9"}]
    assert moved(planned({**SALE, "lines": lines}, stock)) == [("-8", "-40"), ("-2", "-10"), ("-6", "-36.6")]


def test_a_sale_from_a_pool_takes_the_average() -> None:
    stock = stock_rows("OIL", ("7", "80"))
    plan = planned({**SALE, "lines": [{"item": "OIL", "quantity": "2", "rate": "9"}, {"item": "OIL", "quantity": "5",
                                                                                      "rate": "9"}]},
                   stock)
    assert moved(plan) == [("-2", "-22.86"), ("-5", "-57.14")]


@pytest.mark.parametrize("item", ["TEA", "OIL"])
def test_a_line_that_is_short_is_a_fault_and_moves_nothing(item: str) -> None:
    plan = planned({**SALE, "lines": [{"item": item, "quantity": "8", "rate": "9"}]}, stock_rows(item, ("7", "80")))
    assert [(fault.code, fault.field, fault.details["available"]) for fault in plan.faults] == [
        ("INV-001", "lines[0].quantity", "7")]
    assert plan.movements == ()


def test_reserved_stock_and_later_shortness_bound_what_is_free() -> None:
    stock = stock_rows("OIL", ("7", "80"))
    document = {**SALE, "lines": [{"item": "OIL", "quantity": "5", "rate": "9"}]}
    for name, value in (("reserved", "3"), ("least_later", "4")):
        stock["balances"][0][name] = value
        assert [fault.details["available"] for fault in planned(document, stock).faults] == ["4"]
        stock["balances"][0][name] = {"reserved": 0, "least_later": None}[name]


def test_a_named_batch_is_binding() -> None:
    stock = stock_rows("PILL", ("5", "10", "B1"), ("5", "15", "B2"))
    named = planned({**SALE, "lines": [{"item": "PILL", "quantity": "4", "rate": "9", "batch": "B2"}]}, stock)
    assert moved(named) == [("-4", "-12")]
    short = planned({**SALE, "lines": [{"item": "PILL", "quantity": "6", "rate": "9", "batch": "B2"}]}, stock)
    assert short.faults[0].message == "Insufficient stock of PILL batch B2 in MAIN: 6 needed, 5 available"


TRANSFER = {"type": "STOCK_TRANSFER", "from_warehouse": "MAIN", "to_warehouse": "SHOP"}


def test_a_fifo_transfer_moves_each_part_with_batch_cost_and_origin() -> None:
    stock = stock_rows("PILL", ("5", "10", "B1"), ("5", "15", "B2"))
    plan = planned({**TRANSFER, "lines": [{"item": "PILL", "quantity": "7"}]}, stock)
    assert moved(plan) == [("-5", "-10"), ("-2", "-6"), ("5", "10"), ("2", "6")]
    assert [(layer.batch_id, layer.origin_layer_id) for layer in plan.layers] == [
        (id_of("B1"), id_of("layer 1")), (id_of("B2"), id_of("layer 2"))]
    assert (journal_of(plan), plan.cost, plan.total) == ([], Decimal(16), Decimal(16))
    pairs = [movement.transfer_id for movement in plan.movements]
    assert pairs[:2] == pairs[2:]
    assert len(set(pairs)) == 2


def test_an_average_transfer_takes_batches_in_order_at_the_pool_average() -> None:
    stock = stock_rows("SYRUP", ("4", "40", "B1"), ("4", "50", "B2"))
    plan = planned({**TRANSFER, "lines": [{"item": "SYRUP", "quantity": "6"}]}, stock)
    assert moved(plan) == [("-4", "-45"), ("-2", "-22.5"), ("4", "45"), ("2", "22.5")]
    assert [movement.batch_id for movement in plan.movements[:2]] == [id_of("B1"), id_of("B2")]
    assert plan.layers == ()


def test_a_transfer_between_inventory_accounts_is_journalled_at_cost() -> None:
    plan = planned({**TRANSFER, "to_warehouse": "COLD", "lines": [{"item": "TEA", "quantity": "2"}]},
                   stock_rows("TEA", ("10", "50")))
    assert journal_of(plan) == [("1145", "10"), ("1140", "-10")]


def test_what_rounding_adds_goes_to_round_off_on_the_other_side() -> None:
    shipped = blueprint("SALES_INVOICE")
    rounding = replace(shipped, voucher_type=replace(shipped.voucher_type, round_to=Decimal(1)))
    plan = planned({**SALE, "lines": [{"item": "REPAIR", "quantity": "1", "rate": "9.40"}]}, like=rounding)
    assert journal_of(plan) == [("1130/C001", "9"), ("4010", "-9.4"), ("6030", "0.4")]


@pytest.mark.parametrize(("charges", "code", "place"), [
    ([{"code": "NOPE"}], "VCH-004", "charges[0].code"), ([{"code": "VAT", "amount": "1"}], "VCH-008",
                                                         "charges[0].amount"),
    ([{"code": "VAT", "rate": "5"}], "VCH-008", "charges[0].rate"), ([{"code": "FREIGHT", "amount": "-1"}], "VCH-004",
                                                                     "charges[0].amount"),
    ([{"code": "FREIGHT", "amount": "1.001"}], "VCH-004", "charges[0].amount"),
    ([{"code": "DISC", "amount": "50.01"}], "VCH-009", "charges")])
def test_charges_that_may_not_be_are_faults_with_their_place(charges: list[dict[str, str]], code: str,
                                                             place: str) -> None:
    _, faults = read({"type": "PURCHASE_INVOICE", "party": "S001", "charges": charges,
                      "lines": [{"item": "TEA", "quantity": "10", "rate": "5"}]})
    assert (code, place) in [(fault.code, fault.field) for fault in faults]


def test_a_computed_charge_may_be_repeated_with_its_own_figure() -> None:
    _, faults = read({"type": "PURCHASE_INVOICE", "party": "S001", "charges": [{"code": "vat", "amount": "6.50",
                                                                                "rate": "13"}],
                      "lines": [{"item": "TEA", "quantity": "10", "rate": "5"}]})
    assert faults == []


counts = st.integers(1, 99).map(str)
prices = st.decimals("0.01", "9999", places=2).map(str)
priced = st.fixed_dictionaries({"item": st.sampled_from(["TEA", "OIL"]), "quantity": counts, "rate": prices,
                                "discount_percent": st.integers(0, 100).map(str)})


@given(st.lists(priced, min_size=1, max_size=10), st.decimals("0", "500", places=2).map(str),
       st.sampled_from([one.code for one in load_baseline("NP") if one.code in ("PURCHASE_INVOICE", "SALES_INVOICE")]))
def test_every_plan_balances_and_inventory_accounts_follow_stock(rows: list[dict[str, str]], charge: str,
                                                                 code: str) -> None:
    tea, oil = stock_rows("TEA", ("500", "777.77"), ("500", "1234.56")), stock_rows("OIL", ("1000", "3333.33"))
    stock = {name: tea[name] + oil[name] for name in tea}
    name = "FREIGHT" if code == "PURCHASE_INVOICE" else "VAT"
    document = {"type": code, "party": "S001" if code == "PURCHASE_INVOICE" else "C001", "warehouse": "MAIN",
                "lines": rows,
                "charges": [{"code": name, **({"amount": charge} if name == "FREIGHT" else {})}]}
    plan = planned(document, stock)
    assert imbalance(plan.journal) == 0
    inventory = sum(line.amount for line in plan.journal if line.account_id == id_of("1140"))
    assert inventory == sum(movement.value for movement in plan.movements)
    assert all(line.amount == round(line.amount, 2) != 0 for line in plan.journal)
    owed = sum(item.amount for item in plan.open_items)
    assert abs(owed) == plan.total
