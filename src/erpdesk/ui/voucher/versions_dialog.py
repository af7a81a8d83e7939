"""The question which of two versions of a voucher is to stand; it may be left open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from erpdesk.ui.keys.keyed_dialog import KeyedDialog
from erpdesk.ui.plain_words import plain
from erpdesk.ui.style.theme import figures_font, theme
from erpdesk.ui.voucher.versions_table import VersionRow, VersionsTable
from erpdesk.ui.words import say

_CHOICES = 3


class VersionsDialog(KeyedDialog):
    """`choose` gets the name of what was chosen: mine, theirs, both."""

    key_context = "two_versions"

    def __init__(self, sentence: str, rows: list[VersionRow], choose: Callable[[str], None], over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("versionsDialog")
        self.setWindowTitle(say("Changed at another desk"))
        self._choose = choose
        title = QLabel(say("Two versions of this voucher"), self)
        title.setFont(figures_font(theme().text("title_points"), semibold=True))
        told = plain(QLabel(sentence, self))
        told.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme().space("large"),) * 4)
        layout.setSpacing(theme().space("small"))
        layout.addWidget(title)
        layout.addWidget(told)
        layout.addWidget(self._table(rows), 1)
        layout.addLayout(self._buttons())
        self.resize(over.window().width() * 2 // 3, over.window().height() * 3 // 4)

    def _table(self, rows: list[VersionRow]) -> QTableView:
        self.table = QTableView(self)
        self.table.setObjectName("versionRows")
        self.table.setModel(VersionsTable(rows, self.table))
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme().size("row"))
        header = self.table.horizontalHeader()
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in range(_CHOICES):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_CHOICES, QHeaderView.ResizeMode.ResizeToContents)
        first = next((number for number, row in enumerate(rows) if row.differs), 0)
        self.table.scrollTo(self.table.model().index(first, 0))
        return self.table

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme().space("small"))
        line.addStretch(1)
        for name, text in (("mine", say("Keep mine")), ("theirs", say("Take theirs")),
                           ("both", say("Keep both, mine as new"))):
            button = QPushButton(self)
            self.give_key(button, text, name)
            button.setObjectName(f"{name}Button")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, chosen=name: self._chosen(chosen))
            line.addWidget(button)
        later = QPushButton(self)
        self.give_key(later, say("Decide later"), "later")
        later.setObjectName("laterButton")
        later.setDefault(True)
        later.clicked.connect(self.reject)
        line.addWidget(later)
        later.setFocus(Qt.FocusReason.OtherFocusReason)
        return line

    def _chosen(self, name: str) -> None:
        self.accept()
        self._choose(name)
