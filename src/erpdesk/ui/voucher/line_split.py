"""A line as the rows of its split, and back: a row a unit, or a row a batch and place, and what they write.

What comes to one part stands in the line itself; several parts stand in its `details`, and then nothing of theirs
stands in the line. Parts are counted in the line's unit or, where that doesn't come out, in the item's own: then each
part says so with `uom`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.fields import Align, Field, FieldType, FieldUi, KeyPath, Section, Validators
from erpdesk.blueprints.schema import Grid
from erpdesk.domain.money import parse_decimal, plain, product
from erpdesk.ui.voucher.draft import DETAILS, Line
from erpdesk.ui.voucher.line_needs import LineNeeds, parts_of
from erpdesk.ui.words import say

PLACES = ("warehouse", "bin", "to_bin")
BATCH = ("batch", "manufactured", "expires")
NUMBERS = ("engine_no", "chassis_no")
IN_PARTS = (*PLACES, *BATCH, "serials", *NUMBERS)
_UNITS = ("serials", *NUMBERS)
_NARROW = {"warehouse": 12, "batch": 14, "serials": 24}


def in_parts(needs: LineNeeds) -> tuple[str, ...]:
    """The keys that the split says instead of the line; a count splits into units alone."""
    return _UNITS if needs.counts else IN_PARTS


def split_grid(needs: LineNeeds) -> Grid:
    """The columns of the split: what item and type call for, in the order of typing."""
    keys = [key for key in PLACES if needs.grid.field(key) and not needs.counts]
    if needs.by_batch and not needs.counts:
        keys += [key for key in BATCH if needs.grid.field(key) and (key == "batch" or needs.goods.brings_in)]
    if needs.by_unit:
        keys = [*_unit_keys(needs), *keys]
    fields = [_column(field, needs) for key in keys if (field := needs.grid.field(key)) is not None]
    if not needs.by_unit:
        if not needs.goods.brings_in and (needs.by_batch or "bin" in keys):
            fields += _there(needs)
        fields.append(_quantity(needs))
    return Grid(DETAILS, say("Split of the line"), "splitGrid", tuple(fields))


def _unit_keys(needs: LineNeeds) -> list[str]:
    """New units of a vehicle say engine and chassis; all others, and what leaves, go by one number."""
    numbered = needs.item.attributes.get("is_fixed_product") is True and needs.goods.brings_in
    keys = ["serials"] if needs.item.attributes.get("track_serial") is True or not numbered else []
    keys = [key for key in keys if needs.grid.field(key)]
    return [*keys, *NUMBERS] if numbered or not keys else keys


def _column(field: Field, needs: LineNeeds) -> Field:
    kind, lookup = field.field_type, field.lookup
    if field.key == "serials" and needs.goods.brings_in:
        kind, lookup = FieldType.TEXT, None
    wanted = field.required and field.key in PLACES
    passed = (field.key in PLACES and (needs.by_batch or needs.by_unit)) or field.key == "manufactured"
    return replace(field, field_type=kind, lookup=lookup, many=False, required=wanted, default=None, rules=(),
                   key_path=KeyPath(skip_when_certain=passed, open_on_focus=True),
                   ui=replace(field.ui, section=Section.MAIN, hidden=False, readonly=False, tab_stop=True,
                              width=_NARROW.get(field.key, field.ui.width)))


def _there(needs: LineNeeds) -> list[Field]:
    there = Field("there", say("Available"), FieldType.LABEL,
                  ui=FieldUi(width=10, align=Align.RIGHT, readonly=True, tab_stop=False))
    expires = Field("expires", say("Expires"), FieldType.LABEL, ui=FieldUi(width=12, readonly=True, tab_stop=False))
    return [expires, there] if needs.by_batch and needs.item.attributes.get("track_expiry") is True else [there]


def _quantity(needs: LineNeeds) -> Field:
    shown = needs.grid.field("quantity") or needs.grid.field("counted_quantity")
    return Field("quantity", say("Quantity"), FieldType.QUANTITY, ui=FieldUi(width=10, align=Align.RIGHT),
                 validators=shown.validators if shown is not None else Validators())


def says_own_unit(needs: LineNeeds) -> bool:
    """Whether a part of the line is counted in another unit than the line."""
    return any(needs.factor_of(part.get("uom")) != needs.factor for part in parts_of(needs.line))


def rows_of_line(needs: LineNeeds, columns: Iterable[str], *, own: bool = False) -> list[Line]:
    """The rows of what the line says so far; `own` counts them in the item's own unit."""
    wanted = tuple(columns)
    parts = parts_of(needs.line) or [_whole(needs)]
    if own:
        parts = [_in_own_unit(needs, part) for part in parts]
    rows: list[Line] = []
    for part in parts:
        serials = part.pop("serials", None)
        units = serials if needs.by_unit and isinstance(serials, list | tuple) and serials else [None]
        for unit in units:
            values = {**part, "serials": unit}
            kept = {key: values[key] for key in wanted if values.get(key) not in (None, "")}
            if any(key in kept for key in wanted if key not in ("warehouse", "quantity")) or (
                    len(parts) > 1 and kept):
                rows.append(Line(kept))
    return rows


def _whole(needs: LineNeeds) -> dict[str, Any]:
    values = {key: needs.line.values[key] for key in in_parts(needs)
              if key in needs.line.values and not (key == "warehouse" and key in needs.line.certain)}
    return {**values, "quantity": plain(needs.quantity)}


def _in_own_unit(needs: LineNeeds, part: dict[str, Any]) -> dict[str, Any]:
    quantity = parse_decimal(str(part.get("quantity") or ""))
    if quantity is None:
        return part
    return {**part, "quantity": plain(product(quantity, needs.factor_of(part.get("uom"))))}


def write_split(needs: LineNeeds, rows: Iterable[Line], *, own: bool = False) -> dict[str, Any]:
    """What the line's keys become: every key of a part, and `details`; None takes a value away. `own` says that the
    rows are counted in the item's own unit."""
    typed = [{key: value for key, value in row.values.items() if value not in (None, "")}
             for row in rows if not row.is_blank]
    parts = _unit_parts(typed, needs.factor) if needs.by_unit else typed
    written: dict[str, Any] = dict.fromkeys((*in_parts(needs), DETAILS))
    written.pop("warehouse", None)
    if not parts:
        return written
    wanted = needs.units if own else needs.quantity
    whole = len(parts) == 1 and Decimal(str(parts[0].get("quantity") or 0)) == wanted
    if whole or (len(parts) == 1 and needs.by_unit):
        [part] = parts
        part.pop("quantity", None)
        return {**written, **part}
    return {**written, DETAILS: [{**part, "uom": needs.own_unit} for part in parts] if own else parts}


def _unit_parts(rows: list[dict[str, Any]], factor: Decimal) -> list[dict[str, Any]]:
    """Units that lie together are one part; one with engine or chassis number is a part of its own."""
    parts: list[dict[str, Any]] = []
    together: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        serial = row.pop("serials", None)
        row.pop("quantity", None)
        if any(row.get(key) for key in NUMBERS):
            parts.append({**row, **({"serials": [serial]} if serial else {}), **_quantity_of(1, factor)})
            continue
        place = _place(row)
        if place not in together:
            together[place] = {**row, "serials": []}
            parts.append(together[place])
        together[place]["serials"].append(serial)
    for part in together.values():
        part.update(_quantity_of(len(part["serials"]), factor))
    return parts


def _quantity_of(units: int, factor: Decimal) -> dict[str, str]:
    """How much of the line's unit some units are; nothing where no decimal says it exactly: the units themselves do."""
    quantity = plain(Decimal(units) / factor)
    return {"quantity": quantity} if product(Decimal(quantity), factor) == units else {}


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(key) for key in (*PLACES, *BATCH))
