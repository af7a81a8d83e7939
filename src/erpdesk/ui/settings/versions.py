"""Older versions of a type from its page: compared with what stands there, brought back, and told of when somebody
else saved first. Whatever is brought back stands there unsaved, to be looked at before it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.comparing import compare, taken
from erpdesk.domain.results import Refused
from erpdesk.ui.configured_words import coded, say_fault
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.settings.differences import DifferencesDialog, rows_of
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.words import say

BASELINE = "baseline"
STORED = "stored"


class Versions(QObject):
    """Of the page's types; `closed` says that the cursor is wanted in the page again."""

    said = Signal(str)
    closed = Signal()

    def __init__(self, session: Session, books: Books, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._books, self._page = session, books, page
        self.dialog: DifferencesDialog | None = None
        self._documents: dict[Any, Mapping[str, Any]] = {}

    def compare(self, edited: EditedType, *, restoring: bool = False, shipped: bool = True) -> None:
        """The versions at the left, at the right what the chosen one differs in from what stands here."""
        versions, code = self._books.blueprint_versions, edited.code
        self._session.browsing.submit(
            self, lambda: versions.versions(code), lambda found: self._show(edited, found, restoring, shipped),
            self._failed)

    def _show(self, edited: EditedType, found: Sequence[Any], restoring: bool, shipped: bool) -> None:
        title = say("Restore a version of {type}" if restoring else "Compare {type}", type=edited.value("label") or "")
        sentence = say("What stands here now, beside the version chosen at the left. What is restored stands here "
                       "unsaved until you save it.")
        dialog = DifferencesDialog(title, sentence, (say("Setting"), say("In that version"), say("Here")), self._page,
                                   key_context="versions")
        self._keep(dialog)
        restore = dialog.add_button("restoreVersion", say("Restore this version"), "restore",
                                    lambda: self._restore(edited), primary=True)
        dialog.add_button("closeDifferences", say("Close"), "leave", None)
        restore.setEnabled(False)
        choices = [(STORED, say("As it is saved"))] if edited.is_changed else []
        if shipped:
            choices.append((BASELINE, say("As it was shipped")))
        choices += [(one.version, f"{say('version {number}', number=one.version)}   {one.at:%Y-%m-%d %H:%M}   {one.by}"
                     f"\n{one.words}") for one in found]
        dialog.offer(choices, lambda version: self._read(edited, version))
        dialog.open()
        dialog.choices.setFocus()

    def _read(self, edited: EditedType, version: Any) -> None:
        if version == STORED:
            self._take(edited, version, edited.stored())
            return
        versions, code = self._books.blueprint_versions, edited.code
        self._session.browsing.submit(self, lambda: versions.document(code, version),
                                      lambda document: self._take(edited, version, document), self._not_there)

    def _take(self, edited: EditedType, version: Any, document: Mapping[str, Any]) -> None:
        dialog = self.dialog
        if dialog is None or dialog.chosen_here() != version:
            return
        self._documents = {version: document}
        rows = rows_of(compare(document, edited.document()))
        dialog.show_rows(rows, say("No difference"))
        dialog.button("restoreVersion").setEnabled(bool(rows))

    def _not_there(self, refusal: Refused) -> None:
        if self.dialog is not None:
            self.dialog.show_rows((), coded(refusal.first))
            self.dialog.button("restoreVersion").setEnabled(False)

    def _restore(self, edited: EditedType) -> None:
        for document in self._documents.values():
            edited.take(document)
            self.said.emit(say("Restored, not saved yet"))

    # Two people at once

    def tell_conflict(self, edited: EditedType, refusal: Refused) -> None:
        """Somebody else saved first: what they changed, and what of it meets what was changed here."""
        candidates, code = self._books.candidates, edited.code
        self._session.browsing.submit(self, lambda: candidates.stored(code),
                                      lambda theirs: self._show_conflict(edited, refusal, theirs), self._failed)

    def _show_conflict(self, edited: EditedType, refusal: Refused, theirs: Mapping[str, Any]) -> None:
        before, mine = edited.stored(), edited.document()
        changed = compare(before, theirs)
        own = {one.path for one in compare(before, mine)}
        dialog = DifferencesDialog(
            say("{type} was changed by somebody else", type=edited.value("label") or ""), say_fault(refusal.first),
            (say("Setting"), say("Before"), say("Changed to"), ""), self._page, key_context="two_versions")
        self._keep(dialog)
        dialog.show_rows(rows_of(changed, frozenset(own), say("changed here too")), say("No difference"))

        def take_theirs() -> None:
            edited.rebase(theirs)

        def lay_over() -> None:
            merged = taken(theirs, before, mine, own)
            edited.rebase(theirs)
            edited.take(merged)
            self.said.emit(say("Your changes stand over theirs, not saved yet"))

        dialog.add_button("mineOver", say("Put mine over theirs"), "mine", lay_over, primary=True).setFocus()
        dialog.add_button("takeTheirs", say("Take theirs, drop mine"), "theirs", take_theirs)
        dialog.add_button("closeDifferences", say("Decide later"), "later", None)
        dialog.open()

    def _keep(self, dialog: DifferencesDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget)

    def _forget(self) -> None:
        self.dialog = None
        self._page.activateWindow()
        self.closed.emit()

    def _failed(self, refusal: Refused) -> None:
        self.said.emit(coded(refusal.first))
