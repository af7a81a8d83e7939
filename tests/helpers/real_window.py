"""The main window on real books: opened, active, connected; and waited for until every answer has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.window.main_window import MainWindow
from helpers.database import Database
from helpers.shops import desk_of

PATIENCE_MS = 30_000


@contextmanager
def window_on(qtbot: QtBot, application: QApplication, database: Database) -> Iterator[MainWindow]:
    """The administrator's window on the shop of a database, at the gateway."""
    apply_theme(application, "light")
    session = Session(lambda _progress: desk_of(database), "SHOP")
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    session.open()
    qtbot.waitUntil(lambda: session.state == CONNECTED and not session.background.is_busy, timeout=PATIENCE_MS)
    yield window
    session.close()


def settled(qtbot: QtBot, session: Session) -> None:
    """Nothing is under way on any lane."""
    lanes = (session.requests, session.browsing, session.background)
    qtbot.waitUntil(lambda: not any(lane.is_busy for lane in lanes), timeout=PATIENCE_MS)
