"""The standard fields, as data: one list for the header and for each kind of row (`fields.json`).

Order in the file is order on the form. A type's flags choose among them; nothing here knows a voucher type.
"""

from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from erpdesk.blueprints.codec import decode_all
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.fields import Field
from erpdesk.settings import RESOURCES


class Area(StrEnum):
    """The kinds of rows that have standard fields of their own."""

    HEADER = "header"
    LEDGER = "ledger"
    ITEMS = "items"
    ALLOCATIONS = "allocations"
    RECEIPTS = "receipts"
    CHARGES = "charges"
    COSTS = "costs"


@cache
def standard_fields(area: Area) -> MappingProxyType[str, Field]:
    """The standard fields of an area by key, in the order of the form (10, 20, 30 …)."""
    rows = _read_file()[str(area)]
    faults = FaultList()
    fields = decode_all(Field, rows, str(area), faults)
    faults.raise_if_any()
    return MappingProxyType({
        field.key: replace(field, order=10 * position) for position, field in enumerate(fields, start=1)
    })


@cache
def _read_file() -> dict[str, Any]:
    text = (RESOURCES / "blueprints" / "standard" / "fields.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
