"""How a value of a field is shown in a cell, by its type."""

from __future__ import annotations

from datetime import date
from typing import Any

from erpdesk.blueprints.fields import Align, Field, FieldType
from erpdesk.blueprints.values import TYPE_RULES
from erpdesk.ui.calendars import shown_date_short
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.figures import shown_text
from erpdesk.ui.lookups.index import label_of
from erpdesk.ui.words import say

NAME_WIDTH = 20
"""A lookup at least this wide (in characters) shows names, a narrower one codes."""


def cell_text(field: Field, raw: Any, surroundings: Surroundings) -> str:
    """The text of a cell; zero amounts are empty."""
    if raw is None or raw == "":
        return ""
    kind = field.field_type
    if field.lookup is not None and not isinstance(raw, list | tuple):
        return master_text(field, str(raw), surroundings)
    if TYPE_RULES[kind].numeric:
        return shown_text(str(raw), surroundings.decimals(field), surroundings.grouping, zero=False)
    if kind is FieldType.DATE:
        return _day(str(raw))
    if kind is FieldType.BOOLEAN:
        return say("Yes") if raw is True else say("No")
    if kind is FieldType.SELECT:
        return next((option.label for option in field.options if option.value == raw), str(raw))
    return ", ".join(map(str, raw)) if isinstance(raw, list | tuple) else str(raw)


def master_text(field: Field, code: str, surroundings: Surroundings) -> str:
    """A master by name where there is room, else by code."""
    if field.ui.width < NAME_WIDTH or field.lookup is None:
        return code
    row = surroundings.lookups.row(str(field.lookup.kind), code)
    return label_of(row) if row is not None else code


def is_right(field: Field) -> bool:
    """Whether the field's cells stand at the right."""
    return TYPE_RULES[field.field_type].numeric or field.ui.align is Align.RIGHT


def _day(raw: str) -> str:
    try:
        return shown_date_short(date.fromisoformat(raw[:10]))
    except ValueError:
        return raw
