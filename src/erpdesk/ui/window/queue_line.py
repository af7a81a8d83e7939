"""The last line of the window: what is in the posting queue, what was said last. And waiting, quietly."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from erpdesk.ui.keys.profile import key_profile
from erpdesk.ui.queue.queued import QueuedVoucher, QueueState
from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say
from erpdesk.ui.workplace import Workplace


class QueueLine(QFrame):
    """Counts what is in the posting queue; what was refused stands out until somebody has dealt with it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queueLine")
        self.setFixedHeight(theme().size("queue_height"))
        self._session = session
        self.counts, self.refused, self.word, self.asked = QLabel(self), QLabel(self), QLabel(self), QLabel(self)
        self.counts.setObjectName("queueCounts")
        self.refused.setObjectName("queueRefused")
        self.word.setObjectName("queueWord")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme().space("medium"), 0, theme().space("medium"), 0)
        layout.setSpacing(theme().space("large"))
        layout.addWidget(self.counts)
        layout.addWidget(self.refused)
        layout.addWidget(self.asked)
        self.asked.setObjectName("queueAsked")
        session.approval_watch.mine_changed.connect(self.say_asked)
        layout.addStretch(1)
        layout.addWidget(self.word)
        session.queues_changed.connect(self.say_counts)
        session.settled.connect(lambda voucher: self.say(_told(voucher)))
        session.elsewhere.connect(self._tell_of_another)
        self.say_counts()

    def _tell_of_another(self, place: Workplace, voucher: QueuedVoucher) -> None:
        self.say(f"{place.organization.code if place.organization else ''} · {_told(voucher)}")

    def say(self, sentence: str) -> None:
        """The latest word."""
        self.word.setText(sentence)

    def say_state(self, text: str) -> None:
        """How far the connection is."""
        self.word.setText("" if text == "connected" else say(text))

    def say_asked(self, mine: int) -> None:
        """How many vouchers wait for this person's approval."""
        self.asked.setText(say("{count} wait for your approval", count=mine) if mine else "")

    def say_counts(self) -> None:
        """What is under way and done."""
        queue = self._session.queue
        under_way = say("{number} posting", number=queue.open_count) if queue.is_reachable or not queue.open_count \
            else say("{number} waiting for the server", number=queue.open_count)
        self.counts.setText(say("Queue: {under_way} · {number} posted today", under_way=under_way,
                                number=queue.posted_today))
        refused, chord = len(queue.refused), key_profile().chord_of("window", "queue")
        self.refused.setText(say("{number} refused   {chord}", number=refused, chord=chord) if refused else "")


def _told(voucher: QueuedVoucher) -> str:
    """What became of a voucher."""
    if voucher.refusal is not None:
        return say("{code}: {voucher} not posted", code=voucher.refusal.first.code, voucher=voucher.label)
    if voucher.state is QueueState.POSTED:
        return say("{number} posted", number=voucher.number)
    return say("{voucher} waits for approval", voucher=voucher.label)


class ProgressLine(QFrame):
    """A thin line, there when an answer takes longer than a moment."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progressLine")
        self.setProperty("waiting", False)
        self.setFixedHeight(theme().size("progress_height"))
        self._lanes = (session.requests, session.background, session.browsing)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(theme().time_ms("quiet_wait"))
        self._timer.timeout.connect(lambda: self._show(True))
        for lane in self._lanes:
            lane.busy_changed.connect(self._busy_changed)

    def _busy_changed(self, _busy: bool) -> None:
        if any(lane.is_busy for lane in self._lanes):
            if not self._timer.isActive() and not self.property("waiting"):
                self._timer.start()
        else:
            self._timer.stop()
            self._show(False)

    def _show(self, waiting: bool) -> None:
        if self.property("waiting") != waiting:
            self.setProperty("waiting", waiting)
            self.style().unpolish(self)
            self.style().polish(self)
