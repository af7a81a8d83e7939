"""A choice whose list is asked for when it is opened: fields of the form, branches, users, yes, no or as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.ui.editors.listed import Choice, ListedEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.lookups.index import LookupIndex
from erpdesk.ui.overriding import override
from erpdesk.ui.words import say

Choices = Sequence[tuple[Any, str]]
"""Values, each with what is shown; the words are all different."""


class CodeEditor(ListedEditor):
    """One of a list of codes with names, either of which may be typed; a code that isn't listed stays as it was."""

    def __init__(self, field: Field, choices: Callable[[], Choices], surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        self._ask = choices
        self._choices: Choices = ()
        self._index = LookupIndex()
        super().__init__(field, surroundings, parent)

    @override
    def index(self) -> LookupIndex:
        choices = tuple(self._ask())
        if choices != self._choices:
            self._choices = choices
            self._index = LookupIndex(self.row_of(value, words) for value, words in choices)
        return self._index

    def row_of(self, value: Any, words: str) -> Choice:
        """A choice as a row of the list."""
        return Choice(value, words)


class ChoiceEditor(CodeEditor):
    """`raw` is the value chosen, known by its words alone; one that isn't listed stays as it was."""

    def __init__(self, field: Field, choices: Callable[[], Choices], surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        self._unlisted: dict[str, Any] = {}
        super().__init__(field, choices, surroundings, parent)

    @override
    def row_of(self, value: Any, words: str) -> Choice:
        return Choice(words, words)

    @property
    @override
    def raw(self) -> Any:
        words = super().raw
        self.index()
        if words is None:
            return None
        known = next((value for value, said in self._choices if said == words), None)
        return known if known is not None else self._unlisted.get(words, None if self.takes_only_listed else words)

    @override
    def set_raw(self, raw: Any) -> None:
        self.index()
        words = next((said for value, said in self._choices if value == raw and raw is not None), None)
        if words is None and raw is not None:
            words = str(raw)
            self._unlisted[words] = raw
        super().set_raw(words)

    @override
    def write(self, raw: Any) -> str:
        return "" if raw is None else str(raw)


def yes_or_no() -> Choices:
    """Yes and no; nothing chosen leaves it as it is."""
    return ((True, say("Yes")), (False, say("No")))


def in_words(choices: Sequence[tuple[str, str]]) -> Choices:
    """Codes with their labels; where labels meet, the code stands with them."""
    labels = [label for _, label in choices]
    return tuple((code, label if labels.count(label) == 1 else f"{label}  ({code})") for code, label in choices)
