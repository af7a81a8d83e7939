"""The posting queue sends accepted vouchers one after another, in the order accepted, and tells the truth of each.

A voucher is in the journal before it is sent and until it is posted: the program may end at any moment. Sent again
under the same idempotency key it is the same voucher, so each is posted once. While nobody answers, all wait.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from erpdesk.domain.results import Ok, Refused
from erpdesk.ui.journal.folder import Entry
from erpdesk.ui.journal.journal import Journal
from erpdesk.ui.ports import Books
from erpdesk.ui.queue.queued import KIND, QueuedVoucher, QueueState, is_out_of_reach
from erpdesk.ui.requests import Requests
from erpdesk.ui.style.theme import theme

_POSTED = "POSTED"
TALLY = "posted-count"
_TRIES = 6
_DONE_SHOWN = 40


class PostingQueue(QObject):
    """`settled` carries a voucher when its answer is there; `changed` says that anything here is otherwise."""

    settled = Signal(object)
    changed = Signal()

    def __init__(self, requests: Requests, journal: Journal, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests, self._journal = requests, journal
        self._books: Books | None = None
        self._vouchers: list[QueuedVoucher] = []
        self._today = date.min
        self._posted = 0
        self._is_sending = False
        self.is_reachable = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._send_next)
        journal.recovered.connect(self._recover)

    # What is seen

    @property
    def vouchers(self) -> tuple[QueuedVoucher, ...]:
        """All that is shown, in the order accepted; of those posted only the latest."""
        return tuple(self._vouchers)

    def count(self, *states: QueueState) -> int:
        """How many are in one of the states."""
        return sum(one.state in states for one in self._vouchers)

    @property
    def open_count(self) -> int:
        """How many aren't answered yet."""
        return sum(one.is_open for one in self._vouchers)

    @property
    def posted_today(self) -> int:
        """How many were posted at this desk on the working day."""
        return self._posted

    @property
    def refused(self) -> tuple[QueuedVoucher, ...]:
        """Those refused, the oldest first."""
        return tuple(one for one in self._vouchers if one.state is QueueState.REFUSED)

    # What is done

    def attach(self, books: Books, today: date) -> None:
        """Post into these books; whatever waits is sent."""
        self._books = books
        if today != self._today:
            self._today, self._posted = today, 0
        self.reach(True)

    def reach(self, reachable: bool) -> None:
        """Whether the server answers: while it doesn't, vouchers wait."""
        self.is_reachable = reachable
        self.changed.emit()
        self._send_next()

    def accept(self, voucher: QueuedVoucher) -> None:
        """Take a voucher; nothing of it changes any more."""
        self._vouchers.append(voucher)
        self._journal.put(voucher.key, voucher.as_json())
        self.changed.emit()
        self._send_next()

    def release(self, voucher: QueuedVoucher) -> None:
        """The save that it waited for is answered."""
        voucher.held = False
        self._journal.put(voucher.key, voucher.as_json())
        self._send_next()

    def take_back(self, voucher: QueuedVoucher) -> None:
        """A refused voucher leaves the queue: it is typed at again, and kept as such, or thrown away."""
        if voucher in self._vouchers and voucher.state is QueueState.REFUSED:
            self._vouchers.remove(voucher)
            self.changed.emit()

    def discard(self, voucher: QueuedVoucher) -> None:
        """Throw a refused voucher away."""
        self.take_back(voucher)
        self._journal.drop(voucher.key)

    # Sending

    def _send_next(self) -> None:
        books = self._books
        following = next((one for one in self._vouchers if one.is_open), None)
        if self._is_sending or not self.is_reachable or books is None or following is None or following.held \
                or self._again.isActive():
            return
        voucher = following
        self._is_sending = True
        voucher.state = QueueState.POSTING
        voucher.tries += 1
        self._requests.submit(
            self, lambda: books.vouchers.post(
                dict(voucher.document), idempotency_key=voucher.key, voucher_id=voucher.voucher_id,
                row_version=voucher.row_version, version=voucher.version),
            lambda result: self._answered(voucher, result), lambda refusal: self._answered(voucher, refusal))

    def _answered(self, voucher: QueuedVoucher, result: Ok[Any] | Refused) -> None:
        self._is_sending = False
        if isinstance(result, Refused) and self._waits_on(voucher, result):
            self.changed.emit()
            self._send_next()
            return
        if isinstance(result, Refused):
            voucher.state, voucher.refusal = QueueState.REFUSED, result
            self._journal.put(voucher.key, voucher.as_json())
        else:
            self._done(voucher, result)
        self.changed.emit()
        self.settled.emit(voucher)
        self._send_next()

    def _waits_on(self, voucher: QueuedVoucher, refusal: Refused) -> bool:
        """Whether the voucher is to be sent again by itself: nobody answered, or somebody was in the way."""
        if is_out_of_reach(refusal):
            self.is_reachable = False
            voucher.tries = 0
        elif refusal.retryable and voucher.tries < _TRIES:
            self._again.start(theme().time_ms("try_again") * voucher.tries)
        else:
            return False
        voucher.state = QueueState.WAITING
        return True

    def _done(self, voucher: QueuedVoucher, result: Ok[Any]) -> None:
        voucher.result = result
        voucher.number = str(result.value.voucher_number or "")
        if result.value.status == _POSTED:
            voucher.state = QueueState.POSTED
            self._posted += 1
            self._journal.put(TALLY, {"kind": TALLY, "day": self._today.isoformat(), "count": self._posted})
        else:
            voucher.state = QueueState.SUBMITTED
        self._journal.drop(voucher.key)
        voucher.document, voucher.kept = {}, {}
        done = [one for one in self._vouchers if one.state in (QueueState.POSTED, QueueState.SUBMITTED)]
        for old in done[:-_DONE_SHOWN]:
            self._vouchers.remove(old)

    # After a crash, or a day

    def _recover(self, entries: dict[str, Entry]) -> None:
        tally = entries.get(TALLY)
        if tally is not None and tally.get("day") == self._today.isoformat():
            self._posted += int(tally.get("count", 0))
        known = {one.key for one in self._vouchers}
        kept = [QueuedVoucher.from_json(entry) for entry in entries.values()
                if entry.get("kind") == KIND and entry["key"] not in known]
        self._vouchers[:0] = sorted(kept, key=lambda one: one.accepted_at)
        self.changed.emit()
        self._send_next()
