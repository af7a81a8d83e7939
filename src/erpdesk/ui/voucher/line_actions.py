"""What can be done with the line under the cursor: remove, insert, copy from above, balance, turn its side."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Protocol

from erpdesk.blueprints.fields import Field
from erpdesk.ui.editors.registry import Editor
from erpdesk.ui.voucher import sides
from erpdesk.ui.voucher.draft import Line
from erpdesk.ui.voucher.line_model import LineModel

_FOR_GROWING = ("remove_line", "insert_line", "duplicate_line", "move_line_up", "move_line_down", "copy_row_above")
"""What makes no sense where the lines are given, as those of charges are."""


class GridOfLines(Protocol):
    """What the actions need of the grid that they act in."""

    lines: LineModel

    @property
    def open_editor(self) -> Editor | None: ...
    def here(self) -> tuple[int, str]: ...
    def path(self) -> list[Field]: ...
    def enter(self, row: int, key: str) -> bool: ...
    def step_aside(self, by: int) -> bool: ...
    def enter_first(self) -> bool: ...
    def step_forward(self) -> None: ...
    def settle(self) -> None: ...
    def commit(self) -> None: ...
    def close_cell(self) -> None: ...


class LineActions:
    """The actions of one grid, by the names that key profiles use."""

    def __init__(self, grid: GridOfLines) -> None:
        self._grid = grid
        self._actions: dict[str, Callable[[], object]] = {
            "remove_line": self.remove_line, "insert_line": self.insert_line,
            "copy_cell_above": self.copy_cell_above, "copy_row_above": self.copy_row_above,
            "duplicate_line": self.duplicate_line, "move_line_up": lambda: self.move_line(-1),
            "move_line_down": lambda: self.move_line(1),
            "balance_line": self.balance_line, "first_cell": self.first_cell, "last_cell": self.last_cell,
            "next_field": lambda: self._step_aside(1), "previous_field": lambda: self._step_aside(-1),
        }

    def perform(self, action: str) -> bool:
        """Do it, if the cursor is in a line and the grid knows the action."""
        done = self._actions.get(action)
        if done is None or self._grid.here()[0] < 0 or self._is_fixed(action):
            return False
        return done() is not False

    def _is_fixed(self, action: str) -> bool:
        return not self._grid.lines.grows and action in _FOR_GROWING

    def remove_line(self) -> None:
        """The cursor stays in its column, in the line that moved up."""
        row, key = self._grid.here()
        editor = self._grid.open_editor
        if editor is not None:
            editor.set_raw(None)
        self._leave_editor()
        self._grid.lines.remove_line(row)
        self._grid.enter(min(row, len(self._grid.lines.lines) - 1), key)

    def insert_line(self) -> None:
        """A blank line above this one."""
        row, _ = self._grid.here()
        self._leave_editor()
        self._grid.settle()
        self._grid.lines.insert_line(row)
        self._grid.enter(row, self._grid.path()[0].key)

    def duplicate_line(self) -> bool:
        """The same line once more below this one, the cursor in it; a blank line has nothing to repeat."""
        row, key = self._grid.here()
        self._leave_editor()
        self._grid.settle()
        line = self._grid.lines.lines[row]
        if not line.is_blank:
            self._grid.lines.insert_line(row + 1, Line(deepcopy(line.values), set(line.certain)))
            self._grid.lines.edited.emit(row + 1, "")
        self._grid.enter(row if line.is_blank else row + 1, key)
        return True

    def move_line(self, by: int) -> bool:
        """The line, cursor and all, one row up or down; at the end of the lines it stays."""
        row, key = self._grid.here()
        self._leave_editor()
        self._grid.settle()
        moved = self._grid.lines.move_line(row, row + by)
        self._grid.enter(row + by if moved else row, key)
        return True

    def copy_cell_above(self) -> None:
        """The value above, and on."""
        row, key = self._grid.here()
        if row > 0:
            self._put(row, key, self._grid.lines.lines[row - 1].values.get(key))
            self._grid.step_forward()

    def copy_row_above(self) -> None:
        """Every value above."""
        row, key = self._grid.here()
        if row > 0:
            self._leave_editor()
            for name, raw in dict(self._grid.lines.lines[row - 1].values).items():
                self._grid.lines.put(row, name, raw)
            self._grid.enter(row, key)

    def balance_line(self) -> None:
        """The amount that balances the voucher, on the side where it is missing."""
        row, _ = self._grid.here()
        model = self._grid.lines
        if sides.has_sides(model):
            side, amount = sides.missing(model, row)
            if side:
                self._leave_editor()
                sides.put_side(model, row, side, amount)
                self._grid.enter(row, side)

    def flip_side(self) -> bool:
        """Move the amount to the other side, cursor and all."""
        row, key = self._grid.here()
        model = self._grid.lines
        if row < 0 or not sides.has_sides(model) or key not in (sides.DEBIT, sides.CREDIT):
            return False
        self._grid.commit()
        self._leave_editor()
        self._grid.enter(row, sides.flip(model, row, key))
        self.propose_balance(row, self._grid.here()[1])
        return True

    def propose_balance(self, row: int, key: str) -> None:
        """Stand the balancing amount in an empty side, all selected, to be taken by Enter or typed over."""
        model, editor = self._grid.lines, self._grid.open_editor
        if editor is None or not sides.has_sides(model) or key not in (sides.DEBIT, sides.CREDIT):
            return
        line = model.lines[row]
        if sides.figure(line, sides.DEBIT) or sides.figure(line, sides.CREDIT):
            return
        side, amount = sides.missing(model, row)
        if side == key:
            editor.set_raw(amount)
            editor.selectAll()

    def first_cell(self) -> None:
        """The first stop of the grid."""
        self._grid.enter_first()

    def last_cell(self) -> None:
        """The last row."""
        self._grid.enter(len(self._grid.lines.lines) - 1, self._grid.here()[1])

    def _step_aside(self, by: int) -> bool:
        """The next field, or the one before, also where the cursor would pass by; False at the row's ends."""
        return self._grid.step_aside(by)

    def _put(self, row: int, key: str, raw: object) -> None:
        editor = self._grid.open_editor
        if editor is not None:
            editor.set_raw(raw)
        self._grid.lines.put(row, key, raw)

    def _leave_editor(self) -> None:
        """Close the cell's editor before the table changes under it."""
        self._grid.close_cell()

