"""The error banner: a line of its own, always there, that says code, sentence and what to press.

F1 unfolds why it is so and what to do, from the catalogue of errors.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from erpdesk.domain.results import Fault, Ok
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.keys.profile import key_name, keyed
from erpdesk.ui.plain_words import plain, tell
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say

_MARKS = {"error": "✕", "warning": "!", "good": "✓", "": ""}


class ErrorBanner(QFrame):
    """One line; empty when there is nothing to say. `unseen` carries what it says while it is out of sight, at a large
    text, and nothing once that holds no more."""

    unseen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorBanner")
        self.setFixedHeight(theme().size("banner_height"))
        self.fault: Fault | None = None
        self._is_said_elsewhere = False
        self._code, self._sentence, self._more = (plain(QLabel(self)) for _ in range(3))
        self._code.setObjectName("bannerCode")
        self._sentence.setObjectName("bannerSentence")
        self._more.setObjectName("bannerMore")
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme().space("medium"), 0, theme().space("medium"), 0)
        layout.setSpacing(theme().space("small"))
        layout.addWidget(self._code)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._more)
        self._show("", "", "", "")

    @property
    def tone(self) -> str:
        """What colour it has now: error, warning, good or none."""
        return str(self.property("tone") or "")

    @property
    def text(self) -> str:
        """Code and sentence."""
        return f"{self.fault.code} {self.fault.message}" if self.fault else self._sentence.text()

    def show_fault(self, fault: Fault, others: int = 0) -> None:
        """A fault; `others` counts those that are marked beside it."""
        more = say("and {count} more", count=others) + "   " if others else ""
        self._show("error", fault.code, say_fault(fault), more + keyed(say("Why and what to do"), "voucher", "help"))
        self.fault = fault

    def show_refused(self, fault: Fault, remedy: str) -> None:
        """Why a voucher that isn't in sight was refused, and the key that brings it back."""
        self._show("error", fault.code, fault.message, keyed(remedy, "voucher", "help"))
        self.fault = fault

    def show_warning(self, fault: Fault) -> None:
        """A warning, which blocks nothing."""
        self._show("warning", fault.code, say_fault(fault), key_name("voucher", "help"))
        self.fault = fault

    def show_word(self, sentence: str, *, tone: str = "error") -> None:
        """A sentence without a code; an empty one is nothing."""
        self._show(tone if sentence else "", "", sentence, "")

    def show_outcome(self, result: Ok[Any], sentence: str) -> None:
        """What was done, or the first thing to be warned of about it."""
        warnings = (*result.warnings, *getattr(result.value, "warnings", ()))
        if warnings:
            self.show_warning(warnings[0])
        else:
            self.show_word(sentence, tone="good")

    def clear(self) -> None:
        """Nothing to say."""
        self._show("", "", "", "")

    def _show(self, tone: str, code: str, sentence: str, more: str) -> None:
        self.fault = None
        self._code.setText(f"{_MARKS[tone]}  {code}".strip())
        self._sentence.setText(sentence)
        tell(self._sentence, sentence)
        self._more.setText(more)
        self.setAccessibleName(f"{code} {sentence}".strip())
        self._say_elsewhere(f"{self._code.text()}  {sentence}".strip())
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            for widget in (self, self._code, self._sentence, self._more):
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    def _say_elsewhere(self, told: str) -> None:
        is_told = bool(told) and not self._is_in_sight
        if is_told or self._is_said_elsewhere:
            self.unseen.emit(told if is_told else "")
        self._is_said_elsewhere = is_told

    @property
    def _is_in_sight(self) -> bool:
        """Whether most of it is, as far as its page is."""
        seen = self.visibleRegion().boundingRect()
        return not self.isVisible() or (2 * seen.height() > self.height() and 2 * seen.width() > self.width())
