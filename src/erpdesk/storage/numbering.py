"""How far the number series of a voucher type have come, as the counters say; nothing is taken or locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.storage.posting_calls import PATIENCE_SECONDS
from erpdesk.storage.refusals import told

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

_REACHED = """
    SELECT c.series_code, coalesce(b.code, ''), c.restart_key, c.last_number
    FROM erpdesk.number_counter c
    JOIN erpdesk.voucher_config_master t ON t.organization_id = c.organization_id AND t.id = c.voucher_config_id
    LEFT JOIN erpdesk.branch b ON b.organization_id = c.organization_id AND b.id = c.branch_id
    WHERE c.organization_id = %s AND t.code = %s
    ORDER BY c.series_code, b.code NULLS FIRST, c.restart_key"""


def read_counters(pool: ConnectionPool[Any], organization_id: UUID, type_code: str) -> list[tuple[str, str, str, int]]:
    """Series, branch (empty: all of them together), restart key and last number. Raises ErpdeskError."""
    with told(), pool.connection(timeout=PATIENCE_SECONDS) as connection:
        rows: list[tuple[str, str, str, int]] = connection.execute(_REACHED, (organization_id, type_code)).fetchall()
    return rows
