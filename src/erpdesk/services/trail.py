"""The audit trail for people: entries page by page, what each changed field by field, and whether the chain holds.

Needs the permission audit.view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ForbiddenError

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server
    from erpdesk.storage.verify import CheckResult

PAGE = 100
NOISE = frozenset({
    "row_version", "changed_at", "changed_by", "created_at", "created_by", "document_hash", "correlation_id",
    "organization_id", "id", "transaction_id", "is_being_written"})
"""Columns that change with every change, and say nothing by themselves."""


@dataclass(frozen=True, slots=True)
class TrailQuestion:
    """Which entries; empty asks for all. `find` is part of a number, code or name."""

    since: date | None = None
    until: date | None = None
    actor: str = ""
    kind: str = ""
    find: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs; "" where there is nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry; `before` and `after` are snapshots of its record."""

    sequence: int
    happened_at: datetime
    actor: str
    action: str
    kind: str
    record: str
    label: str
    step: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def changes(self) -> tuple[Difference, ...]:
        """What the entry changed."""
        return differences(self.before, self.after)


class TrailService:
    """The audit trail of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def page(self, question: TrailQuestion, before: int | None = None) -> tuple[TrailEntry, ...]:
        """At most a page of entries, the newest first, below a sequence. Raises ForbiddenError."""
        from erpdesk.storage.report_queries import reading
        from erpdesk.storage.report_queries.trail import trail

        asked = question
        with reading(self._server, self._organization.id) as books:
            self._require(books)
            lines = trail(books, asked.since, asked.until, asked.actor.strip(), asked.kind, asked.find.strip(), before,
                          PAGE)
        return tuple(TrailEntry(*line) for line in lines)

    def kinds(self) -> tuple[str, ...]:
        """The kinds of record that there are entries of. Raises ForbiddenError."""
        from erpdesk.storage.report_queries import reading
        from erpdesk.storage.report_queries.trail import kinds

        with reading(self._server, self._organization.id) as books:
            self._require(books)
            return tuple(kinds(books))

    def check_chain(self) -> CheckResult:
        """Whether every entry is there, unchanged and in one chain of seals. Raises ForbiddenError."""
        from erpdesk.storage.report_queries import reading
        from erpdesk.storage.verify import verify_chain

        with reading(self._server, self._organization.id) as books:
            self._require(books)
        with self._server.connect() as connection:
            return verify_chain(connection, self._organization.code)

    def _require(self, books: Any) -> None:
        from erpdesk.storage.report_queries.audit import may_view_audit

        if not may_view_audit(books):
            raise ForbiddenError("SEC-001", f"You may not see the audit trail of {self._organization.code}",
                                 cure="Ask the administrator for the permission audit.view.")


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[Difference, ...]:
    """The fields in which two snapshots differ, each part of a document by its path, by name."""
    old, new = dict(_flat(before or {})), dict(_flat(after or {}))
    return tuple(Difference(name, old.get(name, ""), new.get(name, ""))
                 for name in sorted(old.keys() | new.keys()) if old.get(name, "") != new.get(name, ""))


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if path or key not in NOISE:
                yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path}[{number}]")
    elif value is not None:
        yield path, {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)
