"""One attempt at one request on one connection: prepare, plan and post, or say why not."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.domain.money import money_text
from erpdesk.domain.results import (
    ConflictError,
    ErpdeskError,
    Fault,
    InvalidRequest,
    Ok,
    Refused,
    Result,
    refused,
)
from erpdesk.posting.approval import approval_needed, stopped_by
from erpdesk.posting.content import content_hash, key_reuse
from erpdesk.posting.foresight import plan_as_things_stand, told_besides
from erpdesk.posting.hooks import ask_before_post
from erpdesk.posting.masters import Batch
from erpdesk.posting.origin import first_of_source
from erpdesk.posting.outcome import PostedVoucher, posted_voucher
from erpdesk.posting.payload import draft_rows, locks
from erpdesk.posting.plan import PostingPlan
from erpdesk.posting.planning import plan_post
from erpdesk.posting.planning_ahead import is_plain, is_read, may_plan_ahead, stands_alone
from erpdesk.posting.preparation import Blueprints, Prepared, prepare
from erpdesk.posting.request import PostRequest
from erpdesk.posting.resolved import NewBatch, ResolvedVoucher
from erpdesk.posting.reversal import ReversalRequest
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls
from erpdesk.storage.refusals import TryAgainError

_LOGGER = logging.getLogger(__name__)
_OF_SAVED = ("status", "row_version", "waits_for", "replayed")


class Attempt:
    """One attempt at one request on one connection; `is_last` says that no other follows."""

    def __init__(
        self, blueprints: Blueprints, calls: PostingCalls, request: PostRequest, *, is_last: bool = False
    ) -> None:
        self._blueprints = blueprints
        self._organization = blueprints.organization
        self._calls = calls
        self._request = request
        self._row_version = request.row_version
        self._began = time.perf_counter_ns()
        self._started_at = datetime.now(UTC).isoformat()
        self._timings: dict[str, str] = {}
        self._opened = False
        self._is_last = is_last
        self._stored = request.voucher_id if request.row_version is not None else None

    def run(self) -> Result[PostedVoucher]:
        """The result; TryAgainError when the connection or the luck of locks failed it, not its content."""
        try:
            return self._run()
        except TryAgainError as error:
            if self._is_last:
                self._refuse(error.refusal)
            raise
        except ErpdeskError as error:
            return self._replaced_meanwhile(error) or self._refuse(error)
        except Exception:
            self._refuse(ErpdeskError("SYS-001", "Something unforeseen went wrong while posting"))
            raise

    def _replaced_meanwhile(self, error: ErpdeskError) -> Result[PostedVoucher] | None:
        """The first result, when what this request replaces was just replaced by the same key elsewhere."""
        request = self._request
        if error.code != "VCH-024" or request.key is None or not request.document.get("replaces"):
            return None
        self._calls.rollback()
        self._opened = False
        prepared = prepare(self._calls, self._blueprints, request.document, request.key, new_id(),
                           version=request.version)
        key = prepared.key
        same = key is not None and key["content_hash"] == content_hash(request.document)
        return self._known(prepared, content_hash(request.document)) if same else None

    def _run(self) -> Result[PostedVoucher]:
        request = self._request
        document_hash = content_hash(request.document)
        prepared = prepare(
            self._calls,
            self._blueprints,
            request.document,
            request.key,
            request.voucher_id or new_id(),
            version=request.version,
        )
        self._time("resolve")
        known = self._known(prepared, document_hash)
        if known is not None:
            return known
        goes_on = request.post or request.submit
        blocking = prepared.field_faults + (prepared.voucher_faults if goes_on else ())
        if blocking:
            return self._refuse(stopped_by(self._with_those_of_the_plan(prepared, blocking)))
        if request.post:
            ask_before_post(self._organization.code, request)
        assert prepared.voucher is not None
        return self._write(prepared, prepared.voucher, document_hash)

    def _with_those_of_the_plan(self, prepared: Prepared, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
        """Faults of a voucher that is to be posted, and what its plan would say besides: short stock, for one. No plan
        can be made of fields that are wrong, or on books as they will be once another voucher is reversed; who may not
        post is told nothing of the books."""
        is_theirs = all(fault.code.startswith("SEC-") for fault in faults)
        if is_theirs or prepared.field_faults or prepared.voucher is None or self._request.document.get("replaces"):
            return faults
        plan = plan_as_things_stand(self._calls, self._organization.id, prepared.voucher)
        return told_besides(faults, plan.faults)

    def _write(
        self, prepared: Prepared, voucher: ResolvedVoucher, document_hash: str
    ) -> Result[PostedVoucher]:
        request, organization_id = self._request, self._organization.id
        if prepared.draft is not None:
            self._stored = UUID(prepared.draft["id"])
        if prepared.draft is not None and request.row_version is None:
            voucher = replace(voucher, id=UUID(prepared.draft["id"]))
            self._row_version = prepared.draft["row_version"]
        named = None if request.key_is_own else request.key
        rows = draft_rows(voucher, *prepared.kept(request.document, document_hash), named, request.context)
        payload = {
            **rows,
            "row_version": self._row_version,
            "post": request.post,
            "key": request.key,
            "content_hash": document_hash,
            "newest_blueprint": None if prepared.keeps_version else voucher.blueprint.version,
            "unchanged": True,
            "lock": locks(voucher) if request.post else {},
        }
        if not request.post:
            return self._saved(voucher, prepared, payload)
        ahead = self._ahead(voucher, prepared, payload)
        if ahead is not None:
            return ahead
        self._opened = True
        opened = self._calls.open(organization_id, payload, self._replaced(voucher))
        self._time("open")
        if opened["outcome"] == "needs_approval":
            self._calls.rollback()
            self._opened = False
            return self._saved(voucher, prepared, {**payload, "post": False}, submit=True)
        if opened["outcome"] != "open":
            return self._not_open(opened, voucher)
        voucher = _with_batches(voucher, opened["new_batches"])
        plan = plan_post(voucher, opened["stock"], opened)
        self._time("plan")
        if plan.faults:
            return self._refuse(InvalidRequest(plan.faults))
        planned = self._planned(voucher, prepared, plan)
        answer = self._calls.apply(organization_id, {**planned, "row_version": opened["row_version"]})
        self._opened = False
        return self._ok(voucher, prepared, answer, plan.warnings)

    def _ahead(
        self, voucher: ResolvedVoucher, prepared: Prepared, payload: Mapping[str, Any]
    ) -> Ok[PostedVoucher] | None:
        """Posted in one call by a plan made without locks; None when it is to be made under them.

        Overtaken by another desk, a post takes two round trips more; one that has just read its blueprint has none
        to spare.
        """
        wanted, organization_id = payload["lock"], self._organization.id
        is_first = self._calls.round_trips > 1
        if is_first or self._request.document.get("replaces") or not may_plan_ahead(voucher, wanted):
            return None
        state = self._calls.state(organization_id, wanted, voucher.date) if is_read(voucher, wanted) else {}
        self._time("read")
        if not is_plain(state, wanted):
            return None
        plan = plan_post(voucher, state.get("stock"), state)
        self._time("plan")
        if not stands_alone(plan):
            return None
        planned = {**self._planned(voucher, prepared, plan), "parties": wanted.get("parties", [])}
        try:
            answer = self._calls.post(organization_id, payload, planned)
        except ErpdeskError as error:
            if error.retryable:
                raise
            self._time("overtaken")
            _LOGGER.info("planned again under locks: %s", error)
            return None
        return self._ok(voucher, prepared, answer, ())

    def _planned(self, voucher: ResolvedVoucher, prepared: Prepared, plan: PostingPlan) -> dict[str, Any]:
        """A plan as the server takes it, with what it writes into its log."""
        request = self._request
        return {
            "voucher_id": voucher.id,
            "plan": plan.as_payload(),
            "key": request.key,
            "remember_key": not request.key_is_own,
            "correlation_id": request.context.correlation_id,
            "context": request.context.as_json(),
            "timings": self._timings,
            "elapsed_ms": self._elapsed_ms(),
            "started_at": self._started_at,
            "warnings": [warning.as_json() for warning in prepared.warnings + plan.warnings],
        }

    def _saved(
        self, voucher: ResolvedVoucher, prepared: Prepared, payload: Mapping[str, Any], *, submit: bool = False
    ) -> Ok[PostedVoucher]:
        """Saved in one transaction; and submitted for approval, when that is asked or stands before posting."""
        request, submit = self._request, submit or self._request.submit
        asked = {"submit": True, "comment": request.comment, "correlation_id": request.context.correlation_id}
        saved = self._calls.save(self._organization.id, {**payload, **(asked if submit else {})})
        facts: dict[str, Any] = {name: saved[name] for name in _OF_SAVED if name in saved}
        return self._ok(voucher, prepared, facts, prepared.voucher_faults)

    def _replaced(self, voucher: ResolvedVoucher) -> dict[str, Any] | None:
        """The reversal that goes before this post in its transaction, dated no earlier than what it undoes."""
        document = self._request.document
        of = str(document.get("replaces") or "").strip()
        if not of:
            return None
        reason = str(document.get("reason") or "").strip() or "Replaced by a corrected voucher"
        reversal = ReversalRequest(of, voucher.date.isoformat(), reason, context=self._request.context)
        return {**reversal.payload(), "or_later": True}

    def _known(self, prepared: Prepared, document_hash: str) -> Result[PostedVoucher] | None:
        """The first result of a key that has posted; a conflict when its content was another."""
        key, draft = prepared.key, prepared.draft
        if key is not None:
            if key["content_hash"] != document_hash:
                raise key_reuse(self._request.key)
            self._log("replayed", None)
            return Ok(posted_voucher(key["result"], self._organization, self._elapsed_ms(), replayed=True))
        own = UUID(draft["id"]) if draft is not None else self._request.voucher_id
        first = first_of_source(prepared.origin, self._request.document, own, prepared.replaced)
        if first is not None:
            self._log("replayed", None)
            return Ok(posted_voucher(first, self._organization, self._elapsed_ms(), replayed=True))
        if (
            draft is not None
            and draft["document_hash"] != document_hash
            and self._request.row_version is None
        ):
            raise key_reuse(self._request.key)
        if draft is not None and not self._request.post and self._request.row_version is None:
            facts = {
                "voucher_id": draft["id"],
                "status": draft["status"],
                "voucher_number": draft["voucher_number"],
                "total": draft["total"],
                **({"currency_decimals": prepared.voucher.decimals} if prepared.voucher else {}),
                "cost": draft["cost"],
                "row_version": draft["row_version"],
            }
            return Ok(posted_voucher(facts, self._organization, self._elapsed_ms(), replayed=True))
        return None

    def _not_open(self, opened: Mapping[str, Any], voucher: ResolvedVoucher) -> Result[PostedVoucher]:
        self._calls.rollback()
        self._opened = False
        outcome = opened["outcome"]
        if outcome == "replayed" and opened["result"] is not None:
            self._log("replayed", None)
            return Ok(posted_voucher(opened["result"], self._organization, self._elapsed_ms(), replayed=True))
        if outcome == "key_conflict":
            raise key_reuse(self._request.key)
        if outcome == "pending":
            return self._pending(opened, voucher)
        if outcome == "stale_blueprint":
            self._blueprints.forget(voucher.blueprint.code)
            raise ConflictError(
                "VCH-014",
                "The voucher type was changed while the voucher was under way",
                cure="Post it again; it will follow the new settings.",
                retryable=True,
            )
        raise ConflictError("VCH-001", "The voucher is being posted by another request", retryable=True)

    def _pending(self, opened: Mapping[str, Any], voucher: ResolvedVoucher) -> Result[PostedVoucher]:
        """A voucher sent again by its key waits as before; one that is to be posted as it is, is told so."""
        request = self._request
        if request.row_version is None:
            facts = {**opened, "voucher_id": voucher.id, "status": "PENDING_APPROVAL", "voucher_number": None}
            facts |= {"total": voucher.total, "cost": Decimal(0)}
            return Ok(posted_voucher(facts, self._organization, self._elapsed_ms(), replayed=True))
        raise approval_needed(opened)

    def _ok(
        self, voucher: ResolvedVoucher, prepared: Prepared, answer: Mapping[str, Any], more: tuple[Fault, ...]
    ) -> Ok[PostedVoucher]:
        facts = {
            "voucher_id": voucher.id,
            "total": voucher.total,
            "cost": Decimal(0),
            "voucher_number": None,
            "currency_decimals": voucher.decimals,
            **answer,
        }
        warnings = prepared.warnings + more
        replayed = bool(answer.get("replayed"))
        result = posted_voucher(facts, self._organization, self._elapsed_ms(), replayed=replayed)
        return Ok(replace(result, warnings=warnings, round_trips=self._calls.round_trips), warnings)

    def _refuse(self, error: ErpdeskError) -> Refused:
        """Roll back, record the attempt, and say why; the log never hides the refusal itself."""
        result = refused(error, str(self._request.context.correlation_id))
        if not (self._request.post or self._request.submit):
            return result
        with suppress(ErpdeskError):
            self._log(error.kind, error)
        return result

    def _log(self, status: str, error: ErpdeskError | None) -> None:
        request = self._request
        attempt = {
            "voucher_id": self._stored,
            "key": request.key,
            "started_at": self._started_at,
            "status": status,
            "step": str(error.faults[0].step) if error else "completed",
            "error_code": error.faults[0].code if error else None,
            "retryable": bool(error and error.retryable),
            "timings": self._timings,
            "elapsed_ms": self._elapsed_ms(),
            "correlation_id": request.context.correlation_id,
            "context": request.context.as_json(),
            "payload": {
                "faults": [fault.as_json() for fault in error.faults] if error else [],
                "type": str(request.document.get("type", ""))[:60],
            },
        }
        if self._opened:
            self._opened = False
            self._calls.rollback_and_log(self._organization.id, attempt)
        else:
            self._calls.log_attempt(self._organization.id, attempt)

    def _time(self, step: str) -> None:
        self._timings[step] = self._elapsed_ms()

    def _elapsed_ms(self) -> str:
        return money_text(Decimal(time.perf_counter_ns() - self._began) / 1_000_000, 1)


def _with_batches(voucher: ResolvedVoucher, stored: Mapping[str, str] | None) -> ResolvedVoucher:
    """Batches named for the first time get the ids they have in the database: another desk may have been first."""
    if not voucher.new_batches or not stored:
        return voucher

    def known(batch: Batch | NewBatch | None) -> Batch | NewBatch | None:
        if not isinstance(batch, NewBatch):
            return batch
        return Batch(UUID(stored[str(batch.id)]), batch.code, batch.expires_on, True)

    lines = (
        replace(
            line, batch=known(line.batch),
            details=tuple(replace(detail, batch=known(detail.batch)) for detail in line.details),
        )
        for line in voucher.lines
    )  # fmt: skip
    return replace(voucher, lines=tuple(lines))
