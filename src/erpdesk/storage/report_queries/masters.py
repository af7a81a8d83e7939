"""Filters name masters and vouchers by code or number; these questions find the rows that are meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from erpdesk.domain.keys import key_of
from erpdesk.storage.report_queries.reading import Reading


@dataclass(frozen=True, slots=True)
class FoundVoucher:
    """A voucher that a reference names."""

    id: UUID
    number: str
    type_code: str
    dated_on: date
    posting_sequence: int | None


def account_ids(reading: Reading, code: str) -> list[UUID]:
    """The account and, when it is a group, every account below it; empty when there is none."""
    return [row[0] for row in reading.rows(_ACCOUNT_TREE, {"code": key_of(code)})]


def party_id(reading: Reading, code: str) -> UUID | None:
    """The party with this code."""
    return _only(reading, "SELECT id FROM erpdesk.party"
                          " WHERE organization_id = %(organization)s AND code_key = %(key)s", key_of(code))


def item_id(reading: Reading, code: str) -> UUID | None:
    """The item with this code."""
    return _only(reading, "SELECT id FROM erpdesk.item"
                          " WHERE organization_id = %(organization)s AND code_key = %(key)s", key_of(code))


def warehouse_id(reading: Reading, code: str) -> UUID | None:
    """The warehouse with this code."""
    return _only(reading, "SELECT id FROM erpdesk.warehouse"
                          " WHERE organization_id = %(organization)s AND code_key = %(key)s", key_of(code))


def voucher_type_id(reading: Reading, code: str) -> UUID | None:
    """The voucher type with this code, which is upper case."""
    return _only(reading, "SELECT id FROM erpdesk.voucher_config_master"
                          " WHERE organization_id = %(organization)s AND code = %(key)s",
                 code.strip().upper())


def vouchers(reading: Reading, reference: str) -> list[FoundVoucher]:
    """The vouchers that an id, a number or `key:` and an idempotency key name; two at most, posted first."""
    text = reference.strip()
    if text.startswith("key:"):
        condition, value = "v.idempotency_key = %(value)s", text.removeprefix("key:")
    elif (wanted := _uuid(text)) is not None:
        condition, value = "v.id = %(value)s::uuid", str(wanted)
    else:
        condition, value = "v.voucher_number_key = ANY (ARRAY[%(value)s, %(plain)s])", key_of(text)
    rows = reading.rows(_VOUCHERS.format(condition=condition), {"value": value, "plain": text.lower()})
    posted = [row[:-1] for row in rows if row[-1]]
    return [FoundVoucher(*row) for row in (posted or [row[:-1] for row in rows])]


def _only(reading: Reading, statement: str, key: str) -> UUID | None:
    rows = reading.rows(statement, {"key": key})
    found: UUID | None = rows[0][0] if rows else None
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


_ACCOUNT_TREE = """
WITH RECURSIVE tree AS (
    SELECT id, is_group FROM erpdesk.account
    WHERE organization_id = %(organization)s AND code_key = %(code)s
    UNION
    SELECT a.id, a.is_group FROM tree t JOIN erpdesk.account a
      ON a.organization_id = %(organization)s AND a.parent_id = t.id AND t.is_group)
SELECT id FROM tree
"""

_VOUCHERS = """
SELECT v.id, coalesce(v.voucher_number, ''), t.code, v.voucher_on, v.posting_sequence, v.posted_at IS NOT NULL
FROM erpdesk.voucher v
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
WHERE v.organization_id = %(organization)s AND {condition}
ORDER BY v.posted_at IS NULL, v.voucher_on, v.id LIMIT 10
"""
