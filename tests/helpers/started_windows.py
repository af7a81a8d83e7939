"""Main windows as people start them: shown, active, their sessions connected; every session is closed in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow

PATIENCE_MS = 30_000


def show(qtbot: QtBot, window: QWidget) -> None:
    """It has the keyboard."""
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def connected(session: Session) -> bool:
    """It is at the desk, and nothing more of the opening is under way."""
    return session.state == CONNECTED and not session.background.is_busy


def in_sight(window: MainWindow) -> VoucherWindow:
    """The voucher whose tab is in front."""
    page = window.pages.current
    assert isinstance(page, VoucherWindow)
    return page


def label_of(voucher: VoucherWindow) -> str:
    """What the form calls its reference: an administrator's change shows in it."""
    field = voucher.schema.header_field("ref_no")
    assert field is not None
    return field.label


@contextmanager
def starting(qtbot: QtBot, application: QApplication) -> Iterator[Callable[[Session], MainWindow]]:
    """What starts a window on a session."""
    apply_theme(application, "light")
    sessions: list[Session] = []

    def started(session: Session) -> MainWindow:
        sessions.append(session)
        window = MainWindow(session)
        show(qtbot, window)
        session.open()
        qtbot.waitUntil(lambda: connected(session), timeout=PATIENCE_MS)
        return window

    yield started
    for session in sessions:
        session.close()
