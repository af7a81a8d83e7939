"""The stock's history: every movement by voucher line, and how old what is still there is.

Stock in layers is as old as its layers. A pool has none; what is in it counts as the latest that came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading
from erpdesk.storage.report_queries.stock import Where


class StockChange(NamedTuple):
    """What one line of a voucher did to an item and batch in a warehouse; `quantity` and `value` are signed."""

    moved_on: date
    voucher_number: str
    type_code: str
    item: str
    kind: str
    warehouse: str
    batch: str
    quantity: Decimal
    value: Decimal


class AgedStock(NamedTuple):
    """Stock of one receipt that is still there; the value of a pool stands on its balance, not here."""

    item_id: UUID
    warehouse_id: UUID
    item: str
    warehouse: str
    batch: str
    expires_on: date | None
    received_on: date
    quantity: Decimal
    value: Decimal | None


def stock_changes(reading: Reading, items: Sequence[UUID] | None, warehouse: UUID | None,
                  since: date | None, until: date | None) -> list[StockChange]:
    """In the order of day, posting and line; both halves of a transfer are rows of their own."""
    statement = _CHANGES.format(where=_where(items, warehouse)
                                + (" AND m.moved_on >= %(since)s" if since else "")
                                + (" AND m.moved_on <= %(until)s" if until else ""))
    values = {"items": items, "warehouse": warehouse, "since": since, "until": until}
    return [StockChange(*row) for row in reading.rows(statement, values)]


def stock_before(reading: Reading, items: Sequence[UUID] | None, warehouse: UUID | None,
                 day: date) -> list[tuple[str, Decimal, Decimal]]:
    """Item code, quantity and value of what was there when the day began."""
    rows = reading.rows(_BEFORE.format(where=_where(items, warehouse)),
                        {"items": items, "warehouse": warehouse, "day": day})
    return [(row[0], row[1], row[2]) for row in rows]


def aged_stock(reading: Reading, where: Where) -> list[AgedStock]:
    """What is there, by item and warehouse code, oldest first."""
    statement = _AGED.format(layers=where.conditions("l"), pools=where.conditions("s"))
    return [AgedStock(*row) for row in reading.rows(statement, where.values)]


def _where(items: Sequence[UUID] | None, warehouse: UUID | None) -> str:
    return ((" AND m.item_id = ANY (%(items)s)" if items is not None else "")
            + (" AND m.warehouse_id = %(warehouse)s" if warehouse is not None else ""))


_CHANGES = """
SELECT x.moved_on, v.voucher_number, t.code, i.code, x.kind, w.code, coalesce(b.code, ''), x.quantity, x.value
FROM (SELECT m.voucher_id, m.moved_on, m.posting_sequence, m.grid, m.line_number, m.kind, m.item_id,
             m.warehouse_id, m.batch_id, sum(m.quantity) AS quantity, sum(m.value) AS value,
             min(m.movement_number) AS first
      FROM erpdesk.stock_movement m WHERE m.organization_id = %(organization)s AND m.kind <> 'set_off'{where}
      GROUP BY m.voucher_id, m.moved_on, m.posting_sequence, m.grid, m.line_number, m.kind, m.item_id,
               m.warehouse_id, m.batch_id) x
JOIN erpdesk.voucher v ON v.organization_id = %(organization)s AND v.id = x.voucher_id
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
JOIN erpdesk.item i ON i.organization_id = %(organization)s AND i.id = x.item_id
JOIN erpdesk.warehouse w ON w.organization_id = %(organization)s AND w.id = x.warehouse_id
LEFT JOIN erpdesk.batch b ON b.organization_id = %(organization)s AND b.id = x.batch_id
ORDER BY x.moved_on, x.posting_sequence, x.first
"""

_BEFORE = """
SELECT i.code, sum(m.quantity), sum(m.value) FROM erpdesk.stock_movement m
JOIN erpdesk.item i ON i.organization_id = m.organization_id AND i.id = m.item_id
WHERE m.organization_id = %(organization)s AND m.moved_on < %(day)s{where}
GROUP BY i.code, i.code_key HAVING sum(m.quantity) <> 0 OR sum(m.value) <> 0 ORDER BY i.code_key
"""

_AGED = """
SELECT x.item_id, x.warehouse_id, i.code, w.code, coalesce(b.code, ''), b.expires_on, x.received_on, x.quantity, x.value
FROM (SELECT l.item_id, l.warehouse_id, l.batch_id, l.received_on, sum(l.quantity_left) AS quantity,
             sum(l.value_left) AS value
      FROM erpdesk.stock_layer l
      WHERE l.organization_id = %(organization)s AND l.is_open{layers}
      GROUP BY l.item_id, l.warehouse_id, l.batch_id, l.received_on
      UNION ALL
      SELECT r.item_id, r.warehouse_id, NULL, r.moved_on,
             sum(least(r.came, r.there - (r.came_until_now - r.came))), NULL
      FROM (SELECT s.item_id, s.warehouse_id, s.quantity AS there, m.moved_on, m.quantity AS came,
                   sum(m.quantity) OVER (PARTITION BY s.item_id, s.warehouse_id
                       ORDER BY m.moved_on DESC, m.posting_sequence DESC, m.movement_number DESC) AS came_until_now
            FROM erpdesk.stock_balance s
            JOIN erpdesk.item p ON p.organization_id = s.organization_id AND p.id = s.item_id
             AND p.valuation = 'weighted_average'
            JOIN erpdesk.stock_movement m ON m.organization_id = s.organization_id AND m.item_id = s.item_id
             AND m.warehouse_id = s.warehouse_id AND m.quantity > 0 AND m.kind <> 'set_off'
            WHERE s.organization_id = %(organization)s AND s.quantity > 0{pools}) r
      WHERE r.came_until_now - r.came < r.there
      GROUP BY r.item_id, r.warehouse_id, r.moved_on) x
JOIN erpdesk.item i ON i.organization_id = %(organization)s AND i.id = x.item_id
JOIN erpdesk.warehouse w ON w.organization_id = %(organization)s AND w.id = x.warehouse_id
LEFT JOIN erpdesk.batch b ON b.organization_id = %(organization)s AND b.id = x.batch_id
ORDER BY i.code_key, w.code_key, x.received_on, b.code_key NULLS FIRST
"""
