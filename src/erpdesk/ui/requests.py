"""Requests: service calls run one after another on a worker, their answers come back to the window's thread.

Answers arrive as queued events, in the order asked. An answer whose asker is gone is dropped. Errors become
refusals: an ErpdeskError its own, anything else a failure that leaves everything typed as it was.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from erpdesk.domain.results import ErpdeskError, Fault, Refused, refused
from erpdesk.services.giving_way import stay_behind_keys
from erpdesk.services.outage import outage

T = TypeVar("T")
_log = logging.getLogger(__name__)
_Job = tuple[QObject, Callable[[], object], Callable[[object], None], Callable[[Refused], None]]


class Requests(QObject):
    """A lane of requests with a worker of its own. `busy_changed` says when one begins and all are done,
    `refused` that an answer was a refusal, before whoever asked hears of it."""

    busy_changed = Signal(bool)
    refused = Signal(object)
    _answered = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._open = 0
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._worker = threading.Thread(target=self._work, name=name, daemon=True)
        self._worker.start()

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way or waiting."""
        return self._open > 0

    def submit(self, asker: QObject, work: Callable[[], T], done: Callable[[T], None],
               failed: Callable[[Refused], None]) -> None:
        """Run `work` on the worker; then `done` or `failed` here, unless `asker` is gone by then."""
        self._open += 1
        if self._open == 1:
            self.busy_changed.emit(True)
        self._jobs.put((asker, work, done, failed))  # type: ignore[arg-type]

    def stop(self, patience_seconds: float = 2.0) -> None:
        """Take no more; wait a little for what is under way."""
        self._jobs.put(None)
        self._worker.join(patience_seconds)

    def _work(self) -> None:
        stay_behind_keys()
        while (job := self._jobs.get()) is not None:
            asker, work, done, failed = job
            try:
                answer = (asker, done, work())
            except ErpdeskError as error:
                answer = (asker, failed, refused(error))  # type: ignore[assignment]
            except Exception as error:
                _log.exception("a request failed")
                lost = outage(error)
                answer = (asker, failed, refused(lost) if lost else _unforeseen(error))  # type: ignore[assignment]
            if not shiboken6.isValid(self):
                return
            self._answered.emit(answer)

    @Slot(object)
    def _deliver(self, answer: tuple[QObject, Callable[[object], None], object]) -> None:
        asker, then, value = answer
        self._open -= 1
        if isinstance(value, Refused):
            self.refused.emit(value)
        try:
            if shiboken6.isValid(asker):
                then(value)
        finally:
            if not self._open:
                self.busy_changed.emit(False)


def _unforeseen(error: Exception) -> Refused:
    """What an exception that nobody foresaw becomes; what was typed stays."""
    name = type(error).__name__
    return Refused("failed", (Fault("SYS-001", f"Something unforeseen happened ({name}: {error})."[:300]),))
