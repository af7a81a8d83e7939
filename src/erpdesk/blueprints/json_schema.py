"""The JSON Schema of a configuration document, made from the row classes; kept in `resources/schemas/`."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from erpdesk.blueprints.blueprint_rows import PARTS
from erpdesk.blueprints.conditions import Condition
from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.overrides import FieldOverride
from erpdesk.blueprints.patches import COPY_OF, ROOT
from erpdesk.blueprints.rows import LineConfig, VoucherType

_DECIMAL = {"type": ["string", "integer"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")


def config_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `{"voucher_types": [...]}`; rows may be patches: only the code is required."""
    kind = _object(VoucherType, loose=True)
    kind["properties"]["lines"] = _object(LineConfig, loose=True)
    for part, row in PARTS.items():
        listed = _object(row, loose=True)
        listed["properties"]["remove"] = {"type": "boolean"}
        kind["properties"][part] = {"type": "array", "items": listed}
    kind["properties"] |= {"version": {"type": "integer", "minimum": 1}, COPY_OF: {"type": "string"}}
    kind["required"] = ["code"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "erpdesk configuration",
        "description": "Voucher types as `config export` writes and `config import` reads them.",
        "type": "object", "required": [ROOT], "additionalProperties": False,
        "properties": {ROOT: {"type": "array", "items": kind}},
        "$defs": {"condition": _condition(), "default": _default()},
    }


def _object(row: Any, *, loose: bool = False) -> dict[str, Any]:
    hints = typing.get_type_hints(row)
    properties, required = {}, []
    for member in dataclasses.fields(row):
        named = "__order__" if row is FieldOverride and member.name == "order" else member.name
        properties[named] = _bounded(_of(hints[member.name]), member)
        if member.default is dataclasses.MISSING and not loose:
            required.append(named)
    schema: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    return schema | ({"required": required} if required else {})


def _bounded(schema: dict[str, Any], member: dataclasses.Field[Any]) -> dict[str, Any]:
    column = member.metadata.get("column")
    if column is None or column.minimum is None:
        return schema
    return schema | {"minimum": column.minimum, "maximum": column.maximum}


def _of(hint: Any) -> dict[str, Any]:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _either([part for part in typing.get_args(hint) if part is not type(None)],
                       type(None) in typing.get_args(hint))
    if origin is tuple:
        return {"type": "array", "items": _of(typing.get_args(hint)[0])}
    if hint is Condition:
        return {"$ref": "#/$defs/condition"}
    if hint is Default:
        return {"$ref": "#/$defs/default"}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [str(word) for word in hint]}
    if dataclasses.is_dataclass(hint):
        return _object(hint)
    return dict(_SCALARS[hint])


def _either(kinds: list[Any], nullable: bool) -> dict[str, Any]:
    choices = [_of(kind) for kind in kinds] + ([{"type": "null"}] if nullable else [])
    if len(choices) == 2 and nullable and isinstance(choices[0].get("type"), str):
        return choices[0] | {"type": [choices[0]["type"], "null"]}
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"}, bool: {"type": "boolean"}, int: {"type": "integer"}, Decimal: _DECIMAL,
    date: {"type": "string", "format": "date"},
}


def _condition() -> dict[str, Any]:
    again = {"$ref": "#/$defs/condition"}
    field = {"type": "object", "required": ["field"], "additionalProperties": False,
             "properties": {"field": {"type": "string"}}}
    right = {"anyOf": [{"type": ["string", "integer", "boolean", "null"]}, field]}
    compared: dict[str, Any] = dict.fromkeys(_COMPARISONS, right)
    compared |= {"field": {"type": "string"}, "in": {"type": "array"}, "is_empty": {"type": "boolean"}}
    groups = [{"type": "object", "required": [word], "additionalProperties": False,
               "properties": {word: {"type": "array", "items": again}}} for word in ("all", "any")]
    return {"anyOf": [
        *groups,
        {"type": "object", "required": ["not"], "additionalProperties": False, "properties": {"not": again}},
        {"type": "object", "required": ["field"], "minProperties": 2, "maxProperties": 2,
         "additionalProperties": False, "properties": compared},
    ]}


def _default() -> dict[str, Any]:
    kinds = [str(kind) for kind in DefaultKind]
    plain = {"type": ["string", "boolean", "integer", "null"]}
    return {"anyOf": [
        {"type": ["string", "boolean", "integer"]},
        {"type": "object", "required": ["kind"], "additionalProperties": False,
         "properties": {"kind": {"enum": kinds}, "value": plain}},
    ]}
