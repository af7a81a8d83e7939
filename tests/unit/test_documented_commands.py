"""What documents and error texts tell people to type is there: every command that they name, with its options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from erpdesk.cli.main import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
TEXTS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "resources" / "errors").glob("*.json"))
_QUOTED = re.compile(r"`erpdesk ([^`]+)`")
_BLOCK = re.compile(r"^(?:    |)erpdesk (.+)$", re.MULTILINE)
_WORD = re.compile(r"[a-z][a-z-]*(?:\\?\|[a-z][a-z-]*)*")
_OPTION = re.compile(r"--[a-z][a-z-]*")
_VALUED = {"--database", "--profile", "--user"}


def commands_named(text: str) -> Iterator[str]:
    for line in (*_QUOTED.findall(text), *_BLOCK.findall(text)):
        yield re.split(r"\s{2,}\(| < ", line)[0].strip()


def followed(command: Any, words: list[str]) -> Iterator[tuple[Any, list[str]]]:
    """The commands that words lead to (`show|post` to two), each with the words that are left."""
    within = getattr(command, "commands", None)
    if not within:
        yield command, words
    elif not words or not _WORD.fullmatch(words[0]):  # `report NAME`: whichever is meant
        for one in within.values():
            yield from followed(one, words)
    else:
        for name in re.split(r"\\?\|", words[0]):
            assert name in within, f"there is no command {name!r} in {' '.join(words)!r}"
            yield from followed(within[name], words[1:])


def without_global_options(words: list[str]) -> list[str]:
    while words and words[0] in _VALUED:
        words = words[2:]
    return words


@pytest.mark.parametrize("document", [*DOCUMENTS, *TEXTS])
def test_every_command_that_is_named_is_there_with_its_options(document: str) -> None:
    root = typer.main.get_command(app)
    for line in commands_named((ROOT / document).read_text("utf-8")):
        if line.startswith("["):  # the form of a command, not one
            continue
        ways = list(followed(root, without_global_options(line.split())))
        known = {option for command, _ in ways for parameter in command.params for option in parameter.opts}
        unknown = set(_OPTION.findall(" ".join(ways[0][1]))) - known - {"--help"}
        assert not unknown, f"erpdesk {line}: no option {sorted(unknown)}"


def test_no_message_sends_anybody_to_a_command_that_is_not_there() -> None:
    root = typer.main.get_command(app)
    sent = [words for path in (ROOT / "src").rglob("*.py")
            for words in re.findall(r"[Rr]un `?erpdesk ([a-z]+(?: [a-z]+)?)", path.read_text("utf-8"))
            if not words.startswith("as ")]
    assert len(sent) > 3
    for words in sent:
        assert list(followed(root, words.split()))


def test_the_documents_name_commands() -> None:
    named = [line for document in DOCUMENTS for line in commands_named((ROOT / document).read_text("utf-8"))]
    assert len(named) > 80
