"""The picture of a form: the very widgets of a voucher, drawn as small as the room is, in which fields are chosen.

The form itself is laid out beyond the edge of the picture, where nobody can type into it; a click or Enter on a field
names its place. A place is a field of the header (`party`), of a grid (`lines.rate`), a charge by its
code (`charge:VAT`), or a part of the form (`title`, `number`, `narration`, `details`).
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from erpdesk.blueprints.schema import UiSchema
from erpdesk.ui.configured_words import schema_in_language
from erpdesk.ui.editors.base import FORWARD_KEYS
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, theme
from erpdesk.ui.voucher.draft import Draft
from erpdesk.ui.voucher.line_grid import LineGrid
from erpdesk.ui.voucher.sheet import CHARGES, VoucherSheet

CHARGE = "charge:"
_ON = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the form, what it is called, and where it stands in the sheet."""

    place: str
    label: str
    area: QRect


class FormPicture(QWidget):
    """`chosen` names a place that was clicked or entered, `pointed` the one the cursor came to."""

    chosen = Signal(str)
    pointed = Signal(str)

    def __init__(self, surroundings: Surroundings, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formPicture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._surroundings, self._currency = surroundings, currency
        self._beyond = QWidget(self)
        self._picture, self._scale = QPixmap(), 1.0
        self.sheet: VoucherSheet | None = None
        self.spots: tuple[Spot, ...] = ()
        self._here = ""
        self._hash = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._draw)

    # The form

    def show_form(self, schema: UiSchema, day: str) -> bool:
        """Another form, if it is another one; False when it is the same."""
        if self.sheet is not None and schema.hash == self._hash and schema.version == self.sheet.schema.version:
            return False
        self._hash = schema.hash
        spoken = schema_in_language(schema)
        before = self.sheet
        self.sheet = VoucherSheet(spoken, Draft.blank(spoken, {"date": day}), self._surroundings, self._currency,
                                  self._beyond)
        self.sheet.setProperty("fieldKey", "")
        if before is not None:
            before.hide()
            before.deleteLater()
        self._lay_out()
        self.sheet.show()
        self._timer.start()
        return True

    def redraw(self) -> None:
        """Draw once more: figures in the form changed."""
        self._timer.start()

    def turn_details(self) -> None:
        """Show the header's details, or fold them away."""
        if self.sheet is not None:
            self.sheet.header.toggle_details()
            self._timer.start()

    def _lay_out(self) -> None:
        sheet = self.sheet
        if sheet is None or self.width() <= 0 or self.height() <= 0:
            return
        least = sheet.minimumSizeHint().expandedTo(QSize(theme().size("preview_least"), 0))
        width = max(least.width(), self.width())
        self._scale = self.width() / width
        height = max(least.height(), round(self.height() / self._scale))
        self._scale = min(self._scale, self.height() / height)
        self._beyond.setGeometry(0, self.height() + theme().space("huge"), width, height)
        sheet.setGeometry(0, 0, width, height)

    def _draw(self) -> None:
        sheet = self.sheet
        if sheet is None or not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        size = QSize(round(sheet.width() * self._scale), round(sheet.height() * self._scale))
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(colour("surface"))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.scale(self._scale, self._scale)
        sheet.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.end()
        self._picture = picture
        self.spots = tuple(_spots(sheet))
        self.update()

    # Places

    @property
    def here(self) -> Spot | None:
        """The place that the cursor is at."""
        return next((spot for spot in self.spots if spot.place == self._here), None)

    def point(self, place: str) -> None:
        """The cursor to a place."""
        self._here = place
        self.pointed.emit(self.here.label if self.here is not None else "")
        self.update()

    def spot_at(self, position: QPoint) -> Spot | None:
        """The smallest place under a point of the picture."""
        there = QPoint(round(position.x() / self._scale), round(position.y() / self._scale))
        found = [spot for spot in self.spots if spot.area.contains(there)]
        return min(found, key=lambda spot: spot.area.width() * spot.area.height(), default=None)

    def choose(self) -> None:
        """Go to the settings of the place here."""
        if self._here == "details":
            self.turn_details()
        elif self.here is not None:
            self.chosen.emit(self._here)

    # Qt

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        return False

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.here is None and self.spots:
            self.point(self.spots[0].place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        places = [spot.place for spot in self.spots]
        if bare and Qt.Key(event.key()) in _ON and places:
            number = places.index(self._here) if self._here in places else -1
            self.point(places[(number + _ON[Qt.Key(event.key())]) % len(places)])
        elif bare and event.key() in FORWARD_KEYS:
            self.choose()
        elif not route_key(self, event):
            event.ignore()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if spot is not None else Qt.CursorShape.ArrowCursor)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position().toPoint())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton:
            self.point(spot.place)
            self.choose()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self._timer.start()

    @override
    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._timer.start()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        if self.here is not None:
            area = self.here.area
            ring = theme().space("ring")
            pen = painter.pen()
            pen.setColor(colour("accent"))
            pen.setWidth(ring if self.hasFocus() else theme().space("hair"))
            painter.setPen(pen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            scaled = QRectF(area.x() * self._scale, area.y() * self._scale, area.width() * self._scale,
                            area.height() * self._scale)
            painter.drawRoundedRect(scaled.adjusted(-ring, -ring, ring, ring), ring, ring)
        painter.end()


def _spots(sheet: VoucherSheet) -> list[Spot]:
    """The places of a sheet in reading order."""
    found = [Spot("title", sheet.title.text(), _area(sheet.title, sheet))]
    if sheet.number.text():
        found.append(Spot("number", sheet.number.accessibleName(), _area(sheet.number, sheet)))
    buddies = {label.buddy(): label for label in sheet.header.findChildren(QLabel) if label.buddy() is not None}
    for key, editor in sheet.header.editors.items():
        if editor.isVisible():
            area = _area(editor, sheet)
            label = buddies.get(editor)
            found.append(Spot(key, editor.field.label, area.united(_area(label, sheet)) if label else area))
    details = sheet.header.findChild(QWidget, "detailsButton")
    if isinstance(details, QWidget) and details.isVisible():
        found.append(Spot("details", getattr(details, "text", str)(), _area(details, sheet)))
    for name, grid in sheet.grids.items():
        if not grid.is_mirror:
            found += _charges(grid, sheet) if name == CHARGES else _columns(grid, sheet)
    found.append(Spot("narration", sheet.narration.accessibleName() or "narration", _area(sheet.narration, sheet)))
    return found


def _columns(grid: LineGrid, sheet: VoucherSheet) -> list[Spot]:
    header, whole = grid.horizontalHeader(), _area(grid, sheet)
    corner = header.mapTo(sheet, QPoint())
    found = []
    for number, field in enumerate(grid.lines.columns):
        area = QRect(corner.x() + header.sectionViewportPosition(number), whole.y(), header.sectionSize(number),
                     whole.height()).intersected(whole)
        if not area.isEmpty():
            found.append(Spot(f"{grid.lines.grid.key}.{field.key}", field.label, area))
    return found


def _charges(grid: LineGrid, sheet: VoucherSheet) -> list[Spot]:
    codes = [str(line.values.get("code") or "") for line in grid.lines.lines]
    corner = grid.viewport().mapTo(sheet, QPoint())
    return [Spot(f"{CHARGE}{code}", code,
                 QRect(corner.x(), corner.y() + grid.rowViewportPosition(number), grid.viewport().width(),
                       grid.rowHeight(number)))
            for number, code in enumerate(codes) if code]


def _area(widget: QWidget, sheet: VoucherSheet) -> QRect:
    return QRect(widget.mapTo(sheet, QPoint()), widget.size())
