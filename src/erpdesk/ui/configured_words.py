"""Texts of the configuration in the language in use: labels and helps of a form, and what faults say.

A label that came with the program is said by its English source text; one that an admin wrote is in no catalogue
and stands as it was written.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.rows import ChargeSetup
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.domain.results import Fault
from erpdesk.settings import RESOURCES
from erpdesk.ui.calendars import shown_iso
from erpdesk.ui.figures import grouped, grouping_in_use
from erpdesk.ui.words import SOURCE_LANGUAGE, language_in_use, say

_VALUE = re.compile(r"\\\{(\w+)\\\}")
_WITHIN = frozenset({"why", "expected", "kind", "problem"})
"""Values that are sentences themselves, or words of the program."""
_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_FIGURE = re.compile(r"(\d+)((?:\.\d+)?)")
_FIGURES = frozenset({"amount", "available", "base", "credit", "debit", "details", "difference", "left", "limit",
                      "line", "needed", "open", "quantity", "right", "typed"})
"""Values of sentences that are money or quantities; all others stand as they came."""


def schema_in_language(schema: UiSchema) -> UiSchema:
    """The same form with its texts in the language in use; in English the very same object."""
    if language_in_use() == SOURCE_LANGUAGE:
        return schema
    return replace(schema, label=say(schema.label), help=say(schema.help),
                   header=tuple(field_in_language(field) for field in schema.header),
                   grids=tuple(_grid(grid) for grid in schema.grids),
                   charges=tuple(_charge(charge) for charge in schema.charges))


def field_in_language(field: Field) -> Field:
    """The field with label, help, placeholder and options in the language in use."""
    look = replace(field.ui, help=say(field.ui.help), placeholder=say(field.ui.placeholder))
    options = tuple(replace(option, label=say(option.label)) for option in field.options)
    return replace(field, label=say(field.label), ui=look, options=options)


def _grid(grid: Grid) -> Grid:
    return replace(grid, label=say(grid.label), fields=tuple(field_in_language(field) for field in grid.fields))


def _charge(charge: ChargeSetup) -> ChargeSetup:
    return replace(charge, label=say(charge.label))


def say_fault(fault: Fault) -> str:
    """What a fault says, in the language in use where its sentence is known, days and figures as they are shown
    everywhere else."""
    return _ISO_DATE.sub(lambda day: shown_iso(day[0]), _translated(fault.message))


def say_reason(sentence: str) -> str:
    """A sentence of a service, or the half of one, in the language in use where it is known."""
    return _translated(sentence)


def coded(fault: Fault) -> str:
    """What a fault says behind its code, as banners and status lines show it; only the sentence where it has none."""
    return f"{fault.code}  {say_fault(fault)}".strip()


def _translated(message: str) -> str:
    """A service's sentence by the first known sentence that it is made like; of its values only figures are grouped."""
    known = say(message)
    if known != message:
        return known
    for source, pattern in _sentences():
        if found := pattern.fullmatch(message):
            return say(source, **{name: _value(name, value) for name, value in found.groupdict().items()})
    return message


def _value(name: str, value: str) -> str:
    if name in _WITHIN:
        return _translated(value)
    figure = _FIGURE.fullmatch(value) if name in _FIGURES else None
    return grouped(figure[1], grouping_in_use()) + figure[2] if figure else say(value)


@cache
def _sentences() -> list[tuple[str, re.Pattern[str]]]:
    """The sentences of `resources/translations/sentences.json`, each as what matches it, special ones first."""
    path = RESOURCES / "translations" / "sentences.json"
    sources: list[str] = json.loads(path.read_text(encoding="utf-8"))
    return [(source, re.compile(_VALUE.sub(r"(?P<\1>.+?)", re.escape(source)))) for source in sources]
