"""The main window on real books: opened, active, connected; and waited for until every answer has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import Session
from erpdesk.ui.window.main_window import MainWindow
from helpers.database import Database
from helpers.shops import desk_of
from helpers.started_windows import PATIENCE_MS, starting


@contextmanager
def window_on(qtbot: QtBot, application: QApplication, database: Database) -> Iterator[MainWindow]:
    """The administrator's window on the shop of a database, at the gateway."""
    with starting(qtbot, application) as started:
        yield started(Session(lambda _progress: desk_of(database), "SHOP"))


def settled(qtbot: QtBot, session: Session) -> None:
    """Nothing is under way on any lane."""
    lanes = (session.requests, session.browsing, session.background)
    qtbot.waitUntil(lambda: not any(lane.is_busy for lane in lanes), timeout=PATIENCE_MS)
