"""The first-start assistant as tests meet it: a window on an empty database, and waiting for a step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.first_start.assistant import Assistant
from erpdesk.ui.session import CONNECTED, EMPTY, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.window.main_window import MainWindow
from helpers.database import Database
from helpers.shops import desk_of

LONG_MS = 30_000


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    made = Session(lambda _progress: desk_of(database))
    yield made
    made.close()
    use_calendar("")


def window_on(qtbot: QtBot, qapp: QApplication, session: Session) -> MainWindow:
    apply_theme(qapp, "light")
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    session.open()
    qtbot.waitUntil(lambda: session.state in (EMPTY, CONNECTED), timeout=LONG_MS)
    return made


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, session: Session) -> MainWindow:
    return window_on(qtbot, qapp, session)


def assistant(window: MainWindow) -> Assistant:
    page = window.beginning.page
    assert page is not None
    return page


def arrived(qtbot: QtBot, window: MainWindow, step: str) -> None:
    """The step is in sight and nothing is being fetched."""
    page = assistant(window)
    qtbot.waitUntil(lambda: page.step is not None and page.step.code == step, timeout=LONG_MS)
    qtbot.waitUntil(lambda: not page.making.lane.is_busy, timeout=LONG_MS)
