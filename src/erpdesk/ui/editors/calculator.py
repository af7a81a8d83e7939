"""The calculator strip: under a number field, the sum that is typed there and what it comes to.

The sum is typed into the field itself; Enter puts its result there, and the next Enter goes on as always. The strip
takes no focus, so that no key is lost to it, and goes when the field loses the focus.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from erpdesk.ui.figures import shown_text
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Reckoner(Protocol):
    """A field that reads sums: `read` raises ValueError with a sentence where there is none."""

    textChanged: SignalInstance  # noqa: N815 - Qt's name
    destroyed: SignalInstance

    def read(self, typed: str) -> Any: ...
    def text(self) -> str: ...
    def setText(self, text: str) -> None: ...  # noqa: N802 - Qt's name
    def setModified(self, modified: bool) -> None: ...  # noqa: N802 - Qt's name
    def window(self) -> QWidget: ...
    def rect(self) -> QRect: ...
    def mapTo(self, parent: QWidget, place: QPoint) -> QPoint: ...  # noqa: N802 - Qt's name
    def installEventFilter(self, watcher: QObject) -> None: ...  # noqa: N802 - Qt's name


class CalculatorStrip(QFrame):
    """The strip of one field."""

    def __init__(self, field: Reckoner) -> None:
        super().__init__(field.window())
        self.setObjectName("calculatorStrip")
        self.setAccessibleName(say("Calculator"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._field = field
        self._sum, self._result, self._hint = QLabel(self), QLabel(self), QLabel(self)
        self._sum.setObjectName("calculatorSum")
        self._result.setObjectName("calculatorResult")
        self._hint.setObjectName("bannerMore")
        self._result.setFont(figures_font(theme().text("base_points")))
        layout = QHBoxLayout(self)
        space = theme().space
        layout.setContentsMargins(space("medium"), space("tiny"), space("medium"), space("tiny"))
        layout.setSpacing(space("small"))
        for label in (self._sum, self._result, self._hint):
            layout.addWidget(label)
        self.hide()
        field.textChanged.connect(self._show_sum)
        field.destroyed.connect(self.deleteLater)
        field.installEventFilter(self)

    @property
    def texts(self) -> tuple[str, str]:
        """The sum and its result as they are shown."""
        return self._sum.text(), self._result.text()

    def turn(self) -> None:
        """Show the strip, or put it away."""
        self.setVisible(not self.isVisible())
        self._show_sum()

    def take_key(self, event: QKeyEvent) -> bool:
        """Enter puts the result into the field; Esc puts the strip away."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if not self.isVisible() or not plain:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        if event.key() not in _ENTER:
            return False
        result, is_good = self._reckoned()
        if is_good:
            self._field.setText(result)
            self._field.setModified(True)
            self.hide()
        return is_good

    def _reckoned(self) -> tuple[str, bool]:
        """What the sum comes to, or why it comes to nothing."""
        try:
            return str(self._field.read(self._field.text()) or ""), True
        except ValueError as problem:
            return str(problem), False

    def _show_sum(self) -> None:
        if not self.isVisible():
            return
        result, is_good = self._reckoned()
        text = self._field.text().strip()
        self._sum.setText(text if is_good else "")
        self._result.setText(f"= {shown_text(result)}" if is_good and text else result if not is_good else "")
        self._hint.setText(say("Enter puts it into the field") if is_good and text
                           else "" if text else say("Type a sum like 12*45+10"))
        if bool(self._result.property("faulty")) == is_good:
            self._result.setProperty("faulty", not is_good)
            self._result.style().unpolish(self._result)
            self._result.style().polish(self._result)
        self._place()

    def _place(self) -> None:
        """Under the field, or over it where there is no room; inside the window."""
        window = self._field.window()
        self.adjustSize()
        place = self._field.mapTo(window, self._field.rect().bottomLeft()) + QPoint(0, theme().space("hair"))
        if place.y() + self.height() > window.height():
            place.setY(self._field.mapTo(window, QPoint(0, 0)).y() - self.height())
        place.setX(max(0, min(place.x(), window.width() - self.width())))
        self.move(place)
        self.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.hide()
        return False
