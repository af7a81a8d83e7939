"""Faults of the parts of a line as cells of its split: `details[1].batch` is a cell of the second part's row.

Units that lie together are one part and a row each: a fault that names its unit is that unit's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from erpdesk.domain.keys import key_of
from erpdesk.domain.results import Fault
from erpdesk.ui.voucher.line_model import LineModel

_PART = re.compile(r"(?:[a-z_]+\[(\d+)\]\.?)?([a-z_]*)")
_UNIT = "serial"


def cells_of_parts(model: LineModel, faults: Mapping[str, Fault]) -> dict[tuple[int, str], Fault]:
    """Each fault by row and key; those of no part's are left out."""
    found: dict[tuple[int, str], Fault] = {}
    rows = model.counted_rows()
    for path, fault in faults.items():
        told = _PART.fullmatch(path)
        if told is None or not rows or (told.group(1) is None and told.group(2) not in model.column_of):
            continue
        key = told.group(2) if told.group(2) in model.column_of else model.columns[-1].key
        row = _row_of_unit(model, str(fault.details.get(_UNIT) or ""))
        if row is None:
            row = rows[min(int(told.group(1) or 0), len(rows) - 1)]
        found.setdefault((row, key), fault)
    return found


def _row_of_unit(model: LineModel, named: str) -> int | None:
    if not named:
        return None
    return next((row for row, line in enumerate(model.lines)
                 if any(key_of(str(value)) == key_of(named) for value in line.values.values())), None)
