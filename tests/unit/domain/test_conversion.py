"""Conversion to base: each part once, nothing lost between a total and its parts."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.calculation import PricedLine, calculate
from erpdesk.domain.charges import ChargeableLine, ChargeRule
from erpdesk.domain.currency import conversion_residue, convert_calculation, in_base
from erpdesk.domain.money import ZERO, money, product, share, total

D = Decimal
RATES = st.decimals("0.000001", "5000", places=6)
AMOUNTS = st.lists(st.decimals("0.01", "9999", places=2), min_size=1, max_size=6)


def test_money_converts_half_up_once() -> None:
    assert in_base(D("0.01"), D("133.333333"), 2) == D("1.33")
    assert in_base(D("0.015"), D("333"), 2) == D("5.00")
    assert in_base(D("-0.01"), D("150.5"), 2) == D("-1.51")
    assert in_base(D("1000"), D("0.912345"), 0) == D("912")


def based(lines: list[ChargeableLine]) -> list[ChargeableLine]:
    """The same lines as conversion is given them: quantities and tax classes, without amounts."""
    return [ChargeableLine(ZERO, ZERO, line.quantity, line.tax_class) for line in lines]


@given(AMOUNTS, RATES, st.decimals("0", "40", places=2), st.booleans(), st.booleans(), st.booleans())
def test_total_is_parts_and_residue_whatever_the_charges(
        amounts: list[Decimal], rate: Decimal, percent: Decimal, per_line: bool, in_cost: bool, deduct: bool) -> None:
    rules = (ChargeRule("A", "A", "items_total", deduct, rate=percent, per_line=per_line,
                        allocate_by="value" if in_cost else "none"),
             ChargeRule("B", "B", "running_total", False, rate=D("13")))
    figures = calculate([PricedLine(D(1), amount) for amount in amounts], rules, 2, D("0.05"))
    lines = [ChargeableLine(amount, amount, D(1)) for amount in amounts]
    made = convert_calculation(figures, based(lines), rate, 2)
    assert made.net == in_base(figures.net, rate, 2)
    assert made.line_amounts == tuple(in_base(amount, rate, 2) for amount in figures.line_amounts)
    for before, after in zip(figures.charges, made.charges, strict=True):
        assert (after.amount, total(after.shares)) == (in_base(before.amount, rate, 2),) * 2
    parts = total(made.line_amounts) + total(charge.signed for charge in made.charges) + made.rounding
    assert made.net == parts + conversion_residue(made)
    assert abs(conversion_residue(made)) <= D("0.005") * (len(amounts) + len(rules) + 2)


def test_a_charge_per_line_keeps_its_weights_in_base() -> None:
    rule = ChargeRule("T", "T", "items_total", False, per_line=True, line_rates=(D(10), D(0)), rate=D(10))
    figures = calculate([PricedLine(D(1), D(10)), PricedLine(D(1), D(10))], (rule,), 2)
    lines = [ChargeableLine(ZERO, ZERO, D(1))] * 2
    [charge] = convert_calculation(figures, lines, D("133.33"), 2).charges
    assert (charge.amount, charge.shares, charge.rule) == (D("133.33"), (D("133.33"), D(0)), rule)


def test_splits_happen_in_base() -> None:
    rule = ChargeRule("F", "F", "items_total", False, amount=D("0.02"), allocate_by="value")
    figures = calculate([PricedLine(D(1), D(1)), PricedLine(D(1), D(2))], (rule,), 2)
    lines = [ChargeableLine(ZERO, ZERO, D(1))] * 2
    [charge] = convert_calculation(figures, lines, D(1000), 2).charges
    assert figures.charges[0].shares == (D("0.01"), D("0.01"))
    assert charge.shares == (D("6.67"), D("13.33"))


@given(st.decimals("0.01", "99999", places=2), RATES, st.data())
def test_parts_of_an_open_item_add_up_to_it_in_both_currencies(
        amount: Decimal, rate: Decimal, data: st.DataObject) -> None:
    open_now, base = amount, money(product(amount, rate), 2)
    taken = base_taken = ZERO
    for _ in range(4):
        part = money(data.draw(st.decimals("0", "1", places=4)) * open_now, 2)
        if part == 0:
            continue
        base_part = share(base, part, open_now, 2)
        open_now, base, taken, base_taken = open_now - part, base - base_part, taken + part, base_taken + base_part
        assert (open_now >= 0, base >= 0) == (True, True)
        if open_now == 0:
            break
    assert taken + open_now == amount
    assert base_taken + base == money(product(amount, rate), 2)
    if open_now == 0:
        assert base == 0
