"""The posting log for people: attempts page by page, and events that were given up. Needs the permission audit.view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.results import ForbiddenError
from erpdesk.storage.report_queries.attempts import AttemptLine, DeadEvent

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server

__all__ = ["PAGE", "AttemptLine", "DeadEvent", "LogQuestion", "PostingLogService"]

PAGE = 100
MOST_EVENTS = 50


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which attempts; `failed` leaves out what was posted or replayed."""

    since: date | None = None
    until: date | None = None
    actor: str = ""
    failed: bool = True


class PostingLogService:
    """The posting log of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def page(self, question: LogQuestion, before: tuple[datetime, UUID] | None = None) -> tuple[AttemptLine, ...]:
        """At most a page of attempts, the newest first, before a place. Raises ForbiddenError."""
        from erpdesk.storage.report_queries import reading
        from erpdesk.storage.report_queries.attempts import attempts

        with reading(self._server, self._organization.id) as books:
            self._require(books)
            return tuple(attempts(books, question.since, question.until, question.actor.strip(),
                                  failed=question.failed, before=before, limit=PAGE))

    def dead_events(self) -> tuple[DeadEvent, ...]:
        """Events that nobody took after all tries. Raises ForbiddenError."""
        from erpdesk.storage.report_queries import reading
        from erpdesk.storage.report_queries.attempts import dead_events

        with reading(self._server, self._organization.id) as books:
            self._require(books)
            return tuple(dead_events(books, MOST_EVENTS))

    def _require(self, books: Any) -> None:
        from erpdesk.storage.report_queries.audit import may_view_audit

        if not may_view_audit(books):
            raise ForbiddenError("SEC-001", f"You may not see the posting log of {self._organization.code}",
                                 cure="Ask the administrator for the permission audit.view.")
