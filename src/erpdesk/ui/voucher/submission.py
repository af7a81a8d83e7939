"""Submitting a draft: saves run one at a time on a worker; what is accepted goes into the posting queue.

A voucher accepted while its save is under way waits in the queue for the version that the save gives.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.results import Ok, Refused
from erpdesk.ui.ports import VoucherService
from erpdesk.ui.queue.posting_queue import PostingQueue
from erpdesk.ui.queue.queued import QueuedVoucher, QueueState
from erpdesk.ui.requests import Requests
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.kept_draft import Place, keep

POSTED = "POSTED"
PENDING = "PENDING_APPROVAL"


class Submission(QObject):
    """`started` says whether it is a post; `saved` and `unsaved` carry the draft; `settled` what was accepted."""

    started = Signal(bool)
    saved = Signal(object, object)
    unsaved = Signal(object, object)
    settled = Signal(object)

    def __init__(self, service: VoucherService, requests: Requests, queue: PostingQueue,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service, self._requests, self._queue = service, requests, queue
        self._saving: Draft | None = None
        self._held: QueuedVoucher | None = None
        self._accepted: set[str] = set()
        self.latest = ""
        queue.settled.connect(self._settled)

    @property
    def is_saving(self) -> bool:
        """Whether the answer to a save is awaited."""
        return self._saving is not None

    @property
    def is_running(self) -> bool:
        """Whether any answer is awaited: to a save, or to something accepted here."""
        return self.is_saving or bool(self._accepted)

    def save(self, draft: Draft) -> None:
        """Save the draft as it stands."""
        if self._saving is not None:
            return
        document, service, known, row_version = draft.document(), self._service, draft.voucher_id, draft.row_version
        version = draft.schema.version
        self._saving = draft
        self.started.emit(False)
        answer: Callable[[Ok[Any] | Refused], None] = lambda result: self._save_answered(draft, document, result)  # noqa: E731
        self._requests.submit(
            self, lambda: service.save(document, voucher_id=known, row_version=row_version, version=version),
            answer, answer)

    def post(self, draft: Draft, place: Place, title: str, total: str) -> None:
        """Have the draft saved and posted exactly as it stands."""
        document = copy.deepcopy(draft.document())
        document["idempotency_key"] = draft.idempotency_key
        voucher = QueuedVoucher(
            draft.idempotency_key, draft.schema.voucher_type, draft.schema.label, document,
            copy.deepcopy(keep(draft, place)), title, total, draft.voucher_id, draft.row_version,
            version=draft.schema.version, prints=draft.schema.print_after_post)
        if self._saving is draft:
            voucher.held, self._held = True, voucher
        self._accepted.add(voucher.key)
        self.latest = voucher.key
        self.started.emit(True)
        self._queue.accept(voucher)

    def _save_answered(self, draft: Draft, document: dict[str, Any], result: Ok[Any] | Refused) -> None:
        self._saving = None
        if isinstance(result, Ok):
            value = result.value
            draft.voucher_id, draft.row_version, draft.status = value.voucher_id, value.row_version, value.status
            draft.is_changed = draft.document() != document
        held, self._held = self._held, None
        if held is not None:
            held.voucher_id, held.row_version = draft.voucher_id, draft.row_version
            held.kept |= {"voucher_id": draft.voucher_id, "row_version": draft.row_version}
            self._queue.release(held)
        (self.unsaved if isinstance(result, Refused) else self.saved).emit(result, draft)

    def _settled(self, voucher: QueuedVoucher) -> None:
        if voucher.key in self._accepted:
            self._accepted.discard(voucher.key)
            self.settled.emit(voucher)

    @staticmethod
    def is_posted(voucher: QueuedVoucher) -> bool:
        """Whether it stands in the books."""
        return voucher.state is QueueState.POSTED
