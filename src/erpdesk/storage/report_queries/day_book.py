"""The day book's question: posted vouchers in the order of day and posting, a page at a time at any depth.

A page begins after the last voucher of the page before it, never at a count of rows: the thousandth page
comes from the index as fast as the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading

Place = tuple[date, int]
"""Where a voucher stands: its day and its posting sequence."""


class DayBookLine(NamedTuple):
    """One posted voucher."""

    dated_on: date
    voucher_number: str
    type_code: str
    reference: str
    party: str
    narration: str
    total: Decimal
    status: str
    posted_by: str
    voucher_id: UUID


@dataclass(frozen=True, slots=True)
class Page:
    """Which vouchers: days, a type, and after which place; `limit` None for all of them."""

    since: date | None = None
    until: date | None = None
    type_id: UUID | None = None
    after: Place | None = None
    limit: int | None = None


def day_book(reading: Reading, page: Page) -> list[DayBookLine]:
    """The page's vouchers, oldest first."""
    after = page.after or (None, None)
    values = {"since": page.since, "until": page.until, "type": page.type_id, "limit": page.limit,
              "after_day": after[0], "after_sequence": after[1]}
    conditions = "".join((
        " AND v.voucher_on >= %(since)s" if page.since else "",
        " AND v.voucher_on <= %(until)s" if page.until else "",
        " AND v.voucher_config_id = %(type)s" if page.type_id else "",
        " AND (v.voucher_on, v.posting_sequence) > (%(after_day)s, %(after_sequence)s)" if page.after else "",
    ))
    return [DayBookLine(*row) for row in reading.rows(_DAY_BOOK.format(conditions=conditions), values)]


_DAY_BOOK = """
SELECT v.voucher_on, v.voucher_number, t.code, coalesce(v.ref_no, ''), coalesce(p.code, ''),
       coalesce(v.narration, ''), v.base_total, v.status, v.posted_by, v.id
FROM erpdesk.voucher v
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
LEFT JOIN erpdesk.party p ON p.organization_id = v.organization_id AND p.id = v.party_id
WHERE v.organization_id = %(organization)s AND v.posted_at IS NOT NULL{conditions}
ORDER BY v.voucher_on, v.posting_sequence LIMIT %(limit)s
"""
