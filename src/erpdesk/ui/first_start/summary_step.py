"""The last step: everything that will be made, at a glance, and how far the making is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from erpdesk.ui.first_start.step import Step
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.voucher.accept_button import AcceptButton
from erpdesk.ui.words import say

SUMMARY = "summary"


class SummaryStep(Step):
    """`finished` says that it is to be made."""

    def __init__(self, title: str, sentence: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code, self.title, self.sentence = SUMMARY, title, sentence
        self.lines = QGridLayout()
        self.lines.setHorizontalSpacing(theme().space("large"))
        self.lines.setVerticalSpacing(theme().space("small"))
        self.lines.setColumnStretch(1, 1)
        self.button = AcceptButton("", self)
        print_key(self.button, button, "assistant", "go_on")
        self.button.setObjectName("makeButton")
        self.button.setProperty("role", "primary")
        self.button.setFixedHeight(theme().size("banner_height"))
        self.progress, self.word = QProgressBar(self), plain(QLabel(self))
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(theme().space("tiny"))
        self.progress.hide()
        self.body.addLayout(self.lines)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.word)
        self.body.addStretch(1)
        self.button.clicked.connect(self.finished)
        self.button.left_back.connect(self.left_back)

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """What will be made: a word and its value a line."""
        while (item := self.lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for number, (word, value) in enumerate(lines):
            label, shown = QLabel(word, self), plain(QLabel(value, self))
            label.setProperty("role", "fieldLabel")
            shown.setFont(figures_font(theme().text("base_points")))
            shown.setWordWrap(True)
            self.lines.addWidget(label, number, 0)
            self.lines.addWidget(shown, number, 1)

    @override
    def begin(self) -> None:
        if self.button.isEnabled():
            self.button.enter_first()
        else:
            self.setFocus()

    def show_making(self, word: str, done: int = 0, whole: int = 0) -> None:
        """How far it is; with `whole` 0 nobody knows."""
        if self.button.isEnabled():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.button.setEnabled(False)
        self.progress.setRange(0, whole)
        self.progress.setValue(done)
        self.progress.show()
        self.word.setText(word)

    def show_idle(self, word: str = "") -> None:
        """Nothing is being made."""
        self.button.setEnabled(True)
        self.progress.hide()
        self.word.setText(word)


def made_words(part: str) -> str:
    """What is being made, in words."""
    words = {"organization": say("Making the organization…"), "masters": say("Making masters…"),
             "balances": say("Posting the opening balances…"), "stock": say("Posting the opening stock…")}
    return words.get(part, part)
