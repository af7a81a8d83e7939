"""Many masters at once: all of a list marked, and one field of the marked ones set, for all of them or for none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from erpdesk.blueprints.fields import Field, FieldType, FieldUi, Option
from erpdesk.blueprints.master_forms import MasterForm
from erpdesk.domain.results import Refused
from erpdesk.services.master_pages import ManyChanged, MasterQuestion
from erpdesk.ui.configured_words import coded, field_in_language, say_fault
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.masters.rows import MasterRows
from erpdesk.ui.masters.table import MasterTable
from erpdesk.ui.masters.tree import Tree
from erpdesk.ui.overriding import override
from erpdesk.ui.plain_words import plain
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.shade import Shade
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say, to_say

_FIELD_WIDTH = 28
_TOLD = 8


class ListOfMasters(Protocol):
    """What it needs of the list that it works for."""

    kind: str
    form: MasterForm
    session: Session
    books: Books
    surroundings: Surroundings
    model: MasterTable
    rows: MasterRows
    tree: Tree | None
    marks: QLabel
    keys_changed: Any

    def question(self) -> MasterQuestion: ...
    def come_back(self) -> None: ...


class ManyEditing(QObject):
    """What a list of masters does with many of them."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, view: ListOfMasters, over: QWidget) -> None:
        super().__init__(over)
        self._view, self._over = view, over
        self.panel: ManyPanel | None = None

    def mark(self, numbers: Iterable[int], *, on: bool | None = None) -> None:
        """Mark rows, take their marks away, or turn them; say how many are marked."""
        view = self._view
        view.model.mark(numbers, on=on)
        count = len(view.model.marked)
        view.marks.setText(say("{count} marked — {key} sets a field of all of them", count=count,
                               key=key_name("masters", "set_for_marked")) if count else "")
        view.keys_changed.emit()

    def mark_on(self, by: int) -> None:
        """Mark the row under the cursor and the one that it goes on to."""
        rows = self._view.rows
        self.mark([rows.here], on=True)
        rows.go(rows.here + by)
        self.mark([rows.here], on=True)

    def mark_all(self) -> None:
        """Mark all that are asked for, in sight or not; all marked: none any more."""
        view = self._view
        lists, question = view.books.master_lists, view.question()
        shown = [row.name for row in view.model.rows]
        if view.tree is not None:
            self._mark(shown)
            return
        view.session.browsing.submit(self, lambda: lists.names(question), self._mark, self._failed)

    def _mark(self, names: Any) -> None:
        model = self._view.model
        wanted = set(names) | {row.name for row in model.rows}
        model.mark_names(() if wanted == model.marked else wanted)
        self.mark(())

    def come_back(self) -> bool:
        """Put the cursor back into the question; False when there is none."""
        if self.panel is not None and self.panel.isVisible():
            self.panel.free()
            return True
        return False

    def open(self) -> None:
        """Ask which field of the marked ones is to be what; what can be chosen is read first."""
        view = self._view
        forms, kind = view.books.master_forms, view.kind
        view.session.background.submit(self, lambda: forms.open(kind), self._ask, self._failed)

    def _ask(self, opened: Any) -> None:
        view = self._view
        panel = self.panel = ManyPanel(view.form, opened.form, len(view.model.marked), view.surroundings, self._over)
        panel.wanted.connect(self._set)
        panel.closed.connect(view.come_back)
        panel.ask()

    def _set(self, key: str, value: Any) -> None:
        view = self._view
        lists, kind, names = view.books.master_lists, view.kind, sorted(view.model.marked)
        view.session.background.submit(self, lambda: lists.change_many(kind, names, key, value), self._done,
                                       self._failed)

    def _done(self, done: ManyChanged) -> None:
        if done.refused:
            if self.panel is not None:
                self.panel.tell(done)
            return
        self._close()
        view = self._view
        self.said.emit(say("{count} changed", count=done.changed) + ("   " + say(
            "{count} were so already", count=done.unchanged) if done.unchanged else ""))
        view.model.mark_names(())
        self.mark(())
        view.session.freshness.read_again(view.kind)
        self.changed.emit()

    def _close(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            panel.leave()

    def _failed(self, refusal: Refused) -> None:
        word = coded(refusal.first)
        if self.panel is not None:
            self.panel.word.setText(word)
            self.panel.free()
        else:
            self.said.emit(word)


class ManyPanel(Shade):
    """Which field, and what it is to be; `wanted` carries both, `closed` tells that it is gone."""

    key_context = "question"
    wanted = Signal(str, object)
    closed = Signal()

    def __init__(self, whole: MasterForm, form: MasterForm, count: int, surroundings: Surroundings,
                 over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("manyPanel")
        title = say("Set a field of {count} masters", count=count)
        self.setAccessibleName(title)
        self._surroundings = surroundings
        left_out = (whole.code_key, whole.owner, "name", "alias")
        filled = {field.key: field for field in form.fields}
        self._fields = {field.key: field_in_language(filled.get(field.key, field)) for field in whole.fields
                        if field.key not in left_out}
        self.word = plain(QLabel(say("All of them are set, or none."), self))
        self.word.setWordWrap(True)
        self.done_button, self.keep_button = QPushButton(self), QPushButton(self)
        print_key(self.done_button, say("Set for {count}", count=count), self.key_context, "decide")
        print_key(self.keep_button, say("Keep them as they are"), self.key_context, "keep")
        options = tuple(Option(key, field.label) for key, field in self._fields.items())
        self.chooser = self._editor(Field("field", to_say("Field"), FieldType.SELECT, ui=FieldUi(width=_FIELD_WIDTH),
                                          options=options))
        self.chooser.accepted.connect(self._choose)
        self.chooser.settled.connect(self._choose)
        self.value: Editor | None = None
        self._lay_out(title)

    def _editor(self, field: Field) -> Editor:
        editor = make_editor(field, self._surroundings, self)
        editor.setObjectName(f"many_{field.key}")
        editor.setFixedHeight(theme().size("field"))
        editor.setMinimumWidth(_FIELD_WIDTH * theme().size("character"))
        return editor

    def _lay_out(self, title: str) -> None:
        self._form = QFormLayout()
        self._form.addRow(say("Field"), self.chooser)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.done_button.setProperty("role", "primary")
        self.done_button.setObjectName("manyDo")
        for button in (self.keep_button, self.done_button):
            button.setAutoDefault(False)
            button.setFixedHeight(theme().size("banner_height"))
            buttons.addWidget(button)
        self.done_button.clicked.connect(self._confirm)
        self.keep_button.clicked.connect(self.leave)
        layout = self.card()
        layout.addWidget(dress_title(QLabel(title, self)))
        layout.addLayout(self._form)
        layout.addWidget(self.word)
        layout.addLayout(buttons)

    def ask(self) -> None:
        """Open, the cursor in the choice of the field."""
        self.show()
        self.raise_()
        self.chooser.setFocus(Qt.FocusReason.TabFocusReason)

    def leave(self) -> None:
        """Away, the list has the keyboard again."""
        self.hide()
        self.deleteLater()
        self.closed.emit()

    def _choose(self) -> None:
        """The field is known: its own editor stands below."""
        field = self._fields.get(str(self.chooser.raw or ""))
        if field is None:
            return
        if self.value is not None:
            self._form.removeRow(self.value)
        value = self.value = self._editor(field)
        value.accepted.connect(lambda: self.done_button.setFocus(Qt.FocusReason.TabFocusReason))
        value.went_back.connect(lambda: self.chooser.setFocus(Qt.FocusReason.TabFocusReason))
        value.not_accepted.connect(self.word.setText)
        self._form.addRow(field.label, value)
        value.show()
        value.setFocus(Qt.FocusReason.TabFocusReason)

    def _confirm(self) -> None:
        if self.value is None:
            self.chooser.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.value.accept_typed():
            self.done_button.setEnabled(False)
            self.wanted.emit(self.value.field.key, self.value.raw)

    def tell(self, done: ManyChanged) -> None:
        """None was changed: say which stood in the way."""
        told = [f"{one.code}: {say_fault(one.faults[0])}" for one in done.refused[:_TOLD]]
        more = len(done.refused) - len(told)
        self.word.setText("\n".join([say("None was changed."), *told, *([say("and {count} more", count=more)]
                                                                       if more else [])]))
        self.free()

    def free(self) -> None:
        """Another try is possible."""
        self.done_button.setEnabled(True)
        (self.value or self.chooser).setFocus(Qt.FocusReason.TabFocusReason)

    def perform(self, action: str) -> bool:
        """Set what was chosen, or keep everything as it is."""
        if action == "keep":
            self.leave()
        elif action == "decide":
            self._confirm()
        return action in ("decide", "keep")

    def perform_chord(self, chord: str) -> bool:
        """Esc keeps everything as it is, whatever else does."""
        if chord == "Esc":
            self.leave()
        return chord == "Esc"

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.done_button.hasFocus():
            self._confirm()
        super().keyPressEvent(event)
