"""All keys valid here, in a list that is typed into; Enter on one, then the key wanted, gives the action that key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from erpdesk.ui.editors.base import lend_cursor
from erpdesk.ui.keys.profile import (
    Binding,
    KeyProfile,
    chord_of,
    key_name,
    key_profile,
    rebind,
    reset_all,
    shipped_profile,
)
from erpdesk.ui.keys.routing import takes_keys
from erpdesk.ui.keys.undivided import UndividedKeys
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import theme
from erpdesk.ui.window.destinations import Destination
from erpdesk.ui.window.pick_list import PickList
from erpdesk.ui.words import say, to_say

KEY = "key"
_TYPE_KEYS = "types"
CONTEXTS = {
    "lookup": to_say("In a list to choose from"), "number": to_say("In a number field"),
    "split": to_say("In the parts of a line"), "line_details": to_say("In the details of a line"),
    "condition": to_say("In a condition"), "conditions": to_say("In a condition"),
    "grid": to_say("In the lines"), "voucher": to_say("In a voucher"), "report": to_say("In a report"),
    "register": to_say("In a register"), "goto": to_say("In the list to go from"),
    "working_date": to_say("In the working date"), "arriving": to_say("In a tab that opens"),
    "queue": to_say("In the queue"), "keys": to_say("In this list"), "window": to_say("Everywhere"),
}


def contexts_around(widget: QWidget | None) -> list[str]:
    """The contexts of keys around a widget, innermost first."""
    found = []
    while widget is not None:
        if takes_keys(widget) and widget.key_context not in found:
            found.append(widget.key_context)
        widget = widget.parentWidget()
    return found


def key_destinations(profile: KeyProfile, contexts: Iterable[str]) -> list[Destination]:
    """The actions of some contexts with their keys, one a row."""
    rows: dict[tuple[str, str], Destination] = {}
    for context in contexts:
        for one in profile.context(context):
            before = rows.get((context, one.action))
            chord = " ".join(part for part in (before.chord if before else "", one.chord) if part)
            rows[context, one.action] = Destination(
                KEY, f"{context}/{one.action}", say(one.label), say(CONTEXTS.get(context, context.capitalize())),
                chord)
    return list(rows.values())


class ChordField(UndividedKeys, QLineEdit):
    """Takes one chord: `pressed` carries it, empty for Esc."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chordField")
        self.setReadOnly(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        chord = chord_of(event)
        if chord and not event.isAutoRepeat():
            self.pressed.emit("" if chord == "Esc" else chord)


class KeysPage(PickList):
    """Lies over the window; Esc goes back to where the cursor was. `changed` after another key was given."""

    key_context = "keys"
    closed = Signal()
    changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(say("Type an action or a key"), window)
        self.setObjectName("keysPage")
        self.setAccessibleName(say("Keys"))
        self.field.setObjectName("keysFilter")
        self._window, self._contexts, self._asked = window, [""], ("", "")
        space = theme().space("medium")
        self.setContentsMargins(space, space, space, space)
        self.word, self.chord = QLabel(self), ChordField(self)
        self.word.setObjectName("keysWord")
        self.chord.setFixedHeight(theme().size("row_comfortable"))
        self.word.setWordWrap(True)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.chord)
        layout.addWidget(self.word)
        self.chosen.connect(self._ask)
        self.chord.pressed.connect(self._give)
        self.hide()

    def open(self) -> None:
        """Show the keys that are valid where the cursor is now."""
        focus = QApplication.focusWidget()
        around = contexts_around(focus if focus is not None and focus.window() is self._window else self._window)
        self._contexts = [*(one for one in around if one != "keys"), "keys"]
        self.chord.hide()
        self.field.clear()
        self._refresh()
        faults = key_profile().faults
        keys = {action: key_name(self.key_context, action) for action in ("unbind", "reset", "reset_all")}
        self._say(str(faults[0]) if faults else say("Enter: another key. {unbind}: no key. {reset}: as shipped. "
                                                    "{reset_all}: all as shipped.", **keys))
        window, width = self._window, theme().size("gateway_width") * 2 // 3
        height = window.height() * 3 // 4
        self.setGeometry((window.width() - width) // 2, window.height() // 10, min(width, window.width()), height)
        self.show()
        self.raise_()
        lend_cursor(self.field)

    def _refresh(self) -> None:
        here = self.list.currentIndex().row()
        self.show_places(key_destinations(key_profile(), self._contexts))
        if 0 <= here < self.model.rowCount():
            self._highlight(here)

    def _say(self, sentence: str) -> None:
        self.word.setText(sentence)

    # One key

    def _ask(self, place: Destination) -> None:
        context, _, action = place.code.partition("/")
        self._asked = (context, action)
        self.chord.setText(say("Press the key for {action}", action=place.label))
        self.chord.setAccessibleName(self.chord.text())
        self.chord.show()
        self.chord.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say(say("Esc: leave it as it is."))

    def _give(self, chord: str) -> None:
        if not chord:
            self._done(say("Nothing was changed."))
            return
        if reason := self._refusal(chord):
            self._say(reason)
            return
        self._change(chord)

    def _refusal(self, chord: str) -> str:
        """Why a chord can't be taken; nothing when it can."""
        context, action = self._asked
        if len(chord) == 1 or chord in ("Space", "Return", "Tab", "Shift+Tab", "Backspace"):
            return say("{key} is for typing; press a key with Ctrl or Alt, or a function key.", key=chord)
        rival = self._rival(chord, key_profile().context(context), action)
        if rival is not None:
            return say("{key} is {label} here; press another key, or Esc.", key=chord, label=say(rival.label))
        return ""

    @staticmethod
    def _rival(chord: str, bindings: Sequence[Binding], action: str) -> Binding | None:
        return next((one for one in bindings if one.chord == chord and one.action != action), None)

    def _change(self, chord: str | None) -> None:
        context, action = self._asked
        try:
            rebind(context, action, chord)
        except OSError as error:
            self._done(say("The keys can't be kept: {reason}", reason=error.strerror or str(error)))
            return
        label = next((say(one.label) for one in shipped_profile().context(context) if one.action == action), action)
        now = ", ".join(one.chord for one in key_profile().context(context) if one.action == action and one.chord)
        self._done(say("{label}: {key}", label=label, key=now or say("no key")) + self._hidden(chord))
        self.changed.emit()

    def _hidden(self, chord: str | None) -> str:
        """What the key does further out, where it is now not heard from here."""
        context = self._asked[0]
        outer = self._contexts[self._contexts.index(context) + 1:] if context in self._contexts else []
        found = next((one for where in outer for one in key_profile().context(where) if one.chord == chord), None)
        return "" if not chord or found is None else say(" (instead of {label})", label=say(found.label))

    def _done(self, sentence: str) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.chord.hide()
        self._refresh()
        self._say(sentence)

    # Actions

    def perform(self, action: str) -> bool:
        """Do an action of this list's own."""
        if action == "close_keys":
            self.closed.emit()
            self.hide()
        elif action == "reset_all":
            self._reset_all()
        elif action in ("unbind", "reset") and (place := self.highlighted) is not None:
            context, _, name = place.code.partition("/")
            self._asked = (context, name)
            self._change("" if action == "unbind" else None)
        return action in ("close_keys", "reset_all", "unbind", "reset")

    def perform_chord(self, chord: str) -> bool:
        """The keys of the window don't act while this is open."""
        return False

    def _reset_all(self) -> None:
        try:
            reset_all()
        except OSError as error:
            self._done(say("The keys can't be kept: {reason}", reason=error.strerror or str(error)))
            return
        self._done(say("All keys are as shipped."))
        self.changed.emit()
