"""Several constants of a comparison: each a little button that takes it away, and the field's own editor for more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from erpdesk.blueprints.conditions import Constant
from erpdesk.blueprints.fields import Field
from erpdesk.ui.conditions.words import constant_words
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.editors.registry import make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

_ACROSS = 3


class ConstantsEditor(QWidget):
    """Enter takes what was typed into the list; Enter in the empty editor goes on; Backspace there takes one back."""

    changed = Signal()

    def __init__(self, field: Field, constants: Sequence[Constant], surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field, self._surroundings = field, surroundings
        self.constants: tuple[Constant, ...] = tuple(constants)
        self.buttons: list[QPushButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme().space("tiny"))
        editor = make_editor(field, surroundings, self)
        assert isinstance(editor, FieldEditor), "a constant stands on one line"
        self.editor = editor
        self.editor.setFixedHeight(theme().size("field"))
        self.editor.setPlaceholderText(say("one more"))
        self.editor.setAccessibleName(say("Value"))
        self.editor.installEventFilter(self)
        self._show()

    def take_typed(self) -> bool:
        """What stands in the editor joins the list; False when there is nothing."""
        raw: Any = self.editor.raw
        if raw is None or (raw is False and not self.editor.isModified()):
            return False
        self.editor.set_raw(None)
        if raw not in self.constants:
            self._change((*self.constants, raw))
        return True

    def _change(self, constants: tuple[Constant, ...]) -> None:
        self.constants = constants
        self._show()
        self.changed.emit()

    def _drop(self, place: int) -> None:
        self._change(self.constants[:place] + self.constants[place + 1:])

    def _show(self) -> None:
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for place, constant in enumerate(self.constants):
            said = constant_words(self._field, constant, self._surroundings)
            button = QPushButton(f"{said}  ×", self)
            button.setProperty("role", "chip")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setFixedHeight(theme().size("field"))
            button.setAccessibleName(say("Take {value} away", value=said))
            button.clicked.connect(lambda _checked=False, here=place: self._drop(here))
            self._grid.addWidget(button, place // _ACROSS, place % _ACROSS)
            self.buttons.append(button)
        self._grid.addWidget(self.editor, len(self.constants) // _ACROSS, len(self.constants) % _ACROSS)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        takes_back = (event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
                      and event.key() == Qt.Key.Key_Backspace and not self.editor.text() and bool(self.constants))
        if takes_back:
            self._drop(len(self.constants) - 1)
        return takes_back
