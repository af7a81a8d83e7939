"""Printing for the doors: a voucher's page to look at, copies that are counted, templates of one's own.

A copy is counted in the database before its page is given out: the first is the original, every later one says
“Copy of original” and its number. What isn't posted prints as a draft and isn't counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.results import Fault, ForbiddenError, InvalidRequest
from erpdesk.exchange.printing.page import PrintPage

if TYPE_CHECKING:
    from erpdesk.exchange.printing.language import Speech
    from erpdesk.exchange.printing.voucher_facts import PrintedVoucher
    from erpdesk.reports.report import Report
    from erpdesk.services.register_pages import RegisterQuestion
    from erpdesk.services.registers import RegisterService
    from erpdesk.services.reports import ReportService
    from erpdesk.services.vouchers import VoucherService
    from erpdesk.storage.server import Server

__all__ = ["MOST_COPIES", "PrintPage", "PrintService", "TemplateInfo"]

MOST_COPIES = 99
SHORT_ROWS = 1_000
"""A report of so many rows is laid out in about a second, on some twenty sheets."""


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """A template as a list shows it; `is_own`: the organization's, lying over a shipped one where `is_shipped`."""

    code: str
    label: str
    is_own: bool
    is_shipped: bool

    def as_json(self) -> dict[str, Any]:
        """One line of the command line."""
        return {"code": self.code, "label": self.label, "own": self.is_own, "shipped": self.is_shipped}


class PrintService:
    """Prints of one organization's vouchers and reports."""

    def __init__(self, server: Server, vouchers: VoucherService, reports: ReportService,
                 registers: RegisterService) -> None:
        self._server, self._vouchers, self._reports, self._registers = server, vouchers, reports, registers
        self._organization = vouchers.organization

    @cached_property
    def _pool(self) -> Any:
        return self._server.posting_pool()

    # Vouchers

    def preview(self, reference: str, *, template: str = "", source: str | None = None) -> PrintPage:
        """The page as it would be printed next, counted by nobody; with another template, or with a source that isn't
        saved. Raises ErpdeskError VCH-005, RPT-007, RPT-008."""
        printed = self._read(reference)
        if source is not None:
            from erpdesk.exchange.printing.sandbox import check

            check(source, ())
        return self._page(printed, int(printed.around["copies"]) + 1, template, source)

    def copies(self, reference: str, copies: int = 1, *, medium: str = "paper",
               template: str = "") -> tuple[PrintPage, ...]:
        """The pages of some copies, each counted; of what isn't posted a draft as often. Raises as `preview` does,
        InvalidRequest RPT-009, ForbiddenError SEC-001."""
        from erpdesk.storage.printing import count_copies

        if not 1 <= copies <= MOST_COPIES:
            message = f"{copies} copies can't be printed at a time"
            raise InvalidRequest((Fault("RPT-009", message, "copies"),))
        printed = self._read(reference)
        page = self._page(printed, 1, template)
        if not printed.is_posted:
            return (page,) * copies
        first = count_copies(self._pool, self._organization.id, UUID(str(printed.voucher["voucher_id"])), copies,
                             {"medium": medium})
        return tuple(page if number == 1 else self._page(printed, number, template)
                     for number in range(first, first + copies))

    def _read(self, reference: str) -> PrintedVoucher:
        from erpdesk.exchange.printing.voucher_facts import PrintedVoucher
        from erpdesk.storage.printing import read_around

        voucher = self._vouchers.show(reference).facts
        around = read_around(self._pool, self._organization.id, UUID(str(voucher["voucher_id"])))
        schema = self._vouchers.schema(str(voucher["type"]), voucher.get("blueprint_version"))
        return PrintedVoucher(voucher, around, schema)

    def _page(self, printed: PrintedVoucher, copy: int, template: str, source: str | None = None) -> PrintPage:
        from erpdesk.exchange.printing.sandbox import rendered
        from erpdesk.exchange.printing.templates import default_template, source_of
        from erpdesk.exchange.printing.values import Values
        from erpdesk.exchange.printing.voucher_facts import voucher_facts
        from erpdesk.storage.printing import read_names, read_templates

        known, voucher = printed.around["organization"], printed.voucher
        spoken = self._speech(known)
        decimals = voucher.get("currency_decimals")
        values = Values(spoken, int(known["decimals"] if decimals is None else decimals),
                        read_names(self._pool, self._organization.id, printed.codes()))
        mark = _mark(printed, copy, spoken)
        facts = voucher_facts(printed, values, mark)
        code = template or str(printed.around.get("template") or "") or default_template(printed.schema)
        if source is None:
            source = source_of(code, read_templates(self._pool, self._organization.id))
        heading = "  ·  ".join(filter(None, (facts["organization"]["name"], facts["title"], facts["number"])))
        return _page_of(rendered(source, facts, spoken.say), spoken, heading, mark,
                        watermark="" if printed.is_posted else spoken.say("DRAFT"))

    @staticmethod
    def _speech(known: Mapping[str, Any]) -> Speech:
        from erpdesk.exchange.printing.language import speech

        return speech(str(known["language"]), str(known["calendar"]), str(known["grouping"]))

    # Reports

    def report(self, name: str, filters: Mapping[str, Any], *, short: bool = False) -> PrintPage:
        """A report with its filters as a page; raises as `ReportService.run` does. `short`: RPT-012 for one of
        more rows than are laid out while somebody waits."""
        from erpdesk.services.reports import REPORTS

        return self._report_page(self._reports.run(name, **filters), REPORTS[name].label, filters, short=short)

    def register(self, question: RegisterQuestion, label: str, *, short: bool = False) -> PrintPage:
        """All vouchers of a register as a page; raises as `RegisterService` and `report` do."""
        asked = {"since": question.since, "until": question.until, "find": question.text}
        return self._report_page(self._registers.whole(question), label, asked, short=short)

    def _report_page(self, report: Report, label: str, asked: Mapping[str, Any], *, short: bool) -> PrintPage:
        from erpdesk.exchange.printing.language import speech
        from erpdesk.exchange.printing.report_facts import report_facts
        from erpdesk.exchange.printing.sandbox import rendered
        from erpdesk.exchange.printing.templates import REPORT, source_of

        if short and len(report.rows) > SHORT_ROWS:
            message = f"{len(report.rows)} rows are too many to be printed from the window"
            raise InvalidRequest((Fault("RPT-012", message),))
        own = self._organization
        spoken = speech(own.language, own.calendar, own.digit_grouping)
        types = {kind.code: kind.label for kind in self._vouchers.types()}
        facts = report_facts(report, label, own.name, asked, types, spoken)
        page = rendered(source_of(REPORT, {}), facts, spoken.say)
        return _page_of(page, spoken, f"{own.name}  ·  {facts['title']}", "", landscape=facts["is_landscape"])

    # Templates

    def templates(self) -> tuple[TemplateInfo, ...]:
        """Every template that a voucher type can name, by code."""
        from erpdesk.exchange.printing.sandbox import shipped_sources
        from erpdesk.exchange.printing.templates import BASE, REPORT
        from erpdesk.storage.printing import read_templates

        own, shipped = read_templates(self._pool, self._organization.id), set(shipped_sources()) - {BASE, REPORT}
        return tuple(TemplateInfo(code, str(own[code]["label"]) if code in own else code.capitalize(), code in own,
                                  code in shipped) for code in sorted({*own, *shipped}))

    def template(self, code: str) -> str:
        """The source of a template, one's own before the shipped one. Raises ErpdeskError RPT-008."""
        from erpdesk.exchange.printing.templates import source_of
        from erpdesk.storage.printing import read_templates

        return source_of(code, read_templates(self._pool, self._organization.id))

    def save_template(self, code: str, source: str, label: str = "") -> str:
        """Makes or changes a template of one's own, after trying it: `created`, `updated` or `unchanged`. Raises
        InvalidRequest RPT-007 with line and cause, ForbiddenError SEC-001."""
        from erpdesk.exchange.printing.sample import samples
        from erpdesk.exchange.printing.sandbox import TemplateRefused, check
        from erpdesk.exchange.printing.templates import BASE, REPORT
        from erpdesk.storage.printing import write_template
        from erpdesk.storage.transactions import writing

        if not _is_code(code) or code in (BASE, REPORT):
            raise TemplateRefused(f"{code[:60]} is no code for a template: small letters, digits and -, a letter first")
        check(source, samples())
        with writing(self._server) as connection:
            self._require_right(connection)
            return write_template(connection, self._organization.id, code, label, source)

    def remove_template(self, code: str) -> bool:
        """Takes a template of one's own away; whether there was one. Raises InvalidRequest RPT-010 while a voucher type
        names it and none of its name is shipped, ForbiddenError SEC-001."""
        from erpdesk.exchange.printing.sandbox import shipped_sources
        from erpdesk.storage.printing import delete_template, types_that_name
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            self._require_right(connection)
            named = [] if code in shipped_sources() else types_that_name(connection, self._organization.id, code)
            if named:
                message = f"The template {code} is named by {', '.join(named)}"
                raise InvalidRequest((Fault("RPT-010", message, "code"),))
            return delete_template(connection, self._organization.id, code)

    def _require_right(self, connection: Any) -> None:
        from erpdesk.storage.rights import may

        if not may(connection, self._organization.id, "config.edit"):
            raise ForbiddenError("SEC-001", f"You may not change print templates of {self._organization.code}",
                                 cure="Ask the administrator for the permission config.edit.")


def _is_code(code: str) -> bool:
    return code.isascii() and len(code) <= 40 and code[:1].islower() and all(
        sign.islower() or sign.isdigit() or sign in "_-" for sign in code)


def _mark(printed: PrintedVoucher, copy: int, spoken: Speech) -> str:
    """What says which copy a sheet is."""
    if not printed.is_posted:
        cancelled = printed.voucher["status"] == "CANCELLED"
        return spoken.say("CANCELLED" if cancelled else "DRAFT – not posted")
    return spoken.say("Original") if copy == 1 else spoken.say("Copy of original ({number})").format(number=copy - 1)


def _page_of(html: str, spoken: Speech, heading: str, mark: str, *, watermark: str = "",
             landscape: bool = False) -> PrintPage:
    return PrintPage(html, heading, heading, heading, spoken.say("Page {page} of {pages}"),
                     spoken.say("Carried forward"), spoken.say("Brought forward"), mark, watermark, landscape)


