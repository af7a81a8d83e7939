"""Reconnection: when nobody answers any more, the server is reached for again, after ever longer pauses.

It has a lane of its own, made when first needed: a try may hang for as long as the network lets it.
"""

from __future__ import annotations

from collections.abc import Callable
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
        self._doubt = QTimer(self)
        self._doubt.setSingleShot(True)
        self._doubt.setInterval(theme().time_ms("doubt_wait"))
        self._doubt.timeout.connect(self._check)
        for lane in self._lanes:
            lane.refused.connect(self._heard)
            lane.busy_changed.connect(self._follow)

    @property
    def _lanes(self) -> tuple[Requests, Requests]:
        return self._session.requests, self._session.background

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

    def _follow(self, _busy: object = None) -> None:
        """An answer that takes long may mean that there will be none."""
        if not any(lane.is_busy for lane in self._lanes):
            self._doubt.stop()
        elif not self._doubt.isActive():
            self._doubt.start()

    def _check(self) -> None:
        if not self.is_trying and self._session.desk is not None:
            self._reach(self._follow, self._heard)

    def _reach(self, found: Callable[[], None], failed: Callable[[Refused], None]) -> None:
        if self._lane is None:
            self._lane = Requests("reaching", self)
        self._lane.submit(self, self._session.reach_again, lambda _none: found(), failed)

    def _wait(self) -> None:
        first, most = theme().time_ms("reach_first"), theme().time_ms("reach_most")
        self._pause.start(self._next_ms or first)
        self._next_ms = min(most, 2 * (self._next_ms or first))

    def _try(self) -> None:
        if self._session.desk is None:
            self._session.open()
        else:
            self._reach(self._found, lambda _refusal: self._wait())

    def _found(self) -> None:
        self.reached()
        self._session.find_again()

    def reached(self) -> None:
        """The server answered: from now on a refusal is news again."""
        self._pause.stop()
        self._next_ms = 0

    def stop(self) -> None:
        """Try no more."""
        self._pause.stop()
        self._doubt.stop()
        if self._lane is not None:
            self._lane.stop(0.0)
