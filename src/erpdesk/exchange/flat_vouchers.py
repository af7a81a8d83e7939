"""Vouchers as a flat table: one row a voucher line, the header's columns filled once or repeated.

Columns: the voucher's own keys by name (`type`, `date`, `party`, `ref_no`, `idempotency_key` …); keys of a
line as `line.item`, `line.quantity`; of a stock journal's grids `consume.item`, `produce.item`; of
allocations `allocation.voucher_number`; a charge's amount `charge.FREIGHT`; details `document.vehicle_no`;
user-defined fields `udf.colour`, `line.udf.colour`; several receipts in one cell, separated by blanks.

A row begins a new voucher when a column of its header is filled. A row whose header is blank belongs to the
voucher above; so does one with the same `voucher` (a mark of the file's own, never stored) or the same
`idempotency_key`, and then its header must say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from erpdesk.exchange.json_lines import ReadVoucher
from erpdesk.exchange.refusals import CONTRADICTING_ROW, WRONG_COLUMNS, WRONG_VALUE, ImportRefused
from erpdesk.exchange.tables import Row

_GRIDS = {"line": "lines", "consume": "consume", "produce": "produce", "allocation": "allocations"}
_MARK = "voucher"
_FLAGS = {"auto_charges": {"true": True, "false": False, "yes": True, "no": False}}


@dataclass(slots=True)
class _Group:
    """The rows of one voucher."""

    line: int
    header: dict[str, str]
    rows: list[dict[str, str]] = field(default_factory=list)
    refusal: ImportRefused | None = None


def documents_of(rows: Iterable[Row]) -> Iterator[ReadVoucher]:
    """Voucher documents from the rows of a table whose first row names the columns. Raises IMP-008."""
    source = iter(rows)
    names = _columns(next(source, None))
    group: _Group | None = None
    for number, cells in source:
        header, parts = _split(names, cells)
        if group is not None and _continues(group, header):
            _check_same(group, header, number)
        else:
            if group is not None:
                yield _document(group)
            group = _Group(number, header)
        if len(cells) > len(names) and any(cells[len(names) :]):
            group.refusal = ImportRefused(
                WRONG_COLUMNS, f"Row {number} has more cells than there are columns."
            )
        group.rows.append(parts)
    if group is not None:
        yield _document(group)


def _columns(first: Row | None) -> list[str]:
    if first is None:
        raise ImportRefused(WRONG_COLUMNS, "The table is empty.", cure="Its first row names the columns.")
    names = [name.strip() for name in first[1]]
    while names and not names[-1]:
        names.pop()
    if "type" not in names or "date" not in names:
        raise ImportRefused(
            WRONG_COLUMNS,
            "The first row must name the columns, among them type and date.",
            cure="The user guide shows a table of vouchers.",
        )
    for place, name in enumerate(names, start=1):
        if not name:
            raise ImportRefused(
                WRONG_COLUMNS, f"Column {place} has no name.", cure="Name it in the first row."
            )
        if names.count(name) > 1:
            raise ImportRefused(WRONG_COLUMNS, f'The column "{name}" is there twice.', cure="Remove one.")
    return names


def _split(names: list[str], cells: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    header: dict[str, str] = {}
    parts: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if cell:
            (parts if name.partition(".")[0] in _GRIDS and "." in name else header)[name] = cell
    return header, parts


def _continues(group: _Group, header: dict[str, str]) -> bool:
    if not header:
        return True
    mark = _MARK if _MARK in header else "idempotency_key"
    return mark in header and group.header.get(mark) == header[mark]


def _check_same(group: _Group, header: dict[str, str], number: int) -> None:
    for name, cell in header.items():
        if group.header.get(name) != cell:
            group.refusal = ImportRefused(
                CONTRADICTING_ROW,
                f'Row {number} says {name} "{cell[:60]}", but its voucher began on row '
                f'{group.line} with "{group.header.get(name, "")[:60]}".',
                field=name,
                cure="Leave the header blank on further rows, or repeat it unchanged.",
            )


def _document(group: _Group) -> ReadVoucher:
    try:
        if group.refusal is not None:
            raise group.refusal
        document: dict[str, Any] = {}
        for name, cell in group.header.items():
            if name != _MARK:
                _place_header(document, name, cell)
        for row in group.rows:
            _place_line(document, row)
        return ReadVoucher(group.line, document)
    except ImportRefused as refusal:
        return ReadVoucher(group.line, {}, refusal)


def _place_header(document: dict[str, Any], name: str, cell: str) -> None:
    room, dot, key = name.partition(".")
    if not dot:
        document[name] = cell.split() if name == "receipts" else _flag(name, cell)
    elif room == "charge":
        document.setdefault("charges", []).append({"code": key, "amount": cell})
    elif room in ("document", "udf"):
        document.setdefault(room, {})[key] = cell
    else:
        raise ImportRefused(
            WRONG_COLUMNS,
            f'The column "{name}" is unknown.',
            field=name,
            cure="Columns of a line begin with line., of a charge with charge.",
        )


def _flag(name: str, cell: str) -> Any:
    if name not in _FLAGS:
        return cell
    if cell.lower() not in _FLAGS[name]:
        raise ImportRefused(WRONG_VALUE, f'{name} must be true or false, not "{cell[:60]}".', field=name)
    return _FLAGS[name][cell.lower()]


def _place_line(document: dict[str, Any], row: dict[str, str]) -> None:
    lines: dict[str, dict[str, Any]] = {}
    for name, cell in row.items():
        room, _, key = name.partition(".")
        line = lines.setdefault(_GRIDS[room], {})
        inner, dot, udf = key.partition(".")
        if dot and inner == "udf":
            line.setdefault("udf", {})[udf] = cell
        elif key == "serials":
            line[key] = cell.split()
        else:
            line[key] = cell
    for grid, line in lines.items():
        document.setdefault(grid, []).append(line)
