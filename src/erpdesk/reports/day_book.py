"""The day book lists posted vouchers in the order of day and posting; drafts are not in it."""

from __future__ import annotations

from erpdesk.reports.filters import Filters, type_of, voucher_of, wrong_filter
from erpdesk.reports.report import Report, day, money, money_of, text
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import day_book as queries

COLUMNS = (day("date", "Date"), text("voucher_number", "Voucher"), text("type", "Type"),
           text("ref_no", "Reference"), text("party", "Party"), text("narration", "Narration"),
           money("total", "Total"), text("status", "Status"), text("posted_by", "Posted by"),
           text("voucher_id", "Id"))


def day_book(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """A page of `limit` vouchers (all, when not given) after the voucher that `after` names.

    Give the last row's `voucher_id` as `after` for the next page. Sums over different types mean nothing:
    the total is the number of vouchers. Raises RPT-003, RPT-004, RPT-005, RPT-006.
    """
    type_id = type_of(reading, filters)
    page = queries.Page(filters.since, filters.until, type_id, _place(reading, filters), filters.limit)
    lines = queries.day_book(reading, page)
    rows = tuple({
        "date": line.dated_on.isoformat(), "voucher_number": line.voucher_number, "type": line.type_code,
        "ref_no": line.reference, "party": line.party, "narration": line.narration,
        "total": money_of(line.total, heading.decimals), "status": line.status,
        "posted_by": line.posted_by, "voucher_id": str(line.voucher_id)} for line in lines)
    as_of = filters.until or heading.today
    return Report("day-book", heading.code, as_of, COLUMNS, rows, {"vouchers": str(len(lines))})


def _place(reading: Reading, filters: Filters) -> queries.Place | None:
    if filters.after is None:
        return None
    voucher = voucher_of(reading, filters.after, "after")
    if voucher.posting_sequence is None:
        raise wrong_filter("after", f"Voucher {filters.after} is not posted and not in the day book")
    return voucher.dated_on, voucher.posting_sequence
