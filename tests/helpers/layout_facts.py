"""What can be said of a laid-out window without looking at it: names, room for texts, overlap, order of the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTableView,
    QWidget,
)

from erpdesk.ui.window.button_bar import KeyButton

_TYPED_INTO = (QLineEdit, QPlainTextEdit, QAbstractItemView, QAbstractButton)


def shown(top: QWidget) -> Iterator[QWidget]:
    """Every visible widget of ours; what Qt makes inside of its own widgets is left out."""
    for widget in top.findChildren(QWidget):
        if widget.isVisibleTo(top) and not (widget.objectName() or "").startswith("qt_") \
                and not isinstance(widget, QScrollBar):
            yield widget


def described(widget: QWidget) -> str:
    """A widget for people."""
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.objectName()!r} {text[:40]!r}"


def nameless(top: QWidget) -> list[str]:
    """Widgets that are typed into, or pressed, and say nothing to a screen reader."""
    return [described(widget) for widget in shown(top)
            if isinstance(widget, _TYPED_INTO) and not isinstance(widget, QHeaderView)
            and not widget.accessibleName() and not _speaks(widget)]


def _speaks(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractButton) and bool(widget.text())


def clipped(top: QWidget) -> list[str]:
    """Labels, buttons, tabs and headings with less room than their text takes."""
    found = []
    for widget in shown(top):
        if isinstance(widget, QLabel) and widget.text() and not widget.pixmap():
            wanted = _wanted(widget)
            if widget.width() < wanted.width() or widget.height() < wanted.height():
                found.append(f"{described(widget)} has {widget.width()}×{widget.height()}, "
                             f"wants {wanted.width()}×{wanted.height()}")
        elif isinstance(widget, KeyButton):
            if widget.room() < widget.text_width():
                found.append(f"{described(widget)} has {widget.room()}, wants {widget.text_width()}")
        elif isinstance(widget, QTabBar):
            found += [f"tab {widget.tabText(number)!r}" for number in range(widget.count())
                      if widget.tabRect(number).width() < QFontMetrics(widget.font()).horizontalAdvance(
                          widget.tabText(number))]
        elif isinstance(widget, QAbstractButton | QLineEdit) and not _fits(widget):
            found.append(described(widget))
        elif isinstance(widget, QTableView):
            found += _clipped_headings(widget)
    return found


def _fits(widget: QAbstractButton | QLineEdit) -> bool:
    metrics = QFontMetrics(widget.font())
    width = metrics.horizontalAdvance(widget.text()) if isinstance(widget, QAbstractButton) and widget.text() else 0
    return widget.width() >= width and widget.height() >= metrics.height()


def _wanted(label: QLabel) -> QRect:
    metrics, flags = QFontMetrics(label.font()), label.alignment()
    if not label.wordWrap():
        return QRect(QPoint(0, 0), metrics.size(Qt.TextFlag.TextExpandTabs, label.text()))
    room = QRect(0, 0, label.width(), 100_000)
    return metrics.boundingRect(room, int(flags) | int(Qt.TextFlag.TextWordWrap), label.text())


def _clipped_headings(table: QTableView) -> list[str]:
    header, model = table.horizontalHeader(), table.model()
    if not header.isVisible() or model is None:
        return []
    metrics = QFontMetrics(header.font())
    found = []
    for column in range(model.columnCount()):
        text = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        if not table.isColumnHidden(column) and header.sectionSize(column) < metrics.horizontalAdvance(text):
            found.append(f"heading {text!r} of {table.objectName()} has {header.sectionSize(column)}")
    if header.height() < metrics.height():
        found.append(f"headings of {table.objectName()}")
    if model.rowCount() and table.rowHeight(0) < QFontMetrics(table.font()).height():
        found.append(f"rows of {table.objectName()}")
    return found


def overlapping(top: QWidget) -> list[str]:
    """Neighbours in one parent that lie over each other, but for what is made to lie over the rest."""
    found = []
    parents = [top, *shown(top)]
    for parent in parents:
        if parent.layout() is None:
            continue
        inside = [child for child in parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
                  if child.isVisibleTo(top) and _is_laid_out(parent, child)]
        for one, other in combinations(inside, 2):
            both = one.geometry().intersected(other.geometry())
            if both.width() > 1 and both.height() > 1:
                found.append(f"{described(one)} {one.geometry()} over {described(other)} {other.geometry()}")
    return found


def _is_laid_out(parent: QWidget, child: QWidget) -> bool:
    layout = parent.layout()

    def holds(one: object) -> bool:
        count = one.count()  # type: ignore[attr-defined]
        for number in range(count):
            item = one.itemAt(number)  # type: ignore[attr-defined]
            if item.widget() is child or (item.layout() is not None and holds(item.layout())):
                return True
        return False

    return layout is not None and holds(layout)


def out_of_sight(top: QWidget) -> list[str]:
    """Widgets that stick out of their parent, but for what scrolls."""
    found = []
    for widget in shown(top):
        parent = widget.parentWidget()
        if parent is None or isinstance(parent, QAbstractScrollArea) or _scrolls(widget):
            continue
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry()) and not widget.isWindow():
            found.append(f"{described(widget)} {widget.geometry()} in {described(parent)} {parent.rect()}")
    return found


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return parent is not None and isinstance(parent.parentWidget(), QAbstractScrollArea)


def against_reading_order(stops: list[QWidget], top: QWidget) -> list[str]:
    """Stops of the cursor that lie before the stop that comes first: above it, or left of it in the same line."""
    found = []
    for one, following in pairwise(stops):
        here, there = (QRect(each.mapTo(top, QPoint(0, 0)), each.size()) for each in (one, following))
        same_line = here.top() < there.bottom() and there.top() < here.bottom()
        if there.bottom() <= here.top() or (same_line and there.left() < here.left()):
            found.append(f"{described(following)} comes after {described(one)}")
    return found
