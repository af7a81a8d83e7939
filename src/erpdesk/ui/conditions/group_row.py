"""The head of a group in the condition editor: whether all of its conditions must hold, or any."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, Option
from erpdesk.ui.conditions.tree import Group
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

WORD = "conditionWord"


class GroupRow(QWidget):
    """`taken`: the other word was chosen; `wants_condition`: one more in this group."""

    taken = Signal()
    stepped = Signal(str, int)
    not_accepted = Signal(str)
    wants_condition = Signal()

    def __init__(self, group: Group, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = group
        self._words = {say("All of these hold"): True, say("Any of these holds"): False}
        options = tuple(Option(word, word) for word in self._words)
        field = Field(WORD, say("Group"), FieldType.SELECT, options=options, ui=FieldUi(width=40))
        editor = make_editor(field, surroundings, self)
        editor.setObjectName(WORD)
        editor.setFixedHeight(theme().size("field"))
        editor.setFixedWidth(theme().size("rule_field_width"))
        editor.set_raw(next(word for word, every in self._words.items() if every is group.every))
        editor.accepted.connect(self._accepted)
        editor.went_back.connect(lambda: self.stepped.emit(WORD, -1))
        editor.not_accepted.connect(self.not_accepted)
        self.editors: dict[str, Editor] = {WORD: editor}
        room = QHBoxLayout(self)
        room.setContentsMargins(0, 0, 0, 0)
        room.setSpacing(theme().space("small"))
        room.addWidget(editor)
        more = QPushButton(say("+ condition"), self)
        more.setObjectName("conditionMore")
        more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        more.setFixedHeight(theme().size("field"))
        more.clicked.connect(self.wants_condition)
        room.addWidget(more)
        room.addStretch(1)

    def _accepted(self) -> None:
        every = self._words.get(str(self.editors[WORD].raw), self.group.every)
        if every is not self.group.every:
            self.group.every = every
            self.taken.emit()
        self.stepped.emit(WORD, 1)
