"""Limits of a field that comes with the program: least, most, lengths and pattern, kept in the override of the type.

A limit is a row of `schema_definition` that names the field; a row, and an override, that says nothing any more goes.
Fields of one's own have their limits among the user fields. Source: decision 0038.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Field, FieldType, Validators
from erpdesk.blueprints.layers import UDF_PREFIX
from erpdesk.blueprints.values import TYPE_RULES
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.settings.edited import EditedType, steps_of
from erpdesk.ui.settings.form import MakeOwn
from erpdesk.ui.settings.pattern_editor import PatternEditor

PREFIX = "limits."
LIMITS = ("min", "max", "min_length", "max_length", "regex", "regex_message")
_LENGTHS = ("min_length", "max_length")
_LONGEST = 10_000
_OVERRIDE, _HEADER, _LINES, _VALIDATORS = "schema_definition", "header_fields", "line_fields", "validators"
_NAMING = {"key", "grid"}
_CHOSEN = (FieldType.LOOKUP, FieldType.SELECT, FieldType.BOOLEAN)


def limits_for(field: Field) -> tuple[str, ...]:
    """The limits that mean something for a field; none for what is chosen, computed, or a field of one's own. Words for
    a pattern come with the pattern."""
    rule = TYPE_RULES[field.field_type]
    if not rule.typed or field.field_type in _CHOSEN or field.key.startswith(UDF_PREFIX):
        return ()
    has_pattern = field.validators.regex is not None or field.validators.regex_message is not None
    return tuple(limit for limit in LIMITS if limit in rule.validators and (limit != "regex_message" or has_pattern))


def limit_of(document: Mapping[str, Any], name: str, limit: str) -> Any:
    """What a document says of a limit of a field (`ref_no`, `lines.rate`); None where it says nothing."""
    part, place = _place(document, name)
    rows = _rows(document, part)
    return (rows[place].get(_VALIDATORS) or {}).get(limit) if place < len(rows) else None


def set_limit(edited: EditedType, name: str, limit: str, value: Any) -> None:
    """Another limit of a field; None takes it away."""
    if limit_of(edited.document(), name, limit) == value:
        return
    said = copy.deepcopy(edited.value(_OVERRIDE)) or {}
    part, place = _place({_OVERRIDE: said}, name)
    rows = said.setdefault(part, [])
    if place == len(rows):
        grid, _, key = name.rpartition(".")
        rows.append({"key": key} | ({"grid": grid} if grid else {}))
    row = rows[place]
    limits = {**(row.get(_VALIDATORS) or {}), limit: value}
    row[_VALIDATORS] = {key: one for key, one in limits.items() if one is not None}
    if not row[_VALIDATORS]:
        del row[_VALIDATORS]
    if not set(row) - _NAMING:
        rows.pop(place)
    edited.set(_OVERRIDE, said if any(said.values()) else None, step=f"{_OVERRIDE}.{name}.{limit}")


def says_more_than_limits(override: Any) -> bool:
    """Whether an override says something that no tab of the settings shows."""
    if not isinstance(override, Mapping):
        return bool(override)
    rows = [*(override.get(_HEADER) or ()), *(override.get(_LINES) or ())]
    return bool(override.get("charges")) or any(
        not isinstance(row, Mapping) or set(row) - _NAMING - {_VALIDATORS}
        or set(row.get(_VALIDATORS) or ()) - set(LIMITS) for row in rows)


def paths_of(edited: EditedType, name: str, limit: str) -> tuple[str, str]:
    """Where faults of a limit are told: of what it means, and of what it is."""
    part, place = _place(edited.document(), name)
    row = f"{_OVERRIDE}.{part}[{place}]"
    return f"{row}.{limit}", f"{row}.{_VALIDATORS}.{limit}"


def named_by(edited: EditedType, path: str, names: Sequence[str]) -> tuple[str, str]:
    """The field and the limit that the path of a fault is about; empty where it is about none of these fields."""
    steps = steps_of(path)
    if len(steps) < 4 or steps[0] != _OVERRIDE or steps[-1] not in LIMITS:
        return "", ""
    row = edited.value(f"{_OVERRIDE}.{steps[1]}[{steps[2]}]") or {}
    key, grid = str(row.get("key") or ""), str(row.get("grid") or "")
    wanted = f"{grid}.{key}" if grid else key
    if steps[1] == _LINES and not grid:
        wanted = next((name for name in names if name.endswith(f".{key}")), "")
    return (wanted, str(steps[-1])) if wanted in names else ("", "")


def limit_makers(surroundings: Surroundings) -> Mapping[str, MakeOwn]:
    """The editors of the limits, by column of the form."""

    def figure(field: Field, parent: QWidget) -> Editor:
        return make_editor(replace(field, field_type=FieldType.DECIMAL), surroundings, parent)

    def length(field: Field, parent: QWidget) -> Editor:
        asked = Validators(min=Decimal(1), max=Decimal(_LONGEST))
        return make_editor(replace(field, field_type=FieldType.INTEGER, validators=asked), surroundings, parent)

    def pattern(field: Field, parent: QWidget) -> PatternEditor:
        return PatternEditor(field, surroundings, parent)

    def words(field: Field, parent: QWidget) -> Editor:
        return make_editor(field, surroundings, parent)

    own = {"regex": pattern, "regex_message": words}
    return {PREFIX + limit: length if limit in _LENGTHS else own.get(limit, figure) for limit in LIMITS}


def to_document(limit: str, raw: Any) -> Any:
    """What the document says for what stands in the editor of a limit."""
    if raw is None or limit not in _LENGTHS:
        return raw
    try:
        return int(Decimal(str(raw)))
    except (ArithmeticError, ValueError):
        return raw


def _rows(document: Mapping[str, Any], part: str) -> list[dict[str, Any]]:
    override = document.get(_OVERRIDE)
    rows = (override.get(part) if isinstance(override, Mapping) else None) or []
    return [row if isinstance(row, dict) else {} for row in rows]


def _place(document: Mapping[str, Any], name: str) -> tuple[str, int]:
    """The list, and the place in it of the row that names a field; behind the last row while there is none."""
    grid, _, key = name.rpartition(".")
    part = _LINES if grid else _HEADER
    rows = _rows(document, part)
    return part, next((place for place, row in enumerate(rows)
                       if row.get("key") == key and str(row.get("grid") or "") == grid), len(rows))
