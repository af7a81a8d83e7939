"""Which editor a field type has: exactly one each. A hand-made editor may register in a type's stead."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.editors.area import TextAreaEditor
from erpdesk.ui.editors.base import PASSING, FieldEditor, is_half_typed, is_unreadable
from erpdesk.ui.editors.listed import LookupEditor, SelectEditor, TypeaheadEditor
from erpdesk.ui.editors.plain import (
    BooleanEditor,
    DateEditor,
    DateTimeEditor,
    NumberEditor,
    ShownFigure,
    ShownValue,
    TextEditor,
    TimeEditor,
)
from erpdesk.ui.editors.several import SeveralEditor
from erpdesk.ui.editors.surroundings import Surroundings

Editor = FieldEditor | TextAreaEditor
MakeEditor = Callable[[Field, Surroundings, QWidget | None], Editor]

EDITORS: dict[FieldType, MakeEditor] = {
    FieldType.TEXT: TextEditor,
    FieldType.TEXTAREA: TextAreaEditor,
    FieldType.INTEGER: NumberEditor,
    FieldType.DECIMAL: NumberEditor,
    FieldType.MONEY: NumberEditor,
    FieldType.QUANTITY: NumberEditor,
    FieldType.RATE: NumberEditor,
    FieldType.PERCENT: NumberEditor,
    FieldType.DATE: DateEditor,
    FieldType.DATETIME: DateTimeEditor,
    FieldType.TIME: TimeEditor,
    FieldType.BOOLEAN: BooleanEditor,
    FieldType.SELECT: SelectEditor,
    FieldType.LOOKUP: LookupEditor,
    FieldType.TYPEAHEAD: TypeaheadEditor,
    FieldType.LABEL: ShownValue,
    FieldType.COMPUTED: ShownFigure,
}


def make_editor(field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> Editor:
    """The editor of a field."""
    if field.field_type is FieldType.SELECT and field.many:
        return SeveralEditor(field, surroundings, parent)
    return EDITORS[field.field_type](field, surroundings, parent)


def is_taken_at(event: QEvent, editor: Editor) -> bool:
    """Whether what was typed is taken as the cursor leaves. What is half typed stays so while page or window are out
    of sight for a moment; what can't be read is never taken."""
    passing = isinstance(event, QFocusEvent) and event.reason() in PASSING
    return editor.isModified() and not is_unreadable(editor) and not (passing and is_half_typed(editor))


def leave_by_escape(editors: Iterable[Editor]) -> None:
    """From now on Esc leaves these even while it takes something back."""
    for editor in editors:
        if isinstance(editor, FieldEditor):
            editor.stays_at_escape = False
