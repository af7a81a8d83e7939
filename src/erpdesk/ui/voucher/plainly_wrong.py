"""What is plainly wrong in the header of a voucher, seen without the server: a closed day, one warehouse twice.

The service looks again; goods that move within a warehouse, from bin to bin, are left to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.validate import DETAILS
from erpdesk.domain.keys import code_and_name, key_of
from erpdesk.domain.results import Fault
from erpdesk.domain.transfer import TARGET, source_is_target
from erpdesk.ui.lookups.cache import LookupCache
from erpdesk.ui.open_days import KnownDays

DAY, SOURCE = "date", "from_warehouse"
_WITHIN = ("bin", "to_bin", "warehouse", TARGET, DETAILS)
"""What a line says that goes elsewhere than the header does."""


def plainly_wrong(schema: UiSchema, document: Mapping[str, Any], days: KnownDays,
                  lookups: LookupCache) -> tuple[Fault, ...]:
    """The faults, in the order of the form."""
    found = {DAY: days.fault(document.get(DAY)), TARGET: _same_warehouse(document, lookups)}
    fields = (field.key for field in schema.header)
    return tuple(fault for key in fields if (fault := found.get(key)) is not None)


def concerns(faults: Iterable[Fault], key: str) -> tuple[Fault, ...]:
    """The faults that a change of a header field has to do with."""
    with_it = {SOURCE: (SOURCE, TARGET)}.get(key, (key,))
    return tuple(fault for fault in faults if fault.field in with_it)


def _same_warehouse(document: Mapping[str, Any], lookups: LookupCache) -> Fault | None:
    source, target = (str(document.get(key) or "") for key in (SOURCE, TARGET))
    if not source or key_of(source) != key_of(target) or _moves_within(document):
        return None
    row = lookups.row("warehouse", target)
    place = code_and_name(row.code, row.name) if row is not None else target
    return source_is_target(place)


def _moves_within(document: Mapping[str, Any]) -> bool:
    lines = document.get("lines") or ()
    return any(line.get(key) for line in lines for key in _WITHIN)
