"""A victim is the real program in which vouchers are typed by key events until somebody kills it.

Run as `python -m helpers.typing_victim KEYS` with the keys as JSON; the database is ERPDESK_DATABASE_URL, the home
ERPDESK_HOME. It says `ready`, then the number of each key once it is typed.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from erpdesk.ui.session import CONNECTED
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed

_KEY_MS = 33


class Typist:
    """Types one key a tick as soon as the first voucher is open."""

    def __init__(self, keys: list[str]) -> None:
        self._keys, self._number = keys, 0
        self._is_opening = False
        self.timer = QTimer()
        self.timer.timeout.connect(self._tick)
        self.timer.start(_KEY_MS)

    def _tick(self) -> None:
        window = next((one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)), None)
        if window is None or window.session.state != CONNECTED or window.session.background.is_busy:
            return
        if not self._is_opening:
            self._is_opening = True
            window.activateWindow()
            typed("<F5>")
        elif not isinstance(window.pages.current, VoucherWindow) or QApplication.focusWidget() is None:
            return
        elif self._number < len(self._keys):
            if not self._number:
                print("ready", flush=True)
            typed(self._keys[self._number])
            self._number += 1
            print(self._number, flush=True)


if __name__ == "__main__":
    from erpdesk.app import open_window
    from erpdesk.ui.application import make_application

    make_application()
    typist = Typist(json.loads(sys.argv[1]))
    open_window()
