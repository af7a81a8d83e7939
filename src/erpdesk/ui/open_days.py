"""Known days: which days can be posted on, as read last; asked without waiting, read behind the clerk's back.

The server decides. A day that isn't open here is read again at once, so that what an admin opens meanwhile is open.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.open_days import OpenDays
from erpdesk.domain.results import Fault, Refused
from erpdesk.ui.ports import Books
from erpdesk.ui.requests import Requests


class KnownDays(QObject):
    """One organization's. Until they are read, every day is taken for open; `changed` says that they were read and
    are others than before."""

    changed = Signal()

    def __init__(self, lane: Requests, parent: QObject) -> None:
        super().__init__(parent)
        self._lane = lane
        self._books: Books | None = None
        self._known: OpenDays | None = None
        self._is_reading = False

    def attach(self, books: Books) -> None:
        """Know the days of these books."""
        self._books, self._known = books, None

    def fault(self, raw: object) -> Fault | None:
        """Why nothing can be posted on a day as the document holds it, as far as is known."""
        try:
            day = date.fromisoformat(str(raw))
        except ValueError:
            return None
        return self._known.fault(day) if self._known is not None else None

    def read(self) -> None:
        """Read them, unless that is under way."""
        if self._books is not None and not self._is_reading:
            self._is_reading = True
            self._lane.submit(self, self._books.periods.open_days, self._take, self._not_read)

    def _take(self, days: OpenDays) -> None:
        self._is_reading = False
        if days != self._known:
            self._known = days
            self.changed.emit()

    def _not_read(self, _refusal: Refused) -> None:
        """What is known serves on."""
        self._is_reading = False
