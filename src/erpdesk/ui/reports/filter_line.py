"""The filters of a report or register as fields in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.configured_words import field_in_language
from erpdesk.ui.date_room import date_field_width
from erpdesk.ui.editors.base import PASSING, FieldEditor
from erpdesk.ui.editors.registry import Editor, leave_by_escape, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.theme import theme

_OPENS_NEXT = "since"
"""The first day is followed by the last; any other filter stands alone, unless all are gone through in turn."""


class FilterLine(QWidget):
    """`accepted` names the filter that was typed, `left` tells that nothing follows it (or stands before it),
    `not_accepted` why something typed can't be. One that is left by the mouse or a key counts as typed, or says again
    what holds: what stands in the line is what the rows follow."""

    accepted = Signal(str)
    left = Signal()
    not_accepted = Signal(str)

    def __init__(self, fields: Sequence[Field], values: dict[str, Any], surroundings: Surroundings,
                 parent: QWidget | None = None, *, in_turn: bool = False) -> None:
        super().__init__(parent)
        self.values, self._in_turn = values, in_turn
        self.editors: dict[str, Editor] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().space("small"))
        for asked in fields:
            field = field_in_language(asked)
            label = plain(QLabel(field.label, self))
            label.setProperty("role", "fieldLabel")
            editor = make_editor(field, surroundings, self)
            editor.setObjectName(f"filter_{field.key}")
            editor.setFixedHeight(theme().size("field"))
            editor.setFixedWidth(date_field_width(field.ui.width, editor.fontMetrics())
                                 if field.field_type is FieldType.DATE
                                 else field.ui.width * theme().size("character") + theme().size("column_padding"))
            editor.set_raw(values.get(field.key))
            editor.beside = values.get
            editor.accepted.connect(lambda key=field.key: self._take(key))
            editor.went_back.connect(lambda key=field.key: self._step(key, -1))
            editor.not_accepted.connect(self.not_accepted)
            editor.installEventFilter(self)
            self.editors[field.key] = editor
            layout.addWidget(label)
            layout.addWidget(editor)
        leave_by_escape(self.editors.values())

    def enter(self, key: str) -> None:
        """The cursor into a filter."""
        self.editors[key].setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def has_cursor(self) -> bool:
        """Whether the cursor is in one of them."""
        return any(editor.hasFocus() for editor in self.editors.values())

    def put(self, key: str, raw: Any) -> None:
        """Another value, as if it had been typed."""
        self.values[key] = raw
        self.editors[key].set_raw(raw)

    def restore(self) -> None:
        """What was typed but not accepted goes."""
        for key, editor in self.editors.items():
            if isinstance(editor, FieldEditor):
                editor.setModified(False)
            editor.set_raw(self.values.get(key))

    def _take(self, key: str) -> None:
        self._hold(key)
        self._step(key, 1)

    def _hold(self, key: str) -> None:
        """What stands in a filter holds."""
        changed = self.values.get(key) != self.editors[key].raw
        self.values[key] = self.editors[key].raw
        if changed:
            self.accepted.emit(key)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        passing = isinstance(event, QFocusEvent) and event.reason() in PASSING
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, FieldEditor) and watched.isModified() \
                and not passing:
            if watched.accept_typed():
                self._hold(watched.field.key)
            else:
                watched.setModified(False)
                watched.set_raw(self.values.get(watched.field.key))
        return False

    def _step(self, key: str, by: int) -> None:
        keys = list(self.editors)
        number = keys.index(key) + by
        if (by > 0 and number < len(keys) and (self._in_turn or key == _OPENS_NEXT)) or by < 0 <= number:
            self.enter(keys[number])
        else:
            self.left.emit()
