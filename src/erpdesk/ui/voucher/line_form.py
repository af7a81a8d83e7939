"""The fields of a line that have no column: labelled editors one under the other, passed by Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.domain.results import Fault
from erpdesk.ui.editors.registry import Editor, is_taken_at, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.scrolling import scroll_to
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.marking import mark_editor
from erpdesk.ui.words import say

_COLUMNS = 2


class LineForm(QWidget):
    """Each editor is named `detail_<key>`; `put` is told of every value that changed."""

    finished = Signal()
    left_back = Signal()
    not_accepted = Signal(str)

    def __init__(self, fields: Sequence[Field], read: Callable[[str], Any], put: Callable[[str, Any], None],
                 surroundings: Surroundings, parent: QWidget) -> None:
        super().__init__(parent)
        self._read, self._put = read, put
        self._order = [field.key for field in fields]
        self._required = [field.key for field in fields if field.required]
        self.editors: dict[str, Editor] = {}
        self._steps: list[tuple[str, Any]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme().space("small"))
        grid.setVerticalSpacing(theme().space("tiny"))
        for number, field in enumerate(fields):
            self._add(grid, field, surroundings, number)
        for number in range(_COLUMNS):
            grid.setColumnStretch(2 * number + 1, 1)
        grid.setRowStretch(-(-len(fields) // _COLUMNS), 1)

    def _add(self, grid: QGridLayout, field: Field, surroundings: Surroundings, number: int) -> None:
        label, editor = plain(QLabel(say(field.label), self)), make_editor(field, surroundings, self)
        label.setProperty("role", "fieldLabel")
        editor.setObjectName(f"detail_{field.key}")
        editor.beside = self._read
        editor.setFixedHeight(theme().size("field"))
        width = field.ui.width * theme().size("character") + theme().size("column_padding")
        editor.setMinimumWidth(theme().size("label_width"))
        editor.setMaximumWidth(max(width, theme().size("label_width")))
        if field.ui.readonly or field.field_type in (FieldType.COMPUTED, FieldType.LABEL):
            editor.setReadOnly(True)
        editor.set_raw(self._read(field.key))
        label.setBuddy(editor)
        row, column = divmod(number, _COLUMNS)
        grid.addWidget(label, row, 2 * column)
        room = QHBoxLayout()
        room.addWidget(editor, 1)
        room.addStretch(0)
        grid.addLayout(room, row, 2 * column + 1)
        self.editors[field.key] = editor
        editor.accepted.connect(lambda key=field.key: self._accepted(key))
        editor.settled.connect(lambda key=field.key: self.take(key))
        editor.went_back.connect(lambda key=field.key: self._back(key))
        editor.not_accepted.connect(self.not_accepted)
        editor.installEventFilter(self)

    def enter_first(self) -> bool:
        """Come in from before; to what is wrong, or must be given and isn't, if there is anything."""
        lacking = next((key for key, editor in self.editors.items() if editor.property("faulty")), "") or next(
            (key for key in self._required if not self._read(key)), "")
        return self._go(self._order.index(lacking) if lacking else 0, 1)

    def mark(self, faults: Mapping[str, Fault]) -> None:
        """Mark exactly these fields."""
        for key, editor in self.editors.items():
            mark_editor(editor, faults.get(editor.field.path) or faults.get(key))

    def enter_last(self) -> bool:
        """Come in from behind."""
        return self._go(len(self._order) - 1, -1)

    def _go(self, place: int, by: int) -> bool:
        while 0 <= place < len(self._order):
            editor = self.editors[self._order[place]]
            if not editor.isReadOnly():
                editor.setFocus(Qt.FocusReason.TabFocusReason)
                self._bring_into_sight(editor)
                return True
            place += by
        return False

    def _bring_into_sight(self, editor: QWidget) -> None:
        """Where the fields have too little room they scroll."""
        around = self.parentWidget()
        room = around.parentWidget() if around is not None else None
        if isinstance(room, QScrollArea):
            scroll_to(room, editor)

    def _accepted(self, key: str) -> None:
        self.take(key)
        if not self._go(self._order.index(key) + 1, 1):
            self.finished.emit()

    def _back(self, key: str) -> None:
        if not self._go(self._order.index(key) - 1, -1):
            self.left_back.emit()

    def take(self, key: str) -> None:
        """What stands in an editor goes into the line."""
        raw, before = self.editors[key].raw, self._read(key)
        if raw != before:
            self._steps.append((key, before))
            self._put(key, raw)

    def undo(self) -> bool:
        """Take back what is being typed into a field, else the last field that was; False where there is none."""
        here = next((key for key, editor in self.editors.items() if editor.hasFocus() and editor.isModified()), "")
        if not here and not self._steps:
            return False
        key, raw = (here, self._read(here)) if here else self._steps.pop()
        if not here:
            self._put(key, raw)
        editor = self.editors[key]
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.set_raw(raw)
        editor.selectAll()
        return True

    def take_all(self) -> None:
        """Everything that was typed goes into the line."""
        for key, editor in self.editors.items():
            if editor.isModified():
                self.take(key)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, QWidget):
            key = str(watched.property("fieldKey"))
            if is_taken_at(event, self.editors[key]):
                self.take(key)
        return False
