"""Masters of one kind as a table: a row a master, its columns the keys of its form; lists beside it.

Columns of a list are named `rates.item`, `alternate_units.uom`. Further rows of the same master name it again, may
repeat what its first row says, and carry one more row of its list. Empty cells say nothing: what is there stays. Text
that a spreadsheet would run as a formula is made harmless, and read back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from erpdesk.blueprints.fields import FieldType
from erpdesk.blueprints.master_forms import MasterForm, MasterPart
from erpdesk.blueprints.values import TYPE_RULES
from erpdesk.exchange.refusals import UNKNOWN_FORMAT, WRONG_COLUMNS, ImportRefused
from erpdesk.exchange.report_files import WRITERS
from erpdesk.exchange.sources import checked_file, first_bytes
from erpdesk.exchange.tables import read_csv, read_workbook
from erpdesk.reports.report import Column, ColumnKind, Report

TABLES = ("csv", "xlsx")
_YES, _NO = {True: "yes", False: "no"}, {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_HARMLESS = "'"


def columns_of(form: MasterForm) -> dict[str, FieldType]:
    """The columns of the table and what stands in each."""
    found = {field.key: field.field_type for field in form.fields}
    return found | {f"{part.key}.{field.key}": field.field_type for part in form.parts for field in part.fields}


def table_bytes(form: MasterForm, masters: Iterable[Mapping[str, Any]], organization: str, today: date,
                file_format: str) -> bytes:
    """The masters as a file. Raises ImportRefused for another format than those of `TABLES`."""
    if file_format not in TABLES:
        raise ImportRefused(UNKNOWN_FORMAT, f'A table of masters is csv or xlsx, not "{file_format}".')
    kinds = columns_of(form)
    columns = tuple(Column(key, key, _kind(kind)) for key, kind in kinds.items())
    rows = tuple({key: row.get(key, "") for key in kinds} for master in masters for row in _rows(form, master))
    return WRITERS[file_format](Report(form.section, organization, today, columns, rows, {}))


def _kind(kind: FieldType) -> ColumnKind:
    return ColumnKind.QUANTITY if TYPE_RULES[kind].numeric else ColumnKind.TEXT


def _rows(form: MasterForm, master: Mapping[str, Any]) -> list[dict[str, str]]:
    """The master's own row, and one more for each further row of its lists."""
    first = {field.key: _text(master.get(field.key)) for field in form.fields}
    named = {key: text for key, text in first.items() if key in (form.code_key, form.owner)}
    rows = [first]
    for part in form.parts:
        for number, one in enumerate(master.get(part.key) or ()):
            if number == len(rows):
                rows.append(dict(named))
            rows[number] |= {f"{part.key}.{field.key}": _text(one.get(field.key)) for field in part.fields}
    return rows


def _text(value: Any) -> str:
    return _YES[value] if isinstance(value, bool) else "" if value is None else str(value)


# Reading


def read_table(form: MasterForm, path: Path) -> dict[str, list[dict[str, Any]]]:
    """The masters of a CSV file or workbook as a masters document. Raises ImportRefused."""
    checked_file(path)
    rows = iter(read_workbook(path) if first_bytes(path).startswith(b"PK\x03\x04") else read_csv(path))
    names = _names(form, next(rows, (1, []))[1])
    kinds = columns_of(form)
    masters: list[dict[str, Any]] = []
    for line, cells in rows:
        if any(cells[len(names):]):
            raise ImportRefused(WRONG_COLUMNS, f"Line {line} has more cells than there are columns.")
        told = {name: _value(kinds[name], cell) for name, cell in zip(names, cells, strict=False) if cell}
        own = {key: value for key, value in told.items() if "." not in key}
        if not (masters and _is_same(form, masters[-1], own, has_parts=len(told) > len(own))):
            masters.append(own)
        _add_parts(form.parts, masters[-1], told)
    return document_of(form, masters)


def _names(form: MasterForm, cells: Sequence[str]) -> list[str]:
    names, known = [cell.strip().lower() for cell in cells], columns_of(form)
    for name in names:
        if name not in known or names.count(name) > 1:
            raise ImportRefused(WRONG_COLUMNS, f'The column "{name[:60]}" is unknown or there twice.',
                                cure=f"Columns are {', '.join(known)}.")
    if form.code_key not in names:
        raise ImportRefused(WRONG_COLUMNS, f"The first line doesn't name the column {form.code_key}.",
                            cure=f"Columns are {', '.join(known)}.")
    return names


def _value(kind: FieldType, cell: str) -> Any:
    if kind is FieldType.BOOLEAN:
        return _NO.get(cell.lower(), cell)
    return cell[1:] if cell.startswith(_HARMLESS) and len(cell) > 1 else cell


def _is_same(form: MasterForm, before: Mapping[str, Any], own: Mapping[str, Any], *, has_parts: bool) -> bool:
    """Whether a row goes on with the master above: it names the same and says nothing else of it, or, with a row of a
    list, nothing but what the row above said."""
    named = {form.code_key, form.owner}
    return (bool(form.parts) and (has_parts or own.keys() <= named)
            and all(before.get(key) == value for key, value in own.items()))


def _add_parts(parts: Iterable[MasterPart], master: dict[str, Any], told: Mapping[str, Any]) -> None:
    for part in parts:
        row = {field.key: told[f"{part.key}.{field.key}"] for field in part.fields if f"{part.key}.{field.key}" in told}
        if row:
            master.setdefault(part.key, []).append(row)


def document_of(form: MasterForm, masters: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Masters with their lists as a masters document has them: rows that are masters themselves stand in a section of
    their own, naming their owner."""
    apart = {part.key: part for part in form.parts if part.section}
    found: dict[str, list[dict[str, Any]]] = {form.section: []}
    for master in masters:
        found[form.section].append({key: value for key, value in master.items() if key not in apart})
        for key, part in apart.items():
            owner = {part.owner: master.get(form.code_key)}
            found.setdefault(part.section, []).extend({**owner, **row} for row in master.get(key) or ())
    return found
