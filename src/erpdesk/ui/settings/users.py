"""The organization's users, to be chosen by name or full name; who may not see the users types the name."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.ui.settings.choice_editor import Choices, CodeEditor
from erpdesk.ui.settings.tab import Bench

USER = "user"
"""The kind of the choices that are users."""


def knows_users(bench: Bench) -> bool:
    """Whether whoever works here may see the users."""
    return USER in bench.choices


def user_choices(bench: Bench) -> Choices:
    """The users with their full names, or the names again."""
    return [(name, full_name or name) for name, full_name in bench.choices.get(USER, ())]


def user_editor(field: Field, bench: Bench, parent: QWidget | None = None) -> CodeEditor:
    """An editor of one user; one that isn't among the users any more stays as it was."""
    editor = CodeEditor(field, lambda: user_choices(bench), bench.surroundings, parent)
    editor.takes_only_listed = knows_users(bench)
    return editor
