"""The list of the posting queue, over the window for a moment: refused vouchers are reopened, posted ones shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from erpdesk.ui.deciding import Decision
from erpdesk.ui.editors.base import lend_cursor
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.queue.posting_queue import PostingQueue
from erpdesk.ui.queue.queued import QueuedVoucher, QueueState
from erpdesk.ui.reports.listing import dress_rows
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.window.queue_table import FATE, STATE, TITLE, TOTAL, VOUCHER, QueueTable
from erpdesk.ui.words import say

_CHARACTERS = {STATE: 15, VOUCHER: 20, TITLE: 26, TOTAL: 16}


class QueueRows(QTableView):
    """The rows; keys that don't move in them go to the list around."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home,
                 Qt.Key.Key_End)
        if event.key() in moves:
            super().keyPressEvent(event)
        elif not route_key(self, event):
            event.accept()


class QueueList(QFrame):
    """`wanted` carries the voucher to reopen or to show, `closed` says that the cursor is to go back."""

    key_context = "queue"
    wanted = Signal(object)
    closed = Signal()

    def __init__(self, queue: PostingQueue, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("queueList")
        self._queue, self._window = queue, window
        self.table = QueueTable(queue, self)
        self.rows = QueueRows(self)
        self._title, self._foot, self._word = QLabel(say("Posting queue"), self), QLabel(self), QLabel(self)
        self._title.setFont(figures_font(theme().text("title_points"), semibold=True))
        self._foot.setProperty("role", "fieldLabel")
        self._word.setObjectName("emptyState")
        self._word.setWordWrap(True)
        self._word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._dress()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme().space("large"),) * 4)
        layout.setSpacing(theme().space("small"))
        for widget in (self._title, self.rows, self._word):
            layout.addWidget(widget, 0 if widget is self._title else 1)
        layout.addWidget(self._foot)
        self.table.modelReset.connect(self._fill)
        self.rows.doubleClicked.connect(lambda _index: self.choose())
        self.hide()

    def _dress(self) -> None:
        rows = self.rows
        dress_rows(rows, "queueRows")
        rows.setAccessibleName(say("Posting queue"))
        rows.setModel(self.table)
        header = rows.horizontalHeader()
        header.setSectionsClickable(False)
        header.setSectionResizeMode(FATE, QHeaderView.ResizeMode.Stretch)
        for column, characters in _CHARACTERS.items():
            rows.setColumnWidth(column, characters * theme().size("character"))

    def open(self) -> None:
        """Show over the window, the first voucher chosen; open already: close."""
        if self.isVisible():
            self.close_list()
            return
        window, edge = self._window, theme().space("huge") * 2
        top = theme().size("strip_height") + edge
        bottom = theme().size("queue_height") + edge
        self.setGeometry(edge, top, window.width() - theme().size("bar_width") - 2 * edge,
                         window.height() - top - bottom)
        self.table.refresh()
        self._fill()
        self.show()
        self.raise_()
        lend_cursor(self.rows)

    def _fill(self) -> None:
        vouchers = self.table.vouchers
        if vouchers and not self.rows.currentIndex().isValid():
            self.rows.selectRow(0)
        has_refused = any(one.state is QueueState.REFUSED for one in vouchers)
        self._word.setText("" if vouchers else say("Nothing was accepted yet: {key} in a voucher hands it over",
                                                   key=key_name("voucher", "accept")))
        self._word.setVisible(not vouchers)
        keys = {action: key_name(self.key_context, action) for action in ("choose", "discard", "close")}
        self._foot.setText(
            say("{choose} reopens what was refused · {discard} throws it away · {close} closes", **keys) if has_refused
            else say("{choose} shows what is posted · {close} closes", **keys))

    def offers(self, action: str) -> bool:
        """What there is nothing for isn't printed on the keys."""
        if action == "choose":
            return bool(self.table.vouchers)
        return action != "discard" or any(one.state is QueueState.REFUSED for one in self.table.vouchers)

    def choose(self) -> None:
        """The voucher under the cursor is wanted, if it can be had yet."""
        voucher = self._here()
        if voucher is not None and (voucher.state is QueueState.REFUSED or voucher.number):
            self._window.setFocus(Qt.FocusReason.OtherFocusReason)
            self.hide()
            self.wanted.emit(voucher)

    def _here(self) -> QueuedVoucher | None:
        row = self.rows.currentIndex().row()
        return self.table.vouchers[row] if 0 <= row < len(self.table.vouchers) else None

    def _ask_to_discard(self) -> None:
        voucher = self._here()
        if voucher is None or voucher.state is not QueueState.REFUSED:
            return
        name = ", ".join(part for part in (voucher.label, voucher.title, voucher.total) if part)
        Decision(self, say("Throw this voucher away?"),
                 say("{voucher} was refused and stands nowhere else.", voucher=name),
                 ((say("Throw it away"), lambda: self._queue.discard(voucher)),), say("Keep it"),
                 "discardQuestion").ask(keeps=True)

    def close_list(self) -> None:
        """Close; the cursor goes back first, before a hidden field could leak it."""
        self.closed.emit()
        self.hide()

    def perform(self, action: str) -> bool:
        """Actions of the queue."""
        done = {"choose": self.choose, "discard": self._ask_to_discard, "close": self.close_list,
                "queue": self.close_list}.get(action)
        if done is not None:
            done()
        return done is not None

    def perform_chord(self, chord: str) -> bool:
        """The keys of the window don't act while this lies over it."""
        return True
