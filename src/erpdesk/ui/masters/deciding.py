"""A decision: one sentence, a button for each consequence, and one that leaves everything as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from erpdesk.ui.keys.keyed_dialog import KeyedDialog
from erpdesk.ui.plain_words import plain
from erpdesk.ui.reports.listing import dress_title
from erpdesk.ui.style.theme import theme

Choice = tuple[str, Callable[[], object]]


class Decision(KeyedDialog):
    """Opened by `ask`, the cursor on the first consequence; one action decides for that, another keeps everything."""

    key_context = "question"

    def __init__(self, over: QWidget, title: str, sentence: str, choices: Sequence[Choice], keep: str) -> None:
        super().__init__(over)
        self.setObjectName("decision")
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
            if not number:
                button.setProperty("role", "primary")
                self.give_key(button, label, "decide")
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

    def ask(self) -> None:
        """Open, the cursor on the first consequence."""
        self.open()
        self.buttons[min(1, len(self.buttons) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def _decide(self, do: Callable[[], object]) -> None:
        self.accept()
        do()
