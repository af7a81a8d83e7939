"""Ctrl+P shows the page as it will be printed; Enter prints it, Esc goes back to where it was asked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from erpdesk.ui.printing import printers
from erpdesk.ui.printing.view import PrintView
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import typed
from helpers.fake_desk import FakeBooks
from helpers.fake_printing import page_of


@pytest.fixture
def paper_tray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two printers of this desk; what they print lies in a folder, a PDF file for each job."""
    tray = tmp_path / "tray"
    tray.mkdir()

    def printer(name: str) -> QPrinter:
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tray / f"{name}-{len(list(tray.iterdir()))}.pdf"))
        return made

    monkeypatch.setattr(printers, "_printer", printer)
    monkeypatch.setattr(printers.QPrinterInfo, "availablePrinterNames", lambda: ["Laser", "Office"])
    monkeypatch.setattr(printers.QPrinterInfo, "defaultPrinterName", lambda: "Office")
    return tray


@pytest.fixture
def no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers.QPrinterInfo, "availablePrinterNames", list)
    monkeypatch.setattr(printers.QPrinterInfo, "defaultPrinterName", lambda: "")


def settled(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    qtbot.waitUntil(lambda: not (session.background.is_busy or session.requests.is_busy or session.browsing.is_busy))


def posted_voucher(qtbot: QtBot, window: MainWindow, books: FakeBooks, status: str = "POSTED") -> VoucherWindow:
    books.vouchers.stored["v-1"] = {"status": status, "voucher_number": "JV/26-27/000007"}
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        window.opener.open_voucher("v-1")
    voucher: VoucherWindow = signal.args[0]
    settled(qtbot, window)
    return voucher


def print_page(qtbot: QtBot, window: MainWindow) -> PrintView:
    typed("<Ctrl+P>")
    view = window.pages.current
    assert isinstance(view, PrintView)
    settled(qtbot, window)
    return view


def sheets_of(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


def test_enter_prints_the_original_and_then_copies(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path) -> None:
    posted_voucher(qtbot, main_window, books)
    view = print_page(qtbot, main_window)
    assert "Original" in view.word.text()
    typed("<Enter>")
    settled(qtbot, main_window)
    assert books.printing.counted == {"v-1": ["paper"]}
    assert [one.name for one in paper_tray.iterdir()] == ["Office-0.pdf"], "the usual printer, unless another is chosen"
    assert "Copy of original (1)" in view.word.text(), "the page shows what would be printed next"
    assert "Sent to Office: Original" in said(main_window)


def said(window: MainWindow) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(label.text() for label in window.queue.findChildren(QLabel))


def test_printer_and_copies_are_chosen_by_key_and_remembered(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    posted_voucher(qtbot, main_window, books)
    view = print_page(qtbot, main_window)
    typed("<F4>", "Laser", "<Enter>", "<F5>", "3", "<Enter>")
    assert view.hasFocus()
    assert (view.values["printer"], view.copies) == ("Laser", 3)
    typed("<Enter>")
    settled(qtbot, main_window)
    assert books.printing.counted == {"v-1": ["paper"] * 3}
    (job,) = paper_tray.iterdir()
    assert (job.name, sheets_of(job)) == ("Laser-0.pdf", 3)
    typed("<Esc>")
    assert print_page(qtbot, main_window).values["printer"] == "Laser"


def test_esc_goes_back_to_the_voucher_whatever_tabs_there_are(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path) -> None:
    voucher = posted_voucher(qtbot, main_window, books)
    main_window.opener.open_report("trial-balance")
    settled(qtbot, main_window)
    main_window.pages.show_page(voucher)
    print_page(qtbot, main_window)
    typed("<Esc>")
    assert main_window.pages.current is voucher
    assert books.printing.counted == {}, "looking counts nothing"


def test_pages_are_turned_and_enlarged_by_key(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path) -> None:
    books.printing.lines = 120
    posted_voucher(qtbot, main_window, books)
    view = print_page(qtbot, main_window)
    assert view.sheets is not None
    assert view.sheets.count > 1
    typed("<PageDown>")
    assert view.view.sheet_in_sight == 1
    assert f"Page 2 of {view.sheets.count}" in view.word.text()
    width = view.view.canvas.width()
    typed("+")
    assert view.view.canvas.width() > width
    assert view.view.sheet_in_sight == 1, "the same page stays in sight"
    typed("-", "-", "<PageUp>")
    assert view.view.canvas.width() < width
    assert view.view.sheet_in_sight == 0


def test_without_a_printer_enter_asks_for_a_file(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, no_printer: None, tmp_path: Path) -> None:
    posted_voucher(qtbot, main_window, books)
    view = print_page(qtbot, main_window)
    assert "There is no printer here" in view.word.text()
    typed("<Enter>")
    asked = view.findChild(QFileDialog, "printFile")
    assert asked is not None
    asked.fileSelected.emit(str(tmp_path / "one.pdf"))
    asked.close()
    settled(qtbot, main_window)
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")
    assert books.printing.counted == {"v-1": ["pdf"]}
    view.write_file(tmp_path / "nowhere" / "two.pdf")
    settled(qtbot, main_window)
    assert books.printing.counted == {"v-1": ["pdf"]}, "what can't be written isn't counted"


def test_a_report_and_a_register_print_what_is_asked(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path) -> None:
    main_window.opener.open_report("trial-balance")
    settled(qtbot, main_window)
    report = main_window.pages.current
    print_page(qtbot, main_window)
    name, filters, short = books.printing.asked[-1]
    assert (name, short) == ("trial-balance", True)
    assert filters == {key: raw for key, raw in report.values.items() if raw}  # type: ignore[attr-defined]
    typed("<Enter>")
    settled(qtbot, main_window)
    assert [one.name for one in paper_tray.iterdir()] == ["Office-0.pdf"]
    typed("<Esc>")
    assert main_window.pages.current is report
    main_window.opener.open_report("day-book")
    settled(qtbot, main_window)
    print_page(qtbot, main_window)
    assert books.printing.asked[-1][0] == "Day Book"


def test_what_is_not_stored_is_not_printed(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path) -> None:
    with qtbot.waitSignal(main_window.opener.voucher_opened) as signal:
        main_window.opener.open_type("JOURNAL", "Journal")
    settled(qtbot, main_window)
    typed("<Ctrl+P>")
    assert main_window.pages.current is signal.args[0]
    assert "Ctrl+S" in signal.args[0].sheet.banner.text


def accept_one(qtbot: QtBot, window: MainWindow, books: FakeBooks, *, prints: bool) -> VoucherWindow:
    import dataclasses

    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        window.opener.open_type("CASH_PAYMENT", "Cash Payment")
    voucher: VoucherWindow = signal.args[0]
    settled(qtbot, window)
    voucher.draft.schema = dataclasses.replace(voucher.draft.schema, print_after_post=prints)
    typed("1110", "<Enter>", "6050", "<Enter>", "40", "<Enter>")
    with qtbot.waitSignal(voucher.voucher_posted):
        typed("<Ctrl+A>")
    return voucher


@pytest.mark.parametrize("prints", [True, False])
def test_a_type_that_says_so_prints_after_the_post_without_taking_the_cursor(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path, prints: bool) -> None:
    voucher = accept_one(qtbot, main_window, books, prints=prints)
    before = QApplication.focusWidget()
    qtbot.waitUntil(lambda: not main_window.session.background.is_busy)
    assert len(list(paper_tray.iterdir())) == prints
    assert [medium for media in books.printing.counted.values() for medium in media] == ["paper"] * prints
    assert QApplication.focusWidget() is before
    assert main_window.pages.current is voucher
    if prints:
        assert "sent to Office" in said(main_window)


def test_without_a_printer_nothing_is_counted_after_a_post(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, no_printer: None) -> None:
    accept_one(qtbot, main_window, books, prints=True)
    qtbot.waitUntil(lambda: not main_window.session.background.is_busy)
    assert books.printing.counted == {}
    assert "no printer" in said(main_window)


def test_a_printer_that_takes_nothing_is_told_with_what_was_counted(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    posted_voucher(qtbot, main_window, books)
    print_page(qtbot, main_window)
    monkeypatch.setattr("erpdesk.ui.printing.view.print_on", lambda _name, _pages: False)
    typed("<Enter>")
    settled(qtbot, main_window)
    assert "Office took nothing; counted as printed: Original" in said(main_window)


def test_a_refusal_is_told_in_place_of_the_page(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    from erpdesk.domain.results import ErpdeskError

    def refuse(_reference: str) -> None:
        raise ErpdeskError("RPT-008", "There is no print template x")

    monkeypatch.setattr(books.printing, "preview", refuse)
    posted_voucher(qtbot, main_window, books)
    view = print_page(qtbot, main_window)
    assert view.word.text() == "RPT-008  There is no print template x"
    typed("<Enter>")
    assert books.printing.counted == {}


def test_a_sheet_shows_ink_on_white_in_the_dark_scheme_too(qtbot: QtBot, qapp: QApplication) -> None:
    from erpdesk.ui.printing.paper import Sheets
    from erpdesk.ui.style.theme import apply_theme

    apply_theme(qapp, "dark")
    picture: QImage = Sheets(page_of("Receipt")).picture(0, 96)
    apply_theme(qapp, "light")
    shades = {QColor(picture.pixel(x, y)).lightness() for x in range(0, picture.width(), 3)
              for y in range(0, 200, 2)}
    assert max(shades) == 255
    assert min(shades) < 100


def test_a_page_loads_no_file(qtbot: QtBot, tmp_path: Path) -> None:
    from erpdesk.ui.printing.paper import Sheets

    secret = QImage(50, 50, QImage.Format.Format_RGB32)
    secret.fill(QColor("red"))
    secret.save(str(tmp_path / "secret.png"))
    page = page_of("x")
    carried = base64.b64encode((tmp_path / "secret.png").read_bytes()).decode()

    def is_seen(html: str) -> bool:
        made = type(page)(**{**{name: getattr(page, name) for name in page.__slots__}, "html": html})
        picture = Sheets(made).picture(0, 96)
        return any(QColor(picture.pixel(x, y)).saturation() > 200 for x in range(0, picture.width(), 2)
                   for y in range(0, 400, 2))

    assert is_seen(f"<img src='data:image/png;base64,{carried}'>"), "a picture that the page carries is drawn"
    assert not is_seen(f"<img src='file://{tmp_path}/secret.png'><img src='{tmp_path}/secret.png'>")


def test_refusals_of_a_count_leave_the_page(
        qtbot: QtBot, main_window: MainWindow, books: FakeBooks, paper_tray: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    from erpdesk.domain.results import ForbiddenError

    posted_voucher(qtbot, main_window, books)
    view = print_page(qtbot, main_window)

    def refuse(*_given: object, **_more: object) -> None:
        raise ForbiddenError("SEC-001", "you may not print this voucher")

    monkeypatch.setattr(books.printing, "copies", refuse)
    typed("<Enter>")
    settled(qtbot, main_window)
    assert view.word.text().startswith("SEC-001")
    assert list(paper_tray.iterdir()) == []
