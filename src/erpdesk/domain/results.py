"""Faults and the four kinds of result that every door sees: ok, invalid, conflict, forbidden; else failed.

A fault is data: code (stable, catalogued in `resources/errors.json`), one sentence, the place (`field`,
e.g. `lines[0].quantity`), the posting step it belongs to. Warnings have the same shape and never block.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Step(StrEnum):
    """Where in a post something happened; the stepper of the window shows these in order."""

    SAVED = "saved"
    JOURNAL = "journal"
    GL = "gl"
    INVENTORY = "inventory"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong (or worth a warning) with what was asked for."""

    code: str
    message: str
    field: str = ""
    step: Step = Step.SAVED
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The fault as a plain JSON object, `details` left out when empty."""
        row: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "step": str(self.step),
        }
        if self.details:
            row["details"] = dict(self.details)
        return row


class ErpdeskError(Exception):
    """Anything that stops a request, with a stable code, one sentence and what to do about it.

    `kind` is the kind of result it becomes at a door.
    """

    kind = "failed"

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str = "",
        step: Step = Step.SAVED,
        cure: str = "",
        retryable: bool = False,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.step = step
        self.cure = cure
        self.retryable = retryable
        self.details: Mapping[str, Any] = details or {}

    def fault(self) -> Fault:
        """The error as a fault."""
        return Fault(self.code, self.message, self.field, self.step, self.details)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults that this error stands for; at least one."""
        return (self.fault(),)


class InvalidRequest(ErpdeskError):
    """What was asked breaks a rule; `faults` names every one of them."""

    kind = "invalid"

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(first.code, first.message, field=first.field, step=first.step, details=first.details)
        self._faults = tuple(faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self._faults


class ConflictError(ErpdeskError):
    """Somebody else was first: already posted, stale version, key reuse, lock wait."""

    kind = "conflict"


class ForbiddenError(ErpdeskError):
    """The person has no right to do this (SEC-*)."""

    kind = "forbidden"


class NoDatabaseError(ErpdeskError):
    """The database can't be reached, started or used (NET-*); the command line ends with 3."""

    kind = "failed"


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """Done. `warnings` never block."""

    value: T
    warnings: tuple[Fault, ...] = ()
    kind: str = "ok"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not done: kind is invalid, conflict, forbidden or failed; nothing was changed."""

    kind: str
    faults: tuple[Fault, ...]
    retryable: bool = False
    correlation_id: str = ""
    warnings: tuple[Fault, ...] = ()

    @property
    def first(self) -> Fault:
        """The fault that the banner shows and that takes the focus."""
        return self.faults[0]


Result = Ok[T] | Refused


def refused(error: ErpdeskError, correlation_id: str = "") -> Refused:
    """The result that an error becomes at a door."""
    return Refused(error.kind, error.faults, error.retryable, correlation_id)
