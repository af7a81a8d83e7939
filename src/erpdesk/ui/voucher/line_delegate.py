"""How cells are painted and edited: quiet lines, a tinted ring around the current cell, marks on faults.

The editor of a cell is the field type's own. It closes only when the cursor moves on or the focus goes to
another part of the window, never because the window was left for a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPen, QPolygon
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from erpdesk.ui.editors.base import PASSING, is_unreadable
from erpdesk.ui.editors.plain import NumberEditor
from erpdesk.ui.editors.registry import Editor, make_editor
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, theme
from erpdesk.ui.voucher.line_model import CELL_ALIGNMENT, AnyIndex, LineModel
from erpdesk.ui.voucher.marking import mark_editor
from erpdesk.ui.voucher.showing import is_right

_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_HasFocus.value
"""As plain numbers: cells are painted by the dozen with a key, and the binding's flags are slow to combine."""


class LineDelegate(QStyledItemDelegate):
    """Paints the cells of a grid and makes their editors; `adopt` is told of each, `left` when it lost the
    focus to something else, `place` puts it where it belongs."""

    def __init__(self, model: LineModel, adopt: Callable[[Editor], None], left: Callable[[QWidget], None],
                 place: Callable[[QWidget, AnyIndex, QRect], None], parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._adopt, self._left, self._place = model, adopt, left, place

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model = self._model
        row, field = index.row(), model.columns[index.column()]
        line, rect = model.lines[row], option.rect
        painter.save()
        fault, state = line.faults.get(field.key), option.state.value
        painter.fillRect(rect, colour(self._background(model, row, field, fault is not None, state)))
        self._grid_lines(painter, rect)
        if text := model.text(row, field):
            inherited = field.key not in line.values and field.key not in line.shown
            painter.setPen(colour("error" if fault else "text_muted" if inherited else "text"))
            space = theme().space("small")
            inner = rect.adjusted(space, 0, -space, 0)
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, CELL_ALIGNMENT[is_right(field)], elided)
        if fault is not None:
            self._mark(painter, rect)
        if state & _FOCUSED:
            self._ring(painter, rect)
        painter.restore()

    @staticmethod
    def _background(model: LineModel, row: int, field: Any, faulty: bool, state: int) -> str:
        if state & _SELECTED:
            return "selection"
        if faulty:
            return "error_tint"
        if state & _FOCUSED:
            return "focus_tint"
        if not model.may_type(row, field):
            return "readonly"
        return "surface"

    @staticmethod
    def _grid_lines(painter: QPainter, rect: QRect) -> None:
        painter.setPen(colour("grid_line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())

    @staticmethod
    def _mark(painter: QPainter, rect: QRect) -> None:
        """A small corner that doesn't depend on colour alone."""
        size = theme().size("fault_mark")
        corner = rect.topRight()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("error"))
        painter.drawPolygon(QPolygon([corner, corner - corner.__class__(size, 0),
                                      corner + corner.__class__(0, size)]))

    @staticmethod
    def _ring(painter: QPainter, rect: QRect) -> None:
        pen = QPen(colour("accent"), theme().space("ring"))
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(1, 1, -1, -1))

    # Editing

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        model = self._model
        field = model.columns[index.column()]
        editor: Editor = make_editor(field, model.surroundings, parent)
        editor.setObjectName(f"cell_{field.key}")
        if isinstance(editor, NumberEditor):
            editor.whole = model.whole_of(index.row(), field)
        row = index.row()
        editor.beside = lambda key: model.lines[row].values.get(key) or model.header_line.values.get(key)
        mark_editor(editor, model.lines[row].faults.get(field.key))
        self._adopt(editor)
        return editor

    @override
    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if not editor.isModified():  # type: ignore[attr-defined]
            editor.set_raw(index.data(Qt.ItemDataRole.EditRole))  # type: ignore[attr-defined]

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        raw = editor.raw  # type: ignore[attr-defined]
        if raw != index.data(Qt.ItemDataRole.EditRole) or editor.isModified():  # type: ignore[attr-defined]
            model.setData(index, raw)

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        self._place(editor, index, option.rect)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, QWidget):
            reason = event.reason() if isinstance(event, QFocusEvent) else Qt.FocusReason.OtherFocusReason
            if reason not in PASSING and QApplication.focusWidget() is not watched and not is_unreadable(watched):
                self._left(watched)
        return False
