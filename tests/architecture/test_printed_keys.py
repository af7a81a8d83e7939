"""No key is written into a text that people read: what is printed comes from the profile, where it can be rebound."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from architecture.tree import ROOT, modules, strings
from erpdesk.services.named_keys import NAMED

UI = Path("src/erpdesk/ui")
CHORD = re.compile(r"\b(?:Ctrl|Alt|Shift)\+\S|\bF\d\d?\b|\bEsc\b")
ASKING = {"keyed", "key_name", "chord_of", "print_key"}
"""The calls that name an action by its context."""
EXCEPTIONS = {
    ("editors/base.py", "Esc"): "handed on as a press, shown to nobody",
    ("keys/own_keys.py", "Write it like Ctrl+Shift+F8."): "an example of how a key is written",
    ("window/keys_page.py", "Esc: leave it as it is."): "the field takes every other key as the one wanted",
    ("window/keys_page.py", "{key} is {label} here; press another key, or Esc."): "the same field",
}
"""File and text of what stays, with the reason."""


def literal_keys(syntax: ast.Module) -> Iterator[str]:
    """Strings with a chord in them, but for docstrings and what a press is compared with."""
    passed_by = {id(inner) for node in ast.walk(syntax) if isinstance(node, ast.Expr | ast.Compare)
                 for inner in ast.walk(node) if isinstance(node, ast.Compare) or inner is getattr(node, "value", None)}
    for text in strings(syntax):
        if id(text) not in passed_by and CHORD.search(str(text.value)):
            yield str(text.value)


def test_every_key_that_is_printed_comes_from_the_profile() -> None:
    found = {(module.path.relative_to(UI).as_posix(), text) for module in modules(str(UI))
             for text in literal_keys(module.syntax)}
    assert sorted(found - EXCEPTIONS.keys()) == [], "a rebound key would make these lie; see ui/keys/profile.py"
    assert sorted(EXCEPTIONS.keys() - found) == [], "no longer needed"


@pytest.mark.parametrize(("source", "is_found"), [
    ('button = QPushButton(f"{say(\'Save\')}   Ctrl+A")', True),
    ('word = say("Nothing here — F2 changes the period")', True),
    ('class A:\n    empty = to_say("Esc goes back")', True),
    ('if chord == "Esc":\n    leave()', False),
    ('def f():\n    """Esc goes back."""', False),
    ('A = 1\n"""What Ctrl+A takes."""', False),
])
def test_a_key_in_a_text_is_seen_and_one_that_is_compared_is_not(source: str, is_found: bool) -> None:
    assert bool(list(literal_keys(ast.parse(source)))) is is_found


def test_every_action_whose_key_is_printed_is_one_of_its_context() -> None:
    content = json.loads((ROOT / "resources" / "keys" / "tally.json").read_text(encoding="utf-8"))
    known = {(context, row["action"]) for context, rows in content["contexts"].items() for row in rows}
    actions = {action for _, action in known}
    unknown = []
    for module in modules(str(UI)):
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.Call) and _name(node.func) in ASKING and len(node.args) >= 2:
                context, action = (one.value if isinstance(one, ast.Constant) else None for one in node.args[-2:])
                is_known = action in actions if context is None else (context, action) in known
                if action is not None and not is_known:
                    unknown.append((str(module.path), node.lineno, context, action))
    assert not unknown


RESOURCES = ROOT / "resources"
NO_TEXTS = {"keys", "screens", "translations"}
"""Folders of `resources/`: bindings; presses that a script makes; what is said of the texts of all others."""
NO_TEXT_KEYS = {"shortcut", "key", "regex", "html"}
"""Where a chord is a value: the key that a voucher type brings."""
EXAMPLES = {"The key that opens it from anywhere, such as F8 or Ctrl+F8; empty: none."}
"""How a key is written."""


def texts_of(content: object, name: str = "") -> Iterator[str]:
    """Every text in a file of data that isn't a key itself."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from texts_of(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from texts_of(value, name)
    elif isinstance(content, str) and name not in NO_TEXT_KEYS:
        yield content


def resource_texts() -> Iterator[tuple[str, str]]:
    for path in sorted(RESOURCES.rglob("*.json")):
        if path.relative_to(RESOURCES).parts[0] not in NO_TEXTS:
            for text in texts_of(json.loads(path.read_text(encoding="utf-8"))):
                yield path.relative_to(RESOURCES).as_posix(), text


def test_no_text_in_resources_names_a_key_by_itself() -> None:
    found = [(path, text) for path, text in resource_texts() if CHORD.search(text) and text not in EXAMPLES]
    assert found == [], "name its action as {key:context.action}; see services/named_keys.py"
    assert {text for _, text in resource_texts()} >= EXAMPLES, "no longer needed"


def test_every_key_that_a_text_in_resources_names_is_one_of_the_profile() -> None:
    content = json.loads((RESOURCES / "keys" / "tally.json").read_text(encoding="utf-8"))
    known = {(context, row["action"]) for context, rows in content["contexts"].items() for row in rows}
    named = {pair for _, text in resource_texts() for pair in NAMED.findall(text)}
    assert named, "texts do name keys"
    assert named <= known


@pytest.mark.parametrize("language", ["hi", "ne"])
def test_a_translation_names_the_keys_of_its_text(language: str) -> None:
    said = json.loads((RESOURCES / "translations" / f"{language}.json").read_text(encoding="utf-8"))
    for text, translated in said.items():
        words = translated if isinstance(translated, str) else " ".join(translated.values())
        assert sorted(NAMED.findall(text)) == sorted(NAMED.findall(words)), text
        if NAMED.search(text):
            assert not CHORD.search(words), text


def test_every_dialog_has_its_keys_from_the_profile() -> None:
    """A dialog of Qt's own hears Esc alone: ours stand on the one that hears the profile."""
    bare = [(str(module.path), node.name) for module in modules(str(UI)) for node in ast.walk(module.syntax)
            if isinstance(node, ast.ClassDef) and any(_name(base) == "QDialog" for base in node.bases)]
    assert [name for _, name in bare] == ["KeyedDialog"], bare


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
