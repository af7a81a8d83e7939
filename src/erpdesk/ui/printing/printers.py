"""The printers of this desk: their names, the one that was last chosen, and printing on one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings
from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from erpdesk.settings import home
from erpdesk.ui.printing.paper import Sheets, set_layout

_CHOSEN = "printer"


def printer_names() -> list[str]:
    """The printers that this desk knows, the usual one first. May take long where they are far away; for workers."""
    names: list[str] = sorted(QPrinterInfo.availablePrinterNames())
    usual = QPrinterInfo.defaultPrinterName()
    return [usual, *(name for name in names if name != usual)] if usual in names else names


def chosen_printer() -> str:
    """The printer that was last chosen; empty for the usual one."""
    return str(QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat).value(_CHOSEN, "")) \
        if home().is_dir() else ""


def choose_printer(name: str) -> None:
    """Print on this one from now on."""
    if home().is_dir():
        QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat).setValue(_CHOSEN, name)


def usual_printer() -> str:
    """Where to print unasked: the one last chosen if it is there, else the usual one; empty for none. Blocks."""
    names, chosen = printer_names(), chosen_printer()
    return chosen if chosen in names else next(iter(names), "")


def _printer(name: str) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(name)
    return printer


def print_on(name: str, pages: Sequence[Sheets]) -> bool:
    """The pages on a printer, one after another as one job; whether it took them."""
    printer = _printer(name)
    printer.setCreator("erpdesk")
    printer.setDocName(pages[0].page.title)
    painter = QPainter()
    for number, sheets in enumerate(pages):
        set_layout(printer, sheets)
        if number == 0 and not painter.begin(printer):
            return False
        for sheet in range(sheets.count):
            if (number or sheet) and not printer.newPage():
                painter.end()
                return False
            sheets.draw(painter, sheet, printer.logicalDpiX())
    return painter.end()
