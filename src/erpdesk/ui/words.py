"""Words for people: an English source text, said in the language in use, with its values filled in.

The English text is the key of the catalogues in `resources/translations`; one that a catalogue doesn't have is
shown as it is, so that what an admin named stands as it was named. A text with `{count}` has plural forms.
`make words` collects the texts (docs/decisions/0022-words.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from erpdesk.settings import RESOURCES

LANGUAGES: Final[Mapping[str, tuple[str, str]]] = {
    "en": ("English", "English"), "hi": ("हिन्दी", "Hindi"), "ne": ("नेपाली", "Nepali")}
"""Each by its own name and its English one."""
SOURCE_LANGUAGE = "en"
_ONE, _OTHER = "one", "other"

Said = str | Mapping[str, str]


class _Speech:
    """The language in use and its catalogue; replaced whole, so that any thread may ask."""

    __slots__ = ("catalogue", "language")

    def __init__(self, language: str) -> None:
        self.language = language
        self.catalogue: Mapping[str, Said] = catalogue(language)


def catalogue(language: str) -> dict[str, Said]:
    """Source text to translation, or to its plural forms `one` and `other`; empty when there is no such file."""
    path = RESOURCES / "translations" / f"{language}.json"
    read: dict[str, Said] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return read


_speech: _Speech | None = None


def _speaking() -> _Speech:
    global _speech
    if _speech is None:
        _speech = _Speech(SOURCE_LANGUAGE)
    return _speech


def use_language(language: str) -> None:
    """Speak this language (`ne`, `ne_NP`) from now on; one that isn't known is English."""
    global _speech
    spoken = language.partition("_")[0]
    _speech = _Speech(spoken if spoken in LANGUAGES else SOURCE_LANGUAGE)


def language_in_use() -> str:
    """The code of the language that texts are shown in."""
    return _speaking().language


def say(text: str, **values: object) -> str:
    """The text in the language in use; `{name}` stands for a value, and `count` chooses the plural form."""
    said = _speaking().catalogue.get(text) or text
    if not isinstance(said, str):
        said = said[plural_form(language_in_use(), values.get("count"))] or text
    return said.format(**values) if values else said


def to_say(text: str) -> str:
    """Marks a text that is kept in a table and said later, by `say` of the value."""
    return text


def plural_form(language: str, count: object) -> str:
    """Which form a number takes (CLDR): Hindi counts zero with one."""
    if not isinstance(count, int):
        return _OTHER
    return _ONE if count == 1 or (count == 0 and language == "hi") else _OTHER
