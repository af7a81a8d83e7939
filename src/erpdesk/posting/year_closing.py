"""Closing a fiscal year carries its income and expenses to retained earnings by one entry, and shuts the year.

The server derives the entry from stored rows under the year's lock, in one round trip; the request holds no figure.
Repeated, it answers as the first time: a year is closed once. Reopening reverses the entry.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import money_text
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import ErpdeskError, Ok, Result, refused
from erpdesk.posting.attempt_log import refused_attempt, since
from erpdesk.posting.context import PostingContext
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls
from erpdesk.storage.refusals import TryAgainError

KIND = "YEAR"
"""What the posting log calls an attempt to close or reopen a year."""


@dataclass(frozen=True, slots=True)
class YearTurn:
    """Which year is to be closed or reopened; `following` is the document of the year after it, `reason` why it is
    reopened."""

    year: UUID
    closed: bool
    reason: str = ""
    following: Mapping[str, Any] | None = None
    id: UUID = field(default_factory=new_id)
    context: PostingContext = field(default_factory=PostingContext)

    def payload(self) -> dict[str, Any]:
        """What the server is asked."""
        return {"year": self.year, "id": self.id, "reason": self.reason, "correlation_id": self.context.correlation_id,
                "context": self.context.as_json(), **({"next": self.following} if self.following else {})}


@dataclass(frozen=True, slots=True)
class TurnedYear:
    """A year after closing or reopening: its closing entry, if it has or had one, what that carried (a profit above
    zero),
    the reversal that undid it, the year made after it, and how many vouchers dated in it aren't posted."""

    code: str
    is_closed: bool
    entry: str | None
    entry_id: str | None
    result: str
    reversal: str | None
    next_year: str | None
    left: int
    replayed: bool


def turn_year(calls: PostingCalls, organization: OrganizationInfo, request: YearTurn) -> Result[TurnedYear]:
    """Close or reopen, once. A refusal is logged, and changes nothing."""
    began, started_at = time.perf_counter_ns(), datetime.now(UTC).isoformat()
    try:
        answer = calls.turn_year(organization.id, request.payload(), closed=request.closed)
    except TryAgainError:
        raise
    except ErpdeskError as error:
        facts = {"key": None, "correlation_id": request.context.correlation_id, "context": request.context.as_json(),
                 "started_at": started_at, "elapsed_ms": since(began)}
        with suppress(ErpdeskError):
            calls.log_attempt(organization.id, refused_attempt(error, facts, type=KIND))
        return refused(error, str(request.context.correlation_id))
    return Ok(TurnedYear(
        answer["year"], answer["is_closed"], answer["voucher_number"], answer["voucher_id"],
        money_text(Decimal(answer["result"]), organization.currency_decimals), answer["reversal_number"],
        answer["next_year"], int(answer["left"]), answer["replayed"]))
