"""The posting queue as a table: refused vouchers first, then those on their way, then the latest posted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt

from erpdesk.ui.configured_words import coded
from erpdesk.ui.overriding import override
from erpdesk.ui.queue.posting_queue import PostingQueue
from erpdesk.ui.queue.queued import QueuedVoucher, QueueState
from erpdesk.ui.reports.fixed_columns import NO_INDEX, AnyIndex, FixedColumns
from erpdesk.ui.style.theme import colour
from erpdesk.ui.words import say, to_say

_ROLE = Qt.ItemDataRole
STATE, VOUCHER, TITLE, TOTAL, FATE = range(5)
_WORDS = {
    QueueState.WAITING: to_say("… waiting"), QueueState.POSTING: to_say("… posting"),
    QueueState.POSTED: to_say("✓ posted"), QueueState.SUBMITTED: to_say("○ for approval"),
    QueueState.REFUSED: to_say("✕ refused"),
}
_COLOURS = {QueueState.REFUSED: "error", QueueState.POSTED: "good"}
_ORDER = (QueueState.REFUSED, QueueState.POSTING, QueueState.WAITING, QueueState.SUBMITTED, QueueState.POSTED)


class QueueTable(FixedColumns):
    """Follows the queue; nothing can be typed into it."""

    columns = (("state", to_say("State")), ("voucher", to_say("Voucher")), ("title", to_say("With")),
               ("total", to_say("Amount")), ("fate", to_say("Number or reason")))
    figures = frozenset(("total",))

    def __init__(self, queue: PostingQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.vouchers: list[QueuedVoucher] = []
        queue.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """The queue as it is now. Rows keep their place as long as the same vouchers stand in them."""
        wanted = _in_order(self._queue.vouchers)
        if [one.key for one in wanted] == [one.key for one in self.vouchers]:
            self.vouchers = wanted
            if wanted:
                self.dataChanged.emit(self.index(0, 0), self.index(len(wanted) - 1, FATE))
            return
        self.beginResetModel()
        self.vouchers = wanted
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.vouchers)

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.vouchers):
            return None
        voucher = self.vouchers[index.row()]
        if role in (_ROLE.DisplayRole, _ROLE.ToolTipRole, _ROLE.AccessibleTextRole):
            return _text(voucher, index.column())
        if role == _ROLE.TextAlignmentRole:
            return self.alignment(self.columns[index.column()][0])
        if role == _ROLE.ForegroundRole and index.column() in (STATE, FATE) and voucher.state in _COLOURS:
            return colour(_COLOURS[voucher.state])
        return None


def _in_order(vouchers: tuple[QueuedVoucher, ...]) -> list[QueuedVoucher]:
    """Refused and open ones the oldest first, done ones the latest first."""
    found: list[QueuedVoucher] = []
    for state in _ORDER:
        of_state = [one for one in vouchers if one.state is state]
        found += of_state if state in _ORDER[:3] else reversed(of_state)
    return found


def _text(voucher: QueuedVoucher, column: int) -> str:
    if column == STATE:
        return say(_WORDS[voucher.state])
    if column == FATE:
        fault = voucher.refusal.first if voucher.refusal is not None else None
        return coded(fault) if fault is not None else voucher.number
    return {VOUCHER: voucher.label, TITLE: voucher.title, TOTAL: voucher.total}[column]
