"""What the settings show of the numbers to come is what the database would print, for every series, branch and day."""

from __future__ import annotations

from datetime import date

import pytest

from erpdesk.blueprints.coming_numbers import coming_numbers
from helpers.trading import Trade, journal

SERIES = [
    {"code": "EXPORT", "label": "Export", "prefix": "EX-{YY}{MM}-", "width": 3, "restart": "month"},
    {"code": "LOCAL", "prefix": "L/{BRANCH}/", "suffix": "/{FY}", "per_branch": True, "first_number": 50},
    {"code": "LOCAL", "prefix": "LX/{BRANCH}/", "per_branch": True, "valid_from": "2026-06-01"},
    {"code": "EVER", "prefix": "E", "restart": "never", "width": 2},
]


@pytest.mark.parametrize("day", ["2026-04-02", "2026-05-31", "2026-06-01", "2027-03-31"])
def test_coming_numbers_are_those_that_the_database_would_print(shop: Trade, day: str) -> None:
    shop.books.configuration.import_document({"voucher_types": [{"code": "JOURNAL", "series": SERIES}]})
    for series in ("MAIN", "EXPORT", "LOCAL", "LOCAL", "EVER"):
        shop.post(journal(series=series))
    books = shop.reopen()
    year = books.organization.fiscal_year(date.fromisoformat(day))
    assert year is not None
    rows = books.configuration.blueprint("JOURNAL").numbering()
    reached = books.numbering.reached("JOURNAL")
    assert {(one.series, one.last_number) for one in reached} == {
        ("MAIN", 1), ("EXPORT", 1), ("LOCAL", 51), ("EVER", 1)}
    said = {one.series: one.numbers[0] for one in coming_numbers(rows, year, date.fromisoformat(day), "HO", reached)}
    assert said == {one.series: one.next_number for one in books.vouchers.next_numbers("JOURNAL", day)}


def test_a_type_that_is_not_there_has_no_counters(shop: Trade) -> None:
    assert shop.books.numbering.reached("NOTHING") == ()
