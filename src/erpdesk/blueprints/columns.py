"""What a configuration column may hold beyond its type: bounds, and the master whose code a reference is.

Told once, at the dataclass field. The type hint says the rest. Reading a document, its JSON Schema and the
comparison with the tables walk these.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """Bounds are inclusive and for whole numbers; `refers` names a table, whose id the column holds there."""

    minimum: int | None = None
    maximum: int | None = None
    refers: str = ""


_PLAIN = Column()


def _field(default: Any, column: Column = _PLAIN) -> Any:
    return dataclasses.field(default=default, metadata={"column": column})


def named() -> Any:
    """A value that must be given."""
    return dataclasses.field(metadata={"column": _PLAIN})


def text(default: str = "") -> Any:
    """A text, empty unless given."""
    return _field(default)


def flag(default: bool = False) -> Any:
    """A yes or no."""
    return _field(default)


def whole(default: int | None = None, *, minimum: int = 0, maximum: int = 1_000_000) -> Any:
    """A whole number within bounds."""
    return _field(default, Column(minimum, maximum))


def choice(default: StrEnum) -> Any:
    """One word of a closed vocabulary."""
    return _field(default)


def names() -> Any:
    """An ordered list."""
    return _field(())


def maybe() -> Any:
    """A value, or null."""
    return _field(None)


def reference(refers: str) -> Any:
    """The code of a master record, or null; stored as `<name>_id`."""
    return _field(None, Column(refers=refers))


def named_reference(refers: str) -> Any:
    """The code of a master record, which must be given."""
    return dataclasses.field(metadata={"column": Column(refers=refers)})


def columns_of(row: type[Any]) -> dict[str, Column]:
    """The columns of a row class by name, in order."""
    return {f.name: f.metadata["column"] for f in dataclasses.fields(row) if "column" in f.metadata}
