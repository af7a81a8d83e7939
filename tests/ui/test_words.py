"""Texts are said in the language in use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from erpdesk.ui.words import language_in_use, say, use_language


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")


def test_english_is_said_as_it_stands() -> None:
    assert say("Nothing of the kind") == "Nothing of the kind"
    assert say("{a} and {b}", a=1, b="x") == "1 and x"


def test_a_text_without_values_keeps_its_braces() -> None:
    assert say("SI/{FY}/{NNN}") == "SI/{FY}/{NNN}"


@pytest.mark.parametrize(("language", "one", "many"), [
    ("en", "1 row", "3 rows"), ("hi", "1 पंक्ति", "3 पंक्तियाँ"), ("ne", "1 पङ्क्ति", "3 पङ्क्ति")])
def test_a_count_chooses_the_plural_form(language: str, one: str, many: str) -> None:
    use_language(language)
    assert (say("{count} rows", count=1), say("{count} rows", count=3)) == (one, many)


def test_an_unknown_language_is_english() -> None:
    use_language("tlh")
    assert language_in_use() == "en"


def test_what_an_admin_named_is_shown_as_named() -> None:
    use_language("ne")
    assert say("Our own voucher of tea") == "Our own voucher of tea"
