"""Pasting into a line grid: cells of a spreadsheet are read as if typed, all of them or none.

Each column's own editor reads its cells; a master is taken by its code or whole name only, never by a likeness.
What can't be read is said by line and column, and then nothing has changed. At most MOST_LINES lines at a time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.values import TYPE_RULES
from erpdesk.ui.editors.area import TextAreaEditor
from erpdesk.ui.editors.base import NotAccepted
from erpdesk.ui.editors.exact import read_exactly
from erpdesk.ui.editors.listed import LookupEditor
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.editors.unstorable import unstorable_in
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.voucher.cells_as_text import cells_of
from erpdesk.ui.voucher.defaults import fill_defaults
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_model import LineModel
from erpdesk.ui.words import say

MOST_LINES = 1000
_BRACKETED = re.compile(r"\(\s*[\d.,]+\s*\)")
_SHOWN_IN_A_WORD = 30


@dataclass(slots=True)
class Pasted:
    """What a text became: the lines as they will stand, the columns passed over, and what couldn't be read."""

    lines: list[Line] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        """What to tell the clerk."""
        if self.problems:
            if len(self.problems) == 1:
                return say("Nothing was pasted. {problem}", problem=self.problems[0])
            return say("Nothing was pasted. {problem} (and {count} more)", problem=self.problems[0],
                       count=len(self.problems) - 1)
        if self.passed:
            return say("{count} lines pasted; left out, as it can't be typed: {columns}", count=len(self.lines),
                       columns=", ".join(self.passed))
        return say("{count} lines pasted", count=len(self.lines))


def read_pasted(text: str, model: LineModel, top: int, columns: Sequence[int]) -> Pasted:
    """Read a text for the cells from row `top` on and these columns of the model, left to right."""
    rows = cells_of(text, MOST_LINES + 1)
    problem = _too_much(rows, text, model, top, columns)
    if problem:
        return Pasted(problems=[problem])
    width = max(map(len, rows), default=0)
    reader = _Reader(model, [model.columns[column] for column in columns[:width]])
    try:
        return reader.read(rows, top)
    finally:
        reader.close()


def _too_much(rows: list[list[str]], text: str, model: LineModel, top: int, columns: Sequence[int]) -> str:
    if len(rows) > MOST_LINES:
        lines = text.count("\n") or text.count("\r")
        return say("{lines} lines are more than can be pasted at a time ({most}); paste them in parts",
                   lines=f"{lines:,}", most=f"{MOST_LINES:,}")
    for number, row in enumerate(rows):
        beyond = [cell for cell in row[len(columns):] if cell.strip()]
        if beyond:
            return say("Line {line} has {cells} cells; from here on there are {columns} columns",
                       line=top + number + 1, cells=len(row), columns=len(columns))
    if not model.grows and top + len(rows) > len(model.lines):
        return say("There are {room} rows from here on, and {rows} to paste", room=len(model.lines) - top,
                   rows=len(rows))
    room = len(model.lines) - top - model.lines[-1].is_blank
    if model.is_narrowed and 0 < room < len(rows):
        return say("Of the rows found {room} stand from here on, and there are {rows} to paste; {key} shows all rows",
                   room=room, rows=len(rows), key=key_name("master", "cancel_master"))
    return ""


class _Reader:
    """Reads cells with one editor a column, which nobody sees."""

    def __init__(self, model: LineModel, fields: Sequence[Field]) -> None:
        self._model = model
        self._fields = fields
        self._editors: dict[str, Editor] = {one.key: make_editor(one, model.surroundings) for one in fields}
        self._found: dict[tuple[str, str, str], Any] = {}
        self._pasted = Pasted()

    def read(self, rows: Sequence[Sequence[str]], top: int) -> Pasted:
        """All rows; masters and texts of a row before its figures, whose decimals hang on them."""
        figures = [pair for pair in enumerate(self._fields) if TYPE_RULES[pair[1].field_type].numeric]
        others = [pair for pair in enumerate(self._fields) if pair not in figures]
        for number, cells in enumerate(rows):
            row = top + number
            known = self._model.lines[row] if row < len(self._model.lines) else Line()
            line = Line(dict(known.values), set(known.certain), known.shown)
            for part in (others, figures):
                for place, one in part:
                    if place < len(cells):
                        self._read_cell(row, line, one, cells[place])
                self._fill(line)
            self._pasted.lines.append(line)
        return self._pasted

    def _read_cell(self, row: int, line: Line, one: Field, cell: str) -> None:
        if not self._model.may_type(min(row, len(self._model.lines) - 1), one):
            if cell.strip() and one.label not in self._pasted.passed:
                self._pasted.passed.append(one.label)
            return
        try:
            raw = self._value(line, one, cell)
        except NotAccepted as problem:
            shown = cell.strip()[:_SHOWN_IN_A_WORD]
            self._pasted.problems.append(say("Line {line}, {column}, “{cell}”: {problem}", line=row + 1,
                                             column=one.label, cell=shown, problem=problem))
            return
        if line.values.get(one.key) != raw:
            line.put(one.key, raw)

    def _value(self, line: Line, one: Field, cell: str) -> Any:
        if not cell.strip():
            return None
        if TYPE_RULES[one.field_type].numeric:
            return self._figure(line, one, cell)
        editor = self._editors[one.key]
        self._put_beside(editor, line)
        known = (one.key, editor.place if isinstance(editor, LookupEditor) else "", cell)
        if known not in self._found:
            self._found[known] = self._read(one, cell)
        return self._found[known]

    def _figure(self, line: Line, one: Field, cell: str) -> Any:
        if _BRACKETED.fullmatch(cell.strip()):
            raise NotAccepted(say("in brackets it may be less than zero; write it with a minus"))
        self._put_beside(self._editors[one.key], line)
        return self._read(one, cell)

    def _put_beside(self, editor: Editor, line: Line) -> None:
        header: Mapping[str, Any] = self._model.header_line.values
        editor.beside = lambda key: line.values.get(key) or header.get(key)

    def _read(self, one: Field, cell: str) -> Any:
        if unstorable_in(cell):
            raise NotAccepted(say("it holds characters that can't be kept"))
        editor = self._editors[one.key]
        if isinstance(editor, TextAreaEditor):
            return cell.strip() or None
        longest = editor.maxLength()
        if len(cell) > longest:
            raise NotAccepted(say("at most {count} characters can stand here", count=longest))
        return read_exactly(editor, cell)

    def _fill(self, line: Line) -> None:
        if line.is_blank:
            line.forget_certain()
            return
        fill_defaults(self._model.grid.fields, line, self._model.header_line, self._model.surroundings)

    def close(self) -> None:
        """The editors aren't needed any more."""
        for editor in self._editors.values():
            editor.deleteLater()


