"""A document with its defaults filled in: what was left out takes its default; nothing typed changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from erpdesk.blueprints.conditions import ReadValue
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.fields import Field, Place
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.states import HEADER_PREFIX, field_state, header_reader, raw_value, row_reader
from erpdesk.blueprints.values import json_value

Supply = Callable[[Field, Default, Mapping[str, Any]], Any]
"""Asked for defaults that need the server: field, default, the header or row; None when there is none."""


def with_defaults(schema: UiSchema, document: Mapping[str, Any], *, today: date,
                  supply: Supply | None = None) -> dict[str, Any]:
    """The document with every empty field that has a default filled, header first, then rows.

    Constants, today and what the header holds are filled here; party, item, last value and price list
    through `supply`.
    """
    filled = dict(document)
    header = header_reader(schema, filled)
    _fill(schema.header, filled, header, today, supply)
    for grid in schema.grids:
        rows = filled.get(grid.key)
        if grid.mirror_of or not isinstance(rows, list | tuple):
            continue
        kept: list[Any] = []
        for row in rows:
            if isinstance(row, Mapping):
                row = dict(row)
                _fill(grid.fields, row, row_reader(grid, row, header), today, supply)
            kept.append(row)
        filled[grid.key] = kept
    return filled


def _fill(fields: tuple[Field, ...], target: dict[str, Any], read: ReadValue, today: date,
          supply: Supply | None) -> None:
    for field in fields:
        if raw_value(field, target) not in (None, ""):
            continue
        default = field_state(field, read).default
        value = _value(field, default, target, read, today, supply) if default is not None else None
        if value is not None:
            _put(field, target, json_value(value))


def _value(field: Field, default: Default, target: Mapping[str, Any], read: ReadValue, today: date,
           supply: Supply | None) -> Any:
    match default.kind:
        case DefaultKind.CONSTANT:
            return default.value
        case DefaultKind.TODAY:
            return today
        case DefaultKind.HEADER:
            return read(f"{HEADER_PREFIX}{default.value}")
        case _:
            return supply(field, default, target) if supply is not None else None


def _put(field: Field, target: dict[str, Any], value: Any) -> None:
    if field.place is Place.TOP:
        target[field.key] = value
        return
    inner = target.get(str(field.place))
    if inner is None or isinstance(inner, Mapping):
        target[str(field.place)] = {**(inner or {}), field.key.removeprefix("udf."): value}
