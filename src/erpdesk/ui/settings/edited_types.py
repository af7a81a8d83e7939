"""The voucher types of the page: as they are stored, and those of them that are being edited.

A type that was changed is kept as it was left when another one is looked at; saving goes through the versions, so
that whoever saves second is told what the first one changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.results import Refused
from erpdesk.services.candidates import OWN, StoredType
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.types_list import ListedType

NEW = "+"
"""What the list calls a type that has never been saved."""


class EditedTypes(QObject):
    """`loaded` and `marked` say that the list is anew, `saved` names a type that was, `refused` carries why one
    wasn't."""

    loaded = Signal()
    marked = Signal()
    saved = Signal(str)
    refused = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, books: Books, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._books, self._place = session, books, session.place
        self._stored: dict[str, StoredType] = {}
        self._edited: dict[str, EditedType] = {}
        self.choices: Mapping[str, Sequence[tuple[str, str]]] = {}
        self.is_loaded = self.is_saving = False

    def load(self) -> None:
        """Read every type."""
        candidates = self._books.candidates
        self._session.browsing.submit(self, lambda: (candidates.types(), candidates.choices()), self._take,
                                      self.failed.emit)

    def _take(self, found: tuple[Sequence[StoredType], Mapping[str, Any]]) -> None:
        types, self.choices = found
        self._stored = {str(one.document["code"]): one for one in types}
        for code, edited in self._edited.items():
            if code in self._stored and not edited.is_changed and edited.version != self._version(code):
                edited.rebase(self._stored[code].document)
        self.is_loaded = True
        self.loaded.emit()

    def _version(self, code: str) -> int:
        return int(self._stored[code].document.get("version") or 0)

    # The list

    def listed(self) -> tuple[ListedType, ...]:
        """The types in their order, a new one last."""
        found = [self._listed(code, one.document, one.origin) for code, one in self._stored.items()]
        if NEW in self._edited:
            found.append(self._listed(NEW, self._edited[NEW].document(), OWN))
        return tuple(found)

    def _listed(self, code: str, document: Mapping[str, Any], origin: str) -> ListedType:
        edited = self._edited.get(code)
        shown = document if edited is None else {name: edited.value(name) for name in ("label", "is_active")}
        return ListedType(code, str(shown["label"]), bool(shown["is_active"]), origin,
                          edited is not None and edited.is_changed)

    def codes(self) -> frozenset[str]:
        """The codes that are taken."""
        return frozenset(self._stored)

    def origin(self, code: str) -> str:
        """Whether a type is as shipped, customised, or an own one."""
        return self._stored[code].origin if code in self._stored else OWN

    def stored(self, code: str) -> Mapping[str, Any] | None:
        """A type's document as it was read."""
        return self._stored[code].document if code in self._stored else None

    # Editing

    def edit(self, code: str) -> EditedType | None:
        """A type to edit, as it was left."""
        if code not in self._edited and code in self._stored:
            self._keep(code, EditedType(self._stored[code].document, parent=self))
        return self._edited.get(code)

    def begin(self, document: Mapping[str, Any]) -> EditedType:
        """A new type, from nothing or like another; one that was begun before is given up."""
        self.drop(NEW)
        return self._keep(NEW, EditedType(document, is_new=True, parent=self))

    def _keep(self, code: str, edited: EditedType) -> EditedType:
        self._edited[code] = edited
        edited.changed.connect(lambda _path: self.marked.emit())
        return edited

    def drop(self, code: str) -> None:
        """Give up what was changed of a type."""
        edited = self._edited.pop(code, None)
        if edited is not None:
            edited.deleteLater()
            self.marked.emit()

    def changed(self) -> list[EditedType]:
        """The types with changes that aren't saved."""
        return [edited for edited in self._edited.values() if edited.is_changed]

    # Saving

    def save(self, edited: EditedType) -> None:
        """Write a type over the version that it began from."""
        document, version = edited.document(), 0 if edited.is_new else edited.version
        versions, candidates = self._books.blueprint_versions, self._books.candidates
        self.is_saving = True

        def write() -> Mapping[str, Any]:
            versions.save({**document, "version": max(1, version)}, version)
            return candidates.stored(str(document["code"]))

        self._session.requests.submit(self, write, lambda stored: self._saved(edited, document, stored), self._unsaved)

    def _saved(self, edited: EditedType, sent: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
        self.is_saving = False
        code = str(stored["code"])
        typed_since = edited.document() if edited.document() != sent else None
        self._edited = {code if one is edited else known: one for known, one in self._edited.items()}
        origin = self._stored[code].origin if code in self._stored else OWN
        self._stored[code] = StoredType(stored, origin)
        edited.rebase(stored)
        if typed_since is not None:
            edited.take(typed_since)
        self.saved.emit(code)
        self._place.read_types()
        self.load()

    def _unsaved(self, refusal: Refused) -> None:
        self.is_saving = False
        self.refused.emit(refusal)
