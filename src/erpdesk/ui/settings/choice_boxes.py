"""Several of a few choices: a list of boxes, each turned by Space or a click, with the ways of every editor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from erpdesk.blueprints.fields import Field, Option
from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.keys.profile import with_own_keys
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import theme

_MOST_ROWS = 6
_VALUE = int(Qt.ItemDataRole.UserRole)


class ChoiceBoxes(QListWidget):
    """`raw` is the values of the boxes that are ticked, in the order of the boxes. A lone value (`alone`) unticks
    all others, and is the raw value itself."""

    accepted = Signal()
    went_back = Signal()
    not_accepted = Signal(str)
    turned = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.alone: frozenset[str] = frozenset()
        self._is_modified = False
        self.setProperty("fieldKey", field.key)
        self.setProperty("role", "boxes")
        self.setAccessibleName(field.label)
        self.setAccessibleDescription(with_own_keys(field.ui.help))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.offer(field.options)
        self.itemChanged.connect(self._turned)

    def offer(self, options: Iterable[Option]) -> None:
        """Other choices; what is ticked stays ticked where it is still there."""
        ticked = self._ticked()
        self.blockSignals(True)
        self.clear()
        for option in options:
            item = QListWidgetItem(option.label, self)
            item.setData(_VALUE, option.value)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_state(option.value in ticked))
        self.blockSignals(False)
        rows = max(1, min(_MOST_ROWS, self.count()))
        self.setFixedHeight(rows * theme().size("row_compact") + 2 * theme().space("tiny"))

    def values(self) -> list[str]:
        """The values offered."""
        return [str(self.item(number).data(_VALUE)) for number in range(self.count())]

    # An editor's ways

    @property
    def raw(self) -> Any:
        """The ticked values, or the one that stands alone."""
        ticked = self._ticked()
        return ticked[0] if len(ticked) == 1 and ticked[0] in self.alone else ticked

    def set_raw(self, raw: Any) -> None:
        """Tick exactly these."""
        wanted = {raw} if isinstance(raw, str) else set(raw or ())
        self.blockSignals(True)
        for number in range(self.count()):
            self.item(number).setCheckState(_state(str(self.item(number).data(_VALUE)) in wanted))
        self.blockSignals(False)
        self._is_modified = False

    def isModified(self) -> bool:  # noqa: N802 - the same name as in one-line editors
        """Whether a box was turned since the value was shown."""
        return self._is_modified

    def accept_typed(self) -> bool:
        """Boxes are always right."""
        self._is_modified = False
        return True

    def _ticked(self) -> list[str]:
        return [str(self.item(number).data(_VALUE)) for number in range(self.count())
                if self.item(number).checkState() is Qt.CheckState.Checked]

    def _turned(self, item: QListWidgetItem) -> None:
        value = str(item.data(_VALUE))
        if item.checkState() is Qt.CheckState.Checked and (value in self.alone or set(self._ticked()) & self.alone):
            for number in range(self.count()):
                other = self.item(number)
                if other is not item and (value in self.alone or str(other.data(_VALUE)) in self.alone):
                    self.blockSignals(True)
                    other.setCheckState(Qt.CheckState.Unchecked)
                    self.blockSignals(False)
        self._is_modified = True
        self.turned.emit()

    # Qt

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentRow() < 0:
            self.setCurrentRow(0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        bare = plain == Qt.KeyboardModifier.NoModifier
        if key == Qt.Key.Key_Backtab:
            self.went_back.emit()
        elif key in FORWARD_KEYS and bare:
            self.accepted.emit()
        elif key == Qt.Key.Key_Up and bare and self.currentRow() <= 0:
            self.went_back.emit()
        elif key == Qt.Key.Key_Down and bare and self.currentRow() >= self.count() - 1:
            self.accepted.emit()
        elif bare and key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space):
            super().keyPressEvent(event)
        else:
            event.ignore()


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
