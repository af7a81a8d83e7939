"""The base of settings that take several editors: outwardly one editor, inwardly a path of their own."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import theme


class SeveralEditors(QWidget):
    """`changed` says that another value stands here. Subclasses say what it is and which editors the cursor passes."""

    accepted = Signal()
    went_back = Signal()
    not_accepted = Signal(str)
    changed = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.setProperty("fieldKey", field.key)
        self.setAccessibleName(field.label)

    # What subclasses say

    @property
    def raw(self) -> Any:
        """The value as the document holds it."""
        return None

    def set_raw(self, raw: Any) -> None:
        """Show a value."""

    def path(self) -> list[FieldEditor]:
        """The editors in the order of the cursor."""
        return []

    def done(self, editor: FieldEditor) -> bool:
        """An editor was accepted; False where the cursor is to stay for what came of it."""
        return True

    # An editor's ways

    def isModified(self) -> bool:  # noqa: N802 - the same name as in one-line editors
        """What is typed is taken at once, so that nothing is ever left to take."""
        return False

    def accept_typed(self) -> bool:
        """Whether everything here can be taken."""
        return all(editor.accept_typed() for editor in self.path())

    def listen(self, editor: FieldEditor) -> None:
        """Have an editor on the path."""
        editor.setFixedHeight(theme().size("field"))
        editor.accepted.connect(lambda: self._accepted(editor))
        editor.went_back.connect(lambda: self._step(editor, -1))
        editor.not_accepted.connect(self.not_accepted)
        editor.installEventFilter(self)

    def _accepted(self, editor: FieldEditor) -> None:
        if self.done(editor):
            self._step(editor, 1)

    def _step(self, editor: FieldEditor, by: int) -> None:
        path = self.path()
        place = path.index(editor) + by if editor in path else -1
        if 0 <= place < len(path):
            path[place].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            (self.accepted if by > 0 else self.went_back).emit()

    def holds_cursor(self) -> bool:
        """Whether the cursor is in one of its editors."""
        return any(editor.hasFocus() for editor in self.path())

    @override
    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        path = self.path()
        if path:
            path[0].setFocus(reason)

    @override
    def hasFocus(self) -> bool:
        return self.holds_cursor()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, FieldEditor):
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if by and not event.modifiers() and not getattr(watched, "lists", False):
                if by > 0 and not watched.accept_typed():
                    return True
                self._step(watched, by)
                return True
        return False
