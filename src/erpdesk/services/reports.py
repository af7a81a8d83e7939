"""Reports, as the doors ask for them: a name and filters in, a finished table out, or a file of it.

Viewing needs the permission report.view, a file for other programs (CSV, XLSX) report.export.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, ForbiddenError
from erpdesk.exchange import report_files
from erpdesk.reports import catalogue
from erpdesk.reports.catalogue import ReportDefinition
from erpdesk.reports.filters import Filters, party_of
from erpdesk.reports.report import Column, ColumnKind, Report
from erpdesk.storage.report_queries import Heading, Reading, reading
from erpdesk.storage.report_queries.outstanding import OpenInCurrency, open_in_currency

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server

__all__ = ["FORMATS", "REPORTS", "Column", "ColumnKind", "Report", "ReportService", "WrongQuestion"]

FORMATS = tuple(report_files.WRITERS)
REPORTS: Mapping[str, ReportDefinition] = catalogue.REPORTS
_WRONG_USAGE = ("RPT-001", "RPT-002", "RPT-003")


class WrongQuestion(ErpdeskError):
    """The question itself is wrong (RPT-001 to RPT-003), whatever the books say."""


class ReportService:
    """Answers questions about one organization's books. Thread-safe; reads only."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def run(self, name: str, **filters: Any) -> Report:
        """The report with its filters: since, until (dates or ISO text), account, party, voucher, item,
        warehouse, type, kind, after, limit; None and empty text mean not given.

        Raises WrongQuestion, ErpdeskError RPT-004 to RPT-006, ForbiddenError SEC-001.
        """
        return self._answer(name, filters, exported=False)

    def open_in_currency(self, kind: str, party: str) -> tuple[OpenInCurrency, ...]:
        """What is open of a party on a side (receivable or payable), each in its own currency, positive for what the
        side expects, oldest first. Raises ErpdeskError RPT-004, ForbiddenError SEC-001."""
        sign = -1 if kind == "payable" else 1
        with reading(self._server, self._organization.id) as books:
            self._heading(books, exported=False)
            found = party_of(books, Filters(party=party))
            assert found is not None
            return tuple(one._replace(open_amount=sign * one.open_amount)
                         for one in open_in_currency(books, kind, found))  # fmt: skip

    def written(self, name: str, file_format: str, **filters: Any) -> bytes:
        """The report as a file: json, csv, xlsx or table. Raises as `run` does."""
        if file_format not in report_files.WRITERS:
            raise WrongQuestion("RPT-003", f"There is no format {file_format}", field="format",
                                cure=f"There are: {', '.join(FORMATS)}.")
        exported = file_format in report_files.EXPORTS
        return report_files.WRITERS[file_format](self._answer(name, filters, exported))

    def _answer(self, name: str, filters: Mapping[str, Any], exported: bool) -> Report:
        try:
            definition = catalogue.find(name)
            asked = catalogue.filters_for(definition, filters)
            with reading(self._server, self._organization.id) as books:
                return definition.answer(books, self._heading(books, exported), asked)
        except ErpdeskError as error:
            if error.code in _WRONG_USAGE:
                raise WrongQuestion(error.code, error.message, field=error.field, cure=error.cure) from None
            raise

    def _heading(self, books: Reading, exported: bool) -> Heading:
        heading = books.heading()
        if heading is None or not heading.may_view:
            raise ForbiddenError("SEC-001", f"You may not see reports of {self._organization.code}",
                                 cure="Ask the administrator for the permission report.view.")
        if exported and not heading.may_export:
            raise ForbiddenError("SEC-001", f"You may not export reports of {self._organization.code}",
                                 cure="Ask the administrator for the permission report.export.")
        return heading
