"""The journal report shows the journal of one voucher, line by line."""

from __future__ import annotations

from erpdesk.domain.money import total
from erpdesk.reports.filters import Filters, voucher_of
from erpdesk.reports.report import Report, count, money, money_of, text
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import ledger as queries

COLUMNS = (count("line", "Line"), text("account", "Account"), text("name", "Name"), text("party", "Party"),
           text("cost_centre", "Cost centre"), money("debit", "Debit"), money("credit", "Credit"))


def journal(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """The lines by number, as of the voucher's day; none for a voucher without a journal.

    Raises RPT-005, RPT-006.
    """
    voucher = voucher_of(reading, filters.voucher or "", "voucher")
    lines = queries.voucher_lines(reading, voucher.id)
    rows = tuple({
        "line": str(line.line_number), "account": line.account, "name": line.name, "party": line.party,
        "cost_centre": line.cost_centre, "debit": money_of(line.debit, heading.decimals),
        "credit": money_of(line.credit, heading.decimals)} for line in lines)
    totals = {"debit": money_of(total(line.debit for line in lines), heading.decimals),
              "credit": money_of(total(line.credit for line in lines), heading.decimals)}
    return Report("journal", heading.code, voucher.dated_on, COLUMNS, rows, totals)
