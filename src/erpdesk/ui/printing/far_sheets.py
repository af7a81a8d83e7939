"""Sheets of a long page, drawn elsewhere: each comes as a picture once it is in sight; until then it is blank."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QSizeF
from PySide6.QtGui import QImage, QPainter

from erpdesk.services.printing import PrintPage
from erpdesk.ui.printing.paper import sheet_size
from erpdesk.ui.printing.typesetter import typesetter
from erpdesk.ui.session import Session

_KEPT = 24


class FarSheets(QObject):
    """What the canvas draws, as if it were `Sheets`. `arrived` is called when a sheet has come."""

    def __init__(self, session: Session, page: PrintPage, count: int, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self.page, self.count = session, page, count
        self.size: QSizeF = sheet_size(page)
        self._pictures: dict[tuple[int, float], QImage] = {}
        self._asked: set[tuple[int, float]] = set()
        self.arrived: Callable[[], object] = lambda: None

    def draw(self, painter: QPainter, sheet: int, dots_per_inch: float) -> None:
        """One sheet, from 0, at the painter's origin; asked for where it isn't here yet."""
        ratio = painter.device().devicePixelRatio()
        wanted = sheet, dots_per_inch * ratio
        picture = self._pictures.get(wanted)
        if picture is None:
            self._ask(wanted)
            return
        picture.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(), picture)

    def _ask(self, wanted: tuple[int, float]) -> None:
        if wanted in self._asked:
            return
        self._asked.add(wanted)
        page = self.page

        def take(picture: QImage) -> None:
            self._asked.discard(wanted)
            while len(self._pictures) >= _KEPT:
                del self._pictures[next(iter(self._pictures))]
            self._pictures[wanted] = picture
            self.arrived()

        self._session.background.submit(self, lambda: typesetter().picture(page, *wanted), take,
                                        lambda _refusal: self._asked.discard(wanted))
