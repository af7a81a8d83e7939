"""Reading a value that nobody looks at while it is read: a master or choice by its code or whole name only."""

from __future__ import annotations

from typing import Any

from erpdesk.ui.editors.base import FieldEditor, NotAccepted
from erpdesk.ui.editors.listed import ListedEditor, LookupEditor
from erpdesk.ui.words import say


def read_exactly(editor: FieldEditor, text: str) -> Any:
    """The value of a text, None for nothing. Raises NotAccepted."""
    if not isinstance(editor, ListedEditor) or not editor.takes_only_listed:
        return editor.read(text)
    if isinstance(editor, LookupEditor) and editor.field.many:
        parts = [part for part in (word.strip() for word in text.split(",")) if part]
        return [_named(editor, part) for part in parts] or None
    return _named(editor, text)


def _named(editor: ListedEditor, text: str) -> Any:
    row = editor.named(text)
    if row is None:
        raise NotAccepted(editor.why_nothing(text) or say("nothing has this code or name"))
    return row.code
