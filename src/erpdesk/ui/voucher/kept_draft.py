"""A draft as plain values, cursor included: what the journal keeps, and what a voucher is typed on from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.schema import UiSchema
from erpdesk.ui.voucher.draft import SPLITS, Draft, Line

Place = tuple[str, int, str]
"""Grid (or nothing for the header and narration), row, field key."""


def keep(draft: Draft, place: Place = ("", 0, "")) -> dict[str, Any]:
    """Everything of a draft that was typed, was certain, or says which stored voucher it is."""
    return {
        "type": draft.schema.voucher_type, "version": draft.schema.version, "label": draft.schema.label,
        "key": draft.idempotency_key,
        "voucher_id": str(draft.voucher_id) if draft.voucher_id else None, "row_version": draft.row_version,
        "status": draft.status, "place": list(place), "header": _kept_line(draft.header),
        "rows": {key: [_kept_line(line) for line in lines if not line.is_blank]
                 for key, lines in draft.rows.items()},
    }


def restore(schema: UiSchema, kept: Mapping[str, Any]) -> Draft:
    """The draft again; fields that the form no longer has are left out."""
    draft = Draft(schema, idempotency_key=kept["key"], voucher_id=kept["voucher_id"],
                  row_version=kept["row_version"], status=kept["status"], is_changed=True)
    draft.header = _line({field.key for field in schema.header}, kept["header"])
    for grid in schema.grids:
        if not grid.mirror_of:
            known = {field.key for field in grid.fields}.union(SPLITS)
            draft.rows[grid.key] = [_line(known, row) for row in kept["rows"].get(grid.key, ())]
    return draft


def place_of(kept: Mapping[str, Any]) -> Place:
    """Where the cursor was."""
    grid, row, key = kept["place"]
    return str(grid), int(row), str(key)


def _kept_line(line: Line) -> dict[str, Any]:
    return {"values": dict(line.values), "certain": sorted(line.certain)}


def _line(known: set[str], row: Mapping[str, Any]) -> Line:
    values = {key: raw for key, raw in row["values"].items() if key in known}
    return Line(values, {key for key in row["certain"] if key in values})
