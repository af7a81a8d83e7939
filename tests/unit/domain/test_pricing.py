"""Which rate an untyped line gets: the first list that fits, for the largest quantity reached."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from erpdesk.domain.pricing import HEADER, PARTY, TYPE, ListedRate, Validity, listed_rate

D = Decimal
DAY = date(2026, 4, 10)


def rate(figure: str, rank: int = TYPE, least: str = "0", **more: Any) -> ListedRate:
    """A rate for pieces of tea in rupees."""
    return ListedRate(**{"rank": rank, "price_list": "L", "currency": "NPR", "item": "tea", "uom": "pcs",
                         "rate": D(figure), "minimum_quantity": D(least), **more})


def given(*rates: ListedRate, quantity: str = "10", **more: Any) -> Decimal | None:
    asked = {"item": "tea", "uom": "pcs", "quantity": D(quantity), "currency": "NPR", "day": DAY, **more}
    found = listed_rate(rates, **asked)
    return None if found is None else found.rate


def test_the_vouchers_list_comes_before_the_partys_and_that_before_the_types() -> None:
    rates = [rate("3"), rate("2", PARTY), rate("1", HEADER)]
    assert [given(*rates), given(*rates[:2]), given(rates[0]), given()] == [1, 2, 3, None]
    assert given(rate("1", HEADER, "11"), rate("2", PARTY)) == 2


@pytest.mark.parametrize(("quantity", "expected"), [("9.999", "5"), ("10", "4"), ("99", "4"), ("100", "3"), ("0", "5")])
def test_the_largest_quantity_reached_decides(quantity: str, expected: str) -> None:
    assert given(rate("5"), rate("3", least="100"), rate("4", least="10"), quantity=quantity) == D(expected)


@pytest.mark.parametrize("other", [{"item": "oil"}, {"uom": "box"}, {"currency": "USD"}])
def test_item_unit_and_currency_must_be_the_same(other: dict[str, str]) -> None:
    assert given(rate("5", **other)) is None
    assert given(rate("5"), **other) is None


@pytest.mark.parametrize(("begins", "ends", "fits"), [
    (None, None, True), (DAY, None, True), (None, DAY, True), (DAY, DAY, True), (date(2026, 4, 11), None, False),
    (None, date(2026, 4, 9), False)])
def test_a_rate_holds_on_its_days_both_ends_included(begins: date | None, ends: date | None, fits: bool) -> None:
    assert (given(rate("5", valid_from=begins, valid_until=ends)) is not None) is fits


A, B, C = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.mark.parametrize(("one", "other", "both"), [
    ((None, None), (A, B), True), ((A, B), (B, C), True), ((A, A), (B, C), False), ((None, A), (B, None), False),
    ((None, B), (B, None), True), ((A, None), (None, A), True), ((B, None), (None, A), False), ((A, C), (B, B), True)])
def test_validities_overlap_when_a_day_belongs_to_both(one: Any, other: Any, both: bool) -> None:
    assert Validity(*one).overlaps(Validity(*other)) is both
    assert Validity(*other).overlaps(Validity(*one)) is both


def test_a_validity_that_ends_before_it_begins_is_never() -> None:
    assert [Validity(*span).is_never for span in ((B, A), (A, A), (A, None), (None, A), (None, None))] == [
        True, False, False, False, False]
