"""A copy of a voucher to go on with: everything it says but its numbers, its dates and what it settles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.fields import FieldType
from erpdesk.blueprints.schema import UiSchema
from erpdesk.ui.voucher.draft import Draft

_STAYS_BEHIND = ("voucher_number", "ref_no", "idempotency_key", "replaces", "reason", "source_type", "source_id",
                 "allocations")
_DATES = (FieldType.DATE, FieldType.DATETIME, FieldType.TIME)


def copy_of(schema: UiSchema, document: Mapping[str, Any], blank: Mapping[str, Any]) -> Draft:
    """A new draft that says what a document says, on the day of a blank one."""
    dated = {field.key for field in schema.header if field.field_type in _DATES}
    kept = {key: value for key, value in document.items() if key not in _STAYS_BEHIND and key not in dated}
    draft = Draft.of(schema, kept)
    for key, value in blank.items():
        if key in dated:
            draft.header.supply(key, value)
    draft.is_changed = True
    return draft
