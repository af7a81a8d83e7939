"""A conflict: another desk changed the draft that is typed here. Both versions stay until the clerk has chosen.

The choice itself posts and saves nothing: what was chosen stands in the window, to be accepted like any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.results import Fault, Refused
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.keeping import Keeping
from erpdesk.ui.voucher.kept_draft import Place
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.voucher.versions_dialog import VersionsDialog
from erpdesk.ui.voucher.versions_table import version_rows
from erpdesk.ui.words import say

CHANGED_ELSEWHERE = "VCH-002"


class ConflictedWindow(Protocol):
    """A voucher window as seen from here."""

    session: Session
    books: Books
    schema: UiSchema
    surroundings: Surroundings
    sheet: VoucherSheet
    keeping: Keeping
    draft: Draft

    def set_draft(self, draft: Draft) -> None: ...
    def place(self) -> Place: ...
    def enter(self, grid: str, row: int, key: str) -> None: ...


class Conflict(QObject):
    """The open conflict of one window, if there is one."""

    def __init__(self, window: ConflictedWindow, over: QWidget) -> None:
        super().__init__(over)
        self._window, self._over = window, over
        self._fault: Fault | None = None
        self._draft: Draft | None = None

    @property
    def is_open(self) -> bool:
        """Whether the draft in the window has a second version that nobody has decided about."""
        return self._fault is not None and self._draft is self._window.draft

    def note(self, refusal: Refused) -> None:
        """A refusal of the draft in the window: perhaps a conflict."""
        if refusal.first.code == CHANGED_ELSEWHERE:
            self._fault, self._draft = refusal.first, self._window.draft
            chord = key_name("voucher", "compare")
            told = replace(refusal.first, message=say_fault(refusal.first))
            self._window.sheet.banner.show_refused(told, say("{key} compares both", key=chord))

    def compare(self) -> bool:
        """Show both versions and ask; whether there were two."""
        if not self.is_open or self._fault is None or self._draft is None:
            return False
        details, known = self._fault.details, str(self._draft.voucher_id)
        if "document" in details:
            self._ask(details)
            return True
        vouchers = self._window.books.vouchers
        self._window.session.background.submit(
            self, lambda: vouchers.show(known).as_json(), self._ask,
            lambda refusal: self._window.sheet.banner.show_fault(refusal.first))
        return True

    def _ask(self, stored: Mapping[str, Any]) -> None:
        window, fault = self._window, self._fault
        if not self.is_open or fault is None:
            return
        rows = version_rows(window.schema, window.draft.document(), stored["document"], window.surroundings)
        VersionsDialog(say_fault(fault), rows, lambda chosen: self._choose(chosen, stored), self._over).open()

    def _choose(self, chosen: str, stored: Mapping[str, Any]) -> None:
        window, draft, place = self._window, self._window.draft, self._window.place()
        self._fault = None
        if chosen == "mine":
            draft.row_version, draft.is_changed = int(stored["row_version"]), True
            word = say("Yours stands here; it replaces the stored one when you accept or save it")
        elif chosen == "both":
            window.keeping.forget()
            draft.voucher_id, draft.row_version, draft.status = None, None, ""
            draft.idempotency_key, draft.is_changed = str(uuid.uuid4()), True
            word = say("Yours is a new voucher now; the stored one stays as it is")
        else:
            window.keeping.forget()
            theirs = Draft.of(window.schema, stored["document"])
            theirs.voucher_id, theirs.row_version = draft.voucher_id, int(stored["row_version"])
            window.set_draft(theirs)
            word = say("The stored version stands here")
        window.sheet.stepper.clear()
        window.sheet.banner.show_word(word, tone="good")
        window.keeping.note()
        window.enter(*place)
