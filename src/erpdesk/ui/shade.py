"""A shade over a page with a card in its midst, which has the keyboard to itself while it is there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.lookups.popup import LIES_OVER, in_sight
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, theme


class Shade(QWidget):
    """Covers `over`; what is shown stands in the layout that `card` gives."""

    keeps_keyboard = True

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over, self._gap = over, 0
        self.setProperty(LIES_OVER, True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._least = over.minimumHeight()
        over.installEventFilter(self)
        self.setGeometry(over.rect())

    def card(self, width: str = "", name: str = "masterCard") -> QVBoxLayout:
        """The card, in the upper half where it leaves room: as wide as the size named `width`, else as the page."""
        space = theme().space
        card = QFrame(self)
        card.setObjectName(name)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*(space("large"),) * 4)
        inside.setSpacing(space("medium"))
        around = QVBoxLayout(self)
        around.addStretch(1)
        if width:
            most = in_sight(self._over).width() - 2 * space("small")
            card.setFixedWidth(min(theme().size(width), most))
            around.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        else:
            self._gap = space("huge")
            around.addWidget(card)
        around.addStretch(2)
        self._keep_in_sight()
        return inside

    def room_inside(self) -> int:
        """How wide what stands in a card as wide as the page may be."""
        return in_sight(self._over).width() - 2 * (theme().space("huge") + theme().space("large"))

    def _keep_in_sight(self) -> None:
        """The card lies where the page can be seen, which at a large text isn't all of it; what is larger than that
        has the page."""
        around = self.layout()
        if around is None:
            return
        sight, whole, gap = in_sight(self._over), self._over.rect(), self._gap
        margins = (sight.left() + gap, sight.top() + gap, whole.right() - sight.right() + gap,
                   whole.bottom() - sight.bottom() + gap)
        around.setContentsMargins(*margins)
        least = around.totalMinimumSize()
        left, top, right, bottom = margins
        if least.width() > whole.width():
            left = right = gap
        if least.height() > whole.height():
            top = bottom = gap
        around.setContentsMargins(left, top, right, bottom)

    def _make_room(self) -> None:
        """A page lower than the card at a large text becomes as high, so that it scrolls; else fields would lie over
        each other."""
        inside = self.layout()
        if inside is not None and self.isVisible():
            self._keep_in_sight()
            wanted, own = inside.totalMinimumSize().height(), self._over.minimumSizeHint().height()
            self._over.setMinimumHeight(wanted if wanted > max(own, self._least) else self._least)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._make_room()
        elif event.type() == QEvent.Type.Hide:
            self._over.setMinimumHeight(self._least)
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        route_key(self, event)
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        shade = colour("strip")
        shade.setAlphaF(theme().size("shade_percent") / 100)
        painter = QPainter(self)
        painter.fillRect(self.rect(), shade)
        painter.end()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return False
