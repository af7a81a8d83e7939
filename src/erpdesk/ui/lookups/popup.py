"""The list under a lookup: a child of the window, always on top of it, that never takes the focus.

A click into it leaves the focus with the editor it serves: without that, the page beneath would take it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from erpdesk.domain.money import parse_decimal
from erpdesk.ui.calendars import shown_iso
from erpdesk.ui.figures import WESTERN, shown, shown_text
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.lookups.index import label_of
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import LookupRow
from erpdesk.ui.style.theme import colour, theme
from erpdesk.ui.words import say

AnyIndex = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class LookupRows(QAbstractListModel):
    """The rows that match, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[LookupRow] = ()

    def show_rows(self, rows: Sequence[LookupRow]) -> None:
        """Replace what is listed."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return label_of(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}, {row.code}, {hint(row.attributes)}".rstrip(", ")
        return row if role == ROW_ROLE else None


def hint(attributes: Mapping[str, Any], grouping: str = WESTERN) -> str:
    """What helps to choose: stock by warehouse, balance, date and total."""
    stock = attributes.get("stock")
    if isinstance(stock, Mapping):
        return "  ".join(f"{warehouse} {quantity}" for warehouse, quantity in list(stock.items())[:2])
    balance = parse_decimal(str(attributes.get("balance") or ""))
    if balance:
        return f"{shown(abs(balance), 2, grouping)} {say('Dr') if balance > 0 else say('Cr')}"
    if "total" in attributes and "date" in attributes:
        return f"{shown_iso(str(attributes['date']))}  {shown_text(str(attributes['total']), 2, grouping)}"
    return shown_iso(str(attributes.get("expires") or ""))


class LookupDelegate(QStyledItemDelegate):
    """A row: name at the left, code and hint at the right."""

    grouping = WESTERN

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, theme().size("popup_rows_row"))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row: LookupRow = index.data(ROW_ROLE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rect = option.rect
        if chosen:
            painter.fillRect(rect, colour("accent"))
        inner = rect.adjusted(theme().space("small"), 0, -theme().space("small"), 0)
        left_text = label_of(row)
        other = row.code if left_text != row.code else row.name if row.name != row.code else ""
        right = "   ".join(part for part in (other, hint(row.attributes, self.grouping)) if part)
        width = min(painter.fontMetrics().horizontalAdvance(right) + theme().space("ring"), inner.width() * 3 // 5)
        painter.setPen(colour("accent_text" if chosen else "text_muted"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(right, Qt.TextElideMode.ElideRight, width))
        painter.setPen(colour("accent_text" if chosen else "text"))
        left = inner.adjusted(0, 0, -width - theme().space("medium"), 0)
        painter.drawText(left, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(left_text, Qt.TextElideMode.ElideRight,
                                                          left.width()))


class LookupPopup(QFrame):
    """One list for a whole window, shown for the editor that has the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lookupPopup")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(say("Choices"))
        self._window = parent
        self._editor: QLineEdit | None = None
        self._model = LookupRows(self)
        self.list = QListView(self)
        self.list.setAccessibleName(say("Choices"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setModel(self._model)
        self._delegate = LookupDelegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.clicked.connect(self._clicked)
        self._nothing = QLabel(self)
        self._nothing.setObjectName("nothingFound")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(theme().space("hair"),) * 4)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what lies beneath is not painted with it
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """All of it, edge and ground: nothing else is painted here."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("border_strong"))
        hair = theme().space("hair")
        painter.fillRect(self.rect().adjusted(hair, hair, -hair, -hair), colour("surface"))

    def look_changed(self) -> None:
        """At another text size the list is laid out anew when it is next opened."""
        self.hide()

    def group_figures(self, grouping: str) -> None:
        """How figures beside the names are grouped."""
        self._delegate.grouping = grouping

    def serves(self, editor: QWidget) -> bool:
        """Whether the list is open for this editor."""
        return self._editor is editor and not self.isHidden()

    def open_for(self, editor: QLineEdit, rows: Sequence[LookupRow], code: str | None, *,
                 preselect: bool, why: str = "") -> None:
        """Show rows under an editor; highlight the best when `preselect`, else the row of `code`. `why` there are
        none, if that is known."""
        self._editor = editor
        self.setFocusProxy(editor)
        self._model.show_rows(rows)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        offers = getattr(editor, "offers", None)
        can_create = bool(getattr(editor, "key_context", "")) and (offers is None or offers("create_master"))
        nothing = say("Nothing found — {key} creates it", key=key_name("lookup", "create_master")) if can_create \
            else say("Nothing found")
        self._nothing.setText(why or nothing)
        chosen = 0 if preselect and rows else next(
            (number for number, row in enumerate(rows) if code is not None and row.code == code), -1)
        self._highlight(chosen)
        if not rows and not preselect:
            self.hide()
            return
        self._follow(editor)
        self._place(editor)
        self.show()
        self.raise_()

    def _follow(self, editor: QLineEdit) -> None:
        """Stay with the editor where what it stands on is laid out anew, or scrolled to bring it into sight."""
        around: QWidget | None = editor
        while around is not None and around is not self._window:
            around.installEventFilter(self)
            around = around.parentWidget()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        editor = self._editor
        if event.type() == QEvent.Type.Move and self.isVisible() and editor is not None \
                and isinstance(watched, QWidget) and (watched is editor or watched.isAncestorOf(editor)):
            self._place(editor)
        return super().eventFilter(watched, event)

    def renew_rows(self, rows: Sequence[LookupRow]) -> None:
        """Masters were read anew: the list stays as it is looked at, highlight and all."""
        before = self.highlighted()
        place = self.list.visualRect(self.list.currentIndex()).top()
        self._model.show_rows(rows)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        again = next((number for number, row in enumerate(rows) if before and row.code == before.code), -1)
        self.list.setCurrentIndex(self._model.index(again, 0) if again >= 0 else QModelIndex())
        if again >= 0:
            self.list.doItemsLayout()
            bar = self.list.verticalScrollBar()
            bar.setValue(bar.value() + self.list.visualRect(self.list.currentIndex()).top() - place)

    def close_list(self) -> None:
        """Hide the list."""
        self._editor = None
        self.hide()

    def nothing_text(self) -> str:
        """What is said in place of rows; nothing while there are some."""
        return self._nothing.text() if self._nothing.isVisible() else ""

    def highlighted(self) -> LookupRow | None:
        """The one highlighted row."""
        index = self.list.currentIndex()
        return self._model.rows[index.row()] if index.isValid() else None

    def move_highlight(self, by: int) -> None:
        """Up or down, stopping at the ends."""
        if self._model.rows:
            now = self.list.currentIndex().row()
            self._highlight(max(0, min(len(self._model.rows) - 1, now + by)))

    def _highlight(self, number: int) -> None:
        index = self._model.index(number, 0) if number >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index)
        else:
            self.list.scrollToTop()

    def _place(self, editor: QLineEdit) -> None:
        """Under the editor, or above it where there is no room; never outside what is in sight of the window."""
        window, sight = self._window, in_sight(self._window)
        count = max(1, min(len(self._model.rows), theme().size("popup_rows")))
        edge = 4 * theme().space("hair")
        height = count * theme().size("popup_rows_row") + edge
        width = max(editor.width(), theme().size("popup_width"))
        spot = editor.mapTo(window, QPoint(0, editor.height() + theme().space("ring")))
        if spot.y() + height > sight.bottom() + 1:
            above = editor.mapTo(window, QPoint(0, 0)).y() - theme().space("ring")
            if above - height >= sight.top() or above - sight.top() > sight.bottom() - spot.y():
                height = min(height, max(above - sight.top(), theme().size("popup_rows_row") + edge))
                spot.setY(max(0, above - height))
            else:
                height = max(sight.bottom() + 1 - spot.y(), theme().size("popup_rows_row") + edge)
        spot.setX(max(sight.left(), min(spot.x(), sight.right() + 1 - width)))
        self.setGeometry(spot.x(), spot.y(), width, height)

    def _clicked(self, index: QModelIndex) -> None:
        editor = self._editor
        take = getattr(editor, "take", None)
        if take is not None:
            take(self._model.rows[index.row()])


LIES_OVER = "liesOver"
"""The property of what lies over a page where its room is in sight: it is not scrolled away from there."""


def in_sight(widget: QWidget) -> QRect:
    """What of a widget isn't cut off by those around it: a page at a large text is larger than its room."""
    sight, around = widget.rect(), widget.parentWidget()
    while around is not None and not widget.isWindow():
        sight = sight.intersected(QRect(widget.mapFrom(around, QPoint(0, 0)), around.size()))
        around = None if around.isWindow() else around.parentWidget()
    return sight if sight.isValid() else widget.rect()
