"""The audit trail for people: entries page by page, what each changed field by field, and whether the chain holds.

Needs the permission audit.view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, ForbiddenError
from erpdesk.services.snapshots import (
    NO_NAMES,
    Difference,
    Names,
    Told,
    codes_within,
    differences,
    ids_within,
    told,
)
from erpdesk.services.trail_fields import VOUCHER

if TYPE_CHECKING:
    from erpdesk.blueprints.schema import UiSchema
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.services.vouchers import VoucherService
    from erpdesk.storage.report_queries.reading import Reading
    from erpdesk.storage.report_queries.trail import TrailLine
    from erpdesk.storage.server import Server
    from erpdesk.storage.verify import CheckResult

PAGE = 100
@dataclass(frozen=True, slots=True)
class TrailQuestion:
    """Which entries; empty asks for all. `find` is part of a number, code or name."""

    since: date | None = None
    until: date | None = None
    actor: str = ""
    kind: str = ""
    find: str = ""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry; `before` and `after` are snapshots of its record, `told` is what differs as people call it."""

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
    schema: UiSchema | None = None
    names: Names = NO_NAMES
    told: tuple[Told, ...] = ()

    def changes(self) -> tuple[Difference, ...]:
        """What the entry changed, by the names of columns."""
        return differences(self.before, self.after)

    def told_since(self, earlier: TrailEntry) -> tuple[Told, ...]:
        """What differs from an earlier entry of the same record."""
        return told(self.kind, earlier.after, self.after, self.schema, self.names.joined(earlier.names))


class TrailService:
    """The audit trail of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo, vouchers: VoucherService) -> None:
        self._server = server
        self._organization = organization
        self._vouchers = vouchers
        self._forms: dict[tuple[str, int], UiSchema | None] = {}

    def page(self, question: TrailQuestion, before: int | None = None) -> tuple[TrailEntry, ...]:
        """At most a page of entries, the newest first, below a sequence. Raises ForbiddenError."""
        from erpdesk.storage.report_queries import reading
        from erpdesk.storage.report_queries.trail import trail, voucher_types

        asked = question
        with reading(self._server, self._organization.id) as books:
            self._require(books)
            lines = trail(books, asked.since, asked.until, asked.actor.strip(), asked.kind, asked.find.strip(), before,
                          PAGE)
            types = voucher_types(books)
            forms = [self._form(line, types) for line in lines]
            names = self._names(books, lines, forms)
        return tuple(_entry(line, form, names) for line, form in zip(lines, forms, strict=True))

    def _form(self, line: TrailLine, types: Mapping[str, str]) -> UiSchema | None:
        """The form that a voucher was typed in, of its own version; None for anything else and a form that is gone."""
        shot = line.after or line.before or {}
        code, version = types.get(str(shot.get("voucher_config_id"))), shot.get("blueprint_version")
        if line.object_type != VOUCHER or code is None or version is None:
            return None
        key = (code, int(version))
        if key not in self._forms:
            try:
                self._forms[key] = self._vouchers.schema(*key)
            except ErpdeskError:
                self._forms[key] = None
        return self._forms[key]

    def _names(self, books: Reading, lines: Sequence[TrailLine], forms: Sequence[UiSchema | None]) -> Names:
        """What everything is called that these entries refer to."""
        from erpdesk.storage.report_queries.trail_names import names_of_codes, names_of_ids

        ids: set[str] = set()
        codes: dict[str, set[str]] = {}
        for line, form in zip(lines, forms, strict=True):
            for shot in (line.before, line.after):
                ids |= ids_within(shot)
                for table, code in codes_within(line.object_type, shot, form):
                    codes.setdefault(table, set()).add(code)
        return Names(names_of_ids(books, ids), names_of_codes(books, codes), self._organization.time_zone)

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


def _entry(line: TrailLine, form: UiSchema | None, names: Names) -> TrailEntry:
    named = line._replace(label=line.label or names.title(line.after or line.before))
    return TrailEntry(*named, form, names, told(line.object_type, line.before, line.after, form, names))
