"""Keys typed while an answer is awaited are held, and given in order to whoever has the focus afterwards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from erpdesk.ui.keys.profile import chord_of
from erpdesk.ui.overriding import override

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)
_MOST = 2000


class HeldKeys(QObject):
    """Holds the keys meant for one window. `again` chords pressed before anything else are only impatience."""

    def __init__(self, page: QWidget, again: tuple[str, ...] = ()) -> None:
        super().__init__(page)
        self._page = page
        self._again = tuple(chord for chord in again if chord)
        self._held: list[QKeyEvent] = []
        self._holding = False

    @property
    def is_holding(self) -> bool:
        """Whether keys are being held now."""
        return self._holding

    @property
    def count(self) -> int:
        """How many presses are held."""
        return len(self._held)

    def hold(self) -> None:
        """Hold from now on."""
        if not self._holding:
            self._holding = True
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def stop(self) -> None:
        """Hold no more; what is held stays until `give`."""
        if self._holding:
            self._holding = False
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def give(self) -> None:
        """Hold no more, and type what was held, unless one of the keys has something held again."""
        self.stop()
        while self._held and not self._holding:
            event = self._held.pop(0)
            target = QApplication.focusWidget()
            if target is None:
                target = self._page
            QApplication.sendEvent(target, event)

    def give_to(self, page: QWidget) -> None:
        """Give what is held to another page, which took the place of the one it was typed at."""
        self._page = page
        self.give()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _KEYS or not isinstance(watched, QWidget) or not self._is_meant(watched):
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._keep(event)
        return True

    def _is_meant(self, widget: QWidget) -> bool:
        return self._page.isVisible() and widget.window() is self._page.window()

    def _keep(self, event: QKeyEvent) -> None:
        impatient = not self._held and chord_of(event) in self._again
        if not impatient and not event.isAutoRepeat() and len(self._held) < _MOST:
            self._held.append(QKeyEvent(event.type(), event.key(), event.modifiers(), event.text()))
