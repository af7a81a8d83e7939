"""A list to go somewhere from: a field that filters while one types, and places under headings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from erpdesk.ui.keys.profile import chord_of, printed
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.style.lines import draw_line
from erpdesk.ui.style.theme import colour, figures_font, theme
from erpdesk.ui.window.destinations import Destination, matching
from erpdesk.ui.words import say

AnyIndex = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
DESTINATION_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class Places(QAbstractListModel):
    """Destinations with their headings between them; a heading can't be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Destination | str] = []

    def show_places(self, places: Sequence[Destination], *, headings: bool, column_rows: int = 0) -> None:
        """Show these, each group under its heading; no heading stands last in a column of `column_rows`, and a group
        that goes over into the next column has it there again."""
        self.beginResetModel()
        self.rows = []
        last = ""
        for place in places:
            if headings and place.heading != last:
                if column_rows and len(self.rows) % column_rows == column_rows - 1:
                    self.rows.append("")
                self.rows.append(place.heading)
                last = place.heading
            elif headings and column_rows and len(self.rows) % column_rows == 0:
                self.rows.append(place.heading)
            self.rows.append(place)
        self.endResetModel()

    def show_word(self, word: str) -> None:
        """A word where there is nothing to choose."""
        self.beginResetModel()
        self.rows = [word]
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row if isinstance(row, str) else row.label
        return row if role == DESTINATION_ROLE else None

    @override
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _usual_width() -> int:
    return theme().size("popup_width") - theme().space("huge") * 2


class PlaceDelegate(QStyledItemDelegate):
    """A heading, or a place with its key at the right; `width` is that of a column, nothing for the usual one."""

    width = 0

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(self.width or _usual_width(), theme().size("row"))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = index.data(DESTINATION_ROLE)
        rect = option.rect.adjusted(theme().space("small"), 0, -theme().space("small"), 0)
        if isinstance(row, str):
            painter.setFont(figures_font(theme().text("small_points"), semibold=True))
            painter.setPen(colour("text_muted"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignBottom, row.upper())
            painter.setFont(option.font)
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, colour("selection"))
            bar = option.rect.adjusted(0, 0, 0, 0)
            bar.setWidth(theme().space("ring") + theme().space("hair"))
            painter.fillRect(bar, colour("accent"))
        painter.setPen(colour("selection_text" if chosen else "text"))
        draw_line(painter, rect.adjusted(theme().space("small"), 0, 0, 0), row.label)
        painter.setPen(colour("selection_text" if chosen else "text_muted"))
        draw_line(painter, rect, printed(row.chord), at_right=True)


class FilterField(QLineEdit):
    """Filters the list; up and down move in the list, Enter goes."""

    def __init__(self, owner: PickList) -> None:
        super().__init__(owner)
        self._owner = owner

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1,
                 Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if event.key() in moves and not held:
            self._owner.move_highlight(moves[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self._owner.go()
        elif not route_key(self, event) and not chord_of(event).startswith("Alt+"):
            super().keyPressEvent(event)


class PickList(QFrame):
    """`chosen` carries the destination. Enter before the places have arrived goes once they have."""

    chosen = Signal(object)

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, columns: bool = False) -> None:
        super().__init__(parent)
        self._places: list[Destination] = []
        self._goes_when_filled = False
        self._has_columns, self._column_rows = columns, 0
        self.is_waiting = False
        self.search: Callable[[str], list[Destination]] | None = None
        self.model = Places(self)
        self.field = FilterField(self)
        self.ask(placeholder)
        self.field.setFixedHeight(theme().size("row_comfortable"))
        self.list = QListView(self)
        self._delegate = PlaceDelegate(self.list)
        self.list.setAccessibleName(placeholder)
        self._dress_list(columns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().space("small"))
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        self.field.textChanged.connect(self._filter)

    def _dress_list(self, columns: bool) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        if columns:
            self.list.setFlow(QListView.Flow.TopToBottom)
            self.list.setWrapping(True)
            self.list.setResizeMode(QListView.ResizeMode.Adjust)
            self.list.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
            self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda _index: self.go())

    def ask(self, placeholder: str) -> None:
        """What the empty field asks for."""
        self.field.setPlaceholderText(placeholder)
        self.field.setAccessibleName(placeholder)

    def show_places(self, places: Sequence[Destination]) -> None:
        """The places there are; goes at once if Enter was pressed before they came."""
        self._places = list(places)
        self._filter(self.field.text())
        if self._goes_when_filled and places:
            self._goes_when_filled = False
            self.go()

    def _filter(self, typed: str) -> None:
        found = self.search(typed) if self.search is not None else matching(self._places, typed)
        rows = self._rows_of_a_column()
        self._column_rows = rows
        self.model.show_places(found, headings=not typed.strip(), column_rows=rows)
        self._delegate.width = self._width_of_a_column(rows)
        if not found and typed.strip() and not self.is_waiting:
            self.model.show_word(say("Nothing found for “{typed}”", typed=typed.strip()[:40]))
        first = next((number for number, row in enumerate(self.model.rows) if not isinstance(row, str)), -1)
        self._highlight(first)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._has_columns:
            QTimer.singleShot(0, self, self._refit)

    def _refit(self) -> None:
        """Break the columns anew when the list has become higher or lower."""
        rows = self._rows_of_a_column()
        if self._column_rows != rows or self._delegate.width != self._width_of_a_column(rows):
            self._filter(self.field.text())

    def _rows_of_a_column(self) -> int:
        """How many rows stand above each other; a row that would just touch the edge goes to the next column."""
        return (self.list.viewport().height() - 1) // theme().size("row") if self._has_columns else 0

    def _width_of_a_column(self, rows: int) -> int:
        """All columns in sight if they are not too narrow to be read; 0 for the usual width."""
        count = -(-len(self.model.rows) // rows) if rows > 0 else 0
        if count < 2:
            return 0
        return min(_usual_width(), max(theme().size("place_width"), (self.list.viewport().width() - 1) // count))

    def move_highlight(self, by: int) -> None:
        """Up or down, over headings."""
        rows = [number for number, row in enumerate(self.model.rows) if not isinstance(row, str)]
        if rows:
            here = self.list.currentIndex().row()
            place = rows.index(here) if here in rows else 0
            self._highlight(rows[max(0, min(len(rows) - 1, place + by))])

    def _highlight(self, number: int) -> None:
        index = self.model.index(number, 0) if number >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)
        if index.isValid() and all(isinstance(row, str) for row in self.model.rows[:number]):
            self.list.scrollToTop()
        elif index.isValid():
            self.list.scrollTo(index)

    @property
    def highlighted(self) -> Destination | None:
        """The place that Enter goes to."""
        index = self.list.currentIndex()
        row = self.model.rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Destination) else None

    def go(self) -> None:
        """Go to the highlighted place."""
        index = self.list.currentIndex()
        row = self.model.rows[index.row()] if index.isValid() else None
        if isinstance(row, Destination):
            self.field.clear()
            self.chosen.emit(row)
        elif self.is_waiting:
            self._goes_when_filled = True
