"""The general ledger's questions: balances of accounts, lines of an account or party, lines of a voucher.

All read `journal_line`, which repeats the journal's day and posting sequence so that an account's lines come
from one index in their order. A trial balance over the whole life of an organization adds up every line of
it; when that gets slow, a rollup by account and period, written when a period closes, should stand in for
the closed part.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading


class AccountBalance(NamedTuple):
    """An account's net balance, debit positive; never zero."""

    code: str
    name: str
    nature: str
    balance: Decimal


class LedgerLine(NamedTuple):
    """One line of an account's or party's ledger."""

    dated_on: date
    voucher_number: str
    type_code: str
    narration: str
    debit: Decimal
    credit: Decimal


class VoucherLine(NamedTuple):
    """One line of a voucher's journal."""

    line_number: int
    account: str
    name: str
    party: str
    cost_centre: str
    debit: Decimal
    credit: Decimal


def account_balances(
    reading: Reading, since: date | None, until: date | None, *, closings: bool = True, unclosed: date | None = None
) -> list[AccountBalance]:
    """Accounts whose lines within the days don't cancel out, by code; without `closings` as if no year had been
    closed, with `unclosed` as if the year that this day lies in had not."""
    days = _days("l", since, until)
    year = _OF_YEAR if unclosed is not None else ""
    statement = (_BALANCES if closings and not year else _BEFORE_CLOSING).format(days=days, year=year)
    rows = reading.rows(statement, {"since": since, "until": until, "unclosed": unclosed})
    return [AccountBalance(*row) for row in rows]


def balance_before(reading: Reading, day: date, accounts: Sequence[UUID] | None,
                   party: UUID | None) -> Decimal:
    """What the ledger of accounts, of a party, or of both at once stood at when the day began."""
    statement = _BEFORE.format(whose=_whose(accounts, party))
    rows = reading.rows(statement, {"day": day, "accounts": accounts, "party": party})
    return Decimal(rows[0][0])


def ledger_lines(reading: Reading, accounts: Sequence[UUID] | None, party: UUID | None,
                 since: date | None, until: date | None) -> list[LedgerLine]:
    """The lines in the order of day, posting, line."""
    statement = _LINES.format(whose=_whose(accounts, party), days=_days("l", since, until))
    rows = reading.rows(statement, {"accounts": accounts, "party": party, "since": since, "until": until})
    return [LedgerLine(*row) for row in rows]


def voucher_lines(reading: Reading, voucher_id: UUID) -> list[VoucherLine]:
    """The journal of a voucher, by line number; empty when it has none."""
    return [VoucherLine(*row) for row in reading.rows(_VOUCHER_LINES, {"voucher": voucher_id})]


def _days(alias: str, since: date | None, until: date | None) -> str:
    return ((f" AND {alias}.posted_on >= %(since)s" if since else "")
            + (f" AND {alias}.posted_on <= %(until)s" if until else ""))


def _whose(accounts: Sequence[UUID] | None, party: UUID | None) -> str:
    return ((" AND l.account_id = ANY (%(accounts)s)" if accounts is not None else "")
            + (" AND l.party_id = %(party)s" if party is not None else ""))


_BALANCES = """
SELECT a.code, a.name, a.nature, b.balance
FROM (SELECT l.account_id, sum(l.debit) - sum(l.credit) AS balance FROM erpdesk.journal_line l
      WHERE l.organization_id = %(organization)s{days} GROUP BY l.account_id) b
JOIN erpdesk.account a ON a.organization_id = %(organization)s AND a.id = b.account_id
WHERE b.balance <> 0
ORDER BY a.code_key
"""

_BEFORE_CLOSING = """
SELECT a.code, a.name, a.nature, sum(b.balance)
FROM (SELECT l.account_id, sum(l.debit) - sum(l.credit) AS balance FROM erpdesk.journal_line l
      WHERE l.organization_id = %(organization)s{days} GROUP BY l.account_id
      UNION ALL
      SELECT l.account_id, sum(l.credit) - sum(l.debit) FROM erpdesk.year_closing c
      JOIN erpdesk.journal j ON j.organization_id = c.organization_id AND j.voucher_id IN (c.voucher_id, c.reversal_id)
      JOIN erpdesk.journal_line l ON l.organization_id = j.organization_id AND l.journal_id = j.id
      WHERE c.organization_id = %(organization)s{year}{days} GROUP BY l.account_id) b
JOIN erpdesk.account a ON a.organization_id = %(organization)s AND a.id = b.account_id
GROUP BY a.code_key, a.code, a.name, a.nature HAVING sum(b.balance) <> 0
ORDER BY a.code_key
"""

_OF_YEAR = """ AND EXISTS (SELECT FROM erpdesk.fiscal_year y WHERE y.organization_id = c.organization_id
      AND y.id = c.fiscal_year_id AND %(unclosed)s BETWEEN y.starts_on AND y.ends_on)"""

_BEFORE = """
SELECT coalesce(sum(l.debit) - sum(l.credit), 0) FROM erpdesk.journal_line l
WHERE l.organization_id = %(organization)s AND l.posted_on < %(day)s{whose}
"""

_LINES = """
SELECT l.posted_on, v.voucher_number, t.code, coalesce(l.narration, v.narration, ''), l.debit, l.credit
FROM erpdesk.journal_line l
JOIN erpdesk.journal j ON j.organization_id = l.organization_id AND j.id = l.journal_id
JOIN erpdesk.voucher v ON v.organization_id = j.organization_id AND v.id = j.voucher_id
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
WHERE l.organization_id = %(organization)s{whose}{days}
ORDER BY l.posted_on, l.posting_sequence, l.journal_id, l.line_number
"""

_VOUCHER_LINES = """
SELECT l.line_number, a.code, a.name, coalesce(p.code, ''), coalesce(c.code, ''), l.debit, l.credit
FROM erpdesk.journal j
JOIN erpdesk.journal_line l ON l.organization_id = j.organization_id AND l.journal_id = j.id
JOIN erpdesk.account a ON a.organization_id = l.organization_id AND a.id = l.account_id
LEFT JOIN erpdesk.party p ON p.organization_id = l.organization_id AND p.id = l.party_id
LEFT JOIN erpdesk.cost_centre c ON c.organization_id = l.organization_id AND c.id = l.cost_centre_id
WHERE j.organization_id = %(organization)s AND j.voucher_id = %(voucher)s
ORDER BY l.line_number
"""
