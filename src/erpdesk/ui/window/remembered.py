"""What the window remembers between days, in `window.ini` of the home: place, look, organization, tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QByteArray, QSettings

from erpdesk.settings import home
from erpdesk.ui.style.theme import choose_size, look_size
from erpdesk.ui.style.tokens import DENSITIES, text_sizes
from erpdesk.ui.window.look import WHOLE, SchemeChoice

if TYPE_CHECKING:
    from erpdesk.ui.window.main_window import MainWindow


class Remembered:
    """Read once at the start, written at the end; nothing is there before there is a home."""

    def __init__(self) -> None:
        self._file = str(home() / "window.ini") if home().is_dir() else ""
        self._kept = QSettings(self._file, QSettings.Format.IniFormat) if self._file else None

    def text(self, name: str) -> str:
        """A kept text, or nothing."""
        return str(self._kept.value(name, "")) if self._kept is not None else ""

    @property
    def scheme(self) -> SchemeChoice:
        """Light, dark, or as the desktop, which it is until somebody chooses."""
        kept = self.text("scheme")
        return next((one for one in get_args(SchemeChoice) if one == kept), "system")

    def choose_sizes(self) -> None:
        """The text size and density of the last time, before the theme is first applied."""
        percent, density = self.text("text_percent"), self.text("density")
        choose_size(int(percent) if percent.isdecimal() and int(percent) in text_sizes() else WHOLE,
                    next((one for one in DENSITIES if one == density), "normal"))

    def place(self, window: MainWindow) -> None:
        """Where the window stood."""
        geometry = self._kept.value("geometry") if self._kept is not None else None
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)

    def tabs(self, window: MainWindow) -> None:
        """What was open, once its organization is in sight again."""
        from erpdesk.ui.window.anywhere import LastUsed
        from erpdesk.ui.window.remembered_tabs import RememberedTabs, read_tabs

        window.used = LastUsed(self.text("used"))
        window.tabs = RememberedTabs(window, window, window.session, read_tabs(self.text("tabs")))

    def keep(self, window: MainWindow) -> None:
        """Everything of this time, for the next."""
        kept = QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat) if home().is_dir() else None
        if kept is None:
            return
        percent, density = look_size()
        kept.setValue("geometry", window.saveGeometry())
        kept.setValue("scheme", window.look.scheme)
        kept.setValue("text_percent", percent)
        kept.setValue("density", density)
        kept.setValue("language", window.session.language)
        kept.setValue("profile", window.session.profile)
        if window.tabs is not None:
            kept.setValue("tabs", window.tabs.written())
        kept.setValue("used", window.used.written())
        if window.session.organization is not None:
            kept.setValue("organization", window.session.organization.code)
        kept.sync()
