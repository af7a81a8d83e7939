"""Posted vouchers of every organization in posting order, each whole, for whoever plans them again. Streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

Row = Mapping[str, Any]
_loads = partial(json.loads, parse_float=Decimal, parse_int=Decimal)
_AT_ONCE = 200


def posted_vouchers(connection: psycopg.Connection[Any]) -> Iterator[Row]:
    """One row a voucher, by organization and posting sequence; figures are decimals. Needs an open transaction."""
    with connection.cursor(name="posted_vouchers") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(_VOUCHERS.encode())
        for (row,) in cursor:
            yield _loads(row)


def blueprint_documents(connection: psycopg.Connection[Any]) -> Mapping[tuple[str, str, int], Row]:
    """Every version of every voucher type that a posted voucher stands on, by organization, type and version."""
    rows = connection.execute(_BLUEPRINTS.encode()).fetchall()
    return {(row[0], row[1], row[2]): _loads(row[3]) for row in rows}


def places_below_zero(connection: psycopg.Connection[Any]) -> frozenset[tuple[str, str]]:
    """Items and warehouses that ever had a deficit."""
    statement = b"SELECT DISTINCT d.item_id::text, d.warehouse_id::text FROM erpdesk.stock_deficit d"
    return frozenset((row[0], row[1]) for row in connection.execute(statement).fetchall())


_BLUEPRINTS = """
    SELECT b.organization_id::text, b.voucher_config_id::text, b.version, b.document::text
    FROM erpdesk.blueprint_version b
    WHERE EXISTS (SELECT FROM erpdesk.voucher v WHERE v.posted_at IS NOT NULL AND v.organization_id = b.organization_id
        AND v.voucher_config_id = b.voucher_config_id AND v.blueprint_version = b.version)"""

_VOUCHERS = """
    SELECT jsonb_build_object(
        'organization', v.organization_id, 'type', v.voucher_config_id, 'version', v.blueprint_version,
        'number', v.voucher_number, 'total', v.total, 'base_total', v.base_total, 'cost', v.cost,
        'exchange_rate', v.exchange_rate, 'document', v.document, 'of', v.reversal_of_id,
        'base_decimals', o.currency_decimals, 'decimals', coalesce(c.decimals, o.currency_decimals),
        'is_foreign', v.currency_code <> o.base_currency,
        'lines', (SELECT jsonb_agg(jsonb_build_object('grid', l.grid, 'number', l.line_number, 'quantity', l.quantity,
                'free_quantity', l.free_quantity, 'stock_quantity', l.stock_quantity, 'rate', l.rate,
                'discount_percent', l.discount_percent, 'discount_amount', l.discount_amount, 'amount', l.line_amount,
                'debit', l.debit, 'credit', l.credit, 'tax_class', l.tax_class) ORDER BY l.grid, l.line_number)
            FROM erpdesk.voucher_line l
            WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id),
        'charges', (SELECT jsonb_object_agg(h.code, h.amount) FROM erpdesk.voucher_charge h
            WHERE h.organization_id = v.organization_id AND h.voucher_id = v.id AND h.spread IS NULL),
        'journal', (SELECT jsonb_agg(jsonb_build_object('account', a.code, 'role', k.role, 'amount', k.amount))
            FROM (SELECT n.account_id, n.role, sum(n.debit - n.credit) AS amount FROM erpdesk.journal j
                JOIN erpdesk.journal_line n ON n.organization_id = j.organization_id AND n.journal_id = j.id
                WHERE j.organization_id = v.organization_id AND j.voucher_id = v.id GROUP BY 1, 2) k
            JOIN erpdesk.account a ON a.organization_id = v.organization_id AND a.id = k.account_id),
        'mirrored', CASE WHEN v.reversal_of_id IS NOT NULL THEN NOT EXISTS (
            SELECT FROM (SELECT n.line_number, n.account_id, n.party_id, n.debit AS one, n.credit AS other
                FROM erpdesk.journal j
                JOIN erpdesk.journal_line n ON n.organization_id = j.organization_id AND n.journal_id = j.id
                WHERE j.organization_id = v.organization_id AND j.voucher_id = v.id
                UNION ALL
                SELECT n.line_number, n.account_id, n.party_id, n.credit, n.debit FROM erpdesk.journal j
                JOIN erpdesk.journal_line n ON n.organization_id = j.organization_id AND n.journal_id = j.id
                WHERE j.organization_id = v.organization_id AND j.voucher_id = v.reversal_of_id) m
            GROUP BY m.line_number, m.account_id, m.party_id, m.one, m.other HAVING count(*) <> 2) END,
        'movements', (SELECT jsonb_agg(jsonb_build_object('grid', m.grid, 'line', m.line_number, 'kind', m.kind,
                'item', m.item_id, 'warehouse', m.warehouse_id, 'quantity', m.quantity, 'value', m.value,
                'valuation', m.valuation, 'layer', m.layer_id, 'contra', m.contra_account_id IS NOT NULL,
                'transfer', m.transfer_id, 'reverses', m.reverses_id IS NOT NULL,
                'off', r.id IS NOT NULL AND (r.quantity, r.value) <> (-m.quantity, -m.value))
                ORDER BY m.movement_number)
            FROM erpdesk.stock_movement m
            LEFT JOIN erpdesk.stock_movement r ON r.organization_id = m.organization_id AND r.id = m.reverses_id
            WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id))::text
    FROM (SELECT * FROM erpdesk.voucher w WHERE w.posted_at IS NOT NULL
          ORDER BY w.organization_id, w.posting_sequence OFFSET 0) v
    JOIN erpdesk.organization o ON o.id = v.organization_id
    LEFT JOIN erpdesk.currency c ON c.organization_id = v.organization_id AND c.code = v.currency_code
    ORDER BY v.organization_id, v.posting_sequence"""
