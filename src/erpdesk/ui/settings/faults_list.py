"""What is wrong with the type as it stands: code, place, what to do; Enter goes to the place."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from erpdesk.domain.results import Fault
from erpdesk.services.error_catalogue import catalogue
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.keys.profile import with_own_keys
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.words import say

_PATH = int(Qt.ItemDataRole.UserRole)
_MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)


class FaultsList(QListWidget):
    """`wanted` names the path of the fault that is to be mended."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingFaults")
        self.setProperty("role", "settingRows")
        self.setAccessibleName(say("What is wrong"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.itemClicked.connect(self._go)

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """The faults in the order they were found, each with its cure."""
        here = self.currentRow()
        self.clear()
        for fault in faults:
            sentence = say_fault(fault).rstrip(".")
            entry = catalogue().get(fault.code)
            cure = with_own_keys(say(entry.cure)) if entry is not None else ""
            item = QListWidgetItem(f"{fault.code}  {sentence}. {cure}".strip(), self)
            item.setData(_PATH, fault.field)
        self.setCurrentRow(min(max(here, 0), self.count() - 1))

    def _go(self) -> None:
        item = self.currentItem()
        if item is not None:
            self.wanted.emit(str(item.data(_PATH)))

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if bare and event.key() in FORWARD_KEYS:
            self._go()
        elif bare and event.key() in _MOVING:
            super().keyPressEvent(event)
        elif not route_key(self, event):
            event.ignore()
