"""A key press goes from the widget that has the focus outwards; the first that can do its action does it.

No shortcuts, no menu bar and no mnemonics take part, so that nothing is ambiguous, F10 and Alt+letter open no
menu, and presses act in the very order they were typed.
"""

from __future__ import annotations

from typing import Protocol, TypeGuard

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from erpdesk.ui.keys.profile import chord_of, key_profile


class KeyTarget(Protocol):
    """A widget that does actions: `key_context` names its context in the profile."""

    key_context: str

    def perform(self, action: str) -> bool:
        """Do it; False when it can't be done here, so that an outer widget is asked."""
        ...

    def perform_chord(self, chord: str) -> bool:
        """Do what a chord outside the profile means here (the keys of voucher types); False for nothing."""
        ...


def takes_keys(widget: QWidget) -> TypeGuard[KeyTarget]:
    """Whether a widget is a target; quicker than asking the protocol, which is done with every key."""
    return isinstance(getattr(widget, "key_context", None), str)


def route_key(start: QWidget, event: QKeyEvent) -> bool:
    """Have the innermost target from `start` outwards do what the press means; accepts the event if done."""
    chord = chord_of(event)
    if not chord:
        return False
    done = route_chord(start, chord)
    if done:
        event.accept()
    return done


def route_chord(start: QWidget | None, chord: str) -> bool:
    """The same for a chord given by name, such as one pressed on the button bar.

    A window may take a chord before everybody (`take_chord_first`): Esc, while help lies over it. From a target that
    keeps the keyboard to itself (`keeps_keyboard`) nothing goes further out.
    """
    actions = {binding.context: binding.action for binding in key_profile().actions(chord)}
    take_first = getattr(start.window(), "take_chord_first", None) if start is not None else None
    if take_first is not None and take_first(chord):
        return True
    widget = start
    while widget is not None:
        if takes_keys(widget):
            action = actions.get(widget.key_context)
            if action is not None and widget.perform(action):
                return True
            if widget.perform_chord(chord):
                return True
            if getattr(widget, "keeps_keyboard", False):
                return False
        widget = widget.parentWidget()
    return False
