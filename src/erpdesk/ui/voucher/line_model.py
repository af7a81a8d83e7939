"""The lines of one grid as a table: one column a field, always one blank line more at the end.

`headerData(column, Horizontal, UserRole)` is the field's key. A value that can't be read stands as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.schema import Grid
from erpdesk.blueprints.states import HEADER_PREFIX, field_state, typed_or_none
from erpdesk.domain.results import Fault
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import with_own_keys
from erpdesk.ui.overriding import override
from erpdesk.ui.voucher.defaults import fill_defaults
from erpdesk.ui.voucher.draft import Line, LineState
from erpdesk.ui.voucher.showing import cell_text, is_right

AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
KEY_ROLE = int(Qt.ItemDataRole.UserRole)
_ROLE = Qt.ItemDataRole
CELL_ALIGNMENT = {True: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                  False: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter}
_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_TYPED_INTO = _READ | Qt.ItemFlag.ItemIsEditable
_SHOWN_TYPES = (FieldType.COMPUTED, FieldType.LABEL)


class LineModel(QAbstractTableModel):
    """`edited(row, key)` says that a value was typed; `lines` is shared with the draft."""

    edited = Signal(int, str)

    def __init__(self, grid: Grid, lines: list[Line], header: Line, surroundings: Surroundings,
                 parent: QObject | None = None, *, grows: bool = True) -> None:
        super().__init__(parent)
        self.grid = grid
        self.columns: tuple[Field, ...] = grid.columns
        self.column_of = {field.key: number for number, field in enumerate(self.columns)}
        self.lines, self.is_narrowed = lines, False
        self.header_line = header
        self.surroundings = surroundings
        self.header_fields: Mapping[str, Field] = {}
        self.grows = grows
        if grows and (not lines or not lines[-1].is_blank):
            lines.append(Line())

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.lines)

    @override
    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == _ROLE.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        field = self.columns[section]
        if role == KEY_ROLE:
            return field.key
        if role == _ROLE.DisplayRole:
            return field.label
        if role == _ROLE.ToolTipRole:
            return with_own_keys(field.ui.help) or None
        return CELL_ALIGNMENT[is_right(field)] if role == _ROLE.TextAlignmentRole else None

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        field, line = self.columns[index.column()], self.lines[index.row()]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return self.text(index.row(), field)
        if role == _ROLE.EditRole:
            return line.values.get(field.key)
        if role == _ROLE.TextAlignmentRole:
            return CELL_ALIGNMENT[is_right(field)]
        if role == _ROLE.ToolTipRole and (fault := line.faults.get(field.key)) is not None:
            return say_fault(fault)
        return None

    @override
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _TYPED_INTO if self.may_type(index.row(), self.columns[index.column()]) else _READ

    @override
    def setData(self, index: AnyIndex, value: Any, role: int = _ROLE.EditRole) -> bool:
        if not index.isValid() or role != _ROLE.EditRole:
            return False
        self.put(index.row(), self.columns[index.column()].key, value)
        return True

    def text(self, row: int, field: Field) -> str:
        """What a cell shows: computed, typed, or taken over from the header."""
        line = self.lines[row]
        raw = line.shown.get(field.key) if field.field_type in _SHOWN_TYPES else line.values.get(field.key)
        if raw in (None, "") and not line.is_blank:
            raw = self.inherited(field)
        return cell_text(field, raw, self.surroundings)

    def inherited(self, field: Field) -> Any:
        """What the header says where the line says nothing: its warehouse, say."""
        return self.header_line.values.get(field.key) if field.key_path.skip_when_certain else None

    def whole_of(self, row: int, field: Field) -> Decimal | None:
        """What a percentage typed into a cell is taken of."""
        return None

    def may_type(self, row: int, field: Field) -> bool:
        """Whether a cell can be typed into: not one that is hidden or locked by what stands around it."""
        if field.field_type in _SHOWN_TYPES or not field.rules:
            return not field.ui.readonly and field.field_type not in _SHOWN_TYPES
        state = field_state(field, lambda key: self._typed(row, key))
        return state.visible and not state.readonly

    def _typed(self, row: int, key: str) -> Any:
        """The typed value of a field of the row, or of the header's as `header.party`; None where it can't be read."""
        name = key.removeprefix(HEADER_PREFIX)
        field, line = ((self.header_fields.get(name), self.header_line) if key != name
                       else (self.grid.field(key), self.lines[row]))
        return typed_or_none(field, line.values.get(name)) if field is not None else None

    def is_stop(self, row: int, field: Field) -> bool:
        """Whether the cursor stops here on its way: not where nothing can be typed or the default is certain."""
        if not self.may_type(row, field) or not field.ui.tab_stop:
            return False
        line = self.lines[row]
        if field.key in line.faults:
            return True
        if not self._is_asked_for(line, field):
            return False
        if not field.key_path.skip_when_certain:
            return True
        if field.key in line.values:
            return field.key not in line.certain
        return (field.required or field.default is not None) and self.inherited(field) in (None, "")

    def _is_asked_for(self, line: Line, field: Field) -> bool:
        """Whether the row's master wants the field: a batch for an item that has batches."""
        only_for = field.key_path.only_for
        if only_for is None:
            return True
        other = self.grid.field(only_for.field)
        code = line.values.get(only_for.field)
        if other is None or other.lookup is None or not code:
            return False
        master = self.surroundings.lookups.row(str(other.lookup.kind), str(code))
        value = master.attributes.get(only_for.attribute) if master is not None else None
        return (str(value).lower() if isinstance(value, bool) else str(value)) in only_for.values

    def put(self, row: int, key: str, raw: Any) -> None:
        """A typed value: defaults follow, a blank line is added when the last one is used."""
        line = self.lines[row]
        raw = None if raw == "" else raw
        if line.values.get(key) == raw and key not in line.certain:
            return
        line.put(key, raw)
        line.faults.pop(key, None)
        if line.is_blank:
            line.forget_certain()
        else:
            fill_defaults(self.grid.fields, line, self.header_line, self.surroundings)
            self._repeat_from_above(row)
        self._row_changed(row)
        if self.grows and row == len(self.lines) - 1 and not line.is_blank:
            self.insert_line(len(self.lines))
        self.edited.emit(row, key)

    def end_growing(self) -> None:
        """Nothing is typed here any more: the blank line at the end goes."""
        if self.grows and self.lines and self.lines[-1].is_blank:
            self._remove(len(self.lines) - 1, len(self.lines))
        self.grows = False

    def _repeat_from_above(self, row: int) -> None:
        """What the fields that repeat hold in the row above, where nothing stands yet."""
        for field in self.grid.fields if row > 0 else ():
            if field.key_path.repeat_from_above and field.key not in self.lines[row].values:
                self.lines[row].supply(field.key, self.lines[row - 1].values.get(field.key))

    def insert_line(self, row: int, line: Line | None = None) -> None:
        """A line before `row`."""
        self.beginInsertRows(QModelIndex(), row, row)
        self.lines.insert(row, line or Line())
        self.endInsertRows()

    def remove_line(self, row: int) -> None:
        """Take a line out; the last blank one stays."""
        if len(self.lines) - 1 == row and self.lines[row].is_blank:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self.lines[row]
        self.endRemoveRows()
        self.edited.emit(min(row, len(self.lines) - 1), "")

    def move_line(self, row: int, to: int) -> bool:
        """Take a line to another row; False where there is none to take or no room. The blank last one stays."""
        last = len(self.lines) - 2
        if not self.grows or row == to or not 0 <= row <= last or not 0 <= to <= last:
            return False
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), to + 1 if to > row else to)
        self.lines.insert(to, self.lines.pop(row))
        self.endMoveRows()
        self.edited.emit(to, "")
        return True

    def put_lines(self, row: int, lines: Sequence[Line]) -> None:
        """The values of many lines at once from `row` on; rows are added for those that go beyond the end."""
        room = len(self.lines) - row
        for line, wanted in zip(self.lines[row:], lines, strict=False):
            line.become(wanted.values, wanted.certain)
            line.faults.clear()
        self._rows_changed(row, row + min(room, len(lines)) - 1)
        more = list(lines[room:])
        if self.grows and not (more or self.lines)[-1].is_blank:
            more.append(Line())
        self._insert(len(self.lines), more)
        self.edited.emit(row, "")

    def stand(self, states: Sequence[LineState]) -> None:
        """Have exactly these lines with these values; only rows that differ are touched."""
        wanted = [state.line for state in states]
        first = _alike(self.lines, wanted)
        last = _alike(self.lines[first:][::-1], wanted[first:][::-1])
        self._remove(first, len(self.lines) - last)
        self._insert(first, wanted[first:len(wanted) - last])
        for row, state in enumerate(states):
            if not state.holds:
                state.line.become(state.values, state.certain)
                state.line.faults.clear()
                self._row_changed(row)

    def _insert(self, row: int, lines: Sequence[Line]) -> None:
        if lines:
            self.beginInsertRows(QModelIndex(), row, row + len(lines) - 1)
            self.lines[row:row] = lines
            self.endInsertRows()

    def _remove(self, first: int, end: int) -> None:
        if end > first:
            self.beginRemoveRows(QModelIndex(), first, end - 1)
            del self.lines[first:end]
            self.endRemoveRows()

    def replace_lines(self, lines: Iterable[Line]) -> None:
        """All lines anew."""
        self.beginResetModel()
        self.lines[:] = [*lines, *([Line()] if self.grows else [])]
        self.endResetModel()

    def show_lines(self, lines: list[Line], *, is_narrowed: bool = False) -> None:
        """Other lines are the ones of the grid, shared from now on; with a blank one at the end where it grows.
        `is_narrowed` says that a search found them in a longer list."""
        self.beginResetModel()
        self.lines, self.is_narrowed = lines, is_narrowed
        if self.grows and (not lines or not lines[-1].is_blank):
            lines.append(Line())
        self.endResetModel()

    def show_figures(self, key: str, figures: Sequence[str]) -> None:
        """Computed figures of a column, one a line that counts, in order."""
        if key not in self.column_of:
            return
        number, column = 0, self.column_of[key]
        first = last = -1
        for row, line in enumerate(self.lines):
            figure = ""
            if not line.is_blank:
                figure = figures[number] if number < len(figures) else ""
                number += 1
            if line.shown.get(key, "") != figure:
                line.shown[key] = figure
                first, last = row if first < 0 else first, row
        if first >= 0:
            self.dataChanged.emit(self.index(first, column), self.index(last, column))

    def mark(self, faults: Mapping[tuple[int, str], Fault]) -> None:
        """Mark exactly these faults; keys are row and field key."""
        for row, line in enumerate(self.lines):
            found = {key: fault for (at, key), fault in faults.items() if at == row}
            if found != line.faults:
                line.faults = found
                self._row_changed(row)

    def counted_rows(self) -> list[int]:
        """The rows that stand in the document, in its order."""
        return [row for row, line in enumerate(self.lines) if not line.is_blank]

    def fill_again(self) -> None:
        """The header has changed: what nobody typed follows it."""
        for row, line in enumerate(self.lines):
            if not line.is_blank and fill_defaults(self.grid.fields, line, self.header_line, self.surroundings):
                self._row_changed(row)

    def refresh(self) -> None:
        """Names of masters may have arrived."""
        if self.lines and self.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, len(self.columns) - 1),
                                  [_ROLE.DisplayRole])

    def _row_changed(self, row: int) -> None:
        self._rows_changed(row, row)

    def _rows_changed(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))


def _alike(here: Sequence[Line], wanted: Sequence[Line]) -> int:
    """How many lines are the same ones from the beginning."""
    pairs = enumerate(zip(here, wanted, strict=False))
    return next((number for number, (one, other) in pairs if one is not other), min(len(here), len(wanted)))
