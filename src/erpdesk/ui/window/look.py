"""The look of the window as its user wants it: light, dark or as the desktop; text size; how dense rows are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from erpdesk.ui.style.theme import apply_theme, choose_size, look_size, preferred_scheme, theme
from erpdesk.ui.style.tokens import DENSITIES, Density, Scheme, text_sizes
from erpdesk.ui.words import say, to_say

SchemeChoice = Literal["light", "dark", "system"]
_CHOICES: tuple[SchemeChoice, ...] = ("light", "dark", "system")
_SAID = {"light": to_say("Light"), "dark": to_say("Dark"), "system": to_say("Light or dark as the desktop"),
         "compact": to_say("Compact rows"), "normal": to_say("Normal rows"),
         "comfortable": to_say("Comfortable rows")}
WHOLE = 100


class Look:
    """Changes the look of one window while it is open, and answers with a sentence on what it is now."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.scheme: SchemeChoice = theme().scheme
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.styleHints().colorSchemeChanged.connect(self._desktop_changed)

    def perform(self, action: str) -> str | None:
        """Do an action of the look; the sentence to say of it, None for any other action."""
        actions: dict[str, Callable[[], str]] = {
            "switch_scheme": self.next_scheme, "density": self.next_density,
            "text_larger": lambda: self.step_text(1), "text_smaller": lambda: self.step_text(-1),
            "text_normal": lambda: self.step_text(0)}
        done = actions.get(action)
        return None if done is None else done()

    def step_text(self, by: int) -> str:
        """The next larger or smaller text; 0: as shipped."""
        percent, density = look_size()
        sizes = text_sizes()
        if by == 0:
            percent = WHOLE
        else:
            beyond = [size for size in sizes if (size - percent) * by > 0]
            percent = (min(beyond) if by > 0 else max(beyond)) if beyond else percent
        self.resize(percent, density)
        return say("Text size {percent} %", percent=percent)

    def next_density(self) -> str:
        """Compact, normal, comfortable, and around again."""
        percent, density = look_size()
        order = list(DENSITIES)
        wanted = order[(order.index(density) + 1) % len(order)]
        self.resize(percent, wanted)
        return say(_SAID[wanted])

    def resize(self, percent: int, density: Density) -> None:
        """Another text size or density for everything that is open."""
        from erpdesk.ui.style.rescaling import bring_into_sight, rescale

        before, rows = look_size()[0], theme().size("row")
        if (percent, density) == look_size():
            return
        choose_size(percent, density)
        self._window.setUpdatesEnabled(False)
        self._dress()
        rescale(self._window, before, percent, (rows, theme().size("row")))
        bring_into_sight(QApplication.focusWidget())
        self._window.setUpdatesEnabled(True)

    def next_scheme(self) -> str:
        """Light, dark, as the desktop, and around again."""
        self.choose_scheme(_CHOICES[(_CHOICES.index(self.scheme) + 1) % len(_CHOICES)])
        return say(_SAID[self.scheme])

    def choose_scheme(self, choice: SchemeChoice) -> None:
        """One of the schemes from now on."""
        self.scheme = choice
        self._dress()

    def _dress(self) -> None:
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        scheme: Scheme = preferred_scheme(application) if self.scheme == "system" else self.scheme
        apply_theme(application, scheme)
        for widget in (self._window, *self._window.findChildren(QWidget)):
            widget.update()

    def _desktop_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self.scheme == "system":
            QTimer.singleShot(0, self._window, self._dress)
