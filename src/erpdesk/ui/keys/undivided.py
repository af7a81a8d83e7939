"""A field that has every key to itself: no shortcut takes one first, and Tab doesn't leave by Qt's own order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

from erpdesk.ui.overriding import override

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Field
else:
    _Field = object


class UndividedKeys(_Field):
    """Stands before the Qt class among the bases of a field."""

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)
