"""A page of 500 lines is laid out beside the window: the window lives on, and the sheets are the same."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinterInfo
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import ErpdeskError
from erpdesk.services.printing import PrintPage
from erpdesk.ui.printing import typesetter as room
from erpdesk.ui.printing.far_sheets import FarSheets
from erpdesk.ui.printing.paper import Sheets
from erpdesk.ui.printing.typesetter import Typesetter, is_long
from erpdesk.ui.printing.view import PrintView
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks

LINES, HELD_SECONDS = 500, 0.05
PATIENCE_MS = 60_000


def long_page(mark: str = "") -> PrintPage:
    cells = "".join(f"<td>cell {number} of a line</td>" for number in range(6))
    rows = "".join(f"<tr><td><a name='carry:{number}.00'>{number}</a></td>{cells}</tr>" for number in range(LINES))
    html = f"<table width='100%'>{rows}</table><p><a name='keep'>Total</a></p>"
    return PrintPage(html, "Long", "Long", "foot", "Page {page} of {pages}", "Carried", "Brought", mark)


@pytest.fixture(scope="module")
def setter() -> Iterator[Typesetter]:
    made = Typesetter()
    yield made
    made.stop()


@pytest.fixture
def of_the_program(setter: Typesetter, monkeypatch: pytest.MonkeyPatch) -> Typesetter:
    for module in ("typesetter", "far_sheets", "view"):
        monkeypatch.setattr(f"erpdesk.ui.printing.{module}.typesetter", lambda: setter)
    return setter


def test_sheets_laid_out_elsewhere_are_the_same_page_for_page(qtbot: QtBot, setter: Typesetter) -> None:
    page = long_page("Original")
    assert is_long(page)
    here = Sheets(page)
    assert setter.count(page) == here.count > 5
    for sheet in range(here.count):
        assert setter.picture(page, sheet, 60) == here.picture(sheet, 60), sheet
    assert setter.pdf([page]).count(b"/Type /Page\n") == here.count


def test_the_window_is_never_held_while_a_long_page_is_made_and_printed(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, of_the_program: Typesetter, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    monkeypatch.setattr(books.printing, "report", lambda *_args, **_more: long_page())
    main_window.opener.open_report("trial-balance")
    qtbot.waitUntil(lambda: not main_window.session.background.is_busy)
    held: list[float] = [time.thread_time()]
    gaps: list[float] = []

    def tick() -> None:
        now = time.thread_time()
        gaps.append(now - held[0])
        held[0] = now

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(2)
    typed("<Ctrl+P>")
    view = main_window.pages.current
    assert isinstance(view, PrintView)
    qtbot.waitUntil(lambda: view.sheets is not None, timeout=PATIENCE_MS)
    assert isinstance(view.sheets, FarSheets)
    assert f"of {view.sheets.count}" in view.word.text()
    qtbot.waitUntil(lambda: bool(view.sheets._pictures), timeout=PATIENCE_MS)  # type: ignore[union-attr]
    typed("<PageDown>", "<PageDown>")
    view.write_file(tmp_path / "long.pdf")
    qtbot.waitUntil(lambda: not view.is_busy, timeout=PATIENCE_MS)
    timer.stop()
    assert (tmp_path / "long.pdf").read_bytes().startswith(b"%PDF")
    assert len(gaps) > 20
    assert max(gaps) < HELD_SECONDS, sorted(gaps)[-5:]


def test_laying_it_out_here_would_hold_the_window() -> None:
    before = time.thread_time()
    Sheets(long_page())
    assert time.thread_time() - before > HELD_SECONDS, "else the process beside it is for nothing"


def test_a_child_that_died_is_started_anew_and_half_a_job_is_not_printed_twice(
        qtbot: QtBot, setter: Typesetter) -> None:
    page = long_page()
    pages = setter.count(page)
    child = setter._child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert setter.count(page) == pages
    assert setter._child is not child
    assert setter._child is not None
    os.kill(setter._child.pid, signal.SIGKILL)
    setter._child.wait()
    with pytest.raises(ErpdeskError) as lost:
        setter.print_on("Office", [page])
    assert lost.value.code == "SYS-001"


def test_short_pages_need_no_child() -> None:
    page = PrintPage("<p>short</p>", "t", "h", "f", "{page}{pages}", "c", "b")
    assert room.counted(page) == (page, None)
