"""Cells as text and back: rows by line breaks, cells by tabs, as spreadsheets put them on the clipboard.

Figures go out plain (`1234.5`), days as ISO dates, masters by code. A cell that holds a tab, a line break or begins
with a quotation mark stands in quotation marks, doubled inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from erpdesk.ui.voucher.line_model import LineModel

_BREAKS = ("\t", "\n", "\r")
_PLAIN = re.compile(r"[^\t\n\r]*")


def cells_text(model: LineModel, rows: Iterable[int], columns: Sequence[int]) -> str:
    """The cells of these rows and columns."""
    return "".join("\t".join(cell_as_text(model, row, column) for column in columns) + "\n" for row in rows)


def cell_as_text(model: LineModel, row: int, column: int) -> str:
    """One cell, as it can be pasted again."""
    field, line = model.columns[column], model.lines[row]
    raw = line.values.get(field.key, line.shown.get(field.key))
    return _quoted(text_of(raw))


def text_of(raw: Any) -> str:
    """A value as text that can be read again."""
    if isinstance(raw, bool):
        return "Yes" if raw else "No"
    return ", ".join(map(text_of, raw)) if isinstance(raw, list | tuple) else "" if raw is None else str(raw)


def _quoted(text: str) -> str:
    if text.startswith('"') or any(one in text for one in _BREAKS):
        return '"' + text.replace('"', '""') + '"'
    return text


def is_one_value(text: str) -> bool:
    """Whether it is a single cell, which goes where the cursor is as text does."""
    rows = cells_of(text, 2)
    return len(rows) <= 1 and all(len(row) <= 1 for row in rows) and not text.startswith('"')


def cells_of(text: str, most_rows: int) -> list[list[str]]:
    """The cells of a text, reading at most so many rows; the line break after the last row begins no other."""
    rows: list[list[str]] = []
    place, end = 0, len(text)
    while place < end and len(rows) < most_rows:
        row: list[str] = []
        while True:
            cell, place = _cell(text, place)
            row.append(cell)
            if place >= end or text[place] != "\t":
                break
            place += 1
        rows.append(row)
        place += 2 if text.startswith("\r\n", place) else 1
    return rows


def _cell(text: str, place: int) -> tuple[str, int]:
    if text.startswith('"', place):
        end = place + 1
        while (end := text.find('"', end)) >= 0:
            if not text.startswith('""', end):
                break
            end += 2
        if end >= 0 and (end + 1 == len(text) or text[end + 1] in _BREAKS):
            return text[place + 1:end].replace('""', '"'), end + 1
    found = _PLAIN.match(text, place)
    end = found.end() if found is not None else place
    return text[place:end], end
