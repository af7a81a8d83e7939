"""Forms of masters, as data: which fields a party, an item or an account is typed in, in the words of all forms.

`section` is the section of a masters document that an object of the kind stands in, `code_key` the key of its code
there, `owner` the key of the master it belongs to (a batch to an item). Lists that hang on a master (`parts`) are
typed in a small grid below its fields.
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
class MasterPart:
    """A list that hangs on a master: the rates of a price list. `names` are the keys that tell its rows apart.

    `section` is the section of a masters document that its rows stand in where they are masters themselves (bins),
    `owner` the key by which they name theirs there.
    """

    key: str
    label: str
    fields: tuple[Field, ...]
    names: tuple[str, ...]
    section: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class MasterForm:
    """The form of one kind of master; `heading` is what many are called.

    `columns` are the fields that a list of them shows, `shown` such that nobody types; `filters` fields that it is
    filtered by. What `is_kept` comes into being by vouchers alone. Who makes and changes one needs `permission`.
    """

    section: str
    label: str
    fields: tuple[Field, ...]
    code_key: str = "code"
    owner: str = ""
    heading: str = ""
    columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    shown: tuple[Field, ...] = ()
    parts: tuple[MasterPart, ...] = ()
    is_kept: bool = False
    permission: str = "masters.edit"

    @property
    def parent(self) -> Field | None:
        """The field that says what a master stands under, where its kind is a tree."""
        return self.field("parent")

    def column(self, key: str) -> Field:
        """The field that a column of the list shows."""
        return next(field for field in (*self.fields, *self.shown) if field.key == key)

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
