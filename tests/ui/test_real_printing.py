"""Printing from the window on real books: what is printed is what is stored, and the database counts it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Ok
from erpdesk.services.desk import Books
from erpdesk.ui.printing import printers
from erpdesk.ui.printing.view import PrintView
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.database import Database
from helpers.real_window import window_on
from helpers.shops import open_shop


@pytest.fixture
def books(database: Database) -> Books:
    """A new shop with a journal posted today."""
    made = open_shop(database)
    today = made.vouchers.new_document("JOURNAL")["date"]
    result: Any = made.vouchers.post({"type": "JOURNAL", "date": today, "narration": "Opening of the till", "lines": [
        {"account": "1110", "debit": "100.00"}, {"account": "3010", "credit": "100.00"}]})
    assert isinstance(result, Ok), result
    return made


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, database: Database, books: Books, tmp_path: Path,
           monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """The main window on the books, with a printer that writes into a file."""
    def printer(_name: str) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tmp_path / "printed.pdf"))
        return made

    monkeypatch.setattr(printers, "_printer", printer)
    monkeypatch.setattr(printers.QPrinterInfo, "availablePrinterNames", lambda: ["Office"])
    monkeypatch.setattr(printers.QPrinterInfo, "defaultPrinterName", lambda: "Office")
    with window_on(qtbot, qapp, database) as made:
        yield made


def settled(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    qtbot.waitUntil(lambda: not (session.background.is_busy or session.requests.is_busy or session.browsing.is_busy),
                    timeout=20_000)


def test_a_voucher_of_the_day_book_is_printed_twice_and_counted_twice(
        qtbot: QtBot, window: MainWindow, books: Books, tmp_path: Path) -> None:
    window.opener.open_report("day-book")
    settled(qtbot, window)
    with qtbot.waitSignal(window.opener.voucher_opened, timeout=20_000) as signal:
        typed("<Enter>")
    settled(qtbot, window)
    typed("<Ctrl+P>")
    settled(qtbot, window)
    view = window.pages.current
    assert isinstance(view, PrintView)
    assert "Original" in view.word.text()
    if folder := os.environ.get("ERPDESK_PICTURES"):
        window.resize(1366, 768)
        for scheme in ("light", "dark"):
            apply_theme(QApplication.instance(), scheme)  # type: ignore[arg-type]
            QApplication.processEvents()
            window.grab().save(f"{folder}/print-{scheme}.png")
    for marks in ("Copy of original (1)", "Copy of original (2)"):
        typed("<Enter>")
        settled(qtbot, window)
        assert marks in view.word.text(), "what comes next"
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
    typed("<Esc>")
    assert window.pages.current is signal.args[0]
    assert books.printing.preview("JV/26-27/000001").mark == "Copy of original (2)"


def test_the_day_book_is_printed_with_its_filters(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.opener.open_report("day-book")
    settled(qtbot, window)
    typed("<Ctrl+P>")
    settled(qtbot, window)
    view = window.pages.current
    assert isinstance(view, PrintView)
    assert view.sheets is not None
    assert "JV/26-27/000001" in view.sheets.page.html
    assert "Posted" in view.sheets.page.html
    typed("<Enter>")
    settled(qtbot, window)
    assert (tmp_path / "printed.pdf").is_file()
