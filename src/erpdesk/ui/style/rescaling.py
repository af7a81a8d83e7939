"""A window that is open takes another text size or density: every measure of its widgets is set anew.

A measure (a fixed width, a margin, a font) is taken back to what it is at 100 %, and from there to the new size, so
that going up and down again ends where it began. Widgets that count their own measures offer `look_changed()`.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QGridLayout,
    QHeaderView,
    QLayout,
    QScrollArea,
    QTableView,
    QWidget,
)

_UNLIMITED = 16777215
_KEPT = "measuresAtWhole"
_HAIR = 2
_NESTED = 4
"""As many layouts as lie in each other, each learning of the one inside once that is laid out."""
_SIZE_IS_SET = 0x2  # QFont::SizeResolved, which has no name in Python
_SET_FONT = Qt.WidgetAttribute.WA_SetFont


class _Measures:
    """The measures of one object, remembered at 100 % beside what was last set.

    A style sheet put on anew gives each font back as it was first set, hence that is known again, too.
    """

    def __init__(self, holder: Any, ratio_before: float, ratio: float, rows: tuple[int, int]) -> None:
        self._holder, self._before, self._ratio, self._rows = holder, ratio_before, ratio, rows
        kept = holder.property(_KEPT)
        self._kept: dict[str, list[float]] = dict(kept) if isinstance(kept, dict) else {}

    def anew(self, name: str, now: float) -> float:
        """What the measure is to be; hairlines stay, and what was a row before is a row now."""
        if round(now) == self._rows[0] and name != "font":
            self._kept.pop(name, None)
            return self._rows[1]
        if now <= _HAIR and name != "font":
            return now
        whole, first, last = self._kept.get(name, (0.0, -1.0, -1.0))
        if now not in (first, last):
            whole, first = now / self._before, now
        wanted = whole * self._ratio if name == "font" else max(1, round(whole * self._ratio))
        self._kept[name] = [whole, first if name == "font" else wanted, wanted]
        return wanted

    def keep(self) -> None:
        """Remember for the next time."""
        self._holder.setProperty(_KEPT, self._kept)


def rescale(top: QWidget, before: int, percent: int, rows: tuple[int, int]) -> None:
    """Everything in `top` from one text size to another, both in per cent; `rows` are the row heights before and
    after. The limits of `top` itself stay."""
    ratios = before / 100, percent / 100
    for widget in (top, *top.findChildren(QWidget)):
        measures = _Measures(widget, *ratios, rows)
        if widget is not top:
            _sizes(widget, measures)
        _font(widget, measures)
        if isinstance(widget, QHeaderView):
            _sections(widget, measures)
        measures.keep()
        layout = widget.layout()
        if layout is not None:
            _layout(layout, ratios, rows)
    for widget in (*top.findChildren(QWidget), top):
        _refresh(widget)


def bring_into_sight(widget: QWidget | None) -> None:
    """Scroll whatever scrolls around a widget until it is in sight: at another size it may stand elsewhere."""
    if widget is None:
        return
    for _ in range(_NESTED):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    around: QWidget | None = widget
    while around is not None:
        if isinstance(around, QAbstractItemView):
            around.scrollTo(around.currentIndex())
        elif isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _sizes(widget: QWidget, measures: _Measures) -> None:
    for name, now, put in (
        ("min_w", widget.minimumWidth(), widget.setMinimumWidth),
        ("max_w", widget.maximumWidth(), widget.setMaximumWidth),
        ("min_h", widget.minimumHeight(), widget.setMinimumHeight),
        ("max_h", widget.maximumHeight(), widget.setMaximumHeight),
    ):
        if 0 < now < _UNLIMITED:
            put(int(measures.anew(name, now)))


def _font(widget: QWidget, measures: _Measures) -> None:
    font = widget.font()
    sized = font.resolveMask() & _SIZE_IS_SET
    if sized and font.pointSizeF() > 0 and widget.testAttribute(_SET_FONT):
        font.setPointSizeF(measures.anew("font", font.pointSizeF()))
        widget.setFont(font)


def _sections(header: QHeaderView, measures: _Measures) -> None:
    """Rows by their usual height; columns one by one, for another usual width would be given to all of them. A table
    that fits its columns itself does so afterwards."""
    if header.orientation() == Qt.Orientation.Vertical:
        header.setDefaultSectionSize(int(measures.anew("section", header.defaultSectionSize())))
    elif getattr(header.parentWidget(), "fit_columns", None) is None:
        for number in range(header.count()):
            if header.sectionResizeMode(number) != QHeaderView.ResizeMode.Stretch:
                header.resizeSection(number, int(measures.anew(f"section{number}", header.sectionSize(number))))


def _layout(layout: QLayout, ratios: tuple[float, float], rows: tuple[int, int]) -> None:
    measures = _Measures(layout, *ratios, rows)
    margins = layout.contentsMargins()
    sides = (margins.left(), margins.top(), margins.right(), margins.bottom())
    layout.setContentsMargins(*(int(measures.anew(f"m{number}", side)) for number, side in enumerate(sides)))
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(int(measures.anew("across", layout.horizontalSpacing())))
        layout.setVerticalSpacing(int(measures.anew("down", layout.verticalSpacing())))
        for column in range(layout.columnCount()):
            least = layout.columnMinimumWidth(column)
            layout.setColumnMinimumWidth(column, int(measures.anew(f"c{column}", least)))
    elif isinstance(layout, QBoxLayout):
        layout.setSpacing(int(measures.anew("gap", layout.spacing())))
    measures.keep()
    for number in range(layout.count()):
        item = layout.itemAt(number)
        inner = item.layout() if item is not None else None
        if inner is not None:
            _layout(inner, ratios, rows)


def _refresh(widget: QWidget) -> None:
    if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        widget.doItemsLayout()
    if isinstance(widget, QTableView) and (fit := getattr(widget, "fit_columns", None)) is not None:
        fit()
    if (changed := getattr(widget, "look_changed", None)) is not None:
        changed()
    widget.updateGeometry()
    widget.update()
