"""JSON lines: one voucher a line, each read on its own, so that one broken line spoils no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from erpdesk.domain.results import ErpdeskError
from erpdesk.exchange import json_text
from erpdesk.exchange.refusals import NOT_AN_OBJECT, TOO_LARGE, ImportRefused
from erpdesk.exchange.sources import LONGEST_LINE_BYTES, MEGABYTE, decoded, lines_of


@dataclass(frozen=True, slots=True)
class ReadVoucher:
    """A voucher document and the line (or row) of the file on which it begins; or why it can't be read."""

    line: int
    document: dict[str, Any]
    refusal: ErpdeskError | None = None


def read_json_lines(path: Path) -> Iterator[ReadVoucher]:
    """The vouchers of a file, in order; empty lines are passed over but counted."""
    for number, raw in lines_of(path):
        if raw is not None and not raw.strip():
            continue
        try:
            yield ReadVoucher(number, _object(raw))
        except ImportRefused as refusal:
            yield ReadVoucher(number, {}, refusal)


def _object(raw: bytes | None) -> dict[str, Any]:
    if raw is None:
        raise ImportRefused(
            TOO_LARGE,
            f"The line is longer than {LONGEST_LINE_BYTES // MEGABYTE} MB.",
            cure="Each line is one voucher; check that line ends weren't lost.",
        )
    value = json_text.parse(decoded(raw))
    if not isinstance(value, dict):
        raise ImportRefused(
            NOT_AN_OBJECT,
            "The line is not a JSON object.",
            cure='Write one voucher a line: {"type": …, "date": …, …}.',
        )
    return value
