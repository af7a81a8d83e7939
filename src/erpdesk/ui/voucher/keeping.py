"""Keeping: each accepted field of a voucher being typed is told to the journal at once, cursor included.

A blank voucher and one that was left or handed to the posting queue are kept no longer.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer

from erpdesk.ui.journal.journal import TYPING, Journal
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.kept_draft import Place, keep
from erpdesk.ui.voucher.sheet import VoucherSheet


class TypedWindow(Protocol):
    """A voucher window as seen from here."""

    sheet: VoucherSheet
    draft: Draft
    is_view: bool
    field_entered: Any
    voucher_saved: Any
    wants_close: Any

    def place(self) -> Place: ...
    def summary(self) -> tuple[str, str]: ...


class Keeping(QObject):
    """Follows one voucher window. Long vouchers are told a little later, several fields together."""

    def __init__(self, window: TypedWindow, journal: Journal, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._journal = window, journal
        self._kept = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._tell)
        sheet = window.sheet
        sheet.header.field_accepted.connect(self.note)
        sheet.narration.field_accepted.connect(self.note)
        for model in sheet.models.values():
            model.edited.connect(self.note)
        window.field_entered.connect(self.note)
        window.voucher_saved.connect(self.note)
        window.wants_close.connect(self.forget)

    @property
    def is_told(self) -> bool:
        """Whether the journal knows all that was accepted so far."""
        return not self._soon.isActive()

    def note(self, *_what: object) -> None:
        """Something was typed, or the cursor moved on."""
        if not self._soon.isActive() and not self._window.is_view:
            lines = sum(map(len, self._window.draft.rows.values()))
            self._soon.start(min(lines, theme().time_ms("journal_most")))

    def _tell(self) -> None:
        window, draft = self._window, self._window.draft
        if draft.is_blank or not (draft.is_changed or self._kept == draft.idempotency_key):
            self.forget()
            return
        self._kept = draft.idempotency_key
        title, total = window.summary()
        self._journal.put(self._kept, {"kind": TYPING, **keep(draft, window.place()), "title": title,
                                       "total": total})

    def resume(self) -> None:
        """The voucher is kept already, and from now on followed here."""
        self._kept = self._window.draft.idempotency_key
        self.note()

    def hand_over(self) -> None:
        """The voucher is somebody else's to keep from now on, under the same name."""
        self._soon.stop()
        self._kept = ""

    def forget(self) -> None:
        """Keep it no longer."""
        self._soon.stop()
        if self._kept:
            self._journal.drop(self._kept)
            self._kept = ""
