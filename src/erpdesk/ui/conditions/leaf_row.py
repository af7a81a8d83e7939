"""One comparison as a line of the condition editor: the field, how it compares, with what."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from erpdesk.blueprints.conditions import FieldReference
from erpdesk.blueprints.fields import Field, FieldType, FieldUi, Option
from erpdesk.ui.conditions.comparisons import (
    RightKind,
    choose,
    compares_with,
    family_of,
    first_right,
    labelled,
    offered,
    words_of,
)
from erpdesk.ui.conditions.constants import ConstantsEditor
from erpdesk.ui.conditions.tree import OPEN, Leaf
from erpdesk.ui.conditions.vocabulary import Vocabulary, constant_field
from erpdesk.ui.editors.listed import LookupEditor
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

FIELD, COMPARISON, RIGHT = "conditionField", "conditionComparison", "conditionRight"
_MENU_WIDTH = 60


class LeafRow(QWidget):
    """`reshaped`: another comparison was chosen, so that the line looks different; `stepped` hands the cursor on."""

    reshaped = Signal(str)
    taken = Signal()
    stepped = Signal(str, int)
    not_accepted = Signal(str)

    def __init__(self, leaf: Leaf, vocabulary: Vocabulary, surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.leaf, self._vocabulary, self._surroundings = leaf, vocabulary, surroundings
        self._field = vocabulary.find(leaf.field)
        self.editors: dict[str, Editor] = {}
        self._room = QHBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.setSpacing(theme().space("small"))
        self._add(FIELD, _menu(FIELD, say("Field"), vocabulary.fields), leaf.field or None, "rule_field_width")
        self._add(COMPARISON, self._comparisons(), self._comparison_label(), "rule_comparison_width")
        self.values: ConstantsEditor | None = None
        self._add_right()

    def _comparisons(self) -> Field:
        beside = self._field is None or any(compares_with(self._field, one) for one in self._vocabulary.fields)
        labels = [one.label(family_of(self._field)) for one in offered(self._field, self.leaf, beside=beside)]
        options = tuple(Option(label, label) for label in labels)
        return Field(COMPARISON, say("Comparison"), FieldType.SELECT, options=options, ui=FieldUi(width=_MENU_WIDTH))

    def _comparison_label(self) -> str | None:
        words = words_of(self.leaf)
        return words.label(family_of(self._field)) if words is not None else None

    def _add(self, name: str, field: Field, raw: object, width: str) -> Editor:
        editor = make_editor(field, self._surroundings, self)
        editor.setObjectName(name)
        editor.setFixedHeight(theme().size("field"))
        if width:
            editor.setFixedWidth(theme().size(width))
        editor.set_raw(raw)
        self._follow(name, editor)
        self._room.addWidget(editor, 0 if width else 1)
        return editor

    def _follow(self, name: str, editor: Editor) -> None:
        self.editors[name] = editor
        if isinstance(editor, LookupEditor):
            editor.key_context = ""
        editor.accepted.connect(lambda: self._accepted(name))
        editor.went_back.connect(lambda: self.stepped.emit(name, -1))
        editor.not_accepted.connect(self.not_accepted)
        editor.installEventFilter(self)

    def _add_right(self) -> None:
        words = words_of(self.leaf)
        if words is None or words.right is RightKind.NOTHING:
            self._room.addStretch(1)
        elif words.right is RightKind.FIELD:
            others = tuple(one for one in self._vocabulary.fields
                           if self._field is None or compares_with(self._field, one) or one.key == self._other)
            self._add(RIGHT, _menu(RIGHT, say("Other field"), others), self._other or None, "")
        elif words.right is RightKind.VALUES:
            shown = self.leaf.right if isinstance(self.leaf.right, tuple) else ()
            self.values = ConstantsEditor(constant_field(self._field, self.leaf.field), shown, self._surroundings, self)
            self.values.changed.connect(self._take_values)
            self.values.editor.setObjectName(RIGHT)
            self._follow(RIGHT, self.values.editor)
            self._room.addWidget(self.values, 1)
        else:
            raw = self.leaf.right if isinstance(self.leaf.right, str | int) else None
            self._add(RIGHT, constant_field(self._field, self.leaf.field), raw, "").setAccessibleName(say("Value"))

    @property
    def _other(self) -> str:
        return self.leaf.right.field if isinstance(self.leaf.right, FieldReference) else ""

    # What is chosen

    def _accepted(self, name: str) -> None:
        if name == RIGHT and self.values is not None and self.values.take_typed():
            return
        if not self.take(name):
            self.stepped.emit(name, 1)

    def take(self, name: str) -> bool:
        """What stands in an editor is the leaf's now; whether the line had to be made anew for it."""
        editor, leaf = self.editors[name], self.leaf
        raw = editor.raw
        if name == FIELD and raw is not None and raw != leaf.field:
            self._choose_field(str(raw))
            self.reshaped.emit(COMPARISON)
            return True
        if name == COMPARISON and raw is not None and raw != self._comparison_label():
            choose(leaf, labelled(str(raw), family_of(self._field)), self._field)
            self.reshaped.emit(RIGHT)
            return True
        if name == RIGHT and self.values is None:
            self._take_right(raw)
        return False

    def _choose_field(self, key: str) -> None:
        """Another field: the comparison stays where it is offered, the right side where it means the same."""
        leaf, before = self.leaf, self._field
        leaf.field, field = key, self._vocabulary.find(key)
        alike = field is not None and before is not None and replace(field, key="", label="", order=0) == replace(
            before, key="", label="", order=0)
        words = words_of(leaf)
        codes = [one.code for one in offered(field, Leaf(key), beside=True)]
        if words is None or words.code not in codes:
            leaf.operator, leaf.right = None, OPEN
            choose(leaf, codes[0], field)
        elif not alike:
            leaf.right = first_right(words, field)

    def _take_right(self, raw: object) -> None:
        words = words_of(self.leaf)
        before = self.leaf.right
        if words is not None and words.right is RightKind.FIELD:
            self.leaf.right = FieldReference(str(raw or ""))
        elif isinstance(raw, str | int):
            self.leaf.right = raw
        elif before is not None:
            self.leaf.right = OPEN
        if self.leaf.right != before:
            self.taken.emit()

    def _take_values(self) -> None:
        assert self.values is not None
        self.leaf.right = self.values.constants
        self.taken.emit()

    def take_all(self) -> bool:
        """Everything that was typed is taken; False where something can't be, which has been said."""
        for name, editor in list(self.editors.items()):
            if not editor.isModified():
                continue
            if not editor.accept_typed():
                editor.setFocus(Qt.FocusReason.TabFocusReason)
                return False
            if name == RIGHT and self.values is not None:
                self.values.take_typed()
            elif self.take(name):
                return True
        return True

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        name = watched.objectName()
        editor = self.editors.get(name)
        if editor is not watched:
            return False
        if event.type() == QEvent.Type.FocusOut and editor.isModified() and name == RIGHT and self.values is None:
            if editor.accept_typed():
                self._take_right(editor.raw)
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
            if by and event.modifiers() == Qt.KeyboardModifier.AltModifier:
                self.stepped.emit(name, by)
                return True
        return False


def _menu(key: str, label: str, fields: tuple[Field, ...]) -> Field:
    """The menu of fields."""
    options = tuple(Option(field.key, field.label) for field in fields)
    return Field(key, label, FieldType.SELECT, options=options, ui=FieldUi(width=_MENU_WIDTH))
