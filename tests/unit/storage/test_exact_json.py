"""JSON between the program and the server."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erpdesk.storage.exact_json import from_json, json_text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_figure_comes_back_as_it_went(figure: Decimal) -> None:
    assert Decimal(from_json(json_text(figure))) == figure


@pytest.mark.parametrize("text", ["1.10", "0.00", "100000000000000000000000.5", "1e5"])
def test_a_number_with_a_point_is_read_to_its_last_digit(text: str) -> None:
    found = from_json(text)
    assert (type(found), found.as_tuple()) == (Decimal, Decimal(text).as_tuple())


def test_whole_numbers_of_any_length_stay_whole() -> None:
    assert from_json(str(10 ** 40 + 1)) == 10 ** 40 + 1


def test_ids_days_and_read_only_mappings_are_written_as_the_server_reads_them() -> None:
    key = UUID(int=7)
    value: Any = {"id": key, "day": date(2026, 4, 1), "udf": MappingProxyType({"a": None}), "lines": (True, 2)}
    assert from_json(json_text(value)) == {"id": str(key), "day": "2026-04-01", "udf": {"a": None}, "lines": [True, 2]}


def test_text_that_is_no_unicode_is_an_error_not_something_else() -> None:
    with pytest.raises(UnicodeEncodeError):
        json_text({"narration": "\ud800"})
