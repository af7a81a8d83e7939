"""What a voucher of priced lines adds up to, from line amounts to the net that is owed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.calculation import (
    Calculation,
    LineFigures,
    PricedLine,
    amount_figures,
    calculate,
    line_amount,
    summed,
)
from erpdesk.domain.charges import ChargeableLine, ChargeRule
from erpdesk.domain.money import money

D = Decimal

DISC = ChargeRule("DISC", "Discount", "items_total", True, amount=D("6"), allocate_by="value")
FREIGHT = ChargeRule("FREIGHT", "Freight", "items_total", False, amount=D("12"), allocate_by="value")
VAT = ChargeRule("VAT", "VAT", "running_total", False, rate=D(13))


@pytest.mark.parametrize(("quantity", "rate", "percent", "discount", "amount"), [
    ("10", "5.00", "0", "0", "50.00"), ("1.333", "7.77", "2.5", "0.01", "10.09"), ("3", "0.005", "0", "0", "0.02"),
    ("1", "100", "100", "0", "0.00"), ("1", "100", "12.5", "0.505", "87.00"), ("0", "5", "10", "0", "0.00"),
    ("1", "10", "0", "10.01", "-0.01")])
def test_a_line_is_quantity_times_rate_less_discounts_rounded_once(
        quantity: str, rate: str, percent: str, discount: str, amount: str) -> None:
    line = PricedLine(D(quantity), D(rate), D(percent), D(discount))
    assert line_amount(line, 2) == D(amount)


def test_a_purchase_of_ten_at_five_with_freight_and_tax() -> None:
    made = calculate([PricedLine(D(10), D(5))], [FREIGHT, VAT], 2)
    assert (made.items_total, made.net, made.rounding) == (D(50), D("70.06"), D(0))
    assert made.line_costs() == (D(62),)


def test_gross_discount_and_items_total_agree() -> None:
    made = calculate([PricedLine(D(2), D(10), D(5)), PricedLine(D(1), D(7), D(0), D(2))], [], 2)
    assert (made.gross, made.line_discount, made.items_total, made.quantity) == (D(27), D(3), D(24), D(3))


def test_costs_bear_what_is_allocated_to_cost_and_nothing_else() -> None:
    made = calculate([PricedLine(D(1), D(100)), PricedLine(D(1), D(200))], [DISC, FREIGHT, VAT], 2)
    assert made.line_costs() == (D(102), D(204))


@pytest.mark.parametrize(("step", "net", "rounding"), [(None, "70.06", "0"), ("1", "70", "-0.06"), ("0.05", "70.05",
                                                                                                    "-0.01"),
                                                       ("0.5", "70.00", "-0.06"), ("100", "100", "29.94")])
def test_the_net_rounds_to_a_step_after_all_charges(step: str | None, net: str, rounding: str) -> None:
    made = calculate([PricedLine(D(10), D(5))], [FREIGHT, VAT], 2, D(step) if step else None)
    assert (made.net, made.rounding) == (D(net), D(rounding))


def test_charges_by_quantity_count_in_the_stock_unit() -> None:
    by_quantity = ChargeRule("HANDLING", "Handling", "quantity", False, rate=D("0.5"))
    made = calculate([PricedLine(D(2), D(60), stock_quantity=D(24)), PricedLine(D(3), D(5))], [by_quantity], 2)
    assert (made.charges[0].base, made.charges[0].amount) == (D(27), D("13.50"))


def test_without_lines_there_is_nothing_to_charge() -> None:
    assert calculate([], [VAT], 2) == Calculation((), (), D(0), D(0), (), D(0), D(0))


lines = st.lists(st.builds(
    PricedLine, st.decimals("0", "9999", places=3), st.decimals("0", "9999", places=4), st.decimals("0", "100",
                                                                                                    places=2)),
    min_size=1, max_size=15)


@given(lines, st.decimals("0", "5000", places=2), st.sampled_from([None, D(1), D("0.05")]))
def test_the_parts_of_a_voucher_add_up_to_what_is_owed(rows: list[PricedLine], freight: D, step: D | None) -> None:
    freighted = ChargeRule("FREIGHT", "Freight", "items_total", False, amount=freight, allocate_by="value")
    made = calculate(rows, [freighted, VAT], 2, step)
    assert sum(made.line_amounts) == made.items_total
    assert sum(made.line_costs()) == made.items_total + freight
    assert made.items_total + sum(charge.signed for charge in made.charges) + made.rounding == made.net
    assert made.charges[1].amount == money((made.items_total + freight) * D("0.13"), 2)


def test_charges_know_each_line_before_its_discount_and_its_tax_class() -> None:
    lines = [PricedLine(D(2), D(10), D(10), tax_class="STD"), PricedLine(D(1), D(5), tax_class="EXEMPT")]
    rules = [ChargeRule("CESS", "Cess", "gross", False, rate=D(10)),
             ChargeRule("VAT", "VAT", "items_total", False, rate=D(13), tax_class="STD")]
    found = calculate(lines, rules, 2)
    assert [(charge.base, charge.amount) for charge in found.charges] == [(D(25), D("2.50")), (D(18), D("2.34"))]
    assert (found.gross, found.line_discount, found.net) == (D(25), D(2), D("27.84"))


def test_cost_takes_charges_allocated_to_it_and_passes_the_others_by() -> None:
    lines = [PricedLine(D(2), D(9)), PricedLine(D(1), D(5))]
    rules = [ChargeRule("VAT", "VAT", "items_total", False, rate=D(13)),
             ChargeRule("FREIGHT", "Freight", "items_total", False, amount=D(6), allocate_by="value"),
             ChargeRule("DISC", "Discount", "items_total", True, amount=D(1), allocate_by="quantity")]
    assert calculate(lines, rules, 2).line_costs() == (D("22.03"), D("5.97"))  # 18 + 4.70 − 0.67, 5 + 1.30 − 0.33


def test_lines_that_are_amounts_have_charges_but_no_quantity() -> None:
    figures = amount_figures(D("40.5"))
    assert figures == LineFigures(D(0), ChargeableLine(D("40.5"), D("40.5"), D(0), None))
    whole = summed([figures, amount_figures(D("9.5"))], [VAT], 2)
    assert (whole.quantity, whole.items_total, whole.net) == (D(0), D(50), D("56.50"))


def test_without_shares_the_totals_are_the_same_and_only_what_is_cost_is_split() -> None:
    lines = [amount_figures(D(40)), amount_figures(D(10))]
    told, split = (summed(lines, [FREIGHT, VAT], 2, with_shares=wanted) for wanted in (False, True))
    assert (told.net, [charge.amount for charge in told.charges]) == (split.net, [D(12), D("8.06")])
    assert [sum(charge.shares) for charge in split.charges] == [D(12), D("8.06")]
    assert [charge.shares for charge in told.charges] == [split.charges[0].shares, ()]
