"""The last line of the window: what is being posted, how many were, what was said last. And waiting, quietly."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from erpdesk.ui.session import Session
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say


class QueueLine(QFrame):
    """Counts posts of this window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queueLine")
        self.setFixedHeight(theme().size("queue_height"))
        self._posting = self._posted = 0
        self.counts, self.word = QLabel(self), QLabel(self)
        self.counts.setObjectName("queueCounts")
        self.word.setObjectName("queueWord")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme().space("medium"), 0, theme().space("medium"), 0)
        layout.setSpacing(theme().space("large"))
        layout.addWidget(self.counts)
        layout.addStretch(1)
        layout.addWidget(self.word)
        self._count()

    def started(self) -> None:
        """A post is under way."""
        self._posting += 1
        self._count()

    def posted(self, result: Any) -> None:
        """A post is done."""
        self._posting = max(0, self._posting - 1)
        self._posted += 1
        self._count()
        self.say(say("{number} posted", number=result.voucher_number))

    def failed(self, refusal: Any) -> None:
        """A post was refused."""
        self._posting = max(0, self._posting - 1)
        self._count()
        self.say(say("{code}: not posted", code=refusal.first.code))

    def say(self, sentence: str) -> None:
        """The latest word."""
        self.word.setText(sentence)

    def say_state(self, text: str) -> None:
        """How far the connection is."""
        self.word.setText("" if text == say("connected") else text)

    def _count(self) -> None:
        self.counts.setText(say("Queue: {posting} posting · {posted} posted",
                                posting=self._posting, posted=self._posted))


class ProgressLine(QFrame):
    """A thin line, there when an answer takes longer than a moment."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progressLine")
        self.setProperty("waiting", False)
        self.setFixedHeight(theme().size("progress_height"))
        self._lanes = (session.requests, session.background)
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
