"""The program with a window: the Qt application, its theme, the session, and what it remembers between days."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from erpdesk.settings import RESOURCES, home
from erpdesk.ui.ports import Desk
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import apply_theme, preferred_scheme
from erpdesk.ui.style.tokens import Scheme
from erpdesk.ui.window.main_window import MainWindow
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
                scheme: Scheme | None = None, journal: Path | None = None) -> MainWindow:
    """The main window on a session that hasn't been opened yet; what is typed is kept in the folder `journal`."""
    apply_theme(application, scheme or preferred_scheme(application))
    return MainWindow(Session(open_desk, organization, journal=journal))


def run_window(open_desk: OpenDesk, *, organization: str = "", started: float | None = None) -> int:
    """Show the window, work until it is closed. With `started` (a process clock) only measure the start."""
    application = make_application()
    memory = _memory()
    kept = str(memory.value("scheme", "")) if memory is not None else ""
    scheme: Scheme | None = "dark" if kept == "dark" else "light" if kept == "light" else None
    language = str(memory.value("language", "")) if memory is not None else ""
    use_language(language)
    last = str(memory.value("organization", "")) if memory is not None else ""
    window = make_window(application, open_desk, organization=organization or last, scheme=scheme,
                         journal=home() / "journal" if started is None else None)
    window.session.language = language
    _place(window, memory)
    if started is not None:
        window.first_painted.connect(lambda: _report_start(application, started))
    else:
        window.first_painted.connect(window.session.open)
        window.first_painted.connect(lambda: window.setWindowIcon(QIcon(str(RESOURCES / "icons" / "erpdesk.svg"))))
    if _is_small(window):
        window.showMaximized()
    else:
        window.show()
    window.activateWindow()
    ended = application.exec()
    _remember(window)
    window.session.close()
    return ended


def _report_start(application: QApplication, started: float) -> None:
    print(f'{{"first_usable_field_ms": {(time.time() - started) * 1000:.0f}}}', flush=True)  # noqa: T201
    QTimer.singleShot(0, application.quit)


def _memory_file() -> Path:
    return home() / "window.ini"


def _memory() -> QSettings | None:
    """What was kept from the last time; None before there is a home."""
    return QSettings(str(_memory_file()), QSettings.Format.IniFormat) if home().is_dir() else None


def _place(window: MainWindow, memory: QSettings | None) -> None:
    geometry = memory.value("geometry") if memory is not None else None
    if geometry is not None:
        window.restoreGeometry(geometry)


def _is_small(window: MainWindow) -> bool:
    """Whether the screen has no room for the window and a frame around it."""
    room = window.screen().availableGeometry()
    return room.width() <= window.width() or room.height() <= window.height()


def _remember(window: MainWindow) -> None:
    memory = _memory()
    if memory is None:
        return
    from erpdesk.ui.style.theme import theme

    memory.setValue("geometry", window.saveGeometry())
    memory.setValue("scheme", theme().scheme)
    memory.setValue("language", window.session.language)
    if window.session.organization is not None:
        memory.setValue("organization", window.session.organization.code)
    memory.sync()
