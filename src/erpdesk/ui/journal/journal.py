"""The journal as the window uses it: told what to keep, it writes on a worker of its own and delays nobody.

Of several versions of an entry told in a row only the last is written. Without a root nothing is kept.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from erpdesk.ui.journal.folder import Entry, JournalFolder, place_of

TYPING = "typing"
"""The kind of entry that holds a voucher being typed."""
_log = logging.getLogger(__name__)


class Journal(QObject):
    """`recovered` carries the entries, by name, that programs left behind; `troubled` what can't be kept."""

    recovered = Signal(object)
    troubled = Signal(str)
    _found = Signal(object)

    def __init__(self, root: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = root
        self._place: Path | None = None
        self._told: dict[str, Entry | None] = {}
        self._changed = threading.Condition()
        self._is_ending = self._is_busy = False
        self._worker: threading.Thread | None = None
        self._found.connect(self.recovered, Qt.ConnectionType.QueuedConnection)

    @property
    def is_kept(self) -> bool:
        """Whether entries reach a disk."""
        return self._worker is not None and self._worker.is_alive()

    def attach(self, organization: str, user: str) -> None:
        """Keep the entries of a user in an organization; what was left behind is told by `recovered`."""
        if self._root is None or self._worker is not None:
            return
        self._place = place_of(self._root, organization, user)
        self._worker = threading.Thread(target=self._work, name="journal", daemon=True)
        self._worker.start()

    def put(self, name: str, entry: Entry) -> None:
        """Keep an entry; it must not be changed afterwards."""
        self._tell(name, entry)

    def drop(self, name: str) -> None:
        """Keep it no longer."""
        self._tell(name, None)

    def _tell(self, name: str, entry: Entry | None) -> None:
        if self._root is None:
            return
        with self._changed:
            self._told.pop(name, None)
            self._told[name] = entry
            self._changed.notify_all()

    def flush(self, patience_seconds: float = 2.0) -> bool:
        """Wait until all that was told is on disk; whether it is."""
        with self._changed:
            return not self.is_kept or self._changed.wait_for(
                lambda: not self._told and not self._is_busy, patience_seconds)

    def close(self, patience_seconds: float = 2.0) -> None:
        """Write what was told, then give the folder up."""
        with self._changed:
            self._is_ending = True
            self._changed.notify_all()
        if self._worker is not None:
            self._worker.join(patience_seconds)

    # On the worker

    def _work(self) -> None:
        assert self._place is not None
        folder = JournalFolder(self._place)
        try:
            folder.open()
            left = folder.take_over()
        except OSError as error:
            self._trouble(error)
            return
        if left and shiboken6.isValid(self):
            self._found.emit(left)
        while (told := self._next()) is not None:
            for name, entry in told.items():
                self._write(folder, name, entry)
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()
        folder.close()

    def _next(self) -> dict[str, Entry | None] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._told or self._is_ending)
            told, self._told = self._told, {}
            self._is_busy = bool(told)
            return told or None

    def _write(self, folder: JournalFolder, name: str, entry: Entry | None) -> None:
        try:
            if entry is None:
                folder.drop(name)
            else:
                folder.put(name, entry)
        except OSError as error:
            self._trouble(error)

    def _trouble(self, error: OSError) -> None:
        _log.error("the journal can't be written: %s", error)
        if shiboken6.isValid(self):
            self.troubled.emit(str(error.strerror or error))
