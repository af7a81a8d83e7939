"""The spot that the cursor left for a while: a field of a form or a cell of a grid, and what was being typed there."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

from erpdesk.ui.editors.listed import LookupEditor
from erpdesk.ui.voucher.header_form import HeaderForm
from erpdesk.ui.voucher.line_grid import LineGrid

T = TypeVar("T", bound=QWidget)


class Spot:
    """Made of the editor that has the focus; its typed text is laid aside, so that leaving changes nothing."""

    def __init__(self, editor: LookupEditor) -> None:
        self.kind, self.field = editor.kind, editor.field
        self.beside, self.preferred, self.place = editor.beside, editor.preferred, editor.place
        self._grid, self._form = _around(editor, LineGrid), _around(editor, HeaderForm)
        self._row = self._grid.here()[0] if self._grid is not None else -1
        self._editor = editor
        self.typed = editor.lay_aside()

    def owner(self, name: str) -> str:
        """Whom a master made here belongs to: the item of the line, the warehouse that a bin's field speaks of."""
        return (self.place or str(self.beside(name) or "")) if name else ""

    def come_back(self) -> LookupEditor:
        """The cursor is in the field again."""
        key = self.field.key
        editor: QWidget | None = self._editor
        if self._grid is not None and self._grid.enter(self._row, key):
            editor = self._grid.open_editor
        elif self._form is not None and self._form.enter(key):
            editor = self._form.editors[key]
        assert isinstance(editor, LookupEditor)
        return editor

    def take_up(self) -> LookupEditor:
        """Back to how it was left: the text typed, the list open."""
        editor = self.come_back()
        if self.typed:
            editor.type_again(self.typed)
        return editor


def _around(widget: QWidget, kind: type[T]) -> T | None:
    """The innermost widget of a kind around another."""
    around: QWidget | None = widget
    while around is not None and not isinstance(around, kind):
        around = around.parentWidget()
    return around
