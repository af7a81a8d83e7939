"""Forms of masters, as data: which fields a party, an item or an account is typed in, in the words of all forms.

`section` is the section of a masters document that an object of the kind stands in, `code_key` the key of its code
there, `owner` the key of the master it belongs to (a batch to an item).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from erpdesk.blueprints.codec import decode
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.fields import Field
from erpdesk.settings import RESOURCES

ACTIVE = "is_active"
"""What a new master always is."""


@dataclass(frozen=True, slots=True)
class MasterForm:
    """The form of one kind of master."""

    section: str
    label: str
    fields: tuple[Field, ...]
    code_key: str = "code"
    owner: str = ""

    def field(self, key: str) -> Field | None:
        """The field of that key."""
        return next((field for field in self.fields if field.key == key), None)

    def for_new(self) -> MasterForm:
        """The form in which a master is made."""
        return replace(self, fields=tuple(field for field in self.fields if field.key != ACTIVE))

    def for_altering(self) -> MasterForm:
        """The form of a master that is there: what names it stands fast, the cursor stops at all the rest."""
        named = (self.code_key, self.owner)
        return replace(self, fields=tuple(
            replace(field, ui=replace(field.ui, readonly=True)) if field.key in named
            else replace(field, key_path=replace(field.key_path, skip_when_certain=False)) for field in self.fields))


@cache
def master_forms() -> Mapping[str, MasterForm]:
    """The forms by kind of lookup."""
    rows = json.loads((RESOURCES / "masters" / "forms.json").read_text(encoding="utf-8"))
    faults = FaultList()
    forms = {kind: decode(MasterForm, row, kind, faults) for kind, row in rows.items()}
    faults.raise_if_any()
    return forms
