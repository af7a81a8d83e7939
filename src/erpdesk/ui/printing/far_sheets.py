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
    """What the canvas draws, as if it were `Sheets`. `arrived` is called when a sheet has come. With no count given
    only the first sheet is known, by its picture, until `complete` tells how many there are."""

    def __init__(self, session: Session, page: PrintPage, count: int | None, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self.page = session, page
        self.count, self.is_whole = count or 1, count is not None
        self.size: QSizeF = sheet_size(page)
        self._pictures: dict[tuple[int, float], QImage] = {}
        self._asked: set[tuple[int, float]] = set()
        self._passing: set[tuple[int, float]] = set()
        self.arrived: Callable[[], object] = lambda: None

    def show_first(self, picture: QImage, dots_per_inch: float) -> None:
        """The first sheet as it will be, but for the number of sheets at its foot."""
        self._pictures[0, dots_per_inch] = picture
        self._passing.add((0, dots_per_inch))

    def complete(self, count: int) -> None:
        """All sheets can be drawn from now on; the first is looked at until it has come with its foot."""
        self.count, self.is_whole = count, True

    def draw(self, painter: QPainter, sheet: int, dots_per_inch: float) -> None:
        """One sheet, from 0, at the painter's origin; asked for where it isn't here yet."""
        ratio = painter.device().devicePixelRatio()
        wanted = sheet, dots_per_inch * ratio
        picture = self._pictures.get(wanted)
        if picture is None or wanted in self._passing:
            self._ask(wanted)
        if picture is None:
            return
        picture.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(), picture)

    def _ask(self, wanted: tuple[int, float]) -> None:
        if wanted in self._asked or not self.is_whole:
            return
        self._asked.add(wanted)
        page = self.page

        def take(picture: QImage) -> None:
            self._asked.discard(wanted)
            self._passing.discard(wanted)
            while len(self._pictures) >= _KEPT:
                del self._pictures[next(iter(self._pictures))]
            self._pictures[wanted] = picture
            self.arrived()

        self._session.background.submit(self, lambda: typesetter().picture(page, *wanted), take,
                                        lambda _refusal: self._asked.discard(wanted))
