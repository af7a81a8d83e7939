"""What can be done with cells of a grid: mark a block of them, copy, cut, empty, and paste from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from erpdesk.ui.editors.base import FieldEditor
from erpdesk.ui.keys.profile import chord_of, key_profile
from erpdesk.ui.voucher.cell_block import CellBlock, GridOfCells
from erpdesk.ui.voucher.cells_as_text import cell_as_text, cells_text, is_one_value, text_of
from erpdesk.ui.voucher.pasting import read_pasted
from erpdesk.ui.words import say

_EMPTYING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class CellActions:
    """The actions on the cells of one grid, by the names that key profiles use."""

    def __init__(self, grid: GridOfCells) -> None:
        self._grid = grid
        self.block = CellBlock(grid)
        self._actions: dict[str, Callable[[], bool]] = {
            "mark_up": lambda: self._extend(-1, 0), "mark_down": lambda: self._extend(1, 0),
            "mark_left": lambda: self._extend(0, -1), "mark_right": lambda: self._extend(0, 1),
            "mark_line": self._mark_line, "copy": self.copy, "cut": self.cut, "paste": self.paste,
        }

    def perform(self, action: str) -> bool:
        """Do it; False where the key means something for the text that is being typed."""
        done = self._actions.get(action)
        return done is not None and self._grid.here()[0] >= 0 and done()

    def take_key(self, event: QKeyEvent) -> bool:
        """A press while cells are marked: Esc ends it, Delete empties them; any other is typed into the cell."""
        if not self.block.is_open or event.key() in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._leave_block()
            return True
        if event.key() in _EMPTYING and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._empty()
            return True
        chord = chord_of(event)
        if len(chord) > 1 and key_profile().actions(chord):
            return False
        self._leave_block()
        editor = self._grid.open_editor
        if editor is None or not event.text().isprintable() or not event.text():
            return False
        QApplication.sendEvent(editor, event)
        return True

    def _leave_block(self) -> None:
        row, key = self._grid.here()
        self.block.end()
        self._grid.enter(row, key)

    @property
    def _types_text(self) -> bool:
        """Whether the text in the open editor is meant, not its cell."""
        editor = self._grid.open_editor
        return editor is not None and not editor.is_untouched

    def _extend(self, down: int, right: int) -> bool:
        if right and self._types_text:
            return False
        self.block.extend(down, right)
        return True

    def _mark_line(self) -> bool:
        if self._types_text:
            return False
        self.block.mark_rows()
        return True

    # The clipboard

    def copy(self) -> bool:
        """The marked cells; else the text picked out, the cell's value if it is all of it; else the whole line."""
        editor, lines = self._grid.open_editor, self._grid.lines
        if self.block.is_open:
            rows = self.block.rows
            QApplication.clipboard().setText(cells_text(lines, rows, self.block.columns))
            self._grid.said.emit(say("{count} lines copied", count=len(rows)))
        elif editor is None:
            row, key = self._grid.here()
            QApplication.clipboard().setText(cell_as_text(lines, row, lines.column_of[key]))
        elif self._picks_nothing:
            self._copy_line()
        elif not editor.is_untouched:
            editor.copy()
        else:
            QApplication.clipboard().setText(text_of(editor.raw))
        return True

    def _copy_line(self) -> None:
        self._grid.commit()
        row, _ = self._grid.here()
        header = self._grid.horizontalHeader()
        columns = [header.logicalIndex(place) for place in range(len(self._grid.lines.columns))]
        QApplication.clipboard().setText(cells_text(self._grid.lines, (row,), columns))
        self._grid.said.emit(say("{count} lines copied", count=1))

    @property
    def _picks_nothing(self) -> bool:
        """Whether no text is picked out in the open editor."""
        editor = self._grid.open_editor
        return isinstance(editor, FieldEditor) and not editor.selectedText()

    def paste_text(self) -> bool:
        """What is on the clipboard goes into the text of the open cell."""
        editor = self._grid.open_editor
        if editor is not None:
            editor.paste()
        return editor is not None

    def cut(self) -> bool:
        """Copy, and take the marked cells' values away; without a block the text that is picked out, or the line."""
        if self.block.is_open:
            self.copy()
            self._empty()
            return True
        if not self._picks_nothing:
            editor = self._grid.open_editor
            if editor is not None:
                editor.cut()
            return editor is not None
        self._copy_line()
        return self._grid.perform("remove_line")

    def _empty(self) -> None:
        """Take away what is typed in the marked cells."""
        model, block = self._grid.lines, self.block
        rows, columns = block.rows, block.columns
        for row in rows:
            for column in columns:
                field = model.columns[column]
                if model.may_type(row, field):
                    model.put(row, field.key, None)
        self._leave_block()

    def paste(self) -> bool:
        """Put the cells of the clipboard here and to the right and below; one value is text in the open cell."""
        text = QApplication.clipboard().text()
        if not text.strip():
            return False
        if is_one_value(text) and self._grid.open_editor is not None:
            return self.paste_text()
        grid, block = self._grid, self.block
        row, key = grid.here()
        top = block.rows[0]
        header = grid.horizontalHeader()
        first = min(header.visualIndex(column) for column in block.columns)
        columns = [header.logicalIndex(place) for place in range(first, len(grid.lines.columns))]
        block.end()
        grid.close_cell()
        grid.settle()
        pasted = read_pasted(text, grid.lines, top, columns)
        if not pasted.problems:
            grid.lines.put_lines(top, pasted.lines)
        grid.enter(row, key)
        (grid.not_accepted if pasted.problems else grid.said).emit(pasted.word)
        return True

