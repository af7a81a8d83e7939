"""Texts of the configuration in the language in use: labels and helps of a form, and what faults say.

A label that came with the program is said by its English source text; one that an admin wrote is in no catalogue
and stands as it was written.
"""

from __future__ import annotations

from dataclasses import replace

from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.rows import ChargeSetup
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.domain.results import Fault
from erpdesk.ui.words import SOURCE_LANGUAGE, language_in_use, say


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
    """What a fault says: its sentence in the language in use where the catalogue has it, else as it came."""
    return say(fault.message)
