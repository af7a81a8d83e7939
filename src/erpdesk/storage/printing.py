"""What a voucher's print is made of as rows, the templates of an organization, and the count of copies.

Row-level security shows what the session's user may see; copies are counted by the database's own function.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage.exact_json import from_json
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PATIENCE_SECONDS
from erpdesk.storage.refusals import told

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool
    from sqlalchemy.engine import Connection


_AROUND = """
    SELECT jsonb_build_object(
        'template', t.print_template, 'grid_kind', t.grid_kind,
        'organization', jsonb_build_object('code', o.code, 'name', o.name, 'legal_name', o.legal_name,
            'address', o.address, 'tax_numbers', o.tax_numbers, 'currency', o.base_currency,
            'decimals', o.currency_decimals, 'language', o.language, 'calendar', o.calendar,
            'grouping', o.digit_grouping),
        'branch', jsonb_build_object('code', b.code, 'name', b.name),
        'party', (SELECT jsonb_build_object('code', p.code, 'name', p.name, 'address', p.address,
                'tax_number', p.tax_number)
            FROM erpdesk.party p WHERE p.organization_id = v.organization_id AND p.id = v.party_id),
        'copies', (SELECT count(*) FROM erpdesk.voucher_print c
            WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id),
        'reversed_by', (SELECT r.voucher_number FROM erpdesk.voucher r
            WHERE r.organization_id = v.organization_id AND r.id = v.reversed_by_id),
        'reversal_of', (SELECT r.voucher_number FROM erpdesk.voucher r
            WHERE r.organization_id = v.organization_id AND r.id = v.reversal_of_id),
        'charges', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'rate', c.rate, 'base', c.base_amount,
                'amount', c.amount, 'direction', c.direction, 'account', a.name, 'kind', a.kind)
                ORDER BY c.sequence), '[]')
            FROM erpdesk.voucher_charge c
            LEFT JOIN erpdesk.footer_charge_setup f ON f.organization_id = c.organization_id
             AND f.voucher_config_id = v.voucher_config_id AND f.code = c.code
            LEFT JOIN erpdesk.account a ON a.organization_id = c.organization_id
             AND a.id = coalesce(c.account_id, f.ledger_id)
            WHERE c.organization_id = v.organization_id AND c.voucher_id = v.id),
        'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object('grid', l.grid, 'line', l.line_number, 'uom', u.code,
                'warehouse', w.name, 'rate', l.rate, 'line_amount', l.line_amount)
                ORDER BY l.grid, l.line_number), '[]')
            FROM erpdesk.voucher_line l
            LEFT JOIN erpdesk.uom u ON u.organization_id = l.organization_id AND u.id = l.uom_id
            LEFT JOIN erpdesk.warehouse w ON w.organization_id = l.organization_id AND w.id = l.warehouse_id
            WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id))::text
    FROM erpdesk.voucher v
    JOIN erpdesk.organization o ON o.id = v.organization_id
    JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
    JOIN erpdesk.branch b ON b.organization_id = v.organization_id AND b.id = v.branch_id
    WHERE v.organization_id = %s AND v.id = %s"""

_NAMED = ("account", "party", "item", "warehouse", "cost_centre", "branch", "price_list")
_NAMES = " UNION ALL ".join(
    f"SELECT '{kind}', m.code_key, m.name FROM erpdesk.{kind} m"  # noqa: S608 - names of the list above
    f" WHERE m.organization_id = %(organization)s AND m.code_key = ANY (%({kind})s)" for kind in _NAMED)

_TEMPLATES = """
    SELECT p.code, p.label, p.source, p.row_version, p.changed_by, p.changed_at FROM erpdesk.print_template p
    WHERE p.organization_id = %s ORDER BY p.code"""


def read_around(pool: ConnectionPool[Any], organization_id: UUID, voucher_id: UUID) -> Mapping[str, Any]:
    """Organization, party, branch, charges, computed figures of the lines and the count of copies of a voucher that
    is known to be there."""
    with told(), pool.connection(timeout=PATIENCE_SECONDS) as connection:
        row = connection.execute(_AROUND, (organization_id, voucher_id)).fetchone()
    found: Mapping[str, Any] = from_json(row[0]) if row else {}
    return found


def read_names(pool: ConnectionPool[Any], organization_id: UUID,
               keys: Mapping[str, Collection[str]]) -> dict[tuple[str, str], str]:
    """The names of masters by kind and key of their code."""
    asked = {kind: list(keys.get(kind, ())) for kind in _NAMED}
    with told(), pool.connection(timeout=PATIENCE_SECONDS) as connection:
        rows = connection.execute(_NAMES, {"organization": organization_id, **asked}).fetchall()
    return {(kind, key): name for kind, key, name in rows}


def read_templates(pool: ConnectionPool[Any], organization_id: UUID) -> dict[str, Mapping[str, Any]]:
    """The templates that an organization has of its own, by code."""
    from psycopg.rows import dict_row

    with told(), pool.connection(timeout=PATIENCE_SECONDS) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return {row["code"]: row for row in cursor.execute(_TEMPLATES, (organization_id,)).fetchall()}


def count_copies(pool: ConnectionPool[Any], organization_id: UUID, voucher_id: UUID, copies: int,
                 context: Mapping[str, str]) -> int:
    """Counts copies of a posted voucher; the number of the first. Raises ForbiddenError, ErpdeskError."""
    with told(), pool.connection(timeout=PATIENCE_SECONDS) as connection:
        row = connection.execute("SELECT erpdesk.voucher_printed(%s, %s, %s, %s)",
                                 (organization_id, voucher_id, copies, json.dumps(dict(context)))).fetchone()
    assert row is not None
    return int(row[0])


def write_template(connection: Connection, organization_id: UUID, code: str, label: str, source: str) -> str:
    """Makes or changes a template; `created`, `updated` or `unchanged`."""
    from sqlalchemy import func, insert, select, text, update

    from erpdesk.storage.tables.configuration import print_template as table

    known = connection.execute(select(table.c.id, table.c.label, table.c.source).where(
        table.c.organization_id == organization_id, table.c.code == code)).one_or_none()
    if known is None:
        connection.execute(insert(table).values(organization_id=organization_id, id=new_id(), code=code, label=label,
                                                source=source))
        return "created"
    if (known.label, known.source) == (label, source):
        return "unchanged"
    connection.execute(update(table).where(table.c.organization_id == organization_id, table.c.id == known.id).values(
        label=label, source=source, changed_at=func.now(), changed_by=text("session_user"),
        row_version=table.c.row_version + 1))
    return "updated"


def delete_template(connection: Connection, organization_id: UUID, code: str) -> bool:
    """Takes a template away; whether it was there."""
    from sqlalchemy import delete

    from erpdesk.storage.tables.configuration import print_template as table

    return bool(connection.execute(delete(table).where(
        table.c.organization_id == organization_id, table.c.code == code)).rowcount)


def types_that_name(connection: Connection, organization_id: UUID, code: str) -> list[str]:
    """The voucher types whose prints are made with a template."""
    from sqlalchemy import select

    from erpdesk.storage.tables.configuration import voucher_config_master as kind

    return list(connection.execute(select(kind.c.code).where(
        kind.c.organization_id == organization_id, kind.c.print_template == code).order_by(kind.c.code)).scalars())
