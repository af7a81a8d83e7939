"""The lines of a voucher as facts: the columns of its grids that hold anything, rows with running sums, totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.fields import Align, Field, FieldType
from erpdesk.blueprints.schema import Grid, UiSchema
from erpdesk.exchange.printing.values import FIGURES, Values, figure_of, raw_of

_CHARGES, _DETAILS, _COST_CENTRES = "charges", "details", "cost_centres"
_COMPUTED = {"line_amount": "line_amount", "rate": "rate", "uom": "uom", "warehouse": "warehouse"}
"""Columns that the database knows where the document leaves them open."""
_SUMMED = (FieldType.MONEY, FieldType.COMPUTED)
_NO_SUM = frozenset({"rate", "unit_cost", "open_amount"})

Row = Mapping[str, Any]
Known = Mapping[tuple[str, int], Row]


def grids_of(schema: UiSchema, document: Row, lines: Iterable[Row], values: Values) -> list[dict[str, Any]]:
    """Every grid but that of charges and mirrors; `sum` is that of its last money column, None where it has none."""
    known = {(str(line["grid"]), int(line["line"])): line for line in lines}
    return [_grid(grid, document, known, values) for grid in schema.grids
            if not grid.mirror_of and (grid.key != _CHARGES or grid.field("code") is None)
            and (grid.key != _CHARGES or document.get(_CHARGES))]


def _grid(grid: Grid, document: Row, known: Known, values: Values) -> dict[str, Any]:
    rows = [row if isinstance(row, Mapping) else {grid.shorthand: row} for row in document.get(grid.key) or ()]
    texts = [[_cell(grid, field, row, number, document, known, values) for field in grid.columns]
             for number, row in enumerate(rows, 1)]
    kept = [place for place, field in enumerate(grid.columns) if _is_told(place, field, texts)]
    columns = [grid.columns[place] for place in kept]
    sums = {field.key: [_figure(grid, field, row, number, known) for number, row in enumerate(rows, 1)]
            for field in columns if field.field_type in _SUMMED and field.key not in _NO_SUM}
    return _table(values, values.speech.say(grid.label), columns, sums, [
        ([texts[number][place] for place in kept], _notes(grid, row, columns, values))
        for number, row in enumerate(rows)])


def journal_grid(journal: Iterable[Row], values: Values) -> dict[str, Any]:
    """The journal itself, of a voucher that has no lines of its own."""
    lines = list(journal)
    columns = [Field("account", "Account", FieldType.TEXT), Field("party", "Party", FieldType.TEXT),
               Field("debit", "Debit", FieldType.MONEY), Field("credit", "Credit", FieldType.MONEY)]
    if not any(line.get("party") for line in lines):
        del columns[1]
    sums = {key: [figure_of(line[key]) for line in lines] for key in ("debit", "credit")}
    return _table(values, values.speech.say("Journal"), columns, sums,
                  [([_of_journal(line, column.key, values) for column in columns], []) for line in lines])


def _of_journal(line: Row, key: str, values: Values) -> str:
    if key == "account":
        return f"{line['name']} ({line['account']})"
    return str(line.get("party") or "") if key == "party" else values.money(line[key], zero=False)


def _table(values: Values, label: str, columns: Sequence[Field], sums: Mapping[str, list[Decimal]],
           rows: Sequence[tuple[list[str], list[dict[str, str]]]]) -> dict[str, Any]:
    say = values.speech.say
    reached = dict.fromkeys(sums, Decimal(0))
    made = []
    for number, (texts, notes) in enumerate(rows):
        for key, figures in sums.items():
            reached[key] += figures[number]
        made.append({
            "number": str(number + 1), "notes": notes,
            "cells": [{"text": text, "align": _align(column)} for text, column in zip(texts, columns, strict=True)],
            "carried": "   ".join(
                f"{say(column.label)} {values.money(reached[column.key])}" if len(sums) > 1
                else values.money(reached[column.key]) for column in columns if column.key in reached)})
    last = next((column.key for column in reversed(columns) if column.key in sums), None)
    return {
        "label": label, "rows": made, "sum": reached[last] if last else None, "has_sums": bool(sums),
        "columns": [{"label": say(column.label), "align": _align(column), "width": str(_width(column))}
                    for column in columns],
        "totals": [{"text": values.money(reached[column.key]) if column.key in reached else "", "align": _align(column)}
                   for column in columns]}


def _cell(grid: Grid, field: Field, row: Row, number: int, document: Row, known: Known, values: Values) -> str:
    line = known.get((grid.key, number), {})
    if field.formula and field.key in _COMPUTED:
        return values.money(line.get(_COMPUTED[field.key]))
    text = values.of(row, field)
    if text or field.key not in _COMPUTED:
        return text if field.field_type is not FieldType.MONEY or figure_of(raw_of(row, field)) else ""
    found = line.get(_COMPUTED[field.key])
    if field.key == "warehouse":
        return values.named("warehouse", document["warehouse"]) if document.get("warehouse") else str(found or "")
    if field.field_type is FieldType.RATE:
        return values.rate(found, zero=False)
    if field.field_type in FIGURES:
        return values.plain(found, zero=False)
    return str(found or "")


def _figure(grid: Grid, field: Field, row: Row, number: int, known: Known) -> Decimal:
    if field.formula and field.key in _COMPUTED:
        return figure_of(known.get((grid.key, number), {}).get(_COMPUTED[field.key]))
    return figure_of(raw_of(row, field))


def _is_told(place: int, field: Field, texts: Sequence[Sequence[str]]) -> bool:
    """Whether a column says anything; a warehouse that all lines share is told by the header."""
    cells = {row[place] for row in texts}
    return bool(cells - {""}) and not (field.key == "warehouse" and len(cells) == 1)


def _notes(grid: Grid, row: Row, columns: Sequence[Field], values: Values) -> list[dict[str, str]]:
    """What stands beneath a line: its fields without a column, the parts it is split into."""
    shown = {column.key for column in columns}
    notes = [{"label": values.speech.say(field.label), "value": text} for field in grid.fields
             if not field.ui.hidden and field not in grid.columns and field.key not in shown
             and (text := values.of(row, field))]
    for part in row.get(_DETAILS) or ():
        told = [text for field in grid.fields
                if field.key not in ("quantity", "uom") and (text := values.of(part, field))]
        quantity = values.plain(part.get("quantity"), zero=False)
        notes.append({"label": ", ".join(told), "value": " ".join(filter(None, (quantity, part.get("uom"))))})
    for part in row.get(_COST_CENTRES) or ():
        share = values.money(part["amount"]) if part.get("amount") else f"{values.plain(part.get('percent'))} %"
        notes.append({"label": values.named("cost_centre", part.get("cost_centre", "")), "value": share})
    return notes


def _align(field: Field) -> str:
    right = field.ui.align is Align.RIGHT or field.field_type in FIGURES
    return "right" if right else "left"


def _width(field: Field) -> int:
    return max(field.ui.width, 4)
