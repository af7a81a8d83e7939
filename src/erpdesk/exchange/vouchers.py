"""Voucher files of every format, told apart by name and content, read into one stream of documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from erpdesk.exchange.flat_vouchers import documents_of
from erpdesk.exchange.json_lines import ReadVoucher, read_json_lines
from erpdesk.exchange.refusals import UNKNOWN_FORMAT, ImportRefused
from erpdesk.exchange.sources import checked_file, first_bytes, refuse_binary
from erpdesk.exchange.tables import read_csv, read_workbook

_BY_NAME = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
}


def read_vouchers(path: Path) -> Iterator[ReadVoucher]:
    """The vouchers of a file, in order, each with its line. Raises ImportRefused when the file as a whole
    can't be read; a single broken line is a ReadVoucher with a refusal."""
    checked_file(path)
    kind = _kind(path)
    if kind == "workbook":
        return documents_of(read_workbook(path))
    refuse_binary(first_bytes(path))
    return read_json_lines(path) if kind == "json" else documents_of(read_csv(path))


def _kind(path: Path) -> str:
    beginning = first_bytes(path)
    if beginning.startswith(b"PK\x03\x04"):
        return "workbook"
    named = _BY_NAME.get(path.suffix.lower())
    if named:
        return named
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "json"
    refuse_binary(beginning)
    raise ImportRefused(
        UNKNOWN_FORMAT,
        f'"{path.name}" is neither JSON lines, CSV nor XLSX.',
        cure="Give it the ending .jsonl, .csv or .xlsx.",
    )
