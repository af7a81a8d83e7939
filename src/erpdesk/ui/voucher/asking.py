"""A question before something is done to a stored voucher: what is needed for it, the consequence on the button.

It lies over the page and has the keyboard from the very press that asked it, so that whatever is typed after it is
typed into it, in order.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from shiboken6 import isValid

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.editors.plain import DateEditor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.profile import chord_of, key_profile
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.shade import Shade
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say, to_say

_DAY = Field("date", to_say("Date"), FieldType.DATE)


class ReasonField(QLineEdit):
    """A text, in which the keys of the question are the question's."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        own = any(one.context == Question.key_context for one in key_profile().actions(chord_of(event)))
        if not own or not route_key(self, event):
            super().keyPressEvent(event)


class Question(Shade):
    """Asks for a reason, and for a day where one is given; the button does it, Esc does nothing."""

    key_context = "question"

    def __init__(self, over: QWidget, title: str, sentence: str, button: str,
                 do: Callable[[str, str], object], *, surroundings: Surroundings | None = None, day: str = "",
                 needs_reason: bool = True, asks_reason: bool = True) -> None:
        super().__init__(over)
        self.setObjectName("question")
        self.setAccessibleName(title)
        self._do, self._needs_reason = do, needs_reason
        self._before: QWidget | None = None
        self.title, self.reason = plain(QLabel(title, self)), ReasonField(self)
        self.word = plain(QLabel(sentence, self))
        self.title.setProperty("role", "title")
        self.title.setFont(figures_font(theme().text("title_points"), semibold=True))
        self.word.setWordWrap(True)
        self.reason.setObjectName("questionReason")
        self.reason.setAccessibleName(say("Reason"))
        self.reason.setFixedHeight(theme().size("field"))
        self.done_button, self.keep_button = QPushButton(self), QPushButton(self)
        print_key(self.done_button, button, self.key_context, "decide")
        print_key(self.keep_button, say("Keep it"), self.key_context, "keep")
        self.done_button.setObjectName("questionDo")
        self.done_button.setProperty("role", "primary")
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
            self.day.not_accepted.connect(self._say)
            form.addRow(say("Date"), self.day)
        form.addRow(say("Reason"), self.reason)
        form.setRowVisible(self.reason, asks_reason)
        self._asks_reason = asks_reason
        self._lay_out(form)
        self.reason.returnPressed.connect(self._confirm)
        self.done_button.clicked.connect(self._confirm)
        self.keep_button.clicked.connect(self.reject)
        self.hide()

    def _lay_out(self, form: QFormLayout) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for one in (self.keep_button, self.done_button):
            one.setFixedHeight(theme().size("banner_height"))
            buttons.addWidget(one)
        inside = self.card("help_width")
        card = inside.parentWidget()
        self._card_width = card.width() if card is not None else theme().size("help_width")
        inside.addWidget(self.title)
        inside.addWidget(self.word)
        inside.addLayout(form)
        inside.addLayout(buttons)
        self._say(self.word.text())

    def _say(self, sentence: str) -> None:
        """Show a sentence with room for all its lines, which the card doesn't give by itself."""
        self.word.setText(sentence)
        margin = 2 * theme().space("large")
        self.word.setMinimumHeight(self.word.heightForWidth(self._card_width - margin))

    def ask(self) -> None:
        """Open, the cursor in the first field."""
        self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        (self.day or (self.reason if self._asks_reason else self.done_button)).setFocus(Qt.FocusReason.TabFocusReason)

    def come_back(self) -> None:
        """The cursor was elsewhere in between."""
        (self.focusWidget() or self.reason).setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirm(self) -> None:
        if self.day is not None and not self.day.accept_typed():
            self.day.setFocus(Qt.FocusReason.TabFocusReason)
            return
        reason = self.reason.text().strip()
        if self._needs_reason and not reason:
            self._say(say("A reason is needed"))
            self.reason.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self._close()
        self._do(str(self.day.raw or "") if self.day is not None else "", reason)

    def reject(self) -> None:
        """Keep everything as it is."""
        self._close()

    def _close(self) -> None:
        """Away, the cursor where it was."""
        before = self._before if self._before is not None and isValid(self._before) else None
        (before or self._over).setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.setParent(None)
        self.deleteLater()

    # Keys

    def perform(self, action: str) -> bool:
        """Do an action of the question's context."""
        if action == "keep":
            self.reject()
        elif action == "decide":
            self._confirm()
        return True

    def perform_chord(self, chord: str) -> bool:
        """Nothing reaches the page beneath."""
        return True

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = [one for one in (self.day, self.reason, self.keep_button, self.done_button)
                 if one is not None and one.isVisible()]
        here = next((number for number, one in enumerate(stops) if one.hasFocus()), 0)
        stops[(here + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = QApplication.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QPushButton):
            focus.click()
            event.accept()
        else:
            super().keyPressEvent(event)
