"""The template of a number: text with tokens, which are chosen from a list or typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.ui.editors.listed import Choice
from erpdesk.ui.editors.plain import TextEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import LookupRow
from erpdesk.ui.words import say, to_say

TOKEN_WORDS = {"FY": to_say("Fiscal year, 2026-27"), "FYS": to_say("Fiscal year, short, 26-27"),
               "BRANCH": to_say("Code of the branch"), "YYYY": to_say("Year, 2026"), "YY": to_say("Year, short, 26"),
               "MM": to_say("Month, 04")}
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class TemplateEditor(TextEditor):
    """The list of tokens is open while the cursor is here; one that is picked out there goes in where the cursor is."""

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, surroundings, parent)
        self._picked = False
        self.textEdited.connect(lambda _text: self._open())

    def _rows(self) -> Sequence[LookupRow]:
        """The tokens that begin like what stands behind the last open brace."""
        before = self.text()[:self.cursorPosition()]
        _, opened, begun = before.rpartition("{")
        begun = begun.upper() if opened and "}" not in begun else ""
        return [Choice(f"{{{token}}}", say(words)) for token, words in TOKEN_WORDS.items() if token.startswith(begun)]

    def _open(self) -> None:
        self._picked = False
        rows = self._rows()
        if rows:
            self.surroundings.popup.open_for(self, rows, None, preselect=False)
        else:
            self._close()

    def _close(self) -> None:
        if self.surroundings.popup.serves(self):
            self.surroundings.popup.close_list()

    def take(self, row: LookupRow) -> None:
        """A token goes in; what was typed of it goes out."""
        if self.selectedText() == self.text():
            self.setCursorPosition(len(self.text()))
        text, place = self.text(), self.cursorPosition()
        opened = text.rfind("{", 0, place)
        begin = opened if opened >= 0 and "}" not in text[opened:place] else place
        self.setText(text[:begin] + row.code + text[place:])
        self.setCursorPosition(begin + len(row.code))
        self.setModified(True)
        self.textEdited.emit(self.text())

    @override
    def accept_typed(self) -> bool:
        self._close()
        return super().accept_typed()

    @override
    def take_key(self, event: QKeyEvent) -> bool:
        popup, key = self.surroundings.popup, Qt.Key(event.key())
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and popup.serves(self):
            row = popup.highlighted()
            if key in _MOVES and (row is not None or key == Qt.Key.Key_Down):
                popup.move_highlight(_MOVES[key])
                self._picked = True
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._picked and row is not None:
                self.take(row)
                return True
            if key == Qt.Key.Key_Escape:
                self._close()
                return True
        return super().take_key(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.isReadOnly():
            self._open()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._close()
        super().focusOutEvent(event)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._close()
        super().hideEvent(event)
