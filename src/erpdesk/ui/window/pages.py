"""The pages of the window: the gateway, and a tab for each open voucher and report, each keeping its state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from erpdesk.ui.editors.base import is_half_typed
from erpdesk.ui.editors.held_presses import HeldPresses
from erpdesk.ui.lookups.popup import LIES_OVER
from erpdesk.ui.scrolling import scroll_to
from erpdesk.ui.style.theme import theme


@dataclass(eq=False)
class Aside:
    """Pages out of sight with the words on their tabs, and which of all pages was the current one."""

    pages: list[tuple[QWidget, str]]
    current: int


class Pages(QFrame):
    """Tabs above, the current page below. `page_changed` follows the current page."""

    page_changed = Signal()
    close_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar, self.stack = QTabBar(self), QStackedWidget(self)
        self._aside: list[Aside] = []
        self._filled: QWidget | None = None
        self.bar.setObjectName("tabBar")
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setDocumentMode(True)
        self.bar.setTabsClosable(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme().space("tiny"), 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._make_room(), 1)
        self.bar.currentChanged.connect(self._show)

    def _make_room(self) -> QScrollArea:
        """Pages scroll when a large text leaves them too little room; else they just fill it."""
        room = QScrollArea(self)
        room.setObjectName("pageRoom")
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room.setWidgetResizable(True)
        room.setWidget(self.stack)
        self.room = room
        return room

    def keep_in_sight(self, widget: QWidget) -> None:
        """Scroll to a widget that the cursor has come to, where pages scroll at all: to the beginning of the page if it
        can be seen from there, and not at all beneath what lies over the page and can be seen."""
        room, around = self.room.viewport(), self._lying_over(widget)
        if room.size() == self.stack.size() or not self.stack.isAncestorOf(widget):
            return
        place = QRect(widget.mapTo(self.stack, QPoint(0, 0)), widget.size())
        if around is None:
            aside, down = self.room.horizontalScrollBar(), self.room.verticalScrollBar()
            aside.setValue(0 if place.right() < room.width() else aside.value())
            down.setValue(0 if place.bottom() < room.height() else down.value())
        scroll_to(self.room, widget, theme().space("small"))

    def _lying_over(self, widget: QWidget) -> QWidget | None:
        """What lies over the page around a widget of it."""
        around: QWidget | None = widget
        while around is not None and around is not self.stack:
            if around.property(LIES_OVER):
                return around
            around = around.parentWidget()
        return None

    @property
    def current(self) -> QWidget:
        """The page in sight."""
        page = self.stack.currentWidget()
        assert page is not None, "the gateway is always there"
        return page

    def pages(self) -> list[QWidget]:
        """All pages from left to right."""
        found = (self.stack.widget(number) for number in range(self.stack.count()))
        return [page for page in found if page is not None]

    def _guard(self, page: QWidget) -> None:
        """Whatever page it is, what can't be read in a field of it isn't left by the mouse."""
        if page.findChild(HeldPresses) is None and not getattr(page, "marks_while_typing", False):
            HeldPresses(page, self.come_back)

    def add(self, page: QWidget, label: str) -> None:
        """A new tab at the right, brought to the front; or in the place of the page that `fill_with` has it for."""
        if (old := self._filled) is not None:
            self._filled = None
            self.replace(old, page)
            self.rename(page, label)
            self.show_page(page)
            return
        self._guard(page)
        self.stack.addWidget(page)
        self.bar.setCurrentIndex(self.bar.addTab(label))

    def add_behind(self, page: QWidget, label: str) -> None:
        """A new tab at the right; what is in sight stays there."""
        self._guard(page)
        self.stack.addWidget(page)
        self.bar.addTab(label)

    def fill_with(self, page: QWidget, open_another: Callable[[], object]) -> None:
        """Have what opens now stand in the place of a page; where nothing opens the page goes."""
        self._filled = page
        open_another()
        if self._filled is page:
            self._filled = None
            self.remove(page)

    def replace(self, old: QWidget, new: QWidget) -> None:
        """Put another page in the place of one, in sight or not."""
        self._guard(new)
        if (found := self._kept_with(old)) is not None:
            kept, number = found
            kept.pages[number] = (new, kept.pages[number][1])
            new.hide()
            old.deleteLater()
            return
        place = self.stack.indexOf(old)
        self.stack.insertWidget(place, new)
        self.stack.removeWidget(old)
        old.deleteLater()
        self.stack.setCurrentIndex(self.bar.currentIndex())

    def rename(self, page: QWidget, label: str) -> None:
        """Another word on a tab, in sight or not."""
        if (found := self._kept_with(page)) is not None:
            found[0].pages[found[1]] = (page, label)
            return
        self.bar.setTabText(self.stack.indexOf(page), label)

    def remove(self, page: QWidget) -> None:
        """Close a tab; the one at its left comes to the front."""
        if (found := self._kept_with(page)) is not None:
            found[0].pages.pop(found[1])
            page.deleteLater()
        place = self.stack.indexOf(page)
        if place < 0:
            return
        self._hold_focus()
        self.stack.removeWidget(page)
        self.bar.blockSignals(True)
        self.bar.removeTab(place)
        self.bar.setCurrentIndex(max(0, place - 1))
        self.bar.blockSignals(False)
        page.deleteLater()
        self._show(self.bar.currentIndex())

    # Pages of an organization that isn't in sight

    def put_aside(self) -> Aside:
        """Take every page but the gateway out of sight, whole as they are; `bring_back` has them again."""
        self._hold_focus()
        kept = Aside([(page, self.bar.tabText(number)) for number, page in enumerate(self.pages()) if number],
                     self.stack.currentIndex())
        self.bar.blockSignals(True)
        for page, _ in kept.pages:
            self.bar.removeTab(self.stack.indexOf(page))
            self.stack.removeWidget(page)
        self.bar.setCurrentIndex(0)
        self.bar.blockSignals(False)
        self._aside.append(kept)
        return kept

    def bring_back(self, kept: Aside) -> None:
        """Pages that were put aside stand again where they stood."""
        self._aside.remove(kept)
        self.bar.blockSignals(True)
        for page, label in kept.pages:
            self.stack.addWidget(page)
            self.bar.addTab(label)
        self.bar.setCurrentIndex(min(kept.current, self.bar.count() - 1))
        self.bar.blockSignals(False)
        self._show(self.bar.currentIndex())

    def pages_aside(self) -> list[QWidget]:
        """All pages out of sight."""
        return [page for kept in self._aside for page, _ in kept.pages]

    def _kept_with(self, page: QWidget) -> tuple[Aside, int] | None:
        """Where a page is kept that isn't in sight."""
        return next(((kept, number) for kept in self._aside for number, (one, _) in enumerate(kept.pages)
                     if one is page), None)

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front."""
        self.bar.setCurrentIndex(self.stack.indexOf(page))

    def turn(self, by: int) -> None:
        """The next or previous tab, around the end."""
        count = self.bar.count()
        self.bar.setCurrentIndex((self.bar.currentIndex() + by) % count)

    def come_back(self) -> None:
        """The cursor to where it was in the current page, else to where that page begins."""
        page = self.current
        last = page.focusWidget()
        if last is not None and last.isVisible() and is_half_typed(last):
            last.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if (come_back := getattr(page, "come_back", None)) is not None:
            come_back()
            return
        if last is not None and last is not page:
            last.setFocus(Qt.FocusReason.OtherFocusReason)
        elif (start := getattr(page, "start", None)) is not None:
            start()

    def _hold_focus(self, *, for_a_moment: bool = False) -> None:
        """Take the cursor out of a page before it is hidden, lest Qt hand it to some other field of it."""
        if self.focusWidget() is not None and self.isAncestorOf(self.focusWidget()):
            passing = for_a_moment and is_half_typed(self.focusWidget())
            self.setFocus(Qt.FocusReason.MenuBarFocusReason if passing else Qt.FocusReason.OtherFocusReason)

    def _show(self, number: int) -> None:
        self._hold_focus(for_a_moment=True)
        self.stack.setCurrentIndex(number)
        self.page_changed.emit()
