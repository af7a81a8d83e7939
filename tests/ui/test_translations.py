"""Every text that the window shows is in the catalogues of every language, with the same values."""

from __future__ import annotations

import re

import pytest

from erpdesk.settings import RESOURCES
from erpdesk.ui.words import LANGUAGES, SOURCE_LANGUAGE, catalogue
from helpers.source_texts import all_texts, forms, in_step, placeholders, written

OTHERS = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
HELP = "run `make words`, then fill in what it lists"


@pytest.fixture(scope="module")
def texts() -> set[str]:
    return all_texts()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_lacks_its_translation(texts: set[str], language: str) -> None:
    known = in_step(language, texts)
    lacking = [text for text, said in known.items() if not all(forms(said))]
    assert not lacking, f"{language}: {HELP}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_values_of_its_source(language: str) -> None:
    wrong = [text for text, said in catalogue(language).items() for form in forms(said)
             if form and placeholders(form) != placeholders(text)]
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_with_a_count_has_both_forms(language: str) -> None:
    wrong = [text for text, said in catalogue(language).items() if isinstance(said, str) == ("{count}" in text)]
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_translations_are_written_in_devanagari(language: str) -> None:
    allowed = {"erpdesk"}
    latin = [text for text, said in catalogue(language).items() for form in forms(said)
             if form and form not in allowed and not any("\u0900" <= char <= "\u097f" for char in form)]
    assert not latin


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_written_as_the_tool_writes_it(language: str) -> None:
    path = RESOURCES / "translations" / f"{language}.json"
    content = catalogue(language)
    assert path.read_text(encoding="utf-8") == written(dict(sorted(content.items())))


NOUNS = ("voucher", "journal", "draft", "approval", "party", "customer", "supplier", "reversal", "item", "stock",
         "warehouse", "bin", "batch", "serial number", "quantity", "narration", "cost centre", "branch",
         "opening", "trial balance", "audit trail", "organization", "field", "key", "queue")
MOST_WORDS = 3


def glossary(column: int) -> dict[str, str]:
    """What each English word is called in a language; a row of the table may hold several words."""
    text = (RESOURCES.parent / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in text.partition("## In Hindi and Nepali")[2].splitlines() if line.startswith("| ")]
    found: dict[str, str] = {}
    for row in rows[1:]:
        words, called = row[0].split(", "), row[column].split(", ")
        if len(words) == len(called):
            found |= dict(zip(words, called, strict=True))
    return found


@pytest.mark.parametrize(("language", "column"), [("hi", 1), ("ne", 2)])
def test_short_texts_call_things_what_the_glossary_calls_them(language: str, column: int) -> None:
    """Headings, buttons and names of pages; sentences may say it otherwise."""
    called, wrong = glossary(column), []
    for noun in NOUNS:
        stem = re.escape(noun.removesuffix("y")) + ("(y|ies)" if noun.endswith("y") else "(s|es)?")
        spoken = called[noun].rstrip("ािीुूेैोौ")
        wrong += [f"{text!r} is {said!r}, not {called[noun]!r}" for text, said in catalogue(language).items()
                  if "{" not in text and len(text.split()) <= MOST_WORDS
                  and re.search(rf"\b{stem}\b", text, re.IGNORECASE)
                  and any(spoken not in form for form in forms(said))]
    assert not wrong
