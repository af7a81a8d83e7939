"""What stands between a fiscal year and its closing: unposted vouchers, open periods, years before it, its sums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading

WAITING = ("PENDING_APPROVAL", "APPROVED")
"""On their way to being posted; a draft or a rejected voucher is its maker's."""


class PeriodCount(NamedTuple):
    """Vouchers dated in a period that aren't posted: drafts (rejected ones among them), and those under way."""

    period_id: UUID
    drafts: int
    waiting: int


class YearEnd(NamedTuple):
    """Figures of a year: by what is left in it, what its books say, and what would be carried (a profit above zero)."""

    drafts: int
    waiting: int
    approved: int
    open_periods: int
    earlier_open: str
    debit: Decimal
    credit: Decimal
    result: Decimal
    has_type: bool
    has_account: bool


class YearLine(NamedTuple):
    """A year, and the closing of it that stands."""

    code: str
    starts_on: date
    ends_on: date
    is_closed: bool
    entry: str
    entry_id: str
    result: Decimal
    closed_by: str
    closed_on: date | None


def year_lines(reading: Reading) -> list[YearLine]:
    """All years, by day."""
    return [YearLine(*row) for row in reading.rows(_YEARS)]


def locks(reading: Reading) -> tuple[date | None, bool]:
    """The day up to which all is locked for audit, and whether the organization is locked."""
    found = reading.rows("SELECT o.audit_locked_until, o.is_locked FROM erpdesk.organization o"
                         " WHERE o.id = %(organization)s")
    return found[0][0], found[0][1]


def period_counts(reading: Reading) -> list[PeriodCount]:
    """Of every period that has any."""
    return [PeriodCount(*row) for row in reading.rows(_COUNTS, {"waiting": list(WAITING)})]


def year_end(reading: Reading, starts_on: date, ends_on: date) -> YearEnd:
    """How a year stands."""
    return YearEnd(*reading.rows(_YEAR_END, {"first": starts_on, "last": ends_on})[0])


_COUNTS = """
SELECT a.id, count(*) FILTER (WHERE v.status <> ALL (%(waiting)s)), count(*) FILTER (WHERE v.status = ANY (%(waiting)s))
FROM erpdesk.voucher v
JOIN erpdesk.accounting_period a ON a.organization_id = v.organization_id AND
 v.voucher_on BETWEEN a.starts_on AND a.ends_on
WHERE v.organization_id = %(organization)s AND v.status IN ('DRAFT', 'REJECTED', 'PENDING_APPROVAL', 'APPROVED')
GROUP BY a.id
"""

_YEARS = """
SELECT y.code, y.starts_on, y.ends_on, y.is_closed,
       coalesce(string_agg(v.voucher_number, ', ' ORDER BY v.posting_sequence), ''),
       coalesce((array_agg(v.id::text ORDER BY v.posting_sequence))[1], ''), coalesce(sum(c.result), 0),
       coalesce(max(c.closed_by), ''), (max(c.closed_at) AT TIME ZONE o.time_zone)::date
FROM erpdesk.fiscal_year y
JOIN erpdesk.organization o ON o.id = y.organization_id
LEFT JOIN erpdesk.year_closing c ON c.organization_id = y.organization_id AND c.fiscal_year_id = y.id
 AND c.reopened_at IS NULL
LEFT JOIN erpdesk.voucher v ON v.organization_id = c.organization_id AND v.id = c.voucher_id
WHERE y.organization_id = %(organization)s
GROUP BY y.code, y.starts_on, y.ends_on, y.is_closed, o.time_zone
ORDER BY y.starts_on
"""

_YEAR_END = """
SELECT u.drafts, u.waiting, u.approved,
       (SELECT count(*) FROM erpdesk.accounting_period a JOIN erpdesk.fiscal_year y
          ON y.organization_id = a.organization_id AND y.id = a.fiscal_year_id
        WHERE a.organization_id = %(organization)s AND y.starts_on = %(first)s AND a.state = 'open'),
       coalesce((SELECT min(y.code) FROM erpdesk.fiscal_year y WHERE y.organization_id = %(organization)s
                 AND y.ends_on < %(first)s AND NOT y.is_closed), ''),
       b.debit, b.credit, b.result,
       EXISTS (SELECT FROM erpdesk.voucher_config_master t WHERE t.organization_id = %(organization)s
               AND t.counterpart_role = 'retained_earnings'),
       EXISTS (SELECT FROM erpdesk.account_role r WHERE r.organization_id = %(organization)s AND
               r.role = 'retained_earnings')
FROM (SELECT count(*) FILTER (WHERE v.status IN ('DRAFT', 'REJECTED')) AS drafts,
             count(*) FILTER (WHERE v.status = 'PENDING_APPROVAL') AS waiting,
             count(*) FILTER (WHERE v.status = 'APPROVED') AS approved
      FROM erpdesk.voucher v WHERE v.organization_id = %(organization)s AND v.voucher_on BETWEEN %(first)s AND %(last)s
        AND v.status IN ('DRAFT', 'REJECTED', 'PENDING_APPROVAL', 'APPROVED')) u
CROSS JOIN (SELECT coalesce(sum(l.debit), 0) AS debit, coalesce(sum(l.credit), 0) AS credit,
                   coalesce(sum(l.credit - l.debit) FILTER (WHERE a.nature IN ('income', 'expense')), 0) AS result
            FROM erpdesk.journal_line l JOIN erpdesk.account a ON a.organization_id = l.organization_id AND
                 a.id = l.account_id
            WHERE l.organization_id = %(organization)s AND l.posted_on <= %(last)s) b
"""
