"""The names of tabs in a line, in as many lines as they need: none is ever behind an arrow."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from erpdesk.ui.overriding import override
from erpdesk.ui.style.theme import theme


class TabLine(QWidget):
    """`turned` says that another tab is in sight, `clicked` that the mouse chose one, be it the same."""

    turned = Signal(int)
    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingTabs")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.buttons: list[QPushButton] = []

    def add(self, label: str) -> None:
        """One more tab, behind the others; the first is in sight."""
        button, place = QPushButton(label, self), len(self.buttons)
        button.setProperty("role", "tab")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setChecked(not place)
        button.clicked.connect(lambda: self._press(place))
        self.buttons.append(button)
        self.updateGeometry()

    @property
    def current(self) -> int:
        """The place of the tab in sight."""
        return next((place for place, button in enumerate(self.buttons) if button.isChecked()), -1)

    def choose(self, place: int) -> None:
        """Bring a tab into sight."""
        if self.current != place:
            self.buttons[place].setChecked(True)
            self._tell(place)

    def _press(self, place: int) -> None:
        self.clicked.emit(place)
        self._tell(place)

    def _tell(self, place: int) -> None:
        self.turned.emit(place)

    def look_changed(self) -> None:
        """Names take another room at another text size."""
        self.updateGeometry()
        self._put()

    # Qt

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        rooms = self._rooms(width)
        return rooms[-1].bottom() + 1 if rooms else 0

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.heightForWidth(self.width()))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._put()
        self.updateGeometry()

    def _put(self) -> None:
        for button, room in zip(self.buttons, self._rooms(self.width()), strict=True):
            button.setGeometry(room)

    def _rooms(self, width: int) -> list[QRect]:
        """Where each name stands: one beside the other, a new line where the edge is reached."""
        height, rooms, corner = theme().size("row") + theme().space("tiny"), list[QRect](), QPoint(0, 0)
        for button in self.buttons:
            wide = button.sizeHint().width()
            if corner.x() and corner.x() + wide > width:
                corner = QPoint(0, corner.y() + height)
            rooms.append(QRect(corner, QSize(wide, height)))
            corner += QPoint(wide, 0)
        return rooms
