"""The opener: makes the page of a voucher or report, puts it in a tab, and takes it away again.

The modules of the pages are imported when the first one is opened, so that the window is there sooner.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from erpdesk.ui.editors.base import is_half_typed
from erpdesk.ui.ports import Books
from erpdesk.ui.session import Session
from erpdesk.ui.window.known_forms import KnownForms, LearntForms
from erpdesk.ui.window.newer_forms import NewerForms
from erpdesk.ui.window.pages import Pages
from erpdesk.ui.window.queue_line import QueueLine
from erpdesk.ui.words import say

if TYPE_CHECKING:
    from erpdesk.ui.held_keys import HeldKeys
    from erpdesk.ui.printing.job import PrintJob
    from erpdesk.ui.queue.queued import QueuedVoucher
    from erpdesk.ui.voucher.window import VoucherWindow
    from erpdesk.ui.window.opening import Opening, OpeningPage

POSTED = "POSTED"
DAY_BOOK = "day-book"
"""The report that is a register in the window."""


class Opener(QObject):
    """Opens pages; `wants_help` passes on what a page asks help for, `wants_choice` vouchers to choose from."""

    wants_help = Signal(object, object)
    wants_choice = Signal(object)
    keys_changed = Signal()
    voucher_opened = Signal(object)

    def __init__(self, session: Session, pages: Pages, queue: QueueLine, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._pages, self._queue = session, pages, queue
        self._forms = KnownForms()
        self.learnt = LearntForms(session, self._forms, self)
        self._arrived_elsewhere: list[tuple[OpeningPage, Books, Opening]] = []
        session.opened.connect(self._import_early)
        session.settled.connect(lambda voucher: self._print_queued(session.books, voucher))
        session.elsewhere.connect(lambda place, voucher: self._print_queued(place.books, voucher))
        session.opened.connect(self._show_arrived)
        self._newer = NewerForms(session, pages, self._put_instead, self)

    def _import_early(self) -> None:
        """Load what the first voucher needs while nobody waits."""
        QTimer.singleShot(0, _import_pages)

    def open_type(self, code: str, label: str) -> None:
        """A blank voucher; a tab of the type that is still blank is taken instead."""
        books = self._session.books
        if books is None:
            return
        for page in self._pages.pages():
            if self.type_of(page) == code and self.is_untouched(page):
                self._pages.show_page(page)
                return
        day, branch = self._session.chosen_day, self._session.branch
        self._open(label, books, lambda: self._forms.fetch(books, code, day, branch),
                   fallback=self._forms.known(books, code, day, branch))

    def open_new(self, code: str, day: str) -> None:
        """A voucher of a type in a tab of its own, dated on a day."""
        from erpdesk.ui.window.opening import open_blank

        books, kind, branch = self._session.books, self._session.type_info(code), self._session.branch
        if books is not None and kind is not None:
            self._open(say(kind.label), books, lambda: open_blank(books, code, day, branch))

    def open_voucher(self, reference: str, label: str = "") -> None:
        """A voucher that exists."""
        from erpdesk.ui.window.opening import open_stored

        books = self._session.books
        if books is not None:
            self._open(label or reference, books, lambda: open_stored(books, reference), reference)

    def open_copy(self, reference: str) -> None:
        """A new voucher that says what a stored one says."""
        from erpdesk.ui.window.opening import open_copy

        books = self._session.books
        if books is not None:
            self._open(say("Copy"), books, lambda: open_copy(books, reference))

    def reopen(self, voucher: QueuedVoucher) -> None:
        """A refused voucher, to be typed on: in the tab in sight when that is a blank one of its type."""
        from erpdesk.ui.voucher.resuming import resume
        from erpdesk.ui.window.opening import open_kept

        books = self._session.books
        if books is None:
            return
        page = self._pages.current
        begun = voucher.kept.get("version")
        if self.type_of(page) == voucher.type_code and self.is_untouched(page) and \
                page.schema.version == (begun or page.schema.version):  # type: ignore[attr-defined]
            self._session.queue.take_back(voucher)
            resume(page, voucher.kept, voucher.refusal)  # type: ignore[arg-type]
            return
        self._open(voucher.label, books, lambda: open_kept(books, voucher.type_code, queued=voucher), voucher.key)

    def resume(self, kept: dict[str, Any]) -> None:
        """A voucher that was being typed, to be typed on in a tab of its own."""
        from erpdesk.ui.window.opening import open_kept

        books = self._session.books
        if books is not None:
            self._open(kept["label"], books, lambda: open_kept(books, kept["type"], kept=kept), kept["key"])

    def forget_kept(self) -> None:
        """The program is closed, what was unsaved has been asked for: nothing is kept of what is open."""
        for page in (*self._pages.pages(), *self._pages.pages_aside()):
            keeping = getattr(page, "keeping", None)
            if keeping is not None:
                keeping.forget()

    def _open(self, label: str, books: Books, fetch: Callable[[], Opening], key: str = "",
              fallback: Opening | None = None) -> None:
        from erpdesk.ui.window.opening import OpeningPage

        there = next((one for one in self._pages.pages() if key and one.property("draftKey") == key), None)
        if there is not None:
            self._pages.show_page(there)
            return
        page = OpeningPage(self._session, label, fetch,
                           lambda there, opening: self._show(there, books, opening), self._pages)
        page.fallback = fallback
        page.setProperty("draftKey", key)
        page.wants_close.connect(lambda: self._close(page))
        self._pages.add(page, label)
        page.start()

    def _show_arrived(self) -> None:
        """Vouchers that arrived while another organization was in sight, now that theirs is."""
        arrived, self._arrived_elsewhere = self._arrived_elsewhere, []
        for page, books, opening in arrived:
            if isValid(page):
                self._show(page, books, opening)

    def _show(self, page: OpeningPage, books: Books, opening: Opening) -> None:
        if books is not self._session.books:
            self._arrived_elsewhere.append((page, books, opening))
            return
        window = self._made(books, opening)
        is_current = self._put_in_place(page, window, page.held)
        self._resume(window, opening, is_current=is_current)
        if is_current:
            page.held.give_to(window)
        self.voucher_opened.emit(window)

    def _made(self, books: Books, opening: Opening) -> VoucherWindow:
        from erpdesk.ui.voucher.copying import copy_of
        from erpdesk.ui.voucher.window import VoucherWindow
        from erpdesk.ui.window.turning import Turning

        window = VoucherWindow(self._session, books, opening.schema, opening.document, opening.number,
                               self._pages)
        window.wants_close.connect(lambda: self._close(window))
        window.wants_help.connect(self.wants_help)
        window.said.connect(self._queue.say)
        window.sheet.banner.unseen.connect(self._queue.say)
        if opening.facts is not None:
            window.stored.show(opening.facts)
        elif opening.copy_of is not None:
            window.set_draft(copy_of(opening.schema, opening.copy_of, opening.document))
        window.stored.wants_tied.connect(self.wants_choice)
        window.stored.wants_copy.connect(self.open_copy)
        window.stored.wants_print.connect(
            lambda voucher_id, number: self._print(window, books, "voucher", voucher_id, number))
        window.submission.saved.connect(lambda result, draft: self._print_after_post(
            books, result.value, draft.schema.print_after_post))
        self._newer.watch(window)
        Turning(self._session, books, window,
                lambda old, other, held: self._put_instead(books, old, other, held))
        return window

    def _put_in_place(self, page: QWidget, window: VoucherWindow, held: HeldKeys) -> bool:
        """Put a voucher in the place of a page; whether that is the one in sight."""
        held.setParent(window)
        held.stop()
        is_current = self._pages.current is page
        if window.stored.voucher_id:
            window.setProperty("draftKey", window.stored.voucher_id)
            self._pages.rename(page, window.stored.number)
        self._pages.replace(page, window)
        return is_current

    def _put_instead(self, books: Books, page: VoucherWindow, opening: Opening,
                     held: HeldKeys) -> VoucherWindow | None:
        """One voucher in the place of another, unless another organization has come into sight."""
        if books is not self._session.books:
            held.stop()
            return None
        window = self._made(books, opening)
        if self._put_in_place(page, window, held):
            window.start()
            held.give_to(window)
        self.voucher_opened.emit(window)
        return window

    def _resume(self, window: VoucherWindow, opening: Opening, *, is_current: bool) -> None:
        from erpdesk.ui.voucher.resuming import resume

        if opening.queued is not None:
            self._session.queue.take_back(opening.queued)
            resume(window, opening.queued.kept, opening.queued.refusal)
        elif opening.kept is not None:
            resume(window, opening.kept)
        elif is_current:
            window.start()

    def open_register(self, type_code: str = "", values: Mapping[str, Any] | None = None) -> None:
        """The vouchers of a type, or the day book of all, filtered as usual or by `values`; a tab that has it already
        comes to the front."""
        from erpdesk.ui.registers.view import RegisterView

        books = self._session.books
        if books is None:
            return
        for page in self._pages.pages():
            if isinstance(page, RegisterView) and (page.values.get("type") or "") == type_code:
                self._pages.show_page(page)
                return
        view = RegisterView(self._session, books, type_code, self._pages, values=values)
        view.wants_voucher.connect(self.open_voucher)
        view.wants_copy.connect(self.open_copy)
        view.wants_new.connect(self.open_new)
        view.wants_report.connect(self.open_report)
        view.wants_close.connect(lambda: self._close(view))
        view.wants_help.connect(self.wants_help)
        view.wants_print.connect(lambda question, label: self._print(view, books, "register", question, label))
        view.said.connect(self._queue.say)
        self._pages.add(view, view.label)
        view.start()

    # Printing

    def open_print(self, job: PrintJob, origin: QWidget, books: Books) -> None:
        """The print page of a job; closing it comes back to where it was asked for."""
        from erpdesk.ui.printing.view import PrintView

        view = PrintView(self._session, books, job, origin, self._pages)

        def close() -> None:
            self._close(view)
            if origin in self._pages.pages():
                self._pages.show_page(origin)

        view.wants_close.connect(close)
        view.wants_help.connect(self.wants_help)
        view.said.connect(self._queue.say)
        self._pages.add(view, say("Print {name}", name=job.label))
        view.start()

    def _print(self, origin: QWidget, books: Books, what: str, *about: Any) -> None:
        from erpdesk.ui.printing.job import JOBS

        self.open_print(JOBS[what](books, *about), origin, books)

    def _print_queued(self, books: Books | None, voucher: QueuedVoucher) -> None:
        if books is not None and voucher.result is not None:
            self._print_after_post(books, voucher.result.value, voucher.prints)

    def _print_after_post(self, books: Books, posted: Any, wanted: bool) -> None:
        if wanted and posted.status == POSTED:
            from erpdesk.ui.printing.after_post import print_posted

            print_posted(self._session, books, str(posted.voucher_id), str(posted.voucher_number))

    def open_days(self, values: Mapping[str, Any]) -> None:
        """The day book, of these days."""
        from erpdesk.ui.registers.view import RegisterView

        self.open_register("")
        view = self._pages.current
        if isinstance(view, RegisterView):
            for key, raw in values.items():
                view.filters.put(key, raw)
            view.ask()

    def open_screen(self, code: str) -> None:
        """A screen of the window; a tab that has it already comes to the front."""
        from erpdesk.ui.window.screens import screen

        books = self._session.books
        if books is None:
            return
        there = next((page for page in self._pages.pages() if page.property("screen") == code), None)
        if there is not None:
            self._pages.show_page(there)
            return
        asked = screen(code)
        page = asked.make(self._session, books, self._pages)
        page.setProperty("screen", code)
        heard = {"wants_close": lambda: self._close(page), "wants_help": self.wants_help,
                 "wants_voucher": self.open_voucher, "wants_screen": self.open_screen,
                 "wants_register": self.open_days, "wants_report": self.open_report,
                 "keys_changed": self.keys_changed, "said": self._queue.say}
        for name, listener in heard.items():
            if (signal := getattr(page, name, None)) is not None:
                signal.connect(listener)
        self._pages.add(page, say(asked.label))
        page.start()  # type: ignore[attr-defined]

    def open_report(self, name: str, values: Mapping[str, Any] | None = None) -> None:
        """A report in a tab of its own, filtered as usual or by `values`."""
        if name == DAY_BOOK:
            self.open_register()
            return
        from erpdesk.ui.reports.questions import question
        from erpdesk.ui.reports.view import ReportView

        books = self._session.books
        if books is None:
            return
        asked = question(name)
        view = ReportView(self._session, books, asked, self._pages, values=values)
        view.wants_voucher.connect(self.open_voucher)
        view.wants_close.connect(lambda: self._close(view))
        view.wants_help.connect(self.wants_help)
        view.wants_print.connect(lambda name, filters, label: self._print(view, books, "report", name, filters, label))
        self._pages.add(view, say(asked.label))
        view.start()

    def _close(self, page: QWidget) -> bool:
        self._pages.remove(page)
        return True

    def type_of(self, page: QWidget) -> str:
        """The voucher type of a page, or nothing."""
        schema = getattr(page, "schema", None)
        return "" if schema is None or getattr(page, "is_view", False) else str(schema.voucher_type)

    @staticmethod
    def is_untouched(page: QWidget) -> bool:
        draft = getattr(page, "draft", None)
        return draft is not None and draft.is_blank and not draft.is_changed and not is_half_typed(page.focusWidget())

    def first_unsaved(self) -> VoucherWindow | None:
        """A page in sight in which something typed would be lost."""
        return self.unsaved_among(self._pages.pages())

    @staticmethod
    def unsaved_among(pages: Iterable[QWidget]) -> VoucherWindow | None:
        """The first of some pages in which something typed would be lost; `has_unsaved` says it of those that hold
        more than a voucher."""
        for page in pages:
            draft = getattr(page, "draft", None)
            if getattr(page, "has_unsaved", False):
                return page  # type: ignore[return-value]
            if draft is not None and draft.is_changed and not draft.is_blank and not getattr(
                    page, "is_view", False):
                return page  # type: ignore[return-value]
        return None


def _import_pages() -> None:
    """What is imported by now stays; looking through it again for garbage would keep a clerk waiting."""
    import erpdesk.ui.voucher.window  # noqa: F401

    if not gc.get_freeze_count():
        gc.freeze()
