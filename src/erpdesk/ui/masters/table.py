"""The masters at hand as a table: a mark, then the columns that the form of the kind names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.master_forms import ACTIVE, MasterForm
from erpdesk.services.master_pages import MasterRow
from erpdesk.ui.configured_words import field_in_language
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.masters.tree import Shape
from erpdesk.ui.overriding import override
from erpdesk.ui.registers.stretch import Stretch
from erpdesk.ui.reports.fixed_columns import AnyIndex
from erpdesk.ui.role_words import role_word
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.voucher.showing import cell_text, is_right
from erpdesk.ui.words import say

_ROLE = Qt.ItemDataRole
MARK = "mark"
_MARKED, _OPEN, _FOLDED, _STEP = "✓", "▾ ", "▸ ", "    "
Name = tuple[str, str]


class MasterTable(Stretch):
    """`marked` are the names of the masters that are marked, in sight or not."""

    def __init__(self, form: MasterForm, surroundings: Surroundings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._surroundings = surroundings
        self._fields = [field_in_language(form.column(key)) for key in form.columns]
        self.columns = ((MARK, ""), *((field.key, _heading(field)) for field in self._fields))
        self.figures = frozenset(field.key for field in self._fields if is_right(field))
        self._tree_key = form.code_key if form.parent is not None else ""
        self._shapes: Sequence[Shape] = ()
        self.marked: set[Name] = set()

    @property
    @override
    def rows(self) -> Sequence[MasterRow]:
        return self._rows

    def row_at(self, number: int) -> MasterRow | None:
        """The master of a row."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def number_of(self, name: Name) -> int:
        """The row of a master, -1 when it isn't at hand."""
        return next((number for number, row in enumerate(self._rows) if row.name == name), -1)

    def show_tree(self, rows: Sequence[MasterRow], shapes: Sequence[Shape]) -> bool:
        """All rows of a tree that are in sight; whether anything differs."""
        self.has_before = self.has_after = False
        if list(rows) == self._rows and list(shapes) == list(self._shapes):
            return False
        self.beginResetModel()
        self._rows, self._shapes = list(rows), list(shapes)
        self.endResetModel()
        return True

    def shape_at(self, number: int) -> Shape:
        """How a row stands in its tree."""
        return self._shapes[number] if 0 <= number < len(self._shapes) else Shape()

    @property
    def folding_hint(self) -> str:
        """Which keys fold the tree, where anything in it does."""
        return f"   ·   {say('← folds, → unfolds')}" if any(one.has_children for one in self._shapes) else ""

    # Marks

    def mark(self, numbers: Iterable[int], *, on: bool | None = None) -> None:
        """Mark rows, take their marks away, or turn them."""
        for number in numbers:
            row = self.row_at(number)
            if row is not None:
                turned = row.name not in self.marked if on is None else on
                (self.marked.add if turned else self.marked.discard)(row.name)
        self._tell_all()

    def mark_names(self, names: Iterable[Name]) -> None:
        """These are marked, no others."""
        self.marked = set(names)
        self._tell_all()

    def _tell_all(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1))

    def refresh(self) -> None:
        """Names of masters may have arrived."""
        self._tell_all()

    # Qt

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        is_marked = row.name in self.marked
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            if index.column() == 0:
                return _MARKED if is_marked else ""
            return self._text(index.row(), row, self._fields[index.column() - 1])
        if role == _ROLE.TextAlignmentRole:
            return self.alignment(self.columns[index.column()][0])
        if role == _ROLE.ForegroundRole:
            return colour("accent") if index.column() == 0 else None if row.is_active else colour("text_faint")
        if role == _ROLE.BackgroundRole:
            return colour("focus_tint") if is_marked else None
        if role == _ROLE.FontRole:
            group = bool(self._shapes) and self.shape_at(index.row()).has_children
            return figures_font(theme().text("base_points"), semibold=group)
        return None

    def _text(self, number: int, row: MasterRow, field: Field) -> str:
        raw = row.values.get(field.key)
        if field.key == ACTIVE:
            return "" if raw is True else say("Inactive")
        if field.field_type is FieldType.BOOLEAN:
            return say("Yes") if raw is True else ""
        if field.field_type is FieldType.INTEGER and raw is not None:
            return str(raw)
        text = _in_words(str(raw or "")) if field.field_type is FieldType.LABEL else cell_text(
            field, raw, self._surroundings)
        if field.key == self._tree_key and self._shapes:
            shape = self.shape_at(number)
            text = _STEP * shape.depth + (_FOLDED if shape.is_folded else _OPEN if shape.has_children else "") + text
        return text


def _heading(field: Field) -> str:
    """Under Active nothing would read as no: what stands there is the state, where it isn't the usual one."""
    return say("State") if field.key == ACTIVE else field.label


def _in_words(roles: str) -> str:
    """Codes in a row as words: `exchange_rounding` is Exchange rounding."""
    return ", ".join(role_word(one) for one in roles.split(", ") if one)
