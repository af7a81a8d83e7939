"""What a field is at this moment: its conditional rules applied to the values around it.

Conditions of header fields name header fields; those of a row name its own fields and, as `header.party`, the
header's. A field that is hidden or read-only is never required.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from erpdesk.blueprints.conditions import ReadValue
from erpdesk.blueprints.fields import Field, FieldState
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.blueprints.values import parse_value

HEADER_PREFIX = "header."


def field_state(field: Field, read: ReadValue) -> FieldState:
    """The state of a field, given what the fields around it hold (typed values, None when empty)."""
    visible, readonly = not field.ui.hidden, field.ui.readonly
    required, default = field.required, field.default
    for rule in field.rules:
        if rule.condition.holds(read):
            visible = visible if rule.visible is None else rule.visible
            readonly = readonly if rule.readonly is None else rule.readonly
            required = required if rule.required is None else rule.required
            default = default if rule.default is None else rule.default
    return FieldState(visible, readonly, required and visible and not readonly, default)


def header_reader(schema: UiSchema, document: Mapping[str, Any]) -> ReadValue:
    """Typed header values of a document by field key; what can't be read counts as empty."""
    fields = {field.key: field for field in schema.header}

    def read(key: str) -> Any:
        field = fields.get(key)
        return typed_or_none(field, raw_value(field, document)) if field is not None else None

    return read


def row_reader(grid: Grid, row: Mapping[str, Any], header: ReadValue) -> ReadValue:
    """Typed values of a row by field key, the header's under `header.`."""
    fields = {field.key: field for field in grid.fields}

    def read(key: str) -> Any:
        if key.startswith(HEADER_PREFIX):
            return header(key.removeprefix(HEADER_PREFIX))
        field = fields.get(key)
        return typed_or_none(field, raw_value(field, row)) if field is not None else None

    return read


def raw_value(field: Field, source: Mapping[str, Any]) -> Any:
    """The JSON value that a document or row holds for a field; None when it has none."""
    if field.place:
        inner = source.get(str(field.place))
        return inner.get(field.key.removeprefix("udf.")) if isinstance(inner, Mapping) else None
    return source.get(field.key)


def typed_or_none(field: Field, raw: Any) -> Any:
    """The typed value; None when it can't be read."""
    try:
        return parse_value(field, raw)
    except ValueError:
        return None


def leave_out_hidden(fields: Iterable[Field], target: dict[str, Any], read: ReadValue) -> None:
    """Take out of a document or row what stands in fields that are hidden at this moment; `read` reads the target.

    One that is taken out may hide another, so that all are looked at until nothing changes.
    """
    left = [field for field in fields if field.rules and raw_value(field, target) is not None]
    while (hidden := next((field for field in left if not field_state(field, read).visible), None)) is not None:
        left.remove(hidden)
        inner = target[str(hidden.place)] if hidden.place else target
        del inner[hidden.key.removeprefix("udf.") if hidden.place else hidden.key]
