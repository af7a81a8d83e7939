"""A tab that is a list of rows with a form of the row under the cursor: charges, user fields, series.

Rows are put in, taken out and moved by the keys of the grid, moved by dragging too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.keys.keyed_button import print_key
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.edited import EditedType, steps_of
from erpdesk.ui.settings.form import SettingsForm
from erpdesk.ui.settings.form_tab import scrolled
from erpdesk.ui.settings.setting import groups
from erpdesk.ui.settings.tab import Bench, SettingsTab
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.words import say, to_say

_MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_BUTTONS = (("insert_line", to_say("Add")), ("remove_line", to_say("Remove")), ("move_line_up", "↑"),
            ("move_line_down", "↓"))


class RowList(QListWidget):
    """The rows. `entered` asks for the form of the row here, `dropped` says that a row was dragged elsewhere."""

    entered = Signal()
    left_back = Signal()
    dropped = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "settingRows")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.itemDoubleClicked.connect(lambda _item: self.entered.emit())

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """The document moves the row; the list is shown anew from it."""
        place = self.indexAt(event.position().toPoint()).row()
        below = self.dropIndicatorPosition() is QAbstractItemView.DropIndicatorPosition.BelowItem
        here = self.currentRow()
        to = self.count() - 1 if place < 0 else place + int(below) - int(here < place + int(below))
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.dropped.emit(here, to)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Backtab or (bare and event.key() == Qt.Key.Key_Backspace):
            self.left_back.emit()
        elif bare and event.key() in FORWARD_KEYS:
            self.entered.emit()
        elif bare and event.key() in _MOVING:
            super().keyPressEvent(event)
        elif not route_key(self, event):
            event.ignore()


class RowsTab(SettingsTab):
    """The rows of `part`, with the form of the file `form_name`. Subclasses say what a row is called and what a new
    one begins with."""

    key_context = "settings_rows"
    part = ""
    form_name = ""
    empty_word = ""
    buttons: tuple[tuple[str, str], ...] = _BUTTONS

    def __init__(self, edited: EditedType, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(edited, bench, parent)
        self.rows, self.word = RowList(self), QLabel(self.say_empty(), self)
        self.rows.setObjectName(f"rows_{self.part}")
        self.rows.setAccessibleName(self.say_empty())
        self.form = self.make_form()
        self.area = scrolled(self.form, self)
        self._lay_out()
        self.rows.currentRowChanged.connect(self._row_changed)
        self.rows.entered.connect(self.enter_form)
        self.rows.left_back.connect(lambda: self.left.emit(-1))
        self.rows.dropped.connect(self._dropped)
        self.form.finished.connect(self._next_row)
        self.form.left_back.connect(self.rows.setFocus)
        self.form.not_accepted.connect(self.said)
        self.refresh()

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), 0)
        layout.setSpacing(space("small"))
        self.rows.setFixedHeight(theme().size("settings_rows"))
        self.word.setWordWrap(True)
        self.word.setProperty("role", "fieldLabel")
        layout.addWidget(self.word)
        layout.addWidget(self.rows)
        buttons = QHBoxLayout()
        buttons.setSpacing(space("tiny"))
        self.row_buttons: dict[str, QPushButton] = {}
        for action, label in self.buttons:
            button = QPushButton(self)
            print_key(button, say(label), self.key_context, action)
            button.setProperty("role", "quiet")
            button.setFont(figures_font(theme().text("small_points")))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setFixedHeight(theme().size("field"))
            button.clicked.connect(lambda _on=False, asked=action: self.perform(asked))
            buttons.addWidget(button)
            self.row_buttons[action] = button
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addWidget(self.area, 1)

    def say_empty(self) -> str:
        """What stands there while there are no rows."""
        return say(self.empty_word, key=key_name(self.key_context, "insert_line"))

    # What subclasses say

    def make_form(self) -> SettingsForm:
        """The form of a row."""
        return SettingsForm(groups(self.form_name), self.edited, self.bench, self, self._path_of)

    def describe(self, row: Mapping[str, Any]) -> str:
        """A row in one line."""
        return f"{row.get('label') or ''}  {row.get('code') or row.get('key') or ''}".strip()

    def lead_rows(self) -> list[str]:
        """Lines of the list that stand before the rows and aren't theirs."""
        return []

    def new_row(self) -> dict[str, Any]:
        """What a new row begins with."""
        return {}

    # Showing

    def here(self) -> int:
        """The place of the row under the cursor, below zero for none."""
        return max(-1, self.rows.currentRow() - self._lead)

    @property
    def _lead(self) -> int:
        return len(self.lead_rows())

    def _path_of(self, column: str) -> str:
        return f"{self.part}[{self.here()}].{column}" if self.here() >= 0 else ""

    def texts(self) -> list[str]:
        """The rows of the list, each in one line."""
        return [*self.lead_rows(), *(self.describe(row) for row in self.edited.rows(self.part))]

    @override
    def refresh(self, path: str = "") -> None:
        texts, here = self.texts(), self.rows.currentRow()
        if texts != [self.rows.item(number).text() for number in range(self.rows.count())]:
            self.rows.blockSignals(True)
            self.rows.clear()
            self.rows.addItems(texts)
            self.rows.setCurrentRow(min(max(here, 0), len(texts) - 1))
            self.rows.blockSignals(False)
        self.word.setVisible(not texts)
        self.rows.setVisible(bool(texts))
        self.area.setVisible(bool(texts))
        self.form.show_values()
        self.show_faults()

    @override
    def show_faults(self) -> None:
        self.form.show_faults()
        for number in range(self.rows.count()):
            item = self.rows.item(number)
            font = item.font()
            font.setBold(bool(self.edited.faults_at(f"{self.part}[{number - self._lead}]")))
            item.setFont(font)

    # The cursor

    @override
    def start(self) -> None:
        (self.rows if self.rows.count() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def holds(self, path: str) -> bool:
        return steps_of(path)[:1] == (self.part,)

    @override
    def go_to(self, path: str) -> bool:
        steps = steps_of(path)
        self.form.take_all()
        if len(steps) > 1 and isinstance(steps[1], int) and steps[1] + self._lead < self.rows.count():
            self.rows.setCurrentRow(steps[1] + self._lead)
            if len(steps) > 2 and self.form.enter(str(steps[2])):
                return True
        self.start()
        return True

    @override
    def commit(self) -> None:
        self.form.take_all()

    def enter_form(self) -> None:
        """The cursor into the form of the row."""
        if self.here() >= 0:
            self.form.enter_first()

    def _row_changed(self, _row: int) -> None:
        self.form.show_values()
        self.show_faults()
        self.keys_changed.emit()

    def _next_row(self) -> None:
        """Past the last setting of a row: to the row after it, else on."""
        if self.rows.currentRow() + 1 < self.rows.count():
            self.rows.setCurrentRow(self.rows.currentRow() + 1)
            self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit(1)

    # Actions

    def perform(self, action: str) -> bool:
        """Do an action of the rows' context."""
        if action == "insert_line":
            self._insert()
        elif action == "remove_line" and self.here() >= 0:
            self._remove()
        elif action in ("move_line_up", "move_line_down") and self.here() >= 0:
            here = self.rows.currentRow()
            self._dropped(here, here + (1 if action == "move_line_down" else -1))
        elif action == "back_to_rows" and not self.rows.hasFocus() and self.rows.count():
            self.form.take_all()
            self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def perform_chord(self, chord: str) -> bool:
        """No chords beyond the profile."""
        return False

    def _insert(self) -> None:
        self.form.take_all()
        place = self.edited.add(self.part, self.new_row(), self.here() + 1 if self.here() >= 0 else None)
        self.rows.setCurrentRow(place + self._lead)
        self.enter_form()

    def _remove(self) -> None:
        place = self.here()
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.remove(self.part, place)
        self.rows.setCurrentRow(min(place + self._lead, self.rows.count() - 1))
        self.start()

    def _dropped(self, here: int, to: int) -> None:
        self.form.take_all()
        if min(here, to) >= self._lead:
            self.rows.setCurrentRow(self.edited.move(self.part, here - self._lead, to - self._lead) + self._lead)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not route_key(self, event):
            event.ignore()
