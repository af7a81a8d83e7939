"""The tax register's question: what each voucher put on the tax accounts, and on which base."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from erpdesk.storage.report_queries.reading import Reading


class TaxLine(NamedTuple):
    """A voucher's tax on one account, debit positive; `taxable` is unsigned, in base currency."""

    dated_on: date
    voucher_number: str
    type_code: str
    reference: str
    party: str
    tax_number: str
    account: str
    nature: str
    rate: Decimal | None
    taxable: Decimal | None
    tax: Decimal


def tax_lines(reading: Reading, since: date | None, until: date | None) -> list[TaxLine]:
    """In the order of day and posting; a reversal carries the base of what it reverses."""
    days = ((" AND l.posted_on >= %(since)s" if since else "") + (" AND l.posted_on <= %(until)s" if until else ""))
    rows = reading.rows(_TAX.format(days=days), {"since": since, "until": until})
    return [TaxLine(*row) for row in rows]


_TAX = """
SELECT x.posted_on, v.voucher_number, t.code, coalesce(v.ref_no, ''), coalesce(p.code, ''), coalesce(p.tax_number, ''),
       x.code, x.nature, c.rate, round(c.base_amount * v.exchange_rate, o.currency_decimals::int), x.tax
FROM (SELECT j.voucher_id, l.posted_on, l.posting_sequence, a.id AS account_id, a.code, a.code_key, a.nature,
             sum(l.debit) - sum(l.credit) AS tax
      FROM erpdesk.account a
      JOIN erpdesk.journal_line l ON l.organization_id = a.organization_id AND l.account_id = a.id{days}
      JOIN erpdesk.journal j ON j.organization_id = l.organization_id AND j.id = l.journal_id
      WHERE a.organization_id = %(organization)s AND a.kind = 'tax'
      GROUP BY j.voucher_id, l.posted_on, l.posting_sequence, a.id, a.code, a.code_key, a.nature) x
JOIN erpdesk.organization o ON o.id = %(organization)s
JOIN erpdesk.voucher v ON v.organization_id = %(organization)s AND v.id = x.voucher_id
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
LEFT JOIN erpdesk.party p ON p.organization_id = v.organization_id AND p.id = v.party_id
LEFT JOIN LATERAL (
    SELECT CASE WHEN count(DISTINCT h.rate) = 1 THEN min(h.rate) END AS rate, sum(h.base_amount) AS base_amount
    FROM erpdesk.voucher_charge h
    LEFT JOIN erpdesk.footer_charge_setup f ON f.organization_id = h.organization_id
     AND f.voucher_config_id = v.voucher_config_id AND f.code = h.code
    WHERE h.organization_id = %(organization)s AND h.voucher_id = coalesce(v.reversal_of_id, v.id)
      AND coalesce(h.account_id, f.ledger_id) = x.account_id AND h.amount <> 0) c ON true
ORDER BY x.posted_on, x.posting_sequence, x.code_key
"""
