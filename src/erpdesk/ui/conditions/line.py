"""A condition in a form: one line that says it in words; Space or a click opens the panel that builds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.conditions import Condition
from erpdesk.blueprints.fields import Field
from erpdesk.ui.conditions.panel import ConditionPanel
from erpdesk.ui.conditions.vocabulary import Vocabulary
from erpdesk.ui.conditions.words import in_words, read_condition
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say, to_say


class ConditionLine(FieldEditor):
    """`raw` is the condition as the document holds it, None for none, which is said as `without`; `vocabulary` is asked
    when the panel opens."""

    changed = Signal()

    def __init__(self, field: Field, vocabulary: Callable[[], Vocabulary], surroundings: Surroundings,
                 parent: QWidget | None = None, without: str = to_say("always")) -> None:
        self._vocabulary, self._without = vocabulary, without
        super().__init__(field, surroundings, parent)
        self.panel: ConditionPanel | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._refresh_text()

    @override
    def write(self, raw: Any) -> str:
        condition = read_condition(raw)
        if condition is None:
            return say(self._without)
        return in_words(condition, self._vocabulary(), self.surroundings)

    @override
    def read(self, typed: str) -> Any:
        return self._raw

    @override
    def _refresh_text(self) -> None:
        super()._refresh_text()
        self.setToolTip(self.text())

    def open_panel(self) -> None:
        """Build the condition, over the window."""
        panel = ConditionPanel(self.field.label, read_condition(self._raw), self._vocabulary(), self.surroundings,
                               self.window())
        panel.done.connect(self._take)
        panel.cancelled.connect(self._come_back)
        self.panel = panel
        panel.begin()

    def _take(self, condition: Condition | None) -> None:
        raw = condition.as_json() if condition is not None else None
        was = self._raw
        self._come_back()
        if raw != was:
            self._raw = raw
            self._refresh_text()
            self.changed.emit()
        self.accepted.emit()

    def _come_back(self) -> None:
        self.panel = None
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def take_key(self, event: QKeyEvent) -> bool:
        """Space opens, Delete clears; nothing is typed."""
        if event.modifiers() == Qt.KeyboardModifier.NoModifier:
            if event.key() == Qt.Key.Key_Space:
                self.open_panel()
                return True
            if event.key() == Qt.Key.Key_Delete:
                if self._raw is not None:
                    self._raw = None
                    self._refresh_text()
                    self.changed.emit()
                return True
            if event.key() == Qt.Key.Key_Backspace:
                self.went_back.emit()
                return True
        if super().take_key(event):
            return True
        return bool(event.text()) and event.text().isprintable()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.isReadOnly():
            self.open_panel()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """What opens it stands faintly at the right, if there is room."""
        super().paintEvent(event)
        hint = f"{say('change')}   {say('Space')}"
        painter = QPainter(self)
        painter.setFont(figures_font(theme().text("small_points")))
        painter.setPen(colour("text_muted"))
        room = self.rect().adjusted(self.fontMetrics().horizontalAdvance(self.text()) + 2 * theme().space("medium"),
                                    0, -theme().space("small"), 0)
        if painter.fontMetrics().horizontalAdvance(hint) <= room.width():
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, hint)
        painter.end()
