"""Tables of text: CSV and workbooks read into rows of cells, every cell as the text that was meant.

A number in a workbook is a binary fraction; it is read as the decimal text of at most 15 digits that a
spreadsheet shows. Dates become ISO text. Empty cells are empty text.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from erpdesk.blueprints.canonical import plain_decimal
from erpdesk.exchange.refusals import BROKEN_WORKBOOK, TOO_LARGE, WRONG_COLUMNS, ImportRefused
from erpdesk.exchange.sources import MEGABYTE, checked_file, whole_text

LARGEST_WORKBOOK_BYTES = 64 * MEGABYTE
LARGEST_UNPACKED_BYTES = 1024 * MEGABYTE
_LARGEST_CELL = 1 * MEGABYTE

Row = tuple[int, list[str]]


def read_csv(path: Path) -> Iterator[Row]:
    """Rows of a CSV file (comma, semicolon or tab) with their line numbers; empty rows are left out."""
    text = whole_text(path)
    beginning = text[: text.find("\n") + 1] or text
    delimiter = ";" if beginning.count(";") > beginning.count(",") else "\t" if "\t" in beginning else ","
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefused(
            WRONG_COLUMNS, f"Line {line} is no CSV: {error}.", cure="Check its quotation marks."
        ) from None


def read_workbook(path: Path) -> Iterator[Row]:
    """Rows of the first sheet of a workbook, with their row numbers, rows without content left out."""
    import python_calamine

    _refuse_bomb(checked_file(path))
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            sheet = book.get_sheet_by_index(0)
            first = (sheet.start or (0, 0))[0] + 1
            rows = sheet.to_python(skip_empty_area=True)
    except (python_calamine.CalamineError, OSError, IndexError, ValueError) as error:
        raise ImportRefused(
            BROKEN_WORKBOOK,
            f"The workbook can't be read: {error}.",
            cure="Open it in a spreadsheet program, save it as XLSX, and try again.",
        ) from None
    for number, row in enumerate(rows, start=first):
        cells = [cell_text(cell) for cell in row]
        if any(cells):
            yield number, cells


def _refuse_bomb(path: Path) -> None:
    """A workbook is a ZIP archive: looked at before anything is unpacked."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ImportRefused(
            BROKEN_WORKBOOK, f"The workbook can't be read: {error}.", cure="Save it as XLSX and try again."
        ) from None
    if size > LARGEST_WORKBOOK_BYTES or unpacked > LARGEST_UNPACKED_BYTES:
        raise ImportRefused(
            TOO_LARGE,
            f"The workbook unpacks to {unpacked // MEGABYTE} MB; "
            f"{LARGEST_UNPACKED_BYTES // MEGABYTE} MB are the limit.",
            cure="Split it, or save it as CSV.",
        )


def cell_text(cell: Any) -> str:
    """What a cell of a workbook says, as text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _figure(cell)
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
        )
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()


def _figure(number: float) -> str:
    if number != number or number in (float("inf"), float("-inf")):
        return str(number)
    return plain_decimal(Decimal(f"{number:.15g}"))
