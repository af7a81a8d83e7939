"""A step that asks to choose one of a few ways: each with a word, a sentence, and a digit that takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.first_start.step import Step
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, figures_font, theme


@dataclass(frozen=True, slots=True)
class Way:
    """One way to choose."""

    value: str
    label: str
    sentence: str


class WayButton(QAbstractButton):
    """A way: its digit, its word, its sentence."""

    moved = Signal(int)

    def __init__(self, number: int, way: Way, parent: QWidget) -> None:
        super().__init__(parent)
        self.way, self._number = way, number
        self.setObjectName(f"way_{way.value}")
        self.setText(way.label)
        self.setAccessibleName(way.label)
        self.setAccessibleDescription(way.sentence)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCheckable(True)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().size("dialog_width"), 2 * theme().size("row") + theme().space("medium"))

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Backtab: -1, Qt.Key.Key_Tab: 1}
        if event.key() in moves:
            self.moved.emit(moves[Qt.Key(event.key())])
        elif event.key() in FORWARD_KEYS or event.key() == Qt.Key.Key_Space:
            self.click()
        elif not route_key(self, event):
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect, space = QPainter(self), self.rect(), theme().space
        here = self.hasFocus()
        painter.fillRect(rect, colour("focus_tint" if here else "hover" if self.underMouse() else "raised"))
        painter.setPen(colour("accent" if here else "border"))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
        if here:
            painter.fillRect(QRect(0, 0, space("tiny"), rect.height()), colour("accent"))
        inner = rect.adjusted(space("large"), space("small"), -space("large"), -space("small"))
        painter.setFont(figures_font(theme().text("base_points"), semibold=True))
        painter.setPen(colour("key"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, str(self._number))
        words = inner.adjusted(space("huge"), 0, 0, 0)
        painter.setPen(colour("text"))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.way.label)
        painter.setFont(figures_font(theme().text("base_points")))
        painter.setPen(colour("text_muted"))
        sentence = painter.fontMetrics().elidedText(self.way.sentence, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, sentence)
        painter.end()


class ChoiceStep(Step):
    """The ways one under the other; Up and Down move, Enter or the digit takes one."""

    def __init__(self, code: str, title: str, sentence: str, ways: Sequence[Way], chosen: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code, self.title, self.sentence = code, title, sentence
        self.chosen = chosen
        self.buttons = [WayButton(number, way, self) for number, way in enumerate(ways, start=1)]
        for button in self.buttons:
            self.body.addWidget(button)
            button.moved.connect(lambda by, one=button: self._move(one, by))
            button.clicked.connect(lambda _checked, one=button: self._choose(one))
        self.body.addStretch(1)

    @override
    def begin(self) -> None:
        here = next((one for one in self.buttons if one.way.value == self.chosen), self.buttons[0])
        here.setFocus(Qt.FocusReason.TabFocusReason)

    def _move(self, button: WayButton, by: int) -> None:
        place = self.buttons.index(button) + by
        if 0 <= place < len(self.buttons):
            self.buttons[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, button: WayButton) -> None:
        button.setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen = button.way.value
        self.finished.emit()

    @override
    def take(self) -> None:
        here = next((one for one in self.buttons if one.hasFocus()), None)
        if here is not None:
            self.chosen = here.way.value

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.text()
        if number.isdecimal() and number.isascii() and 1 <= int(number) <= len(self.buttons):
            self._choose(self.buttons[int(number) - 1])
        else:
            event.ignore()
