"""Figures for people: grouped, a true minus, as many decimals as asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.figures import LAKH, MINUS, WESTERN, grouped, shown, shown_text

D = Decimal


@pytest.mark.parametrize(("digits", "western", "lakh"), [
    ("", "", ""), ("7", "7", "7"), ("123", "123", "123"), ("1234", "1,234", "1,234"), ("12345", "12,345", "12,345"),
    ("123456", "123,456", "1,23,456"), ("1234567", "1,234,567", "12,34,567"),
    ("1234567890", "1,234,567,890", "1,23,45,67,890")])
def test_whole_digits_are_grouped(digits: str, western: str, lakh: str) -> None:
    assert (grouped(digits, WESTERN), grouped(digits, LAKH)) == (western, lakh)


@given(st.integers(0, 10 ** 18), st.sampled_from([WESTERN, LAKH]))
def test_commas_are_all_that_grouping_adds(number: int, grouping: str) -> None:
    text = grouped(str(number), grouping)
    assert text.replace(",", "") == str(number)
    assert all(1 <= len(part) <= 3 for part in text.split(","))


@pytest.mark.parametrize(("figure", "decimals", "text"), [
    ("1234.5", 2, "1,234.50"), ("1234.565", 2, "1,234.57"), ("0", 2, "0.00"), ("-1234.5", 2, f"{MINUS}1,234.50"),
    ("-0.001", 2, "0.00"), ("-0.005", 2, f"{MINUS}0.01"), ("1234.5", 0, "1,235"), ("-10", 0, f"{MINUS}10"),
    ("1E+3", 2, "1,000.00"), ("1234.500", None, "1,234.5"), ("1200", None, "1,200"), ("1200.00", None, "1,200"),
    ("0.000", None, "0"), ("-0.10", None, f"{MINUS}0.1"), ("1E+3", None, "1,000")])
def test_a_figure_is_shown_to_its_decimals(figure: str, decimals: int | None, text: str) -> None:
    assert shown(D(figure), decimals) == text


def test_lakhs_are_shown_where_they_are_wanted() -> None:
    assert shown(D("-1234567.891"), 2, LAKH) == f"{MINUS}12,34,567.89"
    assert shown(D("1234567.891"), grouping=LAKH) == "12,34,567.891"


@pytest.mark.parametrize(("raw", "text"), [
    ("1234.50", "1,234.5"), ("0.00", "0"), ("", ""), ("abc", "abc"), ("12abc", "12abc"), ("-5", f"{MINUS}5")])
def test_text_that_is_no_number_stands_as_it_was_typed(raw: str, text: str) -> None:
    assert shown_text(raw) == text


def test_decimals_and_grouping_hold_for_text_too_and_zero_may_be_left_out() -> None:
    assert shown_text("1234567.5", 2, LAKH) == "12,34,567.50"
    assert (shown_text("0", 2), shown_text("0", 2, zero=False), shown_text("0.01", 2, zero=False)) == (
        "0.00", "", "0.01")
