"""The fields that a condition may name, as the form of a voucher type has them.

A field of the header looks at the header; one of a row at its own row and, under `header.`, at the header; a charge
at the header and the totals that charges are computed from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from erpdesk.blueprints.fields import Field, FieldType, Validators
from erpdesk.blueprints.form_checks import TOTALS
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.blueprints.states import HEADER_PREFIX
from erpdesk.ui.words import say, to_say

_UNTYPED = (FieldType.LABEL, FieldType.COMPUTED)
TOTAL_LABELS = {"items_total": to_say("Total of the lines"), "gross": to_say("Total before discounts"),
                "quantity_total": to_say("Total quantity"), "running_total": to_say("Running total")}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Fields by the name that a condition calls them, in the order of menus."""

    fields: tuple[Field, ...] = ()

    def find(self, key: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.key == key), None)


def header_vocabulary(schema: UiSchema, but: str = "") -> Vocabulary:
    """What the condition of a header field may name: every field of the header but itself."""
    return Vocabulary(tuple(field for field in _typed(schema.header) if field.key != but))


def line_vocabulary(schema: UiSchema, grid: Grid, but: str = "") -> Vocabulary:
    """What the condition of a row's field may name: its row, then the header."""
    own = tuple(field for field in _typed(grid.fields) if field.key != but)
    header = (replace(field, key=HEADER_PREFIX + field.key, label=say("{field} of the header", field=field.label))
              for field in _typed(schema.header))
    return Vocabulary((*own, *header))


def charge_vocabulary(schema: UiSchema) -> Vocabulary:
    """What the condition of a charge may name: totals, then the header."""
    totals = (Field(key, say(label), FieldType.QUANTITY if key == "quantity_total" else FieldType.MONEY)
              for key, label in TOTAL_LABELS.items() if key in TOTALS)
    return Vocabulary((*totals, *_typed(schema.header)))


def rule_vocabulary(schema: UiSchema, name: str) -> Vocabulary:
    """What the condition of a rule may name, for a field called as rules call it: `party`, `lines.rate`."""
    grid_key, _, key = name.partition(".")
    grid = schema.grid(grid_key) if key else None
    return header_vocabulary(schema, name) if grid is None else line_vocabulary(schema, grid, key)


def constant_field(field: Field | None, name: str) -> Field:
    """The field that a constant is typed into: of the same type, without the rules that hold for documents."""
    if field is None:
        return Field(name, name, FieldType.TEXT)
    kind = FieldType.TEXT if field.field_type is FieldType.TEXTAREA else field.field_type
    look = replace(field.ui, readonly=False, hidden=False, tab_stop=True, help="")
    return replace(field, field_type=kind, ui=look, required=False, default=None, rules=(), many=False,
                   validators=Validators(decimals=field.validators.decimals), lookup=field.lookup)


def _typed(fields: Iterable[Field]) -> Iterable[Field]:
    return (field for field in fields if field.field_type not in _UNTYPED)
