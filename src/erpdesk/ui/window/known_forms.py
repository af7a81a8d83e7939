"""Known forms: what blank vouchers begin with, so that any type opens while nobody answers, opened before or not.

Forms are learnt one after another while nothing else is asked, some time after the organization has come into sight;
one that is being opened is never waited for by another.
"""

from __future__ import annotations

import copy
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from erpdesk.domain.results import Refused
from erpdesk.ui.ports import Books
from erpdesk.ui.queue.queued import is_out_of_reach
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.window.opening import Opening, open_blank


class KnownForms:
    """By type. `fetch` blocks and is called on workers, `known` never waits."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Opening] = {}

    def fetch(self, books: Books, type_code: str, day: str = "", branch: str = "") -> Opening:
        """What a blank voucher begins with now, on a day and for a branch if one is given. Raises NoDatabaseError
        when nobody answers."""
        opening = open_blank(books, type_code, day, branch)
        self._known[_key(books, type_code)] = replace(opening, document=copy.deepcopy(opening.document))
        return opening

    def known(self, books: Books, type_code: str, day: str = "", branch: str = "") -> Opening | None:
        """What it began with last time, without a number; on a day and for a branch if one is given."""
        known = self._known.get(_key(books, type_code))
        if known is None:
            return None
        chosen = {key: value for key, value in (("date", day), ("branch", branch)) if value}
        return replace(known, document=copy.deepcopy(known.document) | chosen, number="")


class LearntForms(QObject):
    """Learns the forms of every active type of the organization in sight."""

    def __init__(self, session: Session, forms: KnownForms, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._forms = session, forms
        self._left: list[str] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._learn_next)
        session.opened.connect(self._begin)
        session.state_changed.connect(self._go_on)

    @property
    def is_done(self) -> bool:
        """Whether every form is known."""
        return not self._left

    def _begin(self) -> None:
        books = self._session.books
        self._left = [kind.code for kind in self._session.enterable
                      if books is not None and self._forms.known(books, kind.code) is None]
        self._pause.start(theme().time_ms("learn_wait"))

    def _go_on(self, state: str, _text: str) -> None:
        if state == CONNECTED and self._left and not self._pause.isActive():
            self._pause.start(theme().time_ms("learn_wait"))

    def _learn_next(self) -> None:
        session, books = self._session, self._session.books
        if books is None or not self._left or session.state != CONNECTED:
            return
        if any(lane.is_busy for lane in (session.requests, session.background, session.browsing)):
            self._pause.start(theme().time_ms("quiet_wait"))
            return
        code, forms = self._left.pop(0), self._forms
        if forms.known(books, code) is not None:
            self._learn_next()
            return
        session.browsing.submit(self, lambda: forms.fetch(books, code), lambda _opening: self._rest(),
                                lambda refusal: self._not_learnt(code, refusal))

    def _rest(self) -> None:
        if self._left:
            self._pause.start(theme().time_ms("learn_pause"))

    def _not_learnt(self, code: str, refusal: Refused) -> None:
        """Nobody answers: it is tried when somebody does again; a form that can't be had is done without."""
        if is_out_of_reach(refusal):
            self._left.insert(0, code)
        else:
            self._rest()


def _key(books: Books, type_code: str) -> tuple[str, str]:
    return str(books.organization.id), type_code
