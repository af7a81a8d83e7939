"""Text pasted into a field: taken whole and as it is, or the clerk is told what became of it.

What is longer than the field takes isn't pasted at all. Line ends become blanks where a field has one line only.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit

from erpdesk.ui.editors.unstorable import on_one_line, without_unstorable
from erpdesk.ui.words import say

MOST_CHARACTERS = 4000
"""What the books keep of a text that has no limit of its own."""

_STANDARD = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut, QKeySequence.StandardKey.Paste,
             QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo,
             QKeySequence.StandardKey.SelectNextChar, QKeySequence.StandardKey.SelectPreviousChar,
             QKeySequence.StandardKey.SelectStartOfLine, QKeySequence.StandardKey.SelectEndOfLine)
_WITHIN_TEXT = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home,
                Qt.Key.Key_End)


def edits_text(event: QKeyEvent) -> bool:
    """Whether a press edits text when nobody around has a use for it: a character, a key that takes one away or
    moves among them, or copy, paste and the like."""
    plain = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    character = plain == Qt.KeyboardModifier.NoModifier and bool(event.text()) and event.text().isprintable()
    moves = plain == Qt.KeyboardModifier.NoModifier and Qt.Key(event.key()) in _WITHIN_TEXT
    return character or moves or any(event.matches(key) for key in _STANDARD)


def paste_into(editor: QLineEdit, label: str, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> str:
    """Put the text of the clipboard where the cursor is; what to tell the clerk, if anything."""
    text = QApplication.clipboard().text(mode)
    if editor.isReadOnly() or not text:
        return ""
    kept = without_unstorable(text)
    line = on_one_line(kept)
    room = editor.maxLength() - units(editor.text()) + units(editor.selectedText())
    if units(line) > room:
        return say("Nothing was pasted: {field} takes at most {count} characters", field=label,
                   count=editor.maxLength())
    editor.insert(line)
    if kept != text:
        return say("Characters that can't be kept were left out")
    if line != text.strip("\t\r\n"):
        return say("Line ends became blanks: {field} has one line", field=label)
    return ""


def units(text: str) -> int:
    """The length of a text as Qt's fields count it (UTF-16)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
