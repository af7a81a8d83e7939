"""Journal lines stand on one side, merge where they differ in amount alone, and balance."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.journal import JournalLine, imbalance, merged, no_line_counts, sides_differ
from erpdesk.domain.results import Fault, Step

D = Decimal

CASH, SALES = UUID(int=1), UUID(int=2)
LINE = JournalLine(CASH, "line", D("10"))


def test_a_line_stands_on_one_side() -> None:
    assert (LINE.debit, LINE.credit) == (D(10), D(0))
    assert (replace(LINE, amount=D("-3")).debit, replace(LINE, amount=D("-3")).credit) == (D(0), D(3))


def test_lines_that_differ_in_amount_alone_become_one_where_the_first_stood() -> None:
    lines = [LINE, replace(LINE, account_id=SALES, amount=D(-4)), replace(LINE, amount=D(5))]
    assert merged(lines) == (replace(LINE, amount=D(15)), replace(LINE, account_id=SALES, amount=D(-4)))


def test_lines_that_differ_in_anything_else_stay_apart() -> None:
    others = [replace(LINE, role="cost"), replace(LINE, party_id=SALES), replace(LINE, cost_centre_id=SALES),
              replace(LINE, narration="x"), replace(LINE, account_id=SALES)]
    assert merged([LINE, *others]) == (LINE, *others)


def test_zero_lines_and_lines_that_cancel_out_are_left_out() -> None:
    assert merged([replace(LINE, amount=D(0)), replace(LINE, role="a"), replace(LINE, role="a", amount=D(-10))]) == ()


@given(st.lists(st.builds(JournalLine, st.sampled_from([CASH, SALES]), st.sampled_from(["line", "cost"]),
                          st.decimals("-1000", "1000", places=2)), max_size=30))
def test_merging_keeps_the_balance_of_every_account(lines: list[JournalLine]) -> None:
    after = merged(lines)
    assert imbalance(after) == imbalance(lines) == sum(x.debit for x in lines) - sum(x.credit for x in lines)
    for account in (CASH, SALES):
        balances = [sum(x.amount for x in found if x.account_id == account) for found in (lines, after)]
        assert balances[0] == balances[1]
    assert merged(after) == after


@pytest.mark.parametrize(("stated", "together"), [
    ((D(2), D(3)), D(5)), ((D(2), None), D(2)), ((None, D(3)), D(3)), ((None, None), None)])
def test_what_merged_lines_say_in_the_vouchers_currency_is_added_too(
        stated: tuple[Decimal | None, Decimal | None], together: Decimal | None) -> None:
    whole = replace(LINE, party_id=SALES, cost_centre_id=CASH, narration="x")
    lines = [replace(whole, currency_amount=amount) for amount in stated]
    assert merged(lines) == (replace(whole, amount=D(20), currency_amount=together),)


def test_sides_that_differ_are_told_with_both_and_what_lacks() -> None:
    assert sides_differ(D("100"), D("99.5"), 2) == Fault(
        "GL-001", "Debit 100.00 and credit 99.50 differ by 0.50", "lines", Step.GL, {"difference": "0.50"})
    short = sides_differ(D("99.5"), D("100"), 1)
    assert (short.message, short.details) == (
        "Debit 99.5 and credit 100.0 differ by 0.5", {"difference": "-0.5"})


def test_a_voucher_of_nothing_is_told_at_its_lines() -> None:
    assert no_line_counts() == Fault("VCH-003", "The voucher has no line that does anything", "lines", Step.JOURNAL)
