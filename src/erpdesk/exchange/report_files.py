"""A report as a file: JSON for programs, CSV and XLSX for spreadsheets, a table for people.

Text that a spreadsheet would run as a formula is made harmless: in CSV by a leading apostrophe, in a
workbook by writing every cell with its type, text as text. Numbers stay numbers in both.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Mapping

from erpdesk.domain.money import parse_decimal
from erpdesk.reports.report import Column, ColumnKind, Report

EXPORTS = frozenset({"csv", "xlsx"})

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_NUMBERS = (ColumnKind.MONEY, ColumnKind.QUANTITY, ColumnKind.COUNT)
_BINARY_DIGITS = 15
_LONGEST_CELL = 32_767


def json_bytes(report: Report) -> bytes:
    """One JSON object and a line end; numbers are strings in plain decimal notation."""
    return (json.dumps(report.as_json(), ensure_ascii=False) + "\n").encode()


def csv_bytes(report: Report) -> bytes:
    """RFC 4180, UTF-8 with a byte order mark (else spreadsheets take it for a code page); no totals."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(column.key for column in report.columns)
    for row in report.rows:
        writer.writerow(_csv_cell(row[column.key], column) for column in report.columns)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(cell: str, column: Column) -> str:
    if column.kind in _NUMBERS and parse_decimal(cell) is not None:
        return cell
    bare = unicodedata.normalize("NFKC", cell.lstrip(" \u00a0\u3000\ufeff\u200b"))
    return f"'{cell}" if bare.startswith(_STARTS_FORMULA) or cell.startswith(_STARTS_FORMULA) else cell


def xlsx_bytes(report: Report) -> bytes:
    """A workbook with one sheet: headings, rows, totals in bold. A figure of more digits than a
    spreadsheet's binary numbers hold exactly stays text."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False})
    sheet = book.add_worksheet(report.name[:31])
    bold = book.add_format({"bold": True})
    for place, column in enumerate(report.columns):
        sheet.write_string(0, place, column.label, bold)
    for line, row in enumerate((*report.rows, *_totals_row(report)), start=1):
        style = bold if line > len(report.rows) else None
        for place, column in enumerate(report.columns):
            cell = row.get(column.key, "")
            figure = parse_decimal(cell) if column.kind in _NUMBERS else None
            if figure is not None and len(figure.as_tuple().digits) <= _BINARY_DIGITS:
                sheet.write_number(line, place, float(figure), style)
            elif cell:
                sheet.write_string(line, place, cell[:_LONGEST_CELL], style)
    sheet.freeze_panes(1, 0)
    sheet.autofit(300)
    book.close()
    return out.getvalue()


def table_bytes(report: Report) -> bytes:
    """Aligned columns for a terminal; figures to the right, totals under a line."""
    labels = {column.key: column.label for column in report.columns}
    rows = [{key: _printable(cell) for key, cell in row.items()} for row in report.rows]
    totals = [{key: _printable(cell) for key, cell in row.items()} for row in _totals_row(report)]
    widths = {key: max(map(_width, [label, *(row.get(key, "") for row in (*rows, *totals))]))
              for key, label in labels.items()}
    rule = "  ".join("-" * widths[key] for key in labels)
    lines = [f"{report.name}  {report.organization}  as of {report.as_of.isoformat()}",
             _aligned(labels, report, widths), rule]
    lines += [_aligned(row, report, widths) for row in rows]
    if totals:
        lines += [rule, *(_aligned(row, report, widths) for row in totals)]
    return ("\n".join(lines) + "\n").encode()


def _totals_row(report: Report) -> tuple[Mapping[str, str], ...]:
    """The totals that stand under a column; what has none is left to JSON."""
    shown = {column.key: report.totals[column.key] for column in report.columns
             if column.key in report.totals}
    return (shown,) if shown else ()


def _aligned(row: Mapping[str, str], report: Report, widths: Mapping[str, int]) -> str:
    cells = []
    for column in report.columns:
        cell = row.get(column.key, "")
        blank = " " * (widths[column.key] - _width(cell))
        cells.append(blank + cell if column.kind in _NUMBERS else cell + blank)
    return "  ".join(cells).rstrip()


def _printable(cell: str) -> str:
    """Line ends and terminal control codes as blanks: a name must not move the cursor."""
    return "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in cell)


def _width(text: str) -> int:
    """Columns of a terminal: wide East Asian signs take two, combining signs none."""
    return sum(0 if unicodedata.category(sign) in {"Mn", "Me", "Cf"}
               else 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1 for sign in text)


WRITERS: Mapping[str, Callable[[Report], bytes]] = {
    "json": json_bytes, "csv": csv_bytes, "xlsx": xlsx_bytes, "table": table_bytes,
}
