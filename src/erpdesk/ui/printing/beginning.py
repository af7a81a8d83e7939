"""The beginning of a long page: as many of its rows as surely fill the first sheet, laid out before all the others.

A sheet is filled by what stands before its end, so that the first one is the same whether ten rows follow or ten
thousand; but only where the columns have set widths, for those of other tables depend on their widest cell. How many
sheets there are isn't known by then: the sheet says so with an ellipsis.
"""

from __future__ import annotations

import re
from dataclasses import replace

from erpdesk.services.printing import PrintPage

ROWS = 120
"""Rows that are more than one sheet whatever is in them: a row is at least one line high."""
_TAG = re.compile(r"<(/?)(table|tr)\b", re.IGNORECASE)
_CELL = re.compile(r"<t[hd]\b[^>]*>", re.IGNORECASE)
_WIDTH = re.compile(r"\bwidth\s*=", re.IGNORECASE)
_CLOSED = "</table></body></html>"
_UNKNOWN = "…"


def beginning(page: PrintPage) -> PrintPage | None:
    """The page with no more than the first rows of its long table; None where it has none with columns of set width."""
    cut = _end_of_rows(page.html)
    if cut is None:
        return None
    return replace(page, html=page.html[:cut] + _CLOSED, counting=page.counting.replace("{pages}", _UNKNOWN))


def _end_of_rows(html: str) -> int | None:
    """Where the row after the first `ROWS` of a table begins that isn't inside of another."""
    depth, rows, first = 0, 0, 0
    for tag in _TAG.finditer(html):
        closes, name = bool(tag[1]), tag[2].lower()
        if name == "table":
            depth += -1 if closes else 1
            rows = 0 if depth == 1 and not closes else rows
        elif depth == 1 and not closes:
            rows += 1
            first = tag.start() if rows == 1 else first
            if rows == 2 and not _has_widths(html[first:tag.start()]):
                rows = -len(html)
            if rows > ROWS:
                return tag.start()
    return None


def _has_widths(row: str) -> bool:
    cells = _CELL.findall(row)
    return bool(cells) and all(_WIDTH.search(cell) for cell in cells)
