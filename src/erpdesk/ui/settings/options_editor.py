"""The choices of a select: a line each with what is shown and what is kept, in the order of the list."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.editors.plain import TextEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import chord_of, key_profile
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.several_editors import SeveralEditors
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

_ROWS = "settings_rows"
"""The keys of these hold for choices, too."""
_NO_KEY = re.compile(r"\W+")


class OptionLine(QWidget):
    """One choice. What is kept follows what is shown until it is typed itself."""

    def __init__(self, owner: OptionsEditor, surroundings: Surroundings) -> None:
        super().__init__(owner)
        self.label = TextEditor(Field("label", say("Shown"), FieldType.TEXT), surroundings, self)
        self.value = TextEditor(Field("value", say("Kept as"), FieldType.TEXT), surroundings, self)
        self.label.setPlaceholderText(say("choice"))
        self.value.setPlaceholderText(say("kept as"))
        self.value.setFixedWidth(theme().size("option_value_width"))
        self.remove = QToolButton(self)
        self.remove.setText("×")
        self.remove.setProperty("role", "rowButton")
        self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.remove.setAccessibleName(say("Take this choice away"))
        room = QHBoxLayout(self)
        room.setContentsMargins(0, 0, 0, 0)
        room.setSpacing(theme().space("tiny"))
        room.addWidget(self.label, 1)
        room.addWidget(self.value)
        room.addWidget(self.remove)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands here."""
        return not self.label.text().strip() and not self.value.text().strip()

    def option(self) -> dict[str, str]:
        """The choice as the document holds it."""
        label, value = self.label.text().strip(), self.value.text().strip()
        return {"value": value or kept_as(label), "label": label or value}


def kept_as(label: str) -> str:
    """What a choice is kept as unless somebody says otherwise: its name in small letters, words joined."""
    return _NO_KEY.sub("_", label.strip().casefold()).strip("_")


class OptionsEditor(SeveralEditors):
    """There is always one blank line at the end; the keys of rows of settings move a choice and take it away."""

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._surroundings = surroundings
        self.lines: list[OptionLine] = []
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.setSpacing(theme().space("tiny"))
        self._add()

    @property
    @override
    def raw(self) -> Any:
        return [line.option() for line in self.lines if not line.is_blank]

    @override
    def set_raw(self, raw: Any) -> None:
        if raw == self.raw:
            return
        while self.lines:
            self._drop(self.lines[-1])
        for option in raw or ():
            line = self._add()
            line.label.set_raw(option.get("label"))
            line.value.set_raw(option.get("value"))
        self._add()

    @override
    def path(self) -> list[FieldEditor]:
        return [editor for line in self.lines for editor in (line.label, line.value)]

    @override
    def done(self, editor: FieldEditor) -> bool:
        """Enter in a blank line goes on; in the last one that isn't, another comes."""
        line = next(line for line in self.lines if editor in (line.label, line.value))
        if line.is_blank:
            self.accepted.emit()
            return False
        if editor is line.label and not line.value.text():
            line.value.set_raw(kept_as(line.label.text()))
        editor.home(False)
        self._say_so()
        return True

    def _add(self) -> OptionLine:
        line = OptionLine(self, self._surroundings)
        for editor in (line.label, line.value):
            self.listen(editor)
            editor.textEdited.connect(lambda _text: self._say_so())
        line.remove.clicked.connect(lambda: self.take_away(line))
        self.lines.append(line)
        self._room.addWidget(line)
        if self.isVisible():
            line.show()
        return line

    def _drop(self, line: OptionLine) -> None:
        self.lines.remove(line)
        self._room.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _say_so(self) -> None:
        if not self.lines[-1].is_blank:
            self._add()
        self.changed.emit()

    def take_away(self, line: OptionLine) -> None:
        """A choice less."""
        if line is self.lines[-1]:
            return
        place = self.lines.index(line)
        self.lines[place + 1].label.setFocus(Qt.FocusReason.TabFocusReason)
        self._drop(line)
        self._say_so()

    def move_choice(self, line: OptionLine, by: int) -> None:
        """A choice up or down; the blank line stays the last."""
        here, there = self.lines.index(line), self.lines.index(line) + by
        if 0 <= there < len(self.lines) - 1 and here < len(self.lines) - 1:
            self.lines.insert(there, self.lines.pop(here))
            self._room.insertWidget(there, line)
            self._say_so()

    def _doings(self, line: OptionLine) -> dict[str, Callable[[], object]]:
        return {"move_line_up": lambda: self.move_choice(line, -1), "move_line_down": lambda: self.move_choice(line, 1),
                "remove_line": lambda: self.take_away(line)}

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            line = next((one for one in self.lines if watched in (one.label, one.value)), None)
            done = self._doings(line).get(_action_of(event)) if line is not None else None
            if done is not None:
                done()
                return True
        return super().eventFilter(watched, event)


def _action_of(event: QKeyEvent) -> str:
    """What a press means among rows of settings."""
    bound = key_profile().actions(chord_of(event))
    return next((one.action for one in bound if one.context == _ROWS), "")
