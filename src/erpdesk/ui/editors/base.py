"""The base of all one-line editors: a value as the document holds it, accepted whole or refused with a word.

Enter and Tab accept and go on; Shift+Tab, and Backspace pressed afresh in an empty field, go back. Esc takes back
what is half typed. Whatever an editor has no use for goes to the widget around it.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QClipboard, QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from erpdesk.blueprints.checkers import value_fault
from erpdesk.blueprints.fields import Align, Field
from erpdesk.ui.configured_words import say_reason
from erpdesk.ui.editors.pasted import MOST_CHARACTERS, edits_text, paste_into
from erpdesk.ui.editors.surroundings import ReadRaw, Surroundings
from erpdesk.ui.editors.unstorable import unstorable_in, without_unstorable
from erpdesk.ui.keys.profile import chord_of, key_profile, with_own_keys
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.keys.undivided import UndividedKeys
from erpdesk.ui.overriding import override
from erpdesk.ui.words import say

FORWARD_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_ALIGNMENT = {Align.LEFT: Qt.AlignmentFlag.AlignLeft, Align.RIGHT: Qt.AlignmentFlag.AlignRight,
              Align.CENTER: Qt.AlignmentFlag.AlignHCenter}
PASSING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)
"""Why the cursor is away for a moment: its window or its page is out of sight, or something lies over it."""


def nothing_beside(_key: str) -> Any:
    """The values beside an editor that stands alone."""
    return None


class NotAccepted(ValueError):
    """What was typed can't be taken; the message is a sentence for the clerk."""


def check_rules(field: Field, raw: Any, surroundings: Surroundings) -> None:
    """The rules of the field as the service holds a value to them. Raises NotAccepted."""
    said = value_fault(field, raw, money_decimals=surroundings.money_decimals, today=surroundings.today)
    if said:
        raise NotAccepted(f"{say(field.label)} {say_reason(said)}")


class FieldEditor(UndividedKeys, QLineEdit):
    """An editor for one field. `accepted` and `went_back` move the cursor; `settled` says that what stands here holds,
    the cursor going by other ways; `not_accepted` says why not, and nothing once that is taken back."""

    accepted = Signal()
    settled = Signal()
    went_back = Signal()
    not_accepted = Signal(str)

    stays_at_escape = True
    """Whether Esc stays here when it takes something back; a filter and a login are left by it all the same."""

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.surroundings = surroundings
        self.beside: ReadRaw = nothing_beside
        self._raw: Any = None
        self._was_refused = False
        self.setMaxLength(MOST_CHARACTERS)
        self.setAcceptDrops(False)
        self.inputRejected.connect(self._say_full)
        self.setFrame(False)
        self.setAlignment(_ALIGNMENT[field.ui.align] | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(field.label)
        self.setAccessibleDescription(with_own_keys(field.ui.help))
        self.setPlaceholderText(field.ui.placeholder)
        self.setProperty("fieldKey", field.key)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    # The value

    @property
    def raw(self) -> Any:
        """The value as the document holds it: as accepted last, or what stands here if it can be read."""
        if self.isModified():
            try:
                return self.read(self.text())
            except NotAccepted:
                return self.text().strip() or None
        return self._raw

    def set_raw(self, raw: Any) -> None:
        """Show a value; what the clerk is typing is not disturbed by the value that is there already."""
        if raw == self._raw and not self.isModified():
            self._refresh_text()
            return
        self._raw = raw
        self._refresh_text()

    def read(self, typed: str) -> Any:
        """The value that was typed, None for nothing. Raises NotAccepted."""
        return typed.strip() or None

    def write(self, raw: Any) -> str:
        """The value as it stands in the field."""
        return "" if raw is None else str(raw)

    def accept_typed(self) -> bool:
        """Take what was typed; False, having said why, when it can't be taken."""
        if self.isModified():
            try:
                raw = self.read(self.text())
                check_rules(self.field, raw, self.surroundings)
            except NotAccepted as problem:
                self._was_refused = True
                self.not_accepted.emit(str(problem))
                return False
            self._was_refused = False
            self._raw = raw
            self._refresh_text()
        return True

    def _refresh_text(self) -> None:
        text = self.write(self._raw)
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)
        self.setModified(False)

    def let_go(self) -> bool:
        """Take what was typed, since the cursor is wanted elsewhere; False, having said why, when it can't be taken."""
        was_typed = self.isModified()
        if not self.accept_typed():
            return False
        if was_typed:
            self.settled.emit()
        return True

    @property
    def is_unreadable(self) -> bool:
        """Whether what was typed can't be taken as it stands."""
        if not self.isModified():
            return False
        try:
            check_rules(self.field, self.read(self.text()), self.surroundings)
        except NotAccepted:
            return True
        return False

    @property
    def is_half_typed(self) -> bool:
        """Whether what was typed isn't a value yet: it can't be taken, or may mean several."""
        return self.is_unreadable

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed and nothing of the text is picked out: the cell is meant, not its text."""
        return not self.isModified() and self.selectedText() == self.text()

    def _say_full(self) -> None:
        self.not_accepted.emit(say("{field} takes at most {count} characters", field=self.field.label,
                                   count=self.maxLength()))

    @override
    def paste(self) -> None:
        """Put the text of the clipboard where the cursor is, or say why not."""
        self._paste()

    def _paste(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        if word := paste_into(self, self.field.label, mode):
            self.not_accepted.emit(word)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self.isReadOnly():
            event.ignore()
            return
        said = event.commitString()
        if unstorable_in(said):
            event.setCommitString(without_unstorable(said))
            self.not_accepted.emit(say("Characters that can't be kept were left out"))
        super().inputMethodEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._paste(QClipboard.Mode.Selection)
        else:
            super().mouseReleaseEvent(event)

    # Keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.take_key(event):
            event.accept()
            return
        if key_profile().actions(chord_of(event)) and len(chord_of(event)) > 1:
            if route_key(self, event):
                return
            if not edits_text(event):
                event.ignore()
                return
        if self._is_foreign(event):
            event.ignore()
            return
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        else:
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """The keys of the path; editors with a list add theirs."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        back = key == Qt.Key.Key_Backtab or (
            key == Qt.Key.Key_Tab and modifiers == Qt.KeyboardModifier.ShiftModifier)
        if back or self._is_backing(event):
            if self.accept_typed():
                self.went_back.emit()
            return True
        if key == Qt.Key.Key_Escape and modifiers == Qt.KeyboardModifier.NoModifier:
            return self._take_escape()
        if key in FORWARD_KEYS and modifiers == Qt.KeyboardModifier.NoModifier:
            if self.accept_typed():
                self.accepted.emit()
            return True
        return False

    def _take_escape(self) -> bool:
        """Esc closes what lies over the window; else it takes back what is half typed, if anything is."""
        if not self.isModified() or self.isReadOnly():
            return False
        if self._lies_over_all():
            return True
        self.take_back()
        return self.stays_at_escape

    def _lies_over_all(self) -> bool:
        """Whether something lay over the window or the page, which is closed now."""
        around = self.parentWidget()
        while around is not None:
            take_first = getattr(around, "take_chord_first", None)
            if take_first is not None and take_first("Esc"):
                return True
            around = around.parentWidget()
        return False

    def take_back(self) -> None:
        """Have what was accepted last stand here again."""
        self._refresh_text()
        self.selectAll()
        self.settled.emit()
        if self._was_refused:
            self._was_refused = False
            self.not_accepted.emit("")

    def _is_backing(self, event: QKeyEvent) -> bool:
        return (event.key() == Qt.Key.Key_Backspace and not event.isAutoRepeat() and not self.text()
                and event.modifiers() == Qt.KeyboardModifier.NoModifier)

    def _is_foreign(self, event: QKeyEvent) -> bool:
        """Keys that are for the widget around: up and down, function keys, Alt with a letter, Esc."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
            return True
        if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
            return True
        chord = chord_of(event)
        return chord.startswith("Alt+") or (bool(chord) and self._is_type_key(chord))

    @staticmethod
    def _is_type_key(chord: str) -> bool:
        return chord in key_profile().type_keys.values()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason,
                                  Qt.FocusReason.MouseFocusReason) and not self.isModified():
            self.selectAll()


def is_half_typed(widget: QWidget | None) -> bool:
    """Whether something stands half typed in a widget."""
    return isinstance(widget, FieldEditor) and widget.is_half_typed


def lend_cursor(to: QWidget) -> None:
    """The cursor into something that lies over the page for a moment; what is half typed below stays so meanwhile."""
    passing = is_half_typed(QApplication.focusWidget())
    to.setFocus(Qt.FocusReason.MenuBarFocusReason if passing else Qt.FocusReason.OtherFocusReason)


def is_unreadable(widget: QWidget | None) -> bool:
    """Whether something stands in a widget that can't be taken."""
    return isinstance(widget, FieldEditor) and widget.is_unreadable


def can_be_taken(widget: QWidget | None) -> bool:
    """Whether what stands in an editor can be taken; where it can't, the editor has said why."""
    return not isinstance(widget, FieldEditor) or widget.accept_typed()


def all_readable(page: QWidget) -> bool:
    """Whether nothing stands in an editor of a page that can't be taken; else the cursor is there, and it says why."""
    unread = next((one for one in page.findChildren(FieldEditor) if one.is_unreadable and one.isVisible()), None)
    if unread is not None:
        unread.setFocus(Qt.FocusReason.OtherFocusReason)
        unread.accept_typed()
    return unread is None


def lets_cursor_go(field: QWidget | None) -> bool:
    """Whether the cursor may leave a field by another way than its own keys; what stands there is taken, or it is said
    why it can't be, by the field or by what it stands in (`refuses`)."""
    let_go = getattr(field, "let_go", None)
    if field is None or let_go is None:
        return True
    if not let_go():
        return False
    around = field.parentWidget()
    while around is not None:
        refuses = getattr(around, "refuses", None)
        if refuses is not None:
            return not refuses()
        around = around.parentWidget()
    return True


def keeps_cursor(wanted: QWidget) -> bool:
    """Whether the field with the cursor keeps it from another of its window, having said why."""
    field = QApplication.focusWidget()
    same = field is None or field is wanted or wanted.isAncestorOf(field) or field.window() is not wanted.window()
    return not same and not lets_cursor_go(field)
