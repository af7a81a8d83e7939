"""Sheets of paper: a page of HTML laid out once and drawn alike on screen, printer and PDF.

Tables repeat their heads. Where lines go over to the next sheet their sum stands at the foot and again above; what
closes a voucher isn't torn from its last lines' sheet. Nothing is loaded: a page has only what it carries in itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)

from erpdesk.services.printing import PrintPage
from erpdesk.ui.overriding import override
from erpdesk.ui.printing.typefaces import paper, paper_font

_CARRY, _KEEP, _ANCHOR = "carry:", "keep", "<a name="
_MM_PER_INCH, _POINTS_PER_INCH, _PIXELS_PER_INCH = 25.4, 72, 96
_OWN_PICTURES = "data:image/"


class _Page(QTextDocument):
    """The text of a page; it loads nothing but pictures that it carries itself. Anything else is a dot that isn't seen:
    for no picture at all Qt would look for the file itself."""

    @override
    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        address = name.toString() if isinstance(name, QUrl) else str(name)
        if address.startswith(_OWN_PICTURES):
            return super().loadResource(kind, QUrl(address))
        nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        nothing.fill(Qt.GlobalColor.transparent)
        return nothing


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands in the bands of one sheet: the sums brought forward above and carried forward below."""

    brought: str = ""
    carried: str = ""


def sheet_size_mm(page: PrintPage) -> QSizeF:
    """The size of a page's sheets in millimetres."""
    size = QPageSize(QPageSize.PageSizeId[paper()["size"]]).size(QPageSize.Unit.Millimeter)
    if page.landscape:
        size.transpose()
    return size


def sheet_size(page: PrintPage) -> QSizeF:
    """The size of a page's sheets in dots of the paper's resolution."""
    size, dot = sheet_size_mm(page), paper()["resolution"] / _MM_PER_INCH
    return QSizeF(size.width() * dot, size.height() * dot)


class Sheets:
    """A page on its sheets. Lengths are dots of the paper's resolution; every drawing is scaled from them."""

    def __init__(self, page: PrintPage) -> None:
        self.page = page
        known, dots = paper(), paper()["resolution"]
        self._dot = dots / _MM_PER_INCH
        self.size_mm = sheet_size_mm(page)
        self.size = sheet_size(page)
        self._margin = {side: length * self._dot for side, length in known["margins"].items()}
        self._head, self._foot = known["head_band"] * self._dot, known["foot_band"] * self._dot
        self._device = QImage(1, 1, QImage.Format.Format_RGB32)
        per_metre = round(dots / _MM_PER_INCH * 1000)
        self._device.setDotsPerMeterX(per_metre)
        self._device.setDotsPerMeterY(per_metre)
        self._text = self._laid_out()
        self.count = max(1, self._text.pageCount())
        self.strips = self._carried()

    # Layout

    def _laid_out(self) -> _Page:
        text = _Page()
        text.setUndoRedoEnabled(False)
        text.setDefaultFont(paper_font(paper()["font"]["points"]))
        text.documentLayout().setPaintDevice(self._device)
        text.setDocumentMargin(0)
        text.setHtml(self.page.html)
        frame, shrink = text.rootFrame().frameFormat(), _PIXELS_PER_INCH / paper()["resolution"]
        frame.setLeftMargin(self._margin["left"] * shrink)
        frame.setRightMargin(self._margin["right"] * shrink)
        frame.setTopMargin((self._margin["top"] + self._head) * shrink)
        frame.setBottomMargin((self._margin["bottom"] + self._foot) * shrink)
        text.rootFrame().setFrameFormat(frame)
        text.setPageSize(self.size)
        self._keep_together(text)
        return text

    def _keep_together(self, text: _Page) -> None:
        """What begins at the anchor `keep` goes to the next sheet as a whole, where it would be torn."""
        anchors = [block for name, block in self._anchors(text) if name == _KEEP]
        if not anchors:
            return
        begin, end = anchors[-1], text.lastBlock()
        top, bottom = (text.documentLayout().blockBoundingRect(one) for one in (begin, end))
        is_torn = self._sheet_of(text, begin) != self._sheet_of(text, end)
        if not is_torn or bottom.bottom() - top.top() > self.size.height() / 2:
            return
        cursor = QTextCursor(begin)
        table: QTextTable | None = cursor.currentTable()
        policy = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
        if table is not None:
            shape = table.format()
            shape.setPageBreakPolicy(policy)
            table.setFormat(shape)
        else:
            shape_of_block = QTextBlockFormat()
            shape_of_block.setPageBreakPolicy(policy)
            cursor.mergeBlockFormat(shape_of_block)

    def _anchors(self, text: QTextDocument) -> list[tuple[str, QTextBlock]]:
        """The anchors in their order, each with the block it stands in; a long page without any isn't searched."""
        return _anchors(text) if _ANCHOR in self.page.html else []

    def closing_sheets(self) -> tuple[int, int]:
        """On which sheets what closes the page begins and ends."""
        begin = next((block for name, block in self._anchors(self._text) if name == _KEEP), self._text.lastBlock())
        return self._sheet_of(self._text, begin), self._sheet_of(self._text, self._text.lastBlock())

    def _sheet_of(self, text: _Page, block: QTextBlock) -> int:
        return int(text.documentLayout().blockBoundingRect(block).center().y() / self.size.height())

    def _carried(self) -> list[Strip]:
        last: dict[int, str] = {}
        following: set[int] = set()
        for name, block in self._anchors(self._text):
            sheet = self._sheet_of(self._text, block)
            following.add(sheet)
            if name.startswith(_CARRY):
                last[sheet] = name.removeprefix(_CARRY)
        strips = [Strip() for _ in range(self.count)]
        for here, there in pairwise(range(self.count)):
            if here in last and there in following:
                strips[here] = Strip(strips[here].brought, last[here])
                strips[there] = Strip(last[here], strips[there].carried)
        return strips

    # Drawing

    def draw(self, painter: QPainter, sheet: int, dots_per_inch: float) -> None:
        """One sheet, from 0, at the painter's origin, on a device of that resolution."""
        painter.save()
        factor = dots_per_inch / paper()["resolution"]
        painter.scale(factor, factor)
        if self.page.watermark:
            self._draw_watermark(painter)
        painter.save()
        painter.translate(QPointF(0, -sheet * self.size.height()))
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(QPointF(0, sheet * self.size.height()), self.size)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, QColor(paper()["ink"]))
        palette.setColor(QPalette.ColorRole.Dark, QColor(paper()["line"]))
        context.palette = palette
        painter.setClipRect(context.clip, Qt.ClipOperation.IntersectClip)
        self._text.documentLayout().draw(painter, context)
        painter.restore()
        self._draw_bands(painter, sheet)
        painter.restore()

    def _draw_watermark(self, painter: QPainter) -> None:
        look = paper()["watermark"]
        painter.save()
        painter.translate(self.size.width() / 2, self.size.height() / 2)
        painter.rotate(look["degrees"])
        painter.setPen(QColor(look["colour"]))
        painter.setFont(self._scaled_font(look["points"], bold=True))
        half = self.size.width()
        painter.drawText(QRectF(-half, -half / 2, 2 * half, half), Qt.AlignmentFlag.AlignCenter, self.page.watermark)
        painter.restore()

    def _draw_bands(self, painter: QPainter, sheet: int) -> None:
        page, strip, right = self.page, self.strips[sheet], Qt.AlignmentFlag.AlignRight
        left = Qt.AlignmentFlag.AlignLeft
        across = QRectF(self._margin["left"], 0, self.size.width() - self._margin["left"] - self._margin["right"], 0)
        half = self._foot / 2
        above = across.adjusted(0, self._margin["top"], 0, self._margin["top"] + self._head * 0.8)
        below = self.size.height() - self._margin["bottom"]
        carried = across.adjusted(0, below - 2 * half, 0, below - half)
        foot = across.adjusted(0, below - half, 0, below)
        small, points = paper()["font"]["small_points"], paper()["font"]["points"]
        if sheet:
            self._write(painter, above, left, page.heading + (f"  ·  {page.mark}" if page.mark else ""), small)
        if strip.brought:
            self._write(painter, above, right, f"{page.brought}   {strip.brought}", points, bold=True)
        if strip.carried:
            self._write(painter, carried, right, f"{page.carried}   {strip.carried}", points, bold=True)
        self._write(painter, foot, left, page.foot, small)
        counting = page.counting.format(page=sheet + 1, pages=self.count)
        self._write(painter, foot, right, "  ·  ".join(filter(None, (page.mark, counting))), small)

    def _write(self, painter: QPainter, room: QRectF, side: Qt.AlignmentFlag, text: str, points: float, *,
               bold: bool = False) -> None:
        painter.setFont(self._scaled_font(points, bold=bold))
        painter.setPen(QColor(paper()["ink" if bold else "faint"]))
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _scaled_font(self, points: float, *, bold: bool = False) -> QFont:
        """In dots, so that any device draws it alike."""
        font = paper_font(points, bold=bold)
        font.setPixelSize(round(points * paper()["resolution"] / _POINTS_PER_INCH))
        return font

    def picture(self, sheet: int, dots_per_inch: float) -> QImage:
        """A sheet as a picture."""
        factor = dots_per_inch / paper()["resolution"]
        image = QImage(max(1, round(self.size.width() * factor)), max(1, round(self.size.height() * factor)),
                       QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.draw(painter, sheet, dots_per_inch)
        painter.end()
        return image


def _anchors(text: QTextDocument) -> list[tuple[str, QTextBlock]]:
    """The anchors of a page in their order, each with the block it stands in."""
    found: list[tuple[str, QTextBlock]] = []
    block = text.begin()
    while block.isValid():
        place = block.begin()
        while not place.atEnd():
            shape = place.fragment().charFormat()
            if shape.isAnchor():
                found += [(name, block) for name in shape.anchorNames()]
            place += 1
        block = block.next()
    return found


def laid_out(pages: Iterable[PrintPage]) -> list[Sheets]:
    """Pages on their sheets; those that are alike are laid out once."""
    made: dict[PrintPage, Sheets] = {}
    return [made[page] if page in made else made.setdefault(page, Sheets(page)) for page in pages]


def pdf_of(pages: list[Sheets] | tuple[Sheets, ...]) -> bytes:
    """The pages one after another as a PDF file, its text selectable, its typefaces embedded."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("erpdesk")
    writer.setTitle(pages[0].page.title)
    writer.setResolution(paper()["resolution"])
    painter = QPainter()
    for number, sheets in enumerate(pages):
        set_layout(writer, sheets)
        if number == 0:
            painter.begin(writer)
        for sheet in range(sheets.count):
            if number or sheet:
                writer.newPage()
            sheets.draw(painter, sheet, writer.logicalDpiX())
    painter.end()
    buffer.close()
    return bytes(content.data())


def set_layout(device: Any, sheets: Sheets) -> None:
    """Size and orientation of a printer's or writer's paper; the margins are part of the page."""
    orientation = QPageLayout.Orientation.Landscape if sheets.page.landscape else QPageLayout.Orientation.Portrait
    size = QPageSize(QPageSize.PageSizeId[paper()["size"]])
    layout = QPageLayout(size, orientation, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    device.setPageLayout(layout)
