"""A day at the window: sales of three lines typed one after the other into the company's books, memory watched."""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop

from benchmarks.company import CODE
from erpdesk.services.desk import open_desk
from erpdesk.ui.application import make_application, make_window
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import typed

_PATIENCE_SECONDS = 120
_LINES = 3
_LISTS = ("item", "party", "voucher")


def resident_kilobytes() -> int:
    """The memory that this process has now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError("the system doesn't say")


def main(vouchers: int) -> None:
    """What was measured, on standard output, as a JSON object."""
    application = make_application()
    window = make_window(application, lambda progress: open_desk(progress=progress), organization=CODE)
    loop = QEventLoop()

    def wait(until: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not until():
            assert time.monotonic() < end, "what was awaited didn't come"
            loop.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as a running program does

    window.show()
    window.activateWindow()
    window.session.open()
    wait(lambda: bool(window.session.types) and not window.session.background.is_busy)
    opened: list[VoucherWindow] = []
    window.opener.voucher_opened.connect(opened.append)
    kind = next(one for one in window.session.types if one.code == "SALES_INVOICE")
    window.opener.open_type(kind.code, kind.label)
    wait(lambda: bool(opened))
    posted: list[None] = []
    opened[0].voucher_posted.connect(lambda _result: posted.append(None))
    before, memory = resident_kilobytes(), []
    for number in range(vouchers):
        typed(f"PC{number % 40:03}", "<Enter>")
        for line in range(_LINES):
            typed(f"P{(number + line) % 60:03}", "<Enter>", "2", "<Enter>", "15", "<Enter>")
        typed("<Ctrl+A>")
        wait(lambda wanted=number + 1: len(posted) >= wanted)  # type: ignore[misc]
        if number in (vouchers // 2, vouchers - 1):
            for kind in _LISTS:  # as every half minute: the old list and the new one are both there for a moment
                window.session.freshness.read_again(kind)
                wait(lambda: not window.session.freshness.lane.is_busy)
            gc.collect()
            memory.append(resident_kilobytes())
    half = max(1, vouchers - 1 - vouchers // 2)
    print(json.dumps({"vouchers": vouchers, "megabytes": memory[-1] / 1024, "megabytes_before": before / 1024,
                      "kilobytes_a_voucher": (memory[-1] - memory[0]) / half}), flush=True)
    window.session.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
