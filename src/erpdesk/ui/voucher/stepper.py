"""The process stepper: where a post stands, in five steps, with the code where it failed.

No step is shown done before the whole is; only the turning mark of the step under way moves.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from erpdesk.domain.results import Step
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.words import say, to_say

LABELS = {Step.SAVED: to_say("Saved"), Step.JOURNAL: to_say("Journal"), Step.GL: to_say("GL"),
          Step.INVENTORY: to_say("Inventory"), Step.COMPLETED: to_say("Completed")}
_LITTLE = "Saved"
"""As much of a text as tells anything."""
_FULL, _SPAN, _TURN = 360 * 16, 270 * 16, 30 * 16


class StepState(Enum):
    """How a step is shown; never by colour alone."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_STATES = {StepState.WAITING: to_say("waiting"), StepState.RUNNING: to_say("running"),
           StepState.DONE: to_say("done"), StepState.FAILED: to_say("failed")}
_COLOURS = {StepState.WAITING: "text_faint", StepState.RUNNING: "accent", StepState.DONE: "good",
            StepState.FAILED: "error"}


class ProcessStepper(QWidget):
    """Five steps from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("processStepper")
        self.states = dict.fromkeys(Step, StepState.WAITING)
        self.code = ""
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(theme().time_ms("spinner_frame"))
        self._timer.timeout.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()

    def clear(self) -> None:
        """Nothing has been tried."""
        self._set(dict.fromkeys(Step, StepState.WAITING), "")

    def start(self) -> None:
        """An attempt is under way."""
        self._set({step: StepState.RUNNING if step is Step.SAVED else StepState.WAITING for step in Step}, "")

    def saved(self) -> None:
        """A draft was saved."""
        self._set({step: StepState.DONE if step is Step.SAVED else StepState.WAITING for step in Step}, "")

    def complete(self) -> None:
        """Everything is done."""
        self._set(dict.fromkeys(Step, StepState.DONE), "")

    def fail(self, step: Step, code: str) -> None:
        """It failed at a step; nothing before it was kept, so nothing is shown done."""
        self._set({one: StepState.FAILED if one is step else StepState.WAITING for one in Step}, code)

    def _set(self, states: dict[Step, StepState], code: str) -> None:
        self.states, self.code = states, code
        if StepState.RUNNING in states.values():
            self._timer.start()
        else:
            self._timer.stop()
        self._tell()
        self.update()

    def _tell(self) -> None:
        said = ", ".join(f"{say(LABELS[step])} {say(_STATES[state])}" for step, state in self.states.items())
        self.setAccessibleName(f"{said} {self.code}".strip())

    def _turn(self) -> None:
        self._angle = (self._angle - _TURN) % _FULL
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, theme().size("stepper_height"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(figures_font(theme().text("small_points")))
        mark, gap = self._sizes()
        between, texts = self.fitted(painter.fontMetrics())
        line = theme().space("small")
        x = theme().space("hair")
        middle = self.height() // 2
        for number, (state, text) in enumerate(zip(self.states.values(), texts, strict=True)):
            if number and between == line + gap:
                painter.setPen(QPen(colour("border"), theme().space("hair")))
                painter.drawLine(x, middle, x + line, middle)
            x += between if number else 0
            self._mark(painter, QRectF(x, middle - mark / 2, mark, mark), state)
            x += mark + gap
            painter.setPen(colour("text_muted" if state is StepState.WAITING else _COLOURS[state]))
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRectF(x, 0, width + gap, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + gap
        painter.end()

    def _sizes(self) -> tuple[int, int]:
        """A mark, and the space on each side of it; less of both where the marks alone would fall over the edge."""
        each, gap = (self.width() - theme().space("hair")) // len(self.states), theme().space("tiny")
        mark = min(theme().size("step_mark"), each - 2 * theme().space("hair"))
        return mark, max(theme().space("hair"), min(gap, (each - mark) // 2))

    def texts(self) -> list[str]:
        """What the steps are called, the code beside the one that failed."""
        return [say(LABELS[step]) + (f" {self.code}" if state is StepState.FAILED and self.code else "")
                for step, state in self.states.items()]

    def _telling(self) -> Step | None:
        """The step that says where the post stands: the one that failed or runs, else the last that is done."""
        under_way = [one for one, state in self.states.items() if state in (StepState.FAILED, StepState.RUNNING)]
        done = [one for one, state in self.states.items() if state is StepState.DONE]
        return next(iter(under_way or done[-1:]), None)

    def fitted(self, metrics: QFontMetrics) -> tuple[int, list[str]]:
        """The space between the steps and their texts as there is room for them: where it is scarce the lines between
        go first, then the longest texts are shortened; no step falls over the edge. Where little would be left of them,
        the one that matters is named, the others are marks."""
        (mark, gap), line = self._sizes(), theme().space("small")
        texts = self.texts()
        if self.width() < len(texts) * (mark + 2 * gap + metrics.horizontalAdvance(_LITTLE)):
            telling = self._telling()
            texts = [text if one is telling else "" for one, text in zip(self.states, texts, strict=True)]
        if self.width() < len(texts) * (mark + 2 * gap) + metrics.horizontalAdvance(_LITTLE):
            return 0, [""] * len(texts)
        widths = [metrics.horizontalAdvance(text) for text in texts]
        room = self.width() - theme().space("hair") + gap - len(texts) * (mark + 2 * gap)
        most = max(widths, default=0)
        while most > mark and sum(min(width, most) for width in widths) > room:
            most -= 1
        left = max(0, room - sum(min(width, most) for width in widths))
        return min(line + gap, left // (len(texts) - 1)), [
            text if width <= most else metrics.elidedText(text, Qt.TextElideMode.ElideRight, most)
            for text, width in zip(texts, widths, strict=True)]

    def _mark(self, painter: QPainter, rect: QRectF, state: StepState) -> None:
        pen = QPen(colour(_COLOURS[state]), 1.5)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner = rect.adjusted(1, 1, -1, -1)
        if state is StepState.RUNNING:
            painter.drawArc(inner, self._angle, _SPAN)
            return
        if state in (StepState.DONE, StepState.FAILED):
            painter.setBrush(colour(_COLOURS[state]))
        painter.drawEllipse(inner)
        painter.setPen(QPen(colour("surface"), 1.8))
        x, y, w, h = inner.x(), inner.y(), inner.width(), inner.height()
        if state is StepState.DONE:
            painter.drawPolyline([inner.topLeft() + inner.topLeft().__class__(w * a, h * b)
                                  for a, b in ((0.26, 0.52), (0.44, 0.70), (0.76, 0.32))])
            painter.drawLine(int(x), int(y), int(x), int(y))
        elif state is StepState.FAILED:
            painter.drawLine(inner.topLeft() + inner.topLeft().__class__(w * 0.3, h * 0.3),
                             inner.topLeft() + inner.topLeft().__class__(w * 0.7, h * 0.7))
            painter.drawLine(inner.topLeft() + inner.topLeft().__class__(w * 0.7, h * 0.3),
                             inner.topLeft() + inner.topLeft().__class__(w * 0.3, h * 0.7))
