"""The tabs of the type being edited, each made when it is first shown."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.tab import Bench, SettingsTab
from erpdesk.ui.settings.tab_line import TabLine
from erpdesk.ui.settings.tabs import TABS
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class TabsArea(QWidget):
    """`said` and `keys_changed` pass on what a tab says; `left_back` hands the cursor back to the list."""

    said = Signal(str)
    keys_changed = Signal()
    left_back = Signal()

    def __init__(self, bench: Bench, bar: TabLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self.bar, self.stack = bench, bar, QStackedWidget(self)
        self._edited: EditedType | None = None
        self._made: dict[int, SettingsTab] = {}
        for row in TABS:
            bar.add(say(row.label))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme().space("tiny"), 0, 0)
        layout.addWidget(self.stack)
        bar.turned.connect(self._show)

    @property
    def current(self) -> SettingsTab | None:
        """The tab in sight."""
        return self._made.get(self.bar.current)

    def show_type(self, edited: EditedType) -> None:
        """Tabs for another type; the same one stays in sight."""
        self.commit()
        had_cursor = self.focusWidget() is not None and self.isAncestorOf(self.focusWidget())
        for tab in self._made.values():
            tab.edited.changed.disconnect(tab.refresh)
            tab.edited.checked.disconnect(tab.show_faults)
            self.stack.removeWidget(tab)
            tab.deleteLater()
        self._made.clear()
        self._edited = edited
        self._show(self.bar.current)
        if had_cursor:
            self.start()

    def start(self) -> None:
        """The cursor to where the tab in sight begins."""
        if self.current is not None:
            self.current.start()

    def turn(self, by: int) -> None:
        """The next or previous tab, the cursor with it; before the first: back to the list."""
        place = self.bar.current + by
        if place < 0:
            self.left_back.emit()
        elif place < len(TABS):
            self.bar.choose(place)
            if self.current is not None:
                (self.current.start if by > 0 else self.current.end)()

    def go_to(self, path: str) -> bool:
        """The cursor to where a path is set: the tab in sight is asked first, then all in their order."""
        here = self.bar.current
        for place in (here, *(number for number in range(len(TABS)) if number != here)):
            tab = self._tab(place)
            if tab is None:
                return False
            if tab.holds(path):
                self.bar.choose(place)
                return tab.go_to(path)
        return False

    def commit(self) -> None:
        """Take what stands in the editors of every tab."""
        for tab in self._made.values():
            tab.commit()

    def _tab(self, place: int) -> SettingsTab | None:
        if self._edited is None:
            return None
        if place not in self._made:
            tab = TABS[place].made_by(self._edited, self._bench, self)
            tab.setObjectName(f"tab_{TABS[place].code}")
            tab.said.connect(self.said)
            tab.keys_changed.connect(self.keys_changed)
            tab.left.connect(self.turn)
            self._made[place] = tab
            self.stack.addWidget(tab)
            tab.refresh()
            tab.show_faults()
        return self._made[place]

    def _show(self, place: int) -> None:
        self.commit()
        tab = self._tab(place)
        if tab is not None:
            self.stack.setCurrentWidget(tab)
