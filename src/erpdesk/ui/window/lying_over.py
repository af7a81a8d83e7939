"""What lies over the window for a moment: help, lists to go from, the working date, the keys, the queue.

Each is made when it is first wanted, so that the window is there sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from erpdesk.ui.session import Session
from erpdesk.ui.window.destinations import Destination
from erpdesk.ui.window.pages import Pages

if TYPE_CHECKING:
    from erpdesk.ui.queue.queued import QueuedVoucher
    from erpdesk.ui.window.keys_page import KeysPage
    from erpdesk.ui.window.overlays import GoTo, HelpPanel
    from erpdesk.ui.window.queue_list import QueueList
    from erpdesk.ui.window.working_date import WorkingDate


_TAKING_THE_CURSOR = ("goTo", "keysPage", "queueList", "workingDate")


class LyingOver(QMainWindow):
    """A window that things lie over: `go` goes where a list leads, `show_queued` opens a voucher of the queue."""

    session: Session
    pages: Pages

    go: Callable[[Destination], None]
    show_queued: Callable[[QueuedVoucher], None]
    refresh_bar: Callable[[], None]

    @property
    def help(self) -> HelpPanel:
        """The panel that explains."""
        from erpdesk.ui.window.overlays import HelpPanel

        found = self.findChild(HelpPanel)
        return found if found is not None else HelpPanel(self)

    @property
    def go_to(self) -> GoTo:
        """The list that goes anywhere."""
        from erpdesk.ui.window.overlays import GoTo

        found = self.findChild(GoTo)
        if found is None:
            found = GoTo(self)
            found.chosen.connect(self.go)
            found.closed.connect(self.pages.come_back)
        return found

    @property
    def working_date(self) -> WorkingDate:
        """Where the working date is typed."""
        from erpdesk.ui.window.working_date import WorkingDate

        found = self.findChild(WorkingDate)
        if found is None:
            found = WorkingDate(self.session, self)
            found.closed.connect(self.pages.come_back)
        return found

    @property
    def keys_page(self) -> KeysPage:
        """All keys valid here."""
        from erpdesk.ui.keys.keyed_button import print_keys_anew
        from erpdesk.ui.window.keys_page import KeysPage

        found = self.findChild(KeysPage)
        if found is None:
            found = KeysPage(self)
            found.closed.connect(self.pages.come_back)
            found.changed.connect(self.refresh_bar)
            found.changed.connect(lambda: print_keys_anew(self))
        return found

    @property
    def queue_list(self) -> QueueList:
        """What was accepted, and what became of it."""
        from erpdesk.ui.window.queue_list import QueueList

        found = self.findChild(QueueList)
        if found is None:
            found = QueueList(self.session.queue, self)
            found.wanted.connect(self.show_queued)
            found.closed.connect(self.pages.come_back)
        return found

    def hide_what_was_left(self) -> None:
        """What the cursor has left for another thing of the window lies over it no more."""
        focus = QApplication.focusWidget()
        if focus is None or focus.window() is not self:
            return
        for name in _TAKING_THE_CURSOR:
            found = self.findChild(QWidget, name, Qt.FindChildOption.FindDirectChildrenOnly)
            if found is not None and found.isVisible() and found is not focus and not found.isAncestorOf(focus):
                found.hide()

    def forget_queue_list(self) -> None:
        """The list is another organization's from now on."""
        from erpdesk.ui.window.queue_list import QueueList

        if (found := self.findChild(QueueList)) is not None:
            found.hide()
            found.setParent(None)
            found.deleteLater()
