"""A fault at an editor: a mark that the style sheet shows, and its sentence as tool tip and description."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from erpdesk.domain.results import Fault
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.plain_words import tell


def mark_editor(editor: QWidget, fault: Fault | None) -> None:
    """Mark an editor as faulty, or as good."""
    was_faulty = bool(editor.property("faulty"))
    if was_faulty == (fault is not None):
        return
    editor.setProperty("faulty", fault is not None)
    tell(editor, say_fault(fault) if fault is not None else "")
    editor.style().unpolish(editor)
    editor.style().polish(editor)
