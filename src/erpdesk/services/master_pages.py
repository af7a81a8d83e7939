"""What lists of masters are asked and answer, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from erpdesk.domain.results import Fault

Place = tuple[str, str]
"""Where a master stands: the key of its owner (empty without one) and its own."""

PAGE_ROWS = 200
COUNTED = 200_000
"""More masters than these are counted no further."""

ACTIVE, INACTIVE = "active", "inactive"


@dataclass(frozen=True, slots=True)
class MasterQuestion:
    """Which masters: words to find, active ones or others (empty: all), values of fields.

    `named` are codes (with their owners) that come first where they are wanted: what a nearer search has found.
    """

    kind: str
    text: str = ""
    state: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MasterRow:
    """One master: what names it, its values by field, and where it stands."""

    code: str
    owner: str
    is_active: bool
    values: Mapping[str, Any]
    place: Place

    @property
    def name(self) -> tuple[str, str]:
        """What tells it from all others of its kind."""
        return self.code, self.owner


@dataclass(frozen=True, slots=True)
class MasterPage:
    """Masters that follow one another; whether there are others before and after them."""

    rows: tuple[MasterRow, ...]
    has_before: bool
    has_after: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A master that a change of many was refused for."""

    code: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ManyChanged:
    """What became of a change of many: all or none of them; `refused` says which stood in its way."""

    changed: int
    unchanged: int
    refused: tuple[Refusal, ...] = ()
