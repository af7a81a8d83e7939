"""The narration: the last stop before accepting."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from erpdesk.blueprints.fields import Field, Section
from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.results import Fault
from erpdesk.ui.editors.base import keeps_cursor
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.marking import mark_editor


class NarrationBox(QWidget):
    """The fields of the narration's section, one under another; usually one."""

    finished = Signal()
    left_back = Signal()
    field_accepted = Signal(str)
    field_entered = Signal(str)
    not_accepted = Signal(str)

    def __init__(self, schema: UiSchema, draft: Draft, surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self.editors: dict[str, Editor] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().space("tiny"))
        for field in schema.section(Section.NARRATION):
            self._add(layout, field, surroundings)
        self.show_values()

    def _add(self, layout: QVBoxLayout, field: Field, surroundings: Surroundings) -> None:
        label = plain(QLabel(field.label, self))
        label.setProperty("role", "fieldLabel")
        editor = make_editor(field, surroundings, self)
        editor.setObjectName(f"field_{field.key}")
        editor.setMinimumHeight(theme().size("narration_height"))
        label.setBuddy(editor)
        layout.addWidget(label)
        layout.addWidget(editor, 1)
        self.editors[field.key] = editor
        editor.accepted.connect(lambda key=field.key: self._accepted(key))
        editor.settled.connect(lambda key=field.key: self._settled(key))
        editor.went_back.connect(lambda key=field.key: self._step(key, -1))
        editor.not_accepted.connect(self.not_accepted)
        editor.installEventFilter(self)

    def enter_first(self) -> bool:
        """Come in from before."""
        return self._enter(0)

    def enter_last(self) -> bool:
        """Come in from behind."""
        return self._enter(len(self.editors) - 1)

    def enter(self, key: str) -> bool:
        """Put the cursor into a field."""
        keys = list(self.editors)
        return key in keys and self._enter(keys.index(key))

    def _enter(self, number: int) -> bool:
        editors = list(self.editors.values())
        if not 0 <= number < len(editors) or editors[number].isReadOnly():
            return False
        if keeps_cursor(editors[number]):
            return True
        editors[number].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _accepted(self, key: str) -> None:
        self.take(key)
        self.field_accepted.emit(key)
        self._step(key, 1)

    def _settled(self, key: str) -> None:
        if self.editors[key].raw != self.draft.header.values.get(key):
            self.take(key)
            self.field_accepted.emit(key)

    def _step(self, key: str, by: int) -> None:
        if not self._enter(list(self.editors).index(key) + by):
            (self.finished if by > 0 else self.left_back).emit()

    def take(self, key: str) -> None:
        """What stands in an editor becomes the draft's."""
        raw = self.editors[key].raw
        if raw != self.draft.header.values.get(key):
            self.draft.header.put(key, raw)
            self.draft.is_changed = True

    def take_all(self) -> None:
        """Take what stands in every editor."""
        for key in self.editors:
            self.take(key)

    def show_values(self) -> None:
        """Every editor shows the draft's value."""
        for key, editor in self.editors.items():
            editor.set_raw(self.draft.header.values.get(key))

    def set_draft(self, draft: Draft) -> None:
        """Go on with another draft."""
        self.draft = draft
        self.mark({})
        self.show_values()

    def mark(self, faults: Mapping[str, Fault]) -> None:
        """Mark exactly these fields."""
        for key, editor in self.editors.items():
            mark_editor(editor, faults.get(key))

    def lock(self) -> None:
        """Nothing can be typed any more."""
        for editor in self.editors.values():
            editor.setReadOnly(True)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.field_entered.emit(str(watched.property("fieldKey")))
        elif event.type() == QEvent.Type.FocusOut:
            self.take(str(watched.property("fieldKey")))
        return False
