"""A report as a plain document of facts, with its widths shared out over the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from erpdesk.domain.money import parse_decimal
from erpdesk.exchange.printing.language import Speech
from erpdesk.reports.report import Column, ColumnKind, Report

_NARROW_CHARACTERS = 95
"""What fits across an upright sheet; a wider report lies on its side."""
_LONGEST = 42
_FIGURES = (ColumnKind.MONEY, ColumnKind.QUANTITY, ColumnKind.COUNT)
_SAMPLE_ROWS = 400
FILTER_LABELS = {"since": "From", "until": "To", "account": "Account", "party": "Party", "voucher": "Voucher",
                 "item": "Item", "items": "Items", "warehouse": "Warehouse", "type": "Type", "kind": "Of",
                 "find": "Find", "limit": "At most", "closing": "Closing entry"}
STATUS_LABELS = {"DRAFT": "Draft", "PENDING_APPROVAL": "Waits for approval", "APPROVED": "Approved",
                 "REJECTED": "Rejected", "POSTED": "Posted", "REVERSED": "Reversed", "CANCELLED": "Cancelled"}


def report_facts(report: Report, label: str, organization: str, asked: Mapping[str, Any], types: Mapping[str, str],
                 speech: Speech) -> dict[str, Any]:
    """The facts; `asked` are the filters, `types` the labels of voucher types by code."""
    report = _told(report, types, speech)
    widths = _widths(report)
    whole = sum(widths.values()) or 1
    return {
        "language": speech.language, "title": speech.say(label), "organization": organization,
        "as_of_label": speech.say("As of"), "as_of": speech.day(report.as_of),
        "asked": [{"label": speech.say(FILTER_LABELS[name]), "value": _asked(name, value, types, speech)}
                  for name, value in asked.items() if name in FILTER_LABELS and value not in (None, "", [], ())],
        "columns": [{"label": speech.say(column.label), "align": _align(column),
                     "width": str(max(2, round(100 * widths[column.key] / whole)))} for column in report.columns],
        "rows": [[{"text": _text(row.get(column.key, ""), column, speech), "align": _align(column)}
                  for column in report.columns] for row in report.rows],
        "totals": [{"text": _text(report.totals.get(column.key, ""), column, speech), "align": _align(column)}
                   for column in report.columns] if any(c.key in report.totals for c in report.columns) else [],
        "others": [{"label": speech.say(name.replace("_", " ").capitalize()), "value": _other(value, speech)}
                   for name, value in report.totals.items() if name not in {column.key for column in report.columns}],
        "is_landscape": whole > _NARROW_CHARACTERS,
    }


def _told(report: Report, types: Mapping[str, str], speech: Speech) -> Report:
    """The report with words for the codes of types and statuses."""
    words: Mapping[str, Mapping[str, str]] = {"type": types, "status": STATUS_LABELS}
    said = [column.key for column in report.columns if column.key in words]
    if not said:
        return report
    return replace(report, rows=tuple(
        {**row, **{key: speech.say(words[key].get(row[key], row[key])) for key in said}} for row in report.rows))


def _asked(name: str, value: Any, types: Mapping[str, str], speech: Speech) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if name in ("since", "until"):
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return speech.day(day)
    return speech.say(types.get(str(value), str(value).capitalize() if name in ("kind", "closing") else str(value)))


def _widths(report: Report) -> dict[str, int]:
    """Characters of each column, by its heading and the first rows."""
    found = {}
    for column in report.columns:
        texts = [column.label, *(row.get(column.key, "") for row in report.rows[:_SAMPLE_ROWS])]
        longest = max(map(len, texts))
        found[column.key] = max(6, min(longest, _LONGEST) + (4 if column.kind is ColumnKind.MONEY else 2))
    return found


def _align(column: Column) -> str:
    return "right" if column.kind in _FIGURES else "left"


def _text(raw: str, column: Column, speech: Speech) -> str:
    if column.kind is ColumnKind.DATE:
        try:
            return speech.short_day(date.fromisoformat(raw[:10]))
        except ValueError:
            return raw
    figure = parse_decimal(raw) if column.kind in (ColumnKind.MONEY, ColumnKind.QUANTITY) else None
    if figure is None:
        return raw
    return speech.figure(figure, len(raw.partition(".")[2])) if figure or column.kind is ColumnKind.QUANTITY else ""


def _other(raw: str, speech: Speech) -> str:
    figure = parse_decimal(raw)
    return raw if figure is None else speech.figure(figure, len(raw.partition(".")[2]))
