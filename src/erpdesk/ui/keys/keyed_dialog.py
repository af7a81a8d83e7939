"""A dialog whose keys are the profile's: each of its buttons does an action of its context and prints its key.

Enter presses the button with the cursor, Left and Right go from button to button; no key reaches what lies beneath.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.profile import chord_of
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ASIDE = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class KeyedDialog(QDialog):
    """A dialog says its `key_context` and gives its buttons their actions; Esc closes it whatever else does."""

    key_context: str = ""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._by_action: dict[str, QPushButton] = {}

    def give_key(self, button: QPushButton, text: str, action: str) -> None:
        """Have a button do an action of the context, and print its key."""
        print_key(button, text, self.key_context, action)
        self._by_action[action] = button

    def hear_keys_of(self, rows: QWidget) -> None:
        """Keys of the dialog are heard before rows of it take them for themselves."""
        rows.installEventFilter(self)

    def perform(self, action: str) -> bool:
        """Press the button of an action."""
        button = self._by_action.get(action)
        if button is not None and button.isEnabled() and not button.isHidden():
            button.click()
        return True

    def perform_chord(self, chord: str) -> bool:
        """Nothing reaches what lies beneath."""
        return "+" in chord

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and \
            len(chord_of(event)) > 1 and event.key() not in _ENTER and route_key(self, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus, key = self.focusWidget(), event.key()
        if key in _ENTER and isinstance(focus, QPushButton):
            focus.click()
        elif key in _ASIDE and isinstance(focus, QPushButton):
            self._step(focus, _ASIDE[Qt.Key(key)])
        elif not route_key(self, event):
            super().keyPressEvent(event)

    def _step(self, here: QPushButton, by: int) -> None:
        layout = here.parentWidget()
        buttons = [one for one in layout.findChildren(QPushButton) if one.isVisible() and one.isEnabled()
                   and one.focusPolicy() != Qt.FocusPolicy.NoFocus] if layout is not None else []
        buttons.sort(key=lambda one: one.x())
        buttons[(buttons.index(here) + by) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
