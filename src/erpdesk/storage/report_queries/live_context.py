"""What helps while a voucher is typed: what a party or an account stands at, a party's limit, an item's stock.

Who is limited to branches sees what the journal lines of those branches come to.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from erpdesk.domain.keys import key_of
from erpdesk.storage.report_queries.reading import Reading


class Standing(NamedTuple):
    """A balance in base currency, debit positive, and a credit limit where there is one."""

    balance: Decimal
    credit_limit: Decimal | None = None


def party_standing(reading: Reading, code: str) -> Standing | None:
    """Of a party; None when there is none of that code."""
    return _standing(reading, _PARTY, code)


def account_standing(reading: Reading, code: str) -> Standing | None:
    """Of an account; None when there is none of that code."""
    return _standing(reading, _ACCOUNT, code)


class WarehouseStock(NamedTuple):
    """What is there of an item in a warehouse, in the item's own unit; never zero."""

    warehouse: str
    quantity: Decimal


def stock_by_warehouse(reading: Reading, item: str) -> list[WarehouseStock]:
    """By warehouse code."""
    return [WarehouseStock(*row) for row in reading.rows(_STOCK, {"code": key_of(item)})]


def _standing(reading: Reading, statement: str, code: str) -> Standing | None:
    rows = reading.rows(statement, {"code": key_of(code)})
    return Standing(*rows[0]) if rows else None


_PARTY = """
SELECT CASE WHEN erpdesk.limited_branches() THEN
           (SELECT coalesce(sum(l.debit) - sum(l.credit), 0) FROM erpdesk.journal_line l
            WHERE l.organization_id = %(organization)s AND l.party_id = p.id)
       ELSE coalesce(b.balance, 0) END, p.credit_limit
FROM erpdesk.party p
LEFT JOIN erpdesk.party_balance b ON b.organization_id = %(organization)s AND b.party_id = p.id
WHERE p.organization_id = %(organization)s AND p.code_key = %(code)s
"""

_ACCOUNT = """
SELECT (SELECT coalesce(sum(l.debit) - sum(l.credit), 0) FROM erpdesk.journal_line l
        WHERE l.organization_id = %(organization)s AND l.account_id = a.id), NULL
FROM erpdesk.account a
WHERE a.organization_id = %(organization)s AND a.code_key = %(code)s
"""

_STOCK = """
SELECT w.code, s.quantity
FROM erpdesk.item i
JOIN erpdesk.stock_balance s ON s.organization_id = %(organization)s AND s.item_id = i.id AND s.quantity <> 0
JOIN erpdesk.warehouse w ON w.organization_id = %(organization)s AND w.id = s.warehouse_id
WHERE i.organization_id = %(organization)s AND i.code_key = %(code)s
ORDER BY w.code_key
"""
