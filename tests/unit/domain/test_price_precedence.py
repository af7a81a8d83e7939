"""Which list prices a line, and which rates contradict each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.domain.pricing import HEADER, PARTY, TYPE, ListedRate, Validity, listed_rate

D = Decimal
DAY = date(2026, 4, 10)
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9))


def rate(figure: str, rank: int = HEADER, **more: object) -> ListedRate:
    return ListedRate(**{"rank": rank, "price_list": "L", "currency": "NPR", "item": "tea", "uom": "pcs",
                         "rate": D(figure), **more})  # type: ignore[arg-type]


def found(*rates: ListedRate, quantity: str = "5") -> str | None:
    one = listed_rate(rates, "tea", "pcs", D(quantity), "NPR", DAY)
    return str(one.rate) if one else None


def test_the_header_s_list_comes_before_the_party_s_and_the_type_s() -> None:
    assert found(rate("3", TYPE), rate("2", PARTY), rate("1", HEADER)) == "1"
    assert found(rate("3", TYPE), rate("2", PARTY)) == "2"
    assert found(rate("3", TYPE)) == "3"
    assert found() is None


def test_a_later_list_prices_what_an_earlier_one_does_not_reach() -> None:
    assert found(rate("1", HEADER, minimum_quantity=D(6)), rate("2", PARTY)) == "2"


def test_the_largest_break_reached_wins_within_a_list() -> None:
    breaks = [rate(str(figure), minimum_quantity=D(least)) for figure, least in ((10, 0), (9, 5), (8, 6))]
    assert [found(*breaks, quantity=quantity) for quantity in ("4.999", "5", "6")] == ["10", "9", "8"]


@pytest.mark.parametrize("other", [
    {"item": "oil"}, {"uom": "box"}, {"currency": "USD"}, {"valid_from": date(2026, 4, 11)},
    {"valid_until": date(2026, 4, 9)}])
def test_rates_of_something_else_are_passed_over(other: dict[str, object]) -> None:
    assert found(rate("1", **other)) is None


def test_both_days_of_a_validity_count() -> None:
    assert found(rate("1", valid_from=DAY, valid_until=DAY)) == "1"


@given(DAYS, DAYS, DAYS, DAYS)
def test_two_validities_overlap_when_a_day_is_in_both(
        first: date | None, last: date | None, begins: date | None, ends: date | None) -> None:
    one, other = Validity(first, last), Validity(begins, ends)
    if one.is_never or other.is_never:
        return
    days = [date(2025, 12, 31), *(date(2026, 1, day) for day in range(1, 12))]

    def holds(validity: Validity, day: date) -> bool:
        return ((validity.begins is None or validity.begins <= day)
                and (validity.ends is None or day <= validity.ends))

    assert one.overlaps(other) == any(holds(one, day) and holds(other, day) for day in days)
    assert one.overlaps(other) == other.overlaps(one)
