"""The form that the type being edited makes, for the menus of its settings: which fields there are to choose from.

While the document has faults it is the last form that was good, or the one that is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.blueprint import read_blueprint
from erpdesk.blueprints.canonical import canonical_json
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.grids import LINE_GRIDS
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.ui.conditions.vocabulary import Vocabulary, charge_vocabulary, rule_vocabulary
from erpdesk.ui.configured_words import schema_in_language
from erpdesk.ui.settings.edited import EditedType


class FormFields:
    """Of one type being edited; made anew when it is asked for and something has changed."""

    def __init__(self, edited: EditedType) -> None:
        self._edited = edited
        self._made_of = ""
        self._schema: UiSchema | None = None

    def schema(self) -> UiSchema | None:
        """The form, in the language in use; None where there never was a good one."""
        document = self._edited.document()
        made_of = canonical_json(document)
        if made_of != self._made_of:
            self._made_of = made_of
            made = _schema_of(document)
            if made is None and self._schema is None:
                made = _schema_of(self._edited.stored())
            self._schema = made or self._schema
        return self._schema

    def of_rule(self, name: str) -> Vocabulary:
        """What the condition of a rule for a field may name."""
        schema = self.schema()
        return rule_vocabulary(schema, name) if schema is not None else Vocabulary()

    def of_charges(self) -> Vocabulary:
        """What the condition of a charge may name."""
        schema = self.schema()
        return charge_vocabulary(schema) if schema is not None else Vocabulary()

    def line_grids(self) -> tuple[Grid, ...]:
        """The grids that line fields stand in."""
        schema = self.schema()
        grids = schema.grids if schema is not None else ()
        return tuple(grid for grid in grids if grid.key in LINE_GRIDS and not grid.mirror_of)

    def named(self) -> dict[str, Field]:
        """Every field of the form as rules call it: `party`, `udf.colour`, `lines.rate`."""
        schema = self.schema()
        if schema is None:
            return {}
        found = {field.key: field for field in schema.header}
        for grid in schema.grids:
            if not grid.mirror_of:
                found |= {f"{grid.key}.{field.key}": field for field in grid.fields}
        return found

    def grid_label(self, name: str) -> str:
        """The label of the grid that a rule's field stands in; nothing for a field of the header."""
        schema, (key, _, rest) = self.schema(), name.partition(".")
        grid = schema.grid(key) if schema is not None and rest else None
        return grid.label if grid is not None else ""


def _schema_of(document: Mapping[str, Any]) -> UiSchema | None:
    blueprint = read_blueprint({**document, "version": 1}, "", FaultList())
    return schema_in_language(resolve_ui_schema(blueprint)) if blueprint is not None else None
