"""Vouchers in another currency: each figure converts once, splits happen in base, what is left over is said."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.calculation import PricedLine, calculate
from erpdesk.domain.charges import ChargeableLine, ChargeRule
from erpdesk.domain.currency import conversion_residue, convert_calculation, in_base
from erpdesk.domain.journal import JournalLine, stated_in_currency

D = Decimal
DISC = ChargeRule("DISC", "Discount", "items_total", True, amount=D("0.10"), allocate_by="value")
VAT = ChargeRule("VAT", "VAT", "running_total", False, rate=D(13))


@pytest.mark.parametrize(("amount", "rate", "decimals", "expected"), [
    ("10.01", "133.25", 2, "1333.83"), ("0.005", "1", 2, "0.01"), ("-0.005", "1", 2, "-0.01"),
    ("100", "0.0075", 0, "1")])
def test_money_converts_half_up_to_the_decimals_of_the_books(
        amount: str, rate: str, decimals: int, expected: str) -> None:
    assert str(in_base(D(amount), D(rate), decimals)) == expected


def test_lines_and_charges_convert_once_each_and_the_residue_is_what_the_total_has_more() -> None:
    lines = [PricedLine(D(1), D("0.05"), stock_quantity=D(1)), PricedLine(D(1), D("0.06"), D(50), stock_quantity=D(3))]
    rules = [ChargeRule("FEE", "Fee", "items_total", False, amount=D("0.03"))]
    figures = calculate(lines, rules, 2)  # 0.05, 0.03, fee 0.03: net 0.11
    plain = [ChargeableLine(D(0), D(0), D(1)), ChargeableLine(D(0), D(0), D(3))]
    based = convert_calculation(figures, plain, D("1.5"), 2)
    assert based.line_amounts == (D("0.08"), D("0.05"))  # 0.075, 0.045
    assert based.line_gross == (D("0.08"), D("0.09"))
    assert (based.quantity, based.items_total) == (D(2), D("0.13"))
    assert [(charge.amount, charge.shares) for charge in based.charges] == [(D("0.05"), (D("0.03"), D("0.02")))]
    assert (based.net, based.rounding) == (D("0.17"), D(0))  # 0.165
    assert conversion_residue(based) == D("-0.01")
    assert conversion_residue(figures) == 0


def test_rounding_converts_by_itself() -> None:
    figures = calculate([PricedLine(D(1), D("9.40"))], [], 2, D(1))
    based = convert_calculation(figures, [ChargeableLine(D(0), D(0), D(1))], D("2.5"), 2)
    assert (based.rounding, based.net, conversion_residue(based)) == (D("-1.00"), D("22.50"), D(0))


def test_charges_split_in_base_by_their_own_ways() -> None:
    lines = [PricedLine(D(1), D("0.10"), tax_class="STD"), PricedLine(D(1), D("0.30"), tax_class="EXEMPT")]
    plain = [ChargeableLine(D(0), D(0), D(3), "STD"), ChargeableLine(D(0), D(0), D(1), "EXEMPT")]
    rules = [DISC, ChargeRule("FREIGHT", "Freight", "items_total", False, amount=D("0.04"), allocate_by="quantity"),
             ChargeRule("TAX", "Tax", "items_total", False, rate=D(10), tax_class="STD"),
             ChargeRule("EACH", "Each", "items_total", False, rate=D(10), per_line=True)]
    based = convert_calculation(calculate(lines, rules, 2), plain, D(10), 2)
    found = {charge.rule.code: (charge.amount, charge.shares) for charge in based.charges}
    assert found == {"DISC": (D("1.00"), (D("0.25"), D("0.75"))), "FREIGHT": (D("0.40"), (D("0.30"), D("0.10"))),
                     "TAX": (D("0.10"), (D("0.10"), D("0.00"))), "EACH": (D("0.40"), (D("0.10"), D("0.30")))}
    assert [charge.rule for charge in based.charges] == rules
    assert based.charges[0].base == D("4.00")


def test_a_rate_overridden_on_a_line_keeps_its_weights() -> None:
    lines = [PricedLine(D(1), D(1)), PricedLine(D(1), D(1))]
    rule = ChargeRule("T", "T", "items_total", False, rate=D(10), line_rates=(D(0), D(30)), round_to=D("0.5"))
    figures = calculate(lines, [rule], 2)
    [charge] = convert_calculation(figures, [ChargeableLine(D(0), D(0), D(1))] * 2, D(3), 2).charges
    assert (figures.charges[0].amount, charge.amount, charge.shares) == (D("0.5"), D("1.50"), (D(0), D("1.50")))


@given(st.lists(st.decimals("0.01", "9999", places=2), min_size=1, max_size=6),
       st.decimals("0.000001", "999", places=6))
def test_parts_and_residue_are_the_total(prices: list[D], rate: D) -> None:
    figures = calculate([PricedLine(D(1), price) for price in prices], [VAT], 2)
    based = convert_calculation(figures, [ChargeableLine(D(0), D(0), D(1))] * len(prices), rate, 2)
    parts = sum(based.line_amounts) + based.charges[0].amount
    assert parts + conversion_residue(based) == based.net == in_base(figures.net, rate, 2)
    assert sum(based.charges[0].shares) == based.charges[0].amount


def test_lines_of_a_journal_say_what_they_are_in_the_vouchers_currency() -> None:
    first, second = UUID(int=1), UUID(int=2)
    base = [JournalLine(first, "party", D("133"), second), JournalLine(first, "goods", D("-132")),
            JournalLine(second, "exchange", D("-1"))]
    said = stated_in_currency(base, [JournalLine(first, "party", D(1), second), JournalLine(first, "goods", D(-1))])
    assert [(line.amount, line.currency_amount) for line in said] == [(133, 1), (-132, -1), (-1, None)]
