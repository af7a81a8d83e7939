"""The print page in a tab: the sheets as they will be, printer and copies beside them; Enter prints, Esc goes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from erpdesk.blueprints.fields import Align, Field, FieldType, FieldUi, Option, Validators
from erpdesk.domain.results import Refused
from erpdesk.services.printing import MOST_COPIES, PrintPage
from erpdesk.ui.configured_words import coded
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.keys.keyed_page import KeyedPage
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.overriding import override
from erpdesk.ui.ports import Books
from erpdesk.ui.printing.canvas import PERCENTS, SheetsView
from erpdesk.ui.printing.far_sheets import FarSheets
from erpdesk.ui.printing.job import PAPER, PDF, PrintJob
from erpdesk.ui.printing.paper import Sheets, laid_out, pdf_of
from erpdesk.ui.printing.printers import choose_printer, chosen_printer, print_on, printer_names
from erpdesk.ui.printing.typesetter import Begun, Counted, Drawn, begun, counted, is_long, typesetter
from erpdesk.ui.reports.filter_line import FilterLine
from erpdesk.ui.session import Session
from erpdesk.ui.style.heading import dress_title
from erpdesk.ui.style.theme import theme
from erpdesk.ui.words import say, to_say

_WHOLE = 100


class PrintView(KeyedPage):
    """`origin` is the page that the cursor goes back to. `printed` tells that copies were taken."""

    key_context = "print"
    said = Signal(str)
    printed = Signal()

    def __init__(self, session: Session, books: Books, job: PrintJob, origin: QWidget | None = None,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("printView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say("Print {name}", name=job.label))
        self.session, self.books, self.job, self.origin = session, books, job, origin
        self.values: dict[str, Any] = {"printer": None, "copies": "1"}
        self.percent, self.is_busy = _WHOLE, False
        self.sheets: Sheets | FarSheets | None = None
        self.printers: list[str] = []
        self.choice: FilterLine | None = None
        self.title, self.word = dress_title(QLabel(say("Print {name}", name=job.label), self)), QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.view = SheetsView(self)
        self._line = QHBoxLayout()
        self._lay_out()
        self.view.verticalScrollBar().valueChanged.connect(lambda _value: self._say_where())

    def _lay_out(self) -> None:
        space = theme().space
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space("medium"), space("small"), space("medium"), space("small"))
        layout.setSpacing(space("small"))
        self._line.addWidget(self.title)
        self._line.addStretch(1)
        layout.addLayout(self._line)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.word)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.word.setProperty("role", "fieldLabel")
        self.word.setObjectName("printWord")
        self.word.setTextFormat(Qt.TextFormat.PlainText)

    # What is to be printed

    def start(self) -> None:
        """Make the page; the cursor in it."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.word.setText(say("The page is being made …"))
        look, dots = self.job.look, self.view.canvas.dots_on_screen(self.percent)
        self.session.background.submit(self, lambda: (begun(look(), dots), dots, printer_names()), self._take,
                                       self._failed)

    def come_back(self) -> None:
        """Back from another tab."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, made: tuple[Begun, float, list[str]]) -> None:
        (page, first, count), dots, self.printers = made
        if first is None:
            self._show_page((page, count))
        else:
            self._show_first(page, first, dots)
        if self.choice is None:
            self._offer_printers()
            self._say_where()

    def _show_first(self, page: PrintPage, first: QImage, dots: float) -> None:
        """The first sheet of a long page, while the others are laid out."""
        sheets = FarSheets(self.session, page, None, self)
        sheets.arrived = self.view.canvas.update
        sheets.show_first(first, dots)
        self.sheets = sheets
        self.view.show_sheets(sheets, self.percent)
        self._say_where()

        def complete(made: Counted) -> None:
            if self.sheets is sheets:
                sheets.complete(made[1] or 1)
                self.view.show_sheets(sheets, self.percent)
                self._say_where()

        self.session.background.submit(self, lambda: counted(page), complete, self._failed)

    def _show_page(self, made: Counted) -> None:
        page, count = made
        if count is None:
            self.sheets = Sheets(page)
        else:
            self.sheets = FarSheets(self.session, page, count, self)
            self.sheets.arrived = self.view.canvas.update
        self.view.show_sheets(self.sheets, self.percent)
        self._say_where()

    def _offer_printers(self) -> None:
        options = tuple(Option(name, name) for name in self.printers)
        known = chosen_printer()
        self.values["printer"] = known if known in self.printers else next(iter(self.printers), None)
        fields = [Field("copies", to_say("Copies"), FieldType.INTEGER, ui=FieldUi(width=6, align=Align.RIGHT),
                        validators=Validators(min=Decimal(1), max=Decimal(MOST_COPIES), decimals=0))]
        if options:
            fields.insert(0, Field("printer", to_say("Printer"), FieldType.SELECT, ui=FieldUi(width=30),
                                   options=options))
        organization = self.books.organization
        surroundings = Surroundings(self.session.lookups, LookupPopup(self), self.session.today,
                                    self.session.working_date, organization.currency_decimals,
                                    organization.digit_grouping)
        self.choice = FilterLine(fields, self.values, surroundings, self)
        self.choice.not_accepted.connect(self.word.setText)
        self.choice.left.connect(self.come_back)
        self._line.addWidget(self.choice)

    def _say_where(self) -> None:
        if self.sheets is None:
            return
        page, parts = self.sheets.page, []
        known = not isinstance(self.sheets, FarSheets) or self.sheets.is_whole
        parts.append(say("Page {page} of {pages}", page=self.view.sheet_in_sight + 1, pages=self.sheets.count)
                     if known else say("Page 1; the others are being laid out …"))
        parts += [page.mark] if page.mark else []
        parts.append(f"{self.percent} %")
        if self.choice is not None and not self.printers:
            parts.append(say("There is no printer here: Enter makes a PDF file"))
        self.word.setText("   ·   ".join(parts))

    def _failed(self, refusal: Refused) -> None:
        self.is_busy = False
        self.word.setText(coded(refusal.first))

    # Printing

    @property
    def copies(self) -> int:
        """How many copies are wanted."""
        raw = str(self.values.get("copies") or "1")
        return max(1, min(MOST_COPIES, int(raw))) if raw.isdecimal() else 1

    def print_now(self) -> None:
        """Print, on the printer chosen; where there is none, into a file."""
        if self.sheets is None or self.is_busy:
            return
        name = str(self.values.get("printer") or "")
        if not name:
            self.ask_file()
            return
        choose_printer(name)
        self._copies(PAPER, partial(typesetter().print_on, name), partial(self._on_paper, name))

    def ask_file(self) -> QFileDialog | None:
        """Ask for a file; the copies go into it."""
        if self.sheets is None or self.is_busy:
            return None
        asked = QFileDialog(self, say("Print {name} into a file", name=self.job.label))
        asked.setObjectName("printFile")
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asked.setFileMode(QFileDialog.FileMode.AnyFile)
        asked.setNameFilter("PDF (*.pdf)")
        asked.setDefaultSuffix("pdf")
        asked.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        asked.selectFile("".join(sign if sign.isalnum() else "-" for sign in self.job.label))
        asked.fileSelected.connect(lambda path: self.write_file(Path(path)))
        asked.open()
        return asked

    def write_file(self, path: Path) -> None:
        """The copies as a PDF file."""
        if not path.parent.is_dir():
            self.said.emit(say("{path} can't be written: {reason}", path=path, reason=say("there is no such folder")))
            return
        self._copies(PDF, typesetter().pdf, partial(self._into_file, path))

    def _copies(self, medium: str, far: Callable[[Sequence[PrintPage]], Drawn],
                draw: Callable[[Sequence[PrintPage], Drawn | None], str]) -> None:
        """Take the copies; long ones are drawn by `far` on the worker, others here. `draw` says what came of them."""
        self.is_busy = True
        wanted, take, look = self.copies, self.job.copies, self.job.look
        self.word.setText(say("Printing …"))

        def work() -> tuple[Sequence[PrintPage], Drawn | None]:
            pages = take(wanted, medium)
            return pages, far(pages) if any(is_long(page) for page in pages) else None

        def taken(made: tuple[Sequence[PrintPage], Drawn | None]) -> None:
            self.is_busy = False
            self.said.emit(draw(*made))
            self.printed.emit()
            self.session.background.submit(self, lambda: counted(look()), self._show_page, self._failed)

        self.session.requests.submit(self, work, taken, self._failed)

    @staticmethod
    def _marks(pages: Sequence[PrintPage]) -> str:
        return ", ".join(dict.fromkeys(page.mark for page in pages if page.mark))

    def _on_paper(self, name: str, pages: Sequence[PrintPage], taken: Drawn | None) -> str:
        marks = self._marks(pages)
        if not (print_on(name, laid_out(pages)) if taken is None else taken):
            return say("{printer} took nothing; counted as printed: {marks}", printer=name, marks=marks or "—")
        return say("Sent to {printer}: {marks}", printer=name, marks=marks or self.job.label)

    def _into_file(self, path: Path, pages: Sequence[PrintPage], pdf: Drawn | None) -> str:
        try:
            path.write_bytes(pdf if isinstance(pdf, bytes) else pdf_of(laid_out(pages)))
        except OSError as error:
            return say("{path} can't be written: {reason}", path=path, reason=error.strerror or error)
        return say("Written to {path}", path=path)

    # Keys

    def _zoom(self, by: int) -> None:
        place = PERCENTS.index(self.percent) + by
        if self.sheets is not None and 0 <= place < len(PERCENTS):
            self.percent = PERCENTS[place]
            self.view.show_sheets(self.sheets, self.percent)
            self._say_where()

    def _leave(self) -> None:
        if self.choice is not None and self.choice.has_cursor:
            self.choice.restore()
            self.come_back()
        else:
            self.wants_close.emit()

    def _enter(self, key: str) -> None:
        if self.choice is not None and key in self.choice.editors:
            self.choice.enter(key)

    def offers(self, action: str) -> bool:
        """A printer is chosen where there is one."""
        return action != "printer" or bool(self.printers)

    @override
    def doings(self) -> Mapping[str, Callable[[], object]]:
        turned = self.view.sheet_in_sight
        return {
            "print": self.print_now, "pdf": self.ask_file, "printer": lambda: self._enter("printer"),
            "copies": lambda: self._enter("copies"), "larger": lambda: self._zoom(1), "smaller": lambda: self._zoom(-1),
            "next_sheet": lambda: self.view.turn_to(turned + 1),
            "previous_sheet": lambda: self.view.turn_to(turned - 1),
            "down": lambda: self.view.step(1), "up": lambda: self.view.step(-1), "leave": self._leave}
