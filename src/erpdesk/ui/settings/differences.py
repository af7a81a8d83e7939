"""Two versions of a voucher type side by side, a row a difference, in words; shown before one is brought back or when
two people saved at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from erpdesk.ui.keys.keyed_dialog import KeyedDialog
from erpdesk.ui.overriding import override
from erpdesk.ui.reports.listing import Listing, dress_rows
from erpdesk.ui.settings.setting import called
from erpdesk.ui.style.theme import figures_font, theme

AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
_ROLE = Qt.ItemDataRole
_VALUE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One difference as people read it."""

    label: str
    before: str
    after: str
    mark: str = ""


class DifferencesTable(QAbstractTableModel):
    """The differences under headings of their own."""

    def __init__(self, headings: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headings = tuple(headings)
        self.rows: tuple[DifferenceRow, ...] = ()

    def show_rows(self, rows: Sequence[DifferenceRow]) -> None:
        """Replace what is listed."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.headings)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(self.headings):
            if role == _ROLE.DisplayRole:
                return self.headings[section]
            if role == _ROLE.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        if index.isValid() and role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            row = self.rows[index.row()]
            return (row.label, row.before, row.after, row.mark)[index.column()]
        return None


class DifferencesDialog(KeyedDialog):
    """A sentence, a list to choose from where there is one, the differences, and buttons that name what they do; their
    keys are those of `key_context`. From the list Enter goes on to the first button."""

    def __init__(self, title: str, sentence: str, headings: Sequence[str], over: QWidget, *, key_context: str) -> None:
        super().__init__(over)
        self.key_context = key_context
        self.setObjectName("differencesDialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        space = theme().space
        heading, self.word, self.choices = QLabel(self), QLabel(self), QListWidget(self)
        for label, text in ((heading, title), (self.word, sentence)):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setText(text)
            label.setWordWrap(True)
        heading.setFont(figures_font(theme().text("title_points"), semibold=True))
        self.choices.setObjectName("differenceChoices")
        self.choices.setProperty("role", "settingRows")
        self.choices.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.choices.setFixedWidth(theme().size("settings_width"))
        self.choices.setWordWrap(True)
        self.choices.hide()
        self.hear_keys_of(self.choices)
        self.table, self.model = QTableView(self), DifferencesTable(headings, self)
        dress_rows(self.table, "differenceRows")
        self.table.setModel(self.model)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.listing = Listing(self.table, self)
        for column in range(len(headings)):
            self.table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.line = QHBoxLayout()
        self.line.setSpacing(space("small"))
        self.line.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(space("medium"))
        middle.addWidget(self.choices)
        middle.addWidget(self.listing, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(space("large"),) * 4)
        layout.setSpacing(space("small"))
        layout.addWidget(heading)
        layout.addWidget(self.word)
        layout.addLayout(middle, 1)
        layout.addLayout(self.line)
        self.resize(over.window().width() * 4 // 5, over.window().height() * 3 // 4)

    def offer(self, choices: Sequence[tuple[Any, str]], chosen: Callable[[Any], object]) -> None:
        """Rows to choose from at the left; the first is chosen."""
        for value, text in choices:
            item = QListWidgetItem(text, self.choices)
            item.setData(_VALUE, value)
        self.choices.currentItemChanged.connect(lambda item, _before: chosen(item.data(_VALUE)) if item else None)
        self.choices.show()
        self.choices.setCurrentRow(0)

    def chosen_here(self) -> Any:
        """The value of the row chosen at the left."""
        item = self.choices.currentItem()
        return item.data(_VALUE) if item is not None else None

    def show_rows(self, rows: Sequence[DifferenceRow], nothing: str) -> None:
        """The differences, or a word in their place."""
        self.model.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.listing.word.setTextFormat(Qt.TextFormat.PlainText)
        self.listing.word.setText(nothing)
        self.listing.word.setVisible(not rows)

    def add_button(self, name: str, text: str, action: str, do: Callable[[], object] | None, *,
                   primary: bool = False) -> QPushButton:
        """A button of an action that does something and closes; without anything to do it only closes."""
        button = QPushButton(self)
        self.give_key(button, text, action)
        button.setObjectName(name)
        button.setAutoDefault(False)
        if primary:
            button.setProperty("role", "primary")

        def pressed() -> None:
            self.accept()
            if do is not None:
                do()

        button.clicked.connect(pressed)
        self.line.addWidget(button)
        return button

    def button(self, name: str) -> QPushButton:
        """The button of a name."""
        found = self.findChild(QPushButton, name)
        assert isinstance(found, QPushButton), name
        return found

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.choices.hasFocus():
            buttons = [one for one in self.findChildren(QPushButton) if one.isEnabled()]
            buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


def rows_of(differences: Sequence[Any], marked: frozenset[str] = frozenset(), mark: str = "") -> list[DifferenceRow]:
    """Differences as rows, each called as its setting is; those at the marked paths with a mark."""
    return [DifferenceRow(called(one.path, one.label), one.before_text, one.after_text,
                          mark if one.path in marked else "") for one in differences]
