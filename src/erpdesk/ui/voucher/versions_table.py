"""Two versions of a voucher side by side, a row a field: typed here and stored; where they differ is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.states import raw_value
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour
from erpdesk.ui.voucher.showing import cell_text
from erpdesk.ui.words import say, to_say

AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
_ROLE = Qt.ItemDataRole
_HEADINGS = (to_say("Field"), to_say("Yours"), to_say("Stored"), "")
MARK = "≠"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A field in both versions, as people read it."""

    label: str
    mine: str
    stored: str
    differs: bool


def version_rows(schema: UiSchema, mine: Mapping[str, Any], stored: Mapping[str, Any],
                 surroundings: Surroundings) -> list[VersionRow]:
    """Every field that either version has: the header, then line by line."""
    rows = list(_rows(schema.header, mine, stored, surroundings, ""))
    for grid in schema.grids:
        if grid.mirror_of:
            continue
        here, there = _lines(mine, grid.key), _lines(stored, grid.key)
        for number in range(max(len(here), len(there))):
            one = here[number] if number < len(here) else {}
            other = there[number] if number < len(there) else {}
            rows += _rows(grid.fields, one, other, surroundings, f"{grid.label} {number + 1} · ")
    return rows


def _lines(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    lines = document.get(key)
    return [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, list | tuple) else []


def _rows(fields: Iterable[Field], mine: Mapping[str, Any], stored: Mapping[str, Any], surroundings: Surroundings,
          place: str) -> Iterable[VersionRow]:
    for field in fields:
        here, there = raw_value(field, mine), raw_value(field, stored)
        if here not in (None, "") or there not in (None, ""):
            texts = cell_text(field, here, surroundings), cell_text(field, there, surroundings)
            yield VersionRow(f"{place}{field.label}", *texts, str(here or "") != str(there or ""))


class VersionsTable(QAbstractTableModel):
    """The rows as a table."""

    def __init__(self, rows: list[VersionRow], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = rows

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _ROLE.DisplayRole and 0 <= section < len(_HEADINGS):
            return say(_HEADINGS[section]) if _HEADINGS[section] else ""
        return None

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role in (_ROLE.DisplayRole, _ROLE.ToolTipRole, _ROLE.AccessibleTextRole):
            return (row.label, row.mine, row.stored, MARK if row.differs else "")[index.column()]
        if role == _ROLE.BackgroundRole and row.differs:
            return colour("warning_tint")
        if role == _ROLE.ForegroundRole:
            return colour("warning" if index.column() == 3 else "text" if row.differs else "text_muted")
        return None
