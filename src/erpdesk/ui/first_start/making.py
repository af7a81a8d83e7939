"""The making: what was answered becomes an organization, on a worker; the demo can be interrupted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from erpdesk.domain.results import Refused
from erpdesk.services.beginning import Beginning, Begun
from erpdesk.ui.configured_words import coded
from erpdesk.ui.first_start import knowledge
from erpdesk.ui.first_start.answers import Answers
from erpdesk.ui.first_start.summary_step import made_words
from erpdesk.ui.requests import Requests
from erpdesk.ui.session import Session
from erpdesk.ui.words import say


class Making(QObject):
    """`told` carries what is being done, how much of it, and of how much (0: nobody knows); `made` the code of the
    organization, `faulty` what is to be mended, `stopped` a sentence."""

    told = Signal(str, int, int)
    made = Signal(str)
    faulty = Signal(object)
    stopped = Signal(str)
    _heard = Signal(str, int, int)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.lane = Requests("first start", self)
        self.is_busy = False
        self._is_interrupted = threading.Event()
        self._whole = 0
        self._heard.connect(self._pass_on)
        self.destroyed.connect(lambda: self._is_interrupted.set())

    @staticmethod
    def words(part: str, done: int, whole: int) -> str:
        """What is being done, in words."""
        if part == knowledge.DEMO_CODE:
            return say("Posting the demo's vouchers: {done} of {whole}", done=done, whole=whole) if whole \
                else say("Making the demo company…")
        return made_words(part)

    def begin(self, answers: Answers, beginning: Callable[[], Beginning] | None) -> None:
        """Make it; without a beginning, the demo."""
        desk = self._session.desk
        if desk is None:
            self.stopped.emit(say("The database isn't open yet: {reason}", reason=say(self._session.state_text)))
            return
        self.is_busy = True
        self._is_interrupted.clear()
        if beginning is None:
            self.lane.submit(self, lambda: self._make_demo(desk), self._demo_made, self._refused)
            return
        asked = beginning()

        def done(begun: Begun) -> None:
            self.is_busy = False
            if begun.is_made:
                answers.made = asked.organization.code.strip()
            if begun.faults:
                self.faulty.emit(begun.faults)
            else:
                self.made.emit(answers.made)

        self.lane.submit(self, lambda: knowledge.make(desk, asked, lambda part: self._heard.emit(part, 0, 0)), done,
                         self._refused)

    def try_line(self, values: dict[str, Any], reached: Callable[[str], None],
                 failed: Callable[[Refused], None]) -> None:
        """Reach a shared server; `reached` hears the name of its profile."""
        self.is_busy = True

        def done(name: str) -> None:
            self.is_busy = False
            reached(name)

        def refused(refusal: Refused) -> None:
            self.is_busy = False
            failed(refusal)

        self.lane.submit(self, lambda: knowledge.try_line(values, lambda _text: None), done, refused)

    def interrupt(self) -> None:
        """Stop making the demo; anything else is done in a moment."""
        self._is_interrupted.set()

    def _make_demo(self, desk: Any) -> str:
        def announce(whole: int) -> None:
            self._whole = whole

        def advance(done: int) -> None:
            if self._is_interrupted.is_set():
                raise knowledge.Interrupted
            self._heard.emit(knowledge.DEMO_CODE, done, self._whole)

        self._whole = 0
        self._heard.emit(knowledge.DEMO_CODE, 0, 0)
        try:
            return knowledge.make_demo(desk, announce, advance)
        except knowledge.Interrupted:
            return ""

    def _demo_made(self, code: str) -> None:
        self.is_busy = False
        if code:
            self.made.emit(code)
        else:
            self.stopped.emit(say("Stopped; what is posted stays, and making it again goes on from there"))

    def _pass_on(self, part: str, done: int, whole: int) -> None:
        if self.is_busy:
            self.told.emit(part, done, whole)

    def _refused(self, refusal: Refused) -> None:
        self.is_busy = False
        self.stopped.emit(coded(refusal.first))
