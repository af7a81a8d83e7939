"""Reconnection: when nobody answers any more, the server is reached for again, after ever longer pauses.

It has a lane of its own, made when first needed: a try may hang for as long as the network lets it.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer

from erpdesk.domain.results import Refused
from erpdesk.ui.queue.queued import is_out_of_reach
from erpdesk.ui.requests import Requests
from erpdesk.ui.style.theme import theme


class Reaching(Protocol):
    """A session as seen from here."""

    requests: Requests
    background: Requests
    desk: Any

    def open(self) -> None: ...
    def lose(self, refusal: Refused) -> None: ...
    def reach_again(self) -> None: ...
    def find_again(self) -> None: ...


class Reconnection(QObject):
    """Watches the lanes of a session; sets its state to lost, and back."""

    def __init__(self, session: Reaching, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._lane: Requests | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._try)
        self._next_ms = 0
        for lane in (session.requests, session.background):
            lane.refused.connect(self._heard)

    @property
    def is_trying(self) -> bool:
        """Whether the server is being reached for."""
        return self._next_ms > 0

    def _heard(self, refusal: Refused) -> None:
        if is_out_of_reach(refusal) and not self.is_trying and self._session.desk is not None:
            self._session.lose(refusal)
            self._wait()
        elif is_out_of_reach(refusal) and refusal.retryable and self._session.desk is None:
            self._wait()

    def _wait(self) -> None:
        first, most = theme().time_ms("reach_first"), theme().time_ms("reach_most")
        self._pause.start(self._next_ms or first)
        self._next_ms = min(most, 2 * (self._next_ms or first))

    def _try(self) -> None:
        session = self._session
        if session.desk is None:
            session.open()
            return
        if self._lane is None:
            self._lane = Requests("reaching", self)
        self._lane.submit(self, session.reach_again, lambda _none: self._found(), lambda _refusal: self._wait())

    def _found(self) -> None:
        self._next_ms = 0
        self._session.find_again()

    def stop(self) -> None:
        """Try no more."""
        self._pause.stop()
        if self._lane is not None:
            self._lane.stop(0.0)
