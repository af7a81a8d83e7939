"""A field that has every key to itself: no shortcut takes one first, and Tab doesn't leave by Qt's own order.

While a key of it is handled, posts beside the window give way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer

from erpdesk.services.giving_way import key_painted, key_pressed
from erpdesk.ui.overriding import override

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Field
else:
    _Field = object


_PAINTED_MS = 1
"""A timer, unlike a call without delay, is due after the events that the key leaves behind, its paint among them."""


class UndividedKeys(_Field):
    """Stands before the Qt class among the bases of a field."""

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            key_pressed()
            QTimer.singleShot(_PAINTED_MS, key_painted)
            return True
        return super().event(event)
