"""Turning from voucher to voucher of a type, back and forth; the neighbours of the one in sight are fetched before
they are wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject

from erpdesk.domain.results import Refused
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.voucher.leaving import ask_before_leaving
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.opening import Opening, open_stored
from erpdesk.ui.words import say

FRESH_MS = 20_000
"""What was fetched ahead is shown without asking again for so long, if nothing was done here meanwhile."""
Put = Callable[[VoucherWindow, Opening, HeldKeys], object]


class Turning(QObject):
    """Of one window; `put` puts a voucher in the place of the one it shows."""

    def __init__(self, session: Session, books: Books, window: VoucherWindow, put: Put) -> None:
        super().__init__(window)
        self._session, self._books, self._window, self._put = session, books, window, put
        self._ahead: dict[bool, Opening | None] = {}
        self._age = QElapsedTimer()
        self._held = HeldKeys(window)
        self._is_turning = False
        window.stored.wants_neighbour.connect(self.turn)
        window.stored.wants_instead.connect(self.replace)
        window.stored.changed.connect(self._forget_ahead)
        session.queue.settled.connect(self._forget_ahead)
        if window.stored.voucher_id:
            self._fetch_ahead()

    def _forget_ahead(self, *_what: object) -> None:
        self._ahead.clear()

    def _neighbour(self, *, forward: bool) -> Opening | None:
        """The neighbour with all it shows. Blocks."""
        kind, here = self._window.schema.voucher_type, self._window.stored.voucher_id
        found = self._books.registers.neighbour(kind, here, forward=forward)
        return open_stored(self._books, found) if found else None

    def _fetch_ahead(self) -> None:
        self._age.start()
        for forward in (False, True):
            self._fetch_one(forward=forward)

    def _fetch_one(self, *, forward: bool) -> None:
        self._session.browsing.submit(
            self, lambda: self._neighbour(forward=forward), lambda opening: self._ahead.update({forward: opening}),
            lambda _refusal: None)

    def turn(self, forward: bool) -> None:
        """To the next or the previous one; asks first if something would be lost."""
        window = self._window
        if self._is_turning or (forward and not window.stored.voucher_id):
            return
        window.commit()
        if window.draft.is_changed and not window.draft.is_blank and not window.is_view:
            ask_before_leaving(window, window.schema.label, lambda: self._discard_and_turn(forward), window.save)
        else:
            self._turn(forward)

    def _discard_and_turn(self, forward: bool) -> None:
        self._window.draft.is_changed = False
        self._window.keeping.forget()
        self._turn(forward)

    def _turn(self, forward: bool) -> None:
        if forward in self._ahead and self._age.isValid() and self._age.elapsed() < FRESH_MS:
            self._arrived(self._ahead[forward], forward)
            return
        self._is_turning = True
        self._held.hold()
        self._session.browsing.submit(self, lambda: self._neighbour(forward=forward),
                                      lambda opening: self._arrived(opening, forward), self._failed)

    def replace(self, voucher_id: str) -> None:
        """Another voucher, or this one as it is now, in this one's place."""
        self._is_turning = True
        self._held.hold()
        self._session.browsing.submit(self, lambda: open_stored(self._books, voucher_id),
                                      lambda opening: self._arrived(opening, True), self._failed)

    def _arrived(self, opening: Opening | None, forward: bool) -> None:
        self._is_turning = False
        self._held.stop()
        if opening is not None:
            self._put(self._window, opening, self._held)
            return
        label = self._window.schema.label
        word = say("{voucher}: this is the last one", voucher=label) if forward else say(
            "{voucher}: there is none before", voucher=label)
        self._window.sheet.banner.show_word(word, tone="warning")
        self._held.give()

    def _failed(self, refusal: Refused) -> None:
        self._is_turning = False
        self._held.give()
        self._window.sheet.banner.show_fault(refusal.first)
