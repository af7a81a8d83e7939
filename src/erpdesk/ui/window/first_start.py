"""The first start: the assistant comes by itself where there is no organization, and later when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QWidget

from erpdesk.domain.results import Refused
from erpdesk.settings import home
from erpdesk.ui.configured_words import coded
from erpdesk.ui.keys.profile import key_name, key_profile
from erpdesk.ui.session import EMPTY, Session
from erpdesk.ui.window.destinations import type_chord
from erpdesk.ui.window.gateway import Gateway
from erpdesk.ui.window.opener import Opener
from erpdesk.ui.window.pages import Pages
from erpdesk.ui.window.queue_line import QueueLine
from erpdesk.ui.words import say

if TYPE_CHECKING:
    from erpdesk.ui.first_start.assistant import Assistant

_FIRST_TYPES = 6


class FirstWindow(Protocol):
    """The window as seen from here."""

    pages: Pages
    gateway: Gateway
    opener: Opener
    queue: QueueLine

    def refresh_bar(self) -> None: ...


def remember_profile(name: str) -> None:
    """Where the books live, from now on; the window reads it at its next start."""
    kept = QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat)
    kept.setValue("profile", name)
    kept.sync()


class FirstStart(QObject):
    """One window's."""

    def __init__(self, window: FirstWindow, over: QWidget, session: Session) -> None:
        super().__init__(over)
        self._window, self._session = window, session
        self._was_offered = False
        session.state_changed.connect(lambda state, _text: self._state_changed(state))
        window.opener.voucher_opened.connect(lambda _voucher: window.gateway.tell_first(""))

    @property
    def page(self) -> Assistant | None:
        """The assistant, while it is open."""
        found = [page for page in self._window.pages.pages() if page.objectName() == "assistant"]
        return found[0] if found else None  # type: ignore[return-value]

    def open(self) -> None:
        """Bring the assistant into sight."""
        from erpdesk.ui.first_start.assistant import Assistant

        if (page := self.page) is None:
            page = Assistant(self._session, self._window.pages)
            page.made.connect(self._made)
            page.wants_close.connect(self._leave)
            page.keys_changed.connect(self._window.refresh_bar)
            page.profile_chosen.connect(remember_profile)
            self._window.pages.add(page, say("New organization"))
            page.start()
        else:
            self._window.pages.show_page(page)

    def choose_place(self) -> None:
        """Ask again where the books live, offering the servers that are known, where there is a choice."""
        if self._session.doors is not None and self._session.books is None:
            from erpdesk.ui.first_start import knowledge

            self._session.background.submit(self, knowledge.known_servers, self._open_with,
                                            lambda _refusal: self.open())

    def _open_with(self, known: tuple[tuple[str, str], ...]) -> None:
        self._leave()
        self.open()
        if (page := self.page) is not None:
            page.offer_servers(known)

    def _state_changed(self, state: str) -> None:
        if state == EMPTY and not self._was_offered:
            self._was_offered = True
            self.open()

    def _leave(self) -> None:
        if (page := self.page) is not None:
            self._window.pages.remove(page)

    def _made(self, code: str) -> None:
        """The organization is there: it comes into sight, with a word on what to do first."""
        self._leave()
        self._session.work_in(code, self._arrived)

    def _arrived(self, refusal: Refused | None) -> None:
        if refusal is not None:
            self._window.queue.say(coded(refusal.first))
            return
        self._window.gateway.tell_first(say(
            "The books are open. Type the first voucher: {types}. {create} makes a customer, supplier or item while "
            "you type; {help} shows every key.", types=self._first_types(),
            create=key_name("lookup", "create_master"), help=key_name("window", "help")))
        self._window.pages.come_back()

    def _first_types(self) -> str:
        """The voucher types on one bare key, each behind it; the key that offers all of them where there is none."""
        types, profile = self._session.types, key_profile()
        keys = {type_chord(kind, profile, types): say(kind.label) for kind in self._session.enterable}
        bare = sorted((len(chord), chord) for chord in keys if chord and "+" not in chord)[:_FIRST_TYPES]
        return ", ".join(f"{chord} {keys[chord]}" for _, chord in bare) or key_name("window", "any_type")
