"""Money is exact, rounds half up away from zero, and splits without losing or favouring anything."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.money import (
    WIDE,
    decimal_places,
    floored,
    money,
    money_text,
    parse_decimal,
    plain,
    product,
    rounded,
    rounded_to,
    share,
    split,
    split_over,
    total,
)

D = Decimal

amounts = st.decimals("-1e12", "1e12", places=2)
weights = st.lists(st.decimals("0", "1e9", places=6), min_size=1, max_size=20).filter(any)


@pytest.mark.parametrize(("figure", "decimals", "expected"), [
    ("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("0.0049999", 2, "0.00"), ("-0.004", 2, "0.00"), ("2.5", 0, "3"),
    ("-2.5", 0, "-3"), ("1.2345675", 6, "1.234568"), ("999999999999999.995", 2, "1000000000000000.00"), ("7", 3,
                                                                                                         "7.000")])
def test_half_rounds_away_from_zero_and_zero_has_no_sign(figure: str, decimals: int, expected: str) -> None:
    assert str(money(D(figure), decimals)) == expected


@given(st.decimals("-1e14", "1e14", places=9), st.integers(0, 6))
def test_rounding_is_odd_and_never_off_by_more_than_half_a_unit(figure: D, decimals: int) -> None:
    assert rounded(-figure, decimals) == -rounded(figure, decimals)
    assert abs(rounded(figure, decimals) - figure) * 2 <= D(1).scaleb(-decimals)


@pytest.mark.parametrize(("figure", "step", "expected"), [
    ("12.34", "1", "12"), ("12.50", "1", "13"), ("-12.50", "1", "-13"), ("12.34", "0.05", "12.35"), ("12.32", "0.05",
                                                                                                     "12.30"),
    ("12.325", "0.05", "12.35"), ("7", "10", "10"), ("5", "10", "10"), ("4.99", "10", "0"), ("0", "0.05", "0")])
def test_amounts_round_to_the_nearest_multiple_of_a_step(figure: str, step: str, expected: str) -> None:
    assert rounded_to(D(figure), D(step)) == D(expected)


@given(amounts, st.sampled_from(["0.05", "0.5", "1", "5", "0.07"]))
def test_a_rounded_amount_is_a_multiple_of_its_step(figure: D, step: str) -> None:
    made = rounded_to(figure, D(step))
    assert made % D(step) == 0
    assert abs(made - figure) * 2 <= D(step)


def test_products_and_sums_of_the_largest_figures_stay_exact() -> None:
    largest = D("999999999999999.999999")
    assert product(largest, largest, D("0.000001")) == WIDE.multiply(WIDE.multiply(largest, largest), D("0.000001"))
    assert product() == 1
    assert total([largest, D("0.000001"), -largest]) == D("0.000001")
    assert total([]) == 0


@given(amounts, weights)
def test_a_split_adds_up_exactly(amount: D, weights: list[D]) -> None:
    assert sum(split(amount, weights, 2)) == amount


@given(amounts, weights)
def test_each_share_is_the_rounded_sum_up_to_it_less_the_shares_before(amount: D, weights: list[D]) -> None:
    whole, reached, given_away = sum(weights), D(0), D(0)
    for weight, part in zip(weights, split(amount, weights, 2), strict=True):
        reached += weight
        exact = WIDE.divide(WIDE.multiply(amount, reached), whole)
        assert part == money(exact, 2) - given_away
        given_away += part
        assert abs(part - WIDE.divide(WIDE.multiply(amount, weight), whole)) <= D("0.01")


def test_a_split_is_cumulative_and_not_rounded_part_by_part() -> None:
    assert split(D("100"), [D(1)] * 3, 2) == (D("33.33"), D("33.34"), D("33.33"))
    assert split(D("0.02"), [D(1)] * 4, 2) == (D("0.01"), D("0.00"), D("0.01"), D("0.00"))
    assert split(D("10"), [D(0), D(3), D(0)], 2) == (D("0"), D("10"), D("0"))
    assert split(D("-10"), [D(1), D(2)], 2) == (D("-3.33"), D("-6.67"))
    assert split(D("5"), [], 2) == ()


def test_the_last_part_takes_all_that_is_left() -> None:
    assert share(D("10.01"), D("3"), D("3"), 2) == D("10.01")
    assert share(D("10.005"), D("2"), D("2"), 2) == D("10.005")
    assert share(D("10"), D("1"), D("3"), 2) == D("3.33")


def test_weights_that_are_all_zero_give_way_to_the_next_choice_and_then_to_equal_parts() -> None:
    zeros = [D(0), D(0)]
    assert split_over(D("9"), [zeros, [D(1), D(2)]], 2, 2) == (D("3"), D("6"))
    assert split_over(D("9"), [zeros, zeros], 2, 2) == (D("4.5"), D("4.5"))
    assert split_over(D("9"), [[D(2), D(1)], [D(1), D(2)]], 2, 2) == (D("6"), D("3"))


@pytest.mark.parametrize(("text", "places"), [("100", 0), ("2.50", 1), ("0.000001", 6), ("1E+3", 0), ("0.00", 0),
                                              ("NaN", 0)])
def test_decimal_places_count_what_a_figure_needs(text: str, places: int) -> None:
    assert decimal_places(D(text)) == places


@pytest.mark.parametrize("text", ["12", "-12.50", "+0.5", " 7 ", "0012"])
def test_plain_numbers_are_read(text: str) -> None:
    assert parse_decimal(text) == D(text.strip())


@pytest.mark.parametrize("text", ["", "1e5", "NaN", "Infinity", "1_000", "1 000", "1.2.3", "--1", "٣", "½", "0x10",
                                  "-", "."])
def test_everything_else_is_no_number(text: str) -> None:
    assert parse_decimal(text) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e15", max_value="1e15", places=6))
def test_plain_text_reads_back_as_the_same_figure(figure: D) -> None:
    text = plain(figure)
    assert parse_decimal(text) == figure
    assert "E" not in text
    assert text != "-0"
    assert not ("." in text and text[-1] in "0.")


def test_plain_text_of_a_whole_figure_has_no_point() -> None:
    assert [plain(D(text)) for text in ("10", "1E+3", "-0", "-0.00")] == ["10", "1000", "0", "0"]


def test_money_text_has_the_decimals_of_its_currency() -> None:
    assert [money_text(D("62"), places) for places in (0, 2, 3)] == ["62", "62.00", "62.000"]
    assert money_text(D("1E+3"), 2) == "1000.00"


def test_points_round_down() -> None:
    assert [floored(D(figure)) for figure in ("1.999", "2", "-0.5")] == [D(1), D(2), D(-1)]
