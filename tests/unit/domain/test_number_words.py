"""Amounts in words: put together from the words of a language, by lakh and crore or by million."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from erpdesk.domain.number_words import NumberWords

TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
ONES = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
CONTENT: dict[str, Any] = {
    "words": ["zero", *ONES[1:], *TEENS, *(f"{ten} {one}".strip() for ten in TENS for one in ONES)],
    "scales": {"lakh": [[10000000, "crore"], [100000, "lakh"], [1000, "thousand"], [100, "hundred"]],
               "western": [[1000000, "million"], [1000, "thousand"], [100, "hundred"]]},
    "minus": "less", "plain": "{whole} only", "fraction": "{whole} and {fraction} only",
    "money": {"NPR": {"whole": "{whole} rupees", "both": "{whole} rupees {part} paisa"}},
}


@pytest.fixture
def words() -> NumberWords:
    return NumberWords.of(CONTENT)


@pytest.mark.parametrize(("number", "lakh", "western"), [
    (0, "zero", "zero"), (99, "ninety nine", "ninety nine"), (100, "one hundred", "one hundred"),
    (101, "one hundred one", "one hundred one"), (999, "nine hundred ninety nine", "nine hundred ninety nine"),
    (1000, "one thousand", "one thousand"), (20034, "twenty thousand thirty four", "twenty thousand thirty four"),
    (100000, "one lakh", "one hundred thousand"), (1000000, "ten lakh", "one million"),
    (12345678, "one crore twenty three lakh forty five thousand six hundred seventy eight",
     "twelve million three hundred forty five thousand six hundred seventy eight"),
])
def test_a_number_is_said_by_its_scales(words: NumberWords, number: int, lakh: str, western: str) -> None:
    assert (words.said(number, "lakh"), words.said(number, "western")) == (lakh, western)


@pytest.mark.parametrize(("amount", "said"), [
    ("0", "zero only"), ("15340", "fifteen thousand three hundred forty only"), ("5.25", "five and 25/100 only"),
    ("5.05", "five and 05/100 only"), ("0.5", "zero and 50/100 only"), ("-5", "less five only"),
    ("5.005", "five and 01/100 only"), ("5.994", "five and 99/100 only"), ("5.999", "six only"),
    ("-0.001", "zero only"), ("-0.01", "less zero and 01/100 only")])
def test_an_amount_has_its_fraction_of_a_hundred(words: NumberWords, amount: str, said: str) -> None:
    assert words.amount(Decimal(amount)) == said


@pytest.mark.parametrize(("decimals", "said"), [
    (0, "one million only"), (1, "one million and 3/10 only"), (3, "one million and 250/1000 only")])
def test_a_currency_has_its_own_decimals_and_millions_where_nothing_says_lakh(
        words: NumberWords, decimals: int, said: str) -> None:
    assert words.amount(Decimal("1000000.25"), decimals) == said


def test_the_grouping_decides_between_lakh_and_million(words: NumberWords) -> None:
    assert [words.amount(Decimal(200000), 2, grouping) for grouping in ("lakh", "western", "")] == [
        "two lakh only", "two hundred thousand only", "two hundred thousand only"]


@pytest.mark.parametrize(("amount", "decimals", "currency", "said"), [
    ("200000", 2, "NPR", "two lakh rupees"), ("7.50", 2, "NPR", "seven rupees fifty paisa"),
    ("-7.50", 2, "NPR", "less seven rupees fifty paisa"), ("7.5", 2, "USD", "seven and 50/100 only"),
    ("7.5", 3, "NPR", "seven and 500/1000 only")])
def test_money_whose_parts_have_a_name_is_said_with_it(
        words: NumberWords, amount: str, decimals: int, currency: str, said: str) -> None:
    assert words.amount(Decimal(amount), decimals, "lakh", currency) == said


def test_the_words_are_taken_as_the_file_has_them(words: NumberWords) -> None:
    assert (words.words, words.minus, words.plain, words.fraction, words.money) == tuple(
        CONTENT[name] for name in ("words", "minus", "plain", "fraction", "money"))
    assert words.scales["western"] == [(1000000, "million"), (1000, "thousand"), (100, "hundred")]
