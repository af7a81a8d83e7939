"""An object of a masters document on its way into a table: what it says, what there is, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from erpdesk.domain.results import Fault
from erpdesk.storage.master_directory import Key

UNKNOWN_REFERENCE, GIVEN_TWICE, PARENT_CYCLE, WRONG_VALUE = "IMP-013", "IMP-014", "IMP-015", "IMP-011"
IN_USE, NAME_TAKEN, MISFIT = "MST-001", "MST-002", "MST-010"


@dataclass(frozen=True, slots=True)
class MasterObject:
    """One object of a document whose form has been checked; `path` says where it stands."""

    section: str
    path: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MasterOutcome:
    """What became of an object: created, updated, unchanged or refused."""

    path: str
    noun: str
    key: str
    status: str
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Candidate:
    """An object on its way into a table."""

    source: MasterObject
    key: Key
    code: str
    id: UUID
    before: Mapping[str, Any] | None
    after: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    parts_changed: bool = False

    def refuse(self, code: str, key: str, message: str) -> None:
        self.faults.append(Fault(code, message, f"{self.source.path}.{key}" if key else self.source.path))

    @property
    def changes(self) -> dict[str, Any]:
        """Columns whose value differs from what is there."""
        if self.before is None:
            return self.after
        return {name: value for name, value in self.after.items() if self.before[name] != value}
