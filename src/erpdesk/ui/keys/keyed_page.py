"""A page of the window whose keys are a table: what each action of its context does, and whether it can be done now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override


class KeyedPage(QWidget):
    """What every page does with a key. A page says its `key_context` and its `doings`."""

    key_context: str = ""
    wants_close = Signal()
    wants_help = Signal(object, object)

    def doings(self) -> Mapping[str, Callable[[], object]]:
        """What the page does, by the actions of its context."""
        return {}

    def usual_doings(self) -> Mapping[str, Callable[[], object]]:
        """What every page of its kind does, unless `doings` says otherwise."""
        return {"leave": self.wants_close.emit, "help": lambda: self.wants_help.emit(None, None)}

    def offers(self, action: str) -> bool:
        """Whether an action can be done here and now."""
        return True

    def perform(self, action: str) -> bool:
        """Do an action of the page's context."""
        known = {**self.usual_doings(), **self.doings()}
        if action not in known:
            return False
        if self.offers(action):
            known[action]()
        return True

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()
