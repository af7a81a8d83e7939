"""Two snapshots of a record held against each other: the fields that differ, by column and as people call them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from erpdesk.blueprints.fields import FieldType
from erpdesk.services.trail_fields import MOMENT, Called, called

if TYPE_CHECKING:
    from erpdesk.blueprints.schema import UiSchema

NOISE = frozenset({
    "row_version", "changed_at", "changed_by", "created_at", "created_by", "document_hash", "correlation_id",
    "organization_id", "id", "transaction_id", "is_being_written", "code_key", "name_key", "name_is_shared",
    "shortcut_key",
    "voucher_number_key", "number_may_repeat"})
"""Columns that change with every change or repeat another one, and say nothing by themselves."""
_TWICE = "document.type"
"""What a document says that the voucher's own column says better."""
FLAG, FIGURE, DAY, CHOICE, TEXT = "flag", "figure", "day", "choice", "text"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PART = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])*")
_NUMBERS = re.compile(r"(\d+)")

Snapshot = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs; "" where there is nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Names:
    """What rows are called that snapshots refer to: by id, and by table and code. Moments are told in `time_zone`."""

    by_id: Mapping[str, str] = field(default_factory=dict)
    by_code: Mapping[tuple[str, str], str] = field(default_factory=dict)
    time_zone: str = "UTC"

    def joined(self, other: Names) -> Names:
        """These and others."""
        return Names({**other.by_id, **self.by_id}, {**other.by_code, **self.by_code}, self.time_zone)

    def title(self, shot: Snapshot) -> str:
        """What a record without code and name is called: by what it hangs on, and its number there."""
        named = [self.by_id.get(str(raw), "") for key, raw in sorted((shot or {}).items()) if key.endswith("_id")]
        number = (shot or {}).get("number")
        return " · ".join((*filter(None, named), *([str(number)] if number else [])))


NO_NAMES = Names()


@dataclass(frozen=True, slots=True)
class Told:
    """A field that differs, as people call it: source texts with the number of the row (0: none), and the values as
    `kind` says: flags yes or no, figures plain decimal, days and moments ISO, choices source texts."""

    path: str
    labels: tuple[tuple[str, int], ...]
    kind: str
    before: str
    after: str


def differences(before: Snapshot, after: Snapshot) -> tuple[Difference, ...]:
    """The fields in which two snapshots differ, each part of a document by its path, by name."""
    return tuple(Difference(path, _text(old), _text(new)) for path, old, new in _differing(before, after))


def told(kind: str, before: Snapshot, after: Snapshot, schema: UiSchema | None, names: Names) -> tuple[Told, ...]:
    """The same as people call them, heads in the order of the form before rows; what column and document say alike is
    told once."""
    found: dict[tuple[object, ...], Told] = {}
    for path, old, new in sorted(_differing(before, after), key=lambda one: _place(one[0])):
        if path == _TWICE:
            continue
        parts = _PART.findall(path)
        words = called(kind, tuple(name for name, _ in parts), schema)
        labels = tuple((word.label, int(number or 0)) for word, (_, number) in zip(words, parts, strict=True) if word)
        last = words[-1] or Called(path)
        how = _kind(last, old, new)
        one = Told(path, labels, how, _value(last, how, old, names), _value(last, how, new, names))
        found.setdefault((labels, one.before, one.after), one)
    order = {field.label: place for place, field in enumerate(schema.header)} if schema is not None else {}
    return tuple(sorted(found.values(), key=lambda one: ("[" in one.path, order.get(one.labels[0][0], len(order)))))


def ids_within(shot: Snapshot) -> set[str]:
    """Every id that a snapshot refers to."""
    return {raw for _, raw in _leaves(shot or {}) if isinstance(raw, str) and _ID.fullmatch(raw)}


def codes_within(kind: str, shot: Snapshot, schema: UiSchema | None) -> Iterator[tuple[str, str]]:
    """Table and code of every master that a snapshot names by its code."""
    for path, raw in _leaves(shot or {}):
        if isinstance(raw, str) and raw:
            last = called(kind, tuple(name for name, _ in _PART.findall(path)), schema)[-1]
            if last is not None and last.lookup:
                yield last.lookup, raw


def _differing(before: Snapshot, after: Snapshot) -> Iterator[tuple[str, Any, Any]]:
    old, new = dict(_leaves(before or {})), dict(_leaves(after or {}))
    for path in sorted(old.keys() | new.keys()):
        if _text(old.get(path)) != _text(new.get(path)):
            yield path, old.get(path), new.get(path)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if path or key not in NOISE:
                yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, f"{path}[{number}]")
    elif value is not None:
        yield path, value


def _text(raw: Any) -> str:
    if raw is None:
        return ""
    return {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else str(raw)


def _place(path: str) -> tuple[object, ...]:
    """Heads before rows, rows by their numbers."""
    return "[" in path, [(int(part), "") if part.isdigit() else (0, part) for part in _NUMBERS.split(path)]


def _kind(word: Called, *values: Any) -> str:
    if any(isinstance(raw, bool) for raw in values):
        return FLAG
    if word.choices:
        return CHOICE
    if word.kind in (MOMENT, FieldType.DATETIME):
        return MOMENT
    if word.kind == FieldType.DATE:
        return DAY
    if word.is_figure or any(isinstance(raw, int | Decimal) for raw in values):
        return FIGURE
    return TEXT


def _value(word: Called, how: str, raw: Any, names: Names) -> str:
    text = _text(raw)
    if how == CHOICE:
        return (word.choices or {}).get(text, text)
    if how == MOMENT and text[:1].isdigit():
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(ZoneInfo(names.time_zone)).isoformat()
    return names.by_id.get(text) or names.by_code.get((word.lookup, text), text)
