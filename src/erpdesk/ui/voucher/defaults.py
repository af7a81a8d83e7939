"""Defaults while typing: what item, party, header and price lists say of a field that nobody has typed.

Defaults that need the server (last value) are filled by the service.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erpdesk.blueprints.defaults import Default, DefaultKind
from erpdesk.blueprints.fields import Field, LookupKind
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.voucher.draft import Line

_MASTERS = {DefaultKind.ITEM: ("item", "item"), DefaultKind.PARTY: ("party", "party")}

_FOLLOWING = (*_MASTERS, DefaultKind.PRICE_LIST)
"""What another master doesn't say is not kept from the one before."""


def fill_defaults(fields: Iterable[Field], line: Line, header: Line, surroundings: Surroundings) -> set[str]:
    """Supply what is certain; the keys that changed."""
    changed = set()
    for field in fields:
        if field.default is None:
            continue
        value = chosen_branch(field, surroundings) or _value(field.default, line, header, surroundings)
        follows = field.default.kind in _FOLLOWING
        if line.supply(field.key, value) or (follows and value is None and line.withdraw(field.key)):
            changed.add(field.key)
    return changed


def chosen_branch(field: Field, surroundings: Surroundings) -> str:
    """The branch that was chosen at the desk, for the field that says whose voucher it is."""
    return surroundings.branch if field.lookup is not None and field.lookup.kind is LookupKind.BRANCH else ""


def _value(default: Default, line: Line, header: Line, surroundings: Surroundings) -> Any:
    if default.kind is DefaultKind.CONSTANT:
        return default.value
    if default.kind is DefaultKind.TODAY:
        return surroundings.working_date.isoformat()
    if default.kind is DefaultKind.PRICE_LIST:
        return surroundings.listed_rate(line.values, header.values)
    if default.kind in _MASTERS:
        key, kind = _MASTERS[default.kind]
        code = line.values.get(key) or header.values.get(key)
        row = surroundings.lookups.row(kind, str(code or ""))
        value = row.attributes.get(str(default.value)) if row is not None else None
        return str(value) if value is not None else None
    return None
