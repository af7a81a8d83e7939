"""A press beside a field whose text can't be taken goes nowhere: the field says why and keeps the cursor, as for a key.

A filter and a login are left all the same; so is a page that marks what is wrong as one types, and keeps it.

Presses are met where they come to the window of the window system, before Qt moves the focus by them. One that moves
no focus - into the field's own list, at a button, at the tabs - is none of this. A press beside all fields leaves the
cursor where it is, or has it come back to the page from what lies over the window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from erpdesk.ui.editors.base import lets_cursor_go
from erpdesk.ui.overriding import override

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_FOLLOWING = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease)


class HeldPresses(QObject):
    """Watches the presses in one page, or of what lies `beyond` it in the window too, from when it is first seen;
    `come_back` puts the cursor where it was in it."""

    def __init__(self, page: QWidget, come_back: Callable[[], object], *, beyond: bool = False) -> None:
        super().__init__(page)
        self._page, self._come_back, self._beyond = page, come_back, beyond
        self._is_holding = False
        page.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._page:
            if kind == QEvent.Type.Show and (handle := self._page.window().windowHandle()) is not None:
                handle.installEventFilter(self)
            if kind == QEvent.Type.MouseButtonPress and not self._has_cursor:
                self._come_back()
            return False
        if kind in _PRESSES and isinstance(event, QMouseEvent):
            self._is_holding = self._leads_astray(event.position().toPoint())
            return self._is_holding
        if self._is_holding and kind in _FOLLOWING:
            self._is_holding = kind == QEvent.Type.MouseMove
            return True
        return False

    @property
    def _has_cursor(self) -> bool:
        field = QApplication.focusWidget()
        return field is self._page or (field is not None and self._page.isAncestorOf(field))

    def _leads_astray(self, place: QPoint) -> bool:
        """Whether a press would take the cursor out of a field of the page that can't let it go."""
        page, field = self._page, QApplication.focusWidget()
        pressed = page.window().childAt(place)
        if field is None or pressed is None or not page.isAncestorOf(field):
            return False
        if not self._beyond and not page.isAncestorOf(pressed):
            return False
        if field is pressed or field.isAncestorOf(pressed) or not getattr(field, "stays_at_escape", True):
            return False
        wanted = _focused_by(pressed)
        return wanted is not None and wanted is not field and not lets_cursor_go(field)


def _focused_by(pressed: QWidget) -> QWidget | None:
    """Which widget has the cursor after a press, as Qt finds it; None for the one that has it already."""
    widget: QWidget | None = pressed
    while widget is not None:
        proxy = widget
        while (further := proxy.focusProxy()) is not None:
            proxy = further
        if widget.isEnabled() and proxy.focusPolicy() & Qt.FocusPolicy.ClickFocus:
            return proxy
        widget = None if widget.isWindow() else widget.parentWidget()
    return None
