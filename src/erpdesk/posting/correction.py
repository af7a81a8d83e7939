"""A correction: a posted voucher is reversed and its copy kept as a new draft, both or neither.

The copy says what the voucher said; a number typed by hand stays with the voucher, and its idempotency key too.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from erpdesk.domain.results import ErpdeskError, InvalidRequest, Ok, Result, refused
from erpdesk.posting.attempt_log import since
from erpdesk.posting.content import content_hash
from erpdesk.posting.outcome import PostedVoucher, posted_voucher
from erpdesk.posting.payload import draft_rows
from erpdesk.posting.preparation import Blueprints, prepare
from erpdesk.posting.reversal import ReversalRequest, ask_hooks, logged_reversal
from erpdesk.storage.posting_calls import PostingCalls
from erpdesk.storage.refusals import TryAgainError

_STAYS_BEHIND = ("idempotency_key", "voucher_number", "replaces", "reason")


@dataclass(frozen=True, slots=True)
class Correction:
    """The draft to be corrected, and the reversal of what it is a copy of."""

    draft: PostedVoucher
    reversal: PostedVoucher

    def as_json(self) -> dict[str, Any]:
        """The result object of the command line: the draft's, with the reversal's in it."""
        return self.draft.as_json() | {"reversal": self.reversal.as_json()}


def correct(
    calls: PostingCalls,
    blueprints: Blueprints,
    request: ReversalRequest,
    document: Mapping[str, Any],
    draft_id: UUID,
) -> Result[Correction]:
    """Reverse what the request names, and save a copy of its document under an id of its own. A copy that could
    not be saved any more (a master that is gone, a field that is hidden now) is refused, and nothing is reversed."""
    began, organization = time.perf_counter_ns(), blueprints.organization
    copy = {key: value for key, value in document.items() if key not in _STAYS_BEHIND}
    try:
        prepared = prepare(calls, blueprints, copy, None, draft_id)
        if prepared.field_faults or prepared.voucher is None:
            raise InvalidRequest(prepared.field_faults)
        rows = draft_rows(prepared.voucher, copy, content_hash(copy), None, request.context)
        draft = {**rows, "row_version": None, "post": False, "newest_blueprint": prepared.voucher.blueprint.version}
        ask_hooks(calls, organization, request)
        answer = calls.correct(organization.id, request.payload(), draft)
    except TryAgainError:
        raise
    except ErpdeskError as error:
        with suppress(ErpdeskError):
            calls.log_attempt(organization.id, logged_reversal(request.payload(), error, began))
        return refused(error, str(request.context.correlation_id))
    facts = {
        "voucher_id": draft_id, "status": "DRAFT", "voucher_number": None, "total": prepared.voucher.total, "cost": 0,
        "row_version": answer["row_version"],
    }  # fmt: skip
    reversal = answer["reversal"]
    return Ok(
        Correction(
            posted_voucher(facts, organization, since(began), replayed=reversal["replayed"]),
            posted_voucher(reversal, organization, since(began), replayed=reversal["replayed"]),
        ),
        prepared.voucher_faults,
    )
