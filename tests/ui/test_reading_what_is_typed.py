"""What clerks type into number and date fields, read by pure functions."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.ui.amount_words import amount_words
from erpdesk.ui.editors.arithmetic import NotArithmetic, compute
from erpdesk.ui.editors.date_shorthand import NotADate, read_date
from erpdesk.ui.figures import grouped, shown

NEAR, TODAY = date(2026, 11, 20), date(2026, 11, 21)


@pytest.mark.parametrize(("typed", "figure"), [
    ("12*45+10", "550"), ("1,234.50", "1234.50"), ("-5", "-5"), ("2*(3+4)", "14"), ("10/4", "2.5"),
    (".5", "0.5"), ("−7+2", "-5"), ("2--3", "5"),
])
def test_arithmetic_gives_exact_figures(typed: str, figure: str) -> None:
    assert compute(typed) == Decimal(figure)


@pytest.mark.parametrize("typed", ["", "abc", "1+", "(1", "1)", "1/0", "1e5", "__import__", "٣", "9" * 40, "1 2",
                                   "*2", "\x00", "1_000"])
def test_arithmetic_refuses_with_a_sentence(typed: str) -> None:
    with pytest.raises(NotArithmetic) as refused:
        compute(typed)
    assert str(refused.value)[0].isalpha() or str(refused.value)[0] == "“"


@given(st.text(max_size=60))
def test_arithmetic_never_breaks(typed: str) -> None:
    with suppress(NotArithmetic):
        assert compute(typed).is_finite()


@pytest.mark.parametrize(("typed", "day"), [
    ("5", "2026-11-05"), ("5-4", "2026-04-05"), ("5/4/26", "2026-04-05"), ("5.4.2027", "2027-04-05"),
    ("+1", "2026-11-21"), ("-1", "2026-11-19"), ("t", "2026-11-21"), ("T", "2026-11-21"),
    ("2026-12-31", "2026-12-31"), ("Fri 20-Nov-2026", "2026-11-20"), ("3 feb", "2026-02-03"),
])
def test_dates_are_read_short(typed: str, day: str) -> None:
    assert read_date(typed, NEAR, TODAY).isoformat() == day


@pytest.mark.parametrize("typed", ["32", "31-2", "x", "5-13", "0", "99/99/99", "+99999999"])
def test_dates_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(NotADate):
        read_date(typed, NEAR, TODAY)


@given(st.text(max_size=30))
def test_date_reading_never_breaks(typed: str) -> None:
    with suppress(NotADate):
        read_date(typed, NEAR, TODAY)


def test_figures_are_grouped_with_a_true_minus() -> None:
    assert shown(Decimal("-1234567.5"), 2) == "−1,234,567.50"
    assert shown(Decimal("1234567.5"), 2, "lakh") == "12,34,567.50"
    assert shown(Decimal("-0.001"), 2) == "0.00"
    assert shown(Decimal("10.500")) == "10.5"
    assert grouped("999", "lakh") == "999"


def test_amounts_stand_in_words() -> None:
    assert amount_words(Decimal("15340.00")) == "fifteen thousand three hundred forty only"
    assert amount_words(Decimal("203400"), 2, "lakh") == "two lakh three thousand four hundred only"
    assert amount_words(Decimal("0.25")) == "zero and 25/100 only"
