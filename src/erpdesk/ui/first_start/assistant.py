"""The assistant: one page after another asks what an organization needs, then all of it is made in one go.

Ctrl+A goes on from any field, Esc goes back a page; what was typed stays, also when the assistant is closed or the
program ends. A fault leads back to its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from erpdesk.domain.results import Fault, Refused
from erpdesk.services.error_catalogue import catalogue
from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.listed import ListedEditor
from erpdesk.ui.first_start.answers import HERE, Answers, forget_answers, read_answers
from erpdesk.ui.first_start.making import Making
from erpdesk.ui.first_start.route import SERVER, WHAT, WHERE, Route, place_of_fault
from erpdesk.ui.first_start.step import Step
from erpdesk.ui.first_start.summary_step import SUMMARY, SummaryStep
from erpdesk.ui.held_keys import HeldKeys
from erpdesk.ui.keys.profile import key_profile, with_own_keys
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.session import CONNECTED, EMPTY, LOST, Session
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say


class Assistant(QWidget):
    """`made` carries the code of the organization that was made, `wants_close` that it is left; the page may go.
    `profile_chosen` names the connection profile of the server that the books live on; nothing: this computer."""

    key_context = "assistant"
    says_on_buttons = True
    made = Signal(str)
    wants_close = Signal()
    keys_changed = Signal()
    profile_chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("assistant")
        self.setAccessibleName(say("New organization"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.session = session
        self.answers = read_answers()
        self.making = Making(session, self)
        self.route = Route(session, self.answers, self.making.lane, self)
        self.held = HeldKeys(self, (key_profile().chord_of("assistant", "go_on"),))
        self.steps: dict[str, Step] = {}
        self._is_opening = self._is_made = False
        self.title, self.sentence, self.help, self.word = QLabel(self), QLabel(self), QLabel(self), plain(QLabel(self))
        self.stack, self._marks = QStackedWidget(self), QGridLayout()
        self.back, self.next = QPushButton(self), QPushButton(self)
        self._lay_out()
        self.route.ready.connect(self._world_is_known)
        self.making.told.connect(self._tell_making)
        self.making.made.connect(self._made)
        self.making.faulty.connect(self._show_faults)
        self.making.stopped.connect(self._stopped)
        session.state_changed.connect(self._session_changed)

    def _lay_out(self) -> None:
        space = theme().space
        edge = QFrame(self)
        edge.setObjectName("assistantSteps")
        edge.setFixedWidth(theme().size("bar_width"))
        marks = QVBoxLayout(edge)
        marks.setContentsMargins(*(space("large"),) * 4)
        marks.addLayout(self._marks)
        marks.addStretch(1)
        self._marks.setSpacing(space("small"))
        self._marks.setColumnMinimumWidth(0, space("large"))
        self._marks.setColumnStretch(1, 1)
        inside = QVBoxLayout()
        inside.setContentsMargins(space("huge"), space("large"), space("huge"), space("medium"))
        inside.setSpacing(space("small"))
        inside.addWidget(dress_title(self.title))
        for label in (self.sentence, self.help):
            label.setProperty("role", "fieldLabel")
            label.setWordWrap(True)
        inside.addWidget(self.sentence)
        inside.addSpacing(space("small"))
        inside.addWidget(self.stack, 1)
        self.help.setFixedHeight(2 * theme().size("row"))
        self.help.setAlignment(Qt.AlignmentFlag.AlignBottom)
        inside.addWidget(self.help)
        inside.addLayout(self._last_line())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(edge)
        layout.addLayout(inside, 1)

    def _last_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.word.setObjectName("masterFault")
        self.word.setWordWrap(True)
        line.addWidget(self.word, 1)
        for button, name in ((self.back, "backButton"), (self.next, "nextButton")):
            button.setObjectName(name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setFixedHeight(theme().size("banner_height"))
            line.addWidget(button)
        self.next.setProperty("role", "primary")
        self.back.clicked.connect(lambda: self.perform("back"))
        self.next.clicked.connect(lambda: self.perform("go_on"))
        return line

    # Where one is

    @property
    def step(self) -> Step | None:
        """The step in sight."""
        found = self.stack.currentWidget()
        return found if isinstance(found, Step) else None

    def start(self) -> None:
        """Come in where the answers stopped."""
        if self.step is not None:
            self.come_back()
            return
        codes = self.route.codes()
        first = WHAT if WHAT in codes and self.session.state == EMPTY else codes[0]
        is_reached = self.session.desk is not None or self.session.doors is None
        self.show_step(self.answers.step if self.answers.step in codes and is_reached else first)

    def come_back(self) -> None:
        """The cursor was elsewhere in between."""
        if self.step is not None:
            self.step.come_back()

    def show_step(self, code: str) -> None:
        """Bring a step into sight; keys are held while what it needs is fetched."""
        if self.route.waits_for(code):
            self.answers.step = code
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.held.hold()
            self.route.fetch()
            return
        step = self.steps.get(code) or self._made_step(code)
        self.route.prepare(step)
        self.route.stand_at(code)
        self.stack.setCurrentWidget(step)
        self.title.setText(step.title)
        self.sentence.setText(step.sentence)
        self.sentence.setVisible(bool(step.sentence))
        self._say("")
        self.help.setText("")
        self._refresh()
        step.begin()
        QTimer.singleShot(0, self, self._put_list_in_place)
        self.keys_changed.emit()

    def _put_list_in_place(self) -> None:
        """A list that opened before its page was laid out opens again, beneath its field."""
        focus = self.focusWidget()
        if isinstance(focus, ListedEditor) and focus.hasFocus() and not focus.isModified():
            focus.open_list()

    def _made_step(self, code: str) -> Step:
        step = self.route.make(code, self.stack)
        self.steps[code] = step
        step.said.connect(self._say)
        step.explained.connect(self.help.setText)
        step.finished.connect(self.go_on)
        self.stack.addWidget(step)
        return step

    def _world_is_known(self) -> None:
        self.show_step(self.answers.step)
        self.held.give()

    def _refresh(self) -> None:
        """The list of steps and what the buttons say."""
        while (item := self._marks.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        codes = self.route.codes()
        here = codes.index(self.answers.step) if self.answers.step in codes else 0
        for number, code in enumerate(codes):
            sign = QLabel("✓" if number < here else "•" if number == here else "", self)
            mark = QLabel(self.route.label(code), self)
            for column, label in enumerate((sign, mark)):
                label.setFont(figures_font(theme().text("base_points"), semibold=number == here))
                label.setProperty("role", "" if number == here else "fieldLabel")
                self._marks.addWidget(label, number, column)
        chord = key_profile().chord_of
        self.next.setText(f"{say('Next')}   {chord('assistant', 'go_on')}")
        self.next.setVisible(self.answers.step != SUMMARY)
        self.back.setText(f"{say('Back') if here else say('Leave')}   {chord('assistant', 'back')}")
        self.next.setEnabled(not self.making.is_busy)

    def _say(self, sentence: str) -> None:
        self.word.setText(sentence)

    # To and fro

    def go_on(self) -> None:
        """The next step, if this one has what it needs; from the last one: make it."""
        step = self.step
        if step is None or self.making.is_busy or not step.may_go_on():
            return
        step.take()
        self.route.keep(step)
        if step.code == SUMMARY:
            self.making.begin(self.answers, self.route.beginning if self.route.is_own else None)
            self._tell_making("organization", 0, 0)
            return
        if step.code == SERVER:
            self._try_line(step)
            return
        if step.code == WHERE and self.answers.where == HERE and self.session.desk is None \
                and self.session.doors is not None:
            self._open("")
        if step.code == WHERE and self.answers.where in self.route.servers:
            self._say(say("Reaching the server…"))
            self._reached(self.answers.where)
            return
        self._show_next(step)

    def _show_next(self, step: Step) -> None:
        codes = self.route.codes()
        self.show_step(codes[codes.index(step.code) + 1])

    # Where the books live

    def offer_servers(self, known: Sequence[tuple[str, str]]) -> None:
        """Begin with the question where the books live, known servers among the answers."""
        self.route.servers = dict(known)
        self.answers.where = self.session.profile if self.session.profile in self.route.servers else self.answers.where
        if (old := self.steps.pop(WHERE, None)) is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        self.show_step(WHERE)

    def _open(self, profile: str) -> None:
        assert self.session.doors is not None, "asked only where there is a choice"
        self.session.profile = profile
        self.profile_chosen.emit(profile)
        self.session.open(self.session.doors(profile))

    def _try_line(self, step: Step) -> None:
        """Reach the server at once; keys are kept until it answers."""
        self._say(say("Reaching the server…"))
        self.held.hold()
        self.making.try_line(dict(self.answers.forms[SERVER]) | self.route.secrets(), self._reached, self._not_reached)
        self._refresh()

    def _reached(self, profile: str) -> None:
        self._is_opening = True
        self._open(profile)

    def _not_reached(self, refusal: Refused) -> None:
        self.held.stop()
        entry = catalogue().get(refusal.first.code)
        cure = f"  {with_own_keys(say(entry.cure))}" if entry is not None else ""
        self._say(f"{coded(refusal.first)}{cure}")
        self._refresh()
        self.come_back()
        self.held.give()

    def go_back(self) -> None:
        """The step before; from the first one: leave, nothing is lost."""
        if self.making.is_busy:
            self.making.interrupt()
            return
        codes = self.route.codes()
        self._keep_typed()
        here = codes.index(self.answers.step) if self.answers.step in codes else 0
        if here:
            self.show_step(codes[here - 1])
        else:
            self.leave()

    def leave(self) -> None:
        """Close; the answers are kept for the next time, which begins where these have come to."""
        self.held.stop()
        self.route.stand_at(self.route.where_to_resume())
        organization = self.session.organization
        use_calendar(organization.calendar if organization is not None else "")
        self.wants_close.emit()

    def _keep_typed(self) -> None:
        """What stands in the step in sight becomes answers."""
        if (step := self.step) is not None:
            step.take()
            self.route.keep(step)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        if not self._is_made and not self.making.is_busy:
            self._keep_typed()
        super().hideEvent(event)

    # Making

    def _tell_making(self, word: str, done: int, whole: int) -> None:
        if isinstance(self.step, SummaryStep):
            self.step.show_making(self.making.words(word, done, whole), done, whole)
        self._refresh()

    def _made(self, code: str) -> None:
        self._is_made = True
        forget_answers()
        self.held.stop()
        self.made.emit(code)

    def _stopped(self, sentence: str) -> None:
        """Not made, for a reason that no field can mend."""
        if isinstance(self.step, SummaryStep):
            self.step.show_idle()
            self.step.begin()
        self._say(sentence)
        self._refresh()

    def _show_faults(self, faults: tuple[Fault, ...]) -> None:
        """Lead to the first fault's field; the others of its step are marked with it."""
        self.answers.keep()
        if isinstance(self.step, SummaryStep):
            self.step.show_idle()
        placed: dict[str, dict[str, Fault]] = {}
        for fault in faults:
            code, key = place_of_fault(fault, self.answers)
            placed.setdefault(code, {})[key] = fault
        code = next((one for one in self.route.codes() if one in placed and one != SUMMARY), "")
        if not code:
            self._stopped(coded(faults[0]))
            return
        self.show_step(code)
        self._say(coded(faults[0]))
        if self.step is not None:
            self.step.show_faults(placed[code])

    def _session_changed(self, state: str, text: str) -> None:
        """The database was reached, or lost, while the assistant was open."""
        self._refresh()
        if state == CONNECTED and not self.making.is_busy and self.session.doors is not None and self.route.was_first:
            self.leave()
        elif state in (EMPTY, LOST) and self._is_opening:
            self._is_opening = False
            if state == EMPTY and self.step is not None:
                self._show_next(self.step)
            else:
                self._say(text)
            self.held.give()

    def refused(self, refusal: Refused) -> None:
        """What couldn't be done, in words."""
        self._say(coded(refusal.first))

    # Keys

    def offers(self, action: str) -> bool:
        """Whether an action means anything here."""
        return action != "choose_file" or (self.step is not None and self.step.code == "chart")

    def perform(self, action: str) -> bool:
        """Do an action of the assistant's context."""
        actions: Mapping[str, Callable[[], Any]] = {"go_on": self.go_on, "back": self.go_back}
        if (done := actions.get(action)) is not None:
            done()
            return True
        return self.step is not None and self.step.perform(action)

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()


def has_answers() -> Answers | None:
    """What was typed into an assistant that was left, if anything."""
    answers = read_answers()
    return None if answers.is_blank else answers
