"""Price lists as a window needs them, all at once, and the last rate to a party: read through the posting pool."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

_RATES = """
    SELECT l.code, l.code_key, coalesce(l.currency_code, o.base_currency), i.code_key, u.code_key, r.rate,
        r.minimum_quantity, r.valid_from, r.valid_until
    FROM erpdesk.price_list_rate r
    JOIN erpdesk.price_list l ON l.organization_id = r.organization_id AND l.id = r.price_list_id AND l.is_active
    JOIN erpdesk.organization o ON o.id = r.organization_id
    JOIN erpdesk.item i ON i.organization_id = r.organization_id AND i.id = r.item_id
    JOIN erpdesk.uom u ON u.organization_id = r.organization_id AND u.id = r.uom_id
    WHERE r.organization_id = %s"""

_PARTIES = """
    SELECT p.code_key, l.code_key FROM erpdesk.party p
    JOIN erpdesk.price_list l ON l.organization_id = p.organization_id AND l.id = p.price_list_id
    WHERE p.organization_id = %s"""

_UNITS = """
    SELECT i.code_key, u.code_key FROM erpdesk.item i
    JOIN erpdesk.uom u ON u.organization_id = i.organization_id AND u.id = i.uom_id WHERE i.organization_id = %s"""

_LAST = """
    SELECT r.rate FROM erpdesk.last_rate r
    JOIN erpdesk.party p ON p.organization_id = r.organization_id AND p.id = r.party_id
    JOIN erpdesk.item i ON i.organization_id = r.organization_id AND i.id = r.item_id
    JOIN erpdesk.uom u ON u.organization_id = r.organization_id AND u.id = r.uom_id
    WHERE r.organization_id = %s AND p.code_key = %s AND i.code_key = %s AND u.code_key = %s AND r.side = %s
      AND r.currency_code = %s"""

RateRow = tuple[str, str, str, str, str, Decimal, Decimal, date | None, date | None]
"""Code and key of the list, its currency, keys of item and unit, rate, from which quantity, from when, until when."""


def read_price_lists(
    pool: ConnectionPool[Any], organization_id: UUID
) -> tuple[list[RateRow], dict[str, str], dict[str, str]]:
    """Every rate of every active list; the list of each party that has one; the own unit of each item; by keys."""
    with pool.connection() as connection:
        rates = connection.execute(_RATES, (organization_id,)).fetchall()
        parties = connection.execute(_PARTIES, (organization_id,)).fetchall()
        units = connection.execute(_UNITS, (organization_id,)).fetchall()
    return rates, dict(parties), dict(units)


def read_last_rate(
    pool: ConnectionPool[Any], organization_id: UUID, party: str, item: str, unit: str, side: str, currency: str
) -> Decimal | None:
    """The last rate to a party, by keys; None when there is none."""
    with pool.connection() as connection:
        row = connection.execute(_LAST, (organization_id, party, item, unit, side, currency)).fetchone()
    return row[0] if row else None
