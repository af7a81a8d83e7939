"""The posting engine: one document in, one result out; every door saves and posts through here.

A post is three round trips: resolve, read, post (save, claim, lock, verify, write, commit); or, where its plan must be
made under locks, resolve, open (save, claim, lock, read), apply (verify, write, commit). Deadlocks, serialization
failures and lost connections are tried again with the same key, bounded; whatever became of a commit that went
unanswered, the key finds out.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import ErpdeskError, Ok, Result, refused
from erpdesk.posting.approval import StatusChange, StatusRequest, change_status
from erpdesk.posting.attempt import Attempt
from erpdesk.posting.correction import Correction, correct
from erpdesk.posting.hooks import tell_after_commit
from erpdesk.posting.outcome import PostedVoucher
from erpdesk.posting.preparation import Blueprints
from erpdesk.posting.request import PostRequest
from erpdesk.posting.reversal import ReversalRequest, reverse
from erpdesk.posting.year_closing import TurnedYear, YearTurn, turn_year
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls, PostingPool, posting_calls
from erpdesk.storage.refusals import TryAgainError

__all__ = ["PostRequest", "PostingEngine"]

ATTEMPTS = 6

Answer = TypeVar("Answer")


class PostingEngine:
    """Posts vouchers of one organization through a pool of connections. Thread-safe: it holds no voucher."""

    def __init__(self, pool: PostingPool, organization: OrganizationInfo) -> None:
        self.pool = pool
        self.organization = organization
        self._blueprints = Blueprints(organization)

    def run(self, request: PostRequest) -> Result[PostedVoucher]:
        """Save, and post if asked; never raises for what a user can cause.

        A post without a key gets one of its own, so that an attempt whose answer was lost finds out what became
        of it.
        """
        if request.voucher_id is None:
            request = replace(request, voucher_id=new_id())
        if request.post and request.key is None:
            request = replace(request, key=f"post:{request.context.correlation_id}", key_is_own=True)
        result = self._repeated(
            lambda calls, is_last: Attempt(self._blueprints, calls, request, is_last=is_last).run(),
            str(request.context.correlation_id),
        )
        return self._told(request, result)

    def reverse(self, request: ReversalRequest) -> Result[PostedVoucher]:
        """Undo a posted voucher by one of its own; never raises for what a user can cause."""
        result = self._repeated(
            lambda calls, _is_last: reverse(calls, self.organization, request), str(request.context.correlation_id)
        )
        return self._told(request, result)

    def change_status(self, request: StatusRequest) -> Result[StatusChange]:
        """Approve, reject, withdraw or cancel a voucher; never raises for what a user can cause."""
        return self._repeated(
            lambda calls, _is_last: change_status(calls, self.organization, request),
            str(request.context.correlation_id),
        )

    def correct(self, request: ReversalRequest, document: Mapping[str, Any]) -> Result[Correction]:
        """Reverse a posted voucher and keep its document as a new draft; never raises for what a user can cause."""
        draft_id = new_id()
        result = self._repeated(
            lambda calls, _is_last: correct(calls, self._blueprints, request, document, draft_id),
            str(request.context.correlation_id),
        )
        if isinstance(result, Ok):
            self._told(request, Ok(result.value.reversal))
        return result

    def turn_year(self, request: YearTurn) -> Result[TurnedYear]:
        """Close a fiscal year, or reopen it; never raises for what a user can cause."""
        return self._repeated(
            lambda calls, _is_last: turn_year(calls, self.organization, request), str(request.context.correlation_id)
        )

    def _repeated(
        self, attempt_at: Callable[[PostingCalls, bool], Result[Answer]], correlation_id: str
    ) -> Result[Answer]:
        """What becomes of an attempt, repeated as long as luck failed it; it is told whether it is the last."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with posting_calls(self.pool) as calls:
                    return attempt_at(calls, attempt == ATTEMPTS)
            except TryAgainError as error:
                if attempt == ATTEMPTS:
                    return refused(error.refusal, correlation_id)
                _pause(attempt)
            except ErpdeskError as error:
                return refused(error, correlation_id)
        raise AssertionError("unreachable")

    def _told(self, request: PostRequest | ReversalRequest, result: Result[PostedVoucher]) -> Result[PostedVoucher]:
        """The result as it is, once hooks have heard of a new post."""
        if isinstance(result, Ok) and result.value.status == "POSTED" and not result.value.replayed:
            tell_after_commit(self.organization.code, request, result.value)
        return result

    def blueprints(self) -> Blueprints:
        """The blueprints in use, read once a version."""
        return self._blueprints


def _pause(attempt: int) -> None:
    """Longer with each attempt, never the same for two desks: 20 ms to 2 s, give or take a half."""
    milliseconds = min(2000, 20 * 2**attempt) * random.randint(50, 150) // 100
    time.sleep(milliseconds / 1000)
