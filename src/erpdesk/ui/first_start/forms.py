"""What the assistant asks, as data: its forms and grids, of the same fields as any voucher's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from erpdesk.blueprints.codec import decode
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.fields import Field, Option
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.blueprints.vocabulary import Category, GridKind
from erpdesk.settings import RESOURCES
from erpdesk.ui.configured_words import schema_in_language


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of fields: a form, or the columns of a grid."""

    label: str
    fields: tuple[Field, ...]
    help: str = ""

    def with_options(self, options: Mapping[str, Iterable[Option]]) -> Asked:
        """The same with choices that only the program knows."""
        return replace(self, fields=tuple(replace(field, options=tuple(options[field.key])) if field.key in options
                                          else field for field in self.fields))

    def schema(self, code: str) -> UiSchema:
        """The form in the language in use."""
        return schema_in_language(UiSchema(code, self.label, 1, Category.ACCOUNTING, GridKind.LEDGER_DR_CR,
                                           self.fields, (), help=self.help))

    def grid(self, code: str) -> Grid:
        """The grid in the language in use."""
        whole = UiSchema(code, self.label, 1, Category.ACCOUNTING, GridKind.LEDGER_DR_CR, (),
                         (Grid(code, self.label, f"{code}Grid", self.fields),))
        return schema_in_language(whole).grids[0]


@cache
def asked(group: str) -> Mapping[str, Asked]:
    """The pages of a group, `forms` or `grids`, by name."""
    rows = json.loads((RESOURCES / "first_start" / "forms.json").read_text(encoding="utf-8"))[group]
    faults = FaultList()
    found = {name: decode(Asked, row, name, faults) for name, row in rows.items()}
    faults.raise_if_any()
    return found
