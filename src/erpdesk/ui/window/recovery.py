"""Recovery: what was being typed when the program ended badly is offered again, cursor included.

The question waits until the gateway is in sight and nothing is typed there; until it is answered nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from erpdesk.ui.deciding import Decision
from erpdesk.ui.journal.folder import Entry
from erpdesk.ui.journal.journal import TYPING, Journal
from erpdesk.ui.words import say


class Recovery(QObject):
    """Offers over a window; `is_free` says whether a question disturbs nobody now."""

    def __init__(self, journal: Journal, window: QWidget, is_free: Callable[[], bool],
                 resume: Callable[[dict[str, Any]], None], tell: Callable[[str], None]) -> None:
        super().__init__(window)
        self._journal, self._window = journal, window
        self._is_free, self._resume, self._tell = is_free, resume, tell
        self._left: dict[str, Entry] = {}
        self._is_asking = False
        journal.recovered.connect(self._found)

    @property
    def journal(self) -> Journal:
        """The journal whose entries these are."""
        return self._journal

    @property
    def count(self) -> int:
        """How many vouchers wait for an answer."""
        return len(self._left)

    def _found(self, entries: dict[str, Entry]) -> None:
        self._left |= {name: entry for name, entry in entries.items() if entry.get("kind") == TYPING}
        if self._left and not self._is_free():
            self._tell(say("{count} vouchers that were being typed wait at the gateway", count=len(self._left)))
        self.offer()

    def offer(self) -> None:
        """Ask, if there is something to ask and it disturbs nobody."""
        if not self._left or self._is_asking or not self._is_free():
            return
        self._is_asking = True
        names = "\n".join(f"    {_name(entry)}" for entry in self._left.values())
        question = Decision(self._window, say("Go on typing?"), say(
            "erpdesk ended while this was being typed:\n\n{vouchers}", vouchers=names), (
                (say("Go on typing"), self._go_on), (say("Discard…"), self._ask_to_discard)), say("Decide later"),
            "recoverQuestion")
        question.rejected.connect(self._decide_later)
        question.ask()

    def _go_on(self) -> None:
        left, self._left = self._left, {}
        self._is_asking = False
        for entry in left.values():
            self._resume(entry)

    def _decide_later(self) -> None:
        """They stay in the journal; the next start offers them again."""
        self._left = {}
        self._is_asking = False

    def _ask_to_discard(self) -> None:
        question = Decision(self._window, say("Throw away what was typed?"), say(
            "{count} vouchers stand nowhere else.", count=len(self._left)), ((say("Throw away"), self._discard),),
            say("Keep"), "discardTypedQuestion")
        question.rejected.connect(self._ask_again)
        question.ask(keeps=True)

    def _ask_again(self) -> None:
        self._is_asking = False
        self.offer()

    def _discard(self) -> None:
        for name in self._left:
            self._journal.drop(name)
        self._left = {}
        self._is_asking = False


def _name(entry: Entry) -> str:
    return " · ".join(part for part in (entry["label"], entry.get("title", ""), entry.get("total", "")) if part)
