"""The editor of longer texts: Enter accepts as everywhere, Shift+Enter begins a new line."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.ui.editors.base import FORWARD_KEYS, NotAccepted, check_rules, nothing_beside
from erpdesk.ui.editors.pasted import MOST_CHARACTERS, edits_text
from erpdesk.ui.editors.surroundings import ReadRaw, Surroundings
from erpdesk.ui.editors.unstorable import unstorable_in, without_unstorable
from erpdesk.ui.keys.profile import chord_of, key_profile, with_own_keys
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.keys.undivided import UndividedKeys
from erpdesk.ui.overriding import override
from erpdesk.ui.words import say


class TextAreaEditor(UndividedKeys, QPlainTextEdit):
    """A text of several lines, with the same ways in and out as every editor."""

    accepted = Signal()
    settled = Signal()
    went_back = Signal()
    not_accepted = Signal(str)

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.surroundings = surroundings
        self.beside: ReadRaw = nothing_beside
        self.setAccessibleName(field.label)
        self.setAccessibleDescription(with_own_keys(field.ui.help))
        self.setPlaceholderText(field.ui.placeholder)
        self.setProperty("fieldKey", field.key)
        self.setTabChangesFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    @property
    def raw(self) -> Any:
        """The text, None for nothing."""
        return self.toPlainText().replace("\x00", "").strip() or None

    def set_raw(self, raw: Any) -> None:
        """Show a value."""
        if raw != self.raw:
            self.setPlainText("" if raw is None else str(raw))
        self.document().setModified(False)

    def isModified(self) -> bool:  # noqa: N802 - the same name as in one-line editors
        """Whether anything was typed since the value was shown."""
        return self.document().isModified()

    def accept_typed(self) -> bool:
        """Take what was typed, unless it is too long."""
        if len(self.raw or "") > self._longest:
            self.not_accepted.emit(say("{field} takes at most {count} characters",
                                       field=self.field.label, count=self._longest))
            return False
        try:
            check_rules(self.field, self.raw, self.surroundings)
        except NotAccepted as problem:
            self.not_accepted.emit(str(problem))
            return False
        return True

    def let_go(self) -> bool:
        """Take what was typed, since the cursor is wanted elsewhere; False, having said why, when it can't be taken."""
        if not self.accept_typed():
            return False
        if self.isModified():
            self.settled.emit()
        return True

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed and nothing of the text is picked out."""
        return not self.isModified() and not self.textCursor().hasSelection()

    @property
    def _longest(self) -> int:
        return self.field.validators.max_length or MOST_CHARACTERS

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as one line it is a line like the fields around it; a scroll bar there would be all handle."""
        several = self.viewport().height() >= 2 * self.fontMetrics().lineSpacing()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded if several
                                        else Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        super().resizeEvent(event)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text()
        kept = without_unstorable(text)
        if len(kept) > self._longest:
            self.not_accepted.emit(say("Nothing was pasted: {field} takes at most {count} characters",
                                       field=self.field.label, count=self._longest))
            return
        self.insertPlainText(kept)
        if kept != text:
            self.not_accepted.emit(say("Characters that can't be kept were left out"))

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        said = event.commitString()
        if unstorable_in(said):
            event.setCommitString(without_unstorable(said))
            self.not_accepted.emit(say("Characters that can't be kept were left out"))
        super().inputMethodEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        backing = key == Qt.Key.Key_Backspace and plain and not event.isAutoRepeat()
        if key == Qt.Key.Key_Backtab or (backing and not self.toPlainText()):
            self.went_back.emit()
        elif key in FORWARD_KEYS and plain:
            if self.accept_typed():
                self.accepted.emit()
        elif chord := self._foreign_chord(event):
            if key_profile().actions(chord) and route_key(self, event):
                return
            if not edits_text(event):
                event.ignore()
                return
            super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)
        event.accept()

    @staticmethod
    def _foreign_chord(event: QKeyEvent) -> str:
        chord = chord_of(event)
        bound = len(chord) > 1 and key_profile().actions(chord)
        function = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
        return chord if bound or function or chord.startswith("Alt+") or chord == "Esc" else ""
