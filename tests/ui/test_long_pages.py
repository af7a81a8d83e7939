"""A page of 500 lines is laid out beside the window: the window lives on, and the sheets are the same."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinterInfo
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import ErpdeskError
from erpdesk.services.printing import PrintPage
from erpdesk.ui.printing import typesetter as room
from erpdesk.ui.printing.beginning import ROWS, beginning
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


def report_page(rows: int) -> PrintPage:
    """As `report.html` has it: a head of set widths, then rows."""
    head = "".join(f"<th width='{100 // 6}%'>Column {number}</th>" for number in range(6))
    lines = "".join(f"<tr>{''.join(f'<td>cell {number}.{column}</td>' for column in range(6))}</tr>"
                    for number in range(rows))
    html = f"<table width='100%'><tr><td>Name<table><tr><td>x</td></tr></table></td></tr></table>" \
           f"<table width='100%'><thead><tr>{head}</tr></thead>{lines}</table><p>After all rows</p>"
    return PrintPage(html, "Long", "Long", "foot", "Page {page} of {pages}", "Carried", "Brought")


@pytest.mark.parametrize("rows", [400, 4000, 40_000])
def test_the_first_sheet_is_laid_out_from_as_many_rows_whatever_their_number(rows: int) -> None:
    page = report_page(rows)
    first = beginning(page)
    assert first is not None
    assert first.html.count("<tr>") == ROWS + 2, "those of the head's table and of the one inside it, too"
    assert first.html.count("cell 0.") == 6
    assert "After all rows" not in first.html
    assert first.counting == "Page {page} of …"
    assert beginning(replace(page, html=page.html.replace("width='16%'", ""))) is None, "columns may become wider"
    assert beginning(report_page(ROWS - 2)) is None


def test_the_first_sheet_laid_out_alone_is_the_first_of_all() -> None:
    page = replace(report_page(400), counting="Page {page}")
    first = beginning(page)
    assert first is not None
    assert Sheets(first).picture(0, 60) == Sheets(page).picture(0, 60)


def test_the_first_sheet_is_in_sight_while_the_others_are_laid_out(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, of_the_program: Typesetter,
        monkeypatch: pytest.MonkeyPatch) -> None:
    page, laid_out, counting = report_page(400), threading.Event(), of_the_program.count

    def count(asked: PrintPage) -> int:
        laid_out.wait(PATIENCE_MS / 1000)
        return counting(asked)

    monkeypatch.setattr(of_the_program, "count", count)
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    monkeypatch.setattr(books.printing, "report", lambda *_args, **_more: page)
    main_window.opener.open_report("trial-balance")
    qtbot.waitUntil(lambda: not main_window.session.background.is_busy)
    typed("<Ctrl+P>")
    view = main_window.pages.current
    assert isinstance(view, PrintView)
    qtbot.waitUntil(lambda: view.sheets is not None, timeout=PATIENCE_MS)
    sheets = view.sheets
    assert isinstance(sheets, FarSheets)
    assert (sheets.count, sheets.is_whole) == (1, False)
    assert view.word.text().startswith("Page 1; the others are being laid out")
    before = view.view.canvas.grab().toImage()
    assert len({before.pixel(x, y) for x in range(0, 700, 7) for y in range(0, 900, 3)}) > 10, "its text is there"
    laid_out.set()
    qtbot.waitUntil(lambda: sheets.is_whole, timeout=PATIENCE_MS)
    assert sheets.count == Sheets(page).count
    assert f"of {sheets.count}" in view.word.text()
    qtbot.waitUntil(lambda: not sheets._passing, timeout=PATIENCE_MS)
