"""The program with a window: the Qt application, its theme, the session, and what it remembers between days."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from erpdesk.settings import RESOURCES, home
from erpdesk.ui.ports import Desk
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import apply_theme, preferred_scheme
from erpdesk.ui.unforeseen import tell_unforeseen
from erpdesk.ui.window.look import SchemeChoice
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.remembered import Remembered
from erpdesk.ui.words import use_language

OpenDesk = Callable[[Callable[[str], None]], Desk]


def make_application() -> QApplication:
    """The one Qt application; offscreen where there is no display."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    displays = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not displays:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    application.setApplicationName("erpdesk")
    application.setDesktopFileName("erpdesk")
    return application


def make_window(application: QApplication, open_desk: OpenDesk, *, organization: str = "",
                scheme: SchemeChoice = "system", journal: Path | None = None) -> MainWindow:
    """The main window on a session that hasn't been opened yet; what is typed is kept in the folder `journal`."""
    apply_theme(application, preferred_scheme(application) if scheme == "system" else scheme)
    window = MainWindow(Session(open_desk, organization, journal=journal))
    window.look.scheme = scheme
    return window


def run_window(open_desk: OpenDesk, *, organization: str = "", started: float | None = None,
               doors: Callable[[str], OpenDesk] | None = None,
               log_in: Callable[[str, str, str, bool], OpenDesk] | None = None) -> int:
    """Show the window, work until it is closed. With `started` (a process clock) only measure the start. `doors` opens
    the database of a connection profile, where the person may choose: the last one chosen is opened, and while none
    was, it is asked for. `log_in` opens a profile's as a user with a password that was asked for, kept or not."""
    application = make_application()
    remembered = Remembered()
    remembered.choose_sizes()
    language = remembered.text("language")
    use_language(language)
    window = make_window(application, open_desk, organization=organization or remembered.text("organization"),
                         scheme=remembered.scheme,
                         journal=home() / "journal" if started is None else None)
    tell_unforeseen(window.queue.say)
    window.session.language = language
    remembered.place(window)
    window.session.doors, window.session.profile = doors, remembered.text("profile") if doors is not None else ""
    if started is not None:
        window.first_painted.connect(lambda: _report_start(application, started))
    else:
        window.first_painted.connect(lambda: remembered.tabs(window))
        window.first_painted.connect(lambda: _open(window))
        window.first_painted.connect(lambda: window.setWindowIcon(QIcon(str(RESOURCES / "icons" / "erpdesk.svg"))))
    if log_in is not None:
        from erpdesk.ui.people.login import Login

        session = window.session
        login = Login(session, window, lambda name, password, keep: log_in(session.profile, name, password, keep))
        login.left.connect(window.beginning.choose_place)
    if _is_small(window):
        window.showMaximized()
    else:
        window.show()
    window.activateWindow()
    ended = application.exec()
    remembered.keep(window)
    window.session.close()
    _let_go_of_paper()
    return ended


def _open(window: MainWindow) -> None:
    """Reach for the books; where nobody has said yet where they live, ask."""
    from erpdesk.ui.first_start.answers import is_undecided

    session = window.session
    if session.doors is None:
        session.open()
    elif session.profile:
        session.open(session.doors(session.profile))
    elif is_undecided():
        window.beginning.open()
    else:
        session.open()


def _let_go_of_paper() -> None:
    """End the process that laid long pages out, if one was ever wanted."""
    typesetting = sys.modules.get("erpdesk.ui.printing.typesetter")
    if typesetting is not None:
        typesetting.typesetter().stop()


def _report_start(application: QApplication, started: float) -> None:
    print(f'{{"first_usable_field_ms": {(time.time() - started) * 1000:.0f}}}', flush=True)  # noqa: T201
    QTimer.singleShot(0, application.quit)


def _is_small(window: MainWindow) -> bool:
    """Whether the screen has no room for the window and a frame around it."""
    room = window.screen().availableGeometry()
    return room.width() <= window.width() or room.height() <= window.height()
