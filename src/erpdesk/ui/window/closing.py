"""Closing the program while vouchers are on their way: asked, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from erpdesk.ui.session import Session
from erpdesk.ui.words import say


def nothing_is_pending(session: Session) -> bool:
    """Whether closing now leaves nothing half done, or lost."""
    queue = session.queue
    return not queue.open_count and (session.journal.is_kept or not queue.refused)


def ask_before_closing(over: QWidget, session: Session, close: Callable[[], object],
                       wait: Callable[[], object]) -> None:
    """Ask whether to wait until all is posted (what Enter does), to close all the same, or to stay (Esc)."""
    queue = session.queue
    question = QMessageBox(over)
    question.setObjectName("closeQuestion")
    question.setWindowTitle(say("Close erpdesk?"))
    if session.journal.is_kept:
        question.setText(say("{count} accepted vouchers aren't posted yet. They are kept on this computer and sent at "
                             "the next start.", count=queue.open_count))
        closing = question.addButton(say("Close, send at the next start"), QMessageBox.ButtonRole.DestructiveRole)
    else:
        question.setText(say("{count} accepted vouchers aren't posted and would be lost.",
                             count=queue.open_count + len(queue.refused)))
        closing = question.addButton(say("Close and lose them"), QMessageBox.ButtonRole.DestructiveRole)
    staying = question.addButton(say("Stay"), QMessageBox.ButtonRole.RejectRole)
    question.setEscapeButton(staying)
    question.setDefaultButton(staying)
    if queue.open_count and queue.is_reachable:
        waiting = question.addButton(say("Wait until they are posted"), QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(waiting)
        waiting.clicked.connect(wait)
    closing.clicked.connect(close)
    question.open()
