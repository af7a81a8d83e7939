"""A shade over a page with a card in its midst, which has the keyboard to itself while it is there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from erpdesk.ui.keys.routing import route_key
from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import colour, theme


class Shade(QWidget):
    """Covers `over`; what is shown stands in the layout that `card` gives."""

    keeps_keyboard = True

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
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
            card.setFixedWidth(theme().size(width))
            around.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        else:
            around.setContentsMargins(*(space("huge"),) * 4)
            around.addWidget(card)
        around.addStretch(2)
        return inside

    def _make_room(self) -> None:
        """A page lower than the card at a large text becomes as high, so that it scrolls; else fields would lie over
        each other."""
        inside = self.layout()
        if inside is not None and self.isVisible():
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
