"""An editor of several of a field's options: a list with a mark at each one chosen, turned by Space, Enter or a click.

What is typed only searches: nothing that isn't in the list can stand in the field. With something typed, Enter turns
the row that is meant and the search begins anew; with nothing typed it accepts and goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field
from erpdesk.ui.editors.base import NotAccepted
from erpdesk.ui.editors.listed import Choice, SelectEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import LookupRow
from erpdesk.ui.words import say

_EMPTYING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
TICKED, OPEN = "☑", "☐"


class SeveralEditor(SelectEditor):
    """`raw` is the chosen values in the order of the options, None for none of them; `turned` says that another is
    chosen, or one no longer. Backspace or Delete on the names chosen chooses none."""

    turned = Signal()

    def __init__(self, field: Field, surroundings: Surroundings, parent: QWidget | None = None) -> None:
        self._chosen: set[str] = set()
        super().__init__(field, surroundings, parent)

    # The value

    @property
    @override
    def raw(self) -> Any:
        return [option.value for option in self.field.options if option.value in self._chosen] or None

    @override
    def set_raw(self, raw: Any) -> None:
        self._chosen = set(raw or ())
        self._refresh_text()

    @override
    def write(self, raw: Any) -> str:
        return ", ".join(option.label for option in self.field.options if option.value in self._chosen)

    @override
    def rows(self, typed: str) -> Sequence[LookupRow]:
        return [Choice(row.code, f"{TICKED if row.code in self._chosen else OPEN}  {row.name}")
                for row in super().rows(typed)]

    @override
    def accept_typed(self) -> bool:
        """What is typed in search, or was gone to in the list, is turned; else the field is as it stands."""
        if self._is_searching or self._row_gone_to() is not None:
            try:
                self.turn(self._meant())
            except NotAccepted as problem:
                self.not_accepted.emit(str(problem))
            return False
        self._refresh_text()
        self.close_list()
        return True

    @override
    def let_go(self) -> bool:
        """What is searched for is no value: leaving takes nothing and is never held up."""
        return True

    @property
    def _is_searching(self) -> bool:
        return self.isModified() and bool(self.text().strip())

    def _row_gone_to(self) -> LookupRow | None:
        popup = self.surroundings.popup
        return popup.highlighted() if self._chosen_by_hand and popup.serves(self) else None

    def _meant(self) -> str:
        popup = self.surroundings.popup
        row = popup.highlighted() if popup.serves(self) else None
        found = [row] if row is not None else list(self.rows(self.text()))
        if not found:
            raise NotAccepted(say("Nothing found for “{typed}”", typed=self.text().strip()[:40]))
        return found[0].code

    def turn(self, value: str) -> None:
        """Choose an option, or choose it no longer; the list stays, the search begins anew."""
        self._chosen ^= {value}
        searched = self.isModified()
        self._refresh_text()
        self.selectAll()
        popup = self.surroundings.popup
        if searched or not popup.serves(self):
            self.open_list()
        else:
            popup.renew_rows(self.rows(""))
        self._chosen_by_hand = False
        self.turned.emit()

    @override
    def take(self, row: LookupRow) -> None:
        self.turn(row.code)

    # Keys

    @override
    def take_key(self, event: QKeyEvent) -> bool:
        popup = self.surroundings.popup
        bare = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        row = popup.highlighted() if popup.serves(self) else None
        if bare and event.key() == Qt.Key.Key_Space and not self.isModified():
            if row is not None:
                self.turn(row.code)
            return True
        if bare and event.key() in _EMPTYING and self.text() and not self.isModified():
            self._chosen.clear()
            self._refresh_text()
            self.open_list()
            self.turned.emit()
            return True
        return super().take_key(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was searched for is forgotten, what was chosen stays."""
        if event.reason() != Qt.FocusReason.PopupFocusReason and self.isModified():
            self._refresh_text()
        super().focusOutEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The names chosen aren't typed into: a click picks them out as coming by key does, and shows the list."""
        super().mousePressEvent(event)
        if not self.isModified():
            self.selectAll()
            if not self.surroundings.popup.serves(self) and not self.isReadOnly():
                self.open_list()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is pasted into names by a middle click."""
        event.accept()
