"""Forms that were changed elsewhere: a blank tab takes the new one at once, a voucher being typed keeps its own.

A tab whose voucher was just posted takes it for the next one. What was carried over, and what the banner says of the
voucher before, stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.window.pages import Pages
from erpdesk.ui.words import say

if TYPE_CHECKING:
    from erpdesk.ui.voucher.window import VoucherWindow
    from erpdesk.ui.window.opening import Opening

Put = Callable[[Books, "VoucherWindow", "Opening", HeldKeys], "VoucherWindow | None"]


class NewerForms(QObject):
    """Of all tabs; `put` puts a voucher in the place of the one that a tab shows."""

    def __init__(self, session: Session, pages: Pages, put: Put, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._pages, self._put = session, pages, put
        self._fetching: set[VoucherWindow] = set()
        session.types_changed.connect(self.look)

    def look(self) -> None:
        """Renew what is blank, now that types have changed."""
        for page in self._pages.pages():
            if hasattr(page, "schema"):
                self._renew(page)  # type: ignore[arg-type]

    def watch(self, window: VoucherWindow) -> None:
        """Look again whenever a voucher accepted in the window has its answer."""
        for answered in (window.voucher_posted, window.voucher_saved, window.post_failed):
            answered.connect(lambda _what: self._renew(window))

    def _is_outdated(self, window: VoucherWindow) -> bool:
        """Whether its type has another version by now, and nobody has begun to type."""
        kind = self._session.type_info(window.schema.voucher_type)
        draft = window.draft
        return (kind is not None and kind.version != window.schema.version and not window.submission.is_running
                and not draft.voucher_id and draft.is_blank and not draft.is_changed)

    def _renew(self, window: VoucherWindow) -> None:
        from erpdesk.ui.window.opening import open_blank

        books, session = self._session.books, self._session
        if books is None or books is not window.books or window in self._fetching or not self._is_outdated(window):
            return
        self._fetching.add(window)
        day = str(window.draft.header.values.get("date") or session.chosen_day)
        kind, branch = window.schema.voucher_type, session.branch
        session.browsing.submit(self, lambda: open_blank(books, kind, day, branch),
                                lambda opening: self._arrived(books, window, opening),
                                lambda _refusal: self._fetching.discard(window))

    def _arrived(self, books: Books, window: VoucherWindow, opening: Opening) -> None:
        self._fetching.discard(window)
        if not isValid(window) or not self._is_outdated(window) or _is_being_typed_at(window):
            return
        banner = window.sheet.banner
        said, tone = banner.text, banner.tone
        made = self._put(books, window, opening, HeldKeys(window))
        if made is not None:
            self._pages.rename(made, opening.schema.label)
            made.sheet.banner.show_word(said or say("This form was changed; it is the new one now"), tone=tone)


def _is_being_typed_at(window: QWidget) -> bool:
    """Whether something stands in the field with the cursor that hasn't been accepted yet."""
    field = window.focusWidget()
    return bool(getattr(field, "isModified", lambda: False)())
