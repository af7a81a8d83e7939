"""Vouchers and voucher types as rows, read through the posting pool: the quick way, no SQLAlchemy.

Row-level security shows what the session's user may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.keys import key_of
from erpdesk.storage.exact_json import from_json
from erpdesk.storage.posting_calls import PATIENCE_SECONDS
from erpdesk.storage.refusals import told

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool


_TYPES = """
    SELECT t.code, t.label, t.category, t.shortcut, t.sort_order, t.is_active, t.version, t.affects_inventory,
        erpdesk.may(t.organization_id, 'voucher.enter', t.code) AS may_enter,
        t.requires_approval OR erpdesk.may(t.organization_id, 'voucher.post', t.code) AS may_hand_in
    FROM erpdesk.voucher_config_master t WHERE t.organization_id = %s ORDER BY t.sort_order, t.code"""

_BLANK = """
    SELECT (now() AT TIME ZONE o.time_zone)::date, (
        SELECT w.code FROM erpdesk.warehouse w WHERE w.organization_id = o.id AND w.is_active
        ORDER BY w.created_at, w.code_key LIMIT 1)
    FROM erpdesk.organization o WHERE o.id = %s"""

_CURRENCIES = "SELECT c.code, c.decimals FROM erpdesk.currency c WHERE c.organization_id = %s"

_VOUCHER = """
    SELECT jsonb_build_object(
        'voucher_id', v.id, 'type', t.code, 'type_label', t.label, 'status', v.status, 'row_version', v.row_version,
        'voucher_number', v.voucher_number, 'date', v.voucher_on, 'total', v.total, 'cost', v.cost,
        'currency', v.currency_code, 'exchange_rate', v.exchange_rate, 'base_total', v.base_total,
        'currency_decimals', (SELECT d.decimals FROM erpdesk.currency d
            WHERE d.organization_id = v.organization_id AND d.code = v.currency_code),
        'branch', b.code, 'party', p.code, 'party_name', p.name, 'blueprint_version', v.blueprint_version,
        'document', v.document, 'idempotency_key', v.idempotency_key, 'narration', v.narration,
        'created_by', v.created_by, 'created_at', v.created_at, 'changed_by', v.changed_by, 'changed_at', v.changed_at,
        'approved_by', v.approved_by, 'approved_at', v.approved_at,
        'posted_by', v.posted_by, 'posted_at', v.posted_at, 'correlation_id', v.correlation_id,
        'approvals', (SELECT coalesce(jsonb_agg(jsonb_build_object('round', a.round, 'level', a.level,
                'decision', a.decision, 'comment', a.comment, 'decided_by', a.decided_by, 'decided_at', a.decided_at)
                ORDER BY a.round, a.level), '[]')
            FROM erpdesk.approval a WHERE a.organization_id = v.organization_id AND a.voucher_id = v.id),
        'reversed_by', v.reversed_by_id, 'reversal_of', v.reversal_of_id,
        'lines', (SELECT jsonb_agg(jsonb_build_object('grid', l.grid, 'line', l.line_number, 'item', i.code,
                'item_name', i.name, 'account', a.code, 'account_name', a.name, 'warehouse', w.code, 'batch', c.code,
                'quantity', l.quantity, 'rate', l.rate, 'amount', l.line_amount, 'debit', l.debit, 'credit', l.credit)
                ORDER BY l.grid, l.line_number)
            FROM erpdesk.voucher_line l
            LEFT JOIN erpdesk.item i ON i.organization_id = l.organization_id AND i.id = l.item_id
            LEFT JOIN erpdesk.account a ON a.organization_id = l.organization_id AND a.id = l.account_id
            LEFT JOIN erpdesk.warehouse w ON w.organization_id = l.organization_id AND w.id = l.warehouse_id
            LEFT JOIN erpdesk.batch c ON c.organization_id = l.organization_id AND c.id = l.batch_id
            WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id),
        'charges', (SELECT jsonb_agg(jsonb_build_object('code', c.code, 'rate', c.rate, 'base', c.base_amount,
                'amount', c.amount, 'direction', c.direction) ORDER BY c.sequence)
            FROM erpdesk.voucher_charge c WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id),
        'journal', (SELECT jsonb_agg(jsonb_build_object('line', j.line_number, 'account', a.code, 'name', a.name,
                'party', p.code, 'debit', j.debit, 'credit', j.credit,
                'currency', j.currency_code, 'currency_amount', j.currency_amount) ORDER BY j.line_number)
            FROM erpdesk.journal h
            JOIN erpdesk.journal_line j ON j.organization_id = h.organization_id AND j.journal_id = h.id
            JOIN erpdesk.account a ON a.organization_id = j.organization_id AND a.id = j.account_id
            LEFT JOIN erpdesk.party p ON p.organization_id = j.organization_id AND p.id = j.party_id
            WHERE h.organization_id = v.organization_id AND h.voucher_id = v.id),
        'steps', (SELECT jsonb_object_agg(s.step, s.state) FROM erpdesk.voucher_process s
            WHERE s.organization_id = v.organization_id AND s.voucher_id = v.id))::text
    FROM erpdesk.voucher v
    JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
    JOIN erpdesk.branch b ON b.organization_id = v.organization_id AND b.id = v.branch_id
    LEFT JOIN erpdesk.party p ON p.organization_id = v.organization_id AND p.id = v.party_id
    WHERE v.organization_id = %(organization)s AND """

_BY_ID = "v.id = %(id)s"
_BY_KEY = "v.idempotency_key = %(key)s"
_BY_NUMBER = """v.voucher_number_key = %(number)s
    ORDER BY v.status = 'CANCELLED', v.voucher_on DESC, v.posting_sequence DESC LIMIT 1"""


def read_types(pool: ConnectionPool[Any], organization_id: UUID) -> list[Mapping[str, Any]]:
    """The voucher types of an organization in the order of their gateway."""
    from psycopg.rows import dict_row

    with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        return list(cursor.execute(_TYPES, (organization_id,)).fetchall())


def read_blank(pool: ConnectionPool[Any], organization_id: UUID) -> tuple[str, str]:
    """What a blank voucher begins with: the server's date in the organization's time zone, ISO, and the warehouse
    that posting takes where none is named (empty: there is none)."""
    with pool.connection() as connection:
        row = connection.execute(_BLANK, (organization_id,)).fetchone()
    return (str(row[0]), row[1] or "") if row else ("", "")


def read_currency_decimals(pool: ConnectionPool[Any], organization_id: UUID) -> dict[str, int]:
    """The decimals of each currency of an organization, by code. Raises ErpdeskError."""
    with told(), pool.connection(timeout=PATIENCE_SECONDS) as connection:
        return dict(connection.execute(_CURRENCIES, (organization_id,)).fetchall())


def read_voucher(
    pool: ConnectionPool[Any], organization_id: UUID, reference: str
) -> Mapping[str, Any] | None:
    """A voucher by id, by number, or by `key:` and its idempotency key; None when there is none to see."""
    statement, parameters = _find(reference)
    with pool.connection() as connection:
        row = connection.execute(
            _VOUCHER + statement, {"organization": organization_id, **parameters}
        ).fetchone()
    return from_json(row[0]) if row else None


def _find(reference: str) -> tuple[str, dict[str, Any]]:
    if reference.startswith("key:"):
        return _BY_KEY, {"key": reference[4:]}
    try:
        return _BY_ID, {"id": UUID(reference)}
    except ValueError:
        return _BY_NUMBER, {"number": key_of(reference)}
