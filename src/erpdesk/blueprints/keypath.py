"""The key path: which fields the cursor stops at, in which order, and how many keys a voucher takes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from erpdesk.blueprints.defaults import DefaultKind
from erpdesk.blueprints.fields import Field, FieldType, Section
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.blueprints.values import TYPE_RULES

TYPICAL_KEYS: Mapping[FieldType, int] = {
    FieldType.TEXT: 6, FieldType.TEXTAREA: 12, FieldType.INTEGER: 2, FieldType.DECIMAL: 4,
    FieldType.MONEY: 6, FieldType.QUANTITY: 2, FieldType.RATE: 4, FieldType.PERCENT: 2,
    FieldType.DATE: 2, FieldType.DATETIME: 6, FieldType.TIME: 4, FieldType.BOOLEAN: 1,
    FieldType.SELECT: 1, FieldType.LOOKUP: 4, FieldType.TYPEAHEAD: 4,
    FieldType.LABEL: 0, FieldType.COMPUTED: 0,
}
"""Keys that a typical value takes, without the Enter that accepts it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The cursor's stop at one field, with its keys: a typed value if it must have one, then Enter. `keys_again` are
    those of a later row, where the value of the row above may be repeated."""

    grid: str
    field: Field
    keys: int
    keys_again: int


def stops(fields: Iterable[Field], grid: str = "", given: Container[str] = ()) -> tuple[Stop, ...]:
    """Where the cursor stops in a form or row: open fields that every row asks for and nothing answers, then what must
    be given among its details, which unfold by themselves for it; `given` are the header's fields that have a value by
    then."""
    wanted = [field for field in fields if _stops_at(field, given)]
    wanted.sort(key=lambda field: (_is_folded(field), field.key_path.tab_order, field.order))
    return tuple(Stop(grid, field, _keys(field, given), _keys_again(field, given)) for field in wanted)


def key_path(schema: UiSchema) -> tuple[Stop, ...]:
    """Every stop of a voucher with one row in each grid of lines: header, rows, narration."""
    path = list(stops(field for field in schema.header if field.ui.section is not Section.NARRATION))
    given = {field.key for field in schema.header if field.default is not None} | {
        stop.field.key for stop in path if stop.field.required}
    for grid in schema.grids:
        if _is_walked(grid):
            path.extend(stops(grid.fields, grid.key, given))
    path.extend(stops(schema.section(Section.NARRATION)))
    return tuple(path)


def key_count(schema: UiSchema, rows: int = 3) -> int:
    """Keys of a typical voucher with so many rows a grid: values and Enters, Enter on the empty row that ends
    a grid, and Ctrl+A to accept."""
    ends = sum(1 for grid in schema.grids if _is_walked(grid))
    again = rows - 1
    return sum(stop.keys + (stop.keys_again * again if stop.grid else 0) for stop in key_path(schema)) + ends + 1


def _is_walked(grid: Grid) -> bool:
    """Mirrors and charges as configured are passed by."""
    return not grid.mirror_of and grid.field("code") is None


def _is_answered(field: Field, given: Container[str]) -> bool:
    """Whether the field has a value before anybody types; a default taken of the header only where that has one."""
    if field.default is None:
        return False
    return field.default.kind is not DefaultKind.HEADER or str(field.default.value) in given


def _stops_at(field: Field, given: Container[str]) -> bool:
    path, look = field.key_path, field.ui
    certain = path.skip_when_certain and (_is_answered(field, given) or not field.required)
    typed = TYPE_RULES[field.field_type].typed
    folded = _is_folded(field) and (not field.required or _is_answered(field, given))
    passed = look.hidden or look.readonly or certain or folded or path.only_for is not None
    return typed and look.tab_stop and not passed


def _is_folded(field: Field) -> bool:
    return field.ui.section is Section.DETAILS


def _keys(field: Field, given: Container[str]) -> int:
    """A field that may stay empty, or that something answers, is passed with Enter alone."""
    needed = field.required or field.field_type in (FieldType.QUANTITY, FieldType.MONEY, FieldType.RATE)
    typed = needed and not _is_answered(field, given)
    return 1 + (TYPICAL_KEYS[field.field_type] if typed else 0)


def _keys_again(field: Field, given: Container[str]) -> int:
    """The row above is repeated in a column, not in the sub-screen of a line."""
    return 1 if field.key_path.repeat_from_above and not _is_folded(field) else _keys(field, given)
