"""Submitting a draft: one save or post at a time, on a worker, with the key that makes a second press harmless.

A post asked for while a save is under way follows it, with the version that the save gave.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.results import Ok, Refused
from erpdesk.ui.ports import VoucherService
from erpdesk.ui.requests import Requests
from erpdesk.ui.voucher.draft import Draft

POSTED = "POSTED"
PENDING = "PENDING_APPROVAL"


class Submission(QObject):
    """`saved` and `posted` carry the result, `refused` the refusal and whether it was a post."""

    started = Signal(bool)
    saved = Signal(object)
    posted = Signal(object)
    refused = Signal(object, bool)

    def __init__(self, service: VoucherService, requests: Requests, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service, self._requests = service, requests
        self._running = False
        self._wants_post: Draft | None = None

    @property
    def is_running(self) -> bool:
        """Whether an answer is awaited."""
        return self._running

    def save(self, draft: Draft) -> None:
        """Save the draft as it stands."""
        if not self._running:
            document, service = draft.document(), self._service
            self._run(draft, False, lambda: service.save(
                document, voucher_id=draft.voucher_id, row_version=draft.row_version))

    def post(self, draft: Draft) -> None:
        """Save and post the draft as it stands."""
        if self._running:
            self._wants_post = draft
            return
        document, service = draft.document(), self._service
        document["idempotency_key"] = draft.idempotency_key
        self._run(draft, True, lambda: service.post(
            document, idempotency_key=draft.idempotency_key, voucher_id=draft.voucher_id,
            row_version=draft.row_version))

    def _run(self, draft: Draft, is_post: bool, work: Callable[[], Ok[Any] | Refused]) -> None:
        self._running = True
        self.started.emit(is_post)
        self._requests.submit(self, work, lambda result: self._answer(draft, is_post, result),
                              lambda refusal: self._answer(draft, is_post, refusal))

    def _answer(self, draft: Draft, is_post: bool, result: Ok[Any] | Refused) -> None:
        self._running = False
        waiting, self._wants_post = self._wants_post, None
        if isinstance(result, Refused):
            self.refused.emit(result, is_post)
            return
        value = result.value
        draft.voucher_id, draft.row_version = value.voucher_id, value.row_version
        draft.status = value.status
        if value.status == POSTED:
            self.posted.emit(result)
            return
        self.saved.emit(result)
        if waiting is not None and value.status != PENDING:
            self.post(waiting)
