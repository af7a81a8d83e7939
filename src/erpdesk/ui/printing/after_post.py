"""Printing by itself after a post, where the voucher type says so: one copy, on the usual printer.

The cursor stays where it is; a word tells what became of it. Without a printer nothing is counted.
"""

from __future__ import annotations

from erpdesk.domain.results import Refused
from erpdesk.services.printing import PrintPage
from erpdesk.ui.configured_words import coded
from erpdesk.ui.ports import Books
from erpdesk.ui.printing.job import PAPER
from erpdesk.ui.printing.paper import laid_out
from erpdesk.ui.printing.printers import print_on, usual_printer
from erpdesk.ui.printing.typesetter import is_long, typesetter
from erpdesk.ui.session import Session
from erpdesk.ui.words import say


def print_posted(session: Session, books: Books, voucher_id: str, number: str) -> None:
    """Print a voucher that has just been posted."""
    printing = books.printing

    def work() -> tuple[str, tuple[PrintPage, ...], bool | None]:
        printer = usual_printer()
        pages = tuple(printing.copies(voucher_id, 1, medium=PAPER)) if printer else ()
        return printer, pages, typesetter().print_on(printer, pages) if any(map(is_long, pages)) else None

    def done(made: tuple[str, tuple[PrintPage, ...], bool | None]) -> None:
        printer, pages, taken = made
        if not pages:
            session.said.emit(say("{number} is posted; there is no printer to print it on", number=number))
        elif print_on(printer, laid_out(pages)) if taken is None else taken:
            session.said.emit(say("{number} sent to {printer}", number=number, printer=printer))
        else:
            session.said.emit(say("{printer} took nothing; counted as printed: {marks}", printer=printer,
                                  marks=f"{number} {pages[0].mark}"))

    def failed(refusal: Refused) -> None:
        session.said.emit(f"{number}: {coded(refusal.first)}")

    session.background.submit(session, work, done, failed)
