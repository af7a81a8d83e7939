"""The rows of a list of masters: letters typed here go into the search, marks are made with Space and Shift."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.ui.keys.profile import COMMANDING, chord_of
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.masters.table import MARK, MasterTable
from erpdesk.ui.overriding import override
from erpdesk.ui.registers.rows import RegisterRows
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

_ASIDE = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_MARK_WIDTH, _NARROWEST, _WIDEST = 2, 9, 14


class MasterRows(RegisterRows):
    """`lettered` carries what is typed."""

    lettered = Signal(str)
    mark_clicked = Signal(int)

    def __init__(self, table: MasterTable, form: MasterForm, parent: QWidget | None = None) -> None:
        elastic = next(key for key in ("name", "item", form.code_key) if key in form.columns)
        super().__init__(table, parent, widths={MARK: _MARK_WIDTH, **{
            key: _width(form.column(key)) for key in form.columns}}, elastic=elastic)
        self.horizontalHeader().setMinimumSectionSize(theme().size("character"))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        text, modifiers = event.text(), event.modifiers()
        if (modifiers & Qt.KeyboardModifier.ShiftModifier or event.key() in _ASIDE) and route_key(self, event):
            return
        if text.strip() and text.isprintable() and (not modifiers & COMMANDING or not chord_of(event)):
            self.lettered.emit(text)
            event.accept()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == 0:
            self.mark_clicked.emit(index.row())


def _width(field: Field) -> int:
    """So many characters: what the longest of its choices needs, else not too many."""
    if field.options:
        return max(_NARROWEST, *(len(say(option.label)) for option in field.options))
    return max(_NARROWEST, min(field.ui.width, _WIDEST)) if field.field_type is not FieldType.LABEL else field.ui.width
