"""A voucher type as it is being edited: its whole configuration document, and the stored one that it began from.

Paths are those of faults, within the type: `label`, `lines.show_rate`, `charges[2].rate`. Values are plain JSON as
`config export` writes them. Nothing here is written anywhere: whoever saves takes `document()`.
"""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from erpdesk.blueprints.blueprint_rows import PARTS
from erpdesk.blueprints.codec import encode
from erpdesk.blueprints.columns import columns_of
from erpdesk.blueprints.rows import LineConfig, VoucherType
from erpdesk.blueprints.schema import UiSchema
from erpdesk.domain.results import Fault

_STEP = re.compile(r"(\w+)|\[(\d+)\]")
_SEQUENCE = "sequence"
_MOST_UNDOS = 200

Row = dict[str, Any]


def steps_of(path: str) -> tuple[str | int, ...]:
    """The keys and places that a path goes through."""
    return tuple(int(place) if place else key for key, place in _STEP.findall(path))


def defaults_of(kind: type[Any]) -> Row:
    """A row of a class as nobody has touched it; a text where one must be given."""
    given = {member.name: member.default for member in dataclasses.fields(kind)}
    return {name: "" if given[name] is dataclasses.MISSING else encode(given[name]) for name in columns_of(kind)}


def blank_document() -> Row:
    """The document of a type of which nothing is said yet."""
    return defaults_of(VoucherType) | {"lines": defaults_of(LineConfig)} | {part: [] for part in PARTS}


def whole_document(document: Mapping[str, Any]) -> Row:
    """A document with everything that it leaves unsaid at its default, and without its version; a copy."""
    whole = blank_document() | copy.deepcopy(dict(document))
    whole.pop("version", None)
    if isinstance(whole["lines"], dict):
        whole["lines"] = defaults_of(LineConfig) | whole["lines"]
    for part, kind in PARTS.items():
        if isinstance(whole[part], list):
            whole[part] = [defaults_of(kind) | row if isinstance(row, dict) else row for row in whole[part]]
    return whole


class EditedType(QObject):
    """`changed` names the path that changed, nothing for everything; `checked` says that `faults` are anew, and
    `schema`: the form of what stood here when it last made one."""

    changed = Signal(str)
    checked = Signal()

    def __init__(self, document: Mapping[str, Any], *, is_new: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_new = is_new
        self.version = 0
        self.faults: tuple[Fault, ...] = ()
        self.schema: UiSchema | None = None
        self._stored: Row = {}
        self._document: Row = {}
        self._undone: list[tuple[str, Row]] = []
        self._done: list[tuple[str, Row]] = []
        self._begin(document)

    def _begin(self, document: Mapping[str, Any]) -> None:
        self.version = int(document.get("version") or 0)
        whole = whole_document(document)
        whole["charges"] = sorted(whole["charges"], key=lambda row: row.get(_SEQUENCE) or 0)
        self._document = whole
        self._stored = blank_document() if self.is_new else copy.deepcopy(whole)
        self._undone, self._done = [], []

    # What stands here

    @property
    def code(self) -> str:
        """The code of the type."""
        return str(self._document.get("code") or "")

    def document(self) -> Row:
        """The whole document without its version, a copy of its own."""
        return copy.deepcopy(self._document)

    def stored(self) -> Row:
        """The document that this began from, without its version."""
        return copy.deepcopy(self._stored)

    def value(self, path: str) -> Any:
        """What stands at a path; None where nothing does."""
        return _at(self._document, path)

    def stored_value(self, path: str) -> Any:
        """What is stored at a path."""
        return _at(self._stored, path)

    def rows(self, part: str) -> list[Row]:
        """The rows of a list, as copies."""
        return copy.deepcopy(self._document.get(part) or [])

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from what is stored."""
        return self._document != self._stored

    # Changing it

    def set(self, path: str, value: Any, step: str = "") -> None:
        """Another value at a path; the same one changes nothing. `step` tells apart what is undone by itself where
        several fields stand at one path."""
        if self.value(path) != value:
            self._remember(step or path)
            _put(self._document, path, copy.deepcopy(value))
            self.changed.emit(path)

    def add(self, part: str, row: Mapping[str, Any] | None = None, at: int | None = None) -> int:
        """A row more in a list, at a place or at the end, with defaults for what isn't given; its place."""
        rows = self._touched(part)
        place = len(rows) if at is None else max(0, min(at, len(rows)))
        rows.insert(place, defaults_of(PARTS[part]) | copy.deepcopy(dict(row or {})))
        self._number(part)
        self.changed.emit(part)
        return place

    def remove(self, part: str, at: int) -> None:
        """A row less."""
        self._touched(part).pop(at)
        self.changed.emit(part)

    def move(self, part: str, at: int, to: int) -> int:
        """A row to another place of its list; the place it came to."""
        count = len(self.rows(part))
        to = max(0, min(to, count - 1))
        if to != at and 0 <= at < count:
            rows = self._touched(part)
            rows.insert(to, rows.pop(at))
            self._number(part)
            self.changed.emit(part)
        return to

    def replace(self, part: str, at: int, row: Mapping[str, Any]) -> None:
        """A row in the place of another."""
        self._touched(part)[at] = copy.deepcopy(dict(row))
        self.changed.emit(part)

    def take(self, document: Mapping[str, Any]) -> None:
        """Another document altogether, as if it had been typed (an older version, a file)."""
        self._remember("")
        self._document = whole_document(document) | {"code": self.code}
        self.changed.emit("")

    def rebase(self, document: Mapping[str, Any]) -> None:
        """This is what is stored now: it begins anew from there."""
        self.is_new = False
        self._begin(document)
        self.changed.emit("")

    def _touched(self, part: str) -> list[Row]:
        self._remember("")
        rows: list[Row] = self._document.setdefault(part, [])
        return rows

    def _number(self, part: str) -> None:
        """Rows that say their sequence say it in tens, as they stand."""
        if _SEQUENCE in columns_of(PARTS[part]):
            for place, row in enumerate(self._document[part], start=1):
                row[_SEQUENCE] = 10 * place

    # Undoing

    def _remember(self, path: str) -> None:
        """Typing on in one field is one step."""
        if not (path and self._done and self._done[-1][0] == path):
            self._done.append((path, copy.deepcopy(self._document)))
            del self._done[:-_MOST_UNDOS]
        self._undone.clear()

    def undo(self) -> bool:
        """Take the last step back; False when there is none."""
        return self._step(self._done, self._undone)

    def redo(self) -> bool:
        """Do again what was undone last."""
        return self._step(self._undone, self._done)

    def _step(self, source: list[tuple[str, Row]], other: list[tuple[str, Row]]) -> bool:
        if not source:
            return False
        path, document = source.pop()
        other.append((path, self._document))
        self._document = document
        self.changed.emit("")
        return True

    # Faults

    def take_faults(self, faults: Iterable[Fault], schema: UiSchema | None = None) -> None:
        """What the last check found, each at its path within the type, and the form if there is one."""
        self.faults = tuple(faults)
        self.schema = schema or self.schema
        self.checked.emit()

    def faults_at(self, path: str) -> tuple[Fault, ...]:
        """The faults of an element and of what lies within it."""
        return tuple(fault for fault in self.faults
                     if fault.field == path or (fault.field or "").startswith((f"{path}.", f"{path}[")))


def _at(document: Any, path: str) -> Any:
    for step in steps_of(path):
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _put(document: Any, path: str, value: Any) -> None:
    *inner, last = steps_of(path)
    for step in inner:
        if isinstance(document, dict):
            document = document.setdefault(step, {})
        else:
            document = document[step]
    document[last] = value
