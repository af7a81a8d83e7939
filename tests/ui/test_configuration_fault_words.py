"""Every fault of configuration that the settings can show is said in Hindi and Nepali, with its cause and cure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from erpdesk.blueprints.checks import CONTRADICTIONS
from erpdesk.blueprints.faults import Cfg
from erpdesk.domain.results import Fault
from erpdesk.services.error_catalogue import catalogue
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.words import say, use_language
from helpers.source_texts import SOURCES

SAID_IN = (
    "blueprints/blueprint.py", "blueprints/checks.py", "blueprints/codec.py", "blueprints/conditions.py",
    "blueprints/defaults.py", "blueprints/form_checks.py", "blueprints/layers.py", "blueprints/overrides.py",
    "blueprints/sizes.py", "services/saving_blueprints.py", "services/blueprint_versions.py",
    "storage/blueprint_changes.py", "storage/blueprints.py")
"""Where what the settings check and save is refused."""
REASONS_IN = ("blueprints/checkers.py", "blueprints/values.py", "blueprints/numbering.py", "blueprints/patterns.py",
              "blueprints/conditions.py", "blueprints/defaults.py")
"""Where the second half of a sentence comes from."""
VALUE = "X9"
_CODE = re.compile(r"\{[^{}]*\}|\b[A-Z0-9_/.-]{2,}\b|\b\w+_\w+\b|\b(?:Ctrl|Alt|Shift|object|true|false|null|all|any|not"
                   r"|field|kind|in|number|account|baseline|config|versions|erpdesk|grir|allocation)\b|--type")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(params=["hi", "ne"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param)
    yield request.param
    use_language("en")


def refusals() -> Iterator[str]:
    """Every sentence of the sources that refuses configuration, with a value in each of its places."""
    for name in SAID_IN:
        for call in _calls(name):
            called = ast.unparse(call.func).rpartition(".")[2]
            code = ast.unparse(call.args[0]) if call.args else ""
            if called == "add" and code.startswith("Cfg."):
                yield from _texts(call.args[2])
            elif called in ("Fault", "ErpdeskError", "ConflictError") and ("CFG-" in code or "Cfg." in code):
                yield from _texts(call.args[1])


def reasons() -> Iterator[str]:
    """What comes after a colon, or within another sentence."""
    yield from (why for _column, why, _broken in CONTRADICTIONS)
    for name in REASONS_IN:
        tree = ast.parse((SOURCES / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_refused", "ValueError"):
                yield from _texts(node.args[-1])
            elif (isinstance(node, ast.Return) and node.value is not None) or (
                    isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "said"):
                yield from (text for text in _texts(node.value) if " " in text)
            elif isinstance(node, ast.Lambda):
                yield from (text for text in _texts(node.body) if " " in text)


def _calls(name: str) -> Iterator[ast.Call]:
    tree = ast.parse((SOURCES / name).read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _texts(node: ast.AST) -> Iterator[str]:
    """The text of a literal, of both sides of a choice between two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def english(said: str) -> str:
    """What is left of English, codes and values taken out."""
    return " ".join(_ENGLISH.findall(_CODE.sub("", said)))


def test_every_refusal_is_said_in_the_language_in_use(language: str) -> None:
    found = sorted(set(refusals()))
    assert len(found) > 60, "the sources say their refusals otherwise now"
    left = {text: said for text in found if english(said := say_fault(Fault("CFG-000", text)))}
    assert not left


def test_every_reason_within_one_is_too(language: str) -> None:
    found = sorted(set(reasons()))
    assert len(found) > 50, "the sources say their reasons otherwise now"
    left = {text: said for text in found
            if english(said := say_fault(Fault("CFG-000", f"charges[0].rate: {text}")).partition(": ")[2])}
    assert not left


@pytest.mark.parametrize("code", list(Cfg))
def test_every_code_has_its_cause_and_cure(language: str, code: Cfg) -> None:
    entry = catalogue()[code]
    for text in (entry.title, entry.cause, entry.cure):
        assert not english(say(text)), text


def test_a_default_that_a_field_refuses_says_why(language: str) -> None:
    said = say_fault(Fault("CFG-016", "Vehicle: the default must be at most 10"))
    assert not english(said.replace("Vehicle", ""))
    assert "10" in said


def test_what_a_reference_names_is_called_in_the_language_in_use(language: str) -> None:
    said = say_fault(Fault("CFG-007", 'JOURNAL: price_list names the price list "OLD", which isn\'t there'))
    assert not english(said)
    said = say_fault(Fault("CFG-031", "JOURNAL: charges[0].ledger names the account 4000, which is a group"))
    assert not english(said.replace("charges[0].ledger", ""))
