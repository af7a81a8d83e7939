"""Journal lines stand on one side, merge where they differ in amount alone, and balance."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.journal import JournalLine, imbalance, merged

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
