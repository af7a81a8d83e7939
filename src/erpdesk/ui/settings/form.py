"""A form of settings: each with its label, its editor and a sentence of help, under headings, in one column.

What is typed is in the document as soon as it can be read; the cursor goes from one to the next as in a voucher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from erpdesk.domain.results import Fault
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.editors.area import TextAreaEditor
from erpdesk.ui.editors.listed import ListedEditor
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.overriding import override
from erpdesk.ui.settings.choice_boxes import ChoiceBoxes
from erpdesk.ui.settings.edited import EditedType
from erpdesk.ui.settings.setting import Group, Kind, Setting, in_language
from erpdesk.ui.settings.tab import Bench
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.voucher.marking import mark_editor
from erpdesk.ui.words import say

AnyEditor = Editor | ChoiceBoxes
PathOf = Callable[[str], str]


class SettingsForm(QWidget):
    """Editors named `setting_<column>`. `finished` and `left_back` hand the cursor on; `path_of` says where in the
    document a column stands, nothing while there is no such row."""

    finished = Signal()
    left_back = Signal()
    not_accepted = Signal(str)

    def __init__(self, groups: Iterable[Group], edited: EditedType, bench: Bench,
                 parent: QWidget | None = None, path_of: PathOf | None = None) -> None:
        super().__init__(parent)
        self.edited, self._bench = edited, bench
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
            self._grid.addWidget(heading, row, 0, 1, 2)
        for setting in group.settings:
            self._add(setting)

    def _add(self, setting: Setting) -> None:
        field, row = in_language(setting), self._grid.rowCount()
        label = _plain(QLabel(self), field.label)
        label.setProperty("role", "fieldLabel")
        label.setWordWrap(True)
        label.setMaximumWidth(theme().size("settings_label"))
        editor: AnyEditor
        if setting.kind is Kind.WORDS:
            editor = ChoiceBoxes(field, self)
            editor.turned.connect(lambda column=setting.column: self.take(column))
        else:
            editor = make_editor(field, self._bench.surroundings, self)
            self._listen(editor)
        editor.setObjectName(f"setting_{setting.column}")
        if isinstance(editor, TextAreaEditor):
            editor.setFixedHeight(3 * theme().size("row_compact"))
        elif not isinstance(editor, ChoiceBoxes):
            editor.setFixedHeight(theme().size("field"))
            width = field.ui.width * theme().size("character") + theme().size("column_padding")
            editor.setMaximumWidth(width)
        label.setBuddy(editor)
        self._grid.setRowMinimumHeight(row, theme().size("row"))
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(editor, row, 1)
        self._add_help(setting.column, field.ui.help, row + 1)
        self.settings[setting.column], self.editors[setting.column] = setting, editor
        editor.accepted.connect(lambda column=setting.column: self._accepted(column))
        editor.went_back.connect(lambda column=setting.column: self._step(column, -1))
        editor.not_accepted.connect(self.not_accepted)
        editor.installEventFilter(self)

    def _add_help(self, column: str, text: str, row: int) -> None:
        helping = _plain(QLabel(self), text)
        helping.setWordWrap(True)
        helping.setFont(figures_font(theme().text("small_points")))
        helping.setProperty("role", "settingHelp")
        helping.setContentsMargins(0, theme().space("hair"), 0, theme().space("small"))
        self._grid.addWidget(helping, row, 0, 1, 2)
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
        path = self._path_of(column)
        if path:
            editor, setting = self.editors[column], self.settings[column]
            self.edited.set(path, setting.to_document(editor.raw))

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
            shown = setting.to_editor(self.edited.value(path)) if path else None
            typing = editor.hasFocus() and editor.isModified() and editor.raw == shown
            if not typing and (editor.raw != shown or editor.isModified()):
                editor.set_raw(shown)
            editor.setEnabled(bool(path))
            changed = bool(path) and not self.edited.is_new and (
                self.edited.value(path) != self.edited.stored_value(path))
            _dress(editor, changed)

    def show_faults(self) -> None:
        """Mark the editors of what is wrong, the reason in place of the help."""
        for column, editor in self.editors.items():
            path = self._path_of(column)
            found = self.edited.faults_at(path) if path else ()
            self._mark(column, editor, found[0] if found else None)

    def _mark(self, column: str, editor: AnyEditor, fault: Fault | None) -> None:
        helping = self._helps[column]
        text = in_language(self.settings[column]).ui.help if fault is None else f"{fault.code}  {say_fault(fault)}"
        if not isinstance(editor, ChoiceBoxes):
            mark_editor(editor, fault)
        role = "settingHelp" if fault is None else "settingFault"
        if helping.text() != text or helping.property("role") != role:
            helping.setText(text)
            helping.setProperty("role", role)
            helping.style().unpolish(helping)
            helping.style().polish(helping)

    # The path

    def enter(self, column: str) -> bool:
        """The cursor into the editor of a column."""
        editor = self.editors.get(column)
        if editor is None or not editor.isEnabled():
            return False
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def enter_first(self) -> bool:
        """Come in from before."""
        return bool(self.editors) and self.enter(next(iter(self.editors)))

    def enter_last(self) -> bool:
        """Come in from behind."""
        return bool(self.editors) and self.enter(list(self.editors)[-1])

    def column_here(self) -> str:
        """The column that the cursor is in."""
        return next((column for column, editor in self.editors.items() if editor.hasFocus()), "")

    def _accepted(self, column: str) -> None:
        self.take(column)
        self._step(column, 1)

    def _step(self, column: str, by: int) -> None:
        columns = list(self.editors)
        place = columns.index(column) + by
        if not (0 <= place < len(columns) and self.enter(columns[place])):
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


def _dress(editor: QWidget, changed: bool) -> None:
    if bool(editor.property("changed")) != changed:
        editor.setProperty("changed", changed)
        editor.style().unpolish(editor)
        editor.style().polish(editor)


def columns_of_groups(groups: Iterable[Group]) -> Mapping[str, Setting]:
    """The settings of groups by column."""
    return {setting.column: setting for group in groups for setting in group.settings}
