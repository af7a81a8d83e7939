"""Types into a sale of five hundred lines in the real window, turn by turn with a bare table of the same size.

Prints how long each key took until everything was painted, in milliseconds: letters and Enter apart, by the clock
and by the processor time of the window's thread. `posting` has the window's own lane post a sale all the while.
"""

import gc
import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

from benchmarks.company import CODE, PROGRAM, Sales
from erpdesk.services.desk import open_desk
from erpdesk.ui.application import make_application, make_window
from erpdesk.ui.requests import Requests
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow

TYPE = "LONG_SALE"
_PATIENCE_SECONDS = 300
_TURNS, _ROWS_A_TURN = 5, 20


class Stopwatch:
    """Presses keys and keeps what each cost until its paint."""

    def __init__(self) -> None:
        self._loop = QEventLoop()
        self.found: dict[str, list[tuple[float, float]]] = {}

    def press(self, name: str, act: Callable[[], object]) -> None:
        began, own = time.perf_counter(), time.thread_time()
        act()
        self._loop.processEvents()
        self.found.setdefault(name, []).append(
            ((time.perf_counter() - began) * 1000, (time.thread_time() - own) * 1000))

    def rest(self, seconds: float = 0.02) -> None:
        """What happens between keys isn't counted; hands are slower than this."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._loop.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def wait(self, until: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not until():
            assert time.monotonic() < end, "what was awaited didn't come"
            self.rest(0.01)


def focused() -> Any:
    """Where keys go."""
    return QApplication.focusWidget()


def type_row(watch: Stopwatch, name: str, on: Qt.Key) -> None:
    """A quantity and a rate, each taken on to the next cell."""
    for figure in ("12", "7.5"):
        for letter in figure:
            watch.press(f"{name} letter", lambda letter=letter: QTest.keyClicks(focused(), letter))  # type: ignore[misc]
        watch.press(f"{name} onward", lambda: QTest.keyClick(focused(), on))
        watch.rest()


def bare_table(rows: int, columns: int) -> QMainWindow:
    """The yardstick: Qt's own table on Qt's own model."""
    model = QStandardItemModel(rows, columns)
    for row in range(rows):
        for column in range(columns):
            model.setItem(row, column, QStandardItem(f"{row} {column}"))
    window, table = QMainWindow(), QTableView()
    model.setParent(table)
    table.setModel(model)
    window.setCentralWidget(table)
    window.resize(1366, 768)
    return window


def to_front(watch: Stopwatch, window: QMainWindow) -> None:
    window.show()
    window.activateWindow()
    watch.wait(window.isActiveWindow)


def filled(watch: Stopwatch, window: MainWindow, lines: int) -> LineGrid:
    """The long voucher, its lines pasted from a spreadsheet."""
    opened: list[VoucherWindow] = []
    window.opener.voucher_opened.connect(opened.append)
    window.opener.open_type(TYPE, "Long sale")
    watch.wait(lambda: bool(opened))
    QTest.keyClicks(focused(), "PC001")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    grid = opened[0].sheet.grids["lineGrid"]
    place = {key: number for number, key in enumerate(grid.lines.column_of)}
    rows = []
    for number in range(lines):
        cells = [""] * (max(place["item"], place["quantity"], place["rate"]) + 1)
        cells[place["item"]], cells[place["quantity"]] = f"{PROGRAM}{number % 60:03}", str(number % 9 + 1)
        cells[place["rate"]] = f"{number % 40 + 15}.25"
        rows.append("\t".join(cells))
    grid.enter(0, grid.lines.columns[0].key)
    QApplication.clipboard().setText("\n".join(rows))
    QTest.keyClick(focused(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    watch.wait(lambda: len(grid.lines.counted_rows()) == lines)
    assert window.session.books is not None
    return grid


def post_on(window: MainWindow, ended: threading.Event) -> Requests:
    """Another lane that posts one sale after the other."""
    assert window.session.books is not None
    vouchers, sales, lane = window.session.books.vouchers, Sales(PROGRAM, 77), Requests("posting", window)

    def work() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            vouchers.post(sales.next().document(f"long-{time.monotonic_ns()}-{number}"))

    lane.submit(window, work, lambda _: None, lambda _: None)
    return lane


def main(lines: int, how: str) -> None:
    """What was measured, on standard output, as a JSON object."""
    application, watch = make_application(), Stopwatch()
    window = make_window(application, lambda progress: open_desk(progress=progress), organization=CODE)
    to_front(watch, window)
    window.session.open()
    watch.wait(lambda: bool(window.session.types) and not window.session.background.is_busy)
    grid = filled(watch, window, lines)
    bare = bare_table(lines, len(grid.lines.columns))
    ended = threading.Event()
    worker = post_on(window, ended) if how == "posting" else None
    gc.collect()
    for turn in range(_TURNS):
        to_front(watch, window)
        grid.enter(turn * _ROWS_A_TURN + lines // 3, "quantity")
        watch.rest(0.2)
        for _ in range(_ROWS_A_TURN):
            type_row(watch, "voucher", Qt.Key.Key_Return)
            row, key = grid.here()
            while key != "quantity":
                grid.enter(row, "quantity")
                row, key = grid.here()
            watch.rest()
        to_front(watch, bare)
        table = bare.centralWidget()
        assert isinstance(table, QTableView)
        for number in range(_ROWS_A_TURN):
            table.setFocus()
            table.setCurrentIndex(table.model().index(turn * _ROWS_A_TURN + lines // 3 + number, 2))
            watch.rest()
            type_row(watch, "bare", Qt.Key.Key_Tab)
            table.setFocus()
    ended.set()
    if worker is not None:
        worker.stop(60)
    print(json.dumps({"columns": len(grid.lines.columns), "found": watch.found}), flush=True)
    bare.close()
    window.opener.forget_kept()
    window.session.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
