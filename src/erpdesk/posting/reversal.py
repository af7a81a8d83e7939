"""A reversal: a voucher of its own that undoes a posted one exactly, at the original costs.

A mirror needs no plan: the server derives all of it from stored rows, in one round trip. The id of the reversal is
made here, so that an attempt whose answer was lost finds out what became of it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import ErpdeskError, Fault, InvalidRequest, Ok, Result, refused
from erpdesk.posting import hooks
from erpdesk.posting.attempt_log import refused_attempt, since
from erpdesk.posting.content import content_hash
from erpdesk.posting.context import PostingContext
from erpdesk.posting.outcome import PostedVoucher, posted_voucher
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls
from erpdesk.storage.refusals import TryAgainError

KIND = "REVERSAL"
"""The `type` of a document that reverses; no voucher type has it."""

_KEYS = frozenset({"type", "of", "date", "reason", "idempotency_key", "voucher_number", "series"})


@dataclass(frozen=True, slots=True)
class ReversalRequest:
    """Which voucher (id, number or `key:…`), on which day (None: the server's today), why; `key` makes it once.

    `number` is the reversal's own where its type is numbered by hand (None: the voucher's, with -R after it),
    `series` one of the type's series (None: the voucher's).
    """

    of: str
    day: str | None
    reason: str
    key: str | None = None
    number: str | None = None
    series: str | None = None
    id: UUID = field(default_factory=new_id)
    context: PostingContext = field(default_factory=PostingContext)

    @property
    def document(self) -> dict[str, Any]:
        """The request as a document of the command line."""
        own = {"voucher_number": self.number, "series": self.series}
        given = {name: text for name, text in own.items() if text}
        return {"type": KIND, "of": self.of, "date": self.day, "reason": self.reason, **given}

    def payload(self) -> dict[str, Any]:
        """What the server is asked."""
        return {
            "id": self.id,
            "of": self.of,
            "date": self.day,
            "reason": self.reason,
            "key": self.key,
            "voucher_number": self.number,
            "series": self.series,
            "content_hash": content_hash(self.document),
            "correlation_id": self.context.correlation_id,
            "context": self.context.as_json(),
            "started_at": datetime.now(UTC).isoformat(),
        }


def reversal_of(document: Mapping[str, Any]) -> ReversalRequest:
    """A document of the kind REVERSAL as a request. Raises InvalidRequest VCH-004 with everything wrong with it."""
    faults = [
        Fault("VCH-004", f"A reversal has no {key[:60]}", key[:60]) for key in document if key not in _KEYS
    ]
    of, day = str(document.get("of") or "").strip(), document.get("date") or None
    if not of:
        faults.append(Fault("VCH-004", "A reversal names the voucher it reverses", "of"))
    if day is not None and not _is_day(day):
        faults.append(Fault("VCH-004", f"{str(day)[:40]} is no date", "date"))
    texts = {}
    for name in ("reason", "idempotency_key", "voucher_number", "series"):
        texts[name] = document.get(name) or None
        if not isinstance(texts[name], str | None):
            faults.append(Fault("VCH-004", f"{name} is a text", name))
    if faults:
        raise InvalidRequest(faults)
    return ReversalRequest(
        of, day, texts["reason"] or "", texts["idempotency_key"], texts["voucher_number"], texts["series"]
    )


def _is_day(text: Any) -> bool:
    try:
        date.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True


def reverse(
    calls: PostingCalls, organization: OrganizationInfo, request: ReversalRequest
) -> Result[PostedVoucher]:
    """Reverse, once: a reversal that is repeated gives the first result. A refusal is logged, and changes nothing."""
    began = time.perf_counter_ns()
    payload = request.payload()
    try:
        ask_hooks(calls, organization, request)
        answer = calls.reverse(organization.id, payload)
    except TryAgainError:
        raise
    except ErpdeskError as error:
        with suppress(ErpdeskError):
            calls.log_attempt(organization.id, logged_reversal(payload, error, began))
        return refused(error, str(request.context.correlation_id))
    result = posted_voucher(answer, organization, since(began), replayed=answer["replayed"])
    return Ok(replace(result, round_trips=calls.round_trips))


def ask_hooks(calls: PostingCalls, organization: OrganizationInfo, request: ReversalRequest) -> None:
    """Let installed packages refuse a reversal that would be possible; one that is done already isn't asked about."""
    if hooks.are_there() and not calls.rehearse_reverse(organization.id, request.payload())["replayed"]:
        hooks.ask_before_post(organization.code, request)


def logged_reversal(payload: Mapping[str, Any], error: ErpdeskError, began: int) -> dict[str, Any]:
    """The row of the posting log of a reversal that was refused."""
    facts = {key: payload[key] for key in ("key", "correlation_id", "context", "started_at")}
    return refused_attempt(error, facts | {"elapsed_ms": since(began)}, type=KIND)
