"""Approval asks somebody else: a voucher waits, is approved level by level, rejected, withdrawn or cancelled.

The server decides all of it under the voucher's lock, by the matrix as it was when approval was asked for. A
change names the version of the voucher that the person saw: whoever comes second gets a conflict.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import (
    ErpdeskError,
    Fault,
    ForbiddenError,
    InvalidRequest,
    Ok,
    Result,
    Step,
    refused,
)
from erpdesk.posting.attempt_log import refused_attempt, since
from erpdesk.posting.context import PostingContext
from erpdesk.posting.outcome import PostedVoucher, posted_voucher
from erpdesk.storage.posting_calls import PostingCalls
from erpdesk.storage.refusals import TryAgainError

Change = Literal["approve", "reject", "withdraw", "cancel"]

_DECISIONS: Mapping[str, str] = {"approve": "approved", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """What is to become of a voucher that was seen in `row_version`, and what its person says of it."""

    change: Change
    voucher_id: UUID
    row_version: int
    comment: str = ""
    context: PostingContext = field(default_factory=PostingContext)

    def payload(self) -> dict[str, Any]:
        """What the server is asked."""
        return {
            "voucher_id": self.voucher_id,
            "row_version": self.row_version,
            "decision": _DECISIONS.get(self.change),
            "comment": self.comment,
            "correlation_id": self.context.correlation_id,
            "context": self.context.as_json(),
        }


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The voucher as it stands after the change; `posts_by_itself` when its type posts with the last approval."""

    voucher: PostedVoucher
    posts_by_itself: bool = False


def change_status(
    calls: PostingCalls, organization: OrganizationInfo, request: StatusRequest
) -> Result[StatusChange]:
    """Make the change in one transaction. A refusal is logged, and changes nothing."""
    began, context = time.perf_counter_ns(), request.context
    facts = {"voucher_id": request.voucher_id, "key": None, "started_at": datetime.now(UTC).isoformat(),
             "correlation_id": context.correlation_id, "context": context.as_json()}  # fmt: skip
    try:
        answer = calls.change_status(organization.id, request.change, request.payload())
    except TryAgainError:
        raise
    except ErpdeskError as error:
        with suppress(ErpdeskError):
            facts["elapsed_ms"] = since(began)
            calls.log_attempt(organization.id, refused_attempt(error, facts, change=request.change))
        return refused(error, str(request.context.correlation_id))
    voucher = posted_voucher(answer, organization, since(began), replayed=False)
    return Ok(StatusChange(voucher, bool(answer.get("auto_post"))))


def approval_needed(turn: Mapping[str, Any]) -> ErpdeskError:
    """The refusal to post a voucher that waits for somebody."""
    message = f"The voucher waits for approval, level {turn['level']}: {turn['waits_for']}"
    details = {name: turn[name] for name in ("level", "waits_for")}
    return InvalidRequest((Fault("APR-001", message, "", Step.JOURNAL, details),))


def stopped_by(faults: Sequence[Fault]) -> ErpdeskError:
    """The refusal that faults are: forbidden when the person's rights alone stand in the way, else invalid."""
    if all(fault.code.startswith("SEC-") for fault in faults):
        first = faults[0]
        return ForbiddenError(
            first.code, first.message, field=first.field, step=first.step, details=first.details
        )
    return InvalidRequest(faults)
