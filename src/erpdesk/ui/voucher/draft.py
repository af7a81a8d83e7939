"""A draft: what has been typed into one voucher window so far, and how far it got.

Values lie flat by field key; `document` puts each where the voucher document has it. Blank lines don't count.
The idempotency key is made with the draft and kept until it is posted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from erpdesk.blueprints.cost_splits import COST_CENTRES
from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.blueprints.states import header_reader, leave_out_hidden, raw_value, row_reader
from erpdesk.blueprints.written_row import WrittenRow
from erpdesk.domain.results import Fault

DETAILS = "details"
"""The key under which a line holds the parts that it is split into."""
SPLITS = (DETAILS, COST_CENTRES)
"""What a line says in parts, beside its fields."""
_Written = tuple[str, str, str]
_revisions = count(1)


@dataclass(slots=True)
class Line:
    """A row of a grid. `certain` keys hold defaults nobody typed, all of them in a blank one; `shown` are computed.

    Values change by its methods alone: with each change comes another `revision`, and what was made of the values
    before is forgotten. So a long voucher costs, with each key, one line and not all of them.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    certain: set[str] = field(default_factory=set)
    shown: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    is_blank: bool = field(init=False, compare=False)
    revision: int = field(init=False, compare=False)
    row: WrittenRow | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._changed()

    def _changed(self) -> None:
        self.is_blank = self.values.keys() <= self.certain
        self.revision = next(_revisions)
        self.row = None

    @property
    def _held(self) -> dict[str, Any]:
        """The values, to be changed here and nowhere else."""
        assert isinstance(self.values, dict)
        return self.values

    def put(self, key: str, raw: Any) -> None:
        """A value that was typed; nothing takes the value away."""
        self.certain.discard(key)
        if raw is None or raw == "":
            self._held.pop(key, None)
        else:
            self._held[key] = raw
        self._changed()

    def supply(self, key: str, raw: Any) -> bool:
        """A default, where nothing was typed; whether that changed anything."""
        if raw in (None, "") or (key in self.values and key not in self.certain) or \
                self.values.get(key) == raw:
            return False
        self._held[key] = raw
        self.certain.add(key)
        self._changed()
        return True

    def hold(self, key: str, raw: Any) -> None:
        """A value that nobody types and that always stands there."""
        if key not in self.certain or self.values.get(key) != raw:
            self._held[key] = raw
            self.certain.add(key)
            self._changed()

    def withdraw(self, key: str) -> bool:
        """Take back a default that holds no more; whether there was one."""
        if key not in self.certain:
            return False
        self.certain.discard(key)
        del self._held[key]
        self._changed()
        return True

    def become(self, values: Mapping[str, Any], certain: Iterable[str]) -> None:
        """Hold these values instead; the dictionary stays the same one, for those who read in it."""
        self._held.clear()
        self._held.update(values)
        self.certain.clear()
        self.certain.update(certain)
        self._changed()

    def forget_certain(self) -> None:
        """Take the defaults away, so that a row emptied by hand is blank again."""
        for key in self.certain:
            self._held.pop(key, None)
        self.certain.clear()
        self._changed()


@dataclass(frozen=True, slots=True, eq=False)
class LineState:
    """What a line held at one time."""

    line: Line
    values: Mapping[str, Any]
    certain: frozenset[str]
    revision: int

    @classmethod
    def of(cls, line: Line) -> LineState:
        """What it holds now."""
        return cls(line, dict(line.values), frozenset(line.certain), line.revision)

    @property
    def holds(self) -> bool:
        """Whether the line still holds it, or holds it again."""
        line = self.line
        return line.revision == self.revision or (line.values == self.values and line.certain == self.certain)

    @property
    def typed(self) -> dict[str, Any]:
        """What of it was typed."""
        return {key: raw for key, raw in self.values.items() if key not in self.certain}


@dataclass(slots=True)
class Draft:
    """One voucher being typed."""

    schema: UiSchema
    header: Line = field(default_factory=Line)
    rows: dict[str, list[Line]] = field(default_factory=dict)
    idempotency_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    voucher_id: Any = None
    row_version: int | None = None
    status: str = ""
    is_changed: bool = False
    _places: dict[str, list[_Written]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def blank(cls, schema: UiSchema, document: Mapping[str, Any]) -> Draft:
        """A new voucher on the defaults of the service and the schema."""
        draft = cls(schema)
        for one in schema.header:
            raw = raw_value(one, document)
            if raw in (None, "") and one.default is not None and one.default.kind == "constant":
                raw = one.default.value
            draft.header.supply(one.key, raw)
        return draft

    @classmethod
    def of(cls, schema: UiSchema, document: Mapping[str, Any]) -> Draft:
        """A voucher that exists, for reading or going on."""
        draft = cls(schema)
        draft.header = _line_of(schema.header, document)
        for grid in schema.grids:
            rows = document.get(grid.key)
            if not grid.mirror_of and isinstance(rows, list | tuple):
                draft.rows[grid.key] = [
                    _line_of(grid.fields, row if isinstance(row, Mapping) else {grid.shorthand: row})
                    for row in rows]
        return draft

    def document(self) -> dict[str, Any]:
        """The voucher document of what stands here."""
        written: dict[str, Any] = {"type": self.schema.voucher_type}
        _write(_written(self.schema.header), self.header, written)
        read = header_reader(self.schema, written)
        leave_out_hidden(self.schema.header, written, read)
        for grid in self.schema.grids:
            if grid.mirror_of:
                continue
            typed = [line for line in self.rows.get(grid.key, ()) if not line.is_blank]
            places = self._places_of(grid)
            if any(one.rules for one in grid.fields):
                rows = [_row(line, places) for line in typed]
                for row in rows:
                    leave_out_hidden(grid.fields, row, row_reader(grid, row, read))
            else:
                rows = [kept if (kept := line.row) is not None and kept.written_as is places
                        else _written_anew(line, places) for line in typed]
            if rows or not (self.schema.charges and grid.field("code")):
                written[grid.key] = rows
        return {key: value for key, value in written.items() if value != [] or key == "lines"}

    def _places_of(self, grid: Grid) -> list[_Written]:
        """Where the fields of a grid stand in its rows; looked up once."""
        places = self._places.get(grid.key)
        if places is None:
            places = self._places[grid.key] = _written(grid.fields)
        return places

    def begin_anew(self) -> bool:
        """What was typed since it was posted is a new voucher; whether anything was."""
        if self.is_changed:
            self.voucher_id, self.row_version, self.status = None, None, ""
            self.idempotency_key = str(uuid.uuid4())
        return self.is_changed

    @property
    def is_blank(self) -> bool:
        """Whether nobody has typed anything yet."""
        return self.header.is_blank and all(line.is_blank for rows in self.rows.values() for line in rows)


def _line_of(fields: Iterable[Field], source: Mapping[str, Any]) -> Line:
    values = {one.key: raw for one in fields if (raw := raw_value(one, source)) not in (None, "")}
    return Line({**values, **{key: source[key] for key in SPLITS if source.get(key)}})


def _row(line: Line, places: list[_Written]) -> WrittenRow:
    """The row of a document that the line stands for."""
    row = WrittenRow(places)
    _write(places, line, row)
    for key in SPLITS:
        if line.values.get(key):
            row[key] = [dict(part) for part in line.values[key]]
    return row


def _written_anew(line: Line, places: list[_Written]) -> WrittenRow:
    """The row of a line that has changed; it stays the same one until the next change."""
    line.row = row = _row(line, places)
    return row


def _write(fields: Sequence[_Written], line: Line, target: dict[str, Any]) -> None:
    values = line.values
    for key, place, name in fields:
        if key in values:
            if place:
                target.setdefault(place, {})[name] = values[key]
            else:
                target[key] = values[key]


def _written(fields: Iterable[Field]) -> list[_Written]:
    """Key, part of the document and name there of each field that stands in documents."""
    return [(one.key, str(one.place), one.key.removeprefix("udf.")) for one in fields
            if one.field_type not in (FieldType.COMPUTED, FieldType.LABEL)]
