"""Masters that stand under one another, in the order in which they are read: each after what it stands under.

What is folded hides what stands under it. A search shows what it found, and what that stands under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from erpdesk.services.master_pages import MasterRow
from erpdesk.ui.lookups.words import folded


@dataclass(frozen=True, slots=True)
class Shape:
    """How a row stands in its tree."""

    depth: int = 0
    has_children: bool = False
    is_folded: bool = False


class Tree:
    """All rows of a kind, and which of them are folded."""

    def __init__(self, rows: Iterable[MasterRow] = ()) -> None:
        self._rows = {folded(row.code): row for row in rows}
        self._folded: set[str] = set()
        self._children: dict[str, list[MasterRow]] = {}
        for row in self._rows.values():
            self._children.setdefault(self._parent_key(row), []).append(row)

    def read_again(self, rows: Iterable[MasterRow]) -> Tree:
        """The tree of other rows, folded alike."""
        made = Tree(rows)
        made._folded = self._folded & made._rows.keys()
        return made

    def _parent_key(self, row: MasterRow) -> str:
        key = folded(str(row.values.get("parent") or ""))
        return key if key in self._rows else ""

    def fold(self, code: str, *, is_folded: bool) -> bool:
        """Fold a row or unfold it; whether that changed anything."""
        key = folded(code)
        if key not in self._children or (key in self._folded) == is_folded:
            return False
        (self._folded.add if is_folded else self._folded.discard)(key)
        return True

    def parent(self, code: str) -> str:
        """The code that a row stands under; empty for none."""
        row = self._rows.get(folded(code))
        above = self._rows.get(self._parent_key(row)) if row is not None else None
        return above.code if above is not None else ""

    def visible(self, wanted: Callable[[MasterRow], bool] | None = None) -> tuple[list[MasterRow], list[Shape]]:
        """The rows in sight and how each stands: of those wanted, all, with what they stand under."""
        shown = None if wanted is None else self._with_ancestors(row for row in self._rows.values() if wanted(row))
        rows: list[MasterRow] = []
        shapes: list[Shape] = []
        self._walk(self._children.get("", ()), 0, shown, rows, shapes)
        return rows, shapes

    def _with_ancestors(self, rows: Iterable[MasterRow]) -> set[str]:
        shown: set[str] = set()
        for row in rows:
            key = folded(row.code)
            while key and key not in shown:
                shown.add(key)
                key = self._parent_key(self._rows[key])
        return shown

    def _walk(self, level: Sequence[MasterRow], depth: int, shown: set[str] | None, rows: list[MasterRow],
              shapes: list[Shape]) -> None:
        for row in level:
            key = folded(row.code)
            if shown is not None and key not in shown:
                continue
            below = self._children.get(key, ())
            is_folded = shown is None and key in self._folded
            rows.append(row)
            shapes.append(Shape(depth, bool(below), is_folded))
            if not is_folded:
                self._walk(below, depth + 1, shown, rows, shapes)
