"""The voucher types at the left: found by typing, marked where they are off, customised or changed just now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from erpdesk.services.candidates import CUSTOMISED, OWN
from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.lookups.words import folded
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, theme
from erpdesk.ui.words import say

_CODE = int(Qt.ItemDataRole.UserRole)
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


@dataclass(frozen=True, slots=True)
class ListedType:
    """One voucher type as the list shows it."""

    code: str
    label: str
    is_active: bool
    origin: str
    is_changed: bool = False

    @property
    def text(self) -> str:
        """Name and marks: a dot for unsaved changes, words for the rest."""
        marks = [] if self.is_active else [say("off")]
        if self.origin == CUSTOMISED:
            marks.append(say("customised"))
        elif self.origin == OWN:
            marks.append(say("own"))
        name = f"{'● ' if self.is_changed else ''}{say(self.label) if self.label else self.code or say('New type')}"
        return f"{name}   {' · '.join(marks)}".rstrip()


class TypesList(QWidget):
    """`chosen` names the type under the cursor, `entered` asks for its settings."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self.list = _Search(self), QListWidget(self)
        self._types: tuple[ListedType, ...] = ()
        self.field.setObjectName("typeSearch")
        self.field.setPlaceholderText(say("Find a voucher type"))
        self.field.setAccessibleName(say("Find a voucher type"))
        self.field.setFixedHeight(theme().size("field"))
        self.list.setObjectName("typeList")
        self.list.setProperty("role", "settingRows")
        self.list.setAccessibleName(say("Voucher types"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().space("tiny"))
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        self.field.textChanged.connect(lambda _text: self._show())
        self.field.moved.connect(self._move)
        self.field.entered.connect(self.entered)
        self.list.currentItemChanged.connect(self._chose)
        self.list.itemClicked.connect(lambda _item: self.entered.emit())

    def code_here(self) -> str:
        """The type under the cursor, or nothing."""
        item = self.list.currentItem()
        return str(item.data(_CODE)) if item is not None else ""

    def show_types(self, types: Iterable[ListedType]) -> None:
        """The types in their order; the cursor stays at its type."""
        self._types = tuple(types)
        self._show()

    def choose(self, code: str) -> None:
        """The cursor to a type, wherever it is; the search is emptied when it hides it."""
        if code not in self._codes():
            self.field.clear()
        if code in self._codes():
            self.list.setCurrentRow(self._codes().index(code))

    def start(self) -> None:
        """The cursor into the search field."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _codes(self) -> list[str]:
        return [str(self.list.item(number).data(_CODE)) for number in range(self.list.count())]

    def _show(self) -> None:
        here, words = self.code_here(), folded(self.field.text()).split()
        found = [one for one in self._types
                 if all(word in folded(f"{one.label} {one.code} {say(one.label)}") for word in words)]
        self.list.blockSignals(True)
        if self._codes() == [one.code for one in found]:
            for number, one in enumerate(found):
                self._fill(self.list.item(number), one)
        else:
            self.list.clear()
            for one in found:
                self._fill(QListWidgetItem(self.list), one)
            codes = self._codes()
            self.list.setCurrentRow(codes.index(here) if here in codes else 0 if words and codes else -1)
        self.list.blockSignals(False)
        if self.code_here() != here and self.code_here():
            self.chosen.emit(self.code_here())

    @staticmethod
    def _fill(item: QListWidgetItem, one: ListedType) -> None:
        item.setText(one.text)
        item.setToolTip("")
        item.setData(_CODE, one.code)
        item.setForeground(colour("text" if one.is_active else "text_muted"))

    def _move(self, by: int) -> None:
        self.list.setCurrentRow(max(0, min(self.list.currentRow() + by, self.list.count() - 1)))

    def _chose(self) -> None:
        if self.code_here():
            self.chosen.emit(self.code_here())


class _Search(QLineEdit):
    """Letters search, arrows move in the list, Enter goes to the settings."""

    moved = Signal(int)
    entered = Signal()

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if bare and Qt.Key(event.key()) in _MOVES:
            self.moved.emit(_MOVES[Qt.Key(event.key())])
        elif bare and event.key() in FORWARD_KEYS:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif not route_key(self, event):
            super().keyPressEvent(event)
