"""Amounts in words, in three languages, by lakh and crore."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from erpdesk.ui.amount_words import amount_words, number_words
from erpdesk.ui.words import LANGUAGES, use_language


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(("language", "amount", "words"), [
    ("en", "15340", "fifteen thousand three hundred forty only"),
    ("en", "15340.25", "fifteen thousand three hundred forty and twenty-five paisa only"),
    ("en", "12345678.05", "one crore twenty-three lakh forty-five thousand six hundred seventy-eight"
                          " and five paisa only"),
    ("en", "999999999999.99", "ninety-nine thousand nine hundred ninety-nine crore ninety-nine lakh"
                              " ninety-nine thousand nine hundred ninety-nine and ninety-nine paisa only"),
    ("hi", "15340", "पंद्रह हज़ार तीन सौ चालीस रुपये मात्र"),
    ("hi", "12345678.05", "एक करोड़ तेईस लाख पैंतालीस हज़ार छह सौ अठहत्तर रुपये और पाँच पैसे मात्र"),
    ("hi", "1000000000", "एक अरब रुपये मात्र"),
    ("ne", "15340", "पन्ध्र हजार तीन सय चालिस रुपैयाँ मात्र"),
    ("ne", "12345678.05", "एक करोड तेइस लाख पैँतालिस हजार छ सय अठहत्तर रुपैयाँ पाँच पैसा मात्र"),
    ("ne", "0.50", "शून्य रुपैयाँ पचास पैसा मात्र"),
    ("ne", "-99", "ऋण उनान्सय रुपैयाँ मात्र"),
])
def test_rupees_are_said_by_lakh_and_crore(language: str, amount: str, words: str) -> None:
    use_language(language)
    assert amount_words(Decimal(amount), 2, "lakh", "NPR") == words


@pytest.mark.parametrize(("language", "words"), [
    ("en", "one million two hundred thousand and 50/100 only"),
    ("hi", "बारह लाख और 50/100 मात्र"), ("ne", "बाह्र लाख र 50/100 मात्र")])
def test_other_money_has_no_paisa_and_only_english_has_millions(language: str, words: str) -> None:
    use_language(language)
    assert amount_words(Decimal("1200000.50"), 2, "western", "USD") == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_below_a_hundred_has_a_word_of_its_own(language: str) -> None:
    words = number_words(language).words
    assert len(words) == len(set(words)) == 100
