"""Outstanding lists what parties owe, or are owed; credits stand in it as negative rows."""

from __future__ import annotations

from erpdesk.domain.money import total
from erpdesk.reports.filters import Filters, party_of
from erpdesk.reports.report import Report, count, day, money, money_of, text
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import outstanding as queries

COLUMNS = (text("party", "Party"), text("voucher_number", "Voucher"), day("date", "Date"),
           day("due_date", "Due"), money("amount", "Amount"), money("open_amount", "Open"),
           count("age_days", "Age in days"))


def outstanding(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """Open items of one side in base currency, positive for what the kind expects: a receivable to be
    received, a payable to be paid.

    Without `until` everything posted as it stands now; with it, as it stood on that day. The age counts
    days from the voucher's date. Raises RPT-004.
    """
    side = filters.kind or ""
    sign = -1 if side == "payable" else 1
    as_of = filters.until or heading.today
    items = queries.open_items(reading, side, party_of(reading, filters), filters.until)
    rows = tuple(
        {"party": item.party, "voucher_number": item.voucher_number, "date": item.dated_on.isoformat(),
         "due_date": item.due_on.isoformat() if item.due_on else "",
         "amount": money_of(sign * item.amount, heading.decimals),
         "open_amount": money_of(sign * item.open_amount, heading.decimals),
         "age_days": str((as_of - item.dated_on).days)} for item in items)
    totals = {"amount": money_of(total(sign * item.amount for item in items), heading.decimals),
              "open_amount": money_of(total(sign * item.open_amount for item in items), heading.decimals)}
    return Report("outstanding", heading.code, as_of, COLUMNS, rows, totals)
