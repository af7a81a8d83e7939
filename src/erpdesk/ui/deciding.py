"""A decision: one sentence, a button for each consequence, and one that leaves everything as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from erpdesk.ui.keys.keyed_dialog import KeyedDialog
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme

Choice = tuple[str, Callable[[], object]]
_ACTIONS = ("decide", "other")


class Decision(KeyedDialog):
    """Opened by `ask`, the cursor on the first consequence or on what keeps everything.
    One action decides for the first, one for the second, another keeps everything; `rejected` tells of that."""

    key_context = "question"

    def __init__(self, over: QWidget, title: str, sentence: str, choices: Sequence[Choice], keep: str,
                 name: str = "decision") -> None:
        super().__init__(over)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme().size("dialog_width"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.word = plain(QLabel(sentence, self))
        self.word.setWordWrap(True)
        self.keep_button = QPushButton(self)
        self.give_key(self.keep_button, keep, "keep")
        self.keep_button.clicked.connect(self.reject)
        self.buttons = [self.keep_button]
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.keep_button)
        for number, (label, do) in enumerate(choices):
            button = QPushButton(label, self)
            button.setObjectName("decide" if not number else f"decide{number + 1}")
            button.clicked.connect(lambda _checked, do=do: self._decide(do))
            if number < len(_ACTIONS):
                self.give_key(button, label, _ACTIONS[number])
            if not number:
                button.setProperty("role", "primary")
            self.buttons.append(button)
            line.addWidget(button)
        for button in self.buttons:
            button.setAutoDefault(False)
            button.setFixedHeight(theme().size("banner_height"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme().space("large"),) * 4)
        layout.setSpacing(theme().space("medium"))
        layout.addWidget(dress_title(plain(QLabel(title, self))))
        layout.addWidget(self.word)
        layout.addLayout(line)

    def ask(self, *, keeps: bool = False) -> None:
        """Open, the cursor on the first consequence; or, where Enter is to do no harm, on what keeps everything."""
        self.open()
        self.buttons[0 if keeps else min(1, len(self.buttons) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def _decide(self, do: Callable[[], object]) -> None:
        self.accept()
        do()
