"""A form of settings: each with its label, its editor and a sentence of help, under headings, in one column.

What is typed is in the document as soon as it can be read; the cursor goes from one to the next as in a voucher.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpacerItem,
    QWidget,
)

from erpdesk.blueprints.fields import Field
from erpdesk.domain.results import Fault
from erpdesk.ui.conditions.line import ConditionLine
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.area import TextAreaEditor
from erpdesk.ui.editors.listed import ListedEditor
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.keys.profile import with_own_keys
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.choice_boxes import ChoiceBoxes
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.setting import Group, Kind, Setting, in_language
from erpdesk.ui.settings.several_editors import SeveralEditors
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.style.heading import Heading
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.voucher.marking import mark_editor
from erpdesk.ui.words import say

AnyEditor = Editor | ChoiceBoxes | SeveralEditors
PathOf = Callable[[str], str]
MakeOwn = Callable[[Field, QWidget], Editor | SeveralEditors]


class SettingsForm(QWidget):
    """Editors named `setting_<column>`. `finished` and `left_back` hand the cursor on; `path_of` says where in the
    document a column stands, nothing while there is no such row. `makers` make the editors of columns that have one of
    their own; such an editor may have a signal `changed`."""

    finished = Signal()
    left_back = Signal()
    not_accepted = Signal(str)

    def __init__(self, groups: Iterable[Group], edited: EditedType, bench: Bench,
                 parent: QWidget | None = None, path_of: PathOf | None = None,
                 makers: Mapping[str, MakeOwn] | None = None) -> None:
        super().__init__(parent)
        self.edited, self._bench = edited, bench
        self._makers = makers or {}
        self._labels: dict[str, QLabel] = {}
        self._headings: list[tuple[QLabel, list[str]]] = []
        self._rows: dict[str, int] = {}
        self._path_of: PathOf = path_of or (lambda column: column)
        self.settings: dict[str, Setting] = {}
        self.editors: dict[str, AnyEditor] = {}
        self._helps: dict[str, QLabel] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(theme().time_ms("settings_typed"))
        self._timer.timeout.connect(self.take_all)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme().space("small"))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, theme().size("settings_label"))
        self._grid.setColumnStretch(1, 1)
        self._grid.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding), 0, 2)
        for group in groups:
            self._add_group(group)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        self.show_values()

    # Building

    def _add_group(self, group: Group) -> None:
        if group.label:
            heading = _plain(QLabel(self), say(group.label))
            heading.setFont(figures_font(theme().text("base_points"), semibold=True))
            heading.setProperty("role", "totalLabel")
            row = self._grid.rowCount()
            if self.settings:
                self._grid.setRowMinimumHeight(row, theme().space("medium"))
                row += 1
            self._grid.addWidget(heading, row, 0, 1, 3)
            self._headings.append((heading, [setting.column for setting in group.settings]))
        for setting in group.settings:
            self._add(setting)

    def _add(self, setting: Setting) -> None:
        field, row = in_language(setting), self._grid.rowCount()
        label = _plain(Heading(parent=self), field.label)
        label.setProperty("role", "fieldLabel")
        label.setWordWrap(True)
        label.setMaximumWidth(theme().size("settings_label"))
        editor = self._editor(setting, field)
        editor.setObjectName(f"setting_{setting.column}")
        if isinstance(editor, TextAreaEditor):
            editor.setFixedHeight(3 * theme().size("row_compact"))
        elif not isinstance(editor, ChoiceBoxes | SeveralEditors):
            editor.setFixedHeight(theme().size("field"))
            width = field.ui.width * theme().size("character") + theme().size("column_padding")
            editor.setMaximumWidth(width)
        label.setBuddy(editor)
        self._grid.setRowMinimumHeight(row, theme().size("row"))
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(editor, row, 1)
        self._add_help(setting.column, with_own_keys(field.ui.help), row + 1)
        self._labels[setting.column], self._rows[setting.column] = label, row
        self.settings[setting.column], self.editors[setting.column] = setting, editor
        editor.accepted.connect(lambda column=setting.column: self._accepted(column))
        editor.went_back.connect(lambda column=setting.column: self._step(column, -1))
        editor.not_accepted.connect(self.not_accepted)
        editor.installEventFilter(self)

    def _editor(self, setting: Setting, field: Field) -> AnyEditor:
        editor: AnyEditor
        if setting.kind is Kind.WORDS:
            editor = ChoiceBoxes(field, self)
            editor.turned.connect(lambda: self.take(setting.column))
            return editor
        maker = self._makers.get(setting.column)
        editor = maker(field, self) if maker is not None else make_editor(field, self._bench.surroundings, self)
        if isinstance(editor, ConditionLine | SeveralEditors):
            editor.changed.connect(lambda: self.take(setting.column))
        else:
            self._listen(editor)
        return editor

    def _add_help(self, column: str, text: str, row: int) -> None:
        helping = _plain(QLabel(self), text)
        helping.setWordWrap(True)
        helping.setFont(figures_font(theme().text("small_points")))
        helping.setProperty("role", "settingHelp")
        helping.setContentsMargins(0, theme().space("hair"), 0, theme().space("small"))
        self._grid.addWidget(helping, row, 0, 1, 3)
        self._helps[column] = helping

    def _listen(self, editor: Editor) -> None:
        """What is typed counts after a short rest; a list only once something was chosen."""
        if isinstance(editor, ListedEditor):
            return
        if isinstance(editor, QPlainTextEdit | QLineEdit):
            editor.textChanged.connect(self._typed)

    def _typed(self) -> None:
        self._timer.start()

    # Values

    def take(self, column: str) -> None:
        """What stands in an editor is the document's."""
        if self._path_of(column):
            self.write(column, self.settings[column].to_document(self.editors[column].raw))

    def read(self, column: str) -> Any:
        """What the document says in a column."""
        return self.edited.value(self._path_of(column))

    def write(self, column: str, value: Any) -> None:
        """The document says something else in a column."""
        self.edited.set(self._path_of(column), value)

    def differs(self, column: str) -> bool:
        """Whether a column isn't as it is stored."""
        path = self._path_of(column)
        return bool(self.edited.value(path) != self.edited.stored_value(path))

    def take_all(self) -> None:
        """Take what stands in every editor that was typed into."""
        self._timer.stop()
        for column, editor in self.editors.items():
            if editor.isModified() and not (isinstance(editor, ListedEditor) and editor.hasFocus()):
                self.take(column)

    def show_values(self) -> None:
        """Every editor shows what the document says; what is being typed is left alone."""
        for column, editor in self.editors.items():
            path, setting = self._path_of(column), self.settings[column]
            shown = setting.to_editor(self.read(column)) if path else None
            typing = editor.hasFocus() and editor.isModified() and editor.raw == shown
            if not typing and (editor.raw != shown or editor.isModified()):
                editor.set_raw(shown)
            editor.setEnabled(bool(path))
            _dress(editor, bool(path) and not self.edited.is_new and self.differs(column))

    def show_faults(self) -> None:
        """Mark the editors of what is wrong, the reason in place of the help."""
        for column, editor in self.editors.items():
            path = self._path_of(column)
            found = self.edited.faults_at(path) if path else ()
            self._mark(column, editor, found[0] if found else None)

    def _mark(self, column: str, editor: AnyEditor, fault: Fault | None) -> None:
        helping = self._helps[column]
        text = with_own_keys(in_language(self.settings[column]).ui.help) if fault is None else coded(fault)
        if not isinstance(editor, ChoiceBoxes):
            mark_editor(editor, fault)
        role = "settingHelp" if fault is None else "settingFault"
        if helping.text() != text or helping.property("role") != role:
            helping.setText(text)
            helping.setProperty("role", role)
            helping.style().unpolish(helping)
            helping.style().polish(helping)

    def lock(self, column: str, *, locked: bool) -> None:
        """What stands in a column can't be changed, or can again; the cursor passes it meanwhile."""
        editor = self.editors[column]
        assert isinstance(editor, QLineEdit)
        editor.setReadOnly(locked)

    # The path

    def enter(self, column: str) -> bool:
        """The cursor into the editor of a column."""
        editor = self.editors.get(column)
        if editor is None or not editor.isEnabled() or editor.isHidden() or _is_locked(editor):
            return False
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def enter_first(self) -> bool:
        """Come in from before."""
        return any(self.enter(column) for column in self.editors)

    def enter_last(self) -> bool:
        """Come in from behind."""
        return any(self.enter(column) for column in reversed(self.editors))

    def show_only(self, wanted: Container[str]) -> None:
        """Show these settings and hide the others, which keep what they say."""
        for column, editor in self.editors.items():
            for widget in (editor, self._labels[column], self._helps[column]):
                widget.setVisible(column in wanted)
            self._grid.setRowMinimumHeight(self._rows[column], theme().size("row") if column in wanted else 0)
        for heading, columns in self._headings:
            heading.setVisible(any(column in wanted for column in columns))

    def column_here(self) -> str:
        """The column that the cursor is in."""
        return next((column for column, editor in self.editors.items() if editor.hasFocus()), "")

    def _accepted(self, column: str) -> None:
        self.take(column)
        self._step(column, 1)

    def _step(self, column: str, by: int) -> None:
        columns = list(self.editors)
        place = columns.index(column)
        onward = columns[place + 1:] if by > 0 else reversed(columns[:place])
        if not any(self.enter(one) for one in onward):
            (self.finished if by > 0 else self.left_back).emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, QWidget):
            column = str(watched.property("fieldKey"))
            if column in self.editors and self.editors[column].isModified():
                self.take(column)
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        column = self.column_here()
        if column and event.key() == Qt.Key.Key_Down and not event.modifiers():
            if self.editors[column].accept_typed():
                self._accepted(column)
        elif column and event.key() == Qt.Key.Key_Up and not event.modifiers():
            self._step(column, -1)
        else:
            event.ignore()


def _plain(label: QLabel, text: str) -> QLabel:
    """A label that shows its text as it is, whatever an admin wrote there."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    return label


def _is_locked(editor: QWidget) -> bool:
    return isinstance(editor, QLineEdit | QPlainTextEdit) and editor.isReadOnly()


def _dress(editor: QWidget, changed: bool) -> None:
    if bool(editor.property("changed")) != changed:
        editor.setProperty("changed", changed)
        editor.style().unpolish(editor)
        editor.style().polish(editor)
