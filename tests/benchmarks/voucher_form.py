"""Opens the form of a sale again and again, and prints how long each took, in milliseconds.

From asking for the type to the form painted: blueprint, date and number fetched, widgets made and laid out. The
window's masters are there already, as on any day's second voucher.
"""

import json
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop

from benchmarks.company import CODE
from erpdesk.services.desk import open_desk
from erpdesk.ui.application import make_application, make_window
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.opening import open_blank

_PATIENCE_SECONDS = 60


def main(times: int) -> None:
    """`times` openings on standard output, as a JSON list."""
    application = make_application()
    window = make_window(application, lambda progress: open_desk(progress=progress), organization=CODE)
    loop = QEventLoop()  # QApplication.processEvents loses a reference to None with every call

    def wait(until: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not until() and time.monotonic() < end:
            loop.processEvents()

    window.show()
    window.session.open()
    wait(lambda: bool(window.session.types) and not window.session.background.is_busy)
    books = window.session.books
    assert books is not None
    milliseconds = []
    for _ in range(times):
        began = time.perf_counter()
        opening = open_blank(books, "SALES_INVOICE")
        form = VoucherWindow(window.session, books, opening.schema, opening.document, opening.number)
        form.resize(1366, 768)
        form.show()
        form.start()
        loop.processEvents()
        milliseconds.append((time.perf_counter() - began) * 1000)
        form.hide()
        form.deleteLater()
        loop.processEvents()
    print(json.dumps(milliseconds), flush=True)
    window.session.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
