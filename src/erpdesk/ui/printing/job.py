"""What is to be printed: how its page is looked at, and how copies of it are taken. Both block; a worker calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from erpdesk.services.printing import PrintPage
from erpdesk.services.register_pages import RegisterQuestion
from erpdesk.ui.ports import Books

PAPER, PDF = "paper", "pdf"


@dataclass(frozen=True, slots=True)
class PrintJob:
    """`look` makes the page as it would be printed next; `copies` takes how many and on what (PAPER, PDF), and gives
    the pages, each counted where copies are."""

    label: str
    look: Callable[[], PrintPage]
    copies: Callable[[int, str], Sequence[PrintPage]]


def voucher_job(books: Books, reference: str, label: str) -> PrintJob:
    """A stored voucher."""
    printing = books.printing
    return PrintJob(label, lambda: printing.preview(reference),
                    lambda copies, medium: printing.copies(reference, copies, medium=medium))


def report_job(books: Books, name: str, filters: Mapping[str, Any], label: str) -> PrintJob:
    """A report with its filters."""
    printing = books.printing
    return _uncounted(label, lambda: printing.report(name, filters, short=True))


def register_job(books: Books, question: RegisterQuestion, label: str) -> PrintJob:
    """A register with its question."""
    printing = books.printing
    return _uncounted(label, lambda: printing.register(question, label, short=True))


JOBS: Mapping[str, Callable[..., PrintJob]] = {
    "voucher": voucher_job, "report": report_job, "register": register_job}


def _uncounted(label: str, look: Callable[[], PrintPage]) -> PrintJob:
    return PrintJob(label, look, lambda copies, _medium: (look(),) * copies)
