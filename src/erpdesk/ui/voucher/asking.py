"""A question before something is done to a stored voucher: what is needed for it, the consequence on the button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.editors.plain import DateEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say, to_say

_DAY = Field("date", to_say("Date"), FieldType.DATE)


class Question(QDialog):
    """Asks for a reason, and for a day where one is given; the button does it, Esc does nothing."""

    key_context = "question"

    def __init__(self, over: QWidget, title: str, sentence: str, button: str,
                 do: Callable[[str, str], object], *, surroundings: Surroundings | None = None, day: str = "",
                 needs_reason: bool = True, asks_reason: bool = True) -> None:
        super().__init__(over)
        self.setObjectName("question")
        self.setWindowTitle(title)
        self.setMinimumWidth(theme().size("dialog_width"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._do, self._needs_reason = do, needs_reason
        self.reason, self.word = QLineEdit(self), plain(QLabel(sentence, self))
        self.done_button, self.keep_button = QPushButton(button, self), QPushButton(say("Keep it"), self)
        self.word.setWordWrap(True)
        self.reason.setObjectName("questionReason")
        self.reason.setAccessibleName(say("Reason"))
        self.reason.setFixedHeight(theme().size("field"))
        self.day: DateEditor | None = None
        form = QFormLayout()
        if surroundings is not None:
            self.day = DateEditor(_DAY, surroundings, self)
            self.day.setObjectName("questionDate")
            self.day.setAccessibleName(say("Date"))
            self.day.setFixedHeight(theme().size("field"))
            self.day.set_raw(day)
            after = self.reason if asks_reason else self.done_button
            self.day.accepted.connect(lambda: after.setFocus(Qt.FocusReason.TabFocusReason))
            self.day.not_accepted.connect(self.word.setText)
            form.addRow(say("Date"), self.day)
        form.addRow(say("Reason"), self.reason)
        form.setRowVisible(self.reason, asks_reason)
        self.done_button.setObjectName("questionDo")
        self.done_button.setProperty("role", "primary")
        for one in (self.done_button, self.keep_button):
            one.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.done_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme().space("large"),) * 4)
        layout.setSpacing(theme().space("medium"))
        layout.addWidget(self.word)
        layout.addLayout(form)
        layout.addLayout(buttons)
        self.reason.returnPressed.connect(self._confirm)
        self.done_button.clicked.connect(self._confirm)
        self.keep_button.clicked.connect(self.reject)

    def ask(self) -> None:
        """Open, the cursor in the first field."""
        first = self.day or (self.done_button if self.reason.isHidden() else self.reason)
        first.setFocus(Qt.FocusReason.TabFocusReason)
        self.open()

    def _confirm(self) -> None:
        if self.day is not None and not self.day.accept_typed():
            self.day.setFocus(Qt.FocusReason.TabFocusReason)
            return
        reason = self.reason.text().strip()
        if self._needs_reason and not reason:
            self.word.setText(say("A reason is needed"))
            self.reason.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self.accept()
        self._do(str(self.day.raw or "") if self.day is not None else "", reason)

    def perform(self, action: str) -> bool:
        """No actions of its own."""
        return False

    def perform_chord(self, chord: str) -> bool:
        """Esc keeps everything as it is; nothing reaches the voucher beneath."""
        if chord == "Esc":
            self.reject()
        return "+" in chord or chord == "Esc"

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.done_button.hasFocus():
            self._confirm()
        else:
            super().keyPressEvent(event)
