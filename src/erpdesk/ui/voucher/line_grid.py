"""A line grid: the table of a voucher's lines, in which the current cell is always ready for typing.

The cursor passes the stops of each row in the order of the key path; at the end of a row it goes to the next,
and Enter on a blank row leaves the grid (`finished`). `left_back` says that it went back before the first cell.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QWidget,
)

from erpdesk.blueprints.fields import Field
from erpdesk.ui.editors.base import (
    FORWARD_KEYS,
    FieldEditor,
    can_be_taken,
    is_unreadable,
    keeps_cursor,
    lets_cursor_go,
)
from erpdesk.ui.editors.registry import Editor
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher import sides
from erpdesk.ui.voucher.cell_actions import CellActions
from erpdesk.ui.voucher.column_actions import ColumnActions
from erpdesk.ui.voucher.line_actions import LineActions
from erpdesk.ui.voucher.line_delegate import LineDelegate
from erpdesk.ui.voucher.line_model import LineModel
from erpdesk.ui.voucher.lined_table import LinedTable

_WITH = (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
         | Qt.KeyboardModifier.ControlModifier)
_LEAVING = ("insert_line", "duplicate_line", "move_line_up", "move_line_down")
"""What leaves the open cell before it moves lines."""
_ARROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class LineGrid(LinedTable):
    """A grid of lines. `cell_entered` tells row and field key of the cell that the cursor is in."""

    key_context = "grid"
    finished = Signal()
    left_back = Signal()
    cell_entered = Signal(int, str)
    cell_accepted = Signal(int, str)
    not_accepted = Signal(str)
    said = Signal(str)
    settled = Signal()
    details_wanted = Signal(int)

    def __init__(self, model: LineModel, object_name: str, parent: QWidget | None = None, *,
                 is_mirror: bool = False) -> None:
        super().__init__(model, parent)
        self.is_mirror = is_mirror
        self.is_locked = is_mirror
        self._editor: Editor | None = None
        self._moving = False
        self.opens_details: Callable[[int, str], bool] = lambda _row, _key: False
        self.actions_on_lines = LineActions(self)
        self.actions_on_cells = CellActions(self)
        self.setObjectName(object_name)
        self.setAccessibleName(model.grid.label)
        self.setItemDelegate(LineDelegate(model, self.adopt, self.editor_left, self.place_editor, self))
        self.actions_on_columns = ColumnActions(self)
        self.horizontalHeader().customContextMenuRequested.connect(self.actions_on_columns.show_menu)
        self.verticalHeader().setSectionsClickable(not is_mirror)
        self.verticalHeader().sectionPressed.connect(self._mark_row)
        if is_mirror:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        model.rowsInserted.connect(self._show_last)

    # The path

    def path(self) -> list[Field]:
        """The columns in the order of the key path."""
        numbered = enumerate(self.lines.columns)
        return [field for _, field in sorted(numbered, key=lambda pair: (pair[1].key_path.tab_order, pair[0]))]

    def stops(self, row: int) -> list[str]:
        """The keys of the fields where the cursor stops in a row."""
        return [field.key for field in self.path() if self.lines.is_stop(row, field)]

    def enter_first(self) -> bool:
        """Come in from before; False when there is nothing to stop at."""
        if self.is_locked:
            return False
        for row in range(len(self.lines.lines)):
            if stops := self.stops(row):
                return self.enter(row, stops[0])
        return False

    def enter_last(self) -> bool:
        """Come in from behind: the last stop of the last row that has one."""
        if self.is_locked:
            return False
        for row in reversed(range(len(self.lines.lines))):
            if stops := self.stops(row):
                blank = self.lines.grows and self.lines.lines[row].is_blank
                return self.enter(row, stops[0] if blank else stops[-1])
        return False

    def enter(self, row: int, key: str) -> bool:
        """Put the cursor into a cell, ready for typing."""
        if key not in self.lines.column_of or not 0 <= row < len(self.lines.lines):
            return False
        if self._keeps_cursor((row, key)):
            return True
        index = self.lines.index(row, self.lines.column_of[key])
        self.actions_on_cells.block.end()
        self._moving = True
        try:
            self.scrollTo(index)  # first: Qt moves what is painted, but not once a closed editor has left its mark
            self._close_editor()
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            if index.flags() & Qt.ItemFlag.ItemIsEditable and not self.is_locked:
                self.edit(index)
        finally:
            self._moving = False
        self.cell_entered.emit(row, key)
        return True

    def _keeps_cursor(self, wanted: tuple[int, str]) -> bool:
        """Whether what stands in the open cell or elsewhere in the window can't be taken; the cursor is there."""
        editor = self._editor
        if editor is None:
            return keeps_cursor(self)
        if (self.here() == wanted and is_unreadable(editor)) or not lets_cursor_go(editor):
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return keeps_cursor(self)

    def show_cell(self, index: QModelIndex) -> None:
        """Scroll until a cell is in sight."""
        self.scrollTo(index)

    def here(self) -> tuple[int, str]:
        """Row and field key of the current cell; row −1 for none."""
        index = self.currentIndex()
        return (index.row(), self.lines.columns[index.column()].key) if index.isValid() else (-1, "")

    def step_forward(self) -> None:
        """On to the next stop; from a blank row out of the grid."""
        row, key = self.here()
        if self.lines.grows and self.lines.lines[row].is_blank:
            self.commit()
            if self.lines.lines[row].is_blank:
                self.finished.emit()
                return
        stops = self._stops_around(row, key)
        later = stops[stops.index(key) + 1:]
        if later:
            self._arrive(row, later[0])
            return
        for following in range(row + 1, len(self.lines.lines)):
            if stops := self.stops(following):
                self.enter(following, stops[0])
                return
        self.finished.emit()

    def step_aside(self, by: int) -> bool:
        """To the next cell that can be typed into, a stop or not; False at the end of the row."""
        row, key = self.here()
        cells = [field.key for field in self.path() if row >= 0 and self.lines.may_type(row, field)]
        place = cells.index(key) + by if key in cells else -1
        return 0 <= place < len(cells) and self.enter(row, cells[place])

    def step_back(self) -> None:
        """Back to the stop before; from the first one out of the grid."""
        row, key = self.here()
        stops = self._stops_around(row, key)
        earlier = stops[:stops.index(key)]
        if earlier:
            self.enter(row, earlier[-1])
            return
        for previous in range(row - 1, -1, -1):
            if stops := self.stops(previous):
                self.enter(previous, stops[-1])
                return
        self.commit()
        self.left_back.emit()

    def _stops_around(self, row: int, key: str) -> list[str]:
        """The stops of a row, the present cell among them even if it is none; one side of a line is enough."""
        stops = [field.key for field in self.path()
                 if field.key == key or self.lines.is_stop(row, field)]
        if sides.has_sides(self.lines) and sides.figure(self.lines.lines[row], sides.DEBIT) and key != "credit":
            stops = [stop for stop in stops if stop != sides.CREDIT]
        return stops

    def _arrive(self, row: int, key: str) -> None:
        """Enter a cell on the way forward; a line without a side goes to the one that balances, its amount offered."""
        if key == sides.DEBIT and sides.wants_credit(self.lines, row):
            key = sides.CREDIT
        self.enter(row, key)
        self.actions_on_lines.propose_balance(row, key)

    # The editor

    def adopt(self, editor: Editor) -> None:
        """Listen to the editor of the current cell."""
        self._editor = editor
        editor.accepted.connect(self._accepted)
        editor.went_back.connect(self.step_back)
        editor.not_accepted.connect(self.not_accepted)

    @property
    def open_editor(self) -> Editor | None:
        """The editor of the current cell, while it is open."""
        return self._editor

    def commit(self) -> None:
        """What stands in the open editor goes into the line."""
        if self._editor is not None:
            self.commitData(self._editor)

    def editor_left(self, editor: QWidget) -> None:
        """The focus went elsewhere in the window."""
        if editor is self._editor and not self._moving:
            self._close_editor()

    def settle(self) -> None:
        """What was typed so far is a step of its own; what comes is the next."""
        self.settled.emit()

    def forget_typing(self) -> bool:
        """Have the value that was there before in the open editor again; whether anything else stood there."""
        editor = self._editor
        if editor is None:
            return False
        was_typed = editor.isModified()
        editor.set_raw(self.currentIndex().data(Qt.ItemDataRole.EditRole))
        if was_typed and isinstance(editor, FieldEditor):
            editor.selectAll()
        return was_typed

    def close_cell(self) -> None:
        """Close the open editor, keeping what stands in it; the focus stays with the grid."""
        self._moving = True
        try:
            self._close_editor()
        finally:
            self._moving = False

    def _close_editor(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _accepted(self) -> None:
        row, key = self.here()
        self.commit()
        self.cell_accepted.emit(row, key)
        if not self.opens_details(row, key):
            self.step_forward()

    # Events

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.actions_on_cells.take_key(event) or self._take_arrow(event):
            event.accept()
        elif event.key() in FORWARD_KEYS and self.here()[0] >= 0 and not self.is_locked:
            self.step_forward()
            event.accept()
        elif not route_key(self, event):
            event.ignore()

    def _take_arrow(self, event: QKeyEvent) -> bool:
        plain = event.key() in _ARROWS and not event.modifiers() & _WITH
        return plain and (not can_be_taken(self._editor) or self._move_rows(_ARROWS[Qt.Key(event.key())]))

    def _move_rows(self, by: int) -> bool:
        row, key = self.here()
        target = max(0, min(len(self.lines.lines) - 1, row + by))
        if row < 0 or (target == row and by > 0):
            return row >= 0
        if target == row:
            self.step_back_out()
            return True
        return self.enter(target, key)

    def step_back_out(self) -> None:
        """Up from the first row leaves the grid."""
        self.commit()
        self.left_back.emit()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._moving:
            return
        super().focusInEvent(event)
        if self.is_locked:
            return
        if self._editor is not None:
            self._editor.setFocus(event.reason())
            return
        row, key = self.here()
        if row < 0 or not self.enter(row, key):
            self.enter_first()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt paints the whole grid with every change of focus; between one cell's editor and the next it need not."""
        if not self._moving:
            super().focusOutEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.cell_at(event.position().toPoint())
        if not index.isValid() or self.is_mirror:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.here()[0] >= 0 and not self.is_locked:
            self.actions_on_cells.block.reach(index.row(), self.horizontalHeader().visualIndex(index.column()))
        else:
            self.enter(index.row(), self.lines.columns[index.column()].key)

    def _mark_row(self, row: int) -> None:
        """A row number was pressed: the row is marked, the cursor in it."""
        if not self.is_locked and self.enter(row, self.path()[0].key):
            self.actions_on_cells.block.mark_row(row)

    def _show_last(self, _parent: QModelIndex, first: int, _last: int) -> None:
        """Keep the new blank line in sight while the one above is typed."""
        if first == len(self.lines.lines) - 1 and self._editor is not None:
            self.scrollTo(self.lines.index(first, max(0, self.currentIndex().column())))

    # Actions

    def perform(self, action: str) -> bool:
        """Do an action of the grid's context."""
        if self.is_locked:
            return False
        if action == "line_details" and self.here()[0] >= 0:
            self.details_wanted.emit(self.here()[0])
            return True
        if action in _LEAVING and not can_be_taken(self._editor):
            return True
        return any(actions.perform(action) for actions in (
            self.actions_on_lines, self.actions_on_cells, self.actions_on_columns))

    def perform_chord(self, chord: str) -> bool:
        """Space turns debit and credit."""
        return chord == "Space" and self.actions_on_lines.flip_side()
