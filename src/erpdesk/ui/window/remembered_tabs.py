"""Remembered tabs: what was open in each organization stands there again at the next start, opened when looked at.

A tab is kept as a few words: which type, report with its filters, register, screen or stored voucher. Words that mean
nothing any more are left out; nothing here can keep the program from starting.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.reports.questions import QUESTIONS
from erpdesk.ui.session import Session
from erpdesk.ui.window.gateway import Gateway
from erpdesk.ui.window.opener import Opener
from erpdesk.ui.window.pages import Pages
from erpdesk.ui.window.screens import permitted
from erpdesk.ui.window.switching import Switching
from erpdesk.ui.words import say

_log = logging.getLogger(__name__)
_MOST = 30
_TYPE, _REPORT, _REGISTER, _SCREEN, _VOUCHER = "type", "report", "register", "screen", "voucher"
Words = dict[str, Any]


class RememberingWindow(Protocol):
    """The window as seen from here."""

    pages: Pages
    opener: Opener
    gateway: Gateway
    switching: Switching


class TabToCome(QWidget):
    """Stands for a tab that nobody has looked at yet; what it stands for opens when it comes into sight."""

    key_context = "arriving"

    def __init__(self, words: Words, open_it: Callable[[], object], pages: Pages) -> None:
        super().__init__(pages)
        self.setObjectName("tabToCome")
        self.words, self._open_it, self._pages = words, open_it, pages

    def come_back(self) -> None:
        """It is in sight."""
        self._pages.fill_with(self, self._open_it)

    def perform(self, action: str) -> bool:
        """No actions of its own."""
        return False

    def perform_chord(self, chord: str) -> bool:
        """No keys of its own."""
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()


def read_tabs(text: str) -> dict[str, Words]:
    """What was kept, by organization; whatever can't be read is nothing."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(code): kept for code, kept in found.items() if isinstance(kept, dict)}


class RememberedTabs(QObject):
    """One window's. An organization's tabs come back when it is first in sight."""

    def __init__(self, window: RememberingWindow, over: QWidget, session: Session, kept: Mapping[str, Words]) -> None:
        super().__init__(over)
        self._window, self._session = window, session
        self._kept = dict(kept)
        session.opened.connect(self._restore)

    def written(self) -> str:
        """What is open now, for the next start."""
        kept = dict(self._kept)
        organization = self._session.organization
        if organization is not None:
            pages = self._window.pages
            labels = [pages.bar.tabText(number) for number in range(pages.bar.count())]
            shown = list(zip(pages.pages(), labels, strict=True))[1:]
            kept[organization.code] = self._described(organization.code, shown, pages.current)
        for code, aside in self._window.switching.asides().items():
            current = aside.pages[aside.current - 1][0] if 0 < aside.current <= len(aside.pages) else None
            kept[code] = self._described(code, aside.pages, current)
        return json.dumps(kept, ensure_ascii=False, default=str)

    def _described(self, code: str, pages: Sequence[tuple[QWidget, str]], current: QWidget | None) -> Words:
        place = self._session.places[code]
        found = [(page, words | {"label": label}) for page, label in pages if (words := self._words(page))]
        here = next((number for number, (page, _) in enumerate(found, start=1) if page is current), 0)
        return {"tabs": [words for _, words in found][:_MOST], "current": here, "branch": place.branch,
                "day": place.working_date.isoformat(), "on": place.today.isoformat()}

    def _words(self, page: QWidget) -> Words | None:
        if isinstance(page, TabToCome):
            return page.words
        if screen := page.property("screen"):
            return {"kind": _SCREEN, "code": screen}
        name = page.objectName()
        if name == "registerView":
            return {"kind": _REGISTER, "code": page.values.get("type") or "", "values": page.values}  # type: ignore[attr-defined]
        if name == "reportView":
            return {"kind": _REPORT, "code": page.question.name, "values": page.values}  # type: ignore[attr-defined]
        if name == "voucherWindow":
            stored = page.stored.voucher_id  # type: ignore[attr-defined]
            return {"kind": _VOUCHER, "code": stored} if stored else \
                {"kind": _TYPE, "code": page.schema.voucher_type}  # type: ignore[attr-defined]
        return None

    # At the next start

    def _restore(self) -> None:
        organization = self._session.organization
        kept = self._kept.pop(organization.code, None) if organization is not None else None
        if kept is None or organization is None:
            return
        try:
            self._restore_place(kept, [one.code for one in organization.branches if one.is_active])
            self._restore_tabs(kept)
        except (TypeError, ValueError, AttributeError, KeyError):
            _log.exception("the tabs of the last time can't be read")

    def _restore_place(self, kept: Words, branches: Sequence[str]) -> None:
        session = self._session
        if kept.get("branch") in branches and kept["branch"] != session.branch:
            session.work_for(kept["branch"])
        if kept.get("on") == session.today.isoformat() and kept.get("day") != kept["on"]:
            session.work_on(date.fromisoformat(str(kept["day"])))

    def _restore_tabs(self, kept: Words) -> None:
        """The one that was in sight comes to the front, unless somebody types at the gateway already."""
        pages, gateway = self._window.pages, self._window.gateway
        is_free = pages.current is gateway and not gateway.places.field.text() and len(pages.pages()) == 1
        current = int(kept.get("current") or 0)
        for number, words in enumerate(list(kept.get("tabs") or [])[:_MOST], start=1):
            opening = self._opening(words)
            if opening is None:
                continue
            tab = TabToCome(words, opening, pages)
            pages.add_behind(tab, str(words.get("label") or words["code"]))
            if number == current and is_free:
                pages.show_page(tab)

    def _opening(self, words: Words) -> Callable[[], object] | None:
        """What opens a tab again; nothing where it means nothing any more."""
        opener, code = self._window.opener, str(words["code"])
        values = {str(key): raw for key, raw in dict(words.get("values") or {}).items()}
        kind = words["kind"]
        if kind == _TYPE and (info := self._session.type_info(code)) is not None:
            return lambda: opener.open_type(code, say(info.label))
        if kind == _REPORT and code in [one.name for one in QUESTIONS]:
            return lambda: opener.open_report(code, values)
        if kind == _REGISTER and (not code or self._session.type_info(code) is not None):
            return lambda: opener.open_register(code, values)
        if kind == _SCREEN and code in [one.code for one in permitted(self._session.permissions)]:
            return lambda: opener.open_screen(code)
        if kind == _VOUCHER:
            return lambda: opener.open_voucher(code, str(words.get("label") or ""))
        return None
