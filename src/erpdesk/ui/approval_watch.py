"""What waits for approval is looked at every few seconds, so that whoever decides hears of it without a key.

Only for a person who may approve, while the database answers; on the lane that keeps masters fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from erpdesk.domain.results import Refused
from erpdesk.services.approvals import Waiting
from erpdesk.ui.ports import Books
from erpdesk.ui.requests import Requests
from erpdesk.ui.style.tokens import tokens

RIGHT = "voucher.approve"


class ApprovalWatch(QObject):
    """`here` tells the books worked in (None while nobody answers), a lane, and the permissions held.

    `looked` carries all that waits, for whomever, each time it was looked at; `mine_changed` how many wait for this
    person, when that has changed.
    """

    looked = Signal(object)
    mine_changed = Signal(int)

    def __init__(self, here: Callable[[], tuple[Books | None, Requests, frozenset[str]]], parent: QObject) -> None:
        super().__init__(parent)
        self._here = here
        self._books: Books | None = None
        self.mine = 0
        self._is_asking = self._asks_again = False
        self._timer = QTimer(self)
        self._timer.setInterval(tokens().time_ms("approvals"))
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Look now, and again and again."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Look now, unless an answer is awaited, or there is nobody to answer."""
        books, lane, held = self._here()
        if books is not self._books:
            self._books, self._is_asking = books, False
            self._count(0)
        if books is None or RIGHT not in held:
            self._count(0)
            return
        if self._is_asking:
            return
        self._is_asking = True
        lane.submit(self, lambda: books.approvals.inbox(everything=True),
                    lambda found: self._take(books, found), self._quiet)

    def look_again(self) -> None:
        """Something was decided: an answer that is awaited already may not know of it."""
        self._asks_again = self._is_asking
        self.look()

    def _take(self, books: Books, found: Sequence[Waiting]) -> None:
        self._is_asking = False
        if books is self._here()[0]:
            self._count(sum(one.is_mine for one in found))
            self.looked.emit(found)
        self._look_if_asked()

    def _quiet(self, _refusal: Refused) -> None:
        self._is_asking = False
        self._look_if_asked()

    def _look_if_asked(self) -> None:
        again, self._asks_again = self._asks_again, False
        if again:
            self.look()

    def _count(self, mine: int) -> None:
        if mine != self.mine:
            self.mine = mine
            self.mine_changed.emit(mine)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
