"""Draws the window into PNG files: the gateway, a voucher of each kind of grid filled in, reports, and every screen.

Dressed light and dark, and in each language; on a display of double density the files say `-2x`. The same code
serves a machine without a display and the pictures of the user guide. Everything is typed by key
events, as a clerk would; nothing is saved.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from erpdesk.blueprints.vocabulary import GridKind
from erpdesk.services.reckonings import BIKRAM_SAMBAT
from erpdesk.ui.application import OpenDesk, make_application, make_window
from erpdesk.ui.calendars import GREGORIAN, use_calendar
from erpdesk.ui.session import CONNECTED, CONNECTING
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.style.tokens import Scheme
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from erpdesk.ui.window.screens import permitted
from erpdesk.ui.words import LANGUAGES, SOURCE_LANGUAGE, say

PATIENCE_SECONDS = 120.0
_ORGANIZATION, _NEPALI = "DEMO", "ne"
_MONEY = "900"
_REPORTS = ("day-book", "trial-balance", "profit-loss", "stock-balance", "tax-register")


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
        """Let the window live until something holds, with patience."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not until() and time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.005)
        self._application.processEvents()
        return until()

    def draw(self, look: str) -> None:
        """Every picture in a scheme, or in the light one and a language; Nepali with Bikram Sambat days."""
        scheme: Scheme = "dark" if look == "dark" else "light"
        apply_theme(self._application, scheme)
        self._window.session.speak(look if look in LANGUAGES else SOURCE_LANGUAGE)
        use_calendar(BIKRAM_SAMBAT if look == _NEPALI else GREGORIAN.code)
        self._window.strip.refresh()
        self._save(f"gateway-{look}")
        if self._window.session.state != CONNECTED:
            return
        for kind in GridKind:
            self._draw_voucher(kind, look)
        for name in _REPORTS:
            self._draw_report(name, look)
        for one in permitted(self._window.session.permissions):
            self._draw_screen(one.code, look)

    def _draw_screen(self, code: str, suffix: str) -> None:
        self._window.opener.open_screen(code)
        session = self._window.session
        self.wait(lambda: not (session.background.is_busy or session.browsing.is_busy))
        self._save(f"{code.replace('_', '-').replace('.', '-')}-{suffix}")
        self._close_page()

    def _draw_report(self, name: str, suffix: str) -> None:
        self._window.opener.open_report(name)
        self.wait(lambda: not self._window.session.background.is_busy)
        self._save(f"{name}-{suffix}")
        self._close_page()

    def _draw_voucher(self, kind: GridKind, suffix: str) -> None:
        opened: list[VoucherWindow] = []
        self._window.opener.voucher_opened.connect(opened.append)
        books = self._window.session.books
        for one in self._window.session.types:
            if books is not None and books.vouchers.schema(one.code).grid_kind is kind:
                self._window.opener.open_type(one.code, say(one.label))
                break
        self.wait(lambda: bool(opened))
        self._window.opener.voucher_opened.disconnect(opened.append)
        if not opened:
            return
        fill(opened[0], self._settle)
        self._save(f"voucher-{kind.value}-{suffix}")
        opened[0].draft.is_changed = False
        self._close_page()

    def _settle(self) -> None:
        self.wait(lambda: not self._window.session.background.is_busy)

    def _close_page(self) -> None:
        self._window.pages.remove(self._window.pages.current)

    def _save(self, name: str) -> None:
        self._application.processEvents()
        dense = "-2x" if self._window.devicePixelRatioF() > 1 else ""
        self._window.grab().save(str(self._target / f"{name}{dense}.png"))


def fill(voucher: VoucherWindow, settle: Callable[[], object], lines: int = 4) -> None:
    """Type a plausible voucher: the first choices of every lookup, small figures elsewhere. Answers that are under way
    are waited for with `settle` before the next field is typed, since keys are kept for what they bring."""
    visited: dict[str, int] = {}
    for number in range(120):
        settle()
        focus = QApplication.focusWidget()
        key = str(focus.property("fieldKey")) if focus is not None else ""
        field = getattr(focus, "field", None)
        if focus is None or field is None or key == "narration" or visited.get(key, 0) > lines + 1:
            break
        visited[key] = visited.get(key, 0) + 1
        in_grid = (focus.objectName() or "").startswith("cell_")
        if in_grid and visited[key] > lines and key == _first_key(voucher):
            _press(focus, Qt.Key.Key_Return)
            continue
        _type_value(focus, str(field.field_type), key, number, visited[key])


def _first_key(voucher: VoucherWindow) -> str:
    grid = next((one for one in voucher.sheet.line_grids if one.open_editor is not None), None)
    return grid.path()[0].key if grid is not None else ""


def _type_value(focus: QWidget, kind: str, key: str, number: int, visit: int) -> None:
    if kind == "lookup" and key in ("party", "item", "account", "from_warehouse", "to_warehouse", "voucher_number"):
        for _ in range(visit):
            _press(focus, Qt.Key.Key_Down)
    elif kind in ("quantity", "money", "rate") and key != "credit":
        in_grid = (focus.objectName() or "").startswith("cell_")
        _write(focus, str(12 * visit + number % 7) if in_grid else _MONEY)
    _press(focus, Qt.Key.Key_Return)


def _write(focus: QWidget, text: str) -> None:
    for char in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, char)
        QApplication.sendEvent(focus, event)


def _press(focus: QWidget, key: Qt.Key) -> None:
    QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
