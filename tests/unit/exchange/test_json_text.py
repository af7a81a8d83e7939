"""JSON is read strictly, and numbers stay the decimal text that was written."""

from __future__ import annotations

import pytest

from erpdesk.exchange import json_text
from erpdesk.exchange.refusals import ImportRefused


def test_numbers_stay_decimal_text() -> None:
    assert json_text.parse('{"a": 0.1, "b": 10, "c": -1.50, "d": 12345678901234567890.05}') == {
        "a": "0.1", "b": "10", "c": "-1.50", "d": "12345678901234567890.05",
    }  # fmt: skip


def test_exponents_are_written_out() -> None:
    assert json_text.parse("[1e3, 2.5E-2]") == ["1000", "0.025"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": 1', "IMP-003"),
        ('{"a": 1}}', "IMP-003"),
        ("", "IMP-003"),
        ('{"a": 1, "a": 2}', "IMP-003"),
        ('{"a": NaN}', "IMP-003"),
        ('{"a": -Infinity}', "IMP-003"),
        ('{"a": 1e999999999}', "IMP-003"),
        ('{"a": "x\\u0000y"}', "IMP-003"),
        ('{"a": "\\ud800"}', "IMP-003"),
        ("1" * 200, "IMP-003"),
        ("[" * 40 + "]" * 40, "IMP-004"),
        ("[" * 100_000, "IMP-004"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "IMP-004"),
    ],
)
def test_what_is_not_plain_json_is_refused(text: str, code: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        json_text.parse(text)
    assert refused.value.code == code


def test_the_place_of_a_fault_is_named() -> None:
    with pytest.raises(ImportRefused, match="character 9"):
        json_text.parse('{"type" "X"}')


def test_escaped_characters_that_exist_are_taken() -> None:
    assert json_text.parse('"\\u0928\\u092e \\ud83d\\ude00"') == "नम 😀"
