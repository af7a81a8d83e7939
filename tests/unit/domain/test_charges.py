"""Footer charges: worked tables of each base, direction and rounding, and the algebra of their shares."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.charges import ChargeableLine, ChargeFigures, ChargeRule, compute_charges
from erpdesk.domain.money import money

D = Decimal


def rule(code: str, rate: str | None = None, amount: str | None = None, **more: Any) -> ChargeRule:
    """A rule that adds to the running total unless told otherwise."""
    more = {"base": "items_total", "deduct": False, **more}
    return ChargeRule(code, code.title(), rate=D(rate) if rate else None, amount=D(amount) if amount else None, **more)


def lines(*amounts: str, quantities: str = "", classes: str = "", gross: str = "") -> list[ChargeableLine]:
    """Lines by amount; quantities 1 each, gross as the amount, unless given as words."""
    counts = quantities.split() or ["1"] * len(amounts)
    before = gross.split() or amounts
    kinds = classes.split() or [""] * len(amounts)
    return [ChargeableLine(D(a), D(g), D(q), k or None) for a, g, q, k in zip(amounts, before, counts, kinds,
                                                                              strict=True)]


def computed(rows: list[ChargeableLine], *rules: ChargeRule) -> dict[str, ChargeFigures]:
    """Charges by code, in rupees and paisa."""
    return {charge.rule.code: charge for charge in compute_charges(rows, rules, 2)}


DISC = rule("DISC", amount="10", deduct=True)
VAT = rule("VAT", "13", base="running_total")


def test_running_total_counts_earlier_charges_that_are_in_the_total() -> None:
    found = computed(lines("50", "50"), DISC, rule("FREIGHT", amount="12"),
                     rule("TDS", "1", included_in_total=False), VAT)
    assert {code: (charge.base, charge.amount, charge.signed) for code, charge in found.items()} == {
        "DISC": (D(100), D(10), D(-10)), "FREIGHT": (D(100), D(12), D(12)), "TDS": (D(100), D("1.00"), D(0)),
        "VAT": (D(102), D("13.26"), D("13.26"))}


def test_charges_follow_their_order() -> None:
    assert computed(lines("100"), VAT, DISC)["VAT"].amount == D("13.00")
    assert computed(lines("100"), DISC, VAT)["VAT"].amount == D("11.70")


@pytest.mark.parametrize(("base", "rate", "amount"), [
    ("items_total", "10", "9.00"), ("gross", "10", "10.00"), ("quantity", "2.5", "17.50"), ("running_total", "10",
                                                                                            "8.00"),
    (("DISC",), "10", "-1.00")])
def test_each_base_is_what_it_says(base: Any, rate: str, amount: str) -> None:
    rows = lines("40", "50", gross="45 55", quantities="3 4")
    assert computed(rows, DISC, rule("X", rate, base=base))["X"].amount == D(amount)


def test_a_charge_may_be_based_on_several_earlier_ones() -> None:
    rules = (rule("EXCISE", "10"), rule("CESS", "2", base=("EXCISE",)), rule("SUR", "5", base=("EXCISE", "CESS")))
    found = computed(lines("1000"), *rules)
    assert [found[code].amount for code in ("EXCISE", "CESS", "SUR")] == [D(100), D(2), D("5.10")]


def test_a_tax_inside_the_price_is_taken_out_of_it_and_not_added() -> None:
    found = computed(lines("113", "56.50"), rule("VAT", "13", included_in_price=True), rule("LATER", "10",
                                                                                            base="running_total"))
    assert (found["VAT"].amount, found["VAT"].signed, found["VAT"].shares) == (D("19.50"), D(0), (D("13.00"),
                                                                                                  D("6.50")))
    assert found["LATER"].base == D("169.50")


def test_rounding_per_line_and_in_total_differ_as_they_should() -> None:
    rows = lines("0.05", "0.05", "0.05")  # 13 % of each is 0.0065
    assert computed(rows, rule("T", "13"))["T"].amount == D("0.02")
    assert computed(rows, rule("T", "13", per_line=True))["T"].amount == D("0.03")


def test_a_charge_rounded_per_line_is_shared_as_it_was_rounded() -> None:
    charge = computed(lines("0.05", "0.10", "0.05"), rule("T", "13", per_line=True))["T"]
    assert (charge.amount, charge.shares) == (D("0.03"), (D("0.01"), D("0.01"), D("0.01")))


def test_a_charge_rounded_per_line_may_still_go_by_quantity_and_says_its_base() -> None:
    rows = lines("10", "20", quantities="3 1")
    charge = computed(rows, rule("T", "10", per_line=True, allocate_by="quantity"))["T"]
    assert (charge.base, charge.amount, charge.shares) == (D(30), D("3.00"), (D("2.25"), D("0.75")))
    by_line = computed(rows, rule("T", "10", per_line=True))["T"]
    assert (by_line.base, by_line.shares) == (D(30), (D("1.00"), D("2.00")))


def test_a_line_may_override_the_rate_and_bears_what_it_says() -> None:
    charge = computed(lines("100", "100", "100"), rule("T", "13", line_rates=(None, D(0), D(5))))["T"]
    assert (charge.amount, charge.shares) == (D("18.00"), (D("13.00"), D("0.00"), D("5.00")))


def test_a_charge_rounds_to_its_own_step() -> None:
    assert computed(lines("101"), rule("T", "13", round_to=D("0.5")))["T"].amount == D("13.0")
    assert computed(lines("102"), rule("T", "13", round_to=D("0.5")))["T"].amount == D("13.5")


def test_a_tax_class_works_on_the_running_total_of_its_lines_alone() -> None:
    rows = lines("100", "200", "100", classes="STD EXEMPT STD")
    found = computed(rows, replace(DISC, amount=D(40)), replace(VAT, tax_class="STD"))
    # the discount splits 10, 20, 10 over all lines first: 13 % of 90 + 90
    assert (found["VAT"].base, found["VAT"].amount) == (D(180), D("23.40"))
    assert found["VAT"].shares == (D("11.70"), D(0), D("11.70"))


def test_a_tax_class_that_no_line_has_costs_nothing() -> None:
    charge = computed(lines("100"), replace(VAT, tax_class="STD"))["VAT"]
    assert (charge.base, charge.amount, charge.shares) == (D(0), D(0), (D(0),))


@pytest.mark.parametrize(("by", "shares"), [("value", ("3.00", "6.00")), ("quantity", ("6.75", "2.25")), ("none",
                                                                                                          ("3.00",
                                                                                                           "6.00"))])
def test_shares_go_by_value_or_by_quantity(by: str, shares: tuple[str, str]) -> None:
    charge = computed(lines("10", "20", quantities="3 1"), rule("FREIGHT", amount="9", allocate_by=by))["FREIGHT"]
    assert charge.shares == tuple(map(D, shares))


def test_without_value_shares_go_by_quantity_and_without_that_equally() -> None:
    freight = rule("FREIGHT", amount="9")
    assert computed(lines("0", "0", quantities="1 2"), freight)["FREIGHT"].shares == (D(3), D(6))
    assert computed(lines("0", "0", quantities="0 0"), freight)["FREIGHT"].shares == (D("4.5"), D("4.5"))
    by_quantity = replace(freight, allocate_by="quantity")
    assert computed(lines("1", "2", quantities="0 0"), by_quantity)["FREIGHT"].shares == (D(3), D(6))


def test_a_deduction_above_its_base_is_noticed() -> None:
    assert not computed(lines("10"), DISC)["DISC"].exceeds_base
    assert computed(lines("9.99"), DISC)["DISC"].exceeds_base
    assert not computed(lines("1"), rule("FREIGHT", amount="50"))["FREIGHT"].exceeds_base


amounts = st.decimals("0", "1000000", places=2)
any_line = st.builds(ChargeableLine, amounts, amounts, st.decimals("0", "1000", places=3),
                     st.sampled_from([None, "STD", "LOW"]))
rows_of_lines = st.lists(any_line, min_size=1, max_size=12)
rules_of_any_kind = st.lists(st.builds(
    lambda code, rate, amount, **more: ChargeRule(
        code, code, rate=rate if amount is None else None, amount=amount, **more),
    st.sampled_from(["A", "B", "C"]), st.decimals("0", "50", places=2), st.none() | amounts,
    base=st.sampled_from(["items_total", "running_total", "gross", "quantity", ("A", "B")]), deduct=st.booleans(),
    included_in_total=st.booleans(), included_in_price=st.booleans(), per_line=st.booleans(),
    tax_class=st.sampled_from([None, "STD"]), allocate_by=st.sampled_from(["none", "value", "quantity"])), max_size=5)


@given(rows_of_lines, rules_of_any_kind)
def test_shares_of_every_charge_add_up_to_it(rows: list[ChargeableLine], rules: list[ChargeRule]) -> None:
    for charge in compute_charges(rows, rules, 2):
        assert len(charge.shares) == len(rows)
        assert sum(charge.shares) == charge.amount
        assert charge.amount == money(charge.amount, 2)
