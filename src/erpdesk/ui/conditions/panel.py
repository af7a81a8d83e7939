"""The panel in which a condition is built: over the window, with the sentence that it makes beneath."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from erpdesk.blueprints.conditions import Condition
from erpdesk.ui.conditions.editor import ConditionEditor
from erpdesk.ui.conditions.tree import Leaf
from erpdesk.ui.conditions.vocabulary import Vocabulary
from erpdesk.ui.conditions.words import in_words
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.profile import key_profile, keyed
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.shade import Shade
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.voucher.accept_button import AcceptButton
from erpdesk.ui.voucher.entry_path import EntryPath
from erpdesk.ui.words import say


class ConditionPanel(Shade):
    """`done` carries the condition, None for always; `cancelled` that it stays as it was."""

    key_context = "conditions"
    done = Signal(object)
    cancelled = Signal()

    def __init__(self, title: str, condition: Condition | None, vocabulary: Vocabulary, surroundings: Surroundings,
                 over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("conditionPanel")
        self.setAccessibleName(title)
        self._vocabulary = vocabulary
        self.surroundings = replace(surroundings, popup=LookupPopup(self))
        self.editor = ConditionEditor(condition, vocabulary, self.surroundings, self)
        self.sentence, self.fault = QLabel(self), QLabel(self)
        self.save_button = AcceptButton(keyed(say("Take it"), self.key_context, "take_condition"), self)
        self.save_button.setObjectName("conditionSave")
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out(title)
        self.editor.changed.connect(self._changed)
        self.editor.not_accepted.connect(self.fault.setText)
        self.save_button.clicked.connect(self.save)
        self.path = EntryPath([self.editor, self.save_button], self)
        self._changed()

    def _lay_out(self, title: str) -> None:
        inside = self.card("condition_width", "conditionCard")
        heading = QLabel(title, self)
        heading.setProperty("role", "title")
        heading.setFont(figures_font(theme().text("title_points"), semibold=True))
        self.sentence.setObjectName("conditionSentence")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence.setFixedHeight(theme().size("narration_height"))
        self.fault.setObjectName("masterFault")
        self.fault.setWordWrap(True)
        self.editor.setFixedHeight(theme().size("condition_height"))
        for widget in (heading, self.editor, self.sentence):
            inside.addWidget(widget)
        inside.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        last = QHBoxLayout()
        last.setSpacing(theme().space("small"))
        for label, action in ((say("Condition"), "add_condition"), (say("Group"), "add_group")):
            button = QPushButton(f"+ {keyed(label, self.editor.key_context, action)}", self)
            button.clicked.connect(lambda _checked=False, asked=action: self.editor.perform(asked))
            self._dress(button)
            last.addWidget(button)
            self.buttons[action] = button
        last.addWidget(self.fault, 1)
        cancel = QPushButton(keyed(say("Cancel"), self.key_context, "cancel_condition"), self)
        cancel.clicked.connect(self.leave)
        self._dress(cancel)
        self.save_button.setProperty("role", "primary")
        self.save_button.setFixedHeight(theme().size("banner_height"))
        last.addWidget(cancel)
        last.addWidget(self.save_button)
        self.buttons["cancel_condition"] = cancel
        return last

    @staticmethod
    def _dress(button: QPushButton) -> None:
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setFixedHeight(theme().size("banner_height"))

    def begin(self) -> None:
        """Come in; an empty condition begins with its first comparison."""
        self.show()
        self.raise_()
        if self.editor.tree.root is None:
            self.editor.add(Leaf())
        else:
            self.path.start()

    def _changed(self) -> None:
        self.fault.clear()
        if self.editor.tree.unfinished() is not None:
            self.sentence.setText(say("… not finished"))
        else:
            self.sentence.setText(in_words(self.editor.condition(), self._vocabulary, self.surroundings))

    def save(self) -> None:
        """The condition as it stands, if it is whole; a lone line that nothing was chosen in is none."""
        root = self.editor.tree.root
        if isinstance(root, Leaf) and not root.field and not self.editor.rows[root].editors[_FIRST].isModified():
            self.editor.tree.root = None
        if self.editor.take_all():
            self._go(lambda: self.done.emit(self.editor.condition()))

    def leave(self) -> None:
        """Everything stays as it was."""
        self._go(self.cancelled.emit)

    def _go(self, say_so: object) -> None:
        self._over.removeEventFilter(self)
        self.hide()
        assert callable(say_so)
        say_so()
        self.deleteLater()

    # Keys

    def perform(self, action: str) -> bool:
        """Do an action of the panel's context."""
        if action == "take_condition":
            self.save()
        elif action == "cancel_condition":
            self.leave()
        return True

    def perform_chord(self, chord: str) -> bool:
        """The editor's keys from beside it too; none goes on to what lies under the panel."""
        for binding in key_profile().actions(chord):
            if binding.context == self.editor.key_context:
                self.editor.perform(binding.action)
        return True


_FIRST = "conditionField"
