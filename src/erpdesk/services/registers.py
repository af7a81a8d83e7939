"""Registers: the vouchers of some days page by page, back and forth, drafts and cancelled ones among them.

Reading needs the permission report.view, a file report.export. A page is as quick at any depth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from erpdesk.domain.money import money_text, parse_decimal
from erpdesk.domain.results import ForbiddenError
from erpdesk.exchange import report_files
from erpdesk.reports.filters import Filters, parsed, type_of
from erpdesk.reports.report import Report, day, money, text
from erpdesk.services.register_pages import (
    COUNTED,
    PAGE_ROWS,
    Place,
    RegisterPage,
    RegisterQuestion,
    RegisterRow,
    Tie,
)
from erpdesk.storage.report_queries import Heading, Reading, reading
from erpdesk.storage.report_queries import register as queries
from erpdesk.storage.report_queries import voucher_ties as tied

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server

COLUMNS = (day("date", "Date"), text("voucher_number", "Number"), text("type", "Type"), text("party", "Party"),
           text("ref_no", "Reference"), text("narration", "Narration"), money("total", "Amount"),
           text("status", "Status"), text("by", "By"))
_EXPORT_ROWS = 5_000


class RegisterService:
    """Registers of one organization. Thread-safe; reads only. Raises ErpdeskError RPT-003, RPT-004, SEC-001."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def first(self, question: RegisterQuestion, limit: int = PAGE_ROWS) -> RegisterPage:
        """The oldest vouchers."""
        with self._asked(question) as (books, wanted):
            rows = self._rows(queries.lines_after(books, wanted, None, limit + 1))
        return RegisterPage(rows[:limit], False, len(rows) > limit)

    def last(self, question: RegisterQuestion, limit: int = PAGE_ROWS) -> RegisterPage:
        """The newest vouchers."""
        with self._asked(question) as (books, wanted):
            rows = self._rows(queries.lines_before(books, wanted, None, limit + 1))
        return RegisterPage(rows[-limit:], len(rows) > limit, False)

    def after(self, question: RegisterQuestion, place: Place, limit: int = PAGE_ROWS) -> RegisterPage:
        """The vouchers after a place."""
        with self._asked(question) as (books, wanted):
            rows = self._rows(queries.lines_after(books, wanted, queries.Place(*place), limit + 1))
        return RegisterPage(rows[:limit], True, len(rows) > limit)

    def before(self, question: RegisterQuestion, place: Place, limit: int = PAGE_ROWS) -> RegisterPage:
        """The vouchers before a place."""
        with self._asked(question) as (books, wanted):
            rows = self._rows(queries.lines_before(books, wanted, queries.Place(*place), limit + 1))
        return RegisterPage(rows[-limit:], len(rows) > limit, True)

    def around(self, question: RegisterQuestion, place: Place, limit: int = PAGE_ROWS) -> RegisterPage:
        """The vouchers around the one that stood at a place; it is among them where it still belongs to the answer,
        wherever it stands now."""
        with self._asked(question) as (books, wanted):
            now = queries.place_of(books, place[2]) or queries.Place(*place)
            before = queries.lines_before(books, wanted, now, limit + 1)
            itself = queries.line_at(books, wanted, now)
            after = queries.lines_after(books, wanted, now, limit + 1)
        rows = self._rows([*before[-limit:], *itself, *after[:limit]])
        return RegisterPage(rows, len(before) > limit, len(after) > limit)

    def how_many(self, question: RegisterQuestion) -> int:
        """How many vouchers there are; more than COUNTED are counted no further."""
        with self._asked(question) as (books, wanted):
            return queries.how_many(books, wanted, COUNTED + 1)

    def written(self, question: RegisterQuestion, file_format: str) -> bytes:
        """All vouchers of the question as a file: csv, xlsx, json or table."""
        return report_files.WRITERS[file_format](self.whole(question, exported=True))

    def whole(self, question: RegisterQuestion, *, exported: bool = False) -> Report:
        """All vouchers of the question as a report. Reads page by page in one snapshot."""
        with self._asked(question, exported=exported) as (books, wanted):
            heading = books.heading()
            assert heading is not None
            rows: list[Mapping[str, str]] = []
            place: queries.Place | None = None
            while found := queries.lines_after(books, wanted, place, _EXPORT_ROWS):
                rows += [row.cells for row in self._rows(found)]
                place = found[-1].place
        return Report("register", heading.code, wanted.until or heading.today, COLUMNS, tuple(rows), {})

    def neighbour(self, type_code: str, voucher_id: str = "", *, forward: bool) -> str:
        """The id of the next or previous voucher of a type, without a voucher that of its last; "" at the end."""
        with reading(self._server, self._organization.id) as books:
            type_id = type_of(books, Filters(type=type_code))
            assert type_id is not None
            place = queries.place_of(books, UUID(voucher_id)) if voucher_id else None
            if voucher_id and place is None:
                return ""
            found = queries.neighbour(books, type_id, place, forward=forward)
        return str(found) if found else ""

    def ties(self, voucher_id: str) -> tuple[Tie, ...]:
        """The vouchers that one is tied to, as far as the user may see them."""
        with reading(self._server, self._organization.id) as books:
            return tuple(Tie(one.kind, str(one.voucher_id), one.voucher_number, one.type_label,
                             one.dated_on.isoformat(), one.status)
                         for one in tied.ties(books, UUID(voucher_id)))

    def rights(self, type_code: str, branch: str) -> frozenset[str]:
        """What the user may do with vouchers of a type in a branch: enter, post, reverse, cancel."""
        with reading(self._server, self._organization.id) as books:
            found = tied.rights(books, type_code, branch)
        return frozenset(name for name, may in found._asdict().items() if may)

    @contextmanager
    def _asked(self, question: RegisterQuestion, *,
               exported: bool = False) -> Iterator[tuple[Reading, queries.Wanted]]:
        filters = parsed({"since": question.since, "until": question.until, "type": question.type})
        words = question.text.strip()
        with reading(self._server, self._organization.id) as books:
            self._permit(books.heading(), exported=exported)
            yield books, queries.Wanted(filters.since, filters.until, type_of(books, filters), words,
                                        parse_decimal(words.replace(",", "")) if words else None)

    def _permit(self, heading: Heading | None, *, exported: bool) -> None:
        if heading is None or not heading.may_view:
            raise ForbiddenError("SEC-001", f"You may not see registers of {self._organization.code}",
                                 cure="Ask the administrator for the permission report.view.")
        if exported and not heading.may_export:
            raise ForbiddenError("SEC-001", f"You may not export registers of {self._organization.code}",
                                 cure="Ask the administrator for the permission report.export.")

    def _rows(self, lines: list[queries.RegisterLine]) -> tuple[RegisterRow, ...]:
        decimals = self._organization.currency_decimals
        return tuple(RegisterRow(
            str(one.voucher_id), one.type_code, one.dated_on.isoformat(), one.status,
            {"date": one.dated_on.isoformat(), "voucher_number": one.voucher_number, "type": one.type_code,
             "party": one.party_name or one.party, "ref_no": one.reference, "narration": one.narration,
             "total": money_text(one.total, decimals), "status": one.status, "by": one.by}, one.place)
            for one in lines)
