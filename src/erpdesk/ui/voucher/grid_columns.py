"""The columns of a line grid as a clerk likes them: widths, order, and how many of the first stay when it scrolls.

Without a clerk's wish columns are as wide as the blueprint says, and the widest text column takes what is left. What
the clerk sets with mouse or keys is told by `changed`, so that it can be remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QWidget

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.style.theme import theme
from erpdesk.ui.voucher.line_model import LineModel

_TEXTS = (FieldType.LOOKUP, FieldType.TEXT, FieldType.TYPEAHEAD)
_CODES = (FieldType.LOOKUP, FieldType.SELECT)
_LEAST_CHARACTERS = 5
"""What most codes of warehouses and units take."""
_WIDEST = 2000


class GridWithColumns(Protocol):
    """What the columns need of their grid."""

    lines: LineModel

    def horizontalHeader(self) -> QHeaderView: ...  # noqa: N802 - Qt's name
    def viewport(self) -> QWidget: ...
    def fontMetrics(self) -> QFontMetrics: ...  # noqa: N802 - Qt's name
    def columnWidth(self, column: int) -> int: ...  # noqa: N802 - Qt's name


@dataclass(slots=True)
class ColumnLayout:
    """What a clerk has set: widths and order by field key, the number of frozen columns."""

    widths: dict[str, int] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    frozen: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain values; empty when nothing was set."""
        whole = {"widths": self.widths, "order": self.order, "frozen": self.frozen}
        return {key: value for key, value in whole.items() if value}

    @classmethod
    def read(cls, value: Any) -> ColumnLayout:
        """What `as_json` gave; whatever else it may be is no wish."""
        if not isinstance(value, Mapping):
            return cls()
        widths, order, frozen = value.get("widths"), value.get("order"), value.get("frozen")
        return cls(
            {str(key): width for key, width in widths.items() if type(width) is int and 0 < width <= _WIDEST}
            if isinstance(widths, Mapping) else {},
            [str(key) for key in order] if isinstance(order, list) else [],
            frozen if type(frozen) is int and frozen > 0 else 0)


class GridColumns(QObject):
    """The columns of one grid. `laid_out` says that they stand elsewhere now, `changed` that the clerk has set them."""

    changed = Signal()
    laid_out = Signal()
    elastic_least = "elastic_minimum"
    """The size by name that the widest text column has at least."""

    def __init__(self, grid: GridWithColumns, parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._layout = ColumnLayout()
        self._laying_out = False
        header = grid.horizontalHeader()
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(theme().size("number_column"))
        header.sectionResized.connect(self._resized)
        header.sectionMoved.connect(self._moved)

    @property
    def layout(self) -> ColumnLayout:
        """What the clerk has set."""
        return self._layout

    @property
    def in_sight(self) -> list[int]:
        """The model's columns as they stand on the screen, from left to right."""
        header = self._grid.horizontalHeader()
        return [header.logicalIndex(place) for place in range(len(self._grid.lines.columns))]

    @property
    def frozen(self) -> list[int]:
        """The columns that stay when the grid scrolls sideways."""
        return self.in_sight[:self._layout.frozen]

    @property
    def frozen_width(self) -> int:
        """How wide they are together."""
        return sum(self._grid.columnWidth(column) for column in self.frozen)

    def use(self, layout: ColumnLayout) -> None:
        """Stand as a clerk has set it; fields that are not there any more don't matter."""
        self._layout = layout
        self._order([key for key in layout.order if key in self._grid.lines.column_of])
        self.fit()

    def reset(self) -> None:
        """Stand as the blueprint has it."""
        self.use(ColumnLayout())
        self.changed.emit()

    def fit(self) -> None:
        """Widths as set, else as the blueprint says; the widest text column that isn't set takes what is left."""
        columns = self._grid.lines.columns
        wanted = [self._layout.widths.get(one.key) or self._wanted_width(one) for one in columns]
        elastic = self._elastic_column()
        if elastic is not None:
            self._make_room(wanted, elastic)
            spare = self._grid.viewport().width() - sum(wanted)
            least = wanted[elastic] if self._layout.widths else theme().size(self.elastic_least)
            wanted[elastic] = max(wanted[elastic] + spare, least)
        with self._by_itself():
            for column, width in enumerate(wanted):
                if self._grid.columnWidth(column) != width:
                    self._grid.horizontalHeader().resizeSection(column, width)
        self.laid_out.emit()

    def widen(self, column: int, characters: int) -> None:
        """A column wider by so many characters, or narrower."""
        width = self._grid.columnWidth(column) + characters * theme().size("character")
        least = self._grid.horizontalHeader().minimumSectionSize()
        self._grid.horizontalHeader().resizeSection(column, max(least, min(_WIDEST, width)))

    def freeze(self, column: int) -> bool:
        """Freeze up to this column, or nothing if it is so already; False where no room would be left beside them."""
        count = self.in_sight.index(column) + 1
        wanted = 0 if count == self._layout.frozen else count
        width = sum(self._grid.columnWidth(one) for one in self.in_sight[:wanted])
        if width > self._grid.viewport().width() - theme().size("elastic_minimum"):
            return False
        self._layout.frozen = wanted
        self.changed.emit()
        self.laid_out.emit()
        return True

    def _wanted_width(self, one: Field) -> int:
        heading = self._grid.fontMetrics().horizontalAdvance(one.label)
        return max(one.ui.width * theme().size("character"), heading) + theme().size("column_padding")

    def _make_room(self, wanted: list[int], elastic: int) -> None:
        """Where not all have their width, codes in the other columns give what they can spare to the names in the
        elastic one; figures give nothing, nor does what the clerk has set."""
        columns = self._grid.lines.columns
        room = {number: max(0, wanted[number] - self._least_width(one)) for number, one in enumerate(columns)
                if number != elastic and one.field_type in _CODES and one.key not in self._layout.widths}
        whole, short = sum(room.values()), sum(wanted) - self._grid.viewport().width()
        for number, width in room.items():
            wanted[number] -= width * max(0, min(short, whole)) // (whole or 1)

    def _least_width(self, one: Field) -> int:
        heading = self._grid.fontMetrics().horizontalAdvance(one.label)
        return max(_LEAST_CHARACTERS * theme().size("character"), heading) + theme().size("column_padding")

    def _elastic_column(self) -> int | None:
        columns = self._grid.lines.columns
        texts = [number for number, one in enumerate(columns) if one.field_type in _TEXTS]
        widest = max(texts, key=lambda number: columns[number].ui.width, default=0)
        return widest if columns and columns[widest].key not in self._layout.widths else None

    def _order(self, keys: Sequence[str]) -> None:
        header, column_of = self._grid.horizontalHeader(), self._grid.lines.column_of
        others = [key for key in column_of if key not in keys]
        with self._by_itself():
            for place, key in enumerate([*keys, *others] if keys else column_of):
                header.moveSection(header.visualIndex(column_of[key]), place)

    @contextmanager
    def _by_itself(self) -> Iterator[None]:
        """What moves meanwhile wasn't moved by the clerk; one may lie in another."""
        before, self._laying_out = self._laying_out, True
        try:
            yield
        finally:
            self._laying_out = before

    def _resized(self, column: int, _before: int, width: int) -> None:
        if not self._laying_out and width:
            self._layout.widths[self._grid.lines.columns[column].key] = width
            self.changed.emit()
            self.laid_out.emit()

    def _moved(self, _column: int, _before: int, _after: int) -> None:
        if not self._laying_out:
            self._layout.order = [self._grid.lines.columns[column].key for column in self.in_sight]
            self.changed.emit()
            self.laid_out.emit()
