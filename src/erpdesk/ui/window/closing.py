"""Closing the program while vouchers are on their way: asked, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from erpdesk.ui.deciding import Decision
from erpdesk.ui.session import Session
from erpdesk.ui.words import say


def nothing_is_pending(session: Session) -> bool:
    """Whether closing now leaves nothing half done, or lost."""
    return not open_count(session) and (session.journal.is_kept or not refused_count(session))


def open_count(session: Session) -> int:
    """How many accepted vouchers aren't answered yet, in whatever organization."""
    return sum(place.queue.open_count for place in session.workplaces)


def refused_count(session: Session) -> int:
    """How many were refused and are still there."""
    return sum(len(place.queue.refused) for place in session.workplaces)


def ask_before_closing(over: QWidget, session: Session, close: Callable[[], object],
                       wait: Callable[[], object]) -> None:
    """Ask whether to wait until all is posted (what Enter does then), to close all the same, or to stay (Esc)."""
    under_way = open_count(session)
    if session.journal.is_kept:
        told = say("{count} accepted vouchers aren't posted yet. They are kept on this computer and sent at "
                   "the next start.", count=under_way)
        closing = say("Close, send at the next start")
    else:
        told = say("{count} accepted vouchers aren't posted and would be lost.",
                   count=under_way + refused_count(session))
        closing = say("Close and lose them")
    may_wait = bool(under_way) and session.queue.is_reachable
    waiting = ((say("Wait until they are posted"), wait),) if may_wait else ()
    Decision(over, say("Close erpdesk?"), told, (*waiting, (closing, close)), say("Stay"),
             "closeQuestion").ask(keeps=not may_wait)
