"""The check of what is being typed: after a short rest, on a worker, and only of what stands there last.

`looked` carries what the last check found; what was found of a document that has changed since is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from erpdesk.domain.results import Refused
from erpdesk.services.candidates import Looked
from erpdesk.ui.configured_words import coded
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.own_key_clash import own_key_faults
from erpdesk.ui.style.theme import theme


class Checking(QObject):
    """Follows one type at a time."""

    looked = Signal(object)
    said = Signal(str)

    def __init__(self, session: Session, books: Books, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._books = session, books
        self._edited: EditedType | None = None
        self._asked: Mapping[str, Any] = {}
        self._is_asking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(theme().time_ms("settings_check"))
        self._timer.timeout.connect(self._ask)

    @property
    def is_settled(self) -> bool:
        """Whether what was found is of what stands there now."""
        return not self._is_asking and not self._timer.isActive()

    def follow(self, edited: EditedType) -> None:
        """Check this type from now on, at once and whenever it changes."""
        if self._edited is not None:
            self._edited.changed.disconnect(self._wait)
        self._edited = edited
        edited.changed.connect(self._wait)
        self._ask()

    def _wait(self, _path: str = "") -> None:
        self._timer.start()

    def _ask(self) -> None:
        edited = self._edited
        if edited is None or self._is_asking:
            return
        self._timer.stop()
        self._is_asking = True
        document, candidates = edited.document() | {"version": max(1, edited.version)}, self._books.candidates
        self._asked = document
        self._session.browsing.submit(self, lambda: candidates.look(document),
                                      lambda looked: self._found(edited, document, looked), self._failed)

    def _found(self, edited: EditedType, document: Mapping[str, Any], looked: Looked) -> None:
        self._is_asking = False
        is_current = edited is self._edited and (
            edited.document() | {"version": max(1, edited.version)}) == document
        if is_current:
            looked = replace(looked, faults=(*looked.faults, *own_key_faults(document)))
            edited.take_faults(looked.faults, looked.schema)
            self.looked.emit(looked)
        elif not self._timer.isActive():
            self._ask()

    def _failed(self, refusal: Refused) -> None:
        self._is_asking = False
        self.said.emit(coded(refusal.first))
