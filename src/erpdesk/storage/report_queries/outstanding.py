"""The question what parties owe and are owed: open items, as they stand or as they stood on a day.

Amounts are in base currency, debit positive. An item's side is that of its control account; an account of
another kind counts by its nature.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading


class OpenItem(NamedTuple):
    """What one voucher left open with a party; never zero."""

    party: str
    voucher_number: str
    dated_on: date
    due_on: date | None
    amount: Decimal
    open_amount: Decimal


def open_items(reading: Reading, side: str, party: UUID | None, until: date | None) -> list[OpenItem]:
    """Open items of a side (receivable or payable), by party, day, posting."""
    statement = (_ON_A_DAY if until else _NOW).format(
        party=" AND o.party_id = %(party)s" if party else "")
    rows = reading.rows(statement, {"side": side, "party": party, "until": until})
    return [OpenItem(*row) for row in rows]


class OpenInCurrency(NamedTuple):
    """What is open of a voucher now, in its own currency, and the rate it was made at."""

    voucher_number: str
    currency: str
    open_amount: Decimal
    exchange_rate: Decimal


def open_in_currency(reading: Reading, side: str, party: UUID) -> list[OpenInCurrency]:
    """Open items of a party on a side, in the order of `open_items`."""
    return [OpenInCurrency(*row) for row in reading.rows(_IN_CURRENCY, {"side": side, "party": party})]


SIDE = """CASE WHEN a.kind IN ('receivable', 'payable') THEN a.kind
           WHEN a.nature = 'asset' THEN 'receivable' ELSE 'payable' END = %(side)s"""

_LISTED = """
FROM {source} o
JOIN erpdesk.account a ON a.organization_id = %(organization)s AND a.id = o.account_id
JOIN erpdesk.party p ON p.organization_id = %(organization)s AND p.id = o.party_id
JOIN erpdesk.voucher v ON v.organization_id = %(organization)s AND v.id = o.voucher_id
WHERE o.open_amount <> 0 AND """ + SIDE + """
ORDER BY p.code_key, o.dated_on, v.posting_sequence, o.id
"""

_COLUMNS = "\nSELECT p.code, v.voucher_number, o.dated_on, o.due_on, o.amount, o.open_amount"

_NOW = _COLUMNS + _LISTED.replace("{source}", """(
    SELECT * FROM erpdesk.open_item o
    WHERE o.organization_id = %(organization)s AND o.open_amount <> 0{party})""")

_CURRENCY_COLUMNS = "\nSELECT v.voucher_number, o.currency_code, o.currency_open_amount, v.exchange_rate"

_IN_CURRENCY = _CURRENCY_COLUMNS + _LISTED.replace("{source}", """(
    SELECT * FROM erpdesk.open_item o
    WHERE o.organization_id = %(organization)s AND o.currency_open_amount <> 0 AND o.party_id = %(party)s)""")

_ON_A_DAY = _COLUMNS + _LISTED.replace("{source}", """(
    SELECT o.id, o.account_id, o.party_id, o.voucher_id, o.dated_on, o.due_on, o.amount,
           o.amount - coalesce(sum(s.amount), 0) AS open_amount
    FROM erpdesk.open_item o
    LEFT JOIN (erpdesk.settlement s
        JOIN erpdesk.voucher sv ON sv.organization_id = s.organization_id AND sv.id = s.voucher_id
             AND sv.voucher_on <= %(until)s
        LEFT JOIN erpdesk.voucher r ON r.organization_id = s.organization_id AND r.id = s.released_by_id)
      ON s.organization_id = o.organization_id AND s.open_item_id = o.id
     AND (r.id IS NULL OR r.voucher_on > %(until)s)
    WHERE o.organization_id = %(organization)s AND o.dated_on <= %(until)s{party}
    GROUP BY o.id, o.account_id, o.party_id, o.voucher_id, o.dated_on, o.due_on, o.amount)""")
