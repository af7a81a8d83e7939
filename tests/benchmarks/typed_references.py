"""Types the reference vouchers of K1 in the real window on books in memory; prints the keys that each took."""

import json
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEventLoop

from erpdesk.ui.application import make_application
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks, FakeDesk, schema_of, slowly
from helpers.reference_typing import CASES, count

_PATIENCE_SECONDS = 30


def main() -> None:
    """Counts on standard output, as a JSON object."""
    application = make_application()
    apply_theme(application, "light")
    books = FakeBooks()
    session = Session(slowly(FakeDesk(books), 0))
    loop = QEventLoop()

    def wait(until: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not until():
            assert time.monotonic() < end, "what was awaited didn't come"
            loop.processEvents()

    session.open()
    wait(lambda: session.state == CONNECTED and not session.background.is_busy)
    counted: dict[str, int] = {}
    posted: list[Any] = []
    for name, (type_code, before, keys, _most, lines, charges) in CASES.items():
        window = VoucherWindow(session, books, schema_of(type_code), {"date": "2026-11-20"}, "")  # type: ignore[arg-type]
        window.resize(1180, 700)
        window.show()
        window.activateWindow()
        wait(window.isActiveWindow)
        window.start()
        window.voucher_posted.connect(posted.append)
        for sequence in filter(None, (before, keys)):
            expected = len(posted) + 1
            typed(*sequence)
            wait(lambda wanted=expected: len(posted) >= wanted)  # type: ignore[misc]
        document = books.vouchers.posts[-1]
        assert len(document["lines"]) == len(lines), name
        assert document.get("charges") == charges, name
        counted[name] = count(keys)
        window.hide()
        window.deleteLater()
    print(json.dumps(counted), flush=True)
    session.close()


if __name__ == "__main__":
    main()
