"""Where a fault belongs: `lines[3].quantity` is a cell, `party` a header field, `document.vehicle_no` too.

Rows of a document count only lines that aren't blank; here they become rows of the grid. `lines[3].details[1].batch`
has no cell: it belongs into the sub-screen of the line, and the cell that leads there is marked with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.blueprints.validate import DETAILS, REQUIRED
from erpdesk.domain.results import Fault

_WAYS_IN = ("quantity", "counted_quantity")
"""The columns behind which the split of a line stands."""
_CELL = re.compile(r"([a-z_]+)\[(\d+)\](?:\.(.+))?")


@dataclass(slots=True)
class FaultPlaces:
    """Faults by header field, by grid and cell, by grid and place within a line, and those that belong to the voucher
    as a whole."""

    header: dict[str, Fault] = field(default_factory=dict)
    cells: dict[str, dict[tuple[int, str], Fault]] = field(default_factory=dict)
    inside: dict[str, dict[tuple[int, str], Fault]] = field(default_factory=dict)
    whole: list[Fault] = field(default_factory=list)


def place_faults(faults: Iterable[Fault], schema: UiSchema, rows: Mapping[str, list[int]]) -> FaultPlaces:
    """Each fault at its place; `rows` gives, by grid, the grid row of each row of the document."""
    places = FaultPlaces()
    header = {known.path: known.key for known in schema.header} | {known.key: known.key
                                                                  for known in schema.header}
    for fault in faults:
        if found := _CELL.fullmatch(fault.field):
            _place_cell(places, fault, found, schema, rows)
        elif fault.field in header:
            places.header.setdefault(header[fault.field], fault)
        else:
            places.whole.append(fault)
    return places


def is_inside(fault: Fault, row: int, places: Mapping[tuple[int, str], Fault]) -> bool:
    """Whether the fault marked in a row is one of the line's sub-screen."""
    return any(at == row and found is fault for (at, _), found in places.items())


def lacks_detail(fault: Fault, grid: Grid) -> bool:
    """Whether what is missing is asked for in the sub-screen of the line alone."""
    found = _CELL.fullmatch(fault.field)
    if found is None or fault.details.get("rule") != REQUIRED:
        return False
    path = found.group(3) or ""
    return path.startswith(f"{DETAILS}[") or any(path in (field.path, field.key) for field in grid.details)


def _place_cell(places: FaultPlaces, fault: Fault, found: re.Match[str], schema: UiSchema,
                rows: Mapping[str, list[int]]) -> None:
    key, number, path = found.group(1), int(found.group(2)), found.group(3) or ""
    grid, counted = schema.grid(key), rows.get(key, [])
    if grid is None or number >= len(counted) or not grid.columns:
        places.whole.append(fault)
        return
    shown = {known.path: known.key for known in grid.columns} | {known.key: known.key
                                                               for known in grid.columns}
    row = counted[number]
    column = shown.get(path) or (_way_in(grid) if path else grid.columns[0].key)
    places.cells.setdefault(key, {}).setdefault((row, column), fault)
    if path and path not in shown and (grid.details or grid.goods):
        places.inside.setdefault(key, {}).setdefault((row, path), fault)


def _way_in(grid: Grid) -> str:
    columns = [known.key for known in grid.columns]
    return next((key for key in _WAYS_IN if key in columns), columns[0])
