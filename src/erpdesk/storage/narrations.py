"""The last narration of a voucher type, or of a party, among the vouchers that the session's user may see.

It is looked for among the latest vouchers by day, so that it takes as long in old books as in new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.keys import key_of
from erpdesk.storage.posting_calls import PATIENCE_SECONDS
from erpdesk.storage.refusals import told

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

_LAST = """
    SELECT r.narration FROM (
        SELECT v.narration, v.voucher_on, v.created_at FROM erpdesk.voucher v
        WHERE v.organization_id = %(organization)s AND {which}
        ORDER BY v.voucher_on DESC LIMIT 1000) r
    WHERE r.narration <> '' ORDER BY r.voucher_on DESC, r.created_at DESC LIMIT 1"""

_OF_TYPE = """v.voucher_config_id = (SELECT t.id FROM erpdesk.voucher_config_master t
            WHERE t.organization_id = %(organization)s AND t.code = %(of)s)"""
_OF_PARTY = """v.party_id = (SELECT p.id FROM erpdesk.party p
            WHERE p.organization_id = %(organization)s AND p.code_key = %(of)s)"""


def last_narration_of_type(pool: ConnectionPool[Any], organization_id: UUID, type_code: str) -> str:
    """Of the latest voucher of a type that has one; empty for none. Raises ErpdeskError."""
    return _last(pool, _OF_TYPE, organization_id, type_code)


def last_narration_of_party(pool: ConnectionPool[Any], organization_id: UUID, party: str) -> str:
    """Of the latest voucher with a party, whatever its type; empty for none. Raises ErpdeskError."""
    return _last(pool, _OF_PARTY, organization_id, key_of(party))


def _last(pool: ConnectionPool[Any], which: str, organization_id: UUID, of: str) -> str:
    with told(), pool.connection(timeout=PATIENCE_SECONDS) as connection:
        row = connection.execute(_LAST.format(which=which), {"organization": organization_id, "of": of}).fetchone()
    return str(row[0]) if row else ""
