"""Faults of the services are said in the language in use, their values as they came."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from erpdesk.blueprints.blueprint_rows import PARTS
from erpdesk.blueprints.columns import columns_of
from erpdesk.blueprints.rows import LineConfig, VoucherType
from erpdesk.domain.results import Fault
from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.figures import use_grouping
from erpdesk.ui.words import use_language
from helpers.source_texts import SOURCES, sentences

FUNCTIONS = SOURCES.parents[1] / "migrations" / "functions"
SHORT = Fault("INV-001", "Insufficient stock of Sunflower oil 5 l in MAIN: 15 needed, 12 available")


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")
    use_calendar("gregorian")
    use_grouping("western")


def test_english_faults_stand_as_they_came() -> None:
    assert say_fault(SHORT) == SHORT.message


@pytest.mark.parametrize(("language", "said"), [
    ("hi", "MAIN में Sunflower oil 5 l अपर्याप्त: 15 चाहिए, 12 उपलब्ध"),
    ("ne", "MAIN मा Sunflower oil 5 l अपुग: 15 चाहिन्छ, 12 उपलब्ध")])
def test_a_known_sentence_is_said_with_its_values(language: str, said: str) -> None:
    use_language(language)
    assert say_fault(SHORT) == said


@pytest.mark.parametrize("since", [" since 2026-11-22 12:50:13", ""])
@pytest.mark.parametrize(("language", "word"), [("hi", "रोके है"), ("ne", "रोकेको छ")])
def test_who_holds_a_lock_is_said_in_the_language_in_use(language: str, word: str, since: str) -> None:
    use_language(language)
    said = say_fault(Fault("NET-008", f"asha (erpdesk, 10.0.0.7) works on the same rows{since} and holds them locked"))
    assert said.startswith("asha (erpdesk, 10.0.0.7)")
    assert word in said
    assert ("12:50:13" in said) is bool(since)


def test_a_field_is_named_as_on_the_form() -> None:
    use_language("ne")
    assert say_fault(Fault("VCH-004", "Account must be given", "account")) == "खाता दिनै पर्छ"


def test_an_unknown_sentence_stands_as_it_came() -> None:
    use_language("hi")
    assert say_fault(Fault("XYZ-001", "The {moon} is too near")) == "The {moon} is too near"


def test_days_in_faults_are_of_the_calendar_in_use() -> None:
    use_calendar("bikram_sambat")
    assert say_fault(Fault("PRD-001", "No fiscal year holds 2026-11-20")) == "No fiscal year holds 2083-08-04"


def test_days_and_figures_in_faults_look_as_they_do_everywhere_else() -> None:
    short = Fault("INV-001", "Insufficient stock of 0101 Basmati rice 25 kg in MAIN: 190000 needed, 1912.5 available")
    assert say_fault(Fault("PRD-001", "No fiscal year holds 2026-11-20")) == "No fiscal year holds 20-Nov-2026"
    use_grouping("lakh")
    assert say_fault(short).endswith("0101 Basmati rice 25 kg in MAIN: 1,90,000 needed, 1,912.5 available")
    use_language("ne")
    assert say_fault(short) == "MAIN मा 0101 Basmati rice 25 kg अपुग: 1,90,000 चाहिन्छ, 1,912.5 उपलब्ध"


def test_every_sentence_is_one_that_the_program_says() -> None:
    said = {_bones(text) for path in SOURCES.rglob("*.py") if "ui" not in path.parts
            for text in _texts(ast.parse(path.read_text(encoding="utf-8")))}
    said |= {_bones(text) for path in (SOURCES / "ui").rglob("*.py")
             for text in _texts(ast.parse(path.read_text(encoding="utf-8")))}
    said |= {_bones(text) for path in FUNCTIONS.glob("*.sql") for text in _said_by(path.read_text(encoding="utf-8"))}
    said |= {text.removeprefix("* ") for text in said} | {text.partition("*: ")[2] for text in said}
    said |= {column.refers.replace("_", " ") for row in (VoucherType, LineConfig, *PARTS.values())
             for column in columns_of(row).values()}
    unknown = [text for text in sentences() if not {_bones(text), _bones(text).removeprefix("* ")} & said]
    assert not unknown, "nothing in the program says so any more"


def _bones(text: str) -> str:
    """A sentence without its values; two values beside each other count as one."""
    return re.sub(r"(\*[ ]?)+(?=\*)", "", re.sub(r"\{[^{}]*\}", "*", text)).strip()


def _said_by(functions: str) -> Iterator[str]:
    """What functions of the database say, as it is passed on: with a full stop where it is a sentence on its own."""
    for found in re.findall(r"'((?:[^'\n]|'')+)'", functions):
        text = found.replace("''", "'").replace("%s", "{}")
        yield from (text, f"{text}.")


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
