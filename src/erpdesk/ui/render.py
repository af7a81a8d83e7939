"""Draws the window into PNG files: the scenes that are typed (vouchers of each kind, reports), and every screen.

Dressed light and dark, and in each language; on a display of double density the files say `-2x`. The same code
serves a machine without a display and the pictures of the user guide. Everything is typed by key
events, as a clerk would; nothing is saved.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from erpdesk.services.reckonings import BIKRAM_SAMBAT
from erpdesk.ui.application import OpenDesk, make_application, make_window
from erpdesk.ui.calendars import GREGORIAN, use_calendar
from erpdesk.ui.scenes import PAGE, REPORT, SCREEN, TYPE, Scene, play, scenes
from erpdesk.ui.session import CONNECTED, CONNECTING
from erpdesk.ui.small_pictures import with_few_colours
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.style.tokens import Scheme
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.screens import permitted
from erpdesk.ui.words import LANGUAGES, SOURCE_LANGUAGE, say

PATIENCE_SECONDS = 120.0
_ORGANIZATION, _NEPALI = "DEMO", "ne"
_SMALLEST = 0
"""The quality of a PNG file that takes the longest to write and the least room."""

LOOKS = ("light", "dark", *(language for language in LANGUAGES if language != SOURCE_LANGUAGE))
"""What everything is drawn in: the two schemes, and the languages in the light one."""


def render(open_desk: OpenDesk, folder: str, looks: tuple[str, ...]) -> int:
    """Draw all pictures into `folder`; 0, or 3 when there is no database to show."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    application = make_application()
    window = make_window(application, open_desk, organization=_ORGANIZATION, scheme="light")
    window.show()
    window.session.open()
    painter = _Painter(application, window, target)
    painter.wait(lambda: window.session.state != CONNECTING)
    if window.session.state == CONNECTED:
        painter.wait(lambda: not window.session.background.is_busy)
    for look in looks:
        painter.draw(look)
    connected = window.session.state == CONNECTED
    window.session.close()
    return 0 if connected else 3


class _Painter:
    """One run over the window."""

    def __init__(self, application: QApplication, window: MainWindow, target: Path) -> None:
        self._application, self._window, self._target = application, window, target

    def wait(self, until: Callable[[], bool]) -> bool:
        """Let the window live until something holds, also once what that brought about is done, with patience."""
        end = time.monotonic() + PATIENCE_SECONDS
        held = False
        while not held and time.monotonic() < end:
            if not until():
                time.sleep(0.005)
            self._application.processEvents()
            held = until()
        return held

    def draw(self, look: str) -> None:
        """Every picture in a scheme, or in the light one and a language; Nepali with Bikram Sambat days. On a display
        of double density only what is typed and the gateway: the others differ in nothing but their sharpness."""
        scheme: Scheme = "dark" if look == "dark" else "light"
        apply_theme(self._application, scheme)
        session = self._window.session
        session.speak(look if look in LANGUAGES else SOURCE_LANGUAGE)
        use_calendar(BIKRAM_SAMBAT if look == _NEPALI else GREGORIAN.code)
        self._window.strip.refresh()
        for scene in scenes():
            if (session.state == CONNECTED or scene.kind == PAGE) and not (self._is_dense and scene.kind == REPORT):
                self._draw_scene(scene, look)
        if session.state != CONNECTED or self._is_dense:
            return
        for one in permitted(session.permissions):
            self._window.opener.open_screen(one.code)
            self._settle()
            self._save(f"{one.code.replace('_', '-').replace('.', '-')}-{look}")
            self._close_page()

    def _draw_scene(self, scene: Scene, look: str) -> None:
        opener = self._window.opener
        if scene.kind == TYPE and not self._open_voucher(scene.opened):
            return
        if scene.kind == REPORT:
            opener.open_report(scene.opened)
        elif scene.kind == SCREEN:
            opener.open_screen(scene.opened)
        play(scene.keys, self._settle)
        self._save(f"{scene.name}-{look}")
        if scene.kind != PAGE:
            self._close_page()

    def _open_voucher(self, code: str) -> bool:
        """Open a blank voucher of a type, if the company has it; whatever is typed into it is forgotten."""
        opened: list[VoucherWindow] = []
        label = next((one.label for one in self._window.session.types if one.code == code), None)
        if label is None:
            return False
        self._window.opener.voucher_opened.connect(opened.append)
        self._window.opener.open_type(code, say(label))
        self.wait(lambda: bool(opened))
        self._window.opener.voucher_opened.disconnect(opened.append)
        return bool(opened)

    def _settle(self) -> None:
        session = self._window.session
        if not self.wait(lambda: not (session.background.is_busy or session.browsing.is_busy
                                      or session.requests.is_busy)):
            raise TimeoutError(f"no answer within {PATIENCE_SECONDS:.0f} s: the picture would show none")

    def _close_page(self) -> None:
        page = self._window.pages.current
        if isinstance(page, VoucherWindow):
            page.draft.is_changed = False
        self._window.pages.remove(page)

    @property
    def _is_dense(self) -> bool:
        return self._window.devicePixelRatioF() > 1

    def _save(self, name: str) -> None:
        self.wait(lambda: self._window.bar.is_settled)
        self._application.processEvents()
        picture = with_few_colours(self._window.grab().toImage())
        path = str(self._target / f"{name}{'-2x' if self._is_dense else ''}.png")
        picture.save(path, "PNG", _SMALLEST)  # type: ignore[call-overload]  # the stubs want bytes, Qt a text
